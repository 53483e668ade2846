"""Budgets of requests: in one process, and over several by way of Valkey."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from polyhire.accounts import limits
from polyhire.accounts.limits import Limits
from polyhire.accounts.news import open_valkey
from polyhire.errors import TooManyRequests
from tests.accounts.conftest import Clock


async def taken(budget: Limits, times: int, per_minute: int, id: str = "one") -> int:
    """How many of so many requests are let through."""
    through = 0
    for _ in range(times):
        try:
            await budget.take("token", id, per_minute)
            through += 1
        except TooManyRequests:
            pass
    return through


async def test_a_budget_is_used_at_once_or_evenly(clock: Clock) -> None:
    """All of a minute's requests may come together; then one grows back each sixtieth of it."""
    budget = Limits(clock)
    assert await taken(budget, 100, 60) == 60
    clock.forward(1.0)
    assert await taken(budget, 10, 60) == 1
    clock.forward(5.0)
    assert await taken(budget, 10, 60) == 5
    clock.forward(3600.0)
    assert await taken(budget, 100, 60) == 60


async def test_the_wait_that_is_told_is_enough_and_not_too_much(clock: Clock) -> None:
    """Just before it is over the request is refused, and after it served."""
    budget = Limits(clock)
    assert await taken(budget, 7, 7) == 7
    with pytest.raises(TooManyRequests, match=r"More than 7 requests a minute .* this token") as refused:
        await budget.take("token", "one", 7)
    clock.forward(refused.value.retry_after - 0.1)
    assert await taken(budget, 1, 7) == 0
    clock.forward(0.11)
    assert await taken(budget, 2, 7) == 1


async def test_refused_requests_cost_nothing(clock: Clock) -> None:
    """Who hammers on is let in as soon as who waits."""
    budget = Limits(clock)
    await taken(budget, 2, 2)
    for _ in range(29):
        clock.forward(1.0)
        assert await taken(budget, 1, 2) == 0
    clock.forward(1.01)
    assert await taken(budget, 1, 2) == 1


async def test_budgets_are_apart(clock: Clock) -> None:
    """One token's requests are not another's, nor an account's of the same id; without a limit there is none."""
    budget = Limits(clock)
    assert await taken(budget, 5, 2, "one") == 2
    assert await taken(budget, 5, 2, "two") == 2
    await budget.take("account", "one", 1)
    for _ in range(1000):
        await budget.take("token", "one", None)


async def test_budgets_that_are_whole_again_are_forgotten(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many tokens there ever were, memory is bounded."""
    monkeypatch.setattr(limits, "MOST_KEYS", 10)
    budget = Limits(clock)
    for n in range(10):
        await budget.take("token", str(n), 60)
    clock.forward(30.0)
    await budget.take("token", "new", 60)
    assert list(budget._whole_at) == ["token new"]


@pytest.fixture
async def shared(valkey: str, clock: Clock) -> AsyncIterator[tuple[Limits, Limits]]:
    """The limits of two processes on one Valkey, which nobody has used yet."""
    clients = [open_valkey(valkey), open_valkey(valkey)]
    await clients[0].flushall()
    yield Limits(clock, clients[0]), Limits(clock, clients[1])
    for client in clients:
        await client.aclose()


async def test_processes_share_a_budget(shared: tuple[Limits, Limits]) -> None:
    """With Valkey it does not matter which of them is asked, nor that all are at once."""
    here, there = shared
    through = await asyncio.gather(*(taken(limiting, 10, 30) for limiting in (here, there) * 3))
    assert sum(through) == 30
    with pytest.raises(TooManyRequests) as refused:
        await there.take("token", "one", 30)
    assert 0 < refused.value.retry_after <= 2.01
    assert await taken(there, 3, 2, "another") == 2


async def test_a_shared_budget_grows_back(shared: tuple[Limits, Limits]) -> None:
    """By Valkey's clock, whatever that of this process says."""
    here, there = shared
    assert await taken(here, 1200, 600) <= 620
    with pytest.raises(TooManyRequests) as refused:
        for _ in range(50):
            await there.take("token", "one", 600)
    await asyncio.sleep(refused.value.retry_after + 0.01)
    assert await taken(there, 1, 600) == 1


async def test_without_valkey_each_process_limits_on_its_own(clock: Clock) -> None:
    """A Valkey that can't be reached holds nobody up: it is left alone for a while, then asked again."""
    client = open_valkey("unix:///nowhere/valkey")
    budget = Limits(clock, client)
    started = time.monotonic()
    assert await taken(budget, 50, 10) == 10
    assert time.monotonic() - started < 1.0
    await client.aclose()


async def test_valkey_is_asked_again_when_it_is_back(valkey: str, clock: Clock) -> None:
    """Some seconds after it failed, budgets are shared again."""
    client = open_valkey(valkey)
    await client.flushall()
    away = open_valkey("unix:///nowhere/valkey")
    budget = Limits(clock, away)
    assert await taken(budget, 2, 2) == 2
    budget._valkey = client
    assert await taken(budget, 1, 2) == 0
    clock.forward(limits.LEAVE_ALONE)
    assert await taken(budget, 5, 2) == 2
    await client.aclose()
    await away.aclose()
