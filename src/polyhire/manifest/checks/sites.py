"""Every expression of a folder: where it stands and what it sees there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from polyhire.expressions import Expression
from polyhire.manifest.checks import known
from polyhire.manifest.checks.known import ANYTHING, SINGLE, Known, any_of
from polyhire.manifest.document import Document
from polyhire.manifest.document import Path as DataPath
from polyhire.manifest.expression import Line, RequestLine
from polyhire.manifest.integration import IntegrationFile, Question
from polyhire.manifest.resource import Endpoints, Lookup, Method, Pagination, Request, Resource
from polyhire.model.record import Method as ModelMethod
from polyhire.model.record import Resource as Model

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


def of_method(method: Method, document: Document, path: DataPath, sight: Sight) -> Iterator[Site]:
    """The expressions of a method; a step sees the named ones before it, and `each` where it has one."""
    for index, step in enumerate(method.sequence):
        here = path if method.steps is None else (*path, "steps", index)
        yield from sites_in(step.when, document, (*here, "when"), sight)
        yield from sites_in(step.each, document, (*here, "each"), sight)
        inside = sight.with_({"each": ANYTHING}) if step.each is not None else sight
        yield from of_request(step, document, here, inside, inside.with_(ANSWER))
        if step.name is not None:
            sight = sight.with_({step.name: ANYTHING})


def of_resource(resource: Resource, document: Document, model: Model, file: IntegrationFile) -> Iterator[Site]:
    """The expressions of a resource's file."""
    account, refused = known.account(file.connect.values()), known.secrets(file)
    declared = {method.name: method for method in model.methods}
    for name, method in resource.methods.items():
        if name in declared:
            sight = Sight(_names_of_call(model, declared[name], account), refused=refused, is_filtered=True)
            yield from of_method(method, document, (name,), sight)
    filters = known.filters(model)
    call = Known({"id": SINGLE, "query": replace(filters, whole=None)}, "$call has no")
    variables: dict[str, Known] = {"response": RESPONSE, "call": call, "account": account}
    names = {**CALL, "query": filters, "account": account, "page": PAGE, "items": ANYTHING}
    asking = Sight(names, refused=refused)
    for name, lookup in resource.lookups.items():
        yield from _of_lookup(lookup, document, ("lookups", name), asking, variables)
        asking = asking.with_({name: ANYTHING})
        variables = {**variables, name: _rows_of(lookup, name)}
    variables["parent"] = ANYTHING
    yield from sites_in(resource.fields, document, ("fields",), Sight(None, variables))


def _names_of_call(model: Model, method: ModelMethod, account: Known) -> dict[str, Known]:
    names = {"query": known.filters(model), "account": account}
    if method.name == "list":
        names["page"] = PAGE
    elif method.name != "create":
        names["id"] = SINGLE
    if method.is_write:
        names["body"] = known.body(model, method)
    return names


def _of_lookup(
    lookup: Lookup, document: Document, path: DataPath, sight: Sight, variables: Mapping[str, Known]
) -> Iterator[Site]:
    yield from sites_in(lookup.each, document, (*path, "each"), sight)
    inside = sight.with_({"each": ANYTHING}) if lookup.each is not None else sight
    yield from of_request(lookup, document, path, inside, inside.with_(ANSWER))
    row = {name: variables[name] for name in ("call", "account")}
    yield from sites_in(lookup.by, document, (*path, "by"), Sight(None, row))
    yield from sites_in(lookup.on, document, (*path, "on"), Sight(None, {**variables, "parent": ANYTHING}))


def _rows_of(lookup: Lookup, name: str) -> Known:
    if lookup.keep is None:
        return ANYTHING
    return Known(any_of(lookup.keep.only), f"the kept rows of ${name} have no")


def of_integration(file: IntegrationFile, document: Document) -> Iterator[Site]:
    """The expressions of `integration.yaml`."""
    account, refused = known.account(file.connect.values()), known.secrets(file)
    outside = Sight({"account": account}, refused=refused)
    open_asks = dict.fromkeys(account.keys or {}, SINGLE)
    ways = file.connect.values()
    later = any_of(part for part in ("discover", "oauth2", "session") if any(getattr(way, part) for way in ways))
    yield from sites_in(file.base_url, document, ("base_url",), outside.with_({**open_asks, **later}))
    yield from sites_in(file.headers, document, ("headers",), outside.with_(CALL))
    yield from of_request(file.check, document, ("check",), outside, outside.with_(ANSWER))
    paging = outside.with_({"query": ANYTHING})
    if file.pagination is not None:
        yield from of_pagination(file.pagination, document, ("pagination",), paging)
    failed = outside.with_({**CALL, **ANSWER, "page": PAGE, "each": ANYTHING})
    for part, name in ((file.errors, "message"), (file.errors, "missing_scopes"), (file.rate_limit, "retry_after")):
        where = "errors" if part is file.errors else "rate_limit"
        yield from sites_in(getattr(part, name), document, (where, name), failed)
    for index, rule in enumerate(file.errors.rules):
        yield from sites_in(rule.when, document, ("errors", "rules", index, "when"), failed)
    yield from _of_connect(file, document)


def _of_connect(file: IntegrationFile, document: Document) -> Iterator[Site]:
    for name, way in file.connect.items():
        path: DataPath = ("connect", name)
        sight = Sight({**dict.fromkeys(way.ask, SINGLE), "account": known.account([way])})
        if way.oauth2 is not None:
            for key in type(way.oauth2).model_fields:
                yield from sites_in(getattr(way.oauth2, key), document, (*path, "oauth2", key), sight)
            sight = sight.with_({"oauth2": ANYTHING})
        if way.session is not None:
            here, answers = (*path, "session"), sight.with_(any_of(("status", "headers", "body")))
            yield from of_request(way.session, document, here, sight, answers)
            yield from sites_in(way.session.keep, document, (*here, "keep"), answers)
            yield from sites_in(way.session.expires_in, document, (*here, "expires_in"), answers)
            kept = {**dict.fromkeys(way.session.keep, SINGLE), "expires_at": SINGLE}
            sight = sight.with_({"session": Known(kept, "session has no")})
        asking = Sight({"account": known.account([way])}, refused=known.secrets(file))
        for key, question in way.post_connect.items():
            yield from _of_question(question, document, (*path, "post_connect", key), asking)
        basic = way.apply.basic
        halves = {} if basic is None else {"username": basic.username, "password": basic.password}
        parts = {"basic": halves, "bearer": way.apply.bearer, "headers": way.apply.headers, "query": way.apply.query}
        yield from sites_in(parts, document, (*path, "apply"), sight)


def _of_question(question: Question, document: Document, path: DataPath, sight: Sight) -> Iterator[Site]:
    options = question.options_from
    if options is not None:
        here = (*path, "options_from")
        yield from of_request(options, document, here, sight, sight.with_(ANSWER))
        for name, expression in (("value", options.value), ("label", options.label)):
            yield from sites_in(expression, document, (*here, name), Sight(None))


def of_endpoints(endpoints: Endpoints, document: Document, file: IntegrationFile) -> Iterator[Site]:
    """The expressions of `endpoints.yaml`, which pass on what a caller gives in the provider's own words."""
    names = {**CALL, "account": known.account(file.connect.values()), "page": PAGE}
    sight = Sight(names, refused=known.secrets(file))
    for resource, methods in endpoints.items():
        for name, endpoint in methods.items():
            yield from of_method(endpoint, document, (resource, name), sight)
