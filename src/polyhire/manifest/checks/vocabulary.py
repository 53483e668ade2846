"""A resource's file against the model: every field and every method is there, or absent with a reason."""

from collections.abc import Iterator, Mapping
from typing import Any

from polyhire.manifest.document import Document, Mistake
from polyhire.manifest.resource import METHODS
from polyhire.model.record import CUSTOM_FIELDS
from polyhire.model.record import Resource as Model
from polyhire.suggest import did_you_mean, one_of


def check(document: Document, model: Model) -> Iterator[Mistake]:
    """What is unknown, unaccounted for, or said twice. Reads the data as it is, so that it also sees a broken file."""
    data: Mapping[str, Any] = document.data
    fields, absent = _mapping(data, "fields"), data.get("absent", {})
    offered = [name for name in _METHOD_KEYS if name in data]
    if offered and not data.get("docs"):
        yield document.mistake((offered[0],), f"{model.name} has no `docs`: the provider's page that says all this")
    yield from _unknown(document, model, fields, offered)
    if isinstance(absent, str):
        if fields or offered:
            both = one_of([*offered, *(["fields"] if fields else [])])
            yield document.mistake(("absent",), f"{model.name} is absent and offered at once: {both}")
        return
    reasons = _mapping(data, "absent")
    yield from _absent(document, model, reasons, fields, offered)
    every = (*model.field_names, CUSTOM_FIELDS.name)
    if missing := [name for name in every if name not in fields and name not in reasons]:
        message = f"neither in `fields` nor in `absent`: {', '.join(missing)}"
        yield document.mistake(("fields",), message)
    if missing := [name for name in model.method_names if name not in offered and name not in reasons]:
        yield document.mistake(("absent",), f"methods neither offered nor in `absent`: {', '.join(missing)}")


_METHOD_KEYS = sorted(name.replace("_", "-") for name in METHODS)


def _unknown(document: Document, model: Model, fields: Mapping[str, Any], offered: list[str]) -> Iterator[Mistake]:
    known = (*model.field_names, CUSTOM_FIELDS.name)
    for name in fields:
        if name not in known:
            message = f"{model.name} has no field '{name}'{did_you_mean(name, known)}"
            yield document.mistake(("fields", name), message)
    for name in offered:
        if name not in model.method_names:
            message = f"{model.name} has no method '{name}'; it has: {one_of(model.method_names)}"
            yield document.mistake((name,), message)


def _absent(
    document: Document, model: Model, reasons: Mapping[str, Any], fields: Mapping[str, Any], offered: list[str]
) -> Iterator[Mistake]:
    known = (*model.field_names, CUSTOM_FIELDS.name, *model.method_names)
    for name in reasons:
        if name not in known:
            message = f"{model.name} has no field or method '{name}'{did_you_mean(name, known)}"
            yield document.mistake(("absent", name), message)
        elif name in fields:
            yield document.mistake(("absent", name), f"'{name}' is mapped in `fields` and absent at once")
        elif name in offered:
            yield document.mistake(("absent", name), f"'{name}' is offered and absent at once")


def _mapping(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = data.get(key)
    return found if isinstance(found, dict) else {}
