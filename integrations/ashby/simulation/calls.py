"""How a call is read and its answer paged: strict JSON bodies, cursors, and sync tokens on the last page."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from typing import Any, TypeAlias, TypeVar

import msgspec
from msgspec import UNSET, Struct

from polyhire.simulators.company import Document
from polyhire.simulators.kit import Ask, Refusal
from polyhire.simulators.pages import Cursors
from polyhire.simulators.tables import Row

from .bodies import Body, CreatedAfter, Id, Paged, PagedArchivable
from .records import Records, invalid

Shape = TypeVar("Shape", bound=Struct)
Answer: TypeAlias = Callable[[Records, Any], Any]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CURSORS = Cursors(lifetime=3600)
# inferred: a sync token lives long enough for a weekly walk; the sheet says only that it expires
SYNC_TOKENS = Cursors(lifetime=14 * 86_400, key=b"a pretend provider's sync token key")


@dataclass(frozen=True)
class Call:
    """An endpoint: its name, the permission it needs, its body, and who answers with results, `Linked` or a `Page`.

    A `part` names the file of the multipart form that it takes beside JSON.
    """

    name: str
    scope: str
    body: type[Body]
    answer: Answer
    part: str = ""


@dataclass(frozen=True)
class Page:
    """One page: `next_cursor` while there is more, `sync_token` on the last one."""

    results: list[Any]
    next_cursor: str | None
    sync_token: str | None


@dataclass(frozen=True)
class Linked:
    """Results that hold URLs of this server, whose address only a request tells."""

    results: Callable[[Ask], Any]


@dataclass(frozen=True)
class Upload:
    """A file sent as multipart, and whose it is."""

    candidate_id: str
    document: Document


class _Owner(Struct, rename="camel"):
    candidate_id: Id


def read(ask: Ask, call: Call) -> Body | Upload:
    """Read what a call was given; anything it does not document is refused."""
    if call.part and ask.content_type == "multipart/form-data":
        return _read_upload(ask, call.part)
    if ask.content_type != "application/json":
        raise invalid("Content-Type must be application/json")
    try:
        given = json.loads(ask.body)
    except ValueError:
        raise invalid("The body is not valid JSON") from None
    if not isinstance(given, dict):
        raise invalid("The body must be a JSON object")
    return _convert(given, call.body)


def _convert(given: Any, wanted: type[Shape]) -> Shape:
    try:
        return msgspec.convert(given, wanted)
    except msgspec.ValidationError as error:
        raise invalid(str(error)) from None


def _read_upload(ask: Ask, part: str) -> Upload:
    given = dict(ask.parts)
    if len(ask.parts) != 2 or set(given) != {"candidateId", part}:
        raise invalid(f"The form must have candidateId and {part}, once each")
    document = given[part]
    if not isinstance(document, Document) or not document.name or not document.content:
        raise invalid(f"{part} must be a file with a name and content")
    owner = _convert({"candidateId": given["candidateId"]}, _Owner)
    return Upload(owner.candidate_id, document)


def listing(
    name: str,
    scope: str,
    body: type[Paged],
    find: Callable[[Records, Any], Iterable[Row]],
    show: Callable[[Records, Row], Any],
) -> Call:
    """Make a paged list of what `find` gives in order of making, each row as `show` shows it."""

    def answer(records: Records, asked: Paged) -> Page:
        return page(records, name, asked, find(records, asked), lambda row: show(records, row))

    return Call(name, scope, body, answer)


def archivable(name: str, scope: str, kind: str, show: Callable[[Records, Row], Any]) -> Call:
    """Make a paged list that hides archived rows unless `includeArchived` is true."""

    def find(records: Records, asked: PagedArchivable) -> Iterable[Row]:
        return (row for row in records.rows(kind) if asked.include_archived or not row["isArchived"])

    return listing(name, scope, PagedArchivable, find, show)


def made_after(rows: Iterable[Row], asked: CreatedAfter) -> list[Row]:
    """Keep the rows that were created after what was asked for."""
    if asked.created_after is UNSET:
        return list(rows)
    since = EPOCH + timedelta(milliseconds=asked.created_after)
    return [row for row in rows if datetime.fromisoformat(row["createdAt"]) > since]


def page(records: Records, name: str, asked: Paged, rows: Iterable[Row], show: Callable[[Row], Any]) -> Page:
    """Cut one page of rows; refuses a cursor of another query and a sync token that no longer works."""
    since = None if asked.sync_token is UNSET else _synced(records, name, asked.sync_token)
    query = _digest(name, asked)
    # The token of a walk stands for its beginning: what changes meanwhile is told again, and never lost.
    after, version = (-1, records.version) if asked.cursor is UNSET else _resumed(asked.cursor, query)
    left = (
        row
        for row in sorted(rows, key=lambda row: records.place(row["id"]))
        if records.place(row["id"]) > after and (since is None or records.changed_since(row["id"], since))
    )
    cut = list(islice(left, asked.limit + 1))
    shown = cut[: asked.limit]
    more = len(cut) > len(shown)
    state = {"query": query, "after": records.place(shown[-1]["id"]) if shown else -1, "version": version}
    return Page(
        [show(row) for row in shown],
        CURSORS.seal(state) if more else None,
        None if more else SYNC_TOKENS.seal({"name": name, "version": version}),
    )


def _digest(name: str, asked: Paged) -> str:
    filters = msgspec.to_builtins(asked)
    # inferred: a cursor belongs to the list and the filters it came from; the limit may change on the way
    kept = {key: value for key, value in filters.items() if key not in ("cursor", "limit")}
    return sha256(json.dumps([name, kept], sort_keys=True).encode()).hexdigest()[:16]


def _resumed(cursor: str, query: str) -> tuple[int, int]:
    try:
        state = CURSORS.open(cursor)
    except ValueError:
        raise invalid("The cursor is invalid or has expired") from None
    if state["query"] != query:
        raise invalid("The cursor belongs to another query")
    return state["after"], state["version"]


def _synced(records: Records, name: str, token: str) -> int:
    expired = Refusal(200, "The sync token has expired", code="sync_token_expired")
    try:
        state = SYNC_TOKENS.open(token)
    except ValueError:
        raise expired from None
    # A token from another list, or from before the account was reset, is as good as expired.
    if state["name"] != name or state["version"] > records.version:
        raise expired
    version: int = state["version"]
    return version
