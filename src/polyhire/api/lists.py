"""Lists of what this server itself keeps: filters in brackets, a limit, a cursor, and the envelope."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar

from starlette.requests import Request

from polyhire.accounts.listing import Condition, Operator, Value
from polyhire.api.query import malformed, parse_query
from polyhire.errors import shorten
from polyhire.suggest import did_you_mean, one_of

DEFAULT_LIMIT = 50
MAX_LIMIT = 1000

Kind = Literal["text", "flag", "moment"]

_OPERATORS: dict[Kind, tuple[Operator, ...]] = {
    "text": ("eq", "ne", "in"),
    "flag": ("eq", "ne"),
    "moment": ("eq", "gt", "gte", "lt", "lte"),
}
_PAGING = ("limit", "next_cursor")
_MOST_VALUES = 200

Item = TypeVar("Item")


@dataclass(frozen=True)
class Filter:
    """What a list can be narrowed by: `column` in the table; `values` are all that there are, where they are few."""

    column: str
    kind: Kind = "text"
    values: tuple[str, ...] = ()

    @property
    def operators(self) -> tuple[Operator, ...]:
        """How it can be compared."""
        return _OPERATORS[self.kind]


@dataclass(frozen=True)
class Wanted:
    """The page that a query string asks for."""

    conditions: tuple[Condition, ...]
    limit: int
    after: str | None


def read_wanted(request: Request, filters: Mapping[str, Filter]) -> Wanted:
    """The page that is asked for, by `name=value` or `name[operator]=value`. Raises InvalidRequest."""
    given = dict(_flat(parse_query(request.scope["query_string"]), filters))
    limit, after = given.pop("limit", None), given.pop("next_cursor", None)
    conditions: list[Condition] = []
    for name, value in given.items():
        if name not in filters:
            known = (*filters, *_PAGING)
            hint = did_you_mean(name, known) or "."
            raise malformed(name, f"is none there is{hint} There are: {one_of(known)}.")
        compared = value if isinstance(value, dict) else {"eq": value}
        conditions += [_condition(name, filters[name], operator, inner) for operator, inner in compared.items()]
    if after is not None and not isinstance(after, str):
        raise malformed("next_cursor", "takes one value.")
    return Wanted(tuple(conditions), _limit(limit), after or None)


def envelope(found: Sequence[Item], wanted: Wanted, show: Callable[[Item], dict[str, Any]]) -> dict[str, Any]:
    """One page in the envelope of lists; `found` has one more than the limit when there is a next one."""
    page = [show(item) for item in found[: wanted.limit]]
    return {
        "result": page,
        "next_cursor": page[-1]["id"] if len(found) > wanted.limit else None,
        "prev_cursor": None,
        "result_count": len(page),
        "is_partial_response": False,
    }


def parameters_of(filters: Mapping[str, Filter]) -> list[dict[str, Any]]:
    """The query of such a list, for the API reference."""
    found = []
    for name, filter_ in filters.items():
        value: dict[str, Any] = {"text": {"type": "string"}, "flag": {"type": "boolean"}}.get(
            filter_.kind, {"type": "string", "format": "date-time"}
        )
        value = {**value, "enum": list(filter_.values)} if filter_.values else value
        inside = {operator: {"type": "string"} if operator == "in" else value for operator in filter_.operators}
        schema = {"type": "object", "properties": inside, "additionalProperties": False}
        found.append({"name": name, "in": "query", "schema": schema, "style": "deepObject", "explode": True})
    limit = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}
    return [
        *found,
        {"name": "limit", "in": "query", "schema": limit},
        {"name": "next_cursor", "in": "query", "schema": {"type": "string"}},
    ]


def _flat(given: Mapping[str, Any], filters: Mapping[str, Filter]) -> Mapping[str, Any]:
    """`integration[name]` is `integration.name`, where that is a filter."""
    found: dict[str, Any] = {}
    for name, value in given.items():
        inner = value if isinstance(value, dict) else {}
        moved = {f"{name}.{key}": inner[key] for key in inner if f"{name}.{key}" in filters}
        rest = {key: inner[key] for key in inner if f"{name}.{key}" not in filters}
        found |= moved
        if rest or not moved:
            found[name] = rest or value
    return found


def _condition(name: str, filter_: Filter, operator: str, given: Any) -> Condition:
    for known in filter_.operators:
        if operator == known:
            texts = _texts(name, given, several=known == "in")
            return Condition(filter_.column, known, tuple(_value(name, filter_, text) for text in texts))
    hint = did_you_mean(operator, filter_.operators) or "."
    raise malformed(
        name, f"can't be compared by '{shorten(operator, 20)}'{hint} It can by: {', '.join(filter_.operators)}."
    )


def _texts(name: str, given: Any, *, several: bool) -> list[str]:
    if several and isinstance(given, str):
        given = given.split(",")
    texts = given if several and isinstance(given, list) else [given]
    if not all(isinstance(text, str) for text in texts) or len(texts) > _MOST_VALUES:
        raise malformed(name, f"takes up to {_MOST_VALUES} values in 'in', and one value otherwise.")
    return texts


def _value(name: str, filter_: Filter, text: str) -> Value:
    if filter_.kind == "moment":
        return _moment(name, text)
    if filter_.kind == "flag":
        if text not in ("true", "false"):
            raise malformed(name, "is true or false.")
        return text == "true"
    if filter_.values and text not in filter_.values:
        hint = did_you_mean(text, filter_.values) or "."
        raise malformed(name, f"is never '{shorten(text, 40)}'{hint} It is one of: {', '.join(filter_.values)}.")
    return text


def _moment(name: str, text: str) -> datetime:
    try:
        # A plus sign that was not encoded arrives as a space.
        moment = datetime.fromisoformat(text.replace(" ", "+"))
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise malformed(name, "is a moment like 2026-01-31T09:00:00Z.") from None


def _limit(given: Any) -> int:
    if given is None:
        return DEFAULT_LIMIT
    if isinstance(given, str) and given.isascii() and given.isdecimal() and len(given) < 6:
        number = int(given)
        if 1 <= number <= MAX_LIMIT:
            return number
    raise malformed("limit", f"is a whole number from 1 to {MAX_LIMIT}.")
