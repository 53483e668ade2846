"""Checks of attributes that several kinds of record share."""

from typing import Any

from polyhire.simulators import bodies
from polyhire.simulators.guards import instant
from polyhire.simulators.kit import Problem
from polyhire.simulators.tables import Row

from .state import stamp

TEXT = bodies.nullable(bodies.text)
MOMENT = bodies.nullable(bodies.instant)
NUMBER = bodies.nullable(bodies.integer)
FLAG = bodies.boolean
TAGS = bodies.items(bodies.filled)


def web_address(value: Any, where: str) -> list[Problem]:
    """Take an absolute URL."""
    if bodies.text(value, where) or not value.startswith(("https://", "http://")):
        return [Problem(where, "is not a valid URL")]
    return []


def email(value: Any, where: str) -> list[Problem]:
    """Take an e-mail address, or null."""
    if value is None:
        return []
    fits = isinstance(value, str) and value.count("@") == 1 and not set(value) & set(" ,;<>")
    name, _, host = value.partition("@") if fits else ("", "", "")
    return [] if name and "." in host.strip(".") else [Problem(where, "is invalid")]


def stamped(given: Row, *names: str) -> Row:
    """Give these instants of what was written in the API's own words."""
    return {name: stamp(instant(given[name])) if given[name] else None for name in names if name in given}
