"""Waiting one's turn: an account's budget at its provider, and how many requests run at once."""

import asyncio
import time
from collections import deque
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

    def turn(self, key: str, budget: tuple[int, float] | None) -> "Turn":
        """One request's turn, for `async with`. Raises RateLimited when it would come too late."""
        turns = self._turns.get(key) or self._turns.setdefault(key, Turns())
        return Turn(turns, budget, self._patience)


@dataclass(slots=True)
class Turn:
    """A turn that is waited for, and given back."""

    turns: Turns
    budget: tuple[int, float] | None
    patience: float

    async def __aenter__(self) -> None:
        await self.turns.running.acquire()
        if self.budget is None:
            return
        try:
            while (wait := _wait(self.turns, self.budget)) > 0:
                if wait > self.patience:
                    raise RateLimited("the account's request budget is used up", retry_after=wait)
                await asyncio.sleep(wait)
        except BaseException:
            self.turns.running.release()
            raise
        self.turns.made.append(time.monotonic())

    async def __aexit__(self, *_: object) -> None:
        self.turns.running.release()


def _wait(turns: Turns, budget: tuple[int, float]) -> float:
    now = time.monotonic()
    allowed, seconds = budget
    while turns.made and turns.made[0] <= now - seconds:
        turns.made.popleft()
    return turns.made[0] + seconds - now if len(turns.made) >= allowed else 0.0
