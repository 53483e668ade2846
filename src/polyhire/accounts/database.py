"""Opening the database: address checked, folder made, pragmas set, tables brought up to date."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from polyhire.accounts.locks import one_at_a_time
from polyhire.errors import SettingsError

DRIVER = "sqlite+aiosqlite"
# The last migration's name: an up-to-date database is recognised without loading Alembic.
HEAD = "0006"
# How long a process waits for another one's write.
BUSY_SECONDS = 5.0
PRAGMAS = (f"busy_timeout={BUSY_SECONDS * 1000:.0f}", "foreign_keys=ON")

Answer = TypeVar("Answer")


class Database:
    """Queries and transactions, each run to its end even if its caller is cancelled.

    A driver interrupted halfway may keep its lock on the file for as long as the garbage collector likes.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._under_way: set[asyncio.Task[Any]] = set()
        # SQLite lets one writer in and has the others try again and again: here they wait their turn.
        self._writer = asyncio.Lock()

    def start(self, work: Coroutine[Any, Any, Answer]) -> asyncio.Task[Answer]:
        """Begin work that nobody need wait for; `close` does."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def finish(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        """The answer of this work, which goes on to its end if the caller can't wait."""
        return await asyncio.shield(self.start(work))

    async def rows(self, query: Select[*tuple[Any, ...]]) -> Sequence[Row[*tuple[Any, ...]]]:
        """Every row of this query."""
        return await self.finish(self._rows(query))

    async def _rows(self, query: Select[*tuple[Any, ...]]) -> Sequence[Row[*tuple[Any, ...]]]:
        async with self.engine.connect() as connection:
            return (await connection.execute(query)).all()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that writes, one at a time in this process; to be used inside `start` or `finish`."""
        async with self._writer, self.engine.begin() as connection:
            yield connection

    async def close(self) -> None:
        """Wait for what is under way, and end every connection."""
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await self.engine.dispose()


async def open_database(address: str) -> Database:
    """The database at this SQLAlchemy address, made and migrated when needed.

    Raises SettingsError when the address, the folder or the file can't be used.
    """
    url = check_address(address)
    file = Path(str(url.database))
    try:
        await asyncio.to_thread(make_file, file)
    except OSError as error:
        raise unusable(file, error.strerror) from None
    except sqlite3.Error as error:
        raise unusable(file, error) from None
    # Values bound to a statement may be personal: they stay out of SQLAlchemy's messages.
    engine = create_async_engine(url, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", set_pragmas)
    try:
        await migrate(engine)
    except DatabaseError as error:
        await engine.dispose()
        raise unusable(file, error.orig) from None
    except BaseException:
        await engine.dispose()
        raise
    return Database(engine)


def unusable(file: Path, reason: object) -> SettingsError:
    return SettingsError(
        f"The database {file} can't be used: {reason}. Check POLYHIRE_DATABASE_URL, and who may write there."
    )


def check_address(address: str) -> URL:
    # The messages never quote the address: it may hold a password.
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise SettingsError(f"POLYHIRE_DATABASE_URL is not an address like {DRIVER}:///folder/polyhire.db") from None
    if url.drivername != DRIVER:
        raise SettingsError(
            f"POLYHIRE_DATABASE_URL begins with '{url.drivername}'. The databases that can be used begin with: {DRIVER}"
        )
    if not url.database or url.database.startswith((":memory:", "file:")):
        raise SettingsError(
            f"POLYHIRE_DATABASE_URL has to name a file, as {DRIVER}:///folder/polyhire.db does: "
            "accounts in memory would be lost."
        )
    return url


def make_file(file: Path) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # SQLite gives its -wal and -shm files the mode of this one.
    file.touch(mode=0o600)
    with closing(sqlite3.connect(file, timeout=0)) as connection:
        use_write_ahead_log(connection)


def use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Set the mode that the file then keeps, in which readers and a writer don't hold each other up."""
    give_up = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            # Two processes that switch at once get this error, and SQLite's own timeout does not apply.
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(0.01)


def set_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


async def migrate(engine: AsyncEngine) -> None:
    """Bring the tables to `HEAD`; processes that start together take turns, in one transaction each."""
    async with engine.connect() as connection:
        if await connection.run_sync(current_revision) == HEAD:
            return
    # Alembic's `op` and `context` are globals of the process.
    async with one_at_a_time("migrations"), engine.begin() as connection:
        await connection.exec_driver_sql("BEGIN IMMEDIATE")
        await connection.run_sync(upgrade)


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
