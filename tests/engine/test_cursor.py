"""Cursors are sealed."""

import base64

import pytest

from polyhire.engine.cursor import Position, Seal
from polyhire.errors import InvalidCursor

OLD, NEW = b"o" * 32, b"n" * 32
BOUND = ["account-1", "tiny", "candidates", "list", {"a": 1, "b": 2}, {}]


@pytest.mark.parametrize(
    "position", [Position("t", None, 7, 3), Position(12), Position(url="https://x.example/?p=2"), Position({"a": [1]})]
)
def test_a_cursor_opens_to_its_position(position: Position) -> None:
    """What was sealed comes back whole, with filters in any order."""
    seal = Seal([NEW])
    other_order = [*BOUND[:4], {"b": 2, "a": 1}, {}]
    assert seal.open(seal.close(position, BOUND), other_order) == position


def test_a_cursor_tells_nothing() -> None:
    """Neither the token nor equal positions can be read from cursors."""
    seal = Seal([NEW])
    first, second = seal.close(Position("token-77"), BOUND), seal.close(Position("token-77"), BOUND)
    assert first != second
    assert b"token-77" not in base64.urlsafe_b64decode(first + "==")


@pytest.mark.parametrize("index", range(6))
def test_a_cursor_is_bound_to_its_call(index: int) -> None:
    """A cursor does not open for another account, integration, resource, method, query or remote query."""
    seal = Seal([NEW])
    other = list(BOUND)
    other[index] = "other"
    with pytest.raises(InvalidCursor):
        seal.open(seal.close(Position("t"), BOUND), other)


def test_a_cursor_that_was_altered_does_not_open() -> None:
    """Any change of a cursor is noticed, at every place of it."""
    cursor = Seal([NEW]).close(Position("t"), BOUND)
    for index in range(0, len(cursor) - 1, 7):
        altered = cursor[:index] + ("A" if cursor[index] != "A" else "B") + cursor[index + 1 :]
        with pytest.raises(InvalidCursor):
            Seal([NEW]).open(altered, BOUND)


@pytest.mark.parametrize("garbage", ["", "x", "!!!", "é", "a" * 5, "AAAA", "a b", "A" * 200])
def test_garbage_is_no_cursor(garbage: str) -> None:
    """What never was a cursor is refused with a way out, not with a crash."""
    with pytest.raises(InvalidCursor, match="next_cursor of the last answer"):
        Seal([NEW]).open(garbage, BOUND)


def test_old_keys_still_open() -> None:
    """Cursors of a key that is further down the ring open; those of a key that is gone don't; the newest seals."""
    cursor = Seal([OLD]).close(Position("t"), BOUND)
    assert Seal([NEW, OLD]).open(cursor, BOUND) == Position("t")
    with pytest.raises(InvalidCursor):
        Seal([NEW]).open(cursor, BOUND)
    assert Seal([NEW]).open(Seal([NEW, OLD]).close(Position("u"), BOUND), BOUND) == Position("u")
