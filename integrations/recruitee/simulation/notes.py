"""Notes on candidates and on offers, and the timelines of what happened."""

from functools import partial

from starlette.responses import Response

from polyhire.simulators import guards
from polyhire.simulators.bodies import choice, filled, read_json, shape
from polyhire.simulators.tables import Row, iso, now

from . import shapes
from .calls import Call, Endpoint, answer, body, cut, gone

LEVELS = ("public", "private")


def _shown(call: Call, row: Row) -> Row:
    admin = call.state.find("admin", row["admin_id"])
    name = f"{admin['first_name']} {admin['last_name']}" if admin else None
    return {**row, "admin": {"id": row["admin_id"], "name": name} if admin else None, "attachments": []}


def find(owner: str, call: Call) -> Response:
    """List the notes on a candidate or an offer."""
    rows = call.state.of("note", f"{owner}_id", call.named(owner)["id"])
    beside = shapes.references(call, admin=[each["admin_id"] for each in rows])
    return answer({"notes": [_shown(call, each) for each in rows], "references": beside})


VISIBILITY = shape({"level": choice(*LEVELS)}, required=["level"])
KNOWN = {"body": filled, "visibility": VISIBILITY}


def create(owner: str, call: Call) -> Response:
    """Write a note, public unless it says otherwise."""
    state, about = call.state, call.named(owner)
    given = body(call, shape(KNOWN, required=["body"]), "note")
    row = state.add(
        "note",
        {
            **dict.fromkeys(("candidate_id", "offer_id")),
            f"{owner}_id": about["id"],
            "admin_id": call.actor,
            "visibility": {"level": "public"},
            "pinned": False,
            **given,
        },
    )
    if owner == "candidate":
        state.change(about, last_activity_at=iso(now()))
    state.note_down("note_created", call.actor, **{f"{owner}_id": about["id"]})
    return answer({"note": _shown(call, row)}, 201)


def update(call: Call) -> Response:
    """Write a note anew."""
    row = call.named("note")
    call.state.change(row, **body(call, shape(KNOWN), "note"))
    return answer({"note": _shown(call, row)})


def pin(call: Call) -> Response:
    """Pin a note."""
    row = call.named("note")
    read_json(call.ask, shape({}), empty={})
    call.state.change(row, pinned=True)
    return answer({"note": _shown(call, row)})


def delete(call: Call) -> Response:
    """Delete a note."""
    call.state.remove("note", call.named("note"))
    return gone()


def timeline(owner: str | None, call: Call) -> Response:
    """List what happened, the latest first."""
    state = call.state
    rows = (
        list(state.rows("activity")) if owner is None else state.of("activity", f"{owner}_id", call.named(owner)["id"])
    )
    rows.sort(key=lambda row: (row["created_at"], row["id"]), reverse=True)
    keys = ("id", "kind", "admin_id", "candidate_id", "offer_id", "created_at")
    shown = [{key: each[key] for key in keys} for each in cut(call, rows)]
    ids = {kind: [each[f"{kind}_id"] for each in shown] for kind in ("admin", "offer")}
    return answer({"activities": shown, "references": shapes.references(call, **ids)})


PAGED = {"limit": guards.integer(1, 100), "page": guards.integer(1)}
ENDPOINTS = (
    *(Endpoint("GET", f"/{each}s/{{id:int}}/notes", partial(find, each)) for each in ("candidate", "offer")),
    *(Endpoint("POST", f"/{each}s/{{id:int}}/notes", partial(create, each)) for each in ("candidate", "offer")),
    Endpoint("PATCH", "/notes/{id:int}", update),
    Endpoint("DELETE", "/notes/{id:int}", delete),
    Endpoint("PATCH", "/notes/{id:int}/pin", pin),
    Endpoint("GET", "/tracking/activities", partial(timeline, None), PAGED),
    *(
        Endpoint("GET", f"/tracking/{each}s/{{id:int}}/activities", partial(timeline, each), PAGED)
        for each in ("candidate", "offer")
    ),
)
