"""The query string: brackets into lists and objects, and our own parameters told from the filters."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args
from urllib.parse import parse_qsl

from polyhire.engine.serving import MAX_LIMIT, Format
from polyhire.errors import Failure, InvalidRequest, UnsupportedFilter, shorten
from polyhire.model.record import CUSTOM_FIELDS, REMOTE_DATA, Resource
from polyhire.suggest import did_you_mean, one_of

MAX_PARAMETERS = 500
MAX_DEPTH = 6

PREFIX = "truto_"
"""What the names of our parameters may begin with: clients written for another server send them so."""

LIST_ONLY = frozenset({"limit", "next_cursor", "key_by", "complete"})
PARAMETERS = frozenset(
    {
        "integrated_account_id",
        "response_format",
        "ignore_remote_data",
        "exclude_fields",
        "fields",
        "remote_query",
        *LIST_ONLY,
    }
)
FORMATS: tuple[Format, ...] = get_args(Format)

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_KEY = re.compile(r"\[([^\[\]]*)\]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_SCALARS = frozenset(
    {"id", "text", "boolean", "boolean_text", "number", "integer", "currency", "datetime", "date", "enum"}
)


@dataclass(frozen=True)
class Asked:
    """What a query string asks for. `rest` is what is none of our parameters: filters, or a provider's own."""

    account_id: str | None = None
    limit: int | None = None
    cursor: str | None = None
    format: Format = "unified"
    remote_data: bool = True
    exclude: tuple[str, ...] = ()
    fields: tuple[str, ...] | None = None
    key_by: str | None = None
    remote_query: Mapping[str, Any] = field(default_factory=dict)
    complete: bool = False
    rest: Mapping[str, Any] = field(default_factory=dict)


def parse_query(raw: bytes) -> dict[str, Any]:
    """A query string as texts, lists and objects. Raises InvalidRequest naming what is malformed."""
    try:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=MAX_PARAMETERS)
    except UnicodeDecodeError:
        raise InvalidRequest("The query string is not UTF-8 text; encode it as such.") from None
    except ValueError:
        raise InvalidRequest(f"The query string has more than {MAX_PARAMETERS} parameters.") from None
    for name, value in pairs:
        if _CONTROL.search(name) or _CONTROL.search(value):
            raise malformed(_CONTROL.sub("?", name), "holds a control character.")
    return nested(pairs)


