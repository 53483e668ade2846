"""Keeping what was read until it changes."""

import asyncio

import pytest

from polyhire.accounts import cache
from polyhire.accounts.cache import Cache, Revision

from .conftest import Clock


class Shelf:
    """A pretend table that counts its readers, and can make them wait."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {"a": "first"}
        self.reads = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def read(self, key: str) -> str | None:
        self.reads += 1
        value = self.values.get(key)
        await self.gate.wait()
        return value


async def test_an_item_is_loaded_once() -> None:
    """The second ask needs no load, and neither do askers who come during the first."""
    shelf = Shelf()
    kept = Cache(shelf.read)
    assert await asyncio.gather(*(kept.get("a") for _ in range(5))) == ["first"] * 5
    assert await kept.get("a") == "first"
    assert shelf.reads == 1


async def test_absence_is_not_kept() -> None:
    """What is added later is found at once."""
    shelf = Shelf()
    kept = Cache(shelf.read)
    assert await kept.get("b") is None
    shelf.values["b"] = "new"
    assert await kept.get("b") == "new"


async def test_one_item_or_all_are_forgotten() -> None:
    """A forgotten item is loaded again, the others are not."""
    shelf = Shelf()
    shelf.values["b"] = "other"
    kept = Cache(shelf.read)
    await kept.get("a")
    await kept.get("b")
    shelf.values = {"a": "second", "b": "changed"}
    kept.forget("a")
    assert (await kept.get("a"), await kept.get("b")) == ("second", "other")
    kept.forget_all()
    assert await kept.get("b") == "changed"


@pytest.mark.parametrize("everything", [True, False])
async def test_an_item_read_before_a_change_is_not_kept(everything: bool) -> None:
    """A slow load that began before a write cannot bring the old value back after it."""
    shelf = Shelf()
    kept = Cache(shelf.read)
    shelf.gate.clear()
    slow = asyncio.create_task(kept.get("a"))
    await asyncio.sleep(0)
    shelf.values["a"] = "second"
    if everything:
        kept.forget_all()
    else:
        kept.forget("a")
    shelf.gate.set()
    await slow
    assert await kept.get("a") == "second"


async def test_a_failed_load_is_tried_again() -> None:
    """An error goes to its caller and leaves nothing behind."""
    failures = [OSError("database away")]

    async def load(key: str) -> str:
        if failures:
            raise failures.pop()
        return "value"

    kept = Cache(load)
    with pytest.raises(OSError, match="away"):
        await kept.get("a")
    assert await kept.get("a") == "value"


async def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest item makes room for the newest."""
    monkeypatch.setattr(cache, "MOST_ITEMS", 2)
    shelf = Shelf()
    shelf.values = {"a": "1", "b": "2", "c": "3"}
    kept = Cache(shelf.read)
    for key in ("a", "b", "c", "b", "c"):
        await kept.get(key)
    assert shelf.reads == 3
    await kept.get("a")
    assert shelf.reads == 4


class Number:
    """A pretend revision row, and how often it was read and found changed."""

    def __init__(self) -> None:
        self.value = 7
        self.reads = 0
        self.changes = 0

    async def read(self) -> int:
        self.reads += 1
        value = self.value
        await asyncio.sleep(0)
        return value

    def changed(self) -> None:
        self.changes += 1


async def test_the_number_is_read_at_most_twice_a_second(clock: Clock) -> None:
    """Between two looks nothing is asked; concurrent callers share one look."""
    number = Number()
    revision = Revision(number.read, number.changed, clock)
    await asyncio.gather(*(revision.check() for _ in range(10)))
    assert number.reads == 1
    clock.forward(0.49)
    await revision.check()
    assert number.reads == 1
    clock.forward(0.01)
    await asyncio.gather(*(revision.check() for _ in range(10)))
    assert number.reads == 2


async def test_a_change_elsewhere_is_noticed_once(clock: Clock) -> None:
    """Only a number that moved makes memory forget."""
    number = Number()
    revision = Revision(number.read, number.changed, clock)
    await revision.check()
    number.changes = 0
    clock.forward(1)
    await revision.check()
    assert number.changes == 0
    number.value += 1
    for _ in range(2):
        clock.forward(1)
        await revision.check()
    assert number.changes == 1


async def test_our_own_write_forgets_nothing_else(clock: Clock) -> None:
    """A process that alone writes keeps its memory; a foreign write between two of its own is still noticed."""
    number = Number()
    revision = Revision(number.read, number.changed, clock)
    await revision.check()
    number.changes = 0
    number.value = 8
    revision.wrote(8)
    clock.forward(1)
    await revision.check()
    assert number.changes == 0
    number.value = 10
    revision.wrote(10)
    clock.forward(1)
    await revision.check()
    assert number.changes == 1


async def test_a_look_that_failed_or_was_cancelled_is_repeated(clock: Clock) -> None:
    """While the database is away callers are told so, not served from memory."""
    reads: list[BaseException | int] = [OSError("away"), asyncio.CancelledError(), 7]
    number = Number()

    async def read() -> int:
        answer = reads.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    revision = Revision(read, number.changed, clock)
    with pytest.raises(OSError, match="away"):
        await revision.check()
    with pytest.raises(asyncio.CancelledError):
        await revision.check()
    await revision.check()
    assert reads == []
