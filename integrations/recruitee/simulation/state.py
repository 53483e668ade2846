"""What the pretend Recruitee knows now: rows by kind, whose they are, and the files behind its signed URLs."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from polyhire.simulators.company import Document
from polyhire.simulators.files import SignedFiles
from polyhire.simulators.kit import Problem, Refusal
from polyhire.simulators.tables import Row, Table, iso, now, numbers

from .identifiers import KINDS, identifier

COMPANY_ID = 48213
# inferred: signed URLs live for a minute
FILE_SECONDS = 60
# What a row belongs to: rows are found by these keys, and go with the record that they name.
OWNERS = {
    "activity": ("candidate_id", "offer_id"),
    "attachment": ("candidate_id",),
    "event": ("candidate_id",),
    "note": ("candidate_id", "offer_id"),
    "placement": ("candidate_id", "offer_id"),
    "result": ("candidate_id", "offer_id"),
    "stage": ("template_id",),
}
OWNED_BY = {"candidate": "candidate_id", "offer": "offer_id"}
# The words of refusals, where ours are others.
CALLED = {"reason": "disqualify reason", "template": "pipeline template", "event": "interview event"}


class Recruitee:
    """The state of one company's account, whose careers site is at `subdomain`.

    The values of a row are replaced, and never changed inside: what was seeded is shared between resets.
    """

    def __init__(self, subdomain: str, seeds: Mapping[str, Iterable[Row]], documents: Mapping[str, Document]) -> None:
        self.subdomain = subdomain
        self.documents = dict(documents)
        self.files = SignedFiles(self.documents.get, FILE_SECONDS)
        self._tables = {kind: _table(kind, list(seeds.get(kind, ()))) for kind in KINDS}
        self._owned: dict[tuple[str, str, Any], dict[int, Row]] = {}
        for kind, table in self._tables.items():
            for row in table:
                self._settle(kind, row)

    def rows(self, kind: str) -> Iterator[Row]:
        """Give every row of a kind, in the order of their making."""
        return iter(self._tables[kind])

    def of(self, kind: str, key: str, owner: int) -> list[Row]:
        """Give the rows that belong to a record, by one of the keys in `OWNERS`."""
        return list(self._owned.get((kind, key, owner), {}).values())

    def find(self, kind: str, row_id: Any) -> Row | None:
        """Give the row with this id, if there is one."""
        return self._tables[kind].get(row_id)

    def get(self, kind: str, row_id: Any) -> Row:
        """Give the row that a path names; refuses with 404."""
        found = self.find(kind, row_id)
        if found is None:
            raise missing(kind)
        return found

    def refer(self, kind: str, row_id: Any, where: str) -> Row:
        """Give the row that a body or a query refers to; refuses with 422."""
        found = self.find(kind, row_id)
        if found is None:
            raise unfit(where, "is invalid")
        return found

    def named(self, kind: str, name: str) -> Row | None:
        """Give the row with this name, in whichever case."""
        return next((each for each in self.rows(kind) if each["name"].lower() == name.lower()), None)

    def add(self, kind: str, row: Mapping[str, Any]) -> Row:
        """Keep a new row under a new id, made now unless it says otherwise."""
        moment = iso(now())
        made = self._tables[kind].insert({"created_at": moment, "updated_at": moment, **row})
        self._settle(kind, made)
        return made

    def change(self, row: Row, **changes: Any) -> Row:
        """Change a row, and when it was changed."""
        row.update(changes, updated_at=iso(now()))
        return row

    def give(self, kind: str, row: Row, key: str, owner: int) -> None:
        """Make a row belong to another record."""
        self._owned[kind, key, row[key]].pop(row["id"])
        row[key] = owner
        self._settle(kind, row)

    def remove(self, kind: str, row: Row) -> None:
        """Forget a row with all that belongs to it."""
        self._tables[kind].delete(row["id"])
        self.documents.pop(f"{kind}-{row['id']}", None)
        for key in OWNERS.get(kind, ()):
            self._owned[kind, key, row[key]].pop(row["id"])
        if kind in OWNED_BY:
            for other, keys in OWNERS.items():
                if OWNED_BY[kind] in keys:
                    for each in self.of(other, OWNED_BY[kind], row["id"]):
                        self.remove(other, each)

    def note_down(self, kind: str, actor: int | None, **about: Any) -> None:
        """Add to the timeline. inferred: the kinds are named after the webhooks' events."""
        self.add("activity", {"kind": kind, "admin_id": actor, "candidate_id": None, "offer_id": None, **about})

    def _settle(self, kind: str, row: Row) -> None:
        for key in OWNERS.get(kind, ()):
            self._owned.setdefault((kind, key, row[key]), {})[row["id"]] = row


def _table(kind: str, rows: list[Row]) -> Table:
    made = Table(dict(row) for row in rows)
    # Without rows to count on from, new ids would begin at 1, outside of the range of their kind.
    return made if rows else Table(new_id=numbers(identifier(kind, 0)))


def missing(kind: str) -> Refusal:
    """Make the answer to a path that names nothing."""
    return Refusal(404, f"{CALLED.get(kind, kind).capitalize()} not found")


def unfit(where: str, message: str) -> Refusal:
    """Make the answer to one value that does not fit."""
    return Refusal(422, "Invalid", problems=[Problem(where, message)])
