"""How many requests a token or an account may make: a budget a minute, used up at once or evenly.

Each budget is one number, the moment when it is whole again (GCRA). With Valkey all processes share it; without, and
while Valkey is away, each process keeps its own.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog

from polyhire.errors import TooManyRequests

if TYPE_CHECKING:
    from redis.asyncio import Redis

MINUTE = 60.0
MOST_KEYS = 100_000
# Seconds without asking Valkey after it failed, so that its time-outs don't hold up every request.
LEAVE_ALONE = 5.0

# In milliseconds, by Valkey's own clock: those of the machines may differ.
SHARED = """
local at = redis.call('TIME')
local now = at[1] * 1000 + math.floor(at[2] / 1000)
local each, span = tonumber(ARGV[1]), tonumber(ARGV[2])
local whole = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now) + each
if whole - now > span then return tostring(whole - now - span) end
redis.call('SET', KEYS[1], tostring(whole), 'PX', math.ceil(whole - now))
return '0'
"""

log = structlog.get_logger(__name__)


class Limits:
    """The budgets of tokens and accounts."""

    def __init__(self, clock: Callable[[], float], valkey: "Redis | None" = None) -> None:
        self._clock = clock
        self._valkey = valkey
        self._back_at = 0.0
        self._whole_at: dict[str, float] = {}

    async def take(self, what: str, id: str, per_minute: int | None) -> None:
        """Use one of `per_minute`; None is no limit. Raises TooManyRequests with the seconds until there is one."""
        if per_minute is None:
            return
        key, each = f"{what} {id}", MINUTE / per_minute
        wait = await self._take_shared(key, each) if self._valkey is not None else None
        if wait is None:
            wait = self._take_own(key, each)
        if wait > 0:
            raise TooManyRequests(
                f"More than {per_minute} requests a minute were made with this {what}. The next one is welcome in "
                f"{max(1, round(wait))} seconds. Spread them; whoever runs this server sets the limit.",
                retry_after=wait,
            )

    def _take_own(self, key: str, each: float) -> float:
        """Seconds to wait, 0 when one was taken. `each` is the seconds in which one grows back."""
        now = self._clock()
        whole_at = max(self._whole_at.get(key, now), now) + each
        # Sums of fractions may be a trifle over.
        if whole_at - now > MINUTE + each / 1000:
            return whole_at - now - MINUTE
        if len(self._whole_at) >= MOST_KEYS:
            self._whole_at = {key: at for key, at in self._whole_at.items() if at > now}
        self._whole_at[key] = whole_at
        return 0.0

    async def _take_shared(self, key: str, each: float) -> float | None:
        """The same, with all other processes; None when Valkey can't be asked."""
        from redis.exceptions import RedisError

        if self._valkey is None or self._clock() < self._back_at:
            return None
        try:
            # The small surplus is for sums of fractions, as above.
            span = MINUTE + each / 1000
            told = await self._valkey.eval(SHARED, 1, f"polyhire:limit:{key}", str(each * 1000), str(span * 1000))
        except (RedisError, OSError) as error:
            self._back_at = self._clock() + LEAVE_ALONE
            log.warning("Valkey can't be asked; each process limits on its own", error=type(error).__name__)
            return None
        return float(told) / 1000
