"""Candidates: the list and its filters, one with all it has, and how they are made, changed, merged and deleted."""

from typing import Any

from starlette.responses import Response

from polyhire.simulators import bodies, guards
from polyhire.simulators.bodies import filled, items, nullable, shape
from polyhire.simulators.company import Document
from polyhire.simulators.kit import Problem, Refusal
from polyhire.simulators.tables import Row, iso, now

from . import shapes
from .calls import PAGED, Call, Endpoint, answer, body, cut, gone, parsed_json
from .files import fetch_later
from .placements import place
from .state import unfit

IDS = guards.listed(guards.integer(1))
FILTERS = {
    "created_after": guards.instant,
    "offer_id": guards.integer(1),
    "qualified": guards.flag,
    "disqualified": guards.flag,
    "ids": IDS,
    "ids[]": IDS,
    "query": guards.text,
    "sort": guards.one_of("by_date", "by_last_message"),
    "with_messages": guards.flag,
    "with_my_messages": guards.flag,
}


def _kept(call: Call, row: Row) -> bool:
    query = call.query
    wanted = {*query.get("ids", ()), *query.get("ids[]", ())}
    after = query.get("created_after")
    return (
        (not wanted or row["id"] in wanted)
        and (after is None or row["created_at"] > (iso(after) or ""))
        and query.get("query", "").lower() in row["name"].lower()
        # inferred: whoever was written to has messages, and nobody's are one's own
        and not (query.get("with_messages") and row["last_message_at"] is None)
        and not query.get("with_my_messages")
        and _stands(call, row)
    )


def _stands(call: Call, row: Row) -> bool:
    """Tell whether a candidate's applications fit. inferred: one that does is enough; none at all are qualified."""
    query = call.query
    placed = call.state.of("placement", "candidate_id", row["id"])
    if "offer_id" in query:
        placed = [each for each in placed if each["offer_id"] == query["offer_id"]]
        if not placed:
            return False
    out = [each["disqualified_at"] is not None for each in placed]
    if query.get("qualified") and out and all(out):
        return False
    return not query.get("disqualified") or any(out)


def find(call: Call) -> Response:
    """List candidates, the newest first."""
    key = "last_message_at" if call.query.get("sort") == "by_last_message" else "created_at"
    kept = [row for row in call.state.rows("candidate") if _kept(call, row)]
    kept.sort(key=lambda row: (row[key] or "", row["id"]), reverse=True)
    shown = list(cut(call, kept))
    rows = [shapes.candidate_row(call, each) for each in shown]
    return answer({"candidates": rows, "references": shapes.placed_references(call, shown)})


def _one(call: Call, row: Row, status: int = 200) -> Response:
    shown = {"candidate": shapes.candidate(call, row), "references": shapes.placed_references(call, [row])}
    return answer(shown, status)


def read(call: Call) -> Response:
    """Give one candidate."""
    row = call.named("candidate")
    return _one(call, row)


def email(value: Any, where: str) -> list[Problem]:
    """Take an email address."""
    return filled(value, where) or ([] if "@" in value.strip("@") else [Problem(where, "is invalid")])


def web_address(value: Any, where: str) -> list[Problem]:
    """Take the address of a file."""
    if problems := filled(value, where):
        return problems
    return [] if value.startswith(("http://", "https://")) else [Problem(where, "is invalid")]


# inferred: the keys, which the list of fields that may be read suggests
KNOWN: dict[str, bodies.Check] = {
    "name": filled,
    "emails": items(email),
    "phones": items(filled),
    "social_links": items(filled),
    "links": items(filled),
    "cover_letter": nullable(bodies.text),
    "sources": items(filled),
    "remote_cv_url": nullable(web_address),
}
CHANGES = shape(KNOWN)
NEW = shape(KNOWN, required=["name"])
FILES = ("cv", "letter")
LISTS = ("emails", "phones", "social_links", "links", "sources")


def _given(call: Call, check: bodies.Check) -> tuple[Row, Document | None, list[int]]:
    """Read a candidate, a CV and the offers to be placed in, from JSON or a multipart form."""
    if call.ask.content_type == "multipart/form-data":
        return _form(call, check)
    whole = parsed_json(call.ask)
    if not isinstance(whole, dict) or not isinstance(whole.get("candidate"), dict):
        raise Refusal(400, "param is missing or the value is empty: candidate")
    beside = shape({"candidate": bodies.anything, "offers": items(bodies.integer)})
    if problems := [*beside(whole, ""), *check(whole["candidate"], "")]:
        raise Refusal(422, "Invalid", problems=problems)
    return whole["candidate"], None, whole.get("offers", [])


