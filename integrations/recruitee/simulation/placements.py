"""Applications, which Recruitee calls placements: by offer, and how they are made, moved, rejected and taken back."""

from typing import Any

from starlette.responses import Response

from polyhire.simulators import bodies
from polyhire.simulators.bodies import integer, nullable, shape
from polyhire.simulators.tables import Row, iso, now

from . import shapes
from .calls import Call, Endpoint, answer, body, gone, parsed_json
from .state import missing, unfit


def by_offer(call: Call) -> Response:
    """List the applications for an offer, grouped by the stages they are in."""
    offer = call.named("offer", "offer_id")
    placed = call.state.of("placement", "offer_id", offer["id"])
    stages = []
    for each in call.state.of("stage", "template_id", offer["template_id"]):
        rows = [row for row in placed if row["stage_id"] == each["id"]]
        shown = shapes.stage(call, each, len(rows))
        kept = {key: shown[key] for key in ("id", "name", "category", "group", "position", "placements_count")}
        stages.append({**kept, "placements": [_in_stage(call, row) for row in rows]})
    return answer({"stages": stages})


def _in_stage(call: Call, row: Row) -> Row:
    candidate = call.state.get("candidate", row["candidate_id"])
    shown = shapes.placement(call, row)
    kept = ("id", "candidate_id", "disqualified_at", "disqualify_reason", "hired_at", "ratings", "created_at")
    return {
        **{key: shown[key] for key in kept if key in shown},
        "candidate": {"id": candidate["id"], "name": candidate["name"]},
    }


def _one(call: Call, row: Row, status: int = 200) -> Response:
    beside = shapes.references(call, offer=[row["offer_id"]], stage=[row["stage_id"]])
    return answer({"placement": shapes.placement(call, row), "references": beside}, status)


def of_candidate(call: Call) -> Response:
    """Give the application of a candidate for an offer."""
    offer, candidate = call.named("offer", "offer_id"), call.named("candidate", "candidate_id")
    for each in call.state.of("placement", "candidate_id", candidate["id"]):
        if each["offer_id"] == offer["id"]:
            return _one(call, each)
    raise missing("placement")


def stage_of(call: Call, offer: Row, stage_id: int | None) -> Row:
    """Give a stage of an offer's pipeline, by default the first; refuses with 422 what is not of it."""
    stages = call.state.of("stage", "template_id", offer["template_id"])
    found = [each for each in stages if stage_id in (None, each["id"])]
    if not found:
        raise unfit("stage_id", "is invalid")
    return found[0]


def place(call: Call, candidate: Row, offer: Row, stage_id: int | None) -> Row:
    """Make an application; refuses with 422 a second one for the same offer."""
    state = call.state
    stage = stage_of(call, offer, stage_id)
    placed = state.of("placement", "candidate_id", candidate["id"])
    if any(each["offer_id"] == offer["id"] for each in placed):
        raise unfit("candidate_id", "has already been taken")
    row = state.add(
        "placement",
        {
            "candidate_id": candidate["id"],
            "offer_id": offer["id"],
            "stage_id": stage["id"],
            "position": len(state.of("placement", "offer_id", offer["id"])) + 1,
            **dict.fromkeys(("hired_at", "disqualified_at", "disqualify_reason")),
        },
    )
    _touch(call, row, "candidate_assigned")
    return row


NEW = shape(
    {"candidate_id": integer, "offer_id": integer, "stage_id": nullable(integer)}, required=["candidate_id", "offer_id"]
)


def create(call: Call) -> Response:
    """Make an application, from a body that may be wrapped or not."""
    parsed = parsed_json(call.ask)
    wrapper = "placement" if isinstance(parsed, dict) and "placement" in parsed else None
    given = body(call, NEW, wrapper)
    candidate = call.state.refer("candidate", given["candidate_id"], "candidate_id")
    offer = call.state.refer("offer", given["offer_id"], "offer_id")
    return _one(call, place(call, candidate, offer, given.get("stage_id")), 201)


def delete(call: Call) -> Response:
    """Delete an application."""
    row = call.named("placement")
    call.state.remove("placement", row)
    return gone()


def change_stage(call: Call) -> Response:
    """Move an application to another stage of its offer, which also requalifies it."""
    row = call.named("placement")
    given = body(call, shape({"stage_id": integer}, required=["stage_id"]))
    stage = stage_of(call, call.state.get("offer", row["offer_id"]), given["stage_id"])
    return _changed(call, row, stage_id=stage["id"], disqualified_at=None, disqualify_reason=None)


def disqualify(call: Call) -> Response:
    """Reject an application. inferred: a reason may be left out, a body too, and the time is that of the first."""
    row = call.named("placement")
    known = shape({"disqualify_reason_id": nullable(integer)})
    given: Row = bodies.read_json(call.ask, known, empty={})
    number = given.get("disqualify_reason_id")
    reason = None if number is None else call.state.refer("reason", number, "disqualify_reason_id")["name"]
    return _changed(call, row, disqualified_at=row["disqualified_at"] or iso(now()), disqualify_reason=reason)


def requalify(call: Call) -> Response:
    """Take a rejection back."""
    bodies.read_json(call.ask, shape({}), empty={})
    return _changed(call, call.named("placement"), disqualified_at=None, disqualify_reason=None)


def _changed(call: Call, row: Row, **changes: Any) -> Response:
    call.state.change(row, **changes)
    _touch(call, row, "candidate_moved")
    return _one(call, row)


def _touch(call: Call, row: Row, kind: str) -> None:
    candidate = call.state.get("candidate", row["candidate_id"])
    call.state.change(candidate, last_activity_at=iso(now()))
    call.state.note_down(kind, call.actor, candidate_id=candidate["id"], offer_id=row["offer_id"])


ENDPOINTS = (
    Endpoint("GET", "/offers/{offer_id:int}/placements", by_offer),
    Endpoint("GET", "/offers/{offer_id:int}/candidates/{candidate_id:int}/placement", of_candidate),
    Endpoint("POST", "/placements", create),
    Endpoint("DELETE", "/placements/{id:int}", delete),
    Endpoint("PATCH", "/placements/{id:int}/change_stage", change_stage),
    Endpoint("PATCH", "/placements/{id:int}/disqualify", disqualify),
    Endpoint("PATCH", "/placements/{id:int}/requalify", requalify),
)
