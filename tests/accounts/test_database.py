"""Making, migrating and refusing databases."""

import asyncio
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from polyhire.accounts import Environment, Store, sqlite, tables
from polyhire.accounts import database as databases
from polyhire.accounts.database import HEAD, open_database
from polyhire.errors import SettingsError
from polyhire.settings import Settings

from .conftest import differences_of


@pytest.fixture
def address(tmp_path: Path) -> str:
    """A file that is not there yet."""
    return f"sqlite+aiosqlite:///{tmp_path}/home/polyhire.db"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where that file will be."""
    return tmp_path / "home" / "polyhire.db"


@pytest.fixture
def kind() -> str:
    """What is tested here is of files; what is of servers has its own module."""
    return "sqlite"


async def test_migrations_build_the_tables_of_the_code(settings: Settings) -> None:
    """A column added to the tables without a migration fails here."""
    assert await differences_of(settings.database_url) == []


def test_head_is_the_last_migration() -> None:
    """The shortcut for up-to-date databases knows the newest revision."""
    folder = Path(databases.__file__).parent / "migrations"
    assert ScriptDirectory(str(folder)).get_current_head() == HEAD


async def test_folder_and_files_are_the_owners_alone(settings: Settings, database: Path) -> None:
    """Nobody else on the machine may read the database, nor its write-ahead log."""
    store = await Store.open(settings)
    await store.environment()
    files = {file.name: stat.S_IMODE(file.stat().st_mode) for file in database.parent.iterdir()}
    await store.close()
    assert stat.S_IMODE(database.parent.stat().st_mode) == 0o700
    assert files == dict.fromkeys(["polyhire.db", "polyhire.db-wal", "polyhire.db-shm", "keys"], 0o600)


async def test_opening_again_is_quick_and_keeps_everything(settings: Settings) -> None:
    """A database that is up to date opens within 100 ms, without Alembic."""
    store = await Store.open(settings)
    environment = await store.environment("staging")
    await store.close()
    seconds = []
    for _ in range(5):  # a busy machine may hold up one of them
        started = time.perf_counter()
        store = await Store.open(settings)
        seconds.append(time.perf_counter() - started)
        assert await store.environment("staging") == environment
        await store.close()
    assert min(seconds) < 0.1


async def test_opening_again_does_not_load_alembic(settings: Settings) -> None:
    """Alembic is loaded for a migration, and for nothing else."""
    await (await open_database(settings.database_url)).close()
    program = (
        "import asyncio, sys\n"
        "from polyhire.accounts.database import open_database\n"
        "async def main():\n"
        "    await (await open_database(sys.argv[1])).close()\n"
        "asyncio.run(main())\n"
        "print('alembic' in sys.modules)\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, settings.database_url, stdout=subprocess.PIPE
    )
    answer, _ = await process.communicate()
    assert (process.returncode, answer) == (0, b"False\n")


def test_processes_that_start_at_once_take_turns(settings: Settings, database: Path) -> None:
    """Two first starts at the same moment migrate once, and all succeed with the same key and environment."""
    program = (
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
    command = [sys.executable, "-c", program, settings.database_url, str(settings.keys_file)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    ended = [(*process.communicate(), process.returncode) for process in started]
    assert [(errors, code) for _, errors, code in ended] == [("", 0)] * 2
    assert len({answer for answer, _, _ in ended}) == 1


@pytest.mark.parametrize(("held", "patience"), [(0.1, 5.0), (0.5, 0.1)], ids=["for a moment", "too long"])
async def test_a_database_in_use_is_waited_for(
    settings: Settings, database: Path, monkeypatch: pytest.MonkeyPatch, held: float, patience: float
) -> None:
    """An older database that another process writes to is opened when that is done; not waiting for ever."""
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", patience)
    database.parent.mkdir()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE other (column)")
        connection.execute("BEGIN EXCLUSIVE")
        opening = asyncio.create_task(open_database(settings.database_url))
        await asyncio.sleep(held)
        assert opening.done() == (held > patience)
        connection.rollback()
    if held > patience:
        with pytest.raises(SettingsError, match="database is locked"):
            await opening
    else:
        opened = await opening
        async with opened.engine.connect() as reading:
            assert await reading.scalar(text("PRAGMA journal_mode")) == "wal"
        await opened.close()


async def test_stores_of_one_process_may_open_at_once(tmp_path: Path) -> None:
    """Alembic's process-wide state does not mix two migrations up."""
    opened = await asyncio.gather(
        *(open_database(f"sqlite+aiosqlite:///{tmp_path}/{name}.db") for name in ("a", "b", "c", "c"))
    )
    for one in opened:
        assert [row.number for row in await one.rows(select(tables.revision))] == [0]
        await one.close()


async def test_a_newer_database_is_refused(settings: Settings, database: Path) -> None:
    """A downgraded polyhire does not touch a database it doesn't understand."""
    await (await open_database(settings.database_url)).close()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(SettingsError, match=rf"at revision '9999'.*its own is '{HEAD}'"):
        await open_database(settings.database_url)


async def test_a_failed_migration_leaves_nothing_behind(settings: Settings, database: Path) -> None:
    """A migration is one transaction: what can't be finished is not begun."""
    database.parent.mkdir()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE accounts (other TEXT)")
    with pytest.raises(SettingsError, match="table accounts already exists"):
        await open_database(settings.database_url)
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("accounts",)]


async def test_a_file_that_is_no_database_is_said(settings: Settings, database: Path) -> None:
    """Another file in its place is named, not overwritten."""
    database.parent.mkdir()
    letter = b"a letter, and not a database" * 100
    await asyncio.to_thread(database.write_bytes, letter)
    with pytest.raises(SettingsError, match=r"polyhire\.db can't be used: file is not a database"):
        await open_database(settings.database_url)
    assert await asyncio.to_thread(database.read_bytes) == letter


async def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    """A file where the folder should be is named, with the way out."""
    (tmp_path / "home").write_text("")
    with pytest.raises(SettingsError, match=r"can't be used: .* POLYHIRE_DATABASE_URL"):
        await open_database(f"sqlite+aiosqlite:///{tmp_path}/home/polyhire.db")


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("no address of a database: hunter2", "is not an address like"),
        ("sqlite+aiosqlite://someone:hunter2@host:port/x", "is not an address like"),
        ("mysql://someone:hunter2@host/x", "begins with 'mysql'"),
        ("sqlite+aiosqlite://", "has to name a file"),
        ("sqlite+aiosqlite:///:memory:", "has to name a file"),
        ("sqlite+aiosqlite:///file:x?mode=memory&uri=true", "has to name a file"),
    ],
)
async def test_an_address_that_cannot_be_used_is_refused(address: str, message: str) -> None:
    """The message says which kind is expected, and never repeats a password."""
    with pytest.raises(SettingsError, match=message) as caught:
        await open_database(address)
    assert "hunter2" not in str(caught.value)


async def test_foreign_keys_hold_and_values_stay_out_of_messages(store: Store, environment: Environment) -> None:
    """An account of no environment is refused by the database, without quoting what was bound."""
    with pytest.raises(IntegrityError) as caught:
        await store.add_account("nowhere", "greenhouse", "tenant", settings={"user": "jane@example.com"})
    assert "jane@example.com" not in str(caught.value)
