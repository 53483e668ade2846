"""Feedback on interviews, written on a template."""

from typing import Any

from starlette.responses import Response

from polyhire.simulators import bodies
from polyhire.simulators.bodies import filled, items, nullable, read_json, shape
from polyhire.simulators.kit import Problem, Refusal
from polyhire.simulators.tables import Row

from . import shapes
from .calls import PAGED, Call, Endpoint, gone, one, rows
from .forms import check
from .identifiers import present
from .state import Lever, unfit

VALUES = items(shape({"id": filled, "value": bodies.anything}, required=["id", "value"]))
STAMPS = {"createdAt": bodies.integer, "completedAt": nullable(bodies.integer)}
NEW = shape(
    {
        "baseTemplateId": filled,
        "panel": nullable(filled),
        "interview": nullable(filled),
        "fieldValues": VALUES,
        **STAMPS,
    },
    required=["baseTemplateId", "fieldValues"],
)
# inferred: what was written, and when it was finished, may change
CHANGES = shape({"fieldValues": VALUES, "completedAt": nullable(bodies.integer)})


def find(call: Call) -> Response:
    """List the feedback on an opportunity."""
    return rows(call, call.lever.of("feedback", call.opportunity()["id"]), shapes.nested)


def read(call: Call) -> Response:
    """Give one piece of feedback."""
    return one(shapes.nested(call.child("feedback")))


def create(call: Call) -> Response:
    """Write feedback on behalf of an interviewer."""
    lever, opportunity, body = call.lever, call.opportunity(), read_json(call.ask, NEW)
    template = lever.refer("feedback template", body["baseTemplateId"], "baseTemplateId")
    interview = _own(lever, opportunity, body, "interview")
    panel = _own(lever, opportunity, body, "panel")
    if interview and panel and interview["panel"] != panel["id"]:
        raise unfit("interview", "is of another panel")
    completed = body.get("completedAt")
    moment = body.get("createdAt", present())
    made = lever.add(
        "feedback",
        {
            "opportunityId": opportunity["id"],
            "type": "interview",
            "text": template["text"],
            "instructions": template["instructions"],
            "fields": _filled(template["fields"], body["fieldValues"], complete=completed is not None),
            "baseTemplateId": template["id"],
            "interview": interview["id"] if interview else None,
            "panel": panel["id"] if panel else interview["panel"] if interview else None,
            "user": call.user,
            "createdAt": moment,
            "completedAt": completed,
            "updatedAt": moment,
            "deletedAt": None,
        },
    )
    if interview:
        interview.update(feedbackForms=[*interview["feedbackForms"], made["id"]])
    lever.stir(opportunity)
    return one(shapes.nested(made), 201)


def _own(lever: Lever, opportunity: Row, body: Row, kind: str) -> Row | None:
    if body.get(kind) is None:
        return None
    found = lever.refer(kind, body[kind], kind)
    if found["opportunityId"] != opportunity["id"]:
        raise unfit(kind, "belongs to another opportunity")
    return found


def _filled(fields: list[Row], given: list[Row], *, complete: bool) -> list[Row]:
    values: dict[str, Any] = {each["id"]: each["value"] for each in given}
    known = [each["id"] for each in fields]
    problems = [Problem("fieldValues", f"has no field {each}") for each in values if each not in known]
    made = [{**each, "value": values.get(each["id"], each.get("value"))} for each in fields]
    for each in made:
        problems += check(each, each["value"], f"fieldValues.{each['text']}", complete=complete)
    if problems:
        raise Refusal(400, "Bad request", problems=problems)
    return made


def update(call: Call) -> Response:
    """Change feedback; fields that are left out keep their values."""
    row, body = call.child("feedback"), read_json(call.ask, CHANGES)
    completed = body.get("completedAt", row["completedAt"])
    fields = _filled(row["fields"], body.get("fieldValues", []), complete=completed is not None)
    row.update(fields=fields, completedAt=completed, updatedAt=max(present(), row["updatedAt"] + 1))
    call.lever.stir(call.opportunity())
    return one(shapes.nested(row))


def delete(call: Call) -> Response:
    """Delete feedback. inferred: it is then not listed at all."""
    row = call.child("feedback")
    interview = call.lever.find("interview", row["interview"])
    if interview:
        interview.update(feedbackForms=[each for each in interview["feedbackForms"] if each != row["id"]])
    call.lever.remove("feedback", row)
    call.lever.stir(call.opportunity())
    return gone()


def _templates(call: Call) -> Response:
    return rows(call, call.lever.rows("feedback template"), dict)


def _template(call: Call) -> Response:
    return one(call.lever.get("feedback template", call.value("id")))


ALL = "/opportunities/{oid}/feedback"
ENDPOINTS = (
    Endpoint("GET", ALL, "feedback", find, PAGED),
    Endpoint("POST", ALL, "feedback", create, acts=True),
    Endpoint("GET", f"{ALL}/{{id}}", "feedback", read),
    Endpoint("PUT", f"{ALL}/{{id}}", "feedback", update, acts=True),
    Endpoint("DELETE", f"{ALL}/{{id}}", "feedback", delete, acts=True),
    # inferred: templates need the scope of feedback
    Endpoint("GET", "/feedback_templates", "feedback", _templates, PAGED),
    Endpoint("GET", "/feedback_templates/{id}", "feedback", _template),
)
