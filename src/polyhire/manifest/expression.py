"""How expressions, trees of them, and request lines stand in a manifest's pydantic models."""

import re
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    PlainSerializer,
    Tag,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from polyhire.errors import MappingError
from polyhire.expressions import Expression


class Part(BaseModel):
    """A part of a manifest: nothing but what is declared may stand in it, and it never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, populate_by_name=True)


def _expression(value: Any) -> Expression:
    if isinstance(value, Expression):
        return value
    if not isinstance(value, str):
        raise PydanticCustomError("expression", "an expression is text")
    try:
        return Expression(value)
    except MappingError as error:
        raise PydanticCustomError(
            "expression", "{reason}", {"reason": error.reason, "position": error.position}
        ) from None


def _kind(value: Any) -> str:
    match value:
        case dict():
            return "object"
        case list():
            return "list"
        case bool() | int() | float() | None:
            return "literal"
    return "text"


Jsonata = Annotated[
    Expression,
    BeforeValidator(_expression),
    PlainSerializer(lambda expression: expression.source),
    WithJsonSchema({"type": "string", "description": "A JSONata expression"}),
]

Leaf = Annotated[
    Annotated[Jsonata, Tag("text")] | Annotated[bool | int | float | None, Tag("literal")],
    Discriminator(_kind),
]
"""A JSONata expression, or a number, boolean or null that is itself."""

if TYPE_CHECKING:
    Tree = Any  # mypy can't resolve a recursive alias through Annotated
else:
    Tree = TypeAliasType(
        "Tree",
        Annotated[
            Annotated[Jsonata, Tag("text")]
            | Annotated[bool | int | float | None, Tag("literal")]
            | Annotated[list["Tree"], Tag("list")]
            | Annotated[dict[str, "Tree"], Tag("object")],
            Discriminator(_kind),
        ],
    )
"""Nested mappings and lists of leaves: a request body as the provider wants it."""

TAGS = frozenset({"text", "literal", "list", "object"})
"""What the discriminators above add to pydantic's error paths."""


class Line:
    """A URL or path with `{expression}` holes: `/candidates/{id}`.

    `pieces` alternates fixed text and expressions; `whole` is set when the line is one hole and nothing else,
    as for a download from an address that the provider gave.
    """

    __slots__ = ("pieces", "text")

    def __init__(self, text: str, offset: int = 0) -> None:
        self.text = text
        self.pieces: tuple[str | Expression, ...] = tuple(_pieces(text, offset))

    @property
    def holes(self) -> tuple[Expression, ...]:
        """The expressions, in order."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Expression))

    @property
    def whole(self) -> bool:
        """Whether the line is a single hole, which then is a complete URL."""
        return len(self.pieces) == 1 and isinstance(self.pieces[0], Expression)


_HOLE = re.compile(r"\{([^{}]*)\}")


def _pieces(text: str, offset: int) -> list[str | Expression]:
    pieces: list[str | Expression] = []
    end = 0
    for hole in _HOLE.finditer(text):
        if text[end : hole.start()]:
            pieces.append(text[end : hole.start()])
        try:
            pieces.append(Expression(hole[1]))
        except MappingError as error:
            position = None if error.position is None else offset + hole.start(1) + error.position
            raise PydanticCustomError(
                "expression", "{reason}", {"reason": error.reason, "position": position}
            ) from None
        end = hole.end()
    if text[end:]:
        pieces.append(text[end:])
    return pieces


def _line(value: Any) -> Line:
    if isinstance(value, Line):
        return value
    if not isinstance(value, str):
        raise PydanticCustomError("line", "an address is text")
    return Line(value)


def _url(value: Any) -> Line:
    line = _line(value)
    if not line.text.startswith(("https://", "http://127.0.0.1", "{")):
        raise PydanticCustomError("url", "a provider's address starts with https://")
    return line


Url = Annotated[
    Line,
    BeforeValidator(_url),
    PlainSerializer(lambda line: line.text),
    WithJsonSchema({"type": "string", "description": "A URL, with {expression} for what varies"}),
]

_REQUEST = re.compile(r"^(GET|POST|PUT|PATCH|DELETE) (\S.*)$")


class RequestLine(Line):
    """A verb and a path below `base_url` (or `{expression}` for a complete URL)."""

    __slots__ = ("verb",)

    def __init__(self, text: str) -> None:
        match = _REQUEST.match(text)
        if match is None or not match[2].startswith(("/", "{", "https://")):
            raise PydanticCustomError(
                "request_line",
                "a request line is a verb and a path, like `GET /candidates/{hole}`, not '{text}'",
                {"hole": "{id}", "text": text},
            )
        super().__init__(match[2], offset=match.start(2))
        self.verb = match[1]


def _request_line(value: Any) -> RequestLine:
    if isinstance(value, RequestLine):
        return value
    if not isinstance(value, str):
        raise PydanticCustomError("request_line", "a request line is text, like `GET /candidates/4410`")
    return RequestLine(value)


RequestText = Annotated[
    RequestLine,
    BeforeValidator(_request_line),
    PlainSerializer(lambda line: f"{line.verb} {line.text}"),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^(GET|POST|PUT|PATCH|DELETE) (/|\{|https://).*$",
            "description": "A verb and a path below base_url, with {expression} for what varies",
        }
    ),
]
