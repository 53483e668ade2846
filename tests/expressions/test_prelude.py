"""The functions we add in JSONata itself."""

from typing import Any

import pytest
from hypothesis import given, settings

from polyhire.errors import MappingError
from polyhire.expressions import ABSENT, Expression
from polyhire.expressions.prelude import PRELUDE, needed_prelude
from tests.expressions.test_functions import JSON


@pytest.mark.parametrize(
    ("source", "data", "expected"),
    [
        ('$mapValues(a, {"OPEN": "open"})', {"a": "OPEN"}, "open"),
        ('$mapValues(a, {"OPEN": "open"})', {"a": "other"}, "other"),
        ('$mapValues(a, {"OPEN": "open"})', {"a": ["OPEN", "x"]}, ["open", "x"]),
        ('$mapValues(a, {"1": "one"})', {"a": 1}, "one"),
        ('$mapValues(a, {"true": "yes"})', {"a": True}, "yes"),
        ('$mapValues(a, {"OPEN": "open"})', {"a": None}, None),
        ('$mapValues(a, {"OPEN": null})', {"a": "OPEN"}, None),
        ('$mapValues(a, {"OPEN": "open"})', {}, ABSENT),
        ("$firstNonEmpty([a, b, c])", {"a": None, "b": "", "c": "x"}, "x"),
        ("$firstNonEmpty([a, b])", {"a": [], "b": {}}, ABSENT),
        ("$firstNonEmpty([a, b])", {"a": 0, "b": 1}, 0),
        ("$firstNonEmpty([a, b])", {"a": False, "b": True}, False),
        ("$firstNonEmpty([])", {}, ABSENT),
        ("$firstName(a)", {"a": " Ada King Lovelace "}, "Ada"),
        ("$firstName(a)", {"a": "Ada"}, "Ada"),
        ("$firstName(a)", {"a": 5}, ABSENT),
        ("$firstName(a)", {}, ABSENT),
        ("$lastName(a)", {"a": "Ada  King Lovelace"}, "King Lovelace"),
        ("$lastName(a)", {"a": "Ada "}, ABSENT),
        ("$lastName(a)", {"a": None}, ABSENT),
        ("$idList(a.id)", {"a": [{"id": 1}, {"id": None}, {"id": "x"}, {"id": 1}, {"id": ""}]}, "1,x"),
        ("$idList(a.id)", {"a": [{"id": 7}]}, "7"),
        ("$idList(a.id)", {"a": []}, ABSENT),
        ("$idList(a.id)", {"a": [{"id": None}]}, ABSENT),
        ('$joinNonEmpty([a, b, c], " ")', {"a": "Ada", "b": "", "c": "King"}, "Ada King"),
        ('$joinNonEmpty([a, b], ", ")', {"a": None, "b": "x"}, "x"),
        ('$joinNonEmpty([a, b], ", ")', {"a": 5}, ABSENT),
    ],
)
def test_what_they_answer(source: str, data: Any, expected: Any) -> None:
    """Each answers what its comment says, and nothing where there is nothing to say."""
    found = Expression(source).evaluate(data)
    assert found is expected if expected is ABSENT else (found == expected and type(found) is type(expected))


def test_only_what_is_mentioned_is_added() -> None:
    """A program carries only the functions that it names."""
    assert list(needed_prelude("$lastName(a) & $firstName(b) & $idListed(c)")) == ["firstName", "lastName"]


@settings(max_examples=30, deadline=None)
@given(JSON, JSON)
@pytest.mark.parametrize("name", sorted(PRELUDE))
def test_no_input_breaks_them(name: str, first: Any, second: Any) -> None:
    """Whatever JSON they are given, they answer, or fail as a MappingError."""
    takes_two = "," in PRELUDE[name].split(")")[0]
    try:
        Expression(f"${name}(a{', b' if takes_two else ''})").evaluate({"a": first, "b": second})
    except MappingError as error:
        assert error.reason
