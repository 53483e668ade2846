"""Did you mean: the nearest known word to a mistyped one, for every error message that lists choices."""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`"; did you mean 'x'?"` for the nearest known word, or an empty string."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean '{near[0]}'?" if near else ""


def one_of(known: Iterable[str]) -> str:
    """The known words as a readable list, or `nothing` when there are none."""
    return ", ".join(sorted(known)) or "nothing"
