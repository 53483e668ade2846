"""Notes and the replies to them, and emails."""

from starlette.responses import Response

from polyhire.simulators import bodies
from polyhire.simulators.bodies import filled, nullable, read_json, shape
from polyhire.simulators.tables import Row

from . import shapes
from .calls import PAGED, Call, Endpoint, gone, one, rows
from .identifiers import present
from .seed_events import said
from .state import unfit

NOTE = {
    "value": filled,
    "secret": bodies.boolean,
    "score": nullable(bodies.integer),
    "notifyFollowers": bodies.boolean,
    "createdAt": bodies.integer,
}
NEW = shape({**NOTE, "note_id": filled}, required=["value"])
CHANGES = shape(NOTE, required=["value"])


def find(call: Call) -> Response:
    """List the notes on an opportunity."""
    return rows(call, call.lever.of("note", call.opportunity()["id"]), shapes.nested)


def read(call: Call) -> Response:
    """Give one note."""
    return one(shapes.nested(call.child("note")))


def create(call: Call) -> Response:
    """Write a note, or a reply to one, which becomes a field of it."""
    lever, opportunity, body = call.lever, call.opportunity(), read_json(call.ask, NEW)
    moment = body.get("createdAt", present())
    field = said(body["value"], call.user, moment)
    if "score" in body:
        field["score"] = body["score"]
    if "note_id" in body:
        note = lever.refer("note", body["note_id"], "note_id")
        if note["opportunityId"] != opportunity["id"]:
            raise unfit("note_id", "belongs to another opportunity")
        note.update(fields=[*note["fields"], field])
    else:
        note = lever.add("note", _note(call, opportunity, body, field))
    lever.stir(opportunity)
    return one(shapes.nested(note), 201)


def _note(call: Call, opportunity: Row, body: Row, field: Row) -> Row:
    return {
        "opportunityId": opportunity["id"],
        "text": body["value"],
        "fields": [field],
        "user": call.user,
        "secret": body.get("secret", False),
        **dict.fromkeys(("completedAt", "createdAt"), field["createdAt"]),
        "deletedAt": None,
    }


def update(call: Call) -> Response:
    """Write a note anew; replies to it stay."""
    row, body = call.child("note"), read_json(call.ask, CHANGES)
    first = {**row["fields"][0], "value": body["value"]}
    row.update(text=body["value"], fields=[first, *row["fields"][1:]], secret=body.get("secret", row["secret"]))
    call.lever.stir(call.opportunity())
    return one(shapes.nested(row))


def delete(call: Call) -> Response:
    """Delete a note. inferred: it is then not listed at all."""
    call.lever.remove("note", call.child("note"))
    call.lever.stir(call.opportunity())
    return gone()


def emails(call: Call) -> Response:
    """List the emails about an opportunity."""
    return rows(call, call.lever.of("email", call.opportunity()["id"]), shapes.nested)


ALL = "/opportunities/{oid}/notes"
ENDPOINTS = (
    Endpoint("GET", ALL, "notes", find, PAGED),
    Endpoint("POST", ALL, "notes", create, acts=True),
    Endpoint("GET", f"{ALL}/{{id}}", "notes", read),
    Endpoint("PUT", f"{ALL}/{{id}}", "notes", update, acts=True),
    Endpoint("DELETE", f"{ALL}/{{id}}", "notes", delete, acts=True),
    # inferred: emails have no scope of their own
    Endpoint("GET", "/opportunities/{oid}/emails", "opportunities", emails, PAGED),
)
