"""Filters of list calls."""

from typing import Any

import pytest

from polyhire.errors import InvalidRequest, UnsupportedFilter
from polyhire.model.filters import normalise_filters
from polyhire.model.resources import RESOURCES

CANDIDATES = RESOURCES["candidates"]


def test_values_are_brought_into_one_form() -> None:
    """Moments become RFC 3339, ids and words become text, a null one is left out."""
    query = {"created_at": {"gt": "2026-01-01", "lte": "2026-02-01T10:00:00+02:00"}, "job_id": 5, "email": " a@b.org "}
    assert normalise_filters(CANDIDATES, {**query, "tag": None}) == {
        "created_at": {"gt": "2026-01-01T00:00:00Z", "lte": "2026-02-01T08:00:00Z"},
        "job_id": "5",
        "email": "a@b.org",
    }
    assert normalise_filters(CANDIDATES, {}) == {}


@pytest.mark.parametrize(("given_value", "expected"), [("OPEN", "open"), ("Closed", "closed"), ("On Hold", "On Hold")])
def test_known_words_are_lower_cased(given_value: str, expected: str) -> None:
    """A known status is lower-cased, one that only the provider knows is passed as it is."""
    assert normalise_filters(RESOURCES["jobs"], {"status": given_value}) == {"status": expected}


def test_a_name_is_never_taken_for_a_word() -> None:
    """Free text keeps its letters."""
    assert normalise_filters(CANDIDATES, {"name": "Ada LOVELACE"}) == {"name": "Ada LOVELACE"}


def test_an_unknown_filter_is_refused_with_the_nearest() -> None:
    """A filter that does not exist is never ignored; all of them are listed."""
    with pytest.raises(UnsupportedFilter) as refusal:
        normalise_filters(CANDIDATES, {"emial": "x", "email": "a@b.org", "zodiac": "x"})
    assert refusal.value.message == (
        "candidates has no filter 'emial'; did you mean 'email'? "
        "It has: created_at, email, job_id, name, stage_id, tag, updated_at."
    )
    assert [failure.path for failure in refusal.value.failures] == ["query.emial", "query.zodiac"]


@pytest.mark.parametrize(
    ("query", "path", "message"),
    [
        ({"created_at": {"gt": "yesterday"}}, "query.created_at.gt", "is not a date"),
        ({"created_at": {"gt": ["2026-01-01"]}}, "query.created_at.gt", "is not a date"),
        ({"created_at": {"gt": None}}, "query.created_at.gt", "is not a date"),
        ({"created_at": {"gtt": "2026-01-01"}}, "query.created_at.gtt", "did you mean 'gt'"),
        ({"created_at": "2026-01-01"}, "query.created_at", r"created_at\[gte\]"),
        ({"created_at": {}}, "query.created_at", "needs an operator"),
        ({"job_id": ["1", "2"]}, "query.job_id", "takes one value, like job_id=4410"),
        ({"job_id": {"gt": "1"}}, "query.job_id", "takes one value"),
        ({"email": ""}, "query.email", "takes one value"),
        ({"tag": "  "}, "query.tag", "takes one value"),
    ],
)
def test_a_malformed_value_is_refused(query: dict[str, Any], path: str, message: str) -> None:
    """What can't be read is named by its path, with what would be right."""
    with pytest.raises(InvalidRequest, match=message) as refusal:
        normalise_filters(CANDIDATES, query)
    assert [failure.path for failure in refusal.value.failures] == [path]


def test_all_failures_are_told_at_once() -> None:
    """Every malformed filter is listed, with the known words where there are any."""
    with pytest.raises(InvalidRequest) as refusal:
        normalise_filters(RESOURCES["jobs"], {"created_at": {"gt": "x", "lt": "y"}, "status": ""})
    assert [failure.path for failure in refusal.value.failures] == [
        "query.created_at.gt",
        "query.created_at.lt",
        "query.status",
    ]
    assert "status=open" in refusal.value.failures[2].message
