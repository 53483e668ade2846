"""Lever's ids and instants: UUIDs that a seeded record always has, and epoch milliseconds."""

from datetime import datetime
from functools import cache

from polyhire.simulators.tables import now, uuid


@cache
def identifier(kind: str, number: int) -> str:
    """Give the UUID that the seeded record of this number always has."""
    return uuid(f"lever {kind}", number)


def milliseconds(moment: datetime) -> int:
    """Write an instant as Lever does."""
    return round(moment.timestamp() * 1000)


def present() -> int:
    """Tell the time, as Lever writes it."""
    return milliseconds(now())
