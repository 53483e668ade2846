"""Waiting one's turn."""

import asyncio
import time

import pytest

from polyhire.engine import throttle as throttle_module
from polyhire.engine.throttle import Throttle
from polyhire.errors import RateLimited


async def turns(throttle: Throttle, count: int, budget: tuple[int, float] | None, key: str = "a") -> float:
    started = time.monotonic()
    for _ in range(count):
        async with throttle.turn(key, budget):
            pass
    return time.monotonic() - started


async def test_a_budget_is_kept() -> None:
    """What exceeds the budget waits until the oldest request is old enough, and no longer."""
    throttle = Throttle()
    assert await turns(throttle, 2, (2, 0.2)) < 0.1
    assert 0.1 < await turns(throttle, 2, (2, 0.2)) < 0.35


async def test_budgets_are_per_account() -> None:
    """One account's requests don't use up another's budget."""
    throttle = Throttle()
    await turns(throttle, 1, (1, 5.0))
    assert await turns(throttle, 1, (1, 5.0), "b") < 0.1


async def test_without_a_budget_nobody_waits() -> None:
    """No budget, no waiting."""
    assert await turns(Throttle(), 200, None) < 0.5


async def test_too_long_a_wait_is_refused() -> None:
    """A turn that would come too late is refused at once, with the seconds to wait."""
    throttle = Throttle(patience=0.5)
    await turns(throttle, 1, (1, 60.0))
    with pytest.raises(RateLimited) as caught:
        await turns(throttle, 1, (1, 60.0))
    assert caught.value.retry_after == pytest.approx(60, abs=1)


async def test_only_so_many_run_at_once() -> None:
    """An account's requests run together up to a bound; those of another account are not held up."""
    throttle = Throttle()
    running, most = 0, 0

    async def work() -> None:
        nonlocal running, most
        async with throttle.turn("a", None):
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.01)
            running -= 1

    crowd = [asyncio.create_task(work()) for _ in range(40)]
    await asyncio.sleep(0.005)
    assert await turns(throttle, 1, None, "b") < 0.05
    await asyncio.gather(*crowd)
    assert most == throttle_module.AT_ONCE == 8


async def test_a_failed_turn_is_given_back() -> None:
    """A request that fails frees its turn."""
    throttle = Throttle()
    for _ in range(10):
        with pytest.raises(ValueError, match="boom"):
            async with throttle.turn("a", None):
                raise ValueError("boom")
