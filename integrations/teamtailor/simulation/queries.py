"""Strict readings of what may stand in a query: include, fields, sort, filter and page."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from polyhire.simulators import guards
from polyhire.simulators.kit import Ask

from .documents import Selection, Tree
from .filters import Filter, filters_of
from .keys import CURSORS_SINCE, attributes_of, permit_reading, version
from .kinds import KINDS, STAMPS
from .refusals import malformed, not_allowed

DEFAULT_SIZE, MOST = 10, 30
SIZE, NUMBER, AFTER, BEFORE = "page[size]", "page[number]", "page[after]", "page[before]"


@dataclass(frozen=True)
class ListQuery:
    """What of a list is asked for. `place` is a page number, or a cursor with the direction it goes on in."""

    selection: Selection
    filters: list[tuple[Filter, Any]] = field(default_factory=list)
    sort: str = ""
    descending: bool = False
    size: int = DEFAULT_SIZE
    by_cursor: bool = False
    number: int = 1
    cursor: str | None = None
    backwards: bool = False


def read_selection(ask: Ask, kind: str) -> Selection:
    """Read the query of a request for one record."""
    given = _parameters(ask)
    selection = _selection(ask, kind, given)
    for name in given:
        raise not_allowed(name)
    return selection


def read_list_query(ask: Ask, kind: str) -> ListQuery:
    """Read the query of a request for a list."""
    given = _parameters(ask)
    selection = _selection(ask, kind, given)
    sort = given.pop("sort", "")
    name = sort.removeprefix("-")
    # inferred: one field, and only the two moments that every change leaves
    if sort and name not in set(STAMPS) & set(KINDS[kind].attributes):
        raise malformed("114", "Invalid sort criteria", f"{name} is not a valid sort criteria for {kind}")
    by_cursor = KINDS[kind].cursors and version(ask) >= CURSORS_SINCE
    size = _number(given, SIZE, DEFAULT_SIZE, MOST)
    query = ListQuery(selection, [], name, sort.startswith("-"), size, by_cursor)
    if by_cursor:
        after, before = given.pop(AFTER, None), given.pop(BEFORE, None)
        if after and before:
            raise malformed("118", "Invalid page value", f"{AFTER} and {BEFORE} exclude each other")
        place: dict[str, Any] = {"cursor": after or before, "backwards": before is not None}
    else:
        place = {"number": _number(given, NUMBER, 1, None)}
    place["filters"] = list(_filters(kind, given))
    for unknown in given:
        raise not_allowed(unknown)
    return ListQuery(**{**vars(query), **place})


def _parameters(ask: Ask) -> dict[str, str]:
    given: dict[str, str] = {}
    for name, value in ask.query:
        if name in given:
            raise malformed("105", "Param not allowed", f"{name} is given twice.")
        if not value:
            raise malformed("106", "Missing Parameter", f"The parameter, {name}, is empty.")
        given[name] = value
    return given


def _selection(ask: Ask, kind: str, given: dict[str, str]) -> Selection:
    tree: dict[str, Any] = {}
    for path in given.pop("include", "").split(","):
        here, below = kind, tree
        for name in filter(None, path.split(".")):
            if name not in KINDS[here].relations:
                raise malformed("112", "Invalid field", f"{name} is not a valid relationship of {here}")
            here, below = KINDS[here].relations[name].kind, below.setdefault(name, {})
    permit_reading(ask, _kinds_in(kind, tree))
    fields = {}
    for name in [each for each in given if each.startswith("fields[")]:
        found = re.fullmatch(r"fields\[([a-z-]+)\]", name)
        if not found or found[1] not in KINDS:
            raise malformed("101", "Invalid resource", f"{name} does not name a resource.")
        known = (*attributes_of(ask, found[1]), *KINDS[found[1]].relations, "id")
        fields[found[1]] = given.pop(name).split(",")
        for each in fields[found[1]]:
            if each not in known:
                raise malformed("104", "Invalid field", f"{each} is not a valid field for {found[1]}.")
    return Selection(tree, fields)


def _kinds_in(kind: str, tree: Tree) -> Iterator[str]:
    yield kind
    for name, below in tree.items():
        yield from _kinds_in(KINDS[kind].relations[name].kind, below)


def _filters(kind: str, given: dict[str, str]) -> Iterator[tuple[Filter, Any]]:
    known: Mapping[str, Filter] = filters_of(kind)
    for name in [each for each in given if each.startswith("filter[")]:
        found = known.get(name.removeprefix("filter"))
        if found is None:
            raise malformed("102", "Filter not allowed", f"{name} is not allowed.")
        try:
            yield found, found.reading(given.pop(name))
        except ValueError as error:
            raise malformed("103", "Invalid filter value", f"{name} {error}") from None


def _number(given: dict[str, str], name: str, default: int, most: int | None) -> int:
    if name not in given:
        return default
    try:
        found: int = guards.integer(1, most)(given.pop(name))
    except ValueError as error:
        # inferred: a page that is too large is refused, not cut
        raise malformed("118", "Invalid page value", f"{name} {error}") from None
    return found
