"""Where expressions stand, and what they see there: requests and pagination, which every kind of file has."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from polyhire.expressions import Expression
from polyhire.manifest.checks.known import ANYTHING, SINGLE, Known, any_of
from polyhire.manifest.document import Document
from polyhire.manifest.document import Path as DataPath
from polyhire.manifest.expression import Line, RequestLine
from polyhire.manifest.resource import Pagination, Request

ANSWER = any_of(("status", "headers", "links", "body"))
CALL = any_of(("id", "query", "body"))
PAGE = Known({"token": ANYTHING, "size": SINGLE}, "page has no")
PAGE_AFTER = Known({**(PAGE.keys or {}), "count": SINGLE}, "page has no")
RESPONSE = Known(any_of(("status", "headers", "body")), "$response has no")


@dataclass(frozen=True)
class Sight:
    """What can be seen at a place: names of the input (None: a record of the provider's), and `$variables`."""

    names: Mapping[str, Known] | None
    variables: Mapping[str, Known] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    is_filtered: bool = False

    def with_(self, names: Mapping[str, Known]) -> "Sight":
        """The same with more names."""
        return replace(self, names={**(self.names or {}), **names})


@dataclass(frozen=True)
class Site:
    """One expression: its path in a document, the characters before it in the text there, and what it sees."""

    document: Document
    path: DataPath
    expression: Expression
    sight: Sight
    offset: int = 0


def sites_in(thing: Any, document: Document, path: DataPath, sight: Sight) -> Iterator[Site]:
    """The expressions of a tree, or of a line's holes."""
    match thing:
        case Expression():
            yield Site(document, path, thing, sight)
        case Line():
            offset = len(thing.verb) + 1 if isinstance(thing, RequestLine) else 0
            for piece in thing.pieces:
                if isinstance(piece, Expression):
                    yield Site(document, path, piece, sight, offset + 1)
                    offset += len(piece.source) + 2
                else:
                    offset += len(piece)
        case dict():
            for key, value in thing.items():
                yield from sites_in(value, document, (*path, key), sight)
        case list() | tuple():
            for index, value in enumerate(thing):
                yield from sites_in(value, document, (*path, index), sight)


def of_request(request: Request, document: Document, path: DataPath, sight: Sight, answers: Sight) -> Iterator[Site]:
    """The expressions of one request: `sight` on its way there, `answers` on the way back."""
    line = (*path, "request")
    # `check` may be nothing but its line.
    yield from sites_in(request.request, document, line if line in document.values else path, sight)
    parts = {"query": request.query, "headers": request.headers, "json": request.json_body, "form": request.form}
    for name, tree in {**parts, "multipart": request.multipart, "xml": request.xml}.items():
        yield from sites_in(tree, document, (*path, name), sight)
    for name, expression in (("items", request.items), ("item", request.item)):
        yield from sites_in(expression, document, (*path, name), answers)
    if isinstance(request.pagination, Pagination):
        yield from of_pagination(request.pagination, document, (*path, "pagination"), sight)


def of_pagination(pagination: Pagination, document: Document, path: DataPath, sight: Sight) -> Iterator[Site]:
    """The expressions of a pagination."""
    going = sight.with_({"page": PAGE})
    for name, tree in (("query", pagination.query), ("headers", pagination.headers), ("json", pagination.json_body)):
        yield from sites_in(tree, document, (*path, name), going)
    coming = sight.with_({**ANSWER, "items": ANYTHING, "page": PAGE_AFTER})
    for name, expression in (("next", pagination.next), ("next_url", pagination.next_url)):
        yield from sites_in(expression, document, (*path, name), coming)
