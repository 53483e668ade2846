"""What clients do to candidates and their tags."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

from polyhire.simulators import bodies
from polyhire.simulators.bodies import Check, choice, filled, items, nullable, read_json, shape
from polyhire.simulators.kit import Ask, Problem
from polyhire.simulators.tables import Row

from .applications import ADDED_APPLICATION, add_application, belongings
from .custom_fields import CUSTOM_FIELDS, written
from .state import Harvest, unprocessable


def _email(value: Any, where: str) -> list[Problem]:
    problems = filled(value, where)
    return problems or ([] if "@" in value else [Problem(where, "is not an email address")])


def _typed(value: Check, *kinds: str) -> Check:
    return items(shape({"value": value, "type": choice(*kinds)}, required=["value", "type"]))


WRITABLE: Mapping[str, Check] = {
    "first_name": filled,
    "last_name": filled,
    "preferred_name": nullable(bodies.text),
    "company": nullable(bodies.text),
    "title": nullable(bodies.text),
    "private": bodies.boolean,
    "can_email": bodies.boolean,
    "time_zone": nullable(filled),
    "phone_numbers": _typed(filled, "home", "work", "mobile", "skype", "other"),
    "addresses": _typed(filled, "home", "work", "other"),
    "email_addresses": _typed(_email, "personal", "work", "other"),
    "website_addresses": _typed(filled, "personal", "company", "portfolio", "blog", "other"),
    "social_media_addresses": items(shape({"value": filled}, required=["value"])),
    "tags": items(filled),
    "linked_user_ids": items(bodies.integer),
    "custom_fields": CUSTOM_FIELDS,
}
# inferred: the first application comes as v1's `applications`, and one there must be
NEW = shape(
    {**WRITABLE, "applications": items(ADDED_APPLICATION, least=1)},
    required=["first_name", "last_name", "applications"],
)
LISTS = (
    "phone_numbers",
    "addresses",
    "email_addresses",
    "website_addresses",
    "social_media_addresses",
    "linked_user_ids",
)
ANONYMOUS: Row = {
    "preferred_name": None,
    "company": None,
    "title": None,
    "time_zone": None,
    "custom_fields": {},
    **{name: [] for name in LISTS},
}


def create(harvest: Harvest, ask: Ask) -> Response:
    """Make a candidate with its first applications."""
    body = read_json(ask, NEW)
    for application in body["applications"]:
        for kind, key in (("jobs", "job_id"), ("sources", "source_id")):
            harvest.refer(kind, application, key)
    blank: Row = dict.fromkeys(WRITABLE, None) | {name: [] for name in LISTS}
    blank |= {"last_activity_at": None, "private": False, "can_email": True, "custom_fields": {}, "tags": []}
    candidate = harvest.insert("candidates", blank)
    _write(harvest, candidate, body)
    for application in body["applications"]:
        add_application(harvest, candidate, application)
    return JSONResponse(candidate, 201)


def update(harvest: Harvest, ask: Ask) -> Response:
    """Change a candidate; a list that is given replaces the one there was."""
    candidate = harvest.row("candidates", ask.values["id"])
    _write(harvest, candidate, read_json(ask, shape(WRITABLE)))
    return JSONResponse(candidate)


def _write(harvest: Harvest, candidate: Row, body: Mapping[str, Any]) -> None:
    for user in body.get("linked_user_ids", ()):
        harvest.refer("users", {"linked_user_ids": user}, "linked_user_ids")
    plain = {key: body[key] for key in WRITABLE if key in body and key not in ("tags", "custom_fields")}
    if "custom_fields" in body:
        plain["custom_fields"] = written(candidate, body["custom_fields"])
    harvest.change(candidate, plain)
    if "tags" in body:
        _retag(harvest, candidate, body["tags"])


def delete(harvest: Harvest, ask: Ask) -> Response:
    """Forget a candidate and everything about it. inferred: 204, as for other actions."""
    candidate = harvest.row("candidates", ask.values["id"])
    for application in harvest["applications"].find(candidate_id=candidate["id"]):
        harvest.forget(belongings(harvest, application))
    for kind in ("notes", "applied_candidate_tags"):
        harvest.forget((kind, row) for row in harvest[kind].find(candidate_id=candidate["id"]))
    harvest["candidates"].delete(candidate["id"])
    return Response(status_code=204)


def merge(harvest: Harvest, ask: Ask) -> Response:
    """Give everything of a duplicate to this candidate. inferred: the key, named as in v1; 200 with the row."""
    body = read_json(ask, shape({"duplicate_candidate_id": bodies.integer}, required=["duplicate_candidate_id"]))
    candidate = harvest.row("candidates", ask.values["id"])
    duplicate = harvest.refer("candidates", body, "duplicate_candidate_id")
    if duplicate is None or duplicate is candidate:
        raise unprocessable("duplicate_candidate_id", "must be another candidate")
    for kind in ("applications", "attachments", "notes", "offers", "eeoc"):
        for row in harvest[kind].find(candidate_id=duplicate["id"]):
            harvest.change(row, {"candidate_id": candidate["id"]})
    lists = {
        name: candidate[name] + [each for each in duplicate[name] if each not in candidate[name]] for name in LISTS
    }
    harvest.change(candidate, lists)
    _retag(harvest, candidate, list(dict.fromkeys(candidate["tags"] + duplicate["tags"])))
    _retag(harvest, duplicate, [])
    harvest["candidates"].delete(duplicate["id"])
    return JSONResponse(candidate)


def anonymize(harvest: Harvest, ask: Ask) -> Response:
    """Take a candidate's name, contacts, tags, notes and files away. inferred: all at once, without a body."""
    candidate = harvest.row("candidates", ask.values["id"])
    read_json(ask, shape({}), empty={})
    harvest.change(candidate, {"first_name": "Anonymized", "last_name": str(candidate["id"])} | ANONYMOUS)
    _retag(harvest, candidate, [])
    for kind in ("notes", "attachments"):
        harvest.forget((kind, row) for row in harvest[kind].find(candidate_id=candidate["id"]))
    return JSONResponse(candidate)


