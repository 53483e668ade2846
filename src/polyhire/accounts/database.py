"""Opening the database: its address checked, its tables brought up to date, and how work on it is done."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import UTC, datetime
from types import ModuleType
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select, func, inspect, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from polyhire.accounts import postgresql, sqlite
from polyhire.accounts.locks import one_at_a_time
from polyhire.errors import DatabaseUnavailable, SettingsError

KINDS: dict[str, ModuleType] = {sqlite.DRIVER: sqlite, postgresql.DRIVER: postgresql}
# The last migration's name: an up-to-date database is recognised without loading Alembic.
HEAD = "0006"

DATABASE_ERRORS = (SQLAlchemyError, OSError, DatabaseUnavailable)
"""What work on a database may raise; a server that can't be reached is an OSError."""

Answer = TypeVar("Answer")


class Database:
    """Queries and transactions, each run to its end even if its caller is cancelled.

    A driver interrupted halfway may keep its lock on the file for as long as the garbage collector likes.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._under_way: set[asyncio.Task[Any]] = set()
        self._is_sqlite = engine.dialect.name == "sqlite"
        # SQLite lets one writer in and has the others try again and again: here they wait their turn.
        self._writer: AbstractAsyncContextManager[None] = asyncio.Lock() if self._is_sqlite else nullcontext()

    def start(self, work: Coroutine[Any, Any, Answer]) -> asyncio.Task[Answer]:
        """Begin work that nobody need wait for; `close` does."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def finish(
        self, work: Coroutine[Any, Any, Answer], undo: Callable[[], Coroutine[Any, Any, None]] | None = None
    ) -> Answer:
        """The answer of this work, which goes on to its end if the caller can't wait; then `undo` follows it.

        Raises DatabaseUnavailable where the server can't be reached, or went away.
        """
        task = self.start(work)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if undo is not None:
                self.start(after(task, undo))
            raise
        except (OSError, DBAPIError) as error:
            if isinstance(error, DBAPIError) and not error.connection_invalidated:
                raise
            raise DatabaseUnavailable("polyhire's database does not answer. Repeat the request in a moment.") from error

    async def rows(self, query: Select[*tuple[Any, ...]]) -> Sequence[Row[*tuple[Any, ...]]]:
        """Every row of this query."""
        return await self.finish(self._rows(query))

    async def _rows(self, query: Select[*tuple[Any, ...]]) -> Sequence[Row[*tuple[Any, ...]]]:
        async with self.engine.connect() as connection:
            return (await connection.execute(query)).all()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that writes; to be used inside `start` or `finish`."""
        async with self._writer, self.engine.begin() as connection:
            yield connection

    async def now(self, connection: AsyncConnection) -> datetime:
        """The time by a clock that every process on this database goes by."""
        if self._is_sqlite:
            return datetime.now(UTC)
        moment: datetime = (await connection.execute(select(func.clock_timestamp()))).scalar_one()
        return moment

    async def close(self) -> None:
        """Wait for what is under way, and end every connection."""
        while self._under_way:
            await asyncio.gather(*self._under_way, return_exceptions=True)
        await self.engine.dispose()


async def after(task: asyncio.Task[Any], then: Callable[[], Coroutine[Any, Any, None]]) -> None:
    await asyncio.wait([task])
    await then()


async def open_database(address: str) -> Database:
    """The database at this SQLAlchemy address, made (a file) and migrated when needed.

    Raises SettingsError when the address, the folder, the file or the server can't be used.
    """
    url, kind = check_address(address)
    engine = await kind.open_engine(url)
    try:
        await migrate(engine, url, kind)
    except DATABASE_ERRORS as error:
        await engine.dispose()
        raise kind.unusable(url, getattr(error, "orig", error)) from None
    except BaseException:
        await engine.dispose()
        raise
    return Database(engine)


def check_address(address: str) -> tuple[URL, ModuleType]:
    # The messages never quote the address: it may hold a password.
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise SettingsError(
            f"POLYHIRE_DATABASE_URL is not an address like {sqlite.DRIVER}:///folder/polyhire.db "
            f"or {postgresql.DRIVER}://user:password@host/name"
        ) from None
    if url.drivername not in KINDS:
        raise SettingsError(
            f"POLYHIRE_DATABASE_URL begins with '{url.drivername}'. "
            f"The databases that can be used begin with: {', '.join(KINDS)}"
        )
    return url, KINDS[url.drivername]


async def migrate(engine: AsyncEngine, url: URL, kind: ModuleType) -> None:
    """Bring the tables to `HEAD`; processes that start together take turns, in one transaction each."""
    async with engine.connect() as connection:
        if await connection.run_sync(current_revision) == HEAD:
            return
    # Alembic's `op` and `context` are globals of the process.
    async with one_at_a_time("migrations"):
        patient = kind.patient_engine(url, engine)
        try:
            async with patient.begin() as connection:
                await connection.exec_driver_sql(kind.TAKE_TURNS)
                await connection.run_sync(upgrade)
        finally:
            await patient.dispose()


def current_revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    number: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return number


def upgrade(connection: Connection) -> None:
    # Loaded here because it is needed once in a database's life, and slow to load.
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", "polyhire.accounts:migrations")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError:
        raise SettingsError(
            f"The database is at revision '{current_revision(connection)}', which this version of polyhire "
            f"doesn't know (its own is '{HEAD}'). Start the version that made it, or a newer one."
        ) from None
