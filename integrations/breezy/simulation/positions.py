"""Positions: listing them by state, writing them, opening and closing them, and their teams."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

from polyhire.simulators import guards
from polyhire.simulators.bodies import boolean, choice, filled, items, nullable, shape, text
from polyhire.simulators.guards import one_of
from polyhire.simulators.tables import Row

from . import shapes
from .calls import COMPANY, POSITION, Call, Endpoint, gone, reference, referred
from .identifiers import friendly, present
from .seed_forms import application_form
from .seed_workplace import CATEGORIES, EDUCATIONS, EXPERIENCES, STATES, TYPES, chosen
from .state import touch, unfit

OPTIONS = {"type": TYPES, "category": CATEGORIES, "education": EDUCATIONS, "experience": EXPERIENCES}
LOCATION = shape(
    {"country": reference, "state": nullable(reference), "city": nullable(text), "is_remote": nullable(boolean)},
    required=["country"],
)
FIELDS = {
    "name": filled,
    "description": filled,
    "type": reference,
    "location": LOCATION,
    "department": nullable(text),
    **dict.fromkeys(("category", "education", "experience"), nullable(reference)),
    "tags": items(filled),
    "pipeline_id": filled,
    "requisition_id": nullable(text),
}
NEW = shape(FIELDS, required=["name", "description", "type", "location"])
CHANGES = shape(FIELDS)
STATE = shape({"state": choice(*STATES)}, required=["state"])
# inferred: how many more positions than on the first day may be published at once; in truth it depends on the plan
SPARE = 10
LISTED = {
    "state": one_of(*STATES),
    # Some clients send these; all positions come anyway.
    **dict.fromkeys(("page", "limit"), guards.integer(1)),
}


def find(call: Call) -> Response:
    """List all positions of one state, published ones unless it is said."""
    state = call.query.get("state", "published")
    found = [each for each in call.breezy.of("position", call.company()["_id"]) if each["state"] == state]
    return JSONResponse([shapes.position(each, listed=True) for each in found])


def read(call: Call) -> Response:
    """Give one position."""
    return JSONResponse(shapes.position(call.position()))


def create(call: Call) -> Response:
    """Draft a position. inferred: the answer is the position, with 201."""
    body, company = call.body(NEW), call.company()["_id"]
    default = next(each for each in call.breezy.of("pipeline", company) if each["type"] == "default")
    moment = present()
    row: Row = {
        "company": company,
        "state": "draft",
        "friendly_id": "",
        **dict.fromkeys(("experience", "education", "category", "requisition_id", "custom_attributes")),
        "department": "",
        "application_form": application_form(None),
        "creator_id": call.user["_id"],
        "all_users": [call.user["_id"]],
        "all_admins": [call.user["_id"]],
        "creation_date": moment,
        "updated_date": moment,
        "candidate_type": "applicant",
        "tags": [],
        "org_type": "position",
        "pipeline_id": default["_id"],
    }
    made = call.breezy.add("position", {**row, **_read(call, body)})
    made["friendly_id"] = friendly(made["name"], made["_id"])
    return JSONResponse(shapes.position(made), 201)


def update(call: Call) -> Response:
    """Change a position. inferred: whatever is left out stays as it is."""
    row, body = call.position(), call.body(CHANGES)
    return JSONResponse(shapes.position(touch(row, **_read(call, body))))


def _read(call: Call, body: Mapping[str, Any]) -> Row:
    row = dict(body)
    for key in OPTIONS.keys() & body.keys():
        row[key] = _option(key, body[key])
    if "location" in body:
        row["location"] = _location(body["location"])
    if "pipeline_id" in body:
        known = [each["_id"] for each in call.breezy.of("pipeline", call.company()["_id"])]
        if body["pipeline_id"] not in known:
            raise unfit("pipeline_id", "is not the id of a pipeline")
    return row


def _option(key: str, value: Any) -> Row | None:
    if value is None:
        return None
    found = chosen(OPTIONS[key], referred(value))
    if found is None:
        raise unfit(key, f"must be one of {', '.join(each['id'] for each in OPTIONS[key])}")
    return found


def _location(value: Mapping[str, Any]) -> Row:
    """Show a place that was sent. inferred: regions and countries that have no name are called by their id."""
    shown: Row = {"country": _place(value["country"])}
    if value.get("state"):
        shown["state"] = _place(value["state"])
    shown |= {"city": value.get("city"), "is_remote": value.get("is_remote")}
    return {**shown, "name": ", ".join(filter(None, [value.get("city"), shown["country"]["id"]]))}


def _place(value: Any) -> Row:
    name = value.get("name") if isinstance(value, dict) else None
    return {"id": referred(value), "name": name or referred(value)}


def change_state(call: Call) -> Response:
    """Open or close a position; no more may be published than the plan allows."""
    row, state = call.position(), call.body(STATE)["state"]
    others = [each for each in call.breezy.of("position", row["company"]) if each is not row]
    if state == "published" and sum(each["state"] == "published" for each in others) >= call.server.active_limit:
        raise unfit("state", f"can't be published: your plan has {call.server.active_limit} active positions")
    touch(row, state=state)
    return gone()


def team(call: Call) -> Response:
    """List who works on a position. inferred: the shape."""
    found = [call.breezy.get("user", each) for each in call.position()["all_users"]]
    return JSONResponse({"users": [{**(shapes.short(each) or {}), "role": each["role"]} for each in found]})


ENDPOINTS = (
    Endpoint("GET", f"{COMPANY}/positions", find, "getPositionsError", LISTED),
    Endpoint("POST", f"{COMPANY}/positions", create, "createPositionError"),
    Endpoint("GET", POSITION, read, "getPositionError"),
    Endpoint("PUT", POSITION, update, "updatePositionError"),
    Endpoint("PUT", f"{POSITION}/state", change_state, "updatePositionStateError"),
    Endpoint("GET", f"{POSITION}/team", team, "getTeamError"),
)
