"""Meetings with candidates, and how they were judged."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.responses import Response

from polyhire.simulators import bodies, guards
from polyhire.simulators.bodies import choice, filled, instant, integer, items, nullable, read_json, shape
from polyhire.simulators.guards import Reading
from polyhire.simulators.tables import Row, iso

from . import shapes
from .calls import Call, Endpoint, answer, body, gone
from .placements import stage_of
from .state import missing, unfit

EVENTS: Mapping[str, Reading] = {
    "candidate_id": guards.integer(1),
    # inferred: both ends are included, and are dates
    "date_from": guards.day,
    "date_to": guards.day,
}


def _fits(call: Call, row: Row) -> bool:
    query, start = call.query, row["start_at"][:10]
    return (
        query.get("candidate_id") in (None, row["candidate_id"])
        and ("date_from" not in query or start >= query["date_from"].isoformat())
        and ("date_to" not in query or start <= query["date_to"].isoformat())
    )


def events(call: Call) -> Response:
    """List meetings."""
    rows = [each for each in call.state.rows("event") if _fits(call, each)]
    return answer({"interview_events": rows, "references": _references(call, rows)})


def _references(call: Call, rows: list[Row]) -> list[Row]:
    people = [one for each in rows for one in (each["admin_id"], *each.get("admin_ids", ()))]
    stages = [each.get("stage_id") for each in rows]
    return shapes.references(call, admin=people, offer=[each["offer_id"] for each in rows], stage=stages)


def _event(call: Call, row: Row, status: int = 200) -> Response:
    return answer({"interview_event": row, "references": _references(call, [row])}, status)


def event(call: Call) -> Response:
    """Give one meeting."""
    return _event(call, call.named("event"))


# inferred: the keys; start_at, end_at and where are those that a client writes
MEETING: dict[str, bodies.Check] = {
    "title": filled,
    "kind": filled,
    "offer_id": nullable(integer),
    "admin_ids": items(integer),
    "start_at": instant,
    "end_at": instant,
    "where": nullable(bodies.text),
}


def _meeting(call: Call, known: Row, *required: str) -> Row:
    given = body(call, shape(MEETING, required=required), "interview_event")
    if given.get("offer_id") is not None:
        call.state.refer("offer", given["offer_id"], "offer_id")
    for each in given.get("admin_ids", ()):
        call.state.refer("admin", each, "admin_ids")
    for key in ("start_at", "end_at"):
        if key in given:
            given[key] = iso(datetime.fromisoformat(given[key]))
    whole = {**known, **given}
    if whole["end_at"] < whole["start_at"]:
        raise unfit("end_at", "must be after start")
    return whole


def create_event(call: Call) -> Response:
    """Plan a meeting with a candidate."""
    candidate = call.named("candidate")
    blank = {
        "title": "Interview",
        "kind": "interview",
        "candidate_id": candidate["id"],
        "offer_id": None,
        "admin_id": call.actor,
        "admin_ids": [call.actor],
        **dict.fromkeys(("start_at", "end_at"), ""),
        "where": None,
        "scheduled": False,
    }
    return _event(call, call.state.add("event", _meeting(call, blank, "start_at", "end_at")), 201)


def update_event(call: Call) -> Response:
    """Change a meeting."""
    row = call.named("event")
    return _event(call, call.state.change(row, **_meeting(call, row)))


def delete_event(call: Call) -> Response:
    """Cancel a meeting."""
    call.state.remove("event", call.named("event"))
    return gone()


def schedule(call: Call) -> Response:
    """Tell everybody of a meeting."""
    row = call.named("event")
    read_json(call.ask, shape({}), empty={})
    return _event(call, call.state.change(row, scheduled=True))


def results(call: Call) -> Response:
    """List evaluations; drafts are only hinted at. inferred: without a candidate or an offer, all of them."""
    found = [
        each
        for each in call.state.rows("result")
        if all(call.query.get(key) in (None, each[key]) for key in ("candidate_id", "offer_id"))
    ]
    rows = [_shown(each) for each in found if not each["draft"]]
    hidden = [{"id": each["id"], "admin_id": each["admin_id"]} for each in found if each["draft"]]
    beside = _references(call, rows)
    return answer({"interview_results": rows, "references": beside, "hidden_results_preview": hidden})


def _shown(row: Row) -> Row:
    return {key: value for key, value in row.items() if key not in ("draft", "updated_at")}


def _own(call: Call) -> Row:
    row = call.named("result")
    if row["draft"]:
        raise missing("result")
    return row


def _result(call: Call, row: Row, status: int = 200) -> Response:
    return answer({"interview_result": _shown(row), "references": _references(call, [row])}, status)


def result(call: Call) -> Response:
    """Give one evaluation."""
    return _result(call, _own(call))


VERDICT = {"rating": choice(*shapes.RATINGS), "rating_note": nullable(bodies.text)}
NEW: dict[str, bodies.Check] = {
    **VERDICT,
    # inferred: an evaluation of another kind needs a template, which this API has no way to name
    "kind": choice("rating"),
    "offer_id": integer,
    "stage_id": integer,
}


def create_result(call: Call) -> Response:
    """Judge a candidate at a stage of an offer. inferred: of one that they applied for."""
    state, candidate = call.state, call.named("candidate")
    given = body(call, shape(NEW, required=["kind", "offer_id", "stage_id", "rating"]), "interview_result")
    offer = state.refer("offer", given["offer_id"], "offer_id")
    stage_of(call, offer, given["stage_id"])
    if all(each["offer_id"] != offer["id"] for each in state.of("placement", "candidate_id", candidate["id"])):
        raise unfit("offer_id", "is invalid")
    blank: dict[str, Any] = dict.fromkeys(("guest", "rating_note", "interview_template_name"))
    about = {"candidate_id": candidate["id"], "admin_id": call.actor, "interview_result_answers": [], "draft": False}
    return _result(call, state.add("result", {**blank, **about, **given}), 201)


def update_result(call: Call) -> Response:
    """Judge anew."""
    row = _own(call)
    return _result(call, call.state.change(row, **body(call, shape(VERDICT), "interview_result")))


def delete_result(call: Call) -> Response:
    """Take an evaluation back."""
    call.state.remove("result", _own(call))
    return gone()


def scale(call: Call) -> Response:
    """Give the tenant's rating scale. inferred: its shape."""
    return answer({"rating_scale": {"kind": "thumbs", "ratings": list(shapes.RATINGS)}})


OF_CANDIDATE = "/interview/candidates/{id:int}"
FILTERS = {"candidate_id": guards.integer(1), "offer_id": guards.integer(1)}
ENDPOINTS = (
    Endpoint("GET", "/interview/events", events, EVENTS),
    Endpoint("POST", f"{OF_CANDIDATE}/events", create_event),
    Endpoint("GET", "/interview/events/{id:int}", event),
    Endpoint("PATCH", "/interview/events/{id:int}", update_event),
    Endpoint("DELETE", "/interview/events/{id:int}", delete_event),
    Endpoint("POST", "/interview/events/{id:int}/schedule", schedule),
    Endpoint("GET", "/interview/results", results, FILTERS),
    Endpoint("POST", f"{OF_CANDIDATE}/results", create_result),
    Endpoint("GET", "/interview/results/{id:int}", result),
    Endpoint("PATCH", "/interview/results/{id:int}", update_result),
    Endpoint("DELETE", "/interview/results/{id:int}", delete_result),
    Endpoint("GET", "/candidates/settings/rating_scale", scale),
)
