"""What clients do to applications: make, change, move, reject, take back, hire."""

from collections.abc import Iterator, Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

from polyhire.simulators import bodies
from polyhire.simulators.bodies import nullable, read_json, shape
from polyhire.simulators.kit import Ask
from polyhire.simulators.tables import Row, iso, now

from .custom_fields import CUSTOM_FIELDS, written
from .state import Harvest, unprocessable

REFERENCES = {
    "job_id": "jobs",
    "source_id": "sources",
    "referrer_id": "referrers",
    "recruiter_id": "users",
    "coordinator_id": "users",
}
# inferred: the keys of v1's create, with v3's ids in place of v1's nested referrer
ADDED = {
    "job_id": bodies.integer,
    "initial_stage_id": bodies.integer,
    "source_id": bodies.integer,
    "referrer_id": bodies.integer,
    "recruiter_id": bodies.integer,
    "coordinator_id": bodies.integer,
}
ADDED_APPLICATION = shape(ADDED, required=["job_id"])
UPDATED = shape(
    {
        "source_id": nullable(bodies.integer),
        "referrer_id": nullable(bodies.integer),
        "recruiter_id": nullable(bodies.integer),
        "coordinator_id": nullable(bodies.integer),
        "prospect_pool_id": nullable(bodies.integer),
        "custom_fields": CUSTOM_FIELDS,
    }
)
EMAIL = shape(
    {
        "email_template_id": bodies.integer,
        "email_from_user_id": bodies.integer,
        "send_email_at": bodies.instant,
    },
    required=["email_template_id"],
)


def stages_of(harvest: Harvest, job_id: int | None) -> list[Row]:
    """Give the stages of a job that are in use, in order."""
    found = [row for row in harvest["job_interview_stages"].find(job_id=job_id) if row["active"]]
    return sorted(found, key=lambda row: int(row["sort_order"]))


def add_application(harvest: Harvest, candidate: Row, given: Mapping[str, Any]) -> Row:
    """Let a candidate apply; refuses with 422 what the job does not have, and a second time for the same job."""
    for key, kind in REFERENCES.items():
        harvest.refer(kind, given, key)
    # inferred: nobody can apply for a job that is closed
    if harvest.row("jobs", given["job_id"])["status"] == "closed":
        raise unprocessable("job_id", "is closed")
    running = harvest["applications"].find(candidate_id=candidate["id"], job_id=given["job_id"])
    if any(row["status"] == "in_process" for row in running):
        raise unprocessable("job_id", "has already an active application of this candidate")
    stages = stages_of(harvest, given["job_id"])
    wanted = given.get("initial_stage_id", stages[0]["id"])
    stage = next((row for row in stages if row["id"] == wanted), None)
    if stage is None:
        raise unprocessable("initial_stage_id", "is not a stage of this job")
    application = harvest.insert(
        "applications",
        {
            "candidate_id": candidate["id"],
            **{key: given.get(key) for key in REFERENCES},
            "job_post_id": None,
            "stage_id": stage["id"],
            "stage_name": stage["name"],
            "status": "in_process",
            "prospect": False,
            "prospective_job_ids": [],
            "rejected_at": None,
            "last_activity_at": None,
            "needs_decision": False,
            "location_address": None,
            "answers": None,
            "custom_fields": {},
            "agency_note_id": None,
        },
    )
    harvest.stir(application)
    return application


def create(harvest: Harvest, ask: Ask) -> Response:
    """Make an application of a candidate who is there already."""
    known = shape({"candidate_id": bodies.integer, **ADDED}, required=["candidate_id", "job_id"])
    body = read_json(ask, known)
    candidate = harvest.refer("candidates", body, "candidate_id")
    assert candidate is not None
    return JSONResponse(add_application(harvest, candidate, body), 201)


def update(harvest: Harvest, ask: Ask) -> Response:
    """Change where an application comes from and who takes care of it."""
    application = harvest.row("applications", ask.values["id"])
    body = read_json(ask, UPDATED)
    for key, kind in REFERENCES.items():
        harvest.refer(kind, body, key)
    changes = {key: value for key, value in body.items() if key in REFERENCES}
    if "custom_fields" in body:
        changes["custom_fields"] = written(application, body["custom_fields"])
    return JSONResponse(harvest.change(application, changes))


def belongings(harvest: Harvest, application: Row) -> Iterator[tuple[str, Row]]:
    """Name an application and all the rows that go with it."""
    yield "applications", application
    for kind in ("rejection_details", "interviews", "scorecards", "offers", "eeoc", "attachments"):
        for row in harvest[kind].find(application_id=application["id"]):
            yield kind, row


def delete(harvest: Harvest, ask: Ask) -> Response:
    """Forget an application. inferred: 204, as for other actions."""
    harvest.forget(list(belongings(harvest, harvest.row("applications", ask.values["id"]))))
    return Response(status_code=204)


def move(harvest: Harvest, ask: Ask) -> Response:
    """Move to a stage or another job; with neither, to the next stage."""
    application = _in_process(harvest, ask)
    known = shape({"to_stage_id": nullable(bodies.integer), "to_job_id": nullable(bodies.integer)})
    body = read_json(ask, known, empty={})
    if application["prospect"]:
        raise unprocessable("application", "is a prospect: convert it to a candidate")
    harvest.refer("jobs", body, "to_job_id")
    job = body.get("to_job_id") or application["job_id"]
    stage = _target(stages_of(harvest, job), application, body)
    harvest.change(application, {"job_id": job, "stage_id": stage["id"], "stage_name": stage["name"]})
    harvest.stir(application)
    return Response(status_code=204)


