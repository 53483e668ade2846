"""Breezy's ids: short hex strings that a seeded record always has, and slugs made of them."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from hashlib import sha256

from polyhire.simulators.tables import iso, now, numbers

LENGTH = 12


@cache
def identifier(kind: str, number: int) -> str:
    """Give the id that the record of this kind and number always has."""
    return sha256(f"breezy {kind} {number}".encode()).hexdigest()[:LENGTH]


def fresh(kind: str) -> Callable[[], str]:
    """Make ids for what clients create."""
    following = numbers()
    return lambda: identifier(f"new {kind}", following())


def friendly(name: str, first: str = "") -> str:
    """Make the part of a public address that stands for a company, or for a position with its id first."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "-".join(filter(None, [first, *re.findall(r"[a-z0-9]+", ascii_only.lower())]))


def initials(name: str) -> str:
    """Give the first letters of the first and the last word."""
    words = name.split()
    return "".join(word[0].upper() for word in [*words[:1], *words[1:][-1:]])


def present() -> str:
    """Tell the time, as Breezy writes it."""
    moment = iso(now())
    assert moment is not None
    return moment
