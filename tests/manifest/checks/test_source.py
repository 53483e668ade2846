"""Finding names in an expression's text."""

import jlens
import pytest

from polyhire.manifest.checks.source import (
    code_of,
    is_called,
    is_traceable,
    is_used,
    position_of_path,
    position_of_variable,
)
from polyhire.manifest.checks.words import BUILT_IN


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('a & "b \\" c" & d', 'a & "      " & d'),
        ("a & 'b' & d", 'a & " " & d'),
        ("a /* b\n c */ + d", "a     \n      + d"),
        ("`a b`.c", "`a b`.c"),
        ("$match(a, /b\\/c/i)", "$match(a,        )"),
        ("a / b / c", "a / b / c"),
        ('"a" / b', '" " / b'),
        ("(a) / b / c", "(a) / b / c"),
        ("a[0] / b", "a[0] / b"),
        ("/", "/"),
        ("it's", "it's"),
    ],
)
def test_only_code_is_left(source: str, expected: str) -> None:
    """Texts, comments and regular expressions are blanked, every other character keeps its place."""
    assert code_of(source) == expected
    assert len(code_of(source)) == len(source)


@pytest.mark.parametrize(
    ("source", "path", "expected"),
    [
        ("query.email", ("query", "email"), 6),
        ('"query.email" & query.email', ("query", "email"), 22),
        ("query . email", ("query", "email"), 8),
        ("query.(email)", ("query", "email"), 7),
        ("query.{'a': email}", ("query", "email"), 12),
        ("body.emails[0].type", ("body", "emails", "type"), 15),
        ("`query`.`first name`", ("query", "first name"), 8),
        ("emails.email", ("email",), 7),
        ("$query.query.email", ("query",), 7),
        ("a.query", ("query",), 2),
        ("a.b", ("c",), None),
        ("a.b", ("a", "c"), None),
    ],
)
def test_the_last_name_of_a_path_is_found(source: str, path: tuple[str, ...], expected: int | None) -> None:
    """Spelled out, or as far as it is."""
    assert position_of_path(source, path) == expected


def test_variables_are_found() -> None:
    """Only whole ones, and the input itself."""
    assert position_of_variable("$notes & $note", "note") == 9
    assert position_of_variable("'$note'", "note") is None
    assert position_of_variable("a & $$.b", "$") == 4
    assert position_of_variable("$", "$") is None


def test_calls_and_values_differ() -> None:
    """A function that is called or passed on to is not used as a value."""
    assert is_called("$each (a, $f)", "each")
    assert not is_called("$each.a", "each")
    assert is_used("$each.a", "each")
    assert not is_used("$each(a, $f)", "each")
    assert not is_used("a ~> $each", "each")


def test_parents_and_bindings_hide_what_is_read() -> None:
    """A modulo is no parent."""
    assert is_traceable("a % b")
    assert not is_traceable("a.%.b")
    assert not is_traceable("%.b")
    assert not is_traceable("a@$x.b")


def test_the_built_in_functions_are_built_in() -> None:
    """Each name in the list is one that the engine has itself."""
    assert [name for name in BUILT_IN if jlens.Expression(f"${name}").reads()["bindings"]] == []
