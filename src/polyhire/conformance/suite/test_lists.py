"""Lists: every record once whatever the size of a page, and each the same as when it is read alone."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest

from polyhire.conformance.offered import offering, where
from polyhire.conformance.provider import Provider, Record
from polyhire.conformance.servers import Servers
from polyhire.conformance.values import is_empty, without_query

SAMPLE = 4
PAGES = 4
"""Pages of a few records that are read one by one; larger ones are read to the end."""


@where("candidates", "list")
def test_nobody_of_the_company_is_missing(seen: Provider, servers: Servers) -> None:
    """Each candidate of the company that recruits with the simulator is listed, and nobody else."""
    people = servers.people.candidates
    listed = seen.seeds("candidates")
    assert {person.name for person in people if not person.anonymised} <= {record["name"] for record in listed}
    if not seen.fact("candidates", "list", "repeats"):
        assert len({record["id"] for record in listed}) == len(listed) == len(people)


@pytest.mark.parametrize("size", ["one", "few", "third"])
@offering("list")
def test_every_record_comes_once(seen: Provider, resource: str, size: str) -> None:
    """Every list holds the same records in the same order at any page size, each once."""
    fields = seen.key_fields(resource)
    for query in seen.queries(resource)[:2]:
        expected = [seen.key(resource, record) for record in seen.all(resource, fields=fields, **query)]
        assert len(expected) == len(set(expected)) or seen.fact(resource, "list", "repeats")
        limit = {"one": 1, "few": 7, "third": len(expected) // 3 + 1}[size]
        most = None if size == "third" else PAGES
        pages = list(islice(seen.pages(resource, limit=limit, fields=fields, **query), most))
        found = [seen.key(resource, record) for page in pages for record in page["result"]]
        assert found == expected[: len(found)]
        assert len(found) == (len(expected) if most is None else min(len(expected), limit * PAGES))
        assert all(page["result_count"] == len(page["result"]) == limit for page in pages[:-1])
        assert all(0 < len(page["result"]) <= limit for page in pages if expected)


@offering("list", "get")
def test_a_listed_record_reads_the_same(seen: Provider, resource: str) -> None:
    """`get` answers the very fields of the list's row, and of the completed row where rows are partial."""
    rows = seen.seeds(resource)
    assert not seen.call("GET", resource, limit=1, complete="true", **seen.queries(resource)[0])["is_partial_response"]
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


@offering("list")
def test_a_mapped_field_is_told(seen: Provider, resource: str) -> None:
    """A field that the integration maps is told of some record at least; conformance.yaml says of which it is not."""
    silent = seen.fact(resource, "list", "empty") or {}
    fields = {*seen.capabilities[resource]["fields"]} - {"custom_fields"}  # these are what a customer made
    empty = {name for name in fields if all(is_empty(record[name]) for record in seen.seeds(resource))}
    for record in by_reference(seen, resource) if empty else ():
        empty -= {name for name in empty if not is_empty(record[name])}
    assert empty == set(silent), "no record has these fields, or `empty` names one that is told"


def by_reference(provider: Provider, resource: str) -> Iterator[Record]:
    """Records of lists that were asked for one owner: some providers name the owner there alone."""
    for name, operators in provider.capabilities[resource]["methods"]["list"]["filters"].items():
        if name.endswith("_id") and not operators and name not in (provider.fact(resource, "list", "nothing_by") or ()):
            for value in provider.ids(name):
                yield from provider.all(resource, complete="true", **{name: value})


def compared(record: dict[str, Any]) -> dict[str, Any]:
    """A record in our words alone: a provider may show more of its own in one place than in the other."""
    return {name: without_query(value) for name, value in record.items() if name != "remote_data"}
