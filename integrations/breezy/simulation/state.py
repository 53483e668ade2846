"""What the pretend Breezy knows now: rows by kind, and whose they are."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from polyhire.simulators.company import Document
from polyhire.simulators.kit import Problem, Refusal
from polyhire.simulators.tables import Row, Table

from .identifiers import fresh, identifier, present

# What each kind belongs to; the key of the same name in a row says to which, and no answer shows it.
PARENTS = {
    **dict.fromkeys(
        ("position", "pipeline", "department", "questionnaire", "template", "custom attribute", "webhook"), "company"
    ),
    "candidate": "position",
    **dict.fromkeys(("event", "message", "document", "scorecard", "answers"), "candidate"),
}
BELOW_CANDIDATES = tuple(kind for kind, parent in PARENTS.items() if parent == "candidate")


class Breezy:
    """The state of a few companies.

    The values of a row are replaced, and never changed inside: what was seeded is shared between resets.
    """

    def __init__(self, seeded: Mapping[str, Iterable[Row]], documents: Mapping[str, Document]) -> None:
        self._tables = {kind: Table(map(dict, rows), key="_id", new_id=fresh(kind)) for kind, rows in seeded.items()}
        self._children: dict[tuple[str, str], list[Row]] = {}
        self._documents = dict(documents)
        for kind, table in self._tables.items():
            for row in table:
                self._settle(kind, row)

    def rows(self, kind: str) -> Iterator[Row]:
        """Give every row of a kind."""
        return iter(self._tables[kind])

    def of(self, kind: str, parent: str) -> list[Row]:
        """Give the rows of a kind that belong to this parent, in the order of their making."""
        return list(self._children.get((kind, parent), ()))

    def find(self, kind: str, row_id: Any) -> Row | None:
        """Give the row with this id, if there is one."""
        return self._tables[kind].get(row_id) if isinstance(row_id, str) else None

    def get(self, kind: str, row_id: str, parent: str | None = None) -> Row:
        """Give the row that a path names; refuses with 404 also when it belongs to another parent."""
        found = self.find(kind, row_id)
        if found is None or (parent is not None and found[PARENTS[kind]] != parent):
            raise missing(kind)
        return found

    def add(self, kind: str, row: Mapping[str, Any]) -> Row:
        """Keep a new row under a new id."""
        made = self._tables[kind].insert(row)
        self._settle(kind, made)
        return made

    def remove(self, kind: str, row: Row) -> None:
        """Forget a row."""
        self._tables[kind].delete(row["_id"])
        self._children[kind, row[PARENTS[kind]]].remove(row)

    def move(self, candidate: Row, changes: Mapping[str, Any]) -> Row:
        """Give a candidate another position and, as Breezy does, another id; what hangs on it comes along."""
        old = candidate["_id"]
        self.remove("candidate", candidate)
        moved = self.add("candidate", {**{key: value for key, value in candidate.items() if key != "_id"}, **changes})
        for kind in BELOW_CANDIDATES:
            for row in self._children.pop((kind, old), []):
                row["candidate"] = moved["_id"]
                self._settle(kind, row)
        return moved

    def keep(self, document: Document) -> str:
        """Keep the bytes of an upload, and give the name of their place in the store."""
        place = identifier("stored", len(self._documents))
        self._documents[place] = document
        return place

    def stored(self, place: str) -> Document | None:
        """Give the bytes at a place in the store."""
        return self._documents.get(place)

    def _settle(self, kind: str, row: Row) -> None:
        if kind in PARENTS:
            self._children.setdefault((kind, row[PARENTS[kind]]), []).append(row)


def touch(row: Row, **changes: Any) -> Row:
    """Change a row, and when it was last changed."""
    row.update(changes, updated_date=present())
    return row


def missing(kind: str) -> Refusal:
    """Make the answer to a path that names nothing."""
    words = kind.split()
    return Refusal(
        404, f"{kind.capitalize()} not found", code=words[0] + "".join(map(str.title, words[1:])) + "NotFound"
    )


def unfit(where: str, message: str) -> Refusal:
    """Make the answer to one value that does not fit."""
    return Refusal(400, "Bad request", problems=[Problem(where, message)])
