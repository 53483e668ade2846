"""PostgreSQL as polyhire uses it: few connections per process, none of which can hold the others up for long."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ExceptionContext, event
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from polyhire.errors import InvalidRequest, SettingsError

DRIVER = "postgresql+asyncpg"
# Connections of one process: kept, and made besides when many calls write at once.
KEPT = 5
BESIDES = 5
CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 30.0
# A machine that vanishes in the middle of a write would lock its rows until the network notices, after hours.
LIMITS = {"idle_in_transaction_session_timeout": "10s", "lock_timeout": "10s"}
# To be sent first in a migration, so that processes which start together take turns. Any number of our own will do.
TAKE_TURNS = "SELECT pg_advisory_xact_lock(7106291440332411)"
# What SQLite lets pass: a text that is longer than its column, and one with a null character.
UNFIT = {
    "22001": "A text in the request is longer than what it is for may be. Shorten it.",
    "22021": "A text in the request has a null character. Send it without.",
}


async def open_engine(url: URL) -> AsyncEngine:
    """An engine on the database, to which nothing is sent yet. Raises SettingsError when none is named."""
    if not url.database:
        raise SettingsError(f"POLYHIRE_DATABASE_URL has to name a database, as {DRIVER}://user:password@host/name does")
    return make_engine(url, LIMITS, ANSWER_SECONDS)


def patient_engine(url: URL, _engine: AsyncEngine) -> AsyncEngine:
    """The engine for migrations, which are given the time they take."""
    return make_engine(url, {}, None)


def make_engine(url: URL, limits: Mapping[str, str], answer_seconds: float | None) -> AsyncEngine:
    # Values bound to a statement may be personal: they stay out of SQLAlchemy's messages.
    engine = create_async_engine(
        url,
        hide_parameters=True,
        pool_size=KEPT,
        max_overflow=BESIDES,
        pool_pre_ping=True,
        connect_args={
            "timeout": CONNECT_SECONDS,
            "command_timeout": answer_seconds,
            "server_settings": {"application_name": "polyhire", **limits},
        },
    )
    event.listen(engine.sync_engine, "handle_error", refuse_unfit)
    return engine


def unusable(url: URL, reason: object) -> SettingsError:
    """The refusal of a server, with the way out; the address is not quoted, since it may hold a password."""
    where = f"{url.host}:{url.port or 5432}" if url.host else "the local server"
    return SettingsError(
        f"The database '{url.database}' at {where} can't be used: {reason}. "
        "Check POLYHIRE_DATABASE_URL, and whether the server is up and lets this machine in."
    )


def refuse_unfit(context: ExceptionContext) -> None:
    state: Any = getattr(context.original_exception, "sqlstate", None)
    if state in UNFIT:
        raise InvalidRequest(UNFIT[state])
