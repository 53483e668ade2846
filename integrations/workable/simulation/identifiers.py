"""Workable's ids and instants: short hex, upper-case shortcodes, and UTC without milliseconds but in the feeds."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import count

from polyhire.simulators.tables import Row, iso, now

# Each kind has a range of its own, so that an id of one is never an id of another.
RANGES = (
    *("candidate", "job", "member", "department", "reason", "activity", "event", "file", "stage", "question"),
    *("choice", "requisition", "entry"),
)
RANGE, STEP = 0x1000000, 0x1D
SHORTCODES, PLACES, LEAP = 0x9D4C6A0000, 0xB70E310000, 0x3B71
HEX = re.compile("[0-9a-f]{1,16}")


def identifier(kind: str, number: int) -> str:
    """Give the id of the seeded record of this number; later numbers have later ids."""
    return f"{RANGE * (RANGES.index(kind) + 2) + number * STEP:x}"


def shortcode(number: int) -> str:
    """Give the shortcode of a job."""
    return f"{SHORTCODES + number * LEAP:X}"


def place_code(number: int) -> str:
    """Give the shortcode of a location."""
    return f"{PLACES + number * LEAP:X}"


def following(kind: str, rows: Iterable[Row]) -> Callable[[], str]:
    """Make ids that come after those of the rows."""
    last = max((int(row["id"], 16) for row in rows), default=int(identifier(kind, 0), 16))
    numbers = count(last + STEP, STEP)
    return lambda: f"{next(numbers):x}"


def hexadecimal(value: str) -> str:
    """Take an id."""
    if not HEX.fullmatch(value):
        raise ValueError("is not an id")
    return value


def stamp(moment: datetime | None) -> str | None:
    """Write an instant to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def present() -> str:
    """Tell the time to the second."""
    return str(stamp(now()))


def precise(moment: datetime | None) -> str | None:
    """Write an instant to the millisecond, as activities and events have it."""
    return iso(moment)