def _form(call: Call, check: bodies.Check) -> tuple[Row, Document | None, list[int]]:
    given: Row = {}
    document: Document | None = None
    for name, value in call.ask.parts:
        key = name.removeprefix("candidate[").removesuffix("]").removesuffix("][")
        if not name.startswith("candidate["):
            raise unfit(name, "is not a known key")
        if key == "cv":
            if not isinstance(value, Document) or not value.name or not value.content:
                raise unfit("cv", "must be a file")
            document = value
        elif key in LISTS:
            given[key] = [*given.get(key, ()), value]
        else:
            given[key] = value
    if problems := check(given, ""):
        raise Refusal(422, "Invalid", problems=problems)
    return given, document, []


def create(call: Call) -> Response:
    """Make a candidate, in the offer of the path or the offers of the body."""
    state = call.state
    path = [call.named("offer", "offer_id")] if "offer_id" in call.ask.values else []
    given, document, offers = _given(call, NEW)
    wanted = [*path, *(state.refer("offer", each, "offers") for each in offers)]
    row = state.add("candidate", {**_blank(call), **_kept_values(given)})
    _keep_cv(call, row, given, document)
    state.note_down("new_candidate", call.actor, candidate_id=row["id"])
    for offer in {each["id"]: each for each in wanted}.values():
        place(call, row, offer, None)
    return _one(call, row, 201)


def _blank(call: Call) -> Row:
    return {
        "name": "",
        **{key: [] for key in (*LISTS, "tag_ids", "fields", "answers")},
        **dict.fromkeys(("last_message_at", "referrer", "cover_letter")),
        "admin_id": call.actor,
        "source": "manual",
        "viewed": True,
        "last_activity_at": iso(now()),
    }


def _kept_values(given: Row) -> Row:
    return {key: value for key, value in given.items() if key != "remote_cv_url"}


def _keep_cv(call: Call, row: Row, given: Row, document: Document | None) -> None:
    key = f"cv-{row['id']}"
    if document is not None:
        call.state.documents[key] = document
    elif given.get("remote_cv_url"):
        fetch_later(call.state.documents, key, given["remote_cv_url"])


def update(call: Call) -> Response:
    """Change what is given of a candidate."""
    row = call.named("candidate")
    given, document, offers = _given(call, CHANGES)
    if offers:
        raise unfit("offers", "is not a known key")
    call.state.change(row, **_kept_values(given), last_activity_at=iso(now()))
    _keep_cv(call, row, given, document)
    return _one(call, row)


def delete(call: Call) -> Response:
    """Delete a candidate with all that belongs to them."""
    row = call.named("candidate")
    for kind in FILES:
        call.state.documents.pop(f"{kind}-{row['id']}", None)
    call.state.remove("candidate", row)
    return gone()


def check_presence(call: Call) -> Response:
    """Tell whether somebody has this email address. inferred: in which words."""
    wanted = call.query["email"].lower()
    found = [row for row in call.state.rows("candidate") if wanted in [each.lower() for each in row["emails"]]]
    return answer({"present": bool(found), "candidates": [{"id": each["id"], "name": each["name"]} for each in found]})


def merge(call: Call) -> Response:
    """Put others into a candidate, and forget them; of applications for one offer, the candidate's own stays."""
    state, row = call.state, call.named("candidate")
    given = body(call, shape({"ids": items(bodies.integer, least=1)}, required=["ids"]))
    others = [state.refer("candidate", each, "ids") for each in dict.fromkeys(given["ids"]) if each != row["id"]]
    for other in others:
        for key in (*LISTS, "tag_ids", "fields", "answers"):
            row[key] = [*row[key], *(each for each in other[key] if each not in row[key])]
        taken = {each["offer_id"] for each in state.of("placement", "candidate_id", row["id"])}
        for kind in ("placement", "note", "attachment", "event", "result", "activity"):
            for each in state.of(kind, "candidate_id", other["id"]):
                if kind != "placement" or each["offer_id"] not in taken:
                    state.give(kind, each, "candidate_id", row["id"])
        for kind in FILES:
            if document := state.documents.pop(f"{kind}-{other['id']}", None):
                state.documents.setdefault(f"{kind}-{row['id']}", document)
        state.remove("candidate", other)
    state.change(row, last_activity_at=iso(now()))
    return _one(call, row)


ONE = "/candidates/{id:int}"
ENDPOINTS = (
    Endpoint("GET", "/candidates", find, {**PAGED, **FILTERS}),
    Endpoint("POST", "/candidates", create),
    Endpoint("POST", "/offers/{offer_id:int}/candidates", create),
    Endpoint("GET", "/candidates/check_presence", check_presence, {"email": guards.text}, required=["email"]),
    Endpoint("GET", ONE, read),
    Endpoint("PATCH", ONE, update),
    Endpoint("DELETE", ONE, delete),
    Endpoint("PATCH", f"{ONE}/merge", merge),
)
