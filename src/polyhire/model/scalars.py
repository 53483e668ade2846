"""Single values of any wrong type turned into what a field holds, or None: never an error, never a guess.

Where one value is wanted and a list came, its first usable one is taken.
"""

import math
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

_Value = TypeVar("_Value")

_TRUE = frozenset({"true", "yes", "1"})
_FALSE = frozenset({"false", "no", "0"})
_NUMBER = re.compile(r"[+-]?(?:\d{1,300}(?:\.\d{0,300})?|\.\d{1,300})(?:[eE][+-]?\d{1,3})?", re.ASCII)
_WORD_STARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_APOSTROPHES = str.maketrans("", "", "'’")

# What a JSON number can carry to every client, and what a serialiser accepts.
_LARGEST_INTEGER = 2**63 - 1


def as_text(value: Any) -> str | None:
    """Text as it is, numbers and booleans as JSON writes them; None for an empty text or an object."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number_text(value)
    return _first(as_text, value)


def as_trimmed_text(value: Any) -> str | None:
    """Text without the blanks around it."""
    text = as_text(value)
    return text and (text.strip() or None)


def as_joined_text(value: Any) -> str | None:
    """Text; several values are put in one line with commas."""
    if not isinstance(value, list):
        return as_text(value)
    texts = [as_text(item) for item in value if not isinstance(item, list)]
    return ", ".join(text for text in texts if text) or None


def as_id(value: Any) -> str | None:
    """An identifier as text, `5.0` as `5`; None for a boolean, an object or an empty text."""
    if isinstance(value, bool):
        return None
    return as_text(value) if isinstance(value, str | int | float) else _first(as_id, value)


def as_boolean(value: Any) -> bool | None:
    """True or false, also from their words (`yes`, `no`) and from 1 and 0; None for anything else."""
    if isinstance(value, bool):
        return value
    word = (as_text(value) or "").strip().lower()
    return True if word in _TRUE else False if word in _FALSE else None


def as_boolean_text(value: Any) -> str | None:
    """The texts `true` and `false`."""
    truth = as_boolean(value)
    return None if truth is None else "true" if truth else "false"


def as_number(value: Any) -> int | float | None:
    """A finite number, also from its text; None for a boolean or a text with anything else in it."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if abs(value) <= _LARGEST_INTEGER else None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        text = value.strip()
        if not _NUMBER.fullmatch(text):
            return None
        is_short_integer = text.lstrip("+-").isdigit() and len(text) <= 18
        return as_number(int(text) if is_short_integer else float(text))
    return _first(as_number, value)


def as_integer(value: Any) -> int | None:
    """A whole number; None for one with a fraction."""
    number = as_number(value)
    if number is None or number != int(number) or abs(number) > _LARGEST_INTEGER:
        return None
    return int(number)


def as_currency(value: Any) -> str | None:
    """An ISO 4217 code in capitals; None for a sign or a name, which may mean several currencies."""
    code = (as_text(value) or "").strip().upper()
    return code if len(code) == 3 and code.isascii() and code.isalpha() else None


def as_enum(value: Any) -> str | None:
    """Any word in lower snake case; None when there is none."""
    text = as_text(value)
    return text and (snake_case(text) or None)


@lru_cache(maxsize=4096)
def snake_case(text: str) -> str:
    """`Offer Sent`, `offer-sent` and `OfferSent` as `offer_sent`; a text of signs alone stays as it is."""
    spaced = _WORD_STARTS.sub("_", text.translate(_APOSTROPHES))
    return _BETWEEN_WORDS.sub("_", spaced).strip("_").lower() or text.strip()


def _number_text(number: float) -> str | None:
    if isinstance(number, int):
        return str(number) if abs(number) < 10**100 else None
    if not math.isfinite(number):
        return None
    return str(int(number)) if number.is_integer() and abs(number) < 1e16 else repr(number)


def _first(make: Callable[[Any], _Value | None], values: Any) -> _Value | None:
    if not isinstance(values, list):
        return None
    made = (make(value) for value in values if not isinstance(value, list | dict))
    return next((value for value in made if value is not None), None)
