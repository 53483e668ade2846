"""What the pretend Lever knows now: rows by kind, and whose they are."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from polyhire.simulators.company import Document
from polyhire.simulators.kit import Problem, Refusal
from polyhire.simulators.tables import Row, Table, uuids

from .identifiers import present

# The kinds that are asked for by what they belong to, with the key that says so; it never changes.
PARENTS = {
    "opportunity": "contact",
    **dict.fromkeys(
        ("application", "note", "email", "panel", "interview", "feedback", "resume", "file", "offer"), "opportunityId"
    ),
}


class Lever:
    """The state of one Lever account.

    The values of a row are replaced, and never changed inside: what was seeded is shared between resets.
    """

    def __init__(self, seeded: Mapping[str, Iterable[Row]], documents: Mapping[str, Document]) -> None:
        self._tables = {kind: Table(map(dict, rows), new_id=uuids(f"lever {kind}")) for kind, rows in seeded.items()}
        self._places: dict[str, int] = {}
        self._children: dict[tuple[str, str], list[Row]] = {}
        self.documents = dict(documents)
        for kind, table in self._tables.items():
            for row in table:
                self._settle(kind, row)

    def rows(self, kind: str) -> Iterator[Row]:
        """Give every row of a kind, in the order of their making."""
        return iter(self._tables[kind])

    def of(self, kind: str, parent: str) -> list[Row]:
        """Give the rows of one of the `PARENTS` kinds that belong to this parent."""
        return list(self._children.get((kind, parent), ()))

    def find(self, kind: str, row_id: str | None) -> Row | None:
        """Give the row with this id, if there is one."""
        return self._tables[kind].get(row_id)

    def get(self, kind: str, row_id: str) -> Row:
        """Give the row that a path names; refuses with 404."""
        found = self.find(kind, row_id)
        if found is None:
            raise missing(kind)
        return found

    def refer(self, kind: str, row_id: str, where: str) -> Row:
        """Give the row that a body or a query refers to; refuses with 400."""
        found = self.find(kind, row_id)
        if found is None:
            raise unfit(where, f"is not the id of {'an' if kind[0] in 'aeiou' else 'a'} {kind}")
        return found

    def add(self, kind: str, row: Mapping[str, Any]) -> Row:
        """Keep a new row under a new id."""
        made = self._tables[kind].insert(row)
        self._settle(kind, made)
        return made

    def remove(self, kind: str, row: Row) -> None:
        """Forget a row."""
        self._tables[kind].delete(row["id"])
        if kind in PARENTS:
            self._children[kind, row[PARENTS[kind]]].remove(row)

    def place(self, row: Row) -> int:
        """Say where a row stands in the order of making; it never moves."""
        return self._places[row["id"]]

    def stir(self, opportunity: Row, **changes: Any) -> Row:
        """Change an opportunity, and when it was last changed and interacted with."""
        moment = max(present(), opportunity["updatedAt"] + 1)
        opportunity.update(changes, updatedAt=moment, lastInteractionAt=moment)
        return opportunity

    def _settle(self, kind: str, row: Row) -> None:
        self._places[row["id"]] = len(self._places)
        if kind in PARENTS:
            self._children.setdefault((kind, row[PARENTS[kind]]), []).append(row)


def missing(kind: str) -> Refusal:
    """Make the answer to a path that names nothing."""
    return Refusal(404, f"{kind.capitalize()} was not found")


def unfit(where: str, message: str) -> Refusal:
    """Make the answer to one value that does not fit."""
    return Refusal(400, "Bad request", problems=[Problem(where, message)])
