"""Lists: every record once whatever the size of a page, and each the same as when it is read alone."""

from itertools import islice
from typing import Any

import pytest

from polyhire.conformance.offered import offering
from polyhire.conformance.provider import Provider
from polyhire.conformance.values import without_query
from polyhire.simulators.company import company

SAMPLE = 5


@pytest.mark.parametrize("limit", [1, 7, 50, 100, 1000])
def test_every_candidate_comes_once(seen: Provider, limit: int) -> None:
    """The 300 candidates of the company come once each, whatever the size of a page."""
    narrow = {"fields": "id,name"} if limit < 50 else {}
    pages = list(seen.pages("candidates", limit=limit, **narrow))
    records = [record for page in pages for record in page["result"]]
    ids = [record["id"] for record in records]
    assert len(ids) == len(set(ids)) == 300
    assert {person.name for person in company(1).candidates if not person.anonymised} <= {
        record["name"] for record in records
    }
    assert [page["result_count"] for page in pages] == [len(page["result"]) for page in pages]
    assert all(len(page["result"]) == limit for page in pages[:-1])
    assert 0 < len(pages[-1]["result"]) <= limit


@pytest.mark.parametrize("limit", [7, 100])
@offering("list")
def test_every_record_comes_once(seen: Provider, resource: str, limit: int) -> None:
    """Every list holds the same records in the same order at any page size, each once."""
    for query in seen.queries(resource):
        expected = [seen.key(resource, record) for record in seen.all(resource, exclude_fields="remote_data", **query)]
        assert len(expected) == len(set(expected)) or seen.fact(resource, "list", "repeats")
        pages = list(seen.pages(resource, limit=limit, exclude_fields="remote_data", **query))
        assert [seen.key(resource, record) for page in pages for record in page["result"]] == expected
        assert all(0 < len(page["result"]) <= limit for page in pages if expected)


@offering("list", "get")
def test_a_listed_record_reads_the_same(seen: Provider, resource: str) -> None:
    """`get` answers the very fields of the list's row, and of the completed row where rows are partial."""
    query = seen.queries(resource)[0]
    plain = seen.call("GET", resource, limit=200, **query)
    rows = plain["result"]
    assert rows, f"{seen.slug} has no {resource} to compare"
    if plain["is_partial_response"]:
        completed = seen.call("GET", resource, limit=SAMPLE, complete="true", **query)
        assert not completed["is_partial_response"]
        rows = completed["result"]
    for row in islice(rows, 0, None, max(1, len(rows) // SAMPLE)):
        record = seen.read(resource, row)
        assert compared(record) == compared(row)
        assert record["remote_data"]


@offering("list")
def test_a_record_has_every_field(seen: Provider, resource: str) -> None:
    """A record has every field of the model; what the integration has not is null or empty, never missing."""
    support = seen.capabilities[resource]
    expected = {*support["fields"], *support["absent_fields"], "custom_fields", "remote_data"}
    for record in seen.seeds(resource):
        assert set(record) == expected
        assert record["id"] and isinstance(record["id"], str)
        assert not any(record[name] for name in support["absent_fields"])


def compared(record: dict[str, Any]) -> dict[str, Any]:
    """A record in our words alone: a provider may show more of its own in one place than in the other."""
    return {name: without_query(value) for name, value in record.items() if name != "remote_data"}
