"""Lists in request bodies: one that JSONata turns into a single thing when it has one entry.

Told by evaluating the expression on a body with one entry in every list, and on one with two.
"""

from collections.abc import Iterator
from typing import Any

from polyhire.errors import MappingError
from polyhire.expressions import ABSENT, Limits, Reads
from polyhire.manifest.checks.sight import Site
from polyhire.manifest.checks.source import position_of_path
from polyhire.manifest.document import Mistake
from polyhire.model.body import body_fields
from polyhire.model.record import Field, Method, Resource

_BODIES = frozenset({"json", "form", "multipart", "xml"})
_BRIEF = Limits(timeout=0.2)
_SAMPLES: dict[str, Any] = {"boolean": True, "number": 1, "integer": 1, "id": "4410", "date": "2026-01-31"}


def check(site: Site, model: Resource, method: Method) -> Iterator[Mistake]:
    """A mistake when a part of the body is a list of several but not a list of one."""
    fields = body_fields(model, method)
    reads = site.expression.reads("body")
    lists = [] if isinstance(reads, bool) else list(_lists(reads, fields, ()))
    if not lists or not any(part in _BODIES for part in site.path[1:]):
        return
    for variant in range(_variants(fields)):
        one, two = (_evaluated(site, fields, count, variant) for count in (1, 2))
        if _collapses(one, two):
            # When the whole stays a list, it is an inner one that does not.
            collapsed = lists[-1] if isinstance(one, list) else lists[0]
            dotted = ".".join(("body", *collapsed))
            message = f"{dotted} is a list, and a list of one is sent as a single thing here: end it in `[]`"
            at = position_of_path(site.expression.source, ("body", *collapsed)) or 0
            yield site.document.mistake(site.path, message, site.offset + at)
            return


def _lists(reads: Reads, fields: tuple[Field, ...], path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The list fields that are read, outermost first."""
    for field in fields:
        if field.name in reads:
            here = (*path, field.name)
            if field.kind == "list":
                yield here
            inner = reads[field.name]
            if field.shape is not None and not isinstance(inner, bool):
                yield from _lists(inner, field.shape.fields, here)


def _variants(fields: tuple[Field, ...]) -> int:
    """So many samples try every known word of the lists' enums, which filters like `[type = "work"]` look for."""
    shapes = [field.shape for field in fields if field.kind == "list" and field.shape is not None]
    return max([1, *(len(field.values) for shape in shapes for field in shape.fields)])


def _evaluated(site: Site, fields: tuple[Field, ...], count: int, variant: int) -> Any:
    try:
        return site.expression.evaluate({"body": _sample(fields, count, variant), "each": "4410"}, _BRIEF)
    except MappingError:
        return ABSENT  # it needs what only a real call has


def _sample(fields: tuple[Field, ...], count: int, variant: int, entry: int = 0) -> dict[str, Any]:
    return {field.name: _value(field, count, variant, entry) for field in fields}


def _value(field: Field, count: int, variant: int, entry: int) -> Any:
    if field.kind == "list":
        assert field.shape is not None
        return [_sample(field.shape.fields, count, variant, index) for index in range(count)]
    if field.shape is not None:
        return _sample(field.shape.fields, count, variant, entry)
    if field.values:
        return field.values[variant % len(field.values)]
    value = field.example if field.example is not None else _SAMPLES.get(field.kind, "text")
    if field.kind == "id":
        return f"{_SAMPLES['id']}{entry}"
    return f"{value} {entry}" if field.kind == "text" else value


def _collapses(one: Any, two: Any) -> bool:
    """Whether something is a list with two entries and not with one."""
    if isinstance(two, list):
        return one is not ABSENT and (not isinstance(one, list) or any(map(_collapses, one, two)))
    if isinstance(one, dict) and isinstance(two, dict):
        return any(_collapses(one.get(key, ABSENT), value) for key, value in two.items())
    return False
