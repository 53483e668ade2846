"""Ids as Zoho has them: strings of 18 digits, with another range for each kind of record."""

from collections.abc import Callable
from itertools import count

USERS, PROFILES, ROLES, CATEGORIES, TAGS, SUBFORMS = 80, 81, 82, 83, 84, 85
# What clients make is counted from here, far above what a company begins with.
FIRST_NEW = 5_000_000


def identifier(kind: int, number: int) -> str:
    """Give the id of the n-th thing of a kind."""
    return f"554023{kind:03d}{number:09d}"


def new_ids(kind: int) -> Callable[[], str]:
    """Make the ids of what clients create."""
    following = count(FIRST_NEW)
    return lambda: identifier(kind, next(following))
