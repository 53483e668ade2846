"""Waiting one's turn: an account's budget at its provider, and how many requests run at once."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from polyhire.errors import RateLimited

AT_ONCE = 8
"""Requests of one account that run at the same time."""

PATIENCE = 10.0
"""Seconds a call waits for its turn; after that the caller is told when to come again."""


@dataclass
class Turns:
    """One account's turns."""

    running: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    made: deque[float] = field(default_factory=deque)


class Throttle:
    """Turns of every account, kept in memory by account key: best effort, the provider has the last word."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._turns: dict[str, Turns] = {}
        self._patience = patience

    @asynccontextmanager
    async def turn(self, key: str, budget: tuple[int, float] | None) -> AsyncIterator[None]:
        """One request's turn. Raises RateLimited when it would come too late."""
        turns = self._turns.get(key) or self._turns.setdefault(key, Turns())
        async with turns.running:
            while (wait := _wait(turns, budget)) > 0:
                if wait > self._patience:
                    raise RateLimited("the account's request budget is used up", retry_after=wait)
                await asyncio.sleep(wait)
            if budget is not None:
                turns.made.append(time.monotonic())
            yield


def _wait(turns: Turns, budget: tuple[int, float] | None) -> float:
    if budget is None:
        return 0.0
    now = time.monotonic()
    allowed, seconds = budget
    while turns.made and turns.made[0] <= now - seconds:
        turns.made.popleft()
    return turns.made[0] + seconds - now if len(turns.made) >= allowed else 0.0
