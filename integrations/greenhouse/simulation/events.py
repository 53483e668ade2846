"""What clients do to interviews, notes and attachments."""

from base64 import b64decode
from typing import Any

from starlette.responses import JSONResponse, Response

from polyhire.simulators import bodies
from polyhire.simulators.bodies import choice, filled, items, nullable, read_json, shape
from polyhire.simulators.guards import instant
from polyhire.simulators.kit import Ask, Problem
from polyhire.simulators.tables import Row, iso, now

from .listings import ATTACHMENT_TYPES, shown_attachment
from .state import Harvest, unprocessable

INTERVIEWERS = items(
    shape(
        {
            "user_id": bodies.integer,
            "email": filled,
            "response_status": choice("needs_action", "accepted", "tentative", "declined"),
        },
        required=["response_status"],
    ),
    least=1,
)
# inferred: v2's keys of the same write, in the words of a v3 row
INTERVIEW = {
    "interviewers": INTERVIEWERS,
    "starts_at": bodies.instant,
    "ends_at": bodies.instant,
    "external_event_id": filled,
    "location": nullable(bodies.text),
    "video_conferencing_url": nullable(bodies.text),
}
NEW_INTERVIEW = shape(
    {"application_id": bodies.integer, "job_interview_id": bodies.integer, **INTERVIEW},
    required=[
        "application_id",
        "job_interview_id",
        "interviewers",
        "starts_at",
        "ends_at",
        "external_event_id",
    ],
)
EMAIL = {"email_from": filled, "email_to": filled, "email_cc": items(filled), "subject": filled}
NEW_NOTE = shape(
    {
        "candidate_id": bodies.integer,
        "application_id": nullable(bodies.integer),
        "body": filled,
        "user_id": bodies.integer,
        "type": choice("NOTE", "ACTIVITY", "EMAIL"),
        "visibility": choice("admin_only_visible", "privately_visible", "publicly_visible"),
        **EMAIL,
    },
    required=["candidate_id", "body", "type", "visibility"],
)


def create_interview(harvest: Harvest, ask: Ask) -> Response:
    """Schedule an interview of the application's job, on behalf of whoever asks."""
    body = read_json(ask, NEW_INTERVIEW)
    application = harvest.refer("applications", body, "application_id")
    planned = harvest.refer("job_interviews", body, "job_interview_id")
    assert application is not None
    if planned is None or planned["job_id"] != application["job_id"]:
        raise unprocessable("job_interview_id", "is not an interview of the application's job")
    _check_times(body["starts_at"], body["ends_at"])
    panel = _panel(harvest, body)
    interview = harvest.insert(
        "interviews",
        {
            "job_id": application["job_id"],
            "application_id": application["id"],
            "job_interview_id": planned["id"],
            "starts_at": iso(instant(body["starts_at"])),
            "ends_at": iso(instant(body["ends_at"])),
            "all_day_start_on": None,
            "all_day_end_on": None,
            "location": body.get("location"),
            "video_conferencing_url": body.get("video_conferencing_url"),
            "organizer_id": harvest.actor(ask)["id"],
            "scheduled_at": iso(now()),
            "external_event_id": body["external_event_id"],
            "status": "scheduled",
        },
    )
    _seat(harvest, interview, panel)
    harvest.made_by_clients.add(interview["id"])
    harvest.stir(application)
    return JSONResponse(interview, 201)


def update_interview(harvest: Harvest, ask: Ask) -> Response:
    """Change when, where and with whom."""
    interview = harvest.row("interviews", ask.values["id"])
    body = read_json(ask, shape(INTERVIEW))
    _check_times(body.get("starts_at", interview["starts_at"]), body.get("ends_at", interview["ends_at"]))
    if "interviewers" in body:
        panel = _panel(harvest, body)
        old = harvest["interviewers"].find(interview_id=interview["id"])
        harvest.forget(("interviewers", row) for row in old)
        _seat(harvest, interview, panel)
    changes = {key: value for key, value in body.items() if key != "interviewers"}
    changes |= {key: iso(instant(body[key])) for key in ("starts_at", "ends_at") if key in body}
    return JSONResponse(harvest.change(interview, changes))


