"""Rate limits in fixed windows, counted per credential."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Allowance:
    """What is left after one request; when `refused`, wait `retry_after` whole seconds. `reset` is in Unix seconds."""

    refused: bool
    limit: int
    remaining: int
    reset: int
    retry_after: int


class RateWindow:
    """Allows `limit` requests in each window of `seconds`, for each key."""

    def __init__(self, limit: int, seconds: float, clock: Callable[[], float] = time.time) -> None:
        self._limit = limit
        self._seconds = seconds
        self._clock = clock
        self._used: dict[str, tuple[int, int]] = {}

    def take(self, key: str = "") -> Allowance:
        """Count one request. The caller refuses it, or not: see `Ask.rate_limits`."""
        now = self._clock()
        window = int(now // self._seconds)
        seen, used = self._used.get(key, (window, 0))
        used = used + 1 if seen == window else 1
        self._used[key] = (window, used)
        end = (window + 1) * self._seconds
        return Allowance(
            refused=used > self._limit,
            limit=self._limit,
            remaining=max(0, self._limit - used),
            reset=math.ceil(end),
            retry_after=max(1, math.ceil(end - now)),
        )
