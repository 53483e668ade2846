"""One at a time per key."""

import asyncio
import gc

import pytest

from polyhire.accounts import locks
from polyhire.accounts.locks import one_at_a_time


async def test_equal_keys_take_turns() -> None:
    """Two tasks with equal keys are never inside together, and go in the order they came."""
    events: list[str] = []

    async def work(name: str) -> None:
        async with one_at_a_time(("refresh", "a")):
            events.append(f"{name} in")
            await asyncio.sleep(0.005)
            events.append(f"{name} out")

    await asyncio.gather(work("first"), work("second"), work("third"))
    assert events == ["first in", "first out", "second in", "second out", "third in", "third out"]


async def test_other_keys_go_ahead() -> None:
    """Holding one key does not hold up another."""
    async with one_at_a_time("a"), asyncio.timeout(1), one_at_a_time("b"):
        pass


async def test_a_failure_lets_the_next_one_in() -> None:
    """An error or a cancelled wait inside leaves the key free."""
    with pytest.raises(ValueError, match="inside"):
        async with one_at_a_time("a"):
            raise ValueError("inside")
    async with one_at_a_time("a"):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01), one_at_a_time("a"):
                pass
    async with asyncio.timeout(1), one_at_a_time("a"):
        pass


async def test_unused_keys_are_forgotten() -> None:
    """A million accounts refreshed once leave no locks behind."""
    before = len(locks._locks)
    for number in range(100):
        async with one_at_a_time(("refresh", number)):
            assert len(locks._locks) > before
    gc.collect()
    assert len(locks._locks) == before
