"""What is PostgreSQL's alone: its addresses, its failures, its clock and its limits."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from polyhire.accounts import Environment, Store, database, leases
from polyhire.accounts.database import HEAD, open_database
from polyhire.errors import DatabaseUnavailable, InvalidRequest, SettingsError, UnknownAccount
from polyhire.settings import Settings
from tests import servers
from tests.servers import PostgreSQL

from .conftest import Behind, Clock, OpenStore, differences_of

START = (
    "import asyncio, sys\n"
    "from pathlib import Path\n"
    "from polyhire.accounts import Store\n"
    "from polyhire.settings import Settings\n"
    "async def main():\n"
    "    store = await Store.open(Settings(database_url=sys.argv[1], keys_file=Path(sys.argv[2])))\n"
    "    print((await store.environment()).id, store.keys.newest_id)\n"
    "    await store.close()\n"
    "asyncio.run(main())\n"
)


@pytest.fixture
def kind() -> str:
    """Everything here is on PostgreSQL."""
    return "postgresql"


@pytest.fixture
async def empty(postgresql: PostgreSQL) -> AsyncIterator[str]:
    """The address of a database without tables."""
    await postgresql.run("CREATE DATABASE empty")
    yield postgresql.address("empty")
    await postgresql.run("DROP DATABASE empty WITH (FORCE)")


async def test_migrations_build_the_tables_of_the_code(settings: Settings) -> None:
    """A column added to the tables without a migration fails here, with PostgreSQL's types."""
    assert await differences_of(settings.database_url) == []


async def test_processes_that_start_at_once_take_turns(empty: str, settings: Settings) -> None:
    """First starts at the same moment migrate once, and all succeed with the same key and environment."""
    command = [sys.executable, "-c", START, empty, str(settings.keys_file)]
    started = [
        await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)
    ]
    ended = [(*await process.communicate(), process.returncode) for process in started]
    assert [(errors, code) for _, errors, code in ended] == [(b"", 0)] * 3
    assert len({answer for answer, _, _ in ended}) == 1


async def test_a_migration_may_take_its_time(
    empty: str, postgresql: PostgreSQL, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limits that hold for calls don't end a migration halfway."""
    monkeypatch.setattr("polyhire.accounts.postgresql.ANSWER_SECONDS", 0.3)
    monkeypatch.setattr("polyhire.accounts.postgresql.LIMITS", {"lock_timeout": "200ms"})
    upgrade = database.upgrade

    def slow(connection: Connection) -> None:
        connection.exec_driver_sql("SELECT pg_sleep(0.6)")
        upgrade(connection)

    monkeypatch.setattr(database, "upgrade", slow)
    for opened in await asyncio.gather(open_database(empty), return_exceptions=True):
        assert not isinstance(opened, BaseException)
        await opened.close()
    assert [row[0] for row in await postgresql.run("SELECT version_num FROM alembic_version", "empty")] == [HEAD]


async def test_a_failed_migration_leaves_nothing_behind(empty: str, postgresql: PostgreSQL) -> None:
    """A migration is one transaction: what can't be finished is not begun."""
    await postgresql.run("CREATE TABLE accounts (other TEXT)", "empty")
    with pytest.raises(
        SettingsError, match=r"'empty' at the local server can't be used: .*\"accounts\" already exists"
    ):
        await open_database(empty)
    left = await postgresql.run("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", "empty")
    assert [row[0] for row in left] == ["accounts"]


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("postgresql+asyncpg://someone:hunter2@127.0.0.1:1/x", "'x' at 127.0.0.1:1 can't be used: .*Check"),
        ("postgresql+asyncpg://someone:hunter2@polyhire.invalid/x", "'x' at polyhire.invalid:5432 can't be used"),
        ("postgresql+asyncpg://someone:hunter2@host", "has to name a database"),
        ("postgresql://someone:hunter2@host/x", r"begins with 'postgresql'.*begin with: .*postgresql\+asyncpg"),
    ],
)
async def test_an_address_that_cannot_be_used_is_refused(address: str, message: str) -> None:
    """The message says where it looked and what to check, and never repeats a password."""
    with pytest.raises(SettingsError, match=message) as caught:
        await open_database(address)
    assert "hunter2" not in str(caught.value)


