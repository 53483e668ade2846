"""Lists by path segments, and what they look like: a single row travels bare, without its list."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

from starlette.responses import JSONResponse, Response

from polyhire.simulators import guards
from polyhire.simulators.bodies import Check, filled, read_json, shape
from polyhire.simulators.guards import Reading
from polyhire.simulators.kit import Ask, Handler, Problem, Refusal, Route
from polyhire.simulators.tables import Row

from .state import Jazz, unfit

PAGE = 100
Values: TypeAlias = Mapping[str, Any]
Create: TypeAlias = Callable[[Jazz, Ask], Row]


@dataclass(frozen=True)
class Filter:
    """A segment of a list's path: how its value is read, and which rows it keeps."""

    reading: Reading
    fits: Callable[[Row, Any], bool]


@dataclass(frozen=True)
class Resource:
    """One collection. `rows` gives the rows that a list shows; `one` the record with an id, or None."""

    name: str
    rows: Callable[[Jazz, Values], Sequence[Row]]
    readings: Mapping[str, Reading] = field(default_factory=dict)
    required: Sequence[str] = ()
    show: Callable[[Jazz, Ask, Row], Row] = lambda jazz, ask, row: row
    one: Callable[[Jazz, Ask, str], Row | None] | None = None
    create: Create | None = None

    def routes(self, jazz: Jazz) -> list[Route]:
        """Give the routes of the collection."""
        path = f"/v1/{self.name}"
        answer = partial(self._answer, jazz)
        made = [Route("GET", path, answer), Route("GET", f"{path}/{{rest:path}}", answer)]
        if self.create:
            made.append(Route("POST", path, writes(jazz, self.create)))
        return made

    def _answer(self, jazz: Jazz, ask: Ask) -> Response:
        parts = ask.values["rest"].split("/") if "rest" in ask.values else []
        if len(parts) == 1:
            if self.one is None or not parts[0]:
                raise Refusal(404, "Not Found")
            found = self.one(jazz, ask, parts[0])
            # inferred: 200 for an unknown id, whose answer is known to be empty
            return Response(b"") if found is None else JSONResponse(found)
        values = _segments(parts, self.readings, self.required)
        start = (values.get("page", 1) - 1) * PAGE
        rows = self.rows(jazz, values)[start : start + PAGE]
        return JSONResponse(bare([self.show(jazz, ask, row) for row in rows]))


def writes(jazz: Jazz, create: Create) -> Handler:
    """Answer a write; inferred: 200, not 201."""
    return lambda ask: JSONResponse(create(jazz, ask))


def _segments(parts: Sequence[str], readings: Mapping[str, Reading], required: Sequence[str]) -> dict[str, Any]:
    """Read `name/value/name/value/page/2`.

    inferred: what is unknown, repeated, malformed or behind the page is refused.
    """
    if len(parts) % 2:
        raise Refusal(400, "Every filter needs a value")
    pairs = list(zip(parts[::2], parts[1::2], strict=True))
    problems = [Problem(name, "is required") for name in required if name not in dict(pairs)]
    values: dict[str, Any] = {}
    for name, text in pairs:
        reading = guards.integer(1, 1_000_000) if name == "page" else readings.get(name)
        if reading is None:
            problems.append(Problem(name, "is not a known filter"))
        elif name in values or "page" in values:
            problems.append(Problem(name, "is given twice, or after the page"))
        else:
            try:
                values[name] = reading(text)
            except ValueError as error:
                problems.append(Problem(name, str(error)))
    if problems:
        raise Refusal(400, "Bad request", problems=problems)
    return values


def bare(rows: Sequence[Row]) -> Row | list[Row]:
    """Give a list as JazzHR does: one row stands for itself."""
    return rows[0] if len(rows) == 1 else list(rows)


def keep(filters: Mapping[str, Filter], rows: Sequence[Row], values: Values) -> list[Row]:
    """Give the rows that fit all these values; values of other names (the page) keep every row."""
    asked = [(filters[name].fits, value) for name, value in values.items() if name in filters]
    return [row for row in rows if all(fits(row, value) for fits, value in asked)]


def readings(filters: Mapping[str, Filter]) -> dict[str, Reading]:
    """Give how the values of these filters are read."""
    return {name: each.reading for name, each in filters.items()}


def equal(key: str, reading: Reading = guards.text) -> Filter:
    """Keep the rows with this value; inferred: whatever its case."""
    return Filter(reading, lambda row, value: str(row[key]).casefold() == str(value).casefold())


def between(name: str, key: str) -> dict[str, Filter]:
    """Keep rows by a date, both ends included; rows without a date never fit."""
    return {
        f"from_{name}": Filter(guards.day, lambda row, value: row[key] >= value.isoformat()),
        f"to_{name}": Filter(guards.day, lambda row, value: "0000-00-00" < row[key] <= value.isoformat()),
    }


def read_body(ask: Ask, known: Mapping[str, Check], required: Sequence[str]) -> dict[str, Any]:
    """Read the JSON of a write, without its key; inferred: what is not known is refused, and what is required filled.

    The key itself was looked at before.
    """
    filling = {name: _both(check) if name in required else check for name, check in known.items()}
    body = read_json(ask, shape({"apikey": filled, **filling}, required=required))
    return {name: value for name, value in body.items() if name != "apikey"}


def _both(check: Check) -> Check:
    return lambda value, where: check(value, where) or ([] if value != "" else [Problem(where, "is empty")])


def flag(value: str) -> bool:
    """Take `1` or `0`; inferred."""
    if value not in ("0", "1"):
        raise ValueError("must be 1 or 0")
    return value == "1"


def refer(jazz: Jazz, kind: str, body: Mapping[str, Any], name: str) -> Row:
    """Give the row whose id a body has under this name."""
    if name not in body:
        raise unfit(name, "is required")
    return jazz.refer(kind, body[name], name)
