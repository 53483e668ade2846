"""Lookups: used by a field, bounded, and kept in memory only when they are the same for every call."""

from collections.abc import Iterator, Mapping

from polyhire.expressions import Expression, leaves
from polyhire.manifest.checks.requests import check_each, check_pages
from polyhire.manifest.checks.words import why_not_a_lookup
from polyhire.manifest.document import Document, Mistake
from polyhire.manifest.integration import IntegrationFile
from polyhire.manifest.resource import Lookup, Resource
from polyhire.suggest import one_of


def check(resource: Resource, document: Document, file: IntegrationFile) -> Iterator[Mistake]:
    """What is wrong with a resource's lookups."""
    used = _used(resource)
    for name, lookup in resource.lookups.items():
        path = ("lookups", name)
        if reason := why_not_a_lookup(name):
            yield document.mistake(path, reason)
        if name not in used:
            yield document.mistake(path, f"no field uses ${name}; a lookup that nothing uses costs readers a thought")
        if lookup.partial and lookup.each is None:
            message = "`partial` is for a lookup that makes one request per record: it has no `each`"
            yield document.mistake((*path, "partial"), message)
        yield from check_each(lookup.each, lookup, document, path)
        yield from check_pages(lookup, document, path, file.pagination)
        asked = [*lookup.asks, *([lookup.each] if lookup.each else [])]
        if lookup.batch is not None and not any(_names(expression) >= {"items"} for expression in asked):
            message = "`batch` says how many `items` go in one request, and this request reads no items"
            yield document.mistake((*path, "batch"), message)
        if lookup.keep is not None:
            yield from _keep(name, lookup, asked, resource.lookups, document)


def _used(resource: Resource) -> set[str]:
    """The lookups that fields name, and the ones that those build on."""
    variables = {name for tree in resource.fields.values() for e in leaves(tree) for name in e.variables}
    used: set[str] = set()
    queue = [name for name in variables if name in resource.lookups]
    while queue:
        name = queue.pop()
        if name not in used:
            used.add(name)
            lookup = resource.lookups[name]
            read = {found for e in [*lookup.asks, *([lookup.each] if lookup.each else [])] for found in _names(e)}
            queue += [other for other in (read | set(lookup.on.variables)) if other in resource.lookups]
    return used


def _names(expression: Expression) -> set[str]:
    return {"items"} if isinstance(expression.inputs, bool) else set(expression.inputs)


def _keep(
    name: str, lookup: Lookup, asked: list[Expression], lookups: Mapping[str, Lookup], document: Document
) -> Iterator[Mistake]:
    assert lookup.keep is not None
    path = ("lookups", name, "keep")
    read = {found for expression in asked for found in _names(expression)}
    if varying := sorted(read & {"id", "query", "body", "items", *lookups}):
        message = f"rows that are kept serve every call, so the request can't depend on {', '.join(varying)}"
        yield document.mistake(path, message)
    kept = set(lookup.keep.only)
    if isinstance(lookup.by.inputs, Mapping) and (lost := set(lookup.by.inputs) - kept):
        message = f"`by` reads {one_of(lost)}, which is not among the keys that are kept"
        yield document.mistake((*path, "only"), message)
