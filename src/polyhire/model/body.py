"""The body of a write, checked against the model and brought into one form.

Checks are strict about meaning and kind about form: an id may be a number, a list of one may be the thing
itself, a reference may be a bare id. Null is kept, it means "clear this"; what is missing stays missing.
"""

import binascii
from base64 import b64decode
from collections.abc import Callable, Sequence
from typing import Any

from polyhire.errors import Failure, InvalidBody
from polyhire.model.methods import USER_ID
from polyhire.model.record import CUSTOM_FIELDS, REMOTE_DATA, Field, Method, Resource, Shape
from polyhire.model.scalars import as_boolean, as_boolean_text, as_currency, as_id, as_integer, as_number, snake_case
from polyhire.model.shapes import FILE
from polyhire.model.timestamps import as_date, as_datetime
from polyhire.suggest import did_you_mean, one_of

_SINGLE_VALUES: dict[str, tuple[Callable[[Any], Any], str]] = {
    "id": (as_id, "is not an id: give it as text or as a whole number."),
    "boolean_text": (as_boolean_text, "is not true or false."),
    "boolean": (as_boolean, "is not true or false."),
    "number": (as_number, "is not a number."),
    "integer": (as_integer, "is not a whole number."),
    "currency": (as_currency, "is not a currency code like USD or EUR."),
    "datetime": (as_datetime, "is not a date-time like 2026-01-31T09:30:00Z."),
    "date": (as_date, "is not a date like 2026-01-31."),
}


def check_body(resource: Resource, method: str, body: Any) -> dict[str, Any]:
    """The body in one form; raises InvalidBody with every failure at once.

    A custom method takes its parameters and `remote_data`; the others the resource's fields,
    `custom_fields`, `remote_data` and `user_id`. An unknown method raises UnsupportedMethod.
    """
    declared = resource.method(method)
    if not isinstance(body, dict):
        raise InvalidBody("The body must be a JSON object.", failures=[Failure("body", "must be a JSON object.")])
    failures: list[Failure] = []
    checked = _checked_object(body, body_fields(resource, declared), "body", failures)
    for choice in body_choices(resource, declared):
        if all(body.get(name) is None for name in choice):
            failures.append(Failure(f"body.{choice[0]}", f"is missing: give {' or '.join(choice)}."))
    if failures:
        raise InvalidBody(f"{failures[0].path} {failures[0].message}", failures=failures)
    return checked


def body_fields(resource: Resource, method: Method) -> tuple[Field, ...]:
    """What the body of this method may hold, `read_only` fields included."""
    if method.is_custom:
        return (*method.parameters, REMOTE_DATA)
    if method.name in ("create", "update"):
        return (*resource.fields, *resource.write_fields, CUSTOM_FIELDS, REMOTE_DATA, USER_ID)
    return (REMOTE_DATA, USER_ID) if method.is_write else ()


def body_choices(resource: Resource, method: Method) -> tuple[tuple[str, ...], ...]:
    """Groups of fields of which the body needs one."""
    return resource.create_choices if method.name == "create" else method.choices


def _checked_object(
    given: dict[str, Any], fields: Sequence[Field], path: str, failures: list[Failure], *, is_nested: bool = False
) -> dict[str, Any]:
    known = {field.name: field for field in fields}
    checked = {}
    for name, value in given.items():
        field, place = known.get(name), f"{path}.{name}"
        if field is None:
            writable = [field.name for field in fields if not field.read_only]
            hint = did_you_mean(name, writable) or "."
            failures.append(Failure(place, f"is not a field here{hint} There are: {one_of(writable)}."))
        elif field.read_only and not (is_nested and field.kind == "id"):
            failures.append(Failure(place, "is read-only: leave it out of the body."))
        else:
            checked[name] = _checked(value, field, place, failures)
    for field in fields:
        if field.required and given.get(field.name) is None:
            failures.append(Failure(f"{path}.{field.name}", "is missing."))
    return checked


def _checked(value: Any, field: Field, path: str, failures: list[Failure]) -> Any:
    if value is None:
        return None
    if field.kind == "list":
        items = value if isinstance(value, list) else [value]
        return [_checked_shape(item, field, f"{path}[{index}]", failures) for index, item in enumerate(items)]
    if field.shape is not None:
        return _checked_shape(value, field, path, failures)
    if field.kind == "json":
        if isinstance(value, dict):
            return value
        failures.append(Failure(path, "is not an object."))
        return None
    return _checked_single(value, field, path, failures)


def _checked_shape(value: Any, field: Field, path: str, failures: list[Failure]) -> Any:
    shape = field.shape
    assert shape is not None
    if isinstance(value, str | int | float) and not isinstance(value, bool) and field.shape is not FILE:
        value = {shape.bare: value}
    fields = (*shape.fields, *shape.write_fields, CUSTOM_FIELDS) if isinstance(shape, Resource) else shape.fields
    if not isinstance(value, dict):
        failures.append(Failure(path, f"is not an object. It has: {one_of(field.name for field in fields)}."))
        return None
    telling = fields_that_tell(shape)
    if len(telling) == 1 and value.get(telling[0]) is None:
        failures.append(Failure(f"{path}.{telling[0]}", "is missing."))
    elif all(value.get(name) is None for name in telling):
        failures.append(Failure(path, f"says nothing: give {' or '.join(telling)}."))
    return _checked_object(value, fields, path, failures, is_nested=True)


def fields_that_tell(shape: Shape | Resource) -> tuple[str, ...]:
    """The fields of which an object in a body needs one."""
    if isinstance(shape, Shape):
        return shape.telling
    writable = [field.name for field in shape.fields if not field.read_only]
    return ("id", *writable, *(field.name for field in shape.write_fields))


def _checked_single(value: Any, field: Field, path: str, failures: list[Failure]) -> Any:
    checked, reason = _read_single(value, field)
    if reason:
        failures.append(Failure(path, reason))
    return checked


def _read_single(value: Any, field: Field) -> tuple[Any, str | None]:
    """The value in its one form, or what is wrong with it."""
    if field.kind in _SINGLE_VALUES:
        read, reason = _SINGLE_VALUES[field.kind]
        is_single = not isinstance(value, list | dict) and not (field.kind == "id" and isinstance(value, float))
        checked = read(value) if is_single else None
        return checked, reason if checked is None else None
    if not isinstance(value, str):
        return None, "is not a text."
    if field.is_email and not _is_address(value):
        return None, "is not an e-mail address."
    if field.is_base64 and not _is_base64(value):
        return None, "is not base64."
    if field.kind == "enum":
        word = snake_case(value)
        return (word if word in field.values else value), None
    return value, None


def _is_address(text: str) -> bool:
    name, at, host = text.strip().rpartition("@")
    return bool(name and at and host) and not any(sign.isspace() for sign in text.strip())


def _is_base64(text: str) -> bool:
    try:
        b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True
