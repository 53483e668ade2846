"""Search: filters that are silently ignored when they are not known, numbered pages, and an end after 10,000 rows."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from starlette.responses import Response

from polyhire.simulators import guards
from polyhire.simulators.kit import Refusal
from polyhire.simulators.tables import Row

from . import shapes
from .calls import LIMIT, Call, Endpoint, answer

REACHABLE = 10_000
DEFAULT_LIMIT = 60
NEWEST = "created_at_desc"
SORTS = {
    # inferred: nothing is more relevant than what is new
    "relevance_desc": ("created_at", True),
    NEWEST: ("created_at", True),
    "created_at_asc": ("created_at", False),
    "last_activity_at_desc": ("last_activity_at", True),
}
COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "gt": lambda value, bound: value > bound,
    "gte": lambda value, bound: value >= bound,
    "lt": lambda value, bound: value < bound,
    "lte": lambda value, bound: value <= bound,
}
Test = Callable[[Row], bool]


def find(call: Call) -> Response:
    """Search candidates; what lies beyond the reachable rows is a server error."""
    query = call.query
    size, number = query.get("limit", DEFAULT_LIMIT), query.get("page", 1)
    if size * number > REACHABLE:
        raise Refusal(500, "Internal server error")
    tests = _tests(call, query.get("filters_json", []))
    found = [row for row in call.state.rows("candidate") if all(test(row) for test in tests)]
    key, down = SORTS[query.get("sort_by", "relevance_desc")]
    found.sort(key=lambda row: (row[key] or "", row["id"]), reverse=down)
    hits = [_hit(call, each) for each in found[size * (number - 1) : size * number]]
    # inferred: what is counted, and that nothing is unless it is asked for
    counts = {each: _counts(call, found, each) for each in query.get("aggs[]", ())}
    return answer({"hits": hits, "total": len(found), "aggregations": counts})


def _hit(call: Call, row: Row) -> Row:
    return {
        **{key: row[key] for key in ("id", "name", "emails", "created_at", "last_activity_at")},
        "tags": [{"name": each} for each in shapes.tag_names(call, row)],
        "sources": row["sources"],
        "highlight": {},
        "placements": [_placed(call, each) for each in call.state.of("placement", "candidate_id", row["id"])],
    }


def _placed(call: Call, row: Row) -> Row:
    offer, stage = call.state.get("offer", row["offer_id"]), call.state.get("stage", row["stage_id"])
    return {
        "offer": {"id": offer["id"], "title": offer["title"]},
        "stage": {"id": stage["id"], "name": stage["name"]},
        "is_hired": row["hired_at"] is not None,
        "disqualified": row["disqualified_at"] is not None,
        "disqualify_reason": row["disqualify_reason"],
    }


def _counts(call: Call, rows: list[Row], entity: str) -> Row:
    found: dict[str, int] = {}
    for row in rows:
        for each in ENTITIES[entity](call, row):
            found[str(each)] = found.get(str(each), 0) + 1
    return found


def _places(key: str) -> Callable[[Call, Row], set[Any]]:
    return lambda call, row: {each[key] for each in call.state.of("placement", "candidate_id", row["id"])}


def _source_ids(call: Call, row: Row) -> set[Any]:
    return {each["id"] for each in call.state.rows("source") if each["name"] in row["sources"]}


ENTITIES: dict[str, Callable[[Call, Row], set[Any]]] = {
    "jobs": _places("offer_id"),
    "stages": _places("stage_id"),
    "tags": lambda call, row: set(row["tag_ids"]),
    "sources": _source_ids,
}


def _tests(call: Call, filters: list[Any]) -> list[Test]:
    """Make a test of each filter that is known; of two about the same, the later one counts."""
    made: dict[str, Test] = {}
    for each in filters:
        about = each.get("filter", each.get("field")) if isinstance(each, dict) else None
        if isinstance(about, str) and (test := _test(call, about, each)):
            made[about] = test
    return list(made.values())


def _test(call: Call, about: str, given: Row) -> Test | None:
    if "filter" in given:
        return _entity(call, about, given.get("id"))
    if about == "all" and isinstance(given.get("query"), str):
        return _words(call, given["query"])
    if about == "status" and isinstance(given.get("in"), list):
        return lambda row: bool(_statuses(call, row) & set(map(str, given["in"])))
    if about == "created_at":
        return _created(given)
    return None


def _entity(call: Call, about: str, given: Any) -> Test | None:
    if about not in ENTITIES or not isinstance(given, dict):
        return None
    wanted, unwanted = given.get("in"), given.get("not_in")
    if not isinstance(wanted, list) and not isinstance(unwanted, list):
        return None

    def test(row: Row) -> bool:
        ids = ENTITIES[about](call, row)
        return (wanted is None or bool(ids & set(wanted))) and not (unwanted and ids & set(unwanted))

    return test


def _created(given: Row) -> Test | None:
    bounds = [(COMPARISONS[key], value) for key, value in given.items() if key in COMPARISONS]
    if not bounds or not all(isinstance(value, int) for _, value in bounds):
        return None
    return lambda row: all(compare(_seconds(row["created_at"]), bound) for compare, bound in bounds)


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


def _statuses(call: Call, row: Row) -> set[str]:
    """Give the statuses of a candidate. inferred: new is what nobody has viewed, and nothing is overdue."""
    out = [each["disqualified_at"] is not None for each in call.state.of("placement", "candidate_id", row["id"])]
    found = {"viewed" if row["viewed"] else "new"}
    if any(out):
        found.add("disqualified")
    if not out or not all(out):
        found.add("qualified")
    return found


def _words(call: Call, query: str) -> Test:
    """Look for text in profile and CV: ` OR ` binds less than ` AND `. inferred: without either, all of the phrase."""
    ways = [[each.strip().strip('"').lower() for each in way.split(" AND ")] for way in query.split(" OR ")]
    return lambda row: any(all(each in _text(call, row) for each in way) for way in ways)


def _text(call: Call, row: Row) -> str:
    document = call.state.documents.get(f"cv-{row['id']}")
    said = [row["name"], *row["emails"], *row["phones"], row["cover_letter"] or "", *shapes.tag_names(call, row)]
    worked = [str(value) for each in row["fields"] for one in each["values"] for value in one.values() if value]
    printed = document.content.decode("latin-1") if document else ""
    return "\n".join([*said, *worked, printed]).lower()


def filters(value: str) -> list[Any]:
    """Take a JSON array."""
    try:
        given = json.loads(value)
    except ValueError:
        raise ValueError("is not valid JSON") from None
    if not isinstance(given, list):
        raise ValueError("must be an array")
    return given


QUERY = {
    "limit": LIMIT,
    "page": guards.integer(1),
    "filters_json": filters,
    "sort_by": guards.one_of(*SORTS),
    "aggs[]": guards.listed(guards.one_of(*ENTITIES)),
}
ENDPOINTS = (Endpoint("GET", "/search/new/candidates", find, QUERY, ignored=["query"]),)