async def test_a_database_that_is_not_there_is_told(postgresql: PostgreSQL) -> None:
    """polyhire makes tables, not databases: whoever runs the server does."""
    with pytest.raises(SettingsError, match='database "nowhere" does not exist'):
        await open_database(postgresql.address("nowhere"))


async def test_what_postgresql_cannot_hold_is_the_callers_mistake(store: Store, environment: Environment) -> None:
    """A text that is too long, or one with a null character, is refused as such, and no failure of the server."""
    with pytest.raises(InvalidRequest, match="longer than"):
        await store.add_account(environment.id, "greenhouse", "x" * 256)
    with pytest.raises(InvalidRequest, match="null character"):
        await store.get_account(environment.id, "a\0b")
    with pytest.raises(UnknownAccount):
        await store.get_account(environment.id, "x" * 1000)


async def test_leases_go_by_the_servers_clock(open_store: OpenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine whose clock is an hour ahead takes no lease away from the others."""
    here, there = await open_store(), await open_store()

    class Ahead(datetime):
        @classmethod
        def now(cls, tz: object = None) -> "Ahead":
            return cls.fromtimestamp(datetime.now(UTC).timestamp() + 3600, UTC)

    async with here.lease("refresh", "a"):
        monkeypatch.setattr(database, "datetime", Ahead)
        monkeypatch.setattr(leases, "datetime", Ahead, raising=False)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5), there.lease("refresh", "a"):
                pass


async def test_a_machine_that_vanishes_in_a_write_holds_nobody_up(
    settings: Settings, environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its transaction is ended by the server, and the others' writes go on."""
    limits = {"idle_in_transaction_session_timeout": "300ms", "lock_timeout": "10s"}
    monkeypatch.setattr("polyhire.accounts.postgresql.LIMITS", limits)
    gone, here = await Store.open(settings), await Store.open(settings)
    with pytest.raises(DBAPIError):
        async with gone._writing():
            async with asyncio.timeout(5):
                await here.add_account(environment.id, "greenhouse", "acme")
    await gone.close()
    await here.close()


async def test_a_server_that_goes_away_is_told(clock: Clock) -> None:
    """Connections that broke with it are replaced; callers meanwhile hear of a failure, background work logs it."""
    with servers.postgresql() as server:
        await server.run("CREATE DATABASE x")
        keys = {"keys": "k:" + "A" * 43 + "="}
        store = await Store.open(Settings.model_validate({"database_url": server.address("x"), **keys}), clock=clock)
        environment = await store.environment()
        plaintext, _ = await store.create_token(environment.id, "ci")
        await store.authenticate(plaintext)
        await server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'x'")
        clock.forward(61)
        assert (await store.authenticate(plaintext)).name == "ci"
    clock.forward(61)
    with pytest.raises(DatabaseUnavailable, match="in a moment"):
        await store.list_accounts(environment.id)
    with capture_logs() as logs:
        store._last_use.note("token")
        await asyncio.gather(*store._database._under_way, return_exceptions=True)
    assert {entry["event"] for entry in logs} == {"The last use of a token could not be written"}
    await store.close()


async def test_foreign_keys_hold_and_values_stay_out_of_messages(store: Store, behind: Behind) -> None:
    """An account of no environment is refused by the database, without quoting what was bound."""
    with pytest.raises(DBAPIError) as caught:
        await store.add_account("nowhere", "greenhouse", "tenant", settings={"user": "jane@example.com"})
    assert "jane@example.com" not in str(caught.value)
    assert await behind("SELECT id FROM accounts") == []
