"""Panels and their interviews, which the API may change only where another program manages them."""

from functools import partial

from starlette.responses import Response

from polyhire.simulators import bodies
from polyhire.simulators.bodies import choice, filled, items, nullable, read_json, shape
from polyhire.simulators.tables import Row

from . import shapes
from .calls import PAGED, Call, Endpoint, gone, one, rows
from .identifiers import present
from .state import Lever, unfit

REMINDER = choice("none", "once", "daily", "frequently")
INTERVIEWER = shape({"id": filled, "feedbackTemplate": nullable(filled)}, required=["id"])
DETAILS = {
    "subject": filled,
    "note": nullable(bodies.text),
    "interviewers": items(INTERVIEWER, least=1),
    "date": bodies.integer,
    "duration": bodies.integer,
    "location": nullable(bodies.text),
    "feedbackTemplate": nullable(filled),
    "feedbackReminder": REMINDER,
}
NEEDED = ["subject", "interviewers", "date", "duration"]
# inferred: as in HTTP, a PUT carries the whole of what a POST would
INTERVIEW = shape({"panel": filled, **DETAILS}, required=["panel", *NEEDED])
# inferred: the body of a panel; its time zone must come from here, as interviews have one that they are not given
PANEL = shape(
    {
        "timezone": filled,
        "note": nullable(bodies.text),
        "externalUrl": nullable(filled),
        "applications": items(filled),
        "feedbackReminder": REMINDER,
        "interviews": items(shape(DETAILS, required=NEEDED)),
    },
    required=["timezone"],
)


def interviews(call: Call) -> Response:
    """List the interviews of an opportunity."""
    return rows(call, call.lever.of("interview", call.opportunity()["id"]), shapes.nested)


def interview(call: Call) -> Response:
    """Give one interview, with the opportunity it is about."""
    return one(call.child("interview"))


def create(call: Call) -> Response:
    """Add an interview to a panel."""
    opportunity, body = call.opportunity(), read_json(call.ask, INTERVIEW)
    panel = _panel_of(call.lever, opportunity, body)
    made = call.lever.add("interview", _new(call, opportunity, panel, body))
    call.lever.stir(opportunity)
    return one(made, 201)


def update(call: Call) -> Response:
    """Change an interview."""
    row, opportunity = call.child("interview"), call.opportunity()
    _managed(call.lever.get("panel", row["panel"]))
    body = read_json(call.ask, INTERVIEW)
    panel = _panel_of(call.lever, opportunity, body)
    row.update(_details(call.lever, panel, body))
    call.lever.stir(opportunity)
    return one(row)


def delete(call: Call) -> Response:
    """Delete an interview."""
    row = call.child("interview")
    _managed(call.lever.get("panel", row["panel"]))
    call.lever.remove("interview", row)
    call.lever.stir(call.opportunity())
    return gone()


def _panel_of(lever: Lever, opportunity: Row, body: Row) -> Row:
    panel = lever.refer("panel", body["panel"], "panel")
    if panel["opportunityId"] != opportunity["id"]:
        raise unfit("panel", "belongs to another opportunity")
    _managed(panel)
    return panel


def _managed(panel: Row) -> None:
    if not panel["externallyManaged"]:
        raise unfit("panel", "is not externally managed")


def _details(lever: Lever, panel: Row, body: Row) -> Row:
    if body["duration"] < 1:
        raise unfit("duration", "must be at least 1 minute")
    return {
        "panel": panel["id"],
        "subject": body["subject"],
        "note": body.get("note"),
        "interviewers": [_interviewer(lever, each) for each in body["interviewers"]],
        "timezone": panel["timezone"],
        "date": body["date"],
        "duration": body["duration"],
        "location": body.get("location"),
        "feedbackTemplate": _template(lever, body),
        "feedbackReminder": body.get("feedbackReminder", "none"),
    }


def _interviewer(lever: Lever, given: Row) -> Row:
    person = lever.refer("user", given["id"], "interviewers")
    shown = {key: person[key] for key in ("id", "name", "email")}
    return {**shown, "feedbackTemplate": _template(lever, given)}


def _template(lever: Lever, given: Row) -> str | None:
    if given.get("feedbackTemplate") is None:
        return None
    found: str = lever.refer("feedback template", given["feedbackTemplate"], "feedbackTemplate")["id"]
    return found


