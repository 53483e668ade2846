"""Every mapping, fed answers that something is wrong with: records stay whole and as many as there are."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from polyhire.errors import InvalidRequest, MappingError
from polyhire.manifest.capabilities import capabilities
from tests.fuzz.answers import CATALOG, READS, Raw, raw_answers
from tests.fuzz.mapped import count_of, mapped
from tests.fuzz.mutate import REALISTIC, WILD, Path, changed, changes, one_of_each, places
from tests.fuzz.profile import DEEP, profile

ANSWERS = raw_answers()


def first_of_each(answers: Sequence[Raw]) -> list[Raw]:
    """The first answer of each method, for a quick run."""
    return list({(raw.slug, raw.resource, raw.method): raw for raw in reversed(answers)}.values())[::-1]


MAPPINGS = sorted({(raw.slug, raw.resource) for raw in ANSWERS})
every_answer = pytest.mark.parametrize(
    "raw", ANSWERS if DEEP else first_of_each(ANSWERS), ids=lambda raw: f"{raw.slug}/{raw.case}"
)
every_mapping = pytest.mark.parametrize(("slug", "resource"), MAPPINGS)

where = places if DEEP else one_of_each


def by_turns(paths: Iterable[Path]) -> Iterator[tuple[Path, Sequence[str]]]:
    """Places with what is done there: everything, or in a quick run one thing in turns."""
    kinds = sorted(REALISTIC)
    for turn, path in enumerate(paths):
        yield path, kinds if DEEP else kinds[turn % len(kinds) :][:1]


def of(slug: str, resource: str) -> list[Raw]:
    """The answers that one mapping is tried with."""
    return [raw for raw in ANSWERS if (raw.slug, raw.resource) == (slug, resource)]


def assert_count(raw: Raw, body: Any, found: int) -> None:
    """Assert that there is a record for each that the answer holds, where a path tells how many that are."""
    expression = raw.where.items or raw.where.item
    assert expression is not None
    expected = count_of(expression.source, body)
    assert expected in (None, found), f"{found} records of {expected}"


def test_every_read_has_an_answer() -> None:
    """No resource that is offered escapes the tests below."""
    offered = {
        (slug, resource)
        for slug in CATALOG.slugs
        for resource, support in capabilities(CATALOG.integration(slug)).items()
        if any(support.methods[method].offered for method in READS if method in support.methods)
    }
    assert offered == set(MAPPINGS)


@every_answer
def test_a_key_that_is_missing_or_null_fails_nothing(raw: Raw) -> None:
    """Without any one key, or with null or nothing in it, every other field is mapped and no field fails."""
    for path, kinds in by_turns(where(raw.body)):
        for kind in kinds:
            body = changed(raw.body, (kind, path))
            shaped = mapped(raw, body)
            assert shaped.errors == [], (kind, path)
            assert_count(raw, body, len(shaped.records))


@every_answer
def test_a_lookups_row_without_a_key_fails_nothing(raw: Raw) -> None:
    """What is joined to records may lack any key as well."""
    for path, kinds in by_turns(path for path in where(dict(raw.lookups)) if len(path) > 1):
        for kind in kinds:
            lookups = changed(dict(raw.lookups), (kind, path))
            assert mapped(raw, raw.body, lookups).errors == [], (kind, path)


@every_mapping
@given(data=some.data())
@profile(4, deep=500)
def test_many_keys_may_be_missing(slug: str, resource: str, data: some.DataObject) -> None:
    """Several keys that are missing, null or empty at once, in the answer and in its lookups, fail nothing either."""
    raw = data.draw(some.sampled_from(of(slug, resource)))
    whole = {"body": raw.body, "lookups": dict(raw.lookups)}
    made = changed(whole, *(each for each in data.draw(changes(whole, REALISTIC, 8)) if _inside(each[1])))
    shaped = mapped(raw, made["body"], made["lookups"])
    assert shaped.errors == []
    assert_count(raw, made["body"], len(shaped.records))


@every_mapping
@given(data=some.data())
@profile(6, deep=1000)
def test_anything_may_be_of_another_kind(slug: str, resource: str, data: some.DataObject) -> None:
    """Whatever stands anywhere, records are whole and as many as there are; a field that fails is null, and told."""
    raw = data.draw(some.sampled_from(of(slug, resource)))
    whole = {"body": raw.body, "lookups": dict(raw.lookups)}
    made = changed(whole, *(each for each in data.draw(changes(whole, WILD, 4)) if _inside(each[1])))
    try:
        shaped = mapped(raw, made["body"], made["lookups"])
    except MappingError as error:  # the records themselves can't be found in such a thing
        assert not error.over_limit
        assert ".items" in error.field or ".item" in error.field, error.field
        return
    assert_count(raw, made["body"], len(shaped.records))


def _inside(path: tuple[str | int, ...]) -> bool:
    return len(path) > (2 if path[0] == "lookups" else 1)


@every_mapping
@given(data=some.data())
@profile(3, deep=500)
def test_a_broken_body_is_told(slug: str, resource: str, data: some.DataObject) -> None:
    """Bytes that are no whole answer are refused as unreadable, or hold records that are whole."""
    raw = data.draw(some.sampled_from(of(slug, resource)))
    text = json.dumps(raw.body).encode()
    end = data.draw(some.integers(0, len(text)))
    junk = data.draw(some.binary(max_size=8))
    try:
        mapped(raw, text[:end] + junk)
    except (InvalidRequest, MappingError):
        return
