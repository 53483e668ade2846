"""One process at a time, and none that wedges the others."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from polyhire.accounts import Store, leases

from .conftest import Behind, OpenStore

ID = ("refresh", "account-1")


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes seconds in earnest takes a moment here."""
    monkeypatch.setattr(leases, "LEASE", 0.5)
    monkeypatch.setattr(leases, "RENEW_EVERY", 0.1)
    monkeypatch.setattr(leases, "LOOK_EVERY", 0.05)


async def test_stores_take_turns(open_store: OpenStore) -> None:
    """Tasks of one process and of several are never inside together."""
    stores = [await open_store(), await open_store(), await open_store()]
    inside: list[int] = []

    async def work(store: Store, number: int) -> None:
        async with store.lease(*ID):
            inside.append(number)
            await asyncio.sleep(0.01)
            assert inside[-1] == number
            inside.append(number)

    await asyncio.gather(*(work(store, n * 3 + at) for n in range(3) for at, store in enumerate(stores)))
    assert inside[::2] == inside[1::2]
    assert len(inside) == 18


async def test_other_work_goes_ahead(open_store: OpenStore) -> None:
    """Another account, or another kind of work, is not held up."""
    one, other = await open_store(), await open_store()
    async with one.lease(*ID), asyncio.timeout(5), other.lease("refresh", "account-2"), other.lease("other", ID[1]):
        pass


async def test_work_that_ends_leaves_nothing_behind(store: Store, behind: Behind) -> None:
    """Neither a row nor a story of an interruption."""
    for _ in range(2):
        async with store.lease(*ID) as lease:
            assert lease.interrupted_at is None
            assert len(await behind("SELECT id FROM leases")) == 1
    assert await behind("SELECT id FROM leases") == []
    assert store._leases._freed == {}


async def test_long_work_keeps_its_lease(open_store: OpenStore) -> None:
    """As long as its holder lives nobody else gets it, however long that takes."""
    one, other = await open_store(), await open_store()
    async with one.lease(*ID):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.2), other.lease(*ID):
                pass
    async with asyncio.timeout(5), other.lease(*ID) as lease:
        assert lease.interrupted_at is None


async def test_a_dead_holder_is_followed_when_its_lease_ends(
    store: Store, behind: Behind, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who comes next is told since when the work was under way, also when that one dies, too."""
    begun = datetime.now(UTC) - timedelta(minutes=1)
    for until, waits in ((begun, False), (datetime.now(UTC) + timedelta(seconds=0.4), True)):
        await behind("DELETE FROM leases")
        await behind(f"INSERT INTO leases VALUES ('refresh:account-1', 'dead', '{text(begun)}', '{text(until)}')")
        started = asyncio.get_running_loop().time()
        async with asyncio.timeout(5), store.lease(*ID) as lease:
            assert lease.interrupted_at == begun
        assert (asyncio.get_running_loop().time() - started > 0.3) == waits


def text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


async def test_an_error_counts_as_an_interruption(store: Store, open_store: OpenStore) -> None:
    """The next one gets in at once and is told; a work that is done, or says that nothing is lost, clears that."""
    other = await open_store()
    for clears in (False, True):
        with pytest.raises(ZeroDivisionError):
            async with store.lease(*ID):
                raise ZeroDivisionError
        with pytest.raises(ZeroDivisionError):
            async with asyncio.timeout(0.4), other.lease(*ID) as lease:
                assert lease.interrupted_at is not None
                if clears:
                    lease.settle()
                raise ZeroDivisionError
        async with store.lease(*ID) as lease:
            assert (lease.interrupted_at is None) == clears


async def test_a_stored_result_is_no_interruption(store: Store, behind: Behind) -> None:
    """From the moment that a new token is stored a crash loses nothing."""
    environment = await store.environment()
    account = await store.add_account(environment.id, "greenhouse", "acme")
    with pytest.raises(ZeroDivisionError):
        async with store.lease("refresh", account.id):
            await store.save_state(account.id, {"token": "new"})
            raise ZeroDivisionError
    assert await behind("SELECT id FROM leases") == []


async def test_a_removed_account_takes_its_lease_along(store: Store, behind: Behind) -> None:
    """Nothing is left of an account that is gone."""
    environment = await store.environment()
    account = await store.add_account(environment.id, "greenhouse", "acme")
    with pytest.raises(ZeroDivisionError):
        async with store.lease("refresh", account.id):
            raise ZeroDivisionError
    await store.remove_account(environment.id, account.id)
    assert await behind("SELECT id FROM leases") == []


@pytest.mark.parametrize("turns", range(0, 12, 3))
async def test_a_cancelled_wait_leaves_nothing_behind(store: Store, behind: Behind, turns: int) -> None:
    """A caller that goes away at any moment of getting a lease does not hold it."""

    async def hold() -> None:
        async with store.lease(*ID):
            await asyncio.sleep(30)

    holding = asyncio.create_task(hold())
    for _ in range(turns):
        await asyncio.sleep(0)
    holding.cancel()
    with pytest.raises(asyncio.CancelledError):
        await holding
    while store._database._under_way:
        await asyncio.gather(*store._database._under_way)
    assert await behind(f"SELECT id FROM leases WHERE expires_at > '{text(datetime.now(UTC))}'") == []


async def test_a_database_that_fails_meanwhile_fails_no_work(store: Store, behind: Behind) -> None:
    """Work that is done is done, although its lease could be neither held longer nor given back."""
    with capture_logs() as logs:
        async with store.lease(*ID):
            await behind("DROP TABLE leases")
            await asyncio.sleep(0.3)
    assert {entry["event"] for entry in logs} == {
        "A lease could not be held longer",
        "A lease could not be given back before it ends",
    }
