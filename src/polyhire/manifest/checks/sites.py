"""Every expression of a folder: where it stands and what it sees there."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from polyhire.manifest.checks import known
from polyhire.manifest.checks.connecting import of_connect
from polyhire.manifest.checks.known import ANYTHING, SINGLE, Known, any_of
from polyhire.manifest.checks.sight import (
    ANSWER,
    CALL,
    PAGE,
    RESPONSE,
    Sight,
    Site,
    of_pagination,
    of_request,
    sites_in,
)
from polyhire.manifest.document import Document
from polyhire.manifest.document import Path as DataPath
from polyhire.manifest.integration import IntegrationFile
from polyhire.manifest.resource import Endpoints, Lookup, Method, Resource
from polyhire.model.record import Method as ModelMethod
from polyhire.model.record import Resource as Model


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
    yield from of_connect(file, document)


def of_endpoints(endpoints: Endpoints, document: Document, file: IntegrationFile) -> Iterator[Site]:
    """The expressions of `endpoints.yaml`, which pass on what a caller gives in the provider's own words."""
    names = {**CALL, "account": known.account(file.connect.values()), "page": PAGE}
    sight = Sight(names, refused=known.secrets(file))
    for resource, methods in endpoints.items():
        for name, endpoint in methods.items():
            yield from of_method(endpoint, document, (resource, name), sight)
