"""Lists, and what is related to one record: filtered, sorted, and paged by number or by cursor."""

from collections.abc import Sequence
from math import ceil
from typing import Any

from starlette.responses import Response

from polyhire.simulators.kit import Ask
from polyhire.simulators.pages import url_with
from polyhire.simulators.tables import Row

from .documents import answer, document, linkage
from .filters import filters_of
from .keys import permit_reading, visible
from .kinds import KINDS
from .queries import AFTER, BEFORE, NUMBER, SIZE, ListQuery, read_list_query, read_selection
from .refusals import malformed, not_found
from .state import COMPANY, Teamtailor


def show_list(teamtailor: Teamtailor, kind: str, ask: Ask) -> Response:
    """Answer a page of all records of a kind."""
    query = read_list_query(ask, kind)
    # Whoever does not say otherwise sees published jobs only.
    if kind == "jobs" and not any(name == "filter[status]" for name, _ in ask.query):
        query.filters.append((filters_of("jobs")["[status]"], "published"))
    return _page(teamtailor, ask, kind, list(teamtailor[kind]), query)


def show_one(teamtailor: Teamtailor, kind: str, ask: Ask) -> Response:
    """Answer one record."""
    selection = read_selection(ask, kind)
    row = _seen(teamtailor, ask, kind)
    return answer({**document(teamtailor, ask, kind, row, selection), "meta": {"texts": {}}})


def show_company(teamtailor: Teamtailor, ask: Ask) -> Response:
    """Answer the company."""
    selection = read_selection(ask, COMPANY)
    return answer(document(teamtailor, ask, COMPANY, next(iter(teamtailor[COMPANY])), selection))


def show_related(teamtailor: Teamtailor, kind: str, name: str, ask: Ask) -> Response:
    """Answer what a relationship leads to: a record, null, or a page."""
    relation = KINDS[kind].relations.get(name) or KINDS[kind].lists[name]
    permit_reading(ask, [kind])
    if relation.many:
        query = read_list_query(ask, relation.kind)
        rows = teamtailor.related(kind, _seen(teamtailor, ask, kind), name)
        return _page(teamtailor, ask, relation.kind, rows, query)
    selection = read_selection(ask, relation.kind)
    found = teamtailor.related(kind, _seen(teamtailor, ask, kind), name)
    return answer(document(teamtailor, ask, relation.kind, next(iter(found), None), selection))


def show_linkage(teamtailor: Teamtailor, kind: str, name: str, ask: Ask) -> Response:
    """Answer the ids of a relationship."""
    permit_reading(ask, [kind, KINDS[kind].relations[name].kind])
    read_selection(ask, kind)
    row = _seen(teamtailor, ask, kind)
    own = f"{ask.base}{ask.path}"
    links = {"self": own, "related": own.replace("/relationships/", "/")}
    return answer({"links": links, "data": linkage(teamtailor, kind, row, name)})


def _seen(teamtailor: Teamtailor, ask: Ask, kind: str) -> Row:
    row = teamtailor.row(kind, ask.values["id"])
    if not visible(ask, kind, row):
        raise not_found(f"The record identified by {row['id']} could not be found.")
    return row


def _page(teamtailor: Teamtailor, ask: Ask, kind: str, rows: Sequence[Row], query: ListQuery) -> Response:
    kept = [
        row
        for row in rows
        if visible(ask, kind, row) and all(each.keeps(teamtailor, row, wanted) for each, wanted in query.filters)
    ]
    kept.sort(key=lambda row: _place(row, query), reverse=query.descending)
    if query.by_cursor:
        shown, links = _by_cursor(teamtailor, ask, kind, kept, query)
    else:
        shown, links = _by_number(ask, kept, query)
    return answer(
        {
            **document(teamtailor, ask, kind, shown, query.selection),
            "links": links,
            "meta": {"texts": {}, "record-count": len(kept), "page-count": ceil(len(kept) / query.size)},
        }
    )


def _place(row: Row, query: ListQuery) -> list[Any]:
    return [query.sort and row[query.sort], row["id"]]


def _by_number(ask: Ask, rows: Sequence[Row], query: ListQuery) -> tuple[Sequence[Row], dict[str, str]]:
    number, size = query.number, query.size
    last = max(1, ceil(len(rows) / size))

    def link(to: int) -> str:
        return url_with(ask, {NUMBER: to, SIZE: size})

    links = {"first": link(1)}
    if number > 1:
        links["prev"] = link(number - 1)
    if number < last:
        links["next"] = link(number + 1)
    links["last"] = link(last)
    return rows[(number - 1) * size : number * size], links


def _by_cursor(
    teamtailor: Teamtailor, ask: Ask, kind: str, rows: Sequence[Row], query: ListQuery
) -> tuple[Sequence[Row], dict[str, str]]:
    # Ids and not positions: what is made or changed meanwhile neither hides nor repeats a record.
    places = [_place(row, query) for row in rows]
    start, end = 0, query.size
    if query.cursor:
        at = _opened(teamtailor, kind, query)
        passed = [(place >= at if query.descending else place <= at) for place in places]
        if query.backwards:
            end = sum(gone and place != at for gone, place in zip(passed, places, strict=True))
            start = max(0, end - query.size)
        else:
            start = sum(passed)
            end = start + query.size

    def link(**changes: Any) -> str:
        return url_with(ask, {SIZE: query.size, AFTER: None, BEFORE: None} | changes)

    def cursor(place: list[Any]) -> str:
        return teamtailor.cursors.seal({"kind": kind, "sort": query.sort, "down": query.descending, "at": place})

    links = {"first": link()}
    if start > 0 and places[start:end]:
        links["prev"] = link(**{BEFORE: cursor(places[start])})
    if end < len(rows):
        links["next"] = link(**{AFTER: cursor(places[end - 1])})
    return rows[start:end], links


def _opened(teamtailor: Teamtailor, kind: str, query: ListQuery) -> list[Any]:
    try:
        state = teamtailor.cursors.open(query.cursor or "")
    except ValueError as error:
        raise malformed("118", "Invalid page value", f"the cursor {error}") from None
    if (state["kind"], state["sort"], state["down"]) != (kind, query.sort, query.descending):
        raise malformed("118", "Invalid page value", "the cursor belongs to another list")
    at: list[Any] = state["at"]
    return at
