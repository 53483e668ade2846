"""Two pretend providers on ports of their own, and integrations written as YAML that are pointed at the first."""

import asyncio
import textwrap
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from polyhire.engine import connection as connection_module
from polyhire.engine.authenticate import Authenticator
from polyhire.engine.connection import Connection, Provider
from polyhire.engine.credential import Client, Credential, State
from polyhire.engine.cursor import Seal
from polyhire.engine.engine import Engine
from polyhire.engine.request import Plans, moved
from polyhire.engine.serving import Call, Outcome
from polyhire.engine.throttle import Throttle
from polyhire.engine.transport import Transport, host_and_port
from polyhire.manifest.integration import Integration
from polyhire.manifest.load import load
from polyhire.simulators.serve import running
from tests.engine.pretend import Pretend

KEY = b"k" * 32

CONNECT = """
connect:
  key:
    label: Key
    ask:
      api_key: {label: Key, secret: true}
      company: {label: Company, optional: true}
    apply: {bearer: api_key}
"""
ASKED = {"api_key": "secret-key-1", "company": "acme"}


@pytest.fixture(scope="session")
def servers() -> Iterator[tuple[Pretend, Pretend]]:
    """The provider, and a stranger on another origin."""
    provider, stranger = Pretend(), Pretend()
    with running(provider) as provider.base, running(stranger) as stranger.base:
        yield provider, stranger


@pytest.fixture
def provider(servers: tuple[Pretend, Pretend]) -> Pretend:
    """The pretend provider, with nothing told."""
    servers[0].reset()
    return servers[0]


@pytest.fixture
def stranger(servers: tuple[Pretend, Pretend]) -> Pretend:
    """A server on another origin."""
    servers[1].reset()
    return servers[1]


@dataclass
class Kept:
    """Where a credential's state is kept: every state that was saved, in order."""

    state: State
    saved: list[State] = field(default_factory=list)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def load(self) -> State:
        """The state as it is stored."""
        return self.state

    async def save(self, state: State) -> None:
        """Store a state."""
        self.saved.append(state)
        self.state = state

    @asynccontextmanager
    async def one_at_a_time(self) -> AsyncIterator[None]:
        """The account's lock."""
        async with self.lock:
            yield


@dataclass
class Tiny:
    """An integration, made ready for calls of one account."""

    integration: Integration
    provider: Provider
    credential: Credential
    kept: Kept
    engine: Engine
    trace: list[Any] | None = None

    def connection(self, *, repeatable: bool = True) -> Connection:
        """A call's way to the provider."""
        return Connection(self.provider, self.credential, repeatable=repeatable, trace=self.trace)

    async def run(self, call: Call) -> Outcome:
        """Serve a unified call."""
        connection = self.connection(repeatable=call.method in ("list", "get", "download"))
        return await self.engine.run(call, self.credential, connection)

    async def proxy(self, resource: str, method: str, **given: Any) -> Outcome:
        """Serve one of the provider's own endpoints."""
        call = Call(resource, method, format="normalized", **given)
        endpoint = self.integration.endpoints[resource][method]
        return await self.engine.proxy(call, endpoint, self.credential, self.connection())

    async def list(self, resource: str = "candidates", **given: Any) -> Outcome:
        """List a resource."""
        return await self.run(Call(resource, "list", **given))

    async def get(self, id: str, resource: str = "candidates", **given: Any) -> Outcome:
        """Read one record."""
        return await self.run(Call(resource, "get", id=id, **given))

    def other(self, key: str = "account-2", asked: Mapping[str, str] | None = None) -> "Tiny":
        """The same integration for another account."""
        kept = Kept({})
        connect = self.credential.connect
        credential = Credential(
            key, connect, dict(asked or ASKED), kept.state, kept.one_at_a_time, kept.load, kept.save
        )
        return Tiny(self.integration, self.provider, credential, kept, self.engine)


Build = Callable[..., Tiny]


@pytest.fixture
async def build(provider: Pretend, tmp_path: Path) -> AsyncIterator[Build]:
    """Makes an integration from YAML: `build(settings, candidates="...", endpoints="...")`.

    With `by_host` the provider sees every host as the first part of the path.
    """
    transports: list[Transport] = []

    def make(
        settings: str = "",
        *,
        connect: str = CONNECT,
        base_url: str = "https://api.tiny.example/v1",
        check: str = "check: GET /me",
        asked: Mapping[str, str] | None = None,
        state: State | None = None,
        call_timeout: float = 20.0,
        patience: float = 10.0,
        open_hosts: tuple[str, ...] = (),
        transport: Mapping[str, Any] | None = None,
        by_host: bool = False,
        client: Client | None = None,
        endpoints: str = "",
        **resources: str,
    ) -> Tiny:
        head = f"name: Tiny\ndocs: https://tiny.example/docs\nbase_url: '{base_url}'\n{check}\n"
        files = {f"resources/{name}.yaml": text for name, text in resources.items()}
        files["integration.yaml"] = head + textwrap.dedent(connect) + textwrap.dedent(settings)
        if endpoints:
            files["endpoints.yaml"] = endpoints
        integration = written(tmp_path / "tiny", files)
        plans = Plans(integration.file)

        def place(url: str) -> str:
            if by_host and not url.startswith(provider.base):  # so that the provider sees which host was meant
                host, _, rest = url.removeprefix("https://").partition("/")
                return f"{provider.base}/{host}/{rest}"
            return moved(url, provider.base)

        async def own() -> Client:
            return client or Client()

        sender = Transport(
            open_hosts=[host_and_port(provider.base), *open_hosts], **{"timeout": 5.0, **(transport or {})}
        )
        transports.append(sender)
        ready = Provider(integration, plans, Authenticator(integration, plans, place), sender, Throttle(patience))
        kept = Kept(state or {})
        way = next(iter(integration.file.connect.values()))
        credential = Credential(
            "account-1", way, dict(ASKED if asked is None else asked), kept.state, kept.one_at_a_time, kept.load,
            kept.save, own,
        )  # fmt: skip
        return Tiny(integration, ready, credential, kept, Engine(Seal([KEY]), call_timeout))

    yield make
    for each in transports:
        await each.close()


def written(folder: Path, files: Mapping[str, str]) -> Integration:
    """An integration from the texts of its files."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
    integration, _, mistakes = load(folder)
    assert integration is not None and not mistakes, [str(mistake) for mistake in mistakes]
    return integration


@pytest.fixture
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short pauses between tries."""
    monkeypatch.setattr(connection_module, "_PAUSES", (0.01, 0.02))
