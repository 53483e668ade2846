"""Where the records are in an answer."""

import orjson
import pytest

from polyhire.engine.items import items_of, joined
from polyhire.engine.scope import Scope
from polyhire.expressions import Expression


def found(source: str, body: bytes) -> list[bytes]:
    scope = Scope({"body": orjson.Fragment(body) if body else None, "status": 200})
    return items_of(Expression(source), scope, body)


@pytest.mark.parametrize(
    ("source", "body", "expected"),
    [
        ("body", b'[{"a": 1}, {"a":2}]', [b'{"a": 1}', b'{"a":2}']),
        ("body", b' {"a": 1.10} ', [b'{"a": 1.10}']),
        (" body.results ", b'{"results": [{"n": 1.0}], "n": 2}', [b'{"n": 1.0}']),
        ("body.a.b", b'{"a": {"b": [1, 2]}}', [b"1", b"2"]),
        ("body.`odd name`.`x-y`", b'{"odd name": {"x-y": [3]}}', [b"3"]),
        ("body[0]", b"[7, 8]", [b"7"]),
        ("body.results[0]", b'{"results": [7, 8]}', [b"7"]),
        ("body.results", b'{"results": {"one": 1}}', [b'{"one": 1}']),
        ("body.results", b'{"results": [null, 1, null]}', [b"1"]),
        ("body.results", b'{"results": null}', []),
        ("body.results", b'{"other": 1}', []),
        ("body.a.b", b'{"a": {}}', []),
        ("body.a.b", b"{}", []),
        ("body.a.b", b'{"a": null}', []),
        ("body.results", b"", []),
        ("body.results", b"[]", []),
        ("body.results", b'[{"results": [1]}, {"results": [2]}]', [b"1", b"2"]),
        ("body.results[kind = 'x']", b'{"results": [{"kind":"x"},{"kind":"y"}]}', [b'{"kind":"x"}']),
        ("body.results.$merge([$, {'k': 1}])", b'{"results": [{}, {}]}', [b'{"k":1}', b'{"k":1}']),
        ("status = 200 ? body.a", b'{"a": {"b": 2}}', [b'{"b":2}']),
    ],
)
def test_records_are_found(source: str, body: bytes, expected: list[bytes]) -> None:
    """A plain path gives the provider's own bytes; any expression gives one record or many, without nulls."""
    assert found(source, body) == expected


def test_big_integers_keep_their_digits() -> None:
    """A record that is cut out of an answer keeps every digit of its numbers."""
    body = b'{"results":[{"id":123456789012345678901234567890,"score":0.10}]}'
    assert found("body.results", body) == [b'{"id":123456789012345678901234567890,"score":0.10}']


def test_joined_is_a_json_list() -> None:
    """Records are put in one list as they are."""
    assert orjson.dumps(joined([b'{"a": 1}', b"2"])) == b'[{"a": 1},2]'
    assert orjson.dumps(joined([])) == b"[]"
