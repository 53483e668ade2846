"""How many requests a token or an account may make: a budget a minute, used up at once or evenly."""

from collections.abc import Callable

from polyhire.errors import TooManyRequests

MINUTE = 60.0
MOST_KEYS = 100_000


class Limits:
    """The budgets of this process. Each key's is one number: when it would be whole again (GCRA)."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._whole_at: dict[str, float] = {}

    async def take(self, what: str, id: str, per_minute: int | None) -> None:
        """Use one of `per_minute`; None is no limit. Raises TooManyRequests with the seconds until there is one."""
        if per_minute is None:
            return
        wait = self._take(f"{what} {id}", MINUTE / per_minute)
        if wait > 0:
            raise TooManyRequests(
                f"This {what} made more than {per_minute} requests in a minute. Wait {wait:.0f} seconds, "
                f"then spread them; whoever runs this server sets the limit.",
                retry_after=wait,
            )

    def _take(self, key: str, each: float) -> float:
        """Seconds to wait, 0 when one was taken. `each` is the seconds in which one grows back."""
        now = self._clock()
        whole_at = max(self._whole_at.get(key, now), now) + each
        if whole_at - now > MINUTE + each / 1000:
            return whole_at - now - MINUTE
        if len(self._whole_at) >= MOST_KEYS:
            self._whole_at = {key: at for key, at in self._whole_at.items() if at > now}
        self._whole_at[key] = whole_at
        return 0.0
