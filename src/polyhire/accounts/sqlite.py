"""SQLite as polyhire uses it: one file for its owner alone, written ahead, several processes at a time."""

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from polyhire.errors import SettingsError

DRIVER = "sqlite+aiosqlite"
# How long a process waits for another one's write.
BUSY_SECONDS = 5.0
# To be sent first in a migration, so that processes which start together take turns.
TAKE_TURNS = "BEGIN IMMEDIATE"


async def open_engine(url: URL) -> AsyncEngine:
    """An engine on the file, which is made when missing. Raises SettingsError when it can't be used."""
    if not url.database or url.database.startswith((":memory:", "file:")):
        raise SettingsError(
            f"POLYHIRE_DATABASE_URL has to name a file, as {DRIVER}:///folder/polyhire.db does: "
            "accounts in memory would be lost."
        )
    try:
        await asyncio.to_thread(make_file, Path(url.database))
    except OSError as error:
        raise unusable(url, error.strerror) from None
    except sqlite3.Error as error:
        raise unusable(url, error) from None
    # Values bound to a statement may be personal: they stay out of SQLAlchemy's messages.
    engine = create_async_engine(url, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", set_pragmas)
    return engine


def patient_engine(_url: URL, engine: AsyncEngine) -> AsyncEngine:
    """The engine for migrations, which are given the time they take: here any engine does."""
    return engine


def unusable(url: URL, reason: object) -> SettingsError:
    """The refusal of a file, with the way out."""
    return SettingsError(
        f"The database {url.database} can't be used: {reason}. Check POLYHIRE_DATABASE_URL, and who may write there."
    )


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
    for pragma in (f"busy_timeout={BUSY_SECONDS * 1000:.0f}", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
