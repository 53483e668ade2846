"""Joins: rows of other lists for the records of a page, fetched at once and only when a requested field uses them."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from polyhire.engine.connection import Connection
from polyhire.engine.items import items_of, joined
from polyhire.engine.paginate import collect, first_position, next_position, page_of
from polyhire.engine.request import NothingToAskError
from polyhire.engine.scope import Scope
from polyhire.engine.steps import Followed, Group, bounded, many
from polyhire.expressions import ABSENT
from polyhire.manifest.resource import Lookup

MOST_ROWS = 20_000
"""Rows that one lookup may bring for one page of records."""


@dataclass
class KeptLists:
    """Small lists kept in memory for a few minutes per account: names and ids only, never people."""

    _rows: dict[tuple[str, int], tuple[float, list[bytes]]] = field(default_factory=dict)

    def get(self, account: str, lookup: Lookup) -> list[bytes] | None:
        """The rows, while they are fresh."""
        until, rows = self._rows.get((account, id(lookup)), (0.0, []))
        return rows if until > time.monotonic() else None

    def forget(self, account: str) -> None:
        """Drop an account's lists: something of it was changed."""
        for key in [key for key in self._rows if key[0] == account]:
            del self._rows[key]

    def put(self, account: str, lookup: Lookup, rows: list[bytes]) -> list[bytes]:
        """Keep the rows, cut down to the keys that may be kept."""
        assert lookup.keep is not None
        kept = [orjson.dumps({k: v for k, v in orjson.loads(row).items() if k in lookup.keep.only}) for row in rows]
        self._rows[(account, id(lookup))] = (time.monotonic() + lookup.keep.minutes * 60, kept)
        return kept


def needed(lookups: Mapping[str, Lookup], variables: Sequence[str]) -> list[str]:
    """The lookups that variables name, and the ones that those build on, in the order they are declared."""
    wanted, queue = set[str](), [name for name in variables if name in lookups]
    while queue:
        name = queue.pop()
        if name not in wanted:
            wanted.add(name)
            queue += builds_on(lookups, name)
    return [name for name in lookups if name in wanted]


def builds_on(lookups: Mapping[str, Lookup], name: str) -> list[str]:
    """The earlier lookups that a lookup's request or its `on` refers to."""
    lookup = lookups[name]
    asked = [*lookup.asks, lookup.on, *([lookup.each] if lookup.each else [])]
    names = {found for expression in asked for found in _roots(expression.inputs) | set(expression.variables)}
    earlier = list(lookups)[: list(lookups).index(name)]
    return [other for other in earlier if other in names]


def _roots(inputs: Any) -> set[str]:
    return set() if isinstance(inputs, bool) else set(inputs)


async def fetch_lookups(
    lookups: Mapping[str, Lookup],
    names: Sequence[str],
    records: Sequence[bytes],
    scope: Scope,
    connection: Connection,
    kept: KeptLists,
) -> dict[str, list[bytes]]:
    """The rows of each named lookup for the records of a page. Lookups that don't build on each other run together."""
    if len(names) == 1:
        return {names[0]: await _rows(lookups[names[0]], records, scope, connection, kept)}
    tasks: dict[str, asyncio.Task[list[bytes]]] = {}

    async def one(name: str) -> list[bytes]:
        earlier = {other: joined(await tasks[other]) for other in builds_on(lookups, name) if other in tasks}
        return await _rows(lookups[name], records, scope.with_(**earlier), connection, kept)

    for name in names:
        tasks[name] = asyncio.create_task(one(name))
    try:
        return {name: await task for name, task in tasks.items()}
    finally:
        for task in tasks.values():
            task.cancel()


async def _rows(
    lookup: Lookup, records: Sequence[bytes], scope: Scope, connection: Connection, kept: KeptLists
) -> list[bytes]:
    if lookup.keep is not None:
        fresh = kept.get(connection.credential.key, lookup)
        if fresh is not None:
            return fresh
    size = lookup.batch or max(len(records), 1)
    batches = [
        scope.with_(items=joined(list(records[start : start + size]))) for start in range(0, max(len(records), 1), size)
    ]
    scopes = [batch.with_(each=each) for batch in batches for each in _eaches(lookup, batch)]
    if not scopes:
        return []
    pages = await bounded(scopes, lambda here: _to_the_end(lookup, here, connection))
    rows = [row for page in pages for row in page]
    return kept.put(connection.credential.key, lookup, rows) if lookup.keep is not None else rows


def _eaches(lookup: Lookup, scope: Scope) -> list[Any]:
    if lookup.each is None:
        return [ABSENT]
    return list({orjson.dumps(value): value for value in many(scope.evaluate(lookup.each))}.values())


async def _to_the_end(lookup: Lookup, scope: Scope, connection: Connection) -> list[bytes]:
    """Every row of one lookup request, page after page."""
    pagination = connection.provider.plans.pagination_of(lookup)
    name = connection.provider.integration.name

    async def fetch(position: Any) -> Followed:
        here = scope.with_(page=page_of(position))
        answer, told = await connection.send(lookup, here, paginated=pagination is not None, url=position.url)
        group = Group(ABSENT, answer, told, items_of(lookup.items, told, answer.body))
        return Followed([group], None, group, here)

    start = first_position(pagination, (pagination.max_size if pagination else None) or 100)
    try:
        groups, _, _ = await collect(
            start, MOST_ROWS, fetch, lambda at, page: next_position(pagination, at, page.first, name), name
        )
    except NothingToAskError:
        return []
    return [row for group in groups for row in group.items]
