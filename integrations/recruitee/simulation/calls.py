"""How a call is read and answered: its query, its wrapped body, one page of rows, and the references beside them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from starlette.responses import JSONResponse, Response

from polyhire.simulators import guards
from polyhire.simulators.bodies import Check, anything, read_json, shape
from polyhire.simulators.guards import Reading, read_query
from polyhire.simulators.kit import Ask, Refusal, Route
from polyhire.simulators.tables import Row

from .access import Access
from .state import Recruitee

# inferred: how many rows there are by default, and at most
DEFAULT_LIMIT, MOST = 60, 100
LIMIT = guards.integer(1, MOST)
PAGED: Mapping[str, Reading] = {"limit": LIMIT, "offset": guards.integer(0), "page": guards.integer(1)}


@dataclass(frozen=True)
class Call:
    """One call that may be made: what it asks, its query as read, and the id of the user who asks."""

    state: Recruitee
    ask: Ask
    query: Mapping[str, Any]
    actor: int

    def number(self, name: str) -> int:
        """Give an id of the path."""
        return int(self.ask.values[name])

    def named(self, kind: str, name: str = "id") -> Row:
        """Give the row that the path names; refuses with 404."""
        return self.state.get(kind, self.number(name))


Answer: TypeAlias = Callable[[Call], Response]


@dataclass(frozen=True)
class Endpoint:
    """A method and a path below `/c/{company_id}`, who answers, and its query; some parameters are ignored."""

    method: str
    path: str
    answer: Answer
    query: Mapping[str, Reading] = field(default_factory=dict)
    required: Sequence[str] = ()
    ignored: Sequence[str] = ()

    def route(self, state: Recruitee, access: Access) -> Route:
        """Bind it to an account."""

        def handle(ask: Ask) -> Response:
            kept = replace(ask, query=_joined(pair for pair in ask.query if pair[0] not in self.ignored))
            # inferred: unknown parameters are refused, but where they are known to be ignored
            return self.answer(
                Call(state, ask, read_query(kept, self.query, required=self.required), access.actor(ask))
            )

        return Route(self.method, f"/c/{{company}}{self.path}", handle)


def _joined(query: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Make one comma-separated parameter of each that is written as `name[]`, and may be repeated."""
    single: list[tuple[str, str]] = []
    repeated: dict[str, list[str]] = {}
    for name, value in query:
        if name.endswith("[]"):
            repeated.setdefault(name, []).append(value)
        else:
            single.append((name, value))
    return (*single, *((name, ",".join(values)) for name, values in repeated.items()))


def body(call: Call, check: Check, wrapper: str | None = None) -> Row:
    """Read a JSON body, below its wrapper if it has one; without that it is a 400."""
    if wrapper is None:
        whole: Row = read_json(call.ask, check)
        return whole
    parsed = parsed_json(call.ask)
    if not isinstance(parsed, dict) or not isinstance(parsed.get(wrapper), dict):
        raise Refusal(400, f"param is missing or the value is empty: {wrapper}")
    inner: Row = parsed[wrapper]
    # Fields are named without their wrapper.
    if problems := [*shape({wrapper: anything})(parsed, ""), *check(inner, "")]:
        raise Refusal(422, "Invalid", problems=problems)
    return inner


def parsed_json(ask: Ask) -> Any:
    """Parse a JSON body without looking at it: 400 for another content type, or what is not JSON."""
    return read_json(ask, anything)


def cut(call: Call, rows: Sequence[Row]) -> Sequence[Row]:
    """Give the rows that `limit` and `offset` leave, or `limit` and `page`. inferred: an offset goes before a page."""
    size = call.query.get("limit", DEFAULT_LIMIT)
    start = call.query.get("offset", (call.query.get("page", 1) - 1) * size)
    return rows[start : start + size]


def answer(data: Mapping[str, Any], status: int = 200) -> Response:
    """Answer with JSON."""
    return JSONResponse(data, status)


def gone() -> Response:
    """Answer a deletion. inferred: 204."""
    return Response(status_code=204)
