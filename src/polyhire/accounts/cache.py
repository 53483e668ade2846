"""What was read from the database, kept in memory until someone, in any process, changes it."""

import asyncio
import math
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from polyhire.accounts.locks import one_at_a_time

# Seconds. A change by another process is noticed after this at the latest, plus the time of one query.
CHECK_EVERY = 0.5
MOST_ITEMS = 10_000

Item = TypeVar("Item")


class Revision:
    """Watches the number that grows with every write, and calls `on_change` when another process moved it."""

    def __init__(
        self, read: Callable[[], Awaitable[int]], on_change: Callable[[], None], clock: Callable[[], float]
    ) -> None:
        self._read = read
        self._on_change = on_change
        self._clock = clock
        self._checked = -math.inf
        self._number = -1
        self._checking = asyncio.Lock()

    async def check(self) -> None:
        """Compare the number if the last look is too old; callers that come meanwhile share the one query."""
        if self._clock() - self._checked < CHECK_EVERY:
            return
        async with self._checking:
            now = self._clock()
            if now - self._checked < CHECK_EVERY:
                return
            number = await self._read()
            if number != self._number:
                self._on_change()
            self._number = number
            self._checked = now

    def doubt(self) -> None:
        """Look at the next chance, however short ago the last look was."""
        self._checked = -math.inf

    def wrote(self, number: int) -> None:
        """Take note of our own write: its items are forgotten already, so nothing else has to be."""
        if number == self._number + 1:
            self._number = number


class Cache(Generic[Item]):
    """Items by key, each loaded once. What is not there is asked for every time: absence is not kept."""

    def __init__(self, load: Callable[[str], Awaitable[Item | None]]) -> None:
        self._load = load
        self._items: dict[str, Item] = {}
        self._generation = 0

    async def get(self, key: str) -> Item | None:
        """The item of this key, or None; concurrent askers of one key share one load."""
        item = self._items.get(key)
        if item is not None:
            return item
        async with one_at_a_time((self, key)):
            return self._items.get(key) or await self._load_and_keep(key)

    async def _load_and_keep(self, key: str) -> Item | None:
        generation = self._generation
        item = await self._load(key)
        # If anything was forgotten meanwhile, this item may have been read before the change.
        if item is not None and generation == self._generation:
            if len(self._items) >= MOST_ITEMS:
                del self._items[next(iter(self._items))]
            self._items[key] = item
        return item

    def forget(self, key: str) -> None:
        """Load this key again when it is next asked for."""
        self._generation += 1
        self._items.pop(key, None)

    def forget_all(self) -> None:
        """Load every key again when it is next asked for."""
        self._generation += 1
        self._items.clear()
