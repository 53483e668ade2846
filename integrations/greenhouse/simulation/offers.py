"""What clients do to offers."""

from starlette.responses import JSONResponse, Response

from polyhire.simulators import bodies
from polyhire.simulators.bodies import nullable, read_json, shape
from polyhire.simulators.kit import Ask
from polyhire.simulators.tables import Row

from .custom_fields import CUSTOM_FIELDS, written
from .state import Harvest, unprocessable


def create(harvest: Harvest, ask: Ask) -> Response:
    """Make the next version of an application's offer; the versions before it become Deprecated."""
    known = {"application_id": bodies.integer, "starts_on": nullable(bodies.day), "custom_fields": CUSTOM_FIELDS}
    body = read_json(ask, shape(known, required=["application_id"]))
    application = harvest.refer("applications", body, "application_id")
    if application is None or application["status"] != "in_process" or application["prospect"]:
        raise unprocessable("application_id", "is not in process for a job")
    before = harvest["offers"].find(application_id=application["id"])
    for offer in before:
        harvest.change(offer, {"status": "Deprecated"})
    blank: Row = {
        "version": max((each["version"] for each in before), default=0) + 1,
        "application_id": application["id"],
        "job_id": application["job_id"],
        "candidate_id": application["candidate_id"],
        "opening_id": None,
        "status": "Created",
        "starts_on": body.get("starts_on"),
        "sent_on": None,
        "resolved_at": None,
        "custom_fields": {},
    }
    blank["custom_fields"] = written(blank, body.get("custom_fields", ()))
    harvest.stir(application)
    return JSONResponse(harvest.insert("offers", blank), 201)


def update(harvest: Harvest, ask: Ask) -> Response:
    """Change the dates and custom fields of a current offer."""
    offer = harvest.row("offers", ask.values["id"])
    known = {"starts_on": nullable(bodies.day), "sent_on": nullable(bodies.day), "custom_fields": CUSTOM_FIELDS}
    body = read_json(ask, shape(known))
    if offer["status"] == "Deprecated":
        raise unprocessable("offer", "is not the current version")
    if "custom_fields" in body:
        body["custom_fields"] = written(offer, body["custom_fields"])
    return JSONResponse(harvest.change(offer, body))
