"""A lock per key, for work that must not run twice at once in a process, such as a token's refresh."""

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

# A lock lives as long as someone holds it or waits for it, so the mapping can't grow with the keys ever seen.
_locks: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()


@asynccontextmanager
async def one_at_a_time(key: Hashable) -> AsyncIterator[None]:
    """Wait until nobody else is inside with an equal key; other keys are not held up."""
    lock = _locks.get(key)
    if lock is None:
        lock = _locks[key] = asyncio.Lock()
    async with lock:
        yield