def _target(stages: list[Row], application: Row, body: Mapping[str, Any]) -> Row:
    if wanted := body.get("to_stage_id"):
        stage = next((row for row in stages if row["id"] == wanted), None)
        if stage is None:
            raise unprocessable("to_stage_id", "is not a stage of the job")
        return stage
    if body.get("to_job_id"):
        return stages[0]
    ids = [row["id"] for row in stages]
    following = ids.index(application["stage_id"]) + 1 if application["stage_id"] in ids else 0
    if following == len(stages):
        raise unprocessable("application", "is at the last stage")
    return stages[following]


def _in_process(harvest: Harvest, ask: Ask) -> Row:
    application = harvest.row("applications", ask.values["id"])
    if application["status"] != "in_process":
        raise unprocessable("application", f"is {application['status']}")
    return application


def reject(harvest: Harvest, ask: Ask) -> Response:
    """End an application, with a reason and perhaps a note."""
    application = _in_process(harvest, ask)
    known = {
        "rejection_reason_id": bodies.integer,
        "notes": nullable(bodies.text),
        "rejection_email": nullable(EMAIL),
    }
    body = read_json(ask, shape(known, required=["rejection_reason_id"]))
    harvest.refer("rejection_reasons", body, "rejection_reason_id")
    actor, stamp = harvest.actor(ask)["id"], iso(now())
    note = None
    if body.get("notes"):
        note = harvest.insert("notes", _rejection_note(application, body["notes"], actor))
    harvest.insert(
        "rejection_details",
        {
            "application_id": application["id"],
            "rejected_by_id": actor,
            "rejection_note_id": note["id"] if note else None,
            "rejection_reason_id": body["rejection_reason_id"],
            "rejected_at": stamp,
            "question_custom_fields": {},
        },
    )
    harvest.change(application, {"status": "rejected", "rejected_at": stamp, "needs_decision": None})
    harvest.stir(application)
    return Response(status_code=204)


def _rejection_note(application: Row, body: str, actor: int) -> Row:
    return {
        "candidate_id": application["candidate_id"],
        "application_id": application["id"],
        "body": body,
        "subject": None,
        "type": "NOTE",
        "user_id": actor,
        "email_from": "",
        "email_to": None,
        "email_cc": None,
        "visibility": "publicly_visible",
    }


def change_rejection(harvest: Harvest, ask: Ask) -> Response:
    """Give another reason for a rejection."""
    details = harvest.row("rejection_details", ask.values["id"])
    body = read_json(ask, shape({"rejection_reason_id": bodies.integer}, required=["rejection_reason_id"]))
    harvest.refer("rejection_reasons", body, "rejection_reason_id")
    return JSONResponse(harvest.change(details, body))


def unreject(harvest: Harvest, ask: Ask) -> Response:
    """Take a rejection back."""
    application = harvest.row("applications", ask.values["id"])
    read_json(ask, shape({}), empty={})
    if application["status"] != "rejected":
        raise unprocessable("application", "is not rejected")
    details = harvest["rejection_details"].find(application_id=application["id"])
    harvest.forget(("rejection_details", row) for row in details)
    harvest.change(application, {"status": "in_process", "rejected_at": None, "needs_decision": False})
    harvest.stir(application)
    return Response(status_code=204)


def hire(harvest: Harvest, ask: Ask) -> Response:
    """Fill an opening with the applicant; which one must be said when several are open."""
    application = _in_process(harvest, ask)
    known = {"start_date": bodies.day, "opening_id": bodies.integer, "close_reason_id": bodies.integer}
    body = read_json(ask, shape({key: nullable(each) for key, each in known.items()}), empty={})
    openings = harvest["openings"].find(job_id=application["job_id"], open=True)
    # inferred: a job without an open opening hires nobody
    if not openings:
        raise unprocessable("opening_id", "the job has no open opening")
    wanted = body.get("opening_id") or (openings[0]["id"] if len(openings) == 1 else None)
    if wanted is None:
        raise unprocessable("opening_id", "is required when more than one is open")
    opening = next((row for row in openings if row["id"] == wanted), None)
    if opening is None:
        raise unprocessable("opening_id", "is not an open opening of the job")
    harvest.change(opening, {"open": False})
    # inferred: as in v1, a hired application is at no stage
    hired = {"status": "hired", "stage_id": None, "stage_name": None, "needs_decision": None}
    harvest.change(application, hired)
    harvest.stir(application)
    return Response(status_code=204)


def convert(harvest: Harvest, ask: Ask) -> Response:
    """Turn a prospect into a candidate for a job. inferred: as in v1, by a new application; 201 with it."""
    application = _in_process(harvest, ask)
    keys = {"job_id": bodies.integer, "initial_stage_id": bodies.integer}
    body = read_json(ask, shape(keys, required=["job_id"]))
    if not application["prospect"]:
        raise unprocessable("application", "is not a prospect")
    candidate = harvest.row("candidates", application["candidate_id"])
    made = add_application(harvest, candidate, {**{key: application[key] for key in REFERENCES}, **body})
    harvest.change(application, {"status": "converted"})
    return JSONResponse(made, 201)
