"""What the pretend Teamtailor knows now: rows by kind, how they relate, and the files behind its signed URLs."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from polyhire.simulators.company import Document
from polyhire.simulators.files import SignedFiles
from polyhire.simulators.pages import Cursors
from polyhire.simulators.tables import Row, Table, now, numbers

from .identifiers import identifier
from .kinds import KINDS, SIGNED, Relation
from .refusals import not_found

COMPANY = "companies"
ZONE = timezone(timedelta(hours=1))
# A signed URL lives for about 30 to 60 seconds: the strictest is the shorter.
FILE_SECONDS = 30
# What goes when a record that it belongs to goes; anything else only forgets the record. inferred
OWNED = {
    "candidates": ("activities", "answers", "job-applications", "notes", "uploads", "custom-field-values"),
    "job-applications": ("job-offers",),
}


def stamp(moment: datetime | None) -> str | None:
    """Write an instant with an offset and milliseconds."""
    return moment.astimezone(ZONE).isoformat(timespec="milliseconds") if moment else None


class Teamtailor:
    """The state of one company's account. Files are kept by the id of their upload, or by candidate and attribute."""

    def __init__(self, seeds: Mapping[str, Sequence[Row]], documents: Mapping[str, Document]) -> None:
        # Rows are copied because clients change them; the values in a row are only ever replaced.
        self.tables = {kind: _table(kind, seeds.get(kind, ())) for kind in KINDS}
        self.documents = dict(documents)
        self.cursors = Cursors()
        self.files = SignedFiles(self.documents.get, FILE_SECONDS)

    def __getitem__(self, kind: str) -> Table:
        return self.tables[kind]

    def row(self, kind: str, identifier: int | str) -> Row:
        """Give the record that a path names; refuses with 404."""
        found = self[kind].get(identifier)
        if found is None:
            raise not_found(f"The record identified by {identifier} could not be found.")
        return found

    def related(self, kind: str, row: Row, name: str) -> list[Row]:
        """Give the records that a relationship of a row leads to."""
        known = KINDS[kind]
        return self.follow(row, name, known.relations.get(name) or known.lists[name])

    def follow(self, row: Row, name: str, relation: Relation) -> list[Row]:
        """Give the records that a relation leads to from a row, each once."""
        table = self[relation.kind]
        if relation.inverse is None:
            named = row.get(relation.key or name)
            keys = named if relation.many else [named]
        elif relation.through is None:
            return [each for each in table if each[relation.inverse] == row["id"]]
        else:
            joined = self[relation.through]
            keys = sorted({each[relation.key] for each in joined if each[relation.inverse] == row["id"]})
        return [found for key in keys or () if (found := table.get(key)) is not None]

    def insert(self, kind: str, values: Mapping[str, Any]) -> Row:
        """Keep a new record, made now."""
        moment = stamp(now())
        stamps: Row = {key: moment for key in ("created-at", "updated-at") if key in KINDS[kind].attributes}
        return self[kind].insert({**stamps, **values})

    def change(self, kind: str, row: Row, values: Mapping[str, Any]) -> Row:
        """Change a record, and when it was changed."""
        row.update(values)
        if "updated-at" in KINDS[kind].attributes:
            row["updated-at"] = stamp(now())
        return row

    def forget(self, kind: str, row: Row) -> None:
        """Delete a record with what belongs to it, and every mention of it."""
        self[kind].delete(row["id"])
        for name in SIGNED:
            self.documents.pop(file_key(row["id"], name), None)
        self.documents.pop(file_key(row["id"], "url"), None)
        for other, known in KINDS.items():
            for name, relation in known.relations.items():
                if relation.kind == kind and relation.inverse is None:
                    owned = other in OWNED.get(kind, ())
                    self._unrelate(other, relation.key or name, relation, row["id"], owned=owned)

    def _unrelate(self, kind: str, key: str, relation: Relation, gone: int, *, owned: bool) -> None:
        for row in self[kind]:
            if relation.many:
                if gone in (row.get(key) or ()):
                    row[key] = [each for each in row[key] if each != gone]
            elif row.get(key) == gone:
                if owned:
                    self.forget(kind, row)
                else:
                    row[key] = None

    def note_down(self, code: str, data: Mapping[str, Any], **related: int | None) -> None:
        """Add to the activities. inferred: the codes; `data` is JSON inside a string."""
        self.insert("activities", {"code": code, "data": written(data), "user": None, "job": None, **related})


def written(data: Mapping[str, Any]) -> str:
    """Write the data of an activity."""
    return json.dumps(data, ensure_ascii=False)


def file_key(number: int, attribute: str) -> str:
    """Name the file behind an attribute of a record."""
    return f"{number}-{attribute}"


def _table(kind: str, rows: Sequence[Row]) -> Table:
    made = Table(dict(row) for row in rows)
    # Without rows to count on from, new ids would begin at 1, outside of the range of their kind.
    return made if rows else Table(new_id=numbers(identifier(kind, 0)))
