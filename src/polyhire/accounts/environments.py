"""Environments, for looking at: `Store.environment` makes them."""

from typing import Any

from sqlalchemy import Row, Select, select

from polyhire.accounts.account import Environment
from polyhire.accounts.database import Database
from polyhire.accounts.rows import environment_of
from polyhire.accounts.tables import environments


class Environments:
    """Every environment there is."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, environment_id: str) -> Environment:
        """The environment of this id, which has to be there: tokens name it."""
        (row,) = await self._rows(select(environments).where(environments.c.id == environment_id))
        return environment_of(row)

    async def list(self) -> tuple[Environment, ...]:
        """All of them, oldest first."""
        return tuple(environment_of(row) for row in await self._rows(select(environments).order_by(environments.c.id)))

    async def _rows(self, query: Select[*tuple[Any, ...]]) -> "tuple[Row[*tuple[Any, ...]], ...]":
        return tuple(await self._database.rows(query))
