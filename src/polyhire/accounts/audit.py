"""Who did what: a line per act, in the transaction of the act itself. No secrets, no personal data, no values."""

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from polyhire.accounts.account import new_id
from polyhire.accounts.database import Database
from polyhire.accounts.listing import Condition, narrowed
from polyhire.accounts.tables import audit

ActorKind = Literal["api_token", "account_token", "link_token", "command_line", "server"]


@dataclass(frozen=True)
class Actor:
    """Who acts, by the id of a token; a name could be a person's."""

    kind: ActorKind
    id: str | None = None


SERVER = Actor("server")
ACTING: ContextVar[Actor] = ContextVar("polyhire_acting", default=SERVER)
"""Who the work at hand is done for; whoever lets a caller in sets it."""


@dataclass(frozen=True)
class Entry:
    """One act. `action` is `<noun>.<verb>`, `subject_id` what it was done to, `fields` the names of what it set."""

    id: str
    environment_id: str
    created_at: datetime
    actor: str
    actor_id: str | None
    action: str
    subject_id: str | None
    fields: tuple[str, ...]


class Audit:
    """The trail, for reading: nothing in it is ever changed or removed here."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list(
        self, environment_id: str, where: Iterable[Condition] = (), *, limit: int = 100, after: str | None = None
    ) -> tuple[Entry, ...]:
        """Up to `limit` entries, newest first, that are older than the entry id `after`."""
        query = narrowed(select(audit).where(audit.c.environment_id == environment_id), audit, where)
        if after is not None:
            query = query.where(audit.c.id < after)
        rows = await self._database.rows(query.order_by(audit.c.id.desc()).limit(limit))
        return tuple(entry_of(row) for row in rows)

    async def record(self, environment_id: str, action: str, subject_id: str | None = None) -> None:
        """Note an act that changes nothing here, such as asking a provider for a new token."""
        await self._database.finish(self._record(environment_id, action, subject_id))

    async def _record(self, environment_id: str, action: str, subject_id: str | None) -> None:
        async with self._database.transaction() as connection:
            await note(connection, environment_id, action, subject_id)


async def note(
    connection: AsyncConnection,
    environment_id: str,
    action: str,
    subject_id: str | None = None,
    fields: Iterable[str] = (),
) -> None:
    """Write that whoever is `ACTING` did this; `fields` are names only, never what they were set to."""
    actor = ACTING.get()
    values = {
        "id": new_id(),
        "environment_id": environment_id,
        "created_at": datetime.now(UTC),
        "actor": actor.kind,
        "actor_id": actor.id,
        "action": action,
        "subject_id": subject_id,
        "fields": sorted(fields),
    }
    await connection.execute(insert(audit).values(values))


def entry_of(row: Row[*tuple[Any, ...]]) -> Entry:
    return Entry(
        id=row.id,
        environment_id=row.environment_id,
        created_at=row.created_at,
        actor=row.actor,
        actor_id=row.actor_id,
        action=row.action,
        subject_id=row.subject_id,
        fields=tuple(row.fields),
    )
