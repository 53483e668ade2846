"""Moments and days in every notation that providers use, turned into RFC 3339.

Nothing is guessed: `03/04/2026` may be March or April, and a text without a zone is taken as UTC
because that is what providers mean by it.
"""

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# 29 February is left to the calendar.
_CANONICAL = re.compile(
    r"[1-9]\d{3}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
    r"T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3})?Z",
    re.ASCII,
)
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[Tt ].*)?", re.ASCII | re.DOTALL)
_ISO = re.compile(r"\d{4}-?\d{2}-?\d{2}(?:[T ]\d.*)?", re.ASCII)
_FRACTION = re.compile(r"\d{2}[.,]\d", re.ASCII)
_EPOCH_TEXT = re.compile(r"\d{9,16}(?:\.\d{1,9})?", re.ASCII)
_DOT_NET = re.compile(r"/Date\((-?\d{1,16})(?:[+-]\d{4})?\)/", re.ASCII)
_RFC_2822 = re.compile(r"(?:[A-Za-z]{3,9},?\s+)?\d{1,2}\s+[A-Za-z]{3}\s+\d{4}\s+\d{1,2}:\d{2}.*", re.ASCII)

# Epoch numbers below this are from before 1973: a year or a day's digits, not a moment of any hiring.
_OLDEST_EPOCH = 100_000_000
_FIRST_EPOCH_IN_MILLISECONDS = 100_000_000_000


is_rfc3339 = _CANONICAL.fullmatch
"""Matches a text that `as_datetime` would return as it is: the common case, settled without a call of ours."""


class _Moment(NamedTuple):
    at: datetime
    has_milliseconds: bool


def as_datetime(value: Any) -> str | None:
    """An RFC 3339 text in UTC, with milliseconds where the provider has them; None when unreadable."""
    if type(value) is str and is_rfc3339(value):
        return value
    moment = _moment(value)
    if moment is None:
        return None
    try:
        at = moment.at.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    # Year 1 is how .NET says "never".
    if at.year < 1000:
        return None
    return at.isoformat(timespec="milliseconds" if moment.has_milliseconds else "seconds")[:-6] + "Z"


def as_date(value: Any) -> str | None:
    """A `YYYY-MM-DD` text; a moment gives the day as it is written, whatever its zone."""
    if isinstance(value, str) and (match := _DAY.fullmatch(value.strip())):
        try:
            day = date.fromisoformat(match[1])
        except ValueError:
            return None
        return None if day.year < 1000 else match[1]
    moment = _moment(value)
    return None if moment is None or moment.at.year < 1000 else moment.at.date().isoformat()


def _moment(value: Any) -> _Moment | None:
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, str | int | float)), None)
    if isinstance(value, bool):
        return None
    try:
        if isinstance(value, str):
            return _from_text(value.strip())
        if isinstance(value, int | float):
            return _from_number(value)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return None


def _from_number(number: float) -> _Moment | None:
    if number < _OLDEST_EPOCH:
        return _from_iso(str(int(number))) if number == int(number) else None
    in_milliseconds = number >= _FIRST_EPOCH_IN_MILLISECONDS
    return _since_epoch(int(number) if in_milliseconds else round(number * 1000))


def _since_epoch(milliseconds: int) -> _Moment:
    return _Moment(_EPOCH + timedelta(milliseconds=milliseconds), milliseconds % 1000 != 0)


def _from_text(text: str) -> _Moment | None:
    if _EPOCH_TEXT.fullmatch(text):
        return _from_number(float(text) if "." in text else int(text))
    if match := _DOT_NET.fullmatch(text):
        return _since_epoch(int(match[1]))
    if _RFC_2822.fullmatch(text):
        return _Moment(_with_zone(parsedate_to_datetime(text)), False)
    return _from_iso(text)


def _from_iso(text: str) -> _Moment | None:
    capitals = text.upper()
    for zone in (" UTC", " GMT"):
        if capitals.endswith(zone):
            capitals = capitals.removesuffix(zone) + "Z"
    if not _ISO.fullmatch(capitals):
        return None
    return _Moment(_with_zone(datetime.fromisoformat(capitals)), _FRACTION.search(capitals) is not None)


def _with_zone(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)
