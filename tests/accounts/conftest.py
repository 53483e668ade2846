"""A store of this test's own, and others on the same file that stand for other processes."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from polyhire.accounts import Environment, Store
from polyhire.accounts.database import open_database
from polyhire.settings import Settings


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


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    folder = tmp_path / "home"
    address = f"sqlite+aiosqlite:///{folder}/polyhire.db"
    return settings_of(database_url=address, keys_file=folder / "keys")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where the file of `settings` is."""
    return tmp_path / "home" / "polyhire.db"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without rows, so that each test need not migrate its own."""
    file = tmp_path_factory.mktemp("migrated") / "polyhire.db"

    async def make() -> None:
        await (await open_database(f"sqlite+aiosqlite:///{file}")).close()

    asyncio.run(make())
    return file


@pytest.fixture
async def open_store(settings: Settings, database: Path, migrated: Path, clock: Clock) -> AsyncIterator[OpenStore]:
    """Opens stores on one database, each with its own memory, as processes have."""
    stores: list[Store] = []
    database.parent.mkdir()
    shutil.copy(migrated, database)

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
