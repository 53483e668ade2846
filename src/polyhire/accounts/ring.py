"""Whether the key ring fits what is stored, said at the start and not at some customer's call."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import Column, ColumnElement, and_, func, insert, select, update

from polyhire.accounts.database import Database
from polyhire.accounts.tables import Sealed, idempotent_answers, metadata, revision
from polyhire.accounts.tables import keys as proofs
from polyhire.accounts.vault import KeyRing, header_of
from polyhire.errors import SettingsError
from polyhire.settings import Settings
from polyhire.suggest import one_of

PROOF = b"polyhire"
# Large, and gone in a day: not worth a search at each start.
PASSING = frozenset({idempotent_answers})


async def fitting_keys(database: Database, settings: Settings) -> KeyRing:
    """The key ring, tried on one value of each key that any was sealed with. Raises SettingsError if it doesn't fit.

    A ring that has nothing in common with the one which the database was set up with is refused also while nothing
    is sealed: two machines must not begin with a key each.
    """
    known = {row.id: row.proof for row in await database.rows(select(proofs))}
    is_new = not known and not [column for column in sealed_columns() if await first(database, column)]
    keys = await asyncio.to_thread(KeyRing.load, settings, create=is_new)
    check_proofs(known, keys)
    for column in sealed_columns():
        if column.table not in PASSING:
            await try_on(database, keys, column)
    if keys.newest_id not in known:
        await database.finish(prove(database, keys))
    return keys


async def try_on(database: Database, keys: KeyRing, column: Column[bytes]) -> None:
    """Open one value of this column per key; SettingsError when that key is missing or another one."""
    for key in keys.keys:
        await open_first(database, keys, column, sealed_with(column, key.id))
    await open_first(database, keys, column, sealed_with_none_of(column, [key.id for key in keys.keys]))


async def open_first(database: Database, keys: KeyRing, column: Column[bytes], condition: ColumnElement[bool]) -> None:
    row = await first(database, column, condition)
    if row is not None:
        keys.decrypt(row[1], place(column.table.name, row[0], column.name))


async def first(
    database: Database, column: Column[bytes], *conditions: ColumnElement[bool]
) -> tuple[str, bytes] | None:
    """Id and value of a row where this column holds something."""
    query = (
        select(column.table.c.id, column).where(column.is_not(None), *conditions).order_by(column.table.c.id).limit(1)
    )
    rows = await database.rows(query)
    return (rows[0][0], rows[0][1]) if rows else None


async def prove(database: Database, keys: KeyRing) -> None:
    """Remember the newest key, so that a ring without it is recognised."""
    async with database.transaction() as connection:
        # Locks the row, so that of two first starts the second sees what the first one wrote.
        await connection.execute(update(revision).values(number=revision.c.number))
        known = {row.id: row.proof for row in await connection.execute(select(proofs))}
        check_proofs(known, keys)
        if keys.newest_id not in known:
            sealed = keys.encrypt(PROOF, place("keys", keys.newest_id, "proof"))
            await connection.execute(insert(proofs).values(id=keys.newest_id, proof=sealed))


def check_proofs(known: Mapping[str, bytes], keys: KeyRing) -> None:
    ours = [key.id for key in keys.keys if key.id in known]
    for id in ours:
        keys.decrypt(known[id], place("keys", id, "proof"))
    if known and not ours:
        raise SettingsError(
            f"This database was set up with the key {one_of(known)}, and none such is in {keys.source}. Every process "
            "needs the same key ring: set POLYHIRE_KEYS, POLYHIRE_KEYS_COMMAND or POLYHIRE_KEYS_FILE to it."
        )


def sealed_columns() -> Iterator[Column[bytes]]:
    """Every column of any table that holds sealed values, by its type."""
    for table in metadata.sorted_tables:
        yield from (column for column in table.c if isinstance(column.type, Sealed))


def place(table: str, id: str, column: str) -> str:
    """What a value in this row and column is sealed for."""
    return f"{table}:{id}:{column}"


def sealed_with(column: Column[bytes], key_id: str) -> ColumnElement[bool]:
    """Whether a row is sealed with this key: by the table's `key_id`, which has an index, else by the value itself."""
    return column.table.c.key_id == key_id if "key_id" in column.table.c else begins_with(column, key_id)


def begins_with(column: Column[bytes], key_id: str) -> ColumnElement[bool]:
    """Whether a value is sealed with this key, as it says itself."""
    header = header_of(key_id)
    return func.substr(column, 1, len(header)) == header


def sealed_with_none_of(column: Column[bytes], key_ids: Iterable[str]) -> ColumnElement[bool]:
    """Whether a row is sealed with a key that is none of these."""
    return and_(*(~sealed_with(column, id) for id in key_ids))
