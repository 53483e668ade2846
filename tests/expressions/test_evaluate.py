"""Expressions: compiled with positions, evaluated within limits, and open about what they read."""

import time
from dataclasses import replace
from typing import Any

import pytest

from polyhire.errors import MappingError
from polyhire.expressions import ABSENT, LIMITS, Expression, below

BRIEF = replace(LIMITS, timeout=0.1)


def failing(source: str, data: Any = None) -> MappingError:
    with pytest.raises(MappingError) as caught:
        Expression(source, "jobs.name").evaluate(data, BRIEF)
    return caught.value


def test_an_expression_finds_values() -> None:
    """A result comes as Python values."""
    assert Expression("a.b[c > 1].c").evaluate({"a": {"b": [{"c": 1}, {"c": 2}, {"c": 3}]}}) == [2, 3]


def test_nothing_is_not_null() -> None:
    """What is not there is ABSENT, which is false; what is null is None."""
    assert Expression("a").evaluate({}) is ABSENT
    assert not ABSENT
    assert repr(ABSENT) == "ABSENT"
    assert Expression("a").evaluate({"a": None}) is None


def test_json_goes_in_and_out_as_text() -> None:
    """The engine's own path takes JSON text and gives JSON text, or None for nothing."""
    assert Expression("a").evaluate_text('{"a": [1, "é"]}') == '[1,"é"]'
    assert Expression("b").evaluate_text("{}") is None
    assert Expression("1 + 1").evaluate_text(None) == "2"


def test_malformed_json_is_a_mapping_error() -> None:
    """Text that is not JSON is reported like any other failure."""
    with pytest.raises(MappingError, match=r"jobs\.name"):
        Expression("a", "jobs.name").evaluate_text("{")


@pytest.mark.parametrize(
    ("source", "position"),
    [("a +", 3), ("(a.b", 4), ("a.b ~> ]", 7), ("first_name & 'x", 13), ("a\n  ? b : )", 10), ("a +  \n\n", 3)],
)
def test_what_is_not_jsonata_is_refused_at_its_position(source: str, position: int) -> None:
    """A source that does not parse raises at once, with the character where it goes wrong."""
    with pytest.raises(MappingError, match="not JSONata") as caught:
        Expression(source)
    assert caught.value.position == position


def test_a_failing_evaluation_names_place_reason_and_position() -> None:
    """An error while evaluating has the field, the reason, the author's own position, and is no limit."""
    error = failing('1 + $number("x")')
    assert (error.field, error.position, error.over_limit) == ("jobs.name", 4, False)
    assert error.message == 'jobs.name: Unable to cast value to a number: "x" at character 4 in: 1 + $number("x")'


def test_the_prelude_does_not_move_positions() -> None:
    """With functions of ours in front, positions are still those of the author's text."""
    source = '$firstName(name) & $lastName(name) & $number("x")'
    assert failing(source, {"name": "Ada King"}).position == source.index("$number")


def test_an_error_inside_our_own_functions_points_into_the_text() -> None:
    """A mistake in what is passed to a prelude function is placed inside the author's text."""
    error = failing('$joinNonEmpty(["a", "b"], 5)')
    assert error.position is not None
    assert 0 <= error.position <= len('$joinNonEmpty(["a", "b"], 5)')


def test_an_error_of_a_python_function_is_a_mapping_error() -> None:
    """A function of ours that refuses its arguments fails the expression, not the process."""
    assert failing('$digest("crc32", "x")').reason == "no digest 'crc32'; there are: md5, sha1, sha256, sha384, sha512"


@pytest.mark.parametrize(
    "source",
    [
        "( $f := function() { $f() }; $f() )",
        "( $f := function($x) { 1 + $f($x) }; $f(1) )",
        "[1..10000000000]",
        "[1..2000000]",
        "( $s := function($x, $n) { $n > 0 ? $s($x & $x, $n - 1) : $x }; $s('aaaaaaaaaa', 60) )",
        '$pad("x", 1000000000)',
        '$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /^(a+)+$/)',
        "$map([1..1000000], function($i) { $map([1..1000000], function($j) { $i * $j }) })",
    ],
    ids=["tail recursion", "recursion", "huge range", "long list", "string bomb", "padding", "regex", "nested maps"],
)
def test_a_program_that_wants_too_much_is_stopped(source: str) -> None:
    """Endless, huge and exponential programs stop within the limit, and the error says that it was one."""
    started = time.perf_counter()
    error = failing(source)
    assert error.over_limit
    assert time.perf_counter() - started < 3


@pytest.mark.parametrize(("limit", "reason"), [("steps", "budget of 10 steps"), ("result", "limit of 10 bytes")])
def test_steps_and_results_have_limits(limit: str, reason: str) -> None:
    """An evaluation may make so many steps, and a result may have so many characters."""
    with pytest.raises(MappingError, match=reason) as caught:
        Expression("[1..100].($ * 2)").evaluate(None, replace(LIMITS, **{limit: 10}))
    assert caught.value.over_limit


@pytest.mark.parametrize("brackets", ["()", "[]"])
def test_deep_nesting_is_refused_before_it_runs(brackets: str) -> None:
    """Five thousand brackets are refused when compiling, not with a crash."""
    with pytest.raises(MappingError, match="nested too deeply"):
        Expression(brackets[0] * 5000 + "1" + brackets[1] * 5000)


def test_a_source_has_64_kb_at_most() -> None:
    """One character more than 65,536 is refused; the full length works."""
    assert Expression("1" + " " * (64 * 1024 - 1)).evaluate() == 1
    with pytest.raises(MappingError, match="65536 characters, not 65537"):
        Expression("1" + " " * (64 * 1024))


def test_eval_is_not_available() -> None:
    """$eval is refused with its position; names that only begin alike are not."""
    with pytest.raises(MappingError, match=r"\$eval is not available") as caught:
        Expression("a & $eval('1')")
    assert caught.value.position == 4
    assert Expression("( $evaluation := 1; $evaluation )").evaluate() == 1


def test_inputs_tell_what_is_read() -> None:
    """What an expression reads of its input is a tree; all of it is True."""
    expression = Expression('query.created_at.gte & query.email ? {"x": page.size}')
    assert expression.inputs == {"query": {"created_at": {"gte": True}, "email": True}, "page": {"size": True}}
    assert expression.reads("query", "created_at") == {"gte": True}
    assert expression.reads("query", "email", "deeper") is True
    assert expression.reads("body") == {}
    assert Expression("$").inputs is True
    assert Expression("1").inputs == {}
    assert below(True, "a") is True


def test_variables_are_what_the_surroundings_must_provide() -> None:
    """Variables are those that neither the expression, nor JSONata, nor we define."""
    expression = Expression('( $own := 1; $dateTime($posts.at) & $idList($own) & $string($call.id) & $host("x") )')
    assert expression.variables == {"posts": {"at": True}, "call": {"id": True}}


def test_our_functions_read_only_their_arguments() -> None:
    """A call of a function of ours does not count as reading everything."""
    assert Expression("$dateTime(a.b)").inputs == {"a": {"b": True}}
    assert Expression("$idList(items.id)").inputs == {"items": {"id": True}}


def test_an_expression_shows_its_source() -> None:
    """In a debugger an expression is its source."""
    assert repr(Expression("a.b")) == "Expression('a.b')"


def test_a_comment_at_the_end_does_not_swallow_what_we_add() -> None:
    """What is put around a source stands on lines of its own."""
    assert Expression("a /* the name */").evaluate({"a": 1}) == 1
