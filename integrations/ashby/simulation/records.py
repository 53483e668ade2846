"""What the account holds, with every change numbered, so that a sync token can mean "since then"."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from msgspec import UNSET, UnsetType

from polyhire.simulators.kit import Refusal
from polyhire.simulators.tables import Row, Table, iso, now, uuid, uuids

# The kinds that are asked for by what they belong to, with the key that says so; it never changes.
PARENTS = {
    "posting": "jobId",
    "event": "interviewScheduleId",
    "feedback": "interviewEventId",
    "history": "applicationId",
    "note": "candidateId",
    "stage": "interviewPlanId",
}


@cache
def identifier(kind: str, number: int) -> str:
    """Give the UUID that a seeded record of this number always has."""
    return uuid(f"ashby {kind}", number)


def invalid(message: str) -> Refusal:
    """Make Ashby's answer to input that does not fit: HTTP 200, and `success` false."""
    return Refusal(200, message, code="invalid_input")


def missing(kind: str) -> Refusal:
    """Make the answer to an id that stands for nothing."""
    # inferred: the sheet gives invalid_input and sync_token_expired, and no code for an unknown id
    return Refusal(200, f"{kind.capitalize()} not found", code=f"{kind}_not_found")


class Records:
    """Rows by kind and id, in the order of their making; references between them are kept as ids.

    The values of a row are replaced, and never changed inside: what was seeded can be shared between accounts.
    """

    def __init__(self, seeded: Mapping[str, Iterable[Row]]) -> None:
        self._tables = {kind: Table(map(dict, rows), new_id=uuids(f"ashby {kind}")) for kind, rows in seeded.items()}
        self._places: dict[str, int] = {}
        self._versions: dict[str, int] = {}
        self._children: dict[tuple[str, str | None], list[Row]] = {}
        for kind, table in self._tables.items():
            for row in table:
                self._settle(kind, row)
        self.version = 0
        self._latest = now()

    def rows(self, kind: str) -> Iterator[Row]:
        """Give every row of a kind."""
        return iter(self._tables[kind])

    def find(self, kind: str, **values: Any) -> list[Row]:
        """Give the rows of a kind that have all these values."""
        return self._tables[kind].find(**values)

    def of(self, kind: str, parent_id: str) -> list[Row]:
        """Give the rows of one of the `PARENTS` kinds that belong to this parent."""
        return list(self._children.get((kind, parent_id), ()))

    def get(self, kind: str, row_id: str) -> Row:
        """Give one row; refuses an unknown id."""
        row = self._tables[kind].get(row_id)
        if row is None:
            raise missing(kind)
        return row

    def add(self, kind: str, row: Row) -> Row:
        """Keep a new row under a new id."""
        made = self._tables[kind].insert(row)
        self._settle(kind, made)
        self._touch(made["id"])
        return made

    def change(self, kind: str, row_id: str, **changes: Any) -> Row:
        """Change a row; those that have an `updatedAt` get a later one. Refuses an unknown id."""
        row = self.get(kind, row_id)
        if "updatedAt" in row:
            changes["updatedAt"] = self.moment()
        self._touch(row_id)
        return self._tables[kind].update(row_id, changes)

    def remove(self, kind: str, row_id: str) -> None:
        """Forget a row; a sync token does not tell of it."""
        row = self.get(kind, row_id)
        self._tables[kind].delete(row_id)
        if kind in PARENTS:
            self._children[kind, row[PARENTS[kind]]].remove(row)

    def place(self, row_id: str) -> int:
        """Say where a row stands in the order of making; it never moves."""
        return self._places[row_id]

    def changed_since(self, row_id: str, version: int) -> bool:
        """Tell whether a row was made or changed after the account had this version."""
        return self._versions.get(row_id, 0) > version

    def check(self, kind: str, row_id: str | UnsetType | None) -> None:
        """Refuse an id that is given and unknown."""
        if isinstance(row_id, str):
            self.get(kind, row_id)

    def moment(self, wanted: datetime | UnsetType = UNSET) -> str:
        """Write an instant; without one, the present, and later than any present before."""
        if wanted is UNSET:
            wanted = self._latest = max(now(), self._latest + timedelta(milliseconds=1))
        return stamp(wanted)

    def _settle(self, kind: str, row: Row) -> None:
        self._places[row["id"]] = len(self._places)
        if kind in PARENTS:
            self._children.setdefault((kind, row[PARENTS[kind]]), []).append(row)

    def _touch(self, row_id: str) -> None:
        self.version += 1
        self._versions[row_id] = self.version


def stamp(moment: datetime) -> str:
    """Write an instant in UTC with milliseconds."""
    written = iso(moment)
    assert written is not None
    return written
