"""What the pretend Greenhouse knows now: tables of v3 rows, the files behind attachments, and who is asking."""

from base64 import b64decode
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from polyhire.simulators.company import Company, Document, document
from polyhire.simulators.files import SignedFiles
from polyhire.simulators.guards import bearer_token
from polyhire.simulators.kit import Ask, Problem, Refusal
from polyhire.simulators.pages import Cursors
from polyhire.simulators.tables import Row, Table, iso, now

from .identifiers import identifier
from .seed_events import events
from .seed_people import people
from .seed_workplace import workplace
from .tokens import Tokens

WEEK = 7 * 86_400


def seeds(company: Company) -> dict[str, list[Row]]:
    """Make the rows that a fresh organization begins with, by kind."""
    return {**workplace(company), **people(company), **events(company)}


class Harvest:
    """The state of one Greenhouse organization."""

    def __init__(self, company: Company, seeds: Mapping[str, Sequence[Row]]) -> None:
        # Rows are copied because clients change them; the values in a row are only ever replaced.
        self.tables = {kind: Table(dict(row) for row in rows) for kind, rows in seeds.items()}
        self.users = self.tables["users"]
        self.tokens = Tokens(self.users)
        # inferred: a cursor works for an hour; the docs only say that it expires
        self.cursors = Cursors(lifetime=3600)
        self.files = SignedFiles(self._document, WEEK)
        self._seeded = {identifier("attachments", each.id): each for each in company.attachments}
        self._uploaded: dict[int, Document] = {}
        self.made_by_clients: set[int] = set()

    def __getitem__(self, kind: str) -> Table:
        return self.tables[kind]

    def actor(self, ask: Ask) -> Row:
        """Give the user on whose behalf a request is made."""
        claims = self.tokens.server.claims(bearer_token(ask))
        assert claims is not None
        found = self.users.get(claims["user_id"])
        assert found is not None
        return found

    def row(self, kind: str, identifier: int) -> Row:
        """Give the row that a path names; refuses with 404."""
        found = self[kind].get(identifier)
        if found is None:
            raise Refusal(404, "Resource not found")
        return found

    def refer(self, kind: str, body: Mapping[str, Any], key: str) -> Row | None:
        """Give the row that a body refers to by this key, or None for none; refuses an unknown id with 422."""
        named = body.get(key)
        if named is None:
            return None
        found = self[kind].get(named)
        if found is None:
            raise unprocessable(key, "does not exist")
        return found

    def insert(self, kind: str, values: Mapping[str, Any]) -> Row:
        """Keep a new row, made now."""
        stamp = iso(now())
        return self[kind].insert({"created_at": stamp, "updated_at": stamp, **values})

    def change(self, row: Row, values: Mapping[str, Any]) -> Row:
        """Change a row, and when it was changed."""
        row.update(values, updated_at=iso(now()))
        return row

    def stir(self, application: Row) -> None:
        """Note that something happened to an application and its candidate."""
        stamp = iso(now())
        self.change(application, {"last_activity_at": stamp})
        if candidate := self["candidates"].get(application["candidate_id"]):
            self.change(candidate, {"last_activity_at": stamp})

    def forget(self, rows: Iterable[tuple[str, Row]]) -> None:
        """Delete rows of several kinds."""
        for kind, row in rows:
            self[kind].delete(row["id"])

    def upload(self, attachment: Row, given: Mapping[str, Any]) -> None:
        """Keep the bytes of an attachment."""
        # Greenhouse would fetch a url; a simulator must not reach out, so the file says where it came from.
        content = b64decode(given["content"]) if "content" in given else f"from {given['url']}".encode()
        kind = given.get("content_type") or "application/octet-stream"
        self._uploaded[attachment["id"]] = Document(attachment["filename"], kind, content)

    def _document(self, text: str) -> Document | None:
        number = int(text)
        if self["attachments"].get(number) is None:
            return None
        return self._uploaded.get(number) or document(self._seeded[number])


def unprocessable(where: str, message: str) -> Refusal:
    """Word a 422 about one key of a body."""
    return Refusal(422, "Unprocessable Entity", problems=[Problem(where, message)])
