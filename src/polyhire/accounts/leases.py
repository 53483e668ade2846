"""Work that one process at a time may do, over every process on the database, such as a token's refresh.

A lease is a row. It is held longer while its holder lives; that of a dead one ends by itself, and who comes next is
told that the work before was interrupted.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, func, insert, literal, or_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from polyhire.accounts.account import new_id
from polyhire.accounts.database import DATABASE_ERRORS, Database
from polyhire.accounts.locks import one_at_a_time
from polyhire.accounts.tables import Moment, leases

# The kind of work that is the refresh of an account's token or session.
REFRESH = "refresh"
# All in seconds. Who waits looks often at first: most work is short.
LEASE = 15.0
RENEW_EVERY = 3.0
LOOK_FIRST = 0.02
LOOK_EVERY = 0.25

log = structlog.get_logger(__name__)


@dataclass
class Lease:
    """The right to do some work. `interrupted_at` is when it was begun before, if no result of that was stored."""

    id: str
    holder: str
    interrupted_at: datetime | None
    is_settled: bool = False

    def settle(self) -> None:
        """Say that nothing of this work is lost, although it ends with an error."""
        self.is_settled = True


class Leases:
    """Who is at work on what. `on_free` hears of each lease that is given back."""

    def __init__(self, database: Database, on_free: Callable[[str], None]) -> None:
        self._database = database
        self._on_free = on_free
        self._freed: dict[str, asyncio.Event] = {}

    @asynccontextmanager
    async def hold(self, kind: str, id: str) -> AsyncIterator[Lease]:
        """Wait until nobody else, in any process, is at this kind of work on this thing.

        Work that raises counts as interrupted until `stored` or `Lease.settle` say otherwise.
        """
        async with one_at_a_time((self, kind, id)):
            lease = await self._wait(f"{kind}:{id}")
            renewing = asyncio.create_task(self._renew(lease))
            try:
                yield lease
                lease.settle()
            finally:
                renewing.cancel()
                await self._database.finish(self._free(lease))

    def look(self, id: str) -> None:
        """Have whoever waits for this lease look at once."""
        if id in self._freed:
            self._freed[id].set()

    async def _wait(self, id: str) -> Lease:
        holder = new_id()
        # What is to be given back when the caller goes away while the row is written.
        unused = Lease(id, holder, None, is_settled=True)
        pause = LOOK_FIRST
        self._freed[id] = asyncio.Event()
        try:
            while True:
                self._freed[id].clear()
                lease = await self._database.finish(self._take(id, holder), undo=lambda: self._free(unused))
                if lease is not None:
                    return lease
                try:
                    await asyncio.wait_for(self._freed[id].wait(), pause)
                except TimeoutError:
                    pause = min(2 * pause, LOOK_EVERY)
        finally:
            del self._freed[id]

    async def _take(self, id: str, holder: str) -> Lease | None:
        try:
            async with self._database.transaction() as connection:
                now = await self._database.now(connection)
                until = now + timedelta(seconds=LEASE)
                change = update(leases).where(leases.c.id == id, leases.c.expires_at <= now)
                begun_at = func.coalesce(leases.c.begun_at, literal(now, Moment))
                change = change.values(holder=holder, expires_at=until, begun_at=begun_at)
                row = (await connection.execute(change.returning(leases.c.begun_at))).first()
                if row is not None:
                    return Lease(id, holder, None if row.begun_at == now else row.begun_at)
                values = {"id": id, "holder": holder, "begun_at": now, "expires_at": until}
                await connection.execute(insert(leases).values(values))
        except IntegrityError:
            return None
        return Lease(id, holder, None)

    async def _renew(self, lease: Lease) -> None:
        while True:
            await asyncio.sleep(RENEW_EVERY)
            await self._database.finish(self._extend(lease))

    async def _extend(self, lease: Lease) -> None:
        try:
            async with self._database.transaction() as connection:
                until = await self._database.now(connection) + timedelta(seconds=LEASE)
                change = update(leases).where(leases.c.id == lease.id, leases.c.holder == lease.holder)
                await connection.execute(change.values(expires_at=until))
        except DATABASE_ERRORS as error:
            log.warning("A lease could not be held longer", lease=lease.id, error=type(error).__name__)

    async def _free(self, lease: Lease) -> None:
        mine = (leases.c.id == lease.id, leases.c.holder == lease.holder)
        is_over = or_(literal(lease.is_settled), leases.c.begun_at.is_(None))
        try:
            async with self._database.transaction() as connection:
                await connection.execute(delete(leases).where(*mine, is_over))
                now = await self._database.now(connection)
                await connection.execute(update(leases).where(*mine).values(holder=None, expires_at=now))
        except DATABASE_ERRORS as error:
            log.warning("A lease could not be given back before it ends", lease=lease.id, error=type(error).__name__)
        self._on_free(lease.id)


async def stored(connection: AsyncConnection, kind: str, id: str) -> None:
    """Note, beside the result itself, that this work's result is stored: a crash from now on loses nothing."""
    await connection.execute(update(leases).where(leases.c.id == f"{kind}:{id}").values(begun_at=None))


async def forget(connection: AsyncConnection, kind: str, id: str) -> None:
    """Take out what is left of this work, because the thing it was on is gone."""
    await connection.execute(delete(leases).where(leases.c.id == f"{kind}:{id}"))