def delete_interview(harvest: Harvest, ask: Ask) -> Response:
    """Cancel an interview that was made through the API. inferred: another one is a 422."""
    interview = harvest.row("interviews", ask.values["id"])
    if interview["id"] not in harvest.made_by_clients:
        raise unprocessable("interview", "was not made through this API")
    panel = harvest["interviewers"].find(interview_id=interview["id"])
    harvest.forget([("interviews", interview), *(("interviewers", row) for row in panel)])
    return Response(status_code=204)


def _check_times(start: str | None, end: str | None) -> None:
    if start and end and instant(start) >= instant(end):
        raise unprocessable("ends_at", "must be after starts_at")


def _panel(harvest: Harvest, body: Row) -> list[Row]:
    found = []
    for index, each in enumerate(body["interviewers"]):
        where = f"interviewers[{index}]"
        if ("user_id" in each) == ("email" in each):
            raise unprocessable(where, "needs either user_id or email")
        by_email = [row for row in harvest.users if row["primary_email"] == each.get("email")]
        user = harvest.refer("users", each, "user_id") or (by_email[0] if by_email else None)
        # inferred: as in v1, an interviewer must be a user
        if user is None:
            raise unprocessable(where, "is not a user")
        found.append({"user_id": user["id"], "email": user["primary_email"], **each})
    return found


def _seat(harvest: Harvest, interview: Row, panel: list[Row]) -> None:
    for each in panel:
        harvest.insert("interviewers", {"interview_id": interview["id"], "scorecard_id": None, **each})


def create_note(harvest: Harvest, ask: Ask) -> Response:
    """Write a note, or record an email, about a candidate."""
    body = read_json(ask, NEW_NOTE)
    harvest.refer("candidates", body, "candidate_id")
    harvest.refer("users", body, "user_id")
    application = harvest.refer("applications", body, "application_id")
    if application and application["candidate_id"] != body["candidate_id"]:
        raise unprocessable("application_id", "is not of this candidate")
    if body["type"] == "EMAIL":
        for key in ("subject", "email_from", "email_to"):
            if key not in body:
                raise unprocessable(key, "is required for an EMAIL")
    elif stray := [key for key in EMAIL if key in body]:
        raise unprocessable(stray[0], "is for an EMAIL")
    blank: Row = {
        "application_id": None,
        "subject": None,
        "user_id": harvest.actor(ask)["id"],
        "email_from": "",
        "email_to": None,
        "email_cc": None,
    }
    return JSONResponse(harvest.insert("notes", blank | body), 201)


def _base64(value: Any, where: str) -> list[Problem]:
    try:
        fits = isinstance(value, str) and bool(b64decode(value, validate=True))
    except ValueError:
        fits = False
    return [] if fits else [Problem(where, "must be a file in base64")]


NEW_ATTACHMENT = shape(
    {
        "application_id": bodies.integer,
        "type": choice(*ATTACHMENT_TYPES),
        "filename": filled,
        "content": _base64,
        "url": filled,
        "content_type": filled,
    },
    required=["application_id", "type", "filename"],
)


def create_attachment(harvest: Harvest, ask: Ask) -> Response:
    """Add a file to an application, sent along or named by its URL. inferred: content_type as in v1."""
    body = read_json(ask, NEW_ATTACHMENT)
    application = harvest.refer("applications", body, "application_id")
    assert application is not None
    if ("content" in body) == ("url" in body):
        raise unprocessable("content", "or url is required, and not both")
    if "content" in body and "content_type" not in body:
        raise unprocessable("content_type", "is required with content")
    if "url" in body and not body["url"].startswith(("https://", "http://")):
        raise unprocessable("url", "must be a URL that machines can reach")
    attachment = harvest.insert(
        "attachments",
        {
            "application_id": application["id"],
            "candidate_id": application["candidate_id"],
            "type": body["type"],
            "filename": body["filename"],
        },
    )
    harvest.upload(attachment, body)
    harvest.stir(application)
    return JSONResponse(shown_attachment(harvest, ask, attachment), 201)


def delete_attachment(harvest: Harvest, ask: Ask) -> Response:
    """Delete a file. inferred: 204, as for other actions."""
    harvest["attachments"].delete(harvest.row("attachments", ask.values["id"])["id"])
    return Response(status_code=204)
