"""Sealing everything with the newest key, beside running servers."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, Table, and_, delete, func, or_, select, update

from polyhire.accounts.database import Database
from polyhire.accounts.ring import begins_with, place, sealed_columns
from polyhire.accounts.tables import keys as proofs
from polyhire.accounts.vault import KEY_ID, KeyRing, header_of, key_id_of
from polyhire.errors import SettingsError

# Rows in one transaction: few enough that no server waits for long.
BATCH = 50
# Rows that servers write meanwhile are looked at again, but not for ever.
PASSES = 5
# Stands for the key of values that don't even say which one it is.
DAMAGED = "damaged"


@dataclass(frozen=True)
class Rotated:
    """Values that were sealed anew, those left with another key (its id -> number), and why some can't be read."""

    resealed: int
    left: dict[str, int]
    damaged: tuple[str, ...]


class Rotation:
    """Which key seals how much, and the change to the newest one."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._database = database
        self._keys = keys

    async def counts(self) -> dict[str, int]:
        """How many values each key has sealed: every key of the ring, and others that are met."""
        found = {key.id: 0 for key in self._keys.keys}
        for column in sealed_columns():
            missing: list[ColumnElement[bool]] = [column.is_not(None)]
            for id in found:
                found[id] += await self._count(column, begins_with(column, id))
                missing.append(~begins_with(column, id))
            # A key that is neither in the ring nor met before: each time one row tells its name.
            while rows := await self._database.rows(select(column).where(*missing).limit(1)):
                id = key_id_of(rows[0][0])
                if not KEY_ID.fullmatch(id):
                    found[DAMAGED] = found.get(DAMAGED, 0) + await self._count(column, and_(*missing))
                    break
                found[id] = found.get(id, 0) + await self._count(column, begins_with(column, id))
                missing.append(~begins_with(column, id))
        return found

    async def run(self) -> Rotated:
        """Seal every value with the newest key.

        No server needs to be stopped: a row that one writes meanwhile is left as it was written.
        """
        resealed = 0
        damaged: dict[str, None] = {}
        for _ in range(PASSES):
            before = resealed
            for table, columns in sealed_tables():
                async for rows in self._batches(table, columns):
                    resealed += await self._database.finish(self._reseal(table, columns, rows, damaged))
            if resealed == before:
                break
        newest = self._keys.newest_id
        left = {id: number for id, number in (await self.counts()).items() if number and id != newest}
        await self._database.finish(self._forget_proofs([newest, *left]))
        return Rotated(resealed, left, tuple(damaged))

    async def _forget_proofs(self, needed: Sequence[str]) -> None:
        async with self._database.transaction() as connection:
            await connection.execute(delete(proofs).where(proofs.c.id.not_in(needed)))

    async def _batches(self, table: Table, columns: Sequence[Column[bytes]]) -> AsyncIterator[Sequence[Row[Any]]]:
        old = or_(*(self._is_old(column) for column in columns))
        after = ""
        while True:
            query = select(table.c.id, *columns).where(old, table.c.id > after).order_by(table.c.id).limit(BATCH)
            rows = await self._database.rows(query)
            if not rows:
                return
            yield rows
            after = rows[-1].id

    async def _reseal(
        self, table: Table, columns: Sequence[Column[bytes]], rows: Sequence[Row[Any]], damaged: dict[str, None]
    ) -> int:
        changes = []
        for row in rows:
            try:
                changes.append((row, self._sealed_anew(table, columns, row)))
            except SettingsError as error:
                damaged[error.message] = None
        resealed = 0
        async with self._database.transaction() as connection:
            for row, values in changes:
                unchanged = [column == getattr(row, column.name) for column in columns if column.name in values]
                more = {"key_id": self._keys.newest_id} if "key_id" in table.c else {}
                change = update(table).where(table.c.id == row.id, *unchanged).values(**values, **more)
                resealed += len(values) * (await connection.execute(change)).rowcount
        return resealed

    def _sealed_anew(self, table: Table, columns: Sequence[Column[bytes]], row: Row[Any]) -> dict[str, bytes]:
        newest = header_of(self._keys.newest_id)
        values = {}
        for column in columns:
            sealed: bytes | None = getattr(row, column.name)
            if sealed is not None and not sealed.startswith(newest):
                where = place(table.name, row.id, column.name)
                values[column.name] = self._keys.encrypt(self._keys.decrypt(sealed, where), where)
        return values

    def _is_old(self, column: Column[bytes]) -> ColumnElement[bool]:
        return and_(column.is_not(None), ~begins_with(column, self._keys.newest_id))

    async def _count(self, column: Column[bytes], condition: ColumnElement[bool]) -> int:
        rows = await self._database.rows(select(func.count()).select_from(column.table).where(condition))
        return int(rows[0][0])


def sealed_tables() -> Iterator[tuple[Table, list[Column[bytes]]]]:
    """Every table with sealed columns, and these."""
    found: dict[Table, list[Column[bytes]]] = {}
    for column in sealed_columns():
        found.setdefault(column.table, []).append(column)
    yield from found.items()
