"""The API and the sandbox, each on its own loopback port for the whole run, and accounts at them."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import uvicorn

from polyhire.accounts.account import SCOPES
from polyhire.api.app import create_app
from polyhire.conformance.chosen import Chosen
from polyhire.conformance.client import Http
from polyhire.conformance.provider import Provider
from polyhire.errors import CredentialsRejected, PolyhireError
from polyhire.gateway import Gateway
from polyhire.manifest.integration import Integration
from polyhire.settings import Settings
from polyhire.simulators.company import Company, company
from polyhire.simulators.serve import Sandbox, running, sandbox

BRISK = {"retry_pause": 0.02}
HASTE = {**BRISK, "request_timeout": 0.5, "call_timeout": 3.0}


@dataclass(frozen=True)
class Accounts:
    """The accounts of one integration: one behind each API server, and another tenant's."""

    own: str
    hasty: str
    other: str


@dataclass(repr=False)
class Servers:
    """What runs: two API servers on one database (`hasty` gives up early), and the sandbox."""

    chosen: Chosen
    people: Company
    sandbox: Sandbox
    sandbox_url: str
    settings: Settings
    gateway: Gateway
    runner: asyncio.Runner
    token: str
    url: str
    api: Http
    hasty_api: Http
    controls: Http
    _accounts: dict[str, Accounts] = field(default_factory=dict)
    _refused: dict[str, str] = field(default_factory=dict)
    _providers: dict[str, Provider] = field(default_factory=dict)

    def accounts(self, slug: str) -> Accounts:
        """An integration's accounts: refused with wrong credentials, made with the right ones."""
        if slug in self._refused:  # once is enough
            raise AssertionError(self._refused[slug])
        if slug not in self._accounts:
            try:
                self._accounts[slug] = self.runner.run(connected(self.gateway, slug, self.answers(slug)))
            except (PolyhireError, AssertionError) as error:
                self._refused[slug] = f"{slug} can't be connected: {error}"
                raise
        return self._accounts[slug]

    def sandboxed(self) -> AbstractContextManager[None]:
        """While it lasts, gateways that are opened go to the sandbox."""
        return pointed(self.chosen.slugs, self.sandbox_url)

    def integration(self, slug: str) -> Integration:
        """An integration's files."""
        return self.chosen.catalog.integration(slug)

    def answers(self, slug: str) -> Mapping[str, str]:
        """What the simulator takes for right when it is connected."""
        return self.sandbox.stands[slug].simulator.account

    def provider(self, slug: str, hasty: bool = False) -> Provider:
        """One integration as tests see it; behind both servers it began with the same records."""
        if slug not in self._providers:
            self._providers[slug] = provider(slug, self)
        found = self._providers[slug]
        return replace(found, api=self.hasty_api, account=self.accounts(slug).hasty) if hasty else found


@contextmanager
def serve(chosen: Chosen, home: Path, people: Company | None = None) -> Iterator[Servers]:
    """Everything that runs; the database is in `home`, and the simulators show this company."""
    settings = Settings.model_validate(
        {
            "database_url": f"sqlite+aiosqlite:///{home}/polyhire.db",
            "keys_file": home / "keys",
            "integrations": chosen.own,
            **BRISK,
        }
    )
    people = people or company()
    stands = sandbox([chosen.folder], people=people, only=chosen.slugs, rate_limits=False)
    with running(stands) as sandbox_url, asyncio.Runner() as runner:
        with pointed(chosen.slugs, sandbox_url):
            gateway = runner.run(Gateway.open(settings))
        token = runner.run(_token(gateway))
        hasty = settings.model_copy(update=HASTE)
        with serving(settings, sandbox_url, chosen) as url, serving(hasty, sandbox_url, chosen) as hasty_url:
            bearer = {"Authorization": f"Bearer {token}"}
            clients = Http(url, bearer), Http(hasty_url, bearer), Http(sandbox_url)
            yield Servers(chosen, people, stands, sandbox_url, settings, gateway, runner, token, url, *clients)
            for client in clients:
                client.close()
        runner.run(gateway.close())


@contextmanager
def pointed(slugs: Iterable[str], url: str, each: str = "/{slug}") -> Iterator[None]:
    """Point integrations to one server, each to its path there: a gateway that is opened meanwhile goes there."""
    with pytest.MonkeyPatch.context() as environment:
        for slug in slugs:
            environment.setenv(f"POLYHIRE_BASE_URL_{slug.upper()}", url + each.format(slug=slug))
        yield


@contextmanager
def serving(settings: Settings, sandbox_url: str, chosen: Chosen) -> Iterator[str]:
    """The API on a free port, in a thread; its gateway is closed at the end."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(create_app(settings), log_config=None, access_log=False, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    with pointed(chosen.slugs, sandbox_url):
        thread.start()
        while not server.started:
            if not thread.is_alive():
                raise RuntimeError("the API did not start")
            time.sleep(0.005)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()


async def _token(gateway: Gateway) -> str:
    environment = await gateway.store.environment()
    token, _ = await gateway.store.create_token(environment.id, "conformance", scopes=SCOPES)
    return token


async def connected(gateway: Gateway, slug: str, right: Mapping[str, str]) -> Accounts:
    """Three accounts of an integration. Raises AssertionError where wrong credentials are taken, too."""
    environment = await gateway.store.environment()
    _, way = gateway.connect_of(gateway.catalog.integration(slug), None)
    kept = {name for name in right if right[name].isdecimal() or way.ask[name].options}
    wrong = {name: value if name in kept else "wrong" for name, value in right.items()}
    with pytest.raises(CredentialsRejected):
        await gateway.add_account(environment.id, slug, wrong, tenant_id="refused")
    own, hasty, other = [
        (await gateway.add_account(environment.id, slug, right, tenant_id=tenant)).id
        for tenant in ("own", "hasty", "other")
    ]
    listed = await gateway.store.list_accounts(environment.id, integration=slug)
    assert {account.id for account in listed} == {own, hasty, other}
    return Accounts(own, hasty, other)


def provider(slug: str, servers: Servers) -> Provider:
    """One integration as tests see it."""
    api = servers.api
    ways = api.ask("GET", f"/integration/{slug}").json["connect"]
    asked = {name for way in ways.values() for name, ask in way["ask"].items() if ask["secret"]}
    secrets = tuple(value for name, value in servers.answers(slug).items() if name in asked)
    offered = api.ask("GET", f"/integration/{slug}/capabilities").json["resources"]
    facts = servers.chosen.facts(slug)
    return Provider(slug, servers.accounts(slug).own, secrets, api, servers.controls, offered, facts)
