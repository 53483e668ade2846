"""From a request in the manifest and what it can see to an HTTP request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import orjson

from polyhire.engine import formats
from polyhire.engine.exchange import Outgoing, Upload
from polyhire.engine.scope import Scope
from polyhire.errors import InvalidRequest, MappingError, ProviderFailed, shorten
from polyhire.expressions import Expression, Template, leaves
from polyhire.manifest.expression import Line
from polyhire.manifest.integration import IntegrationFile
from polyhire.manifest.resource import Lookup, Pagination, Request


class NothingToAskError(Exception):
    """The records of a page refer to no rows of a lookup."""


@dataclass(frozen=True)
class RequestPlan:
    """A request compiled: every expression of it in one program."""

    request: Request
    pagination: Pagination | None
    template: Template
    essential: tuple[tuple[str, str], ...] = ()
    """For a lookup, what says which rows: (part, key). Without it the request would ask for everything."""


@dataclass
class Plans:
    """An integration's requests, compiled when first used."""

    file: IntegrationFile
    _made: dict[tuple[int, bool], RequestPlan] = field(default_factory=dict)

    def plan(self, request: Request, *, paginated: bool = False) -> RequestPlan:
        """The plan of a request; a paginated one carries the page's token and size along."""
        # The plan holds the request, so its id is not used again while the plan lives.
        key = (id(request), paginated)
        if key not in self._made:
            self._made[key] = self._compile(request, self.pagination_of(request) if paginated else None)
        return self._made[key]

    def pagination_of(self, request: Request) -> Pagination | None:
        """The request's own pagination, or the integration's; None when it is switched off."""
        chosen = request.pagination if request.pagination is not None else self.file.pagination
        return None if chosen == "none" else chosen

    def _compile(self, request: Request, pagination: Pagination | None) -> RequestPlan:
        assert request.request is not None
        kind = request.body_kind
        body = getattr(request, "json_body" if kind == "json" else kind) if kind else None
        query, headers = dict(request.query), {**self.file.headers, **request.headers}
        if pagination is not None:
            query = {**pagination.query, **query}
            headers = {**pagination.headers, **headers}
            if pagination.json_body and isinstance(body, dict):
                body = {**pagination.json_body, **body}
        tree: dict[str, Any] = {
            "path": {str(index): hole for index, hole in enumerate(request.request.holes)},
            "query": query,
            "headers": headers,
        }
        if body is not None:
            tree["body"] = body
        return RequestPlan(request, pagination, Template(tree, request.request.text), _essential(request, tree))


