"""`polyhire demo`: sandbox and API together, one account per integration, ready to try."""

import asyncio
import os
import signal
import tempfile
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    import aiohttp

SHOWN = 3
"""Candidates shown of each provider."""


def demo(
    once: Annotated[
        bool, typer.Option("--once", help="Show real output and exit: 0 when every provider answered.")
    ] = False,
    port: Annotated[int, typer.Option(help="The API's port; 0 takes a free one.")] = 8000,
    info: Annotated[
        Path | None, typer.Option(help="Write base_url, token, accounts and sandbox_url there, as JSON.")
    ] = None,
    scale: Annotated[int, typer.Option(min=1, help="The sandbox's size.")] = 1,
) -> None:
    """Start the sandbox and the API, connect one account per integration, and show what one can do."""
    failed = asyncio.run(_run(once, port, info, scale))
    raise typer.Exit(1 if failed else 0)


async def _run(once: bool, port: int, info: Path | None, scale: int) -> list[str]:
    import aiohttp
    import orjson

    from polyhire.api.app import create_app
    from polyhire.logs import configure
    from polyhire.manifest.catalog import shipped
    from polyhire.settings import Settings
    from polyhire.simulators.company import company
    from polyhire.simulators.serve import sandbox

    async with AsyncExitStack() as stack:
        simulators = sandbox([shipped()], people=company(scale))
        sandbox_url = await stack.enter_async_context(_Server(simulators, 0))
        for slug in simulators.stands:
            os.environ[f"POLYHIRE_BASE_URL_{slug.upper()}"] = f"{sandbox_url}/{slug}"
        # Accounts of a demo are gone with it: the sandbox they point to is, too.
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="polyhire-demo-")))
        settings = Settings(
            database_url=f"sqlite+aiosqlite:///{folder}/polyhire.db",
            keys=None,
            keys_file=folder / "keys",
            log_level="warning",
        )
        configure(settings)
        app = create_app(settings)
        base_url = await stack.enter_async_context(_Server(app, port))
        token, accounts, failed = await _connect(app.state.gateway, simulators)
        found = {"base_url": base_url, "token": token, "accounts": accounts, "sandbox_url": sandbox_url}
        session = await stack.enter_async_context(
            aiohttp.ClientSession(base_url, headers={"Authorization": f"Bearer {token}"})
        )
        failed += await _show(session, accounts)
        _explain(found)
        if info is not None:
            await asyncio.to_thread(info.write_bytes, orjson.dumps(found, option=orjson.OPT_INDENT_2))
        if not once:
            await _until_stopped()
    return failed


async def _connect(gateway: Any, simulators: Any) -> tuple[str, dict[str, str], list[str]]:
    from polyhire.accounts.account import SCOPES
    from polyhire.errors import PolyhireError

    environment = await gateway.store.environment()
    token, _ = await gateway.store.create_token(environment.id, "demo", scopes=SCOPES)
    accounts: dict[str, str] = {}
    failed = []
    for slug, stand in simulators.stands.items():
        try:
            account = await gateway.add_account(
                environment.id, slug, stand.simulator.account, tenant_id="demo", name="Demo"
            )
            accounts[slug] = account.id
        except PolyhireError as error:
            typer.echo(f"{slug}: {error.message}", err=True)
            failed.append(slug)
    return token, accounts, failed


async def _show(session: "aiohttp.ClientSession", accounts: dict[str, str]) -> list[str]:
    """A table of the first candidates of every account, read through the API; returns the ones that failed."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title="GET /unified/ats/candidates")
    table.add_column("integration", no_wrap=True, min_width=14)
    for column, width in (("id", 10), ("name", 14), ("email", 20), ("title", 20), ("stage", 13)):
        table.add_column(column, max_width=width, overflow="ellipsis", no_wrap=True)
    failed = []
    for slug, account in accounts.items():
        async with session.get(
            "/unified/ats/candidates", params={"integrated_account_id": account, "limit": str(SHOWN)}
        ) as response:
            answer = await response.json()
        if response.status != 200 or not answer["result"]:
            typer.echo(f"{slug}: HTTP {response.status}: {answer.get('message', 'no candidates')}", err=True)
            failed.append(slug)
            continue
        for record in answer["result"]:
            stage = next((a["current_stage"]["name"] for a in record["applications"] if a["current_stage"]), None)
            email = next((email["email"] for email in record["emails"]), None)
            table.add_row(slug, record["id"], record["name"], email, record["title"], stage)
    console = Console()
    console.width = max(console.width, 110)
    console.print(table)
    return failed


def _explain(found: dict[str, Any]) -> None:
    slug, account = next(iter(found["accounts"].items()), ("", ""))
    base = f"{found['base_url']}/unified/ats"
    curl = f"curl -s -H 'Authorization: Bearer {found['token']}'"
    typer.echo(f"""
API        {found["base_url"]}          reference: {found["base_url"]}/docs
Sandbox    {found["sandbox_url"]}
Token      {found["token"]}
Accounts   {", ".join(f"{name} {identity}" for name, identity in found["accounts"].items())}

Try it ({slug}):
  {curl} '{base}/jobs?integrated_account_id={account}&limit=2'
  {curl} '{base}/candidates?integrated_account_id={account}&fields=id,name,emails'
  {curl} -H 'Content-Type: application/json' \\
    -d '{{"name": "Remote friendly"}}' '{base}/tags?integrated_account_id={account}'
""")


async def _until_stopped() -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    typer.echo("Running; stop it with Ctrl-C.")
    await stopped.wait()


class _Server:
    """A uvicorn server in this event loop, for the length of a `with`; gives its base URL."""

    def __init__(self, app: Any, port: int) -> None:
        import uvicorn

        config = uvicorn.Config(
            app, "127.0.0.1", port, log_level="warning", access_log=False, timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> str:
        self._task = asyncio.create_task(self._server._serve())  # `serve` would take over the signal handlers
        while not self._server.started:
            if self._task.done():
                self._task.result()
                raise typer.Exit(1)
            await asyncio.sleep(0.01)
        return f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}"

    async def __aexit__(self, *_: object) -> None:
        self._server.should_exit = True
        assert self._task is not None
        with suppress(asyncio.CancelledError):
            await self._task
