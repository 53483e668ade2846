"""Candidates: listing those of a position, finding them by address, writing them, and where they stand."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

from polyhire.simulators import bodies, guards
from polyhire.simulators.bodies import choice, filled, items, nullable, shape, text
from polyhire.simulators.kit import Problem
from polyhire.simulators.pages import page
from polyhire.simulators.tables import Row

from . import shapes
from .calls import CANDIDATE, COMPANY, POSITION, Call, Endpoint, gone
from .identifiers import identifier, initials, present
from .profiles import CUSTOM_ATTRIBUTE, EDUCATION, WORK
from .seed_events import ADDED, CHANGED
from .seed_pipelines import reached
from .state import touch, unfit

MOST = 50
ORDERS = {"created": "creation_date", "updated": "updated_date"}
LISTED = {
    "page": guards.integer(1),
    "page_size": guards.integer(1, MOST),
    "sort": guards.one_of(*ORDERS),
}


def social(value: Any, where: str) -> list[Problem]:
    """Take a map of addresses by network."""
    if not isinstance(value, dict):
        return [Problem(where, "must be an object")]
    return [problem for key, each in value.items() for problem in filled(each, f"{where}.{key}")]


def source(value: Any, where: str) -> list[Problem]:
    """Take a source by its name. inferred: also as it is shown."""
    if isinstance(value, dict):
        return shape({"id": filled, "name": filled, "type": nullable(text)}, required=["name"])(value, where)
    return filled(value, where)


def address(value: Any, where: str) -> list[Problem]:
    """Take an email address."""
    return text(value, where) or ([] if value.count("@") == 1 and " " not in value else [Problem(where, "is invalid")])


FIELDS = {
    "name": filled,
    **dict.fromkeys(("headline", "phone_number", "address", "summary", "cover_letter"), nullable(text)),
    "email_address": nullable(address),
    "tags": items(filled),
    "origin": choice("applied", "sourced", "recruiter", "referral"),
    "source": nullable(source),
    "social_profiles": social,
}
NEW = shape(
    {
        **FIELDS,
        "work_history": items(shape(WORK, required=["company_name"])),
        "education": items(shape(EDUCATION, required=["school_name"])),
        "custom_attributes": items(shape(CUSTOM_ATTRIBUTE, required=["name", "value"])),
    },
    required=["name"],
)
# inferred: what has a path of its own is not taken here
CHANGES = shape(FIELDS)


def _stage_id(value: Any, where: str) -> list[Problem]:
    return filled(value, where) if isinstance(value, str) else bodies.integer(value, where)


STAGE = shape({"stage_id": _stage_id}, required=["stage_id"])
MOVE = shape(
    {"target_position_id": filled, "target_stage_id": _stage_id, "stage_actions_enabled": bodies.boolean},
    required=["target_position_id", "target_stage_id"],
)


def find(call: Call) -> Response:
    """List the candidates of a position, the newest first."""
    # inferred: the order, and the size of a page when none is asked for
    key = ORDERS[call.query.get("sort", "created")]
    rows = call.breezy.of("candidate", call.position()["_id"])
    rows.sort(key=lambda row: (row[key], row["_id"]), reverse=True)
    size = call.query.get("page_size", MOST)
    shown, _ = page(rows, (call.query.get("page", 1) - 1) * size, size)
    return JSONResponse([shapes.partial(call.breezy, call.ask, each) for each in shown])


def search(call: Call) -> Response:
    """Find the records of whoever has an email address, in all positions."""
    wanted = call.query["email_address"].lower()
    found = [
        each
        for position in call.breezy.of("position", call.company()["_id"])
        for each in call.breezy.of("candidate", position["_id"])
        if (each["email_address"] or "").lower() == wanted
    ]
    # inferred: rows are those of a list, which do not tell the position
    return JSONResponse([shapes.partial(call.breezy, call.ask, each) for each in found])


def read(call: Call) -> Response:
    """Give one candidate."""
    return _shown(call, call.candidate())


def _shown(call: Call, row: Row, status: int = 200) -> Response:
    return JSONResponse(shapes.full(call.breezy, call.ask, row), status)


def create(call: Call) -> Response:
    """Add a candidate to the first stage. inferred: the answer is the candidate, with 201."""
    position, body = call.position(), call.body(NEW)
    pipeline = call.breezy.get("pipeline", position["pipeline_id"])
    moment = present()
    count = sum(1 for _ in call.breezy.rows("candidate"))
    row: Row = {
        "position": position["_id"],
        "meta_id": _person(call, body) or identifier("new person", count),
        "stream_id": identifier("new stream", count),
        "name": "",
        "initial": "",
        **dict.fromkeys(("headline", "email_address", "phone_number", "profile_photo_url", "address", "summary")),
        **dict.fromkeys(("cover_letter", "source", "assigned_to", "overall_score", "resume")),
        # inferred: whoever comes through the API was sourced, unless it is said
        "origin": "sourced",
        "stage": reached(pipeline, pipeline["pipeline"][0]),
        **{key: [] for key in ("tags", "work_history", "education", "social_profiles", "custom_attributes")},
        "creation_date": moment,
        "updated_date": moment,
    }
    made = call.breezy.add("candidate", {**row, **_read(call, body)})
    note_down(call, made, ADDED)
    return _shown(call, made, 201)


def _person(call: Call, body: Mapping[str, Any]) -> str | None:
    """Find the person by email address. inferred: so Breezy tells who is known already."""
    wanted = (body.get("email_address") or "").lower()
    for position in call.breezy.of("position", call.company()["_id"]):
        for each in call.breezy.of("candidate", position["_id"]):
            if wanted and (each["email_address"] or "").lower() == wanted:
                return str(each["meta_id"])
    return None


def _read(call: Call, body: Mapping[str, Any]) -> Row:
    row = dict(body)
    if "name" in body:
        row["initial"] = initials(body["name"])
    if "source" in body:
        row["source"] = _source(call, body["source"])
    if "social_profiles" in body:
        row["social_profiles"] = [{"type": key, "url": url} for key, url in body["social_profiles"].items()]
    return row


def _source(call: Call, value: Any) -> Row | None:
    if value is None:
        return None
    name = value["name"] if isinstance(value, dict) else value
    known = (each["source"] for each in call.breezy.rows("candidate") if each["source"])
    found = next((each for each in known if each["name"].lower() == name.lower()), None)
    return dict(found) if found else {"id": identifier(f"source {name}", 1), "name": name, "type": "custom"}


def update(call: Call) -> Response:
    """Change a candidate; whatever is left out stays as it is. inferred: the answer is the candidate."""
    row, body = call.candidate(), call.body(CHANGES)
    return _shown(call, touch(row, **_read(call, body)))


def change_stage(call: Call) -> Response:
    """Put a candidate into another stage of the position's pipeline, or reject it by that."""
    row, body = call.candidate(), call.body(STAGE)
    touch(row, stage=_stage(call, call.position(), body["stage_id"], "stage_id"))
    note_down(call, row, CHANGED)
    return gone()


