"""Several server processes on one database, and what a killed one leaves behind."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from polyhire.accounts import Environment, Store
from polyhire.accounts.deliveries import PER_WEBHOOK
from polyhire.settings import Settings

from .conftest import Receiver, cause, delivering, settled, until

PROGRAM = """
import asyncio, sys
from datetime import timedelta
from polyhire.accounts import Store
from polyhire.accounts import deliveries
from polyhire.settings import Settings
from polyhire.webhooks import outbound

outbound.LOOK_EVERY = 0.01
deliveries.LEASE = timedelta(seconds=float(sys.argv[2]))

async def main():
    settings = Settings.model_validate_json(sys.argv[1])
    store = await Store.open(settings)
    async with outbound.Deliverer(store, settings).running():
        await asyncio.Event().wait()

asyncio.run(main())
"""

on_each_database = pytest.mark.parametrize("kind", ["sqlite", "postgresql"], indirect=True)


@asynccontextmanager
async def server(settings: Settings, lease: float = 60) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that delivers, killed without warning at the end."""
    arguments = [settings.model_dump_json(), str(lease)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, *arguments, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        process.kill()
        _, errors = await process.communicate()
        assert (process.returncode, errors) == (-signal.SIGKILL, b"")


@on_each_database
async def test_each_event_is_delivered_once(
    store: Store, settings: Settings, environment: Environment, receiver: Receiver
) -> None:
    """Two processes share the work, each with its few at a time; nothing comes twice, and nothing is left out."""
    webhook = await store.webhooks.add(environment.id, receiver.url + "/slow")
    await cause(store, environment, 25)
    async with server(settings), server(settings):
        await until(lambda: receiver.waiting == 2 * PER_WEBHOOK)
        receiver.woken.set()
        assert (await settled(store, webhook.id)).status == "delivered"
    assert len(receiver.received) == 25
    assert len({received.headers["webhook-id"] for received in receiver.received}) == 25


@on_each_database
async def test_a_killed_process_loses_nothing(
    store: Store, settings: Settings, environment: Environment, receiver: Receiver
) -> None:
    """What it was sending is sent by another one, once the lease has run out."""
    slow = await store.webhooks.add(environment.id, receiver.url + "/slow")
    await cause(store, environment, 2)
    async with server(settings, lease=1):
        await until(lambda: receiver.waiting == 2)
    receiver.woken.set()
    assert {delivery.status for delivery in await store.deliveries.list(slow.id)} == {"pending"}
    async with delivering(store, settings):
        delivery = await settled(store, slow.id)
    assert (delivery.status, delivery.attempts) == ("delivered", 2)
    ids = [received.headers["webhook-id"] for received in receiver.received]
    assert len(set(ids)) == 2