def create_tag(harvest: Harvest, ask: Ask) -> Response:
    """Make a tag; its name must be new."""
    body = read_json(ask, shape({"name": filled}, required=["name"]))
    if harvest["candidate_tags"].find(name=body["name"]):
        raise unprocessable("name", "has already been taken")
    return JSONResponse(harvest.insert("candidate_tags", body), 201)


def delete_tag(harvest: Harvest, ask: Ask) -> Response:
    """Delete a tag, and take it off everybody."""
    tag = harvest.row("candidate_tags", ask.values["id"])
    applied = harvest["applied_candidate_tags"].find(candidate_tag_id=tag["id"])
    harvest.forget(("applied_candidate_tags", row) for row in applied)
    harvest["candidate_tags"].delete(tag["id"])
    for row in applied:
        _rename_tags(harvest, row["candidate_id"])
    return Response(status_code=204)


def apply_tag(harvest: Harvest, ask: Ask) -> Response:
    """Put a tag on a candidate, once."""
    keys = {"candidate_id": bodies.integer, "candidate_tag_id": bodies.integer}
    body = read_json(ask, shape(keys, required=list(keys)))
    harvest.refer("candidates", body, "candidate_id")
    harvest.refer("candidate_tags", body, "candidate_tag_id")
    if harvest["applied_candidate_tags"].find(**body):
        raise unprocessable("candidate_tag_id", "is already applied")
    applied = harvest.insert("applied_candidate_tags", body)
    _rename_tags(harvest, body["candidate_id"])
    return JSONResponse(applied, 201)


def remove_tag(harvest: Harvest, ask: Ask) -> Response:
    """Take a tag off a candidate."""
    applied = harvest.row("applied_candidate_tags", ask.values["id"])
    harvest["applied_candidate_tags"].delete(applied["id"])
    _rename_tags(harvest, applied["candidate_id"])
    return Response(status_code=204)


def _retag(harvest: Harvest, candidate: Row, names: list[str]) -> None:
    table = harvest["applied_candidate_tags"]
    harvest.forget(("applied_candidate_tags", row) for row in table.find(candidate_id=candidate["id"]))
    for name in dict.fromkeys(names):
        known = harvest["candidate_tags"].find(name=name)
        tag = known[0] if known else harvest.insert("candidate_tags", {"name": name})
        values = {"candidate_tag_id": tag["id"], "candidate_id": candidate["id"]}
        harvest.insert("applied_candidate_tags", values)
    _rename_tags(harvest, candidate["id"])


def _rename_tags(harvest: Harvest, candidate_id: int) -> None:
    applied = harvest["applied_candidate_tags"].find(candidate_id=candidate_id)
    found = (harvest["candidate_tags"].get(each["candidate_tag_id"]) for each in applied)
    candidate = harvest["candidates"].get(candidate_id)
    if candidate is not None:
        harvest.change(candidate, {"tags": [tag["name"] for tag in found if tag]})