def _essential(request: Request, tree: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The parts of a lookup's request that depend on the records (or on `each` of them)."""
    if not isinstance(request, Lookup):
        return ()
    parts = ((part, tree[part]) for part in ("query", "body") if isinstance(tree.get(part), dict))
    own = {"account", "query", "id", "page"}
    return tuple(
        (part, key)
        for part, values in parts
        for key, value in values.items()
        if any(not isinstance(e.inputs, bool) and set(e.inputs) - own for e in leaves(value))
    )


def build(
    plan: RequestPlan,
    scope: Scope,
    base_url: str,
    *,
    url: str | None = None,
    more_query: Mapping[str, Any] | None = None,
    more_body: Mapping[str, Any] | None = None,
    upload: Upload | None = None,
    is_read: bool = False,
    credential: Mapping[str, Any] | None = None,
) -> Outgoing:
    """The HTTP request: `url` replaces address and query (a next page's); `more_*` go along untouched.

    `credential` is what goes into a body, where there is one, before all else.
    """
    request = plan.request
    assert request.request is not None
    try:
        found = scope.fill(plan.template) or {}
    except MappingError as error:
        raise unusable(error) from None
    if any(found.get(part, {}).get(key) in (None, "", []) for part, key in plan.essential):
        raise NothingToAskError
    query = dict(found.get("query", {}))
    kind = request.body_kind
    body = found.get("body")
    if more_query and is_read and kind is not None and isinstance(body or {}, dict):
        # A provider that reads over POST takes its parameters in the body.
        body = {**(body or {}), **{name: _typed(value) for name, value in more_query.items()}}
    elif more_query:
        query.update(more_query)
    if more_body:
        body = merged(body if isinstance(body, dict) else {}, more_body)
        kind = kind or "json"
    if credential and kind is not None and isinstance(body or {}, dict):
        body = merged(credential, body or {})
    headers = {name: formats.text(value) for name, value in found.get("headers", {}).items() if value is not None}
    payload = None
    if kind is not None:
        payload, content_type = formats.encode(kind, {} if body is None else body, upload)
        if content_type:
            headers.setdefault("Content-Type", content_type)
    if payload is None:
        headers.pop("Content-Type", None)
    headers.setdefault("Accept", "*/*" if request.items is None and request.item is None else "application/json")
    if url is None:
        url = address(request.request, found.get("path", {}), base_url)
        if query:
            url += ("&" if "?" in url else "?") + urlencode(list(formats.flat(query)), quote_via=quote)
    return Outgoing(request.request.verb, url, headers, payload, request.authenticate)


def unusable(error: MappingError) -> InvalidRequest:
    """A failure in what says which requests to make: a value of the caller's that an expression can't take."""
    return InvalidRequest(f"{error.field}: {error.reason} in {shorten(error.expression)}")


def merged(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """A body with a caller's own values in it: objects go into objects, anything else takes its place."""
    both = {
        key: merged(ours[key], value) if isinstance(ours.get(key), dict) and isinstance(value, Mapping) else value
        for key, value in theirs.items()
    }
    return {**ours, **both}


def address(line: Line, found: Mapping[str, Any], base_url: str) -> str:
    """A line with its holes filled, below `base_url`. Raises InvalidRequest when a hole stays empty or goes up."""
    values = iter(range(len(line.holes)))
    filled = ""
    for piece in line.pieces:
        if not isinstance(piece, Expression):
            filled += piece
            continue
        value = found.get(str(next(values)))
        if value is None or value == "":
            raise InvalidRequest(f"'{piece.source}' is needed for {line.text} and there is none")
        if value in (".", ".."):  # servers take them for another path, quoted or not
            raise InvalidRequest(f"'{piece.source}' can't be '{value}' in {line.text}")
        # A line that begins with a hole begins with an address that the provider gave.
        filled += formats.text(value) if piece is line.pieces[0] else quote(formats.text(value), safe="")
    return filled if filled.startswith(("https://", "http://")) else base_url.rstrip("/") + filled


def url_of(line: Line, scope: Scope, place: Callable[[str], str]) -> str:
    """A URL of the manifest (`base_url`, `token_url`) with its holes filled, where `place` puts it.

    Raises ProviderFailed for an address that the provider named and that is not https.
    """
    found = {str(index): scope.evaluate(hole) or None for index, hole in enumerate(line.holes)}
    return placed(line, address(line, found, ""), place)


def placed(line: Line, url: str, place: Callable[[str], str]) -> str:
    """A line's complete address, where `place` puts it. Raises ProviderFailed as `url_of` does."""
    is_named = isinstance(line.pieces[0], Expression)
    is_elsewhere = place("https://provider.example") != "https://provider.example"
    if is_named and not is_elsewhere and not url.startswith("https://"):
        raise ProviderFailed("the provider named an address that is not https; nothing is sent there")
    return place(url)


def moved(url: str, override: str | None) -> str:
    """A URL of the manifest on the server that the integration was pointed at, its path kept."""
    if override is None or f"{url}/".startswith(f"{override.rstrip('/')}/"):  # it names itself so
        return url
    parts = urlsplit(url)
    return override.rstrip("/") + parts.path + (f"?{parts.query}" if parts.query else "")


def _typed(value: Any) -> Any:
    """A query value as JSON where it is JSON (`true`, `5`, `["a"]`): a JSON body is typed, a URL is not."""
    if not isinstance(value, str):
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return value