def _stage(call: Call, position: Row, stage_id: str | int, where: str) -> Row:
    pipeline = call.breezy.get("pipeline", position["pipeline_id"])
    found = next((each for each in pipeline["pipeline"] if str(each["id"]) == str(stage_id)), None)
    if found is None:
        raise unfit(where, "is not the id of a stage of the position's pipeline")
    return reached(pipeline, found)


def move(call: Call) -> Response:
    """Move a candidate to another position, where it has another id. inferred: the answer is the candidate."""
    row, body = call.candidate(), call.body(MOVE)
    target = call.breezy.find("position", body["target_position_id"])
    if target is None or target["company"] != call.company()["_id"]:
        raise unfit("target_position_id", "is not the id of a position")
    if target["_id"] == row["position"]:
        raise unfit("target_position_id", "is the position that the candidate is in")
    stage = _stage(call, target, body["target_stage_id"], "target_stage_id")
    moved = call.breezy.move(row, {"position": target["_id"], "stage": stage, "updated_date": present()})
    note_down(call, moved, CHANGED)
    return _shown(call, moved)


def note_down(call: Call, row: Row, kind: str) -> None:
    """Tell in the stream what the one who asks did to a candidate."""
    event = {"candidate": row["_id"], "type": kind, "body": None, "user": call.user["_id"], "timestamp": present()}
    call.breezy.add("event", event)


ACTIONS = {"stage_actions_enabled": guards.flag}
SEARCH = {"email_address": guards.text}
ENDPOINTS = (
    Endpoint("GET", f"{POSITION}/candidates", find, "getCandidatesError", LISTED),
    Endpoint("POST", f"{POSITION}/candidates", create, "createCandidateError", ACTIONS),
    Endpoint("GET", f"{COMPANY}/candidates/search", search, "searchCandidatesError", SEARCH, ("email_address",)),
    Endpoint("GET", CANDIDATE, read, "getCandidateError"),
    Endpoint("PUT", CANDIDATE, update, "updateCandidateError"),
    Endpoint("PUT", f"{CANDIDATE}/stage", change_stage, "updateCandidateStageError"),
    Endpoint("POST", f"{CANDIDATE}/move", move, "moveCandidateError"),
)
