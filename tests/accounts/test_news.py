"""Valkey carries news; the database stays the truth."""

import asyncio
import time
from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from polyhire.accounts import Store, leases, news
from polyhire.errors import SettingsError, Unauthorized
from polyhire.settings import Settings
from tests import servers


async def listening(valkey: str, settings: Settings) -> Store:
    """A store that hears what others tell."""
    store = await Store.open(settings.model_copy(update={"valkey_url": valkey}), clock=lambda: 1000.0)
    assert store.valkey is not None
    async with asyncio.timeout(5):
        before = await subscribers(store)
        while await subscribers(store) <= before and before == 0:  # noqa: ASYNC110  # Valkey tells nobody
            await asyncio.sleep(0.01)
    return store


async def subscribers(store: Store) -> int:
    assert store.valkey is not None
    return int((await store.valkey.pubsub_numsub(news.CHANNEL))[0][1])


async def soon(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def test_a_change_is_noticed_at_once(settings: Settings, valkey: str) -> None:
    """With clocks that stand still, so that nobody looks by itself, a revoked token stops elsewhere."""
    here, there = await listening(valkey, settings), await listening(valkey, settings)
    environment = await here.environment()
    plaintext, token = await here.create_token(environment.id, "ci")
    await asyncio.sleep(0.1)
    await there.authenticate(plaintext)
    await here.revoke_token(environment.id, token.id)

    async def refused() -> None:
        while True:
            await there.authenticate(plaintext)
            await asyncio.sleep(0.005)

    with pytest.raises(Unauthorized, match="revoked"):
        await asyncio.wait_for(refused(), 5)
    await here.close()
    await there.close()


async def test_a_freed_lease_is_taken_at_once(settings: Settings, valkey: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for one need not look for it."""
    monkeypatch.setattr(leases, "LOOK_FIRST", 20.0)
    monkeypatch.setattr(leases, "LOOK_EVERY", 20.0)
    here, there = await listening(valkey, settings), await listening(valkey, settings)
    await asyncio.sleep(0.2)

    async def take() -> float:
        async with there.lease("refresh", "a"):
            return time.monotonic()

    async with here.lease("refresh", "a"):
        taking = asyncio.create_task(take())
        await asyncio.sleep(0.3)
        assert not taking.done()
        freed_at = time.monotonic()
    assert await taking - freed_at < 5
    await here.close()
    await there.close()


async def test_without_valkey_everything_goes_on(settings: Settings) -> None:
    """A Valkey that is away, from the start or from some moment on, is missed in the log only."""
    with servers.valkey() as address:
        store = await listening(address, settings)
    with capture_logs() as logs:
        environment = await store.environment()
        plaintext, token = await store.create_token(environment.id, "ci")
        assert (await store.authenticate(plaintext)).id == token.id
        async with store.lease("refresh", "a"):
            pass
        await store.close()
    assert "Valkey can't be reached; other processes look in half a second" in {entry["event"] for entry in logs}
    store = await Store.open(settings.model_copy(update={"valkey_url": address}))
    assert await store.environment() == environment
    await store.close()


async def test_a_valkey_that_comes_back_is_listened_to_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an outage news arrive again, without a restart."""
    monkeypatch.setattr(news, "PAUSE_SECONDS", 0.02)
    with servers.valkey() as address:
        store = await listening(address, settings)
        assert store.valkey is not None
        await store.valkey.client_kill_filter(_type="pubsub")
        other = await Store.open(settings.model_copy(update={"valkey_url": address}))
        heard: list[str] = []
        monkeypatch.setattr(store._news, "_on_news", heard.append)

        async def tell() -> None:
            while "lease x" not in heard:
                other._news.tell("lease x")
                await asyncio.sleep(0.02)

        await asyncio.wait_for(tell(), 10)
        await store.close()
        await other.close()


@pytest.mark.parametrize("address", ["", "http://hunter2@host", "hunter2"])
async def test_an_address_that_is_none_is_refused(settings: Settings, address: str) -> None:
    """The forms are told, the address is not: it may hold a password."""
    with pytest.raises(SettingsError, match="POLYHIRE_VALKEY_URL is not an address like valkey://") as caught:
        news.open_valkey(address)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["valkey", "redis"])
async def test_valkeys_own_scheme_means_the_same(scheme: str) -> None:
    """Valkey's documentation writes addresses with its own name."""
    client = news.open_valkey(f"{scheme}://:secret@example.com:7000/3")
    kept = client.connection_pool.connection_kwargs
    assert (kept["host"], kept["port"], kept["db"], kept["password"]) == ("example.com", 7000, 3, "secret")
    await client.aclose()
