"""What the pretend Workable knows now: rows by kind, pipelines, and the files behind its signed URLs."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import count
from typing import Any

from polyhire.simulators.company import Document
from polyhire.simulators.files import SignedFiles
from polyhire.simulators.kit import Problem, Refusal
from polyhire.simulators.tables import Row, Table, iso, now, numbers

from .identifiers import following, identifier, present

# About 16 hours and 40 minutes.
FILE_SECONDS = 60_000
KEYS = {"job": "shortcode"}
# Above those that were seeded.
ENTRIES = 400_000
NUMBERED = ("subscription",)


class Workable:
    """The state of one account.

    The values of a row are replaced, and never changed inside: what was seeded is shared between resets.
    """

    def __init__(
        self, subdomain: str, name: str, seeded: Mapping[str, Iterable[Row]], documents: Mapping[str, Document]
    ) -> None:
        self.subdomain, self.name = subdomain, name
        self._tables = {kind: _table(kind, [dict(row) for row in rows]) for kind, rows in seeded.items()}
        self.documents = dict(documents)
        self.files = SignedFiles(self.documents.get, FILE_SECONDS)
        self._entries = count(ENTRIES)
        self._pipelines: dict[str, list[Row]] = {}
        for stage in self.rows("stage"):
            self._pipelines.setdefault(stage["job"], []).append(stage)

    def rows(self, kind: str) -> Iterator[Row]:
        """Give every row of a kind, in the order of their making."""
        return iter(self._tables[kind])

    def find(self, kind: str, identifier: Any) -> Row | None:
        """Give the row with this id (of a job: its shortcode), if there is one."""
        return self._tables[kind].get(identifier)

    def get(self, kind: str, identifier: Any) -> Row:
        """Give the row that a path names; refuses with 404."""
        found = self.find(kind, identifier)
        if found is None:
            raise Refusal(404, f"{kind.capitalize()} not found")
        return found

    def refer(self, kind: str, identifier: Any, where: str) -> Row:
        """Give the row that a body refers to; refuses with 422."""
        found = self.find(kind, identifier)
        if found is None:
            raise unfit(where, f"is not a {kind}")
        return found

    def of(self, kind: str, candidate: Row) -> list[Row]:
        """Give the rows of a kind that belong to a candidate."""
        return [row for row in self.rows(kind) if row["candidate"] == candidate["id"]]

    def add(self, kind: str, row: Mapping[str, Any]) -> Row:
        """Keep a new row under a new id."""
        return self._tables[kind].insert(row)

    def remove(self, kind: str, identifier: Any) -> None:
        """Forget a row."""
        self._tables[kind].delete(identifier)

    def touch(self, candidate: Row, **changes: Any) -> Row:
        """Change a candidate, and when it was changed."""
        candidate.update(changes, updated_at=present())
        return candidate

    def pipeline(self, job: str) -> list[Row]:
        """Give the stages of a job in order, or with `""` those of the account; none for a job that there is not."""
        return self._pipelines.get(job, [])

    def stage(self, job: str | None, slug: str) -> Row:
        """Give a stage of a job, or of the account for who has none."""
        return next(step for step in self.pipeline(job or "") if step["slug"] == slug)

    def entry(self) -> str:
        """Make the id of something that is part of a candidate."""
        return identifier("entry", next(self._entries))

    def note(self, candidate: Row, action: str, member: Row | None = None, **more: Any) -> Row:
        """Add to the feed of a candidate."""
        moment = iso(now())
        job = candidate["job"]
        return self.add(
            "activity",
            {
                "action": action,
                "candidate": candidate["id"],
                "job": job,
                "stage": candidate["stage"] if job else None,
                "created_at": moment,
                "updated_at": moment,
                "member": member["id"] if member else None,
                **more,
            },
        )

    def keep(self, kind: str, candidate: str, source: str, document: Document) -> Row:
        """Keep a file of a candidate."""
        moment = present()
        row = self.add(
            "file",
            {
                "candidate": candidate,
                "name": document.name,
                "source": source,
                "kind": kind,
                "created_at": moment,
                "updated_at": moment,
            },
        )
        row["document"] = row["id"]
        self.documents[row["id"]] = document
        return row


def unfit(where: str, message: str) -> Refusal:
    """Make the answer to one value that does not fit."""
    return Refusal(422, "Unprocessable entity", problems=[Problem(where, message)])


def _table(kind: str, rows: list[Row]) -> Table:
    new_id: Callable[[], Any]
    if kind in NUMBERED:
        new_id = numbers(max((row["id"] for row in rows), default=41000))
    elif kind in ("job", "stage", "offer"):
        # Nobody makes one through the API.
        return Table(rows, key=KEYS.get(kind, "id"))
    else:
        new_id = following(kind, rows)
    return Table(rows, new_id=new_id)
