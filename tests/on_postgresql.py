"""`--on-postgresql`: every store that a test opens on a file is opened on a database of a real PostgreSQL instead.

tests/accounts run on both anyway. Tests that start processes of their own stay on files.
"""

import asyncio
from collections.abc import Iterator
from hashlib import sha256

import pytest

import polyhire.accounts.store
from polyhire.accounts.database import Database, open_database
from tests import servers


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption("--on-postgresql", action="store_true", help="Open every store on a PostgreSQL of this run.")


@pytest.fixture(scope="session", autouse=True)
def on_postgresql(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each file stands for a database of its own, as a copy of a migrated one."""
    if not request.config.getoption("--on-postgresql"):
        yield
        return
    with servers.postgresql() as server, pytest.MonkeyPatch.context() as patch:

        async def migrate() -> None:
            await server.run("CREATE DATABASE migrated")
            await (await open_database(server.address("migrated"))).close()

        made: set[str] = set()

        async def opened(address: str) -> Database:
            name = "of_" + sha256(address.encode()).hexdigest()[:20]
            if not address.startswith("sqlite"):
                return await open_database(address)
            if name not in made:
                made.add(name)
                await server.run(f"CREATE DATABASE {name} TEMPLATE migrated")
            return await open_database(server.address(name))

        asyncio.run(migrate())
        patch.setattr(polyhire.accounts.store, "open_database", opened)
        yield
