"""Finish what mappings begin: the output of one for a record, made into what the model promises.

Every record that leaves passes here, so for each resource and set of fields a straight-line function is
written and compiled once. It settles the common cases in place (a text that is a text) and leaves the
others to `scalars` and `timestamps`. To read such a function, print `source`.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from typing import Any

from polyhire.model.record import CUSTOM_FIELDS, Field, Resource, Shape
from polyhire.model.scalars import (
    as_boolean,
    as_boolean_text,
    as_currency,
    as_enum,
    as_id,
    as_integer,
    as_joined_text,
    as_number,
    as_text,
    as_trimmed_text,
)
from polyhire.model.timestamps import as_date, as_datetime, is_rfc3339

Coercer = Callable[[dict[str, Any]], dict[str, Any]]
_Make = Callable[[Any], dict[str, Any] | None]

_CONVERSIONS: dict[str, Callable[[Any], Any]] = {
    "id": as_id,
    "text": as_text,
    "html": as_text,
    "boolean": as_boolean,
    "boolean_text": as_boolean_text,
    "number": as_number,
    "integer": as_integer,
    "currency": as_currency,
    "datetime": as_datetime,
    "date": as_date,
    "enum": as_enum,
}
_IS_NUMBERED = "type(v) is int and 0 < v < 10**18"
_IN_PLACE = {
    "id": f"v if type(v) is str and v else str(v) if {_IS_NUMBERED} else",
    "text": "v if type(v) is str and v else",
    "html": "v if type(v) is str and v else",
    "boolean": "v if type(v) is bool else",
    "boolean_text": "'true' if v is True else 'false' if v is False else",
    "enum": "v if type(v) is str and v in {known} else",
    "datetime": "v if type(v) is str and is_rfc3339(v) else",
}
"""How the common values of a kind are settled, before the conversion that takes any."""

_UNTRIMMED_IN_PLACE = "v if type(v) is str and v and v[0] > ' ' and v[-1] > ' ' else"


def coercer(resource: Resource, fields: Iterable[str] | None = None) -> Coercer:
    """A function that gives a record all of `fields` (None: every one, and `custom_fields`), in declared order.

    It never raises and never invents; what it makes shares no list or object with anything else, but for
    `custom_fields`, which is the input's own object. An unknown field name raises InvalidRequest.
    """
    wanted = None if fields is None else frozenset(resource.field(name).name for name in fields)
    return _coercer(resource, wanted)


@lru_cache(maxsize=1024)
def _coercer(resource: Resource, wanted: frozenset[str] | None) -> Coercer:
    chosen = [field for field in _fields_of(resource) if wanted is None or field.name in wanted]
    made: Coercer = _compiled(resource.name, _record_lines(chosen), chosen)
    return made


@cache
def _maker(shape: Shape | Resource) -> _Make:
    fields = _fields_of(shape)
    made: _Make = _compiled(shape.name, _shape_lines(shape, fields), fields)
    return made


def source(resource: Resource) -> str:
    """The function that is compiled for a record of this resource, as Python."""
    return "\n".join(_record_lines(_fields_of(resource)))


def _fields_of(shape: Shape | Resource) -> list[Field]:
    return [*shape.fields, CUSTOM_FIELDS] if isinstance(shape, Resource) else list(shape.fields)


def _compiled(name: str, lines: Iterable[str], fields: Iterable[Field]) -> Any:
    """The function `make` of these lines; the names in them are bound to the parts of `fields`."""
    names: dict[str, Any] = {"one_object": _one_object, "many": _many, "merged": _merged, "is_rfc3339": is_rfc3339}
    for field in fields:
        names[f"known_{field.name}"] = frozenset(field.values)
        names[f"infer_{field.name}"] = field.inferred
        names[f"make_{field.name}"] = _maker(field.shape) if field.shape else _conversion(field)
    code = compile("\n".join(lines), f"<coercer of {name}>", "exec")
    exec(code, names)  # noqa: S102 - the text is made of the model's declarations alone
    return names["make"]


def _conversion(field: Field) -> Callable[[Any], Any] | None:
    if field.trimmed:
        return as_trimmed_text
    return as_joined_text if field.joined else _CONVERSIONS.get(field.kind)


def _record_lines(fields: Iterable[Field]) -> Iterator[str]:
    yield "def make(given):"
    yield "    return {"
    for field in fields:
        yield f"        {field.name!r}: {_expression(field)},"
    yield "    }"


def _shape_lines(shape: Shape | Resource, fields: list[Field]) -> Iterator[str]:
    telling = shape.telling
    says_nothing = " and ".join(
        f"not _{field.name}" if field.kind == "list" else f"_{field.name} is None"
        for field in fields
        if field.name in telling
    )
    yield "def make(given):"
    yield "    if type(given) is not dict:"
    yield f"        given = one_object(given, {shape.bare!r})"
    for field in fields:
        yield f"    _{field.name} = {_expression(field)}"
    yield f"    if {says_nothing}:"
    yield "        return None"
    yield "    made = {" + ", ".join(f"{field.name!r}: _{field.name}" for field in fields) + "}"
    for field in fields:
        if field.inferred:
            yield f"    if _{field.name} is None:"
            yield f"        made[{field.name!r}] = infer_{field.name}(made)"
    yield "    return made"


def _expression(field: Field) -> str:
    got = f"(v := given.get({field.name!r}))"
    make = f"make_{field.name}"
    if field.kind == "list":
        return f"[] if not {got} else many(v, {make})"
    if field.kind == "json":
        return f"{{}} if {got} is None else v if type(v) is dict else merged(v)"
    return f"None if {got} is None else {_in_place(field)} {make}(v)"


def _in_place(field: Field) -> str:
    if field.shape is not None:
        return _referred_to(field.shape)
    if field.trimmed:
        return _UNTRIMMED_IN_PLACE
    return _IN_PLACE.get(field.kind, "").format(known=f"known_{field.name}")


def _referred_to(shape: Shape | Resource) -> str:
    """A number where an object is due: the id of a record of which nothing else is known."""
    fields = _fields_of(shape)
    if shape.bare != "id" or any(field.inferred for field in fields):
        return ""
    nothing = {"list": "[]", "json": "{}"}
    alone = (f"{field.name!r}: {'str(v)' if field.name == 'id' else nothing.get(field.kind)}" for field in fields)
    return f"{{{', '.join(alone)}}} if {_IS_NUMBERED} else"


def _one_object(given: Any, bare: str) -> dict[str, Any]:
    """What stands for an object: the first thing of a list, or a lone value in its `bare` field."""
    if isinstance(given, list):
        given = next((item for item in given if item and not isinstance(item, list)), None)
    if isinstance(given, dict):
        return given
    return {} if isinstance(given, bool) else {bare: given}


def _many(given: Any, make: _Make) -> list[dict[str, Any]]:
    """A list of what can be made, nesting undone once; a single thing is a list of one."""
    many = []
    for item in given if isinstance(given, list) else (given,):
        if type(item) is list:
            many += [made for single in item if (made := make(single)) is not None]
        elif (made := make(item)) is not None:
            many.append(made)
    return many


def _merged(given: Any) -> dict[str, Any]:
    """One object of a list of them: a mapping that writes `{name: value}` per field makes such a list."""
    if not isinstance(given, list):
        return {}
    return {name: value for item in given if isinstance(item, dict) for name, value in item.items()}
