"""Every `GET /v3/<name>`: filters, narrowing by fields, and cursors in a Link header."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from starlette.responses import JSONResponse, Response

from polyhire.simulators import guards
from polyhire.simulators.guards import Reading, read_query
from polyhire.simulators.kit import Ask, Problem, Refusal
from polyhire.simulators.pages import link_header, url
from polyhire.simulators.tables import Row

from .state import Harvest

Keeps: TypeAlias = Callable[[Harvest, Row, Any], bool]
DEFAULT_SIZE = 100  # inferred: v1's default; v3 documents only the range
OPERATORS: Mapping[str, Callable[[datetime, datetime], bool]] = {
    "gte": lambda seen, wanted: seen >= wanted,
    "lte": lambda seen, wanted: seen <= wanted,
    "gt": lambda seen, wanted: seen > wanted,
    "lt": lambda seen, wanted: seen < wanted,
}


@dataclass(frozen=True)
class Filter:
    """A query parameter: how its text is read, and which rows it keeps."""

    reading: Reading
    keeps: Keeps


@dataclass(frozen=True)
class Listing:
    """A list: the kind of row it shows, the parents it filters by, its further filters, and how a row is shown."""

    kind: str
    parents: tuple[str, ...] = ()
    filters: Mapping[str, Filter] = field(default_factory=dict)
    show: Callable[[Harvest, Ask, Row], Row] = lambda harvest, ask, row: row

    @property
    def known(self) -> dict[str, Filter]:
        """All its filters, by parameter."""
        parents = {f"{parent}_ids": _ids(f"{parent}_id") for parent in self.parents}
        stamps = {name: since(name) for name in ("created_at", "updated_at")}
        return {"ids": _ids("id"), **parents, **stamps, **self.filters}


def equal(column: str, reading: Reading) -> Filter:
    """Keep the rows whose column is this value."""
    return Filter(reading, lambda harvest, row, wanted: bool(row[column] == wanted))


def since(column: str) -> Filter:
    """Keep the rows whose instant is within `gte|A|lte|B`."""

    def keeps(harvest: Harvest, row: Row, bounds: list[tuple[str, datetime]]) -> bool:
        if row[column] is None:
            return False
        seen = datetime.fromisoformat(row[column])
        return all(OPERATORS[operator](seen, wanted) for operator, wanted in bounds)

    return Filter(_bounds, keeps)


def _bounds(value: str) -> list[tuple[str, datetime]]:
    parts = value.split("|")
    operators, moments = parts[::2], parts[1::2]
    if len(operators) != len(moments) or not set(operators) <= set(OPERATORS):
        raise ValueError("must be operator|timestamp, with gte, lte, gt or lt")
    if len(set(operators)) < len(operators):
        raise ValueError("has an operator twice")
    return [(operator, guards.instant(each)) for operator, each in zip(operators, moments, strict=True)]


def _ids(column: str) -> Filter:
    # inferred: no more ids than a page has rows
    reading = guards.listed(guards.integer(1), most=500)
    return Filter(reading, lambda harvest, row, wanted: row[column] in wanted)


def answer(harvest: Harvest, listing: Listing, ask: Ask) -> Response:
    """Answer one page, and where the next one is."""
    query, after, size = _position(harvest, listing, ask)
    filters = listing.known
    chosen = [(filters[name], filters[name].reading(text)) for name, text in query.items() if name in filters]
    rows = [
        row
        for row in sorted(harvest[listing.kind], key=lambda row: int(row["id"]))
        if row["id"] > after and all(each.keeps(harvest, row, wanted) for each, wanted in chosen)
    ]
    if len(rows) > size:
        rows = rows[:size]
        cursor = harvest.cursors.seal({"kind": listing.kind, "query": query, "after": rows[-1]["id"], "size": size})
        ask.answer_headers["Link"] = link_header({"next": url(ask, {"cursor": cursor})})
    shown = [listing.show(harvest, ask, row) for row in rows]
    return JSONResponse(_narrowed(shown, query.get("fields")))


def _position(harvest: Harvest, listing: Listing, ask: Ask) -> tuple[dict[str, str], int, int]:
    query = dict(ask.query)
    if "cursor" not in query:
        readings = {name: each.reading for name, each in listing.known.items()}
        readings |= {"per_page": guards.integer(1, 500), "fields": guards.listed(guards.text)}
        size: int = read_query(ask, readings).get("per_page", DEFAULT_SIZE)
        return query, 0, size
    if len(ask.query) > 1:
        raise _bad("cursor", "must be the only query parameter")
    try:
        state = harvest.cursors.open(query["cursor"])
    except ValueError as error:
        raise _bad("cursor", str(error)) from None
    if state["kind"] != listing.kind:
        raise _bad("cursor", "belongs to another endpoint")
    return state["query"], state["after"], state["size"]


def _narrowed(rows: list[Row], fields: str | None) -> list[Row]:
    if fields is None or not rows:
        return rows
    wanted = fields.split(",")
    # inferred: a field that doesn't exist is refused, as unknown parameters are
    if unknown := [name for name in wanted if name not in rows[0]]:
        raise _bad("fields", f"does not know {', '.join(unknown)}")
    return [{name: row[name] for name in wanted} for row in rows]


def _bad(where: str, message: str) -> Refusal:
    return Refusal(422, "Unprocessable Entity", problems=[Problem(where, message)])
