"""Lever's rate limit: a token bucket for each key."""

import time
from collections.abc import Callable


class Bucket:
    """Refills at `rate` a second up to `burst`; every request takes one out."""

    def __init__(self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, key: str) -> bool:
        """Take one for this key; False when the bucket is empty."""
        moment = self._clock()
        seen, left = self._left.get(key, (moment, float(self._burst)))
        left = min(self._burst, left + (moment - seen) * self._rate)
        allowed = left >= 1
        self._left[key] = (moment, left - 1 if allowed else left)
        return allowed
