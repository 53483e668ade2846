"""A real API server and a pretend provider, each on its own loopback port, in a thread for the whole run."""

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
import structlog
import uvicorn
from starlette.types import ASGIApp
from yarl import URL

from polyhire.accounts.account import SCOPES
from polyhire.api.app import create_app
from polyhire.gateway import Gateway
from polyhire.settings import Settings
from tests.api.provider import KEY, Provider

MAX_UPLOAD = 200_000


@dataclass
class Running:
    """The servers, and what a caller needs to use the API."""

    url: str
    token: str
    account: str
    environment_id: str
    provider: Provider
    gateway: Gateway
    loop: asyncio.AbstractEventLoop

    def do(self, work: Any) -> Any:
        """The result of a coroutine that belongs to the servers' loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)


async def listen(app: ASGIApp) -> tuple[uvicorn.Server, "asyncio.Task[None]", str]:
    """A server on a free port, its task and its address."""
    config = uvicorn.Config(app, port=0, log_config=None, access_log=False, server_header=False)
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(server._serve())
    while not server.started:
        await asyncio.sleep(0.005)
        if task.done():
            task.result()
    port = server.servers[0].sockets[0].getsockname()[1]
    return server, task, f"http://127.0.0.1:{port}"


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The API, with one account of the `tiny` integration connected."""
    loop = asyncio.new_event_loop()
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())  # the servers' thread outlives each test
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def do(work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(20)

    provider = Provider()
    provider_server, provider_task, provider_url = do(listen(provider.app()))
    home = tmp_path_factory.mktemp("api")
    os.environ["POLYHIRE_BASE_URL_TINY"] = os.environ["POLYHIRE_BASE_URL_FRANK"] = provider_url
    settings = Settings.model_validate(
        {
            "database_url": f"sqlite+aiosqlite:///{home}/polyhire.db",
            "keys_file": home / "keys",
            "integrations": integrations(home),
            "max_upload_bytes": MAX_UPLOAD,
            "webhook_hosts": "127.0.0.1",
        }
    )
    app = create_app(settings)
    server, task, url = do(listen(app))
    gateway: Gateway = app.state.gateway

    async def connect() -> tuple[str, str, str]:
        environment = await gateway.store.environment()
        token, _ = await gateway.store.create_token(environment.id, "tests", scopes=SCOPES)
        account = await gateway.add_account(
            environment.id, "tiny", {"api_key": KEY}, tenant_id="acme", name="Acme", connect=None
        )
        return environment.id, token, account.id

    environment_id, token, account = do(connect())
    yield Running(url, token, account, environment_id, provider, gateway, loop)

    async def stop() -> None:
        for stopping, waiting in ((server, task), (provider_server, provider_task)):
            stopping.should_exit = True
            await waiting
        await loop.shutdown_default_executor()

    do(stop())
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()
    structlog.reset_defaults()
    del os.environ["POLYHIRE_BASE_URL_TINY"], os.environ["POLYHIRE_BASE_URL_FRANK"]


def integrations(home: Path) -> Path:
    """A folder with the `tiny` integration, one that has EEOC answers, and one whose files have mistakes."""
    folder = home / "integrations"
    (folder / "broken").mkdir(parents=True)
    (folder / "broken" / "integration.yaml").write_text("name: Broken\nbase_ulr: https://broken.example\n")
    for slug in ("tiny", "frank"):
        (folder / slug).symlink_to(Path(__file__).parent / slug, target_is_directory=True)
    return folder


@dataclass
class Answered:
    """One answer of the API, read whole."""

    status: int
    headers: Any
    body: bytes
    json: Any


class Client:
    """Calls the API as a caller with token and account does."""

    def __init__(self, running: Running, session: aiohttp.ClientSession) -> None:
        self.running = running
        self.session = session

    async def __call__(self, verb: str, path: str, query: str = "", *, account: bool = True, **given: Any) -> Answered:
        headers = {"Authorization": f"Bearer {self.running.token}", **given.pop("headers", {})}
        headers = {name: value for name, value in headers.items() if value is not None}
        parts = [query] if query else []
        if account:
            parts.append(f"integrated_account_id={self.running.account}")
        address = URL(self.running.url + path + ("?" + "&".join(parts) if parts else ""), encoded=True)
        async with self.session.request(verb, address, headers=headers, allow_redirects=False, **given) as response:
            body = await response.read()
            is_json = response.content_type == "application/json" and body
            return Answered(response.status, response.headers, body, orjson.loads(body) if is_json else None)


@pytest.fixture
async def call(running: Running) -> AsyncIterator[Client]:
    """Sends a request: `await call("GET", "/unified/ats/candidates", "limit=2")`."""
    running.provider.seen.clear()
    async with aiohttp.ClientSession() as session:
        yield Client(running, session)
