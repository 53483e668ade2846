"""Query strings: brackets, lists, booleans, and whatever else callers may send."""

from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyhire.api.query import PARAMETERS, parse_query, read_asked
from polyhire.errors import InvalidRequest

NAME = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
BRANCHES = st.recursive(
    TEXT,
    lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(NAME, inner, min_size=1, max_size=3),
    max_leaves=6,
)
TREES = st.dictionaries(NAME, BRANCHES, max_size=4)


def pairs_of(value: Any, name: str) -> list[tuple[str, str]]:
    """A tree as pairs with bracketed names."""
    match value:
        case dict():
            return [pair for key, inner in value.items() for pair in pairs_of(inner, f"{name}[{key}]")]
        case list():
            return [pair for index, inner in enumerate(value) for pair in pairs_of(inner, f"{name}[{index}]")]
    return [(name, value)]


def depth(value: Any) -> int:
    """How deep a tree is nested."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(depth, inner), default=0)


@given(TREES.filter(lambda tree: depth(tree) <= 6))
def test_a_tree_survives_the_way_through_brackets(tree: dict[str, Any]) -> None:
    """Lists and objects come back as they were written."""
    pairs = [pair for name, value in tree.items() for pair in pairs_of(value, name)]
    assert parse_query(urlencode(pairs, quote_via=quote).encode()) == tree


@given(st.binary(max_size=200) | st.text("ab[]=&01%.;+", max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    """Whatever stands in a query string, it is parameters or an InvalidRequest."""
    try:
        read_asked(raw)
    except InvalidRequest as error:
        assert error.message


@pytest.mark.parametrize(
    ("raw", "tree"),
    [
        (b"a[]=1&a[]=2", {"a": ["1", "2"]}),
        (b"a[1]=y&a[0]=x", {"a": ["x", "y"]}),
        (b"a=1&a=2&a=3", {"a": ["1", "2", "3"]}),
        (b"a[b][c]=1&a[b][d]=2", {"a": {"b": {"c": "1", "d": "2"}}}),
        (b"a=&b", {"a": "", "b": ""}),
        (b"a=x+y%2Bz", {"a": "x y+z"}),
        (b"", {}),
    ],
)
def test_the_notations(raw: bytes, tree: dict[str, Any]) -> None:
    """Each notation means what it says."""
    assert parse_query(raw) == tree


@pytest.mark.parametrize("raw", [b"[a]=1", b"a]=1", b"a[b=1", b"a[b]c=1", b"=1"])
def test_malformed_names_are_refused(raw: bytes) -> None:
    """A name that is no name is named."""
    with pytest.raises(InvalidRequest, match="malformed"):
        parse_query(raw)


@pytest.mark.parametrize("name", sorted(PARAMETERS))
def test_every_parameter_answers_to_both_names(name: str) -> None:
    """`truto_x` and `x` are one parameter; two values for it contradict each other."""
    value = {"limit": "5", "response_format": "raw", "complete": "true", "ignore_remote_data": "true"}.get(name, "x")
    suffix = "[k]" if name == "remote_query" else ""
    plain, other = (read_asked(f"{prefix}{name}{suffix}={value}".encode()) for prefix in ("", "truto_"))
    assert plain == other != read_asked(b"")
    assert plain.rest == {}
    with pytest.raises(InvalidRequest, match="twice"):
        read_asked(f"{name}{suffix}={value}&truto_{name}{suffix}=other".encode())


def test_remote_query_keeps_numbers_for_names() -> None:
    """What goes to the provider is an object whatever its keys."""
    assert read_asked(b"remote_query[0]=a&remote_query[x][]=b").remote_query == {"0": "a", "x": ["b"]}
    assert read_asked(b"remote_query[0]=a").remote_query == {"0": "a"}


def test_what_is_empty_is_not_asked() -> None:
    """`next_cursor=` is how some clients ask for the first page; an empty list of fields is none."""
    assert read_asked(b"next_cursor=&fields=&exclude_fields[]=") == read_asked(b"")
