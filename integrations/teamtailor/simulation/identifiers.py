"""Ids as Teamtailor has them: numbers from another range for each kind of record, written as strings."""

from collections.abc import Iterable

KINDS = (
    "activities",
    "answers",
    "candidates",
    "custom-field-values",
    "custom-fields",
    "departments",
    "job-applications",
    "job-offers",
    "jobs",
    "locations",
    "notes",
    "nps-responses",
    "partner-results",
    "picked-questions",
    "questions",
    "referrals",
    "regions",
    "reject-reasons",
    "requisitions",
    "roles",
    "stages",
    "team-memberships",
    "teams",
    "todos",
    "uploads",
    "users",
)
_STARTS = {kind: (index + 11) * 1_000_000 for index, kind in enumerate(KINDS)}


def identifier(kind: str, number: int) -> int:
    """Give the id of the company's n-th thing of a kind."""
    return _STARTS[kind] + number


def optional(kind: str, number: int | None) -> int | None:
    """Give the id, or null where there is nothing."""
    return None if number is None else identifier(kind, number)


def identifiers(kind: str, numbers: Iterable[int]) -> list[int]:
    """Give the ids of several things of a kind."""
    return [identifier(kind, number) for number in numbers]