def _new(call: Call, opportunity: Row, panel: Row, body: Row) -> Row:
    applied = call.lever.of("application", opportunity["id"])
    return {
        "opportunityId": opportunity["id"],
        **_details(call.lever, panel, body),
        "createdAt": present(),
        "feedbackForms": [],
        "user": call.user,
        "stage": opportunity["stage"],
        "canceledAt": None,
        "postings": [each["posting"] for each in applied],
        "gcalEventUrl": None,
    }


def panels(call: Call) -> Response:
    """List the panels of an opportunity."""
    found = call.lever.of("panel", call.opportunity()["id"])
    return rows(call, found, partial(shapes.panel, call.lever))


def panel(call: Call) -> Response:
    """Give one panel."""
    return one(shapes.panel(call.lever, call.child("panel")))


def create_panel(call: Call) -> Response:
    """Make a panel, which is externally managed, with its interviews."""
    lever, opportunity, body = call.lever, call.opportunity(), read_json(call.ask, PANEL)
    draft = {
        "opportunityId": opportunity["id"],
        **_panel(lever, opportunity, body),
        "user": call.user,
        "stage": opportunity["stage"],
        "externallyManaged": True,
        "canceledAt": None,
        "createdAt": present(),
    }
    # Whatever is wrong with an interview must be found before the panel is kept.
    held = [_new(call, opportunity, {"id": None, **draft}, each) for each in body.get("interviews", ())]
    made = lever.add("panel", draft)
    for each in held:
        lever.add("interview", {**each, "panel": made["id"]})
    lever.stir(opportunity)
    return one(shapes.panel(lever, made), 201)


def update_panel(call: Call) -> Response:
    """Change a panel; its interviews are replaced if they are given. inferred: else they stay."""
    lever, opportunity, row = call.lever, call.opportunity(), call.child("panel")
    _managed(row)
    body = read_json(call.ask, PANEL)
    changes = _panel(lever, opportunity, body)
    held = [_new(call, opportunity, {**row, **changes}, each) for each in body.get("interviews", ())]
    row.update(changes)
    if "interviews" in body:
        _drop(lever, row)
        for each in held:
            lever.add("interview", each)
    lever.stir(opportunity)
    return one(shapes.panel(lever, row))


def delete_panel(call: Call) -> Response:
    """Delete a panel with its interviews."""
    row = call.child("panel")
    _managed(row)
    _drop(call.lever, row)
    call.lever.remove("panel", row)
    call.lever.stir(call.opportunity())
    return gone()


def _panel(lever: Lever, opportunity: Row, body: Row) -> Row:
    own = [each["id"] for each in lever.of("application", opportunity["id"])]
    if not set(body.get("applications", own)) <= set(own):
        raise unfit("applications", "must be of this opportunity")
    return {
        "applications": body.get("applications", own),
        "timezone": body["timezone"],
        "note": body.get("note"),
        "externalUrl": body.get("externalUrl"),
    }


def _drop(lever: Lever, panel: Row) -> None:
    for each in lever.of("interview", panel["opportunityId"]):
        if each["panel"] == panel["id"]:
            lever.remove("interview", each)


INTERVIEWS, PANELS = "/opportunities/{oid}/interviews", "/opportunities/{oid}/panels"
ENDPOINTS = (
    Endpoint("GET", INTERVIEWS, "interviews", interviews, PAGED),
    Endpoint("POST", INTERVIEWS, "interviews", create, acts=True),
    Endpoint("GET", f"{INTERVIEWS}/{{id}}", "interviews", interview),
    Endpoint("PUT", f"{INTERVIEWS}/{{id}}", "interviews", update, acts=True),
    Endpoint("DELETE", f"{INTERVIEWS}/{{id}}", "interviews", delete, acts=True),
    Endpoint("GET", PANELS, "panels", panels, PAGED),
    Endpoint("POST", PANELS, "panels", create_panel, acts=True),
    Endpoint("GET", f"{PANELS}/{{id}}", "panels", panel),
    Endpoint("PUT", f"{PANELS}/{{id}}", "panels", update_panel, acts=True),
    Endpoint("DELETE", f"{PANELS}/{{id}}", "panels", delete_panel, acts=True),
)
