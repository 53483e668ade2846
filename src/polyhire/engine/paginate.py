"""The one paginator: the next token, or nothing; and where it goes."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from math import ceil
from typing import Any

from yarl import URL

from polyhire.engine.cursor import Position
from polyhire.engine.items import joined
from polyhire.engine.scope import Scope
from polyhire.engine.steps import Followed, Group
from polyhire.errors import ProviderFailed
from polyhire.expressions import ABSENT
from polyhire.manifest.resource import Pagination

EMPTY_PAGES = 500
"""So many empty pages in a row are taken for a provider that has lost its way."""


def first_position(pagination: Pagination | None, limit: int) -> Position:
    """Where a list begins, and the page size that serves `limit` in the fewest even pages."""
    if pagination is None:
        return Position()
    largest = pagination.max_size or limit
    size = ceil(limit / ceil(limit / largest))
    return Position(token=pagination.first, size=size)


def page_of(position: Position, count: Any = ABSENT) -> dict[str, Any]:
    """`page.token`, `page.size` and, once they are known, `page.count` (records in the answer)."""
    page = {"token": position.token, "size": position.size, "count": count}
    return {name: value for name, value in page.items() if value is not None and value is not ABSENT}


def next_position(pagination: Pagination | None, position: Position, first: Group | None, name: str) -> Position | None:
    """Where the next page begins, or None at the end. Raises ProviderFailed when it would be this one again."""
    if pagination is None or first is None:
        return None
    scope = Scope({**first.scope.values, "items": joined(first.items), "page": page_of(position, len(first.items))})
    expression = pagination.next if pagination.next is not None else pagination.next_url
    assert expression is not None
    found = scope.evaluate(expression)
    if found is ABSENT or found is None or found is False or found == "":  # 0 may be a token
        return None
    if pagination.next is not None:
        following = Position(token=found, size=position.size)
    else:
        address = URL(first.answer.url, encoded=True).join(URL(str(found), encoded=True))
        following = Position(url=str(address), size=position.size)
    if (following.token, following.url) == (position.token, position.url):
        raise ProviderFailed(f"{name} names the same page as the next one again; the list would never end")
    return following


async def collect(
    start: Position,
    limit: int,
    fetch: Callable[[Position], Awaitable[Followed]],
    onward: Callable[[Position, Followed], Position | None],
    name: str,
) -> tuple[list[Group], list[Followed], Position | None]:
    """At most `limit` records as groups, the answers they came in, and where the rest begins.

    An empty page that is not the last is never the answer: it goes on to a record or the end.
    """
    taken: list[Group] = []
    pages: list[Followed] = []
    position, room, empty = start, limit, 0
    while True:
        page = await fetch(position)
        pages.append(page)
        found = sum(len(group.items) for group in page.groups) - position.skip
        taken += _between(page.groups, position.skip, position.skip + room)
        if found > room:
            return taken, pages, replace(position, skip=position.skip + room)
        room -= max(found, 0)
        following = onward(position, page)
        if following is None or not room:
            return taken, pages, following
        empty = 0 if found > 0 else empty + 1
        if empty == EMPTY_PAGES:
            raise ProviderFailed(f"{name} sent {EMPTY_PAGES} empty pages in a row, each with a next one")
        position = following


def _between(groups: list[Group], start: int, end: int) -> list[Group]:
    """The groups with the records that are from `start` to before `end` of them all; none without any."""
    kept: list[Group] = []
    before = 0
    for group in groups:
        items = group.items[max(start - before, 0) : max(end - before, 0)]
        before += len(group.items)
        if items:
            kept.append(replace(group, items=items))
    return kept
