"""Moments and days in every notation that providers use."""

import re
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from polyhire.model.timestamps import as_date, as_datetime, is_rfc3339


@pytest.mark.parametrize(
    ("given_value", "expected"),
    [
        ("2026-01-31T09:30:00Z", "2026-01-31T09:30:00Z"),
        ("2026-01-31T09:30:00.000Z", "2026-01-31T09:30:00.000Z"),
        ("2026-01-31T09:30:00.123Z", "2026-01-31T09:30:00.123Z"),
        ("2024-02-29T09:30:00Z", "2024-02-29T09:30:00Z"),
        ("2026-01-31T11:30:00+02:00", "2026-01-31T09:30:00Z"),
        ("2026-01-31T04:30:00-0500", "2026-01-31T09:30:00Z"),
        ("2026-01-31 09:30:00+0000", "2026-01-31T09:30:00Z"),
        ("2026-01-31 09:30:00 +0000", "2026-01-31T09:30:00Z"),
        ("2026-01-31 09:30:00 UTC", "2026-01-31T09:30:00Z"),
        ("2026-01-31 09:30:00", "2026-01-31T09:30:00Z"),
        (" 2026-01-31t09:30:00z ", "2026-01-31T09:30:00Z"),
        ("2026-01-31T09:30Z", "2026-01-31T09:30:00Z"),
        ("2026-01-31T09:30:00.5Z", "2026-01-31T09:30:00.500Z"),
        ("2026-01-31T09:30:00.123987654321+00:00", "2026-01-31T09:30:00.123Z"),
        ("2026-01-31T09:30:00.0000000Z", "2026-01-31T09:30:00.000Z"),
        ("2026-01-31", "2026-01-31T00:00:00Z"),
        ("20260131", "2026-01-31T00:00:00Z"),
        (20260131, "2026-01-31T00:00:00Z"),
        (1769851800, "2026-01-31T09:30:00Z"),
        (1769851800.25, "2026-01-31T09:30:00.250Z"),
        (1769851800000, "2026-01-31T09:30:00Z"),
        (1769851800007, "2026-01-31T09:30:00.007Z"),
        ("1769851800", "2026-01-31T09:30:00Z"),
        ("1769851800.5", "2026-01-31T09:30:00.500Z"),
        ("1769851800000", "2026-01-31T09:30:00Z"),
        (100_000_000_000, "1973-03-03T09:46:40Z"),
        ("/Date(1700000000000)/", "2023-11-14T22:13:20Z"),
        ("/Date(1700000000123+0100)/", "2023-11-14T22:13:20.123Z"),
        ("Sat, 31 Jan 2026 09:30:00 GMT", "2026-01-31T09:30:00Z"),
        ("31 Jan 2026 11:30:00 +0200", "2026-01-31T09:30:00Z"),
        ("Sat, 31 Jan 2026 09:30:00 -0000", "2026-01-31T09:30:00Z"),
        (["2026-01-31T09:30:00Z", "2027-01-31T09:30:00Z"], "2026-01-31T09:30:00Z"),
    ],
)
def test_a_moment_is_read(given_value: Any, expected: str) -> None:
    """Each notation gives RFC 3339 in UTC, milliseconds kept when they are there."""
    assert as_datetime(given_value) == expected


@pytest.fixture
def in_tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server whose own clock is nine hours ahead of UTC."""
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("in_tokyo")
@pytest.mark.parametrize("given_value", ["2026-01-31 09:30:00", "Sat, 31 Jan 2026 09:30:00 -0000", 1769851800])
def test_the_clock_of_the_server_does_not_matter(given_value: Any) -> None:
    """A moment without a zone is in UTC, wherever the server stands."""
    assert as_datetime(given_value) == "2026-01-31T09:30:00Z"


@pytest.mark.parametrize(
    "given_value",
    [
        None,
        "",
        "soon",
        "01/31/2026",
        "31.01.2026",
        "2026",
        2026,
        0,
        -1769851800,
        True,
        1.5,
        float("nan"),
        float("inf"),
        10**30,
        "9" * 16,
        {"date": "2026-01-31"},
        [],
        [{}],
        "2026-02-30",
        "2026-02-30T09:30:00Z",
        "2026-13-01T09:30:00Z",
        "2026-01-31T25:30:00Z",
        "0001-01-01T00:00:00",
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "0000-00-00 00:00:00",
        "/Date(-62135596800000)/",
        "/Date(9999999999999999)/",
        "9999-12-31T23:00:00-05:00",
        "31 Foo 2026 09:30:00",
        "99 Jan 2026 09:30:00",
        "abcd-ef-ghTij:kl:mnZ",
    ],
)
def test_what_is_no_moment_is_none(given_value: Any) -> None:
    """What can't be read, and what may mean two things, is None: nothing is guessed."""
    assert as_datetime(given_value) is None


@pytest.mark.parametrize(
    ("given_value", "expected"),
    [
        ("2026-03-01", "2026-03-01"),
        ("2026-03-01T00:00:00+10:00", "2026-03-01"),
        ("2026-03-01 23:59:59", "2026-03-01"),
        ("20260301", "2026-03-01"),
        (1769851800, "2026-01-31"),
        ("Sat, 31 Jan 2026 23:30:00 -0800", "2026-01-31"),
        ("2026-02-30", None),
        ("0001-01-01", None),
        ("/Date(-62135596800000)/", None),
        ("01/03/2026", None),
        ("tomorrow", None),
        (None, None),
        (False, None),
    ],
)
def test_a_day_is_cut_from_a_moment(given_value: Any, expected: str | None) -> None:
    """A pure date is the day as it is written, never moved by a zone."""
    assert as_date(given_value) == expected


@given(some.datetimes(min_value=datetime(1000, 1, 1), timezones=some.timezones()))
def test_the_instant_is_kept(moment: datetime) -> None:
    """Whatever the zone, the moment stays the same to the millisecond."""
    read = as_datetime(moment.isoformat())
    if read is not None:
        assert abs((datetime.fromisoformat(read) - moment).total_seconds()) < 0.001
        assert is_rfc3339(read) or "-02-29T" in read


@given(some.text() | some.from_regex(re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?")))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text raises, and what is read is canonical: reading it again changes nothing."""
    read = as_datetime(text)
    assert read is None or as_datetime(read) == read
    day = as_date(text)
    assert day is None or as_date(day) == day
