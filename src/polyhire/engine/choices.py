"""What may be answered to a question once connected: the rows of a list at the provider."""

from dataclasses import dataclass

import orjson

from polyhire.engine import formats
from polyhire.engine.connection import Connection
from polyhire.engine.cursor import Position
from polyhire.engine.paginate import collect, first_position, next_position, page_of
from polyhire.engine.scope import Scope, exact
from polyhire.engine.steps import Followed, Sending, follow
from polyhire.expressions import Expression
from polyhire.manifest.integration import OptionsFrom

MOST = 1000
"""More than these nobody chooses from; the rest is left out."""


@dataclass(frozen=True)
class Choice:
    """One of the provider's rows: what is kept of it, and what a person reads."""

    value: str
    label: str


async def choices(options: OptionsFrom, connection: Connection) -> tuple[Choice, ...]:
    """Up to `MOST` rows, each value once, in the provider's order. Raises a ProviderError."""
    provider = connection.provider
    pagination = provider.plans.pagination_of(options.step)
    seen = Scope({"account": connection.credential.settings})

    async def fetch(position: Position) -> Followed:
        sending = Sending(pagination is not None, position.url)
        return await follow([options.step], seen.with_(page=page_of(position)), connection, sending)

    def onward(position: Position, page: Followed) -> Position | None:
        return next_position(pagination, position, page.first, provider.integration.name)

    groups, _, _ = await collect(first_position(pagination, MOST), MOST, fetch, onward, provider.integration.name)
    found: dict[str, Choice] = {}
    for item in (item for group in groups for item in group.items):
        record = exact(item).decode()
        if value := _text(options.value, record):
            label = _text(options.label, record) if options.label is not None else ""
            found.setdefault(value, Choice(value, label or value))
    return tuple(found.values())


def _text(expression: Expression, record: str) -> str:
    found = expression.evaluate_text(record)
    value = None if found is None else orjson.loads(found)
    return "" if value is None else formats.text(value)