def nested(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Pairs with bracketed names as a tree: `a[]` and `a[0]` make lists, `a[b]` objects, repeated names lists."""
    tree: dict[str, Any] = {}
    for name, value in pairs:
        match = _NAME.fullmatch(name)
        if match is None:
            raise malformed(name, "is malformed: names look like a, a[], a[0] or a[b][c].")
        keys = [match[1], *_KEY.findall(match[2])]
        if len(keys) > MAX_DEPTH:
            raise malformed(name, f"is nested deeper than {MAX_DEPTH} levels.")
        _put(tree, keys, value, name)
    return {name: _settled(value) for name, value in tree.items()}


def read_asked(raw: bytes) -> Asked:
    """What a query string asks for, values checked. Raises InvalidRequest."""
    tree = parse_query(raw)
    ours = {name: value for name, value in _plainly_named(tree).items() if name in PARAMETERS}
    rest = {name: value for name, value in tree.items() if name not in PARAMETERS and not _is_ours(name)}
    remote_query = ours.get("remote_query", {})
    if isinstance(remote_query, list):  # its keys are the provider's, and may be numbers
        remote_query = {str(index): value for index, value in enumerate(remote_query)}
    if not isinstance(remote_query, dict):
        raise malformed("remote_query", "takes names in brackets, like remote_query[state]=open.")
    return Asked(
        account_id=_text(ours, "integrated_account_id"),
        limit=_limit(ours),
        cursor=_text(ours, "next_cursor"),
        format=_format(ours),
        remote_data=not _boolean(ours, "ignore_remote_data"),
        exclude=_names(ours, "exclude_fields") or (),
        fields=_names(ours, "fields"),
        key_by=_text(ours, "key_by"),
        remote_query=remote_query,
        complete=_boolean(ours, "complete"),
        rest=rest,
    )


def check_asked(asked: Asked, resource: Resource, method: str) -> None:
    """The names that stand in parameters are ones of this resource. Raises InvalidRequest or UnsupportedFilter."""
    fields = (*resource.field_names, CUSTOM_FIELDS.name, REMOTE_DATA.name)
    for parameter, names in (("fields", asked.fields or ()), ("exclude_fields", asked.exclude)):
        for name in names:
            if name not in fields:
                hint = did_you_mean(name, fields) or "."
                raise malformed(
                    parameter,
                    f"names no field of {resource.name}: '{shorten(name, 60)}'{hint} It has: {one_of(fields)}.",
                )
    for name in asked.rest:
        if name in resource.filter_names:
            continue
        near = did_you_mean(name, (*resource.filter_names, *PARAMETERS))
        if any(f"'{parameter}'" in near for parameter in PARAMETERS):
            message = f"There is no parameter '{shorten(name, 60)}'{near}"
            raise UnsupportedFilter(message, failures=[Failure(f"query.{shorten(name, 60)}", message)])
    if method != "list":
        _check_single(asked)
    elif asked.key_by is not None:
        _check_key(asked.key_by, asked, resource)


def malformed(name: str, reason: str) -> InvalidRequest:
    """The error for one parameter."""
    shown = shorten(name, 60)
    return InvalidRequest(f"The parameter '{shown}' {reason}", failures=[Failure(f"query.{shown}", reason)])


def _check_single(asked: Asked) -> None:
    given = {"limit": asked.limit, "next_cursor": asked.cursor, "key_by": asked.key_by, "complete": asked.complete}
    for name, value in given.items():
        if value:
            raise malformed(name, "goes with lists only; leave it out here.")


def _check_key(name: str, asked: Asked, resource: Resource) -> None:
    usable = [field.name for field in resource.fields if field.kind in _SCALARS]
    if name not in usable:
        hint = did_you_mean(name, usable) or "."
        raise malformed("key_by", f"takes a field with single values, not '{shorten(name, 60)}'{hint} "
                        f"It may be: {one_of(usable)}.")  # fmt: skip
    if name in asked.exclude or (asked.fields is not None and name not in asked.fields):
        raise malformed("key_by", f"takes '{name}', which fields or exclude_fields leave out.")
    if asked.format not in ("unified", "debug"):
        raise malformed("key_by", f"does not go with response_format={asked.format}.")


def _plainly_named(tree: Mapping[str, Any]) -> dict[str, Any]:
    """The tree with our parameters under their plain names."""
    named: dict[str, Any] = {}
    for name, value in tree.items():
        plain = name.removeprefix(PREFIX) if _is_ours(name) else name
        if named.setdefault(plain, value) != value:
            raise malformed(plain, f"is given twice, as {PREFIX}{plain} too, with another value.")
    return named


def _is_ours(name: str) -> bool:
    return name.startswith(PREFIX) and name.removeprefix(PREFIX) in PARAMETERS


def _put(tree: dict[str, Any], keys: list[str], value: Any, name: str) -> None:
    node = tree
    for key in keys[:-1]:
        child = node.setdefault(key or _free(node), {})
        if not isinstance(child, dict):
            raise malformed(name, "contradicts an earlier one: it is a value there and an object here.")
        node = child
    last = keys[-1] or _free(node)
    before = node.get(last)
    if isinstance(before, dict):
        raise malformed(name, "contradicts an earlier one: it is an object there and a value here.")
    if last not in node:
        node[last] = value
    else:
        node[last] = [*before, value] if isinstance(before, list) else [before, value]


def _free(node: Mapping[str, Any]) -> str:
    """The first number that is no key yet."""
    number = len(node)
    while str(number) in node:
        number += 1
    return str(number)


def _settled(node: Any) -> Any:
    """Objects whose keys are all numbers as lists, in the order of the numbers."""
    if not isinstance(node, dict):
        return node
    if node and all(key.isdecimal() and key.isascii() and len(key) < 6 for key in node):
        return [_settled(node[key]) for key in sorted(node, key=int)]
    return {key: _settled(value) for key, value in node.items()}


def _text(ours: Mapping[str, Any], name: str) -> str | None:
    value = ours.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise malformed(name, "takes one value.")
    return value


def _boolean(ours: Mapping[str, Any], name: str) -> bool:
    if name not in ours:
        return False
    word = ours[name]
    if not isinstance(word, str) or word.lower() not in _BOOLEANS:
        raise malformed(name, "is true or false.")
    return _BOOLEANS[word.lower()]


def _limit(ours: Mapping[str, Any]) -> int | None:
    if "limit" not in ours:
        return None
    value = ours["limit"]
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 9:
        number = int(value)
        if 1 <= number <= MAX_LIMIT:
            return number
    raise malformed("limit", f"is a whole number from 1 to {MAX_LIMIT}.")


def _format(ours: Mapping[str, Any]) -> Format:
    word = _text(ours, "response_format")
    for known in FORMATS:
        if word == known:
            return known
    if word is None:
        return "unified"
    hint = did_you_mean(word, FORMATS) or "."
    raise malformed(
        "response_format", f"is not one there is: '{shorten(word, 40)}'{hint} It is one of: {one_of(FORMATS)}."
    )


def _names(ours: Mapping[str, Any], name: str) -> tuple[str, ...] | None:
    value = ours.get(name)
    if value is None:
        return None
    entries = value if isinstance(value, list) else [value]
    if not all(isinstance(entry, str) for entry in entries):
        raise malformed(name, f"takes a list, like {name}[]=id&{name}[]=name or {name}=id,name.")
    return tuple(part.strip() for entry in entries for part in entry.split(",") if part.strip()) or None
