"""Trees of expressions: one program, nothing sent for nothing, and the culprit named."""

from typing import Any

import orjson
import pytest

from polyhire.errors import MappingError
from polyhire.expressions import Expression, Template, leaves, source_of


def e(source: str, where: str = "expression") -> Expression:
    return Expression(source, where)


def filled(tree: Any, data: Any) -> Any:
    return Template(tree).evaluate(orjson.dumps(data).decode())


def test_a_tree_is_filled() -> None:
    """Expressions are replaced by what they find; numbers, booleans and nulls are themselves."""
    tree = {"a": e("x"), "b": [e("y"), 1, True], "c": {"d": e("x & y")}, "n": None, "it's": 2.5}
    expected = {"a": "1", "b": ["2", 1, True], "c": {"d": "12"}, "n": None, "it's": 2.5}
    assert filled(tree, {"x": "1", "y": "2"}) == expected


def test_nothing_is_left_out_and_null_is_kept() -> None:
    """What an expression does not find is not sent; a null that it finds means "clear this" and is."""
    assert filled({"a": e("x"), "b": e("y")}, {"y": None}) == {"b": None}


def test_objects_of_the_tree_vanish_when_nothing_is_in_them() -> None:
    """An object of the tree without anything found in it goes too, at every depth; a made one stays."""
    tree = {"a": {"b": {"c": e("x")}}, "d": e("{}"), "l": [{"m": e("x")}]}
    assert filled(tree, {}) == {"d": {}, "l": [{}]}
    assert filled({"a": {"b": e("x")}}, {}) == {}


def test_a_list_of_the_tree_closes_up() -> None:
    """An entry that finds nothing leaves no hole."""
    assert filled({"a": [e("x"), e("y")]}, {"y": 2}) == {"a": [2]}


def test_a_single_expression_is_a_tree() -> None:
    """A whole body may be one expression; nothing found is None."""
    assert filled(e("x"), {"x": {"a": 1}}) == {"a": 1}
    assert filled(e("x"), {}) is None


def test_inputs_are_those_of_all_expressions() -> None:
    """A template reads what its expressions read."""
    assert Template({"a": e("x.y"), "b": [e("z")]}).inputs == {"x": {"y": True}, "z": True}


def test_the_culprit_is_named() -> None:
    """When one of many expressions fails, the error is its own: its place, its text, its position."""
    tree = {"a": e("x", "jobs.list.query.a"), "b": e('1 + $number("no")', "jobs.list.query.b")}
    with pytest.raises(MappingError) as caught:
        filled(tree, {})
    assert (caught.value.field, caught.value.position) == ("jobs.list.query.b", 4)


def test_without_a_culprit_the_template_is_named() -> None:
    """When no expression fails on its own, the template's error stands."""
    tree = {"a": [e("$pad('x', 30000000 / 4)", "one")] * 7}
    with pytest.raises(MappingError) as caught:
        Template(tree, "GET /jobs").evaluate("{}")
    assert caught.value.field == "GET /jobs"
    assert caught.value.over_limit


def test_leaves_come_in_order() -> None:
    """Every expression of a tree, in the order of the text."""
    first, second = e("a"), e("b")
    assert list(leaves({"x": [first, 1], "y": {"z": second}, "n": None})) == [first, second]


def test_keys_are_quoted() -> None:
    """Any text may be a key."""
    assert source_of({'a"b': 1, "c": e("d")}) == '{"a\\"b": 1, "c": (d\n)}'
    assert filled({'a"\\': e("x")}, {"x": 1}) == {'a"\\': 1}
