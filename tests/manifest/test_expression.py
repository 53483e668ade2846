"""Expressions, trees of them and request lines, as they stand in manifests."""

from typing import Any

import pytest
from pydantic import ConfigDict, TypeAdapter, ValidationError

from polyhire.expressions import Expression
from polyhire.manifest.expression import Jsonata, Leaf, Line, RequestLine, RequestText, Tree, Url

ANY_CLASS = ConfigDict(arbitrary_types_allowed=True)


def made(kind: Any, value: Any) -> Any:
    return TypeAdapter(kind, config=ANY_CLASS).validate_python(value)


def refused(kind: Any, value: Any) -> tuple[str, Any]:
    with pytest.raises(ValidationError) as caught:
        made(kind, value)
    (error,) = caught.value.errors()
    return error["msg"], error.get("ctx", {}).get("position")


def test_text_is_an_expression() -> None:
    """A text is compiled; an expression that is one already stays; anything else is refused."""
    expression = made(Jsonata, "a.b")
    assert expression.source == "a.b"
    assert made(Jsonata, expression) is expression
    assert refused(Jsonata, 5) == ("an expression is text", None)
    assert refused(Jsonata, "a.") == ("not JSONata: Unexpected end of expression", 2)


def test_a_leaf_is_an_expression_or_itself() -> None:
    """Numbers, booleans and nulls are themselves."""
    assert [made(Leaf, value) for value in (5, 1.5, True, None)] == [5, 1.5, True, None]
    assert isinstance(made(Leaf, "5"), Expression)


def test_a_tree_nests() -> None:
    """Mappings and lists nest to any depth, with leaves at the ends."""
    tree = made(Tree, {"a": [1, {"b": "x.y"}], "c": None})
    assert tree["a"][0] == 1
    assert tree["a"][1]["b"].source == "x.y"
    assert tree["c"] is None


def test_models_write_what_was_read() -> None:
    """Expressions and lines are written as the text they came from."""
    for kind, text in ((Jsonata, "a.b"), (Url, "https://{a}.example"), (RequestText, "GET /a/{id}")):
        assert TypeAdapter(kind, config=ANY_CLASS).dump_python(made(kind, text)) == text


def test_a_request_line_is_a_verb_and_a_path() -> None:
    """Its holes are expressions, its fixed text stays."""
    line = made(RequestText, "PATCH /people/{id}/notes/{body.note.id}?x=1")
    assert line.verb == "PATCH"
    assert line.text == "/people/{id}/notes/{body.note.id}?x=1"
    assert [hole.source for hole in line.holes] == ["id", "body.note.id"]
    assert [piece for piece in line.pieces if isinstance(piece, str)] == ["/people/", "/notes/", "?x=1"]
    assert not line.whole
    assert made(RequestText, line) is line


def test_a_line_can_be_one_hole() -> None:
    """A line that is nothing but a hole is a complete address that the provider gave."""
    assert made(RequestText, "GET {found.url}").whole
    assert not Line("{a}{b}").whole
    assert Line("plain").holes == ()


@pytest.mark.parametrize("text", ["/people", "get /people", "FETCH /people", "GET people", "GET  /people", "GET ", ""])
def test_other_lines_are_refused(text: str) -> None:
    """What is no verb and path is told what one looks like."""
    message = f"a request line is a verb and a path, like `GET /candidates/{{id}}`, not '{text}'"
    assert refused(RequestText, text) == (message, None)


def test_a_mistake_in_a_hole_has_its_position_in_the_line() -> None:
    """The position counts from the start of the whole text, the verb included."""
    text = "GET /people/{id}/{a +}"
    assert refused(RequestText, text) == ("not JSONata: Unexpected end of expression", text.index("+") + 1)
    assert refused(Url, "https://{a.}") == ("not JSONata: Unexpected end of expression", 11)
    assert refused(RequestText, "GET /{$eval('x')}") == ("$eval is not available", 6)


def test_a_source_that_is_too_long_has_no_position() -> None:
    """Nothing points into an expression that was not looked at."""
    assert refused(Url, "https://{" + "a" * 70_000 + "}")[1] is None


def test_an_address_is_https() -> None:
    """Addresses start with https, or with what varies; the machine itself may be asked in clear."""
    for text in ("https://a.example", "http://127.0.0.1:8000/x", "{session.url}/rest"):
        assert made(Url, text).text == text
    assert refused(Url, "http://a.example") == ("a provider's address starts with https://", None)
    assert refused(Url, 5) == ("an address is text", None)
    assert refused(RequestText, 5) == ("a request line is text, like `GET /candidates/4410`", None)
    line = RequestLine("GET /a")
    assert made(RequestText, line) is line
    url = Line("https://a.example")
    assert made(Url, url) is url
