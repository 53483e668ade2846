"""A receiver on a loopback port that answers as it is told, and a store whose webhooks may reach it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from polyhire.accounts import Environment, Store
from polyhire.settings import Settings
from polyhire.webhooks import outbound
from polyhire.webhooks.outbound import Deliverer
from tests.accounts.conftest import (
    Behind,
    address,
    behind,
    clock,
    environment,
    migrated,
    open_store,
    postgresql,
    settings_of,
    store,
)

__all__ = ["Behind", "address", "behind", "clock", "environment", "migrated", "open_store", "postgresql", "store"]

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
HOST = "127.0.0.1"


@dataclass
class Received:
    """One request as it came."""

    headers: Any
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


@dataclass
class Receiver:
    """Remembers what came; `answers` are given in turn, then 204; `/slow` answers once `woken`."""

    url: str = ""
    answers: list[int | Answer] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    waiting: int = 0
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Note a request, and answer it."""
        if request.path.endswith("/slow"):
            self.waiting += 1
            await self.woken.wait()
        self.received.append(Received(request.headers, await request.read()))
        answer = self.answers.pop(0) if self.answers else 204
        return web.Response(status=answer) if isinstance(answer, int) else await answer(request)

    @property
    def types(self) -> list[str]:
        """The short names of the events that came, in order."""
        return [each.json["event"].removeprefix("integrated_account:") for each in self.received]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", receiver.take)
    async with TestServer(app, host=HOST) as server:
        receiver.url = str(server.make_url("/hooks"))
        yield receiver
        receiver.woken.set()


@pytest.fixture
def kind(request: pytest.FixtureRequest) -> str:
    """The database: a file, unless a test asks for others by parametrizing this."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def settings(address: str, tmp_path: Path) -> Settings:
    """Settings whose webhooks may reach this machine."""
    return settings_of(database_url=address, keys_file=tmp_path / "home" / "keys", webhook_hosts=f"{HOST}, localhost")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks for work all the time, and tries again soon."""
    monkeypatch.setattr(outbound, "LOOK_EVERY", 0.01)
    monkeypatch.setattr(outbound, "RETRY_AFTER", (0.01, 0.01))


@asynccontextmanager
async def delivering(store: Store, settings: Settings) -> AsyncIterator[Deliverer]:
    """A deliverer at work."""
    async with Deliverer(store, settings).running() as deliverer:
        yield deliverer


async def until(said: Callable[[], bool]) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(30):
        while not said():  # noqa: ASYNC110 - what is waited for is the other side of a socket
            await asyncio.sleep(0.005)


async def settled(store: Store, webhook_id: str) -> Any:
    """The newest delivery of a webhook, once nothing of its is pending."""
    async with asyncio.timeout(30):
        while True:
            found = await store.deliveries.list(webhook_id)
            if found and all(delivery.status != "pending" for delivery in found):
                return found[0]
            await asyncio.sleep(0.01)


async def cause(store: Store, environment: Environment, times: int = 1) -> None:
    """As many events."""
    for number in range(times):
        await store.add_account(environment.id, "acme", f"tenant-{number}")
