"""Ids as Recruitee has them: integers, here from another range for each kind of record."""

KINDS = (
    "activity",
    "admin",
    "answer",
    "attachment",
    "candidate",
    "department",
    "event",
    "field",
    "location",
    "note",
    "offer",
    "offer tag",
    "placement",
    "question",
    "reason",
    "result",
    "source",
    "stage",
    "tag",
    "template",
)
_STARTS = {kind: (index + 3) * 1_000_000 for index, kind in enumerate(KINDS)}


def identifier(kind: str, number: int) -> int:
    """Give the id of the company's n-th thing of a kind."""
    return _STARTS[kind] + number


def optional(kind: str, number: int | None) -> int | None:
    """Give the id, or null where there is nothing."""
    return None if number is None else identifier(kind, number)
