"""What expressions can see."""

import orjson
import pytest

from polyhire.engine.scope import Scope, exact
from polyhire.expressions import ABSENT, Expression, Template


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (b'{"a":9007199254740993}', b'{"a":"9007199254740993"}'),
        (b'{"a":-12345678901234567}', b'{"a":"-12345678901234567"}'),
        (b"[12345678901234567,1,123456789012345]", b'["12345678901234567",1,123456789012345]'),
        (b'{"a":"x 12345678901234567"}', b'{"a":"x 12345678901234567"}'),
        (b'{"a":"\\"12345678901234567"}', b'{"a":"\\"12345678901234567"}'),
        (b'{"score":0.8333333333333334}', b'{"score":0.8333333333333334}'),
        (b'{"score":-0.12345678901234567}', b'{"score":-0.12345678901234567}'),
        (b'{"score":1234567890123456.5}', b'{"score":1234567890123456.5}'),
        (b'{"score":1234567890123456e2}', b'{"score":1234567890123456e2}'),
        (b'{"score":1.5e-1234567890123456}', b'{"score":1.5e-1234567890123456}'),
        (b'{"a":"f12345678901234567","b": 12345678901234567}', b'{"a":"f12345678901234567","b": "12345678901234567"}'),
        (
            b'{"a":"f12345678901234567","b":[\n-12345678901234567]}',
            b'{"a":"f12345678901234567","b":[\n"-12345678901234567"]}',
        ),
        (b"12345678901234567", b'"12345678901234567"'),
    ],
)
def test_long_integers_become_text(given: bytes, expected: bytes) -> None:
    """Integers that JSONata would round are handed over as text; fractions and texts stay as they are."""
    assert exact(given) == expected


def test_absent_names_are_not_there() -> None:
    """A value that was not found is no name in the scope, while null is one."""
    scope = Scope({"a": ABSENT, "b": None}).with_(c=ABSENT)
    assert scope.evaluate(Expression("$exists(a)")) is False
    assert scope.evaluate(Expression("$exists(c)")) is False
    assert scope.evaluate(Expression("$exists(b)")) is True


def test_a_later_value_replaces_an_earlier_one() -> None:
    """`with_` gives a name another value, and leaves the scope it came from alone."""
    scope = Scope({"a": 1})
    assert scope.with_(a=2).evaluate(Expression("a")) == 2
    assert scope.evaluate(Expression("a")) == 1


def test_nothing_found_is_absent() -> None:
    """An expression that finds nothing gives ABSENT, one that finds null gives null."""
    scope = Scope({"a": {"x": None}})
    assert scope.evaluate(Expression("a.y")) is ABSENT
    assert scope.evaluate(Expression("a.x")) is None


def test_only_what_is_read_is_written() -> None:
    """A name that an expression does not read is not turned into text at all."""
    scope = Scope({"a": 1, "unread": orjson.Fragment(b"not json")})
    assert scope.evaluate(Expression("a")) == 1
    assert scope.fill(Template({"x": Expression("a")})) == {"x": 1}


LONG = "x" * 5000


@pytest.mark.parametrize(
    ("value", "cut"),
    [
        ({"next": "t", "data": LONG}, {"next": "t"}),
        ({"data": LONG, "next": None}, {"next": None}),
        ({"data": LONG}, {}),
        ([{"next": 1, "data": LONG}, {"data": 2}], [{"next": 1}, {}]),
        ({"next": "t", "data": "short"}, {"next": "t", "data": "short"}),
        ([{"next": 1}, None, LONG], [{"next": 1}, None, LONG]),
        (LONG, LONG),
    ],
)
def test_long_pieces_are_cut_down_to_what_is_read(value: object, cut: object) -> None:
    """Of a long piece of JSON only the keys that are read are written; one that is not all objects stays whole."""
    scope = Scope({"body": orjson.Fragment(orjson.dumps(value))})
    assert orjson.loads(scope.text({"body": {"next": True}})) == {"body": cut}
    assert orjson.loads(scope.text({"body": True})) == {"body": value}
