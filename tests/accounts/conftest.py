"""A store of this test's own, on each database, and others on the same one that stand for other processes."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from polyhire.accounts import Environment, Store
from polyhire.accounts.database import open_database
from polyhire.accounts.tables import metadata, revision
from polyhire.settings import Settings
from tests import servers
from tests.servers import PostgreSQL


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += seconds


def settings_of(**values: object) -> Settings:
    """Settings of these values alone, whatever the environment of whoever runs the tests holds."""
    return Settings.model_validate(values)


OpenStore = Callable[[], Awaitable[Store]]


class Behind:
    """Speaks to a database behind every store's back: to a file, or to `test` on a server."""

    def __init__(self, file: Path, server: PostgreSQL | None) -> None:
        self._file = file
        self._server = server

    async def __call__(self, statement: str) -> list[tuple[Any, ...]]:
        """The rows that a statement gives; it is committed."""
        if self._server is None:
            return await asyncio.to_thread(self._in_file, statement)
        return [tuple(row) for row in await self._server.run(statement, "test")]

    async def until(self, statement: str) -> None:
        """Wait until a statement gives a row."""
        while not await self(statement):  # noqa: ASYNC110  # there is no event to wait for
            await asyncio.sleep(0.01)

    def _in_file(self, statement: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self._file)) as connection:
            rows = connection.execute(statement).fetchall()
            connection.commit()
            return rows

    async def on_disk(self) -> bytes:
        """Every byte of the database's files."""
        folder = self._file.parent
        if self._server is not None:
            await self("CHECKPOINT")
            [(number,)] = await self("SELECT oid FROM pg_database WHERE datname = 'test'")
            folder = self._server.folder / "data" / "base" / str(number)
        files = sorted(folder.glob("polyhire.db*" if self._server is None else "*"))
        return b"".join([await asyncio.to_thread(file.read_bytes) for file in files])

    async def break_down(self, what: str, table: str) -> None:
        """Let every later statement of this kind fail that would touch a row of the table."""
        if self._server is None:
            body = "BEGIN SELECT RAISE(ABORT, 'disk'); END"
        else:
            raising = "BEGIN RAISE EXCEPTION 'disk'; END"
            await self(f"CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $${raising}$$")
            body = "FOR EACH ROW EXECUTE FUNCTION fail()"
        await self(f"CREATE TRIGGER broken BEFORE {what} ON {table} {body}")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """One server for the run, with a migrated database `template` to copy."""
    with servers.postgresql() as server:
        asyncio.run(server.run("CREATE DATABASE template"))
        asyncio.run(migrate(server.address("template")))
        yield server


@pytest.fixture(scope="session")
def valkey() -> Iterator[str]:
    """The address of one Valkey for the run."""
    with servers.valkey() as address:
        yield address


async def migrate(address: str) -> None:
    await (await open_database(address)).close()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file without rows, so that each test need not migrate its own."""
    file = tmp_path_factory.mktemp("migrated") / "polyhire.db"
    asyncio.run(migrate(f"sqlite+aiosqlite:///{file}"))
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """The database that this test is on: each one takes its turn."""
    return str(request.param)


@pytest.fixture
def address(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated database without rows."""
    file = tmp_path / "home" / "polyhire.db"
    file.parent.mkdir(mode=0o700)
    if kind == "sqlite":
        shutil.copy(request.getfixturevalue("migrated"), file)
        yield f"sqlite+aiosqlite:///{file}"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    if not asyncio.run(server.run("SELECT 1 FROM pg_database WHERE datname = 'test'")):
        asyncio.run(server.run("CREATE DATABASE test TEMPLATE template"))
    yield server.address("test")
    asyncio.run(clean(server))


async def clean(server: PostgreSQL) -> None:
    """Empty the database, which is quicker than a new one; where a test changed tables it is thrown away."""
    others = "datname = 'test' AND pid <> pg_backend_pid()"
    await server.run(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {others}")
    tables = [table.name for table in metadata.sorted_tables if table is not revision]
    emptied = ", ".join(f"of_{name} AS (DELETE FROM {name})" for name in tables)
    try:
        await server.run(f"WITH {emptied} UPDATE revision SET number = 0", "test")
        is_whole = not await server.run("SELECT 1 FROM pg_trigger WHERE tgname = 'broken'", "test")
    except asyncpg.PostgresError:
        is_whole = False
    if not is_whole:
        await server.run("DROP DATABASE test WITH (FORCE)")


@pytest.fixture
def settings(address: str, tmp_path: Path) -> Settings:
    return settings_of(database_url=address, keys_file=tmp_path / "home" / "keys")


@pytest.fixture
def behind(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Behind:
    """A way to the database of `settings` that no store knows of."""
    server = request.getfixturevalue("postgresql") if kind == "postgresql" else None
    return Behind(tmp_path / "home" / "polyhire.db", server)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def open_store(settings: Settings, clock: Clock) -> AsyncIterator[OpenStore]:
    """Opens stores on one database, each with its own memory, as processes have."""
    stores: list[Store] = []

    async def open_one() -> Store:
        stores.append(await Store.open(settings, clock=clock))
        return stores[-1]

    yield open_one
    for store in stores:
        await store.close()


@pytest.fixture
async def store(open_store: OpenStore) -> Store:
    return await open_store()


@pytest.fixture
async def environment(store: Store) -> Environment:
    return await store.environment()


async def differences_of(address: str) -> list[object]:
    """What the migrations build otherwise than the tables of the code are."""

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))

    opened = await open_database(address)
    async with opened.engine.connect() as connection:
        found = await connection.run_sync(differences)
    await opened.close()
    return found
