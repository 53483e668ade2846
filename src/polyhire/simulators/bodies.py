"""Strict readings of bodies: JSON of a described shape, and forms. What does not fit is refused with every problem."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from . import guards
from .kit import Ask, Problem, Refusal

Check: TypeAlias = Callable[[Any, str], list[Problem]]
JSON_TYPES = ("application/json",)


def read_json(ask: Ask, check: Check, *, content_types: Sequence[str] = JSON_TYPES, empty: Any = ...) -> Any:
    """Read a JSON body and check it: 415 for another content type, 400 for what is not JSON, 422 for problems.

    With `empty`, a request without a body stands for that value; else it is a 400.
    """
    if not ask.body and empty is not ...:
        return empty
    if ask.content_type not in content_types:
        raise Refusal(415, f"Content-Type must be {' or '.join(content_types)}")
    try:
        value = json.loads(ask.body)
    except ValueError:
        raise Refusal(400, "The body is not valid JSON") from None
    if problems := check(value, ""):
        raise Refusal(422, "Invalid body", problems=problems)
    return value


def read_form(ask: Ask, known: Sequence[str], *, required: Sequence[str] = ()) -> dict[str, str]:
    """Read a urlencoded form: 415 for another content type, 422 for unknown, repeated or missing fields."""
    if ask.content_type != "application/x-www-form-urlencoded":
        raise Refusal(415, "Content-Type must be application/x-www-form-urlencoded")
    pairs = parse_qsl(ask.body.decode(errors="replace"), keep_blank_values=True)
    values = dict(pairs)
    problems = [Problem(name, "is required") for name in required if not values.get(name)]
    problems += [Problem(name, "is not a known field") for name in values if name not in known]
    if len(values) < len(pairs):
        problems.append(Problem("", "has a field twice"))
    if problems:
        raise Refusal(422, "Invalid form", problems=problems)
    return values


def _kind(wanted: type | tuple[type, ...], words: str) -> Check:
    def check(value: Any, where: str) -> list[Problem]:
        fits = isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool))
        return [] if fits else [Problem(where, f"must be {words}")]

    return check


text = _kind(str, "a string")
integer = _kind(int, "an integer")
number = _kind((int, float), "a number")
boolean = _kind(bool, "a boolean")


def anything(value: Any, where: str) -> list[Problem]:
    """Take any JSON."""
    return []


def filled(value: Any, where: str) -> list[Problem]:
    """Take a string with something in it."""
    return text(value, where) or ([] if value.strip() else [Problem(where, "can't be blank")])


def nullable(check: Check) -> Check:
    """Take null, or what the check takes."""
    return lambda value, where: [] if value is None else check(value, where)


def choice(*allowed: Any) -> Check:
    """Take one of these values."""
    words = ", ".join(map(str, allowed))
    return lambda value, where: [] if value in allowed else [Problem(where, f"must be one of {words}")]


def instant(value: Any, where: str) -> list[Problem]:
    """Take an ISO 8601 date and time with a zone."""
    return text(value, where) or _reads(guards.instant, value, where)


def day(value: Any, where: str) -> list[Problem]:
    """Take a date written `YYYY-MM-DD`."""
    return text(value, where) or _reads(guards.day, value, where)


def _reads(reading: guards.Reading, value: str, where: str) -> list[Problem]:
    try:
        reading(value)
    except ValueError as error:
        return [Problem(where, str(error))]
    return []


def items(check: Check, *, least: int = 0) -> Check:
    """Take a list, at least so long, of what the check takes."""

    def whole(value: Any, where: str) -> list[Problem]:
        if not isinstance(value, list):
            return [Problem(where, "must be a list")]
        if len(value) < least:
            return [Problem(where, f"must have at least {least} items")]
        return [problem for index, each in enumerate(value) for problem in check(each, f"{where}[{index}]")]

    return whole


def shape(known: Mapping[str, Check], *, required: Sequence[str] = ()) -> Check:
    """Take an object with these keys and no others; all but the required ones may be left out."""

    def whole(value: Any, where: str) -> list[Problem]:
        if not isinstance(value, dict):
            return [Problem(where, "must be an object")]
        path = f"{where}." if where else ""
        problems = [Problem(path + key, "is required") for key in required if key not in value]
        for key, each in value.items():
            if key in known:
                problems += known[key](each, path + key)
            else:
                problems.append(Problem(path + key, "is not a known key"))
        return problems

    return whole
