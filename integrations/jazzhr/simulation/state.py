"""What the pretend JazzHR knows now: rows by kind, whose they are, and the bytes of files."""

from collections.abc import Iterable, Mapping
from functools import partial
from itertools import count
from typing import Any

from polyhire.simulators.company import Document
from polyhire.simulators.files import SignedFiles
from polyhire.simulators.kit import Problem, Refusal
from polyhire.simulators.tables import Row, Table, now

from .identifiers import clock, day, identifier

# The kinds that are asked for by whom they are about, with the key that says so.
OWNERS = {
    "activity": "object_id",
    **dict.fromkeys(
        ("link", "comment", "feedback", "message", "evaluation", "answer", "file", "category link"), "applicant_id"
    ),
}
# What is the key of those that show no id, or show it by another name.
KEYS = {"answer": "_id", "question": "_id", "message": "comm_id"}
# inferred: how long the URL of a file works
FILE_SECONDS = 900


class Jazz:
    """The state of one JazzHR account. Keys of rows that start with `_` are never shown."""

    def __init__(self, seeded: Mapping[str, Iterable[Row]], documents: Mapping[str, Document]) -> None:
        self._fresh = count(1)
        self._tables = {
            kind: Table(map(dict, rows), key=KEYS.get(kind, "id"), new_id=partial(self._new_id, kind))
            for kind, rows in seeded.items()
        }
        self.documents = dict(documents)
        self.files = SignedFiles(self.documents.get, FILE_SECONDS)
        self._owned: dict[tuple[str, str], list[Row]] = {}
        for kind, table in self._tables.items():
            for row in table:
                self._settle(kind, row)

    def rows(self, kind: str) -> list[Row]:
        """Give every row of a kind, in the order of their making."""
        return list(self._tables[kind])

    def of(self, kind: str, owner: str) -> list[Row]:
        """Give the rows of one of the `OWNERS` kinds that are about this applicant (or job, or user)."""
        return list(self._owned.get((kind, owner), ()))

    def find(self, kind: str, row_id: str) -> Row | None:
        """Give the row with this id, if there is one."""
        return self._tables[kind].get(row_id)

    def refer(self, kind: str, row_id: str, where: str) -> Row:
        """Give the row that a body refers to; refuses what is no id of that kind."""
        found = self.find(kind, row_id)
        if found is None:
            raise unfit(where, f"is not the id of a known {kind}")
        return found

    def add(self, kind: str, row: Mapping[str, Any]) -> Row:
        """Keep a new row under a new id."""
        made = self._tables[kind].insert(row)
        self._settle(kind, made)
        return made

    def log(self, category: str, owner: str, action: str, user: str = "", team: str = "") -> None:
        """Note down what just happened."""
        moment = now()
        row = {"category": category, "team_id": team, "user_id": user, "object_id": owner, "action": action}
        self.add("activity", {**row, "date": day(moment), "time": clock(moment)})

    def _new_id(self, kind: str) -> str:
        return identifier(kind, f"new {next(self._fresh)}", now())

    def _settle(self, kind: str, row: Row) -> None:
        if kind in OWNERS:
            self._owned.setdefault((kind, row[OWNERS[kind]]), []).append(row)


def unfit(where: str, message: str) -> Refusal:
    """Make the answer to one value that does not fit."""
    return Refusal(400, "Bad request", problems=[Problem(where, message)])


def shown(row: Row) -> Row:
    """Give a row as it travels."""
    return {key: value for key, value in row.items() if not key.startswith("_")}
