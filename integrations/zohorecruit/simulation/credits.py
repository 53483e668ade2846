"""Credits: what an organization may spend on calls in any 24 hours."""

import time
from collections import deque
from collections.abc import Callable

from polyhire.simulators.kit import Refusal

DAY = 86_400


class Credits:
    """A budget over the last 24 hours. Zoho documents no header that tells what is left."""

    def __init__(self, allowed: int, clock: Callable[[], float] = time.time) -> None:
        self._allowed = allowed
        self._clock = clock
        self._spent: deque[tuple[float, int]] = deque()
        self._sum = 0

    def spend(self, cost: int) -> None:
        """Pay for a call; refuses with 429 one that there are not enough credits for."""
        now = self._clock()
        while self._spent and self._spent[0][0] <= now - DAY:
            self._sum -= self._spent.popleft()[1]
        if self._sum + cost > self._allowed:
            # inferred: the code, and that no header says how long to wait
            raise Refusal(429, "You have exhausted the API credits of the day", code="LIMIT_EXCEEDED")
        self._spent.append((now, cost))
        self._sum += cost
