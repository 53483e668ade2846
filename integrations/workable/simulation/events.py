"""Meetings with candidates, what they were offered, and the requisitions behind the jobs."""

from datetime import UTC, datetime, timedelta

from starlette.responses import JSONResponse, Response

from polyhire.simulators import guards
from polyhire.simulators.guards import Reading
from polyhire.simulators.tables import Row

from . import shapes
from .calls import PAGED, Call, Endpoint, later, moment, page
from .state import Workable

TYPES = {"call": "CallEvent", "interview": "InterviewEvent", "meeting": "MeetingEvent"}
OWNER_ROLE = "admin"


def edge(days: int) -> Reading:
    """Take an instant, or a date, which stands for midnight so many days after it began."""

    def reading(value: str) -> datetime:
        if len(value) == len("2026-03-02"):
            at = guards.day(value)
            return datetime(at.year, at.month, at.day, tzinfo=UTC) + timedelta(days=days)
        return moment(value)

    return reading


def find(call: Call) -> Response:
    """List events that are not cancelled. inferred: without `context`, those of the token's own member."""
    query = call.query
    context = query.get("context", "user")
    # An account token is its first admin's.
    owner = next(row["id"] for row in call.workable.rows("member") if row["role"] == OWNER_ROLE)
    start, end = query.get("start_date"), query.get("end_date")
    kept = (
        row
        for row in call.workable.rows("event")
        if (query.get("include_cancelled") or not row["cancelled"])
        and ("type" not in query or row["type"] == TYPES[query["type"]])
        and query.get("candidate_id") in (None, row["candidate"])
        and query.get("shortcode") in (None, row["job"])
        and ("member_id" not in query or _has(row, query["member_id"]))
        and (context != "user" or "member_id" in query or _has(row, owner))
        and (start is None or datetime.fromisoformat(row["starts_at"]) >= start)
        and (end is None or datetime.fromisoformat(row["starts_at"]) < end)
    )
    return page(call, "events", kept, lambda row: _event(call.workable, row))


def _has(event: Row, member: str) -> bool:
    return any(each["member"] == member for each in event["members"])


def read(call: Call) -> Response:
    """Give one event. inferred: nothing is wrapped around it."""
    return JSONResponse(_event(call.workable, call.workable.get("event", call.value("id"))))


def _event(workable: Workable, row: Row) -> Row:
    candidate = workable.find("candidate", row["candidate"])
    job = workable.find("job", row["job"]) if row["job"] else None
    members = []
    for each in row["members"]:
        if member := workable.find("member", each["member"]):
            members.append({**{key: member[key] for key in ("id", "name", "type")}, "status": each["status"]})
    same = {key: row[key] for key in ("id", "title", "description", "type", "starts_at", "ends_at", "cancelled")}
    shown = {
        **same,
        "job": {"shortcode": job["shortcode"], "title": job["title"]} if job else None,
        "members": members,
        "candidate": shapes.small(candidate) if candidate else None,
        "conference": row["conference"],
    }
    seldom = ("job", "candidate", "conference")
    return {key: value for key, value in shown.items() if value is not None or key not in seldom}


def offer(call: Call) -> Response:
    """Give the offer to a candidate; without one, only whose it would be."""
    row = call.candidate()
    shown: Row = {"candidate": shapes.small(row)}
    if row["location"]:
        shown["candidate"]["location"] = row["location"]
    found = call.workable.find("offer", row["id"])
    return JSONResponse(shown | ({key: value for key, value in found.items() if key != "id"} if found else {}))


def requisitions(call: Call) -> Response:
    """List the requisitions."""
    query = call.query
    start, end = query.get("plan_date_from"), query.get("plan_date_to")
    jobs = {job["id"]: job["shortcode"] for job in call.workable.rows("job")}
    kept = (
        row
        for row in call.workable.rows("requisition")
        if query.get("state") in (None, row["state"])
        and ("job_id" not in query or row["job"] == jobs.get(query["job_id"]))
        and (start is None or row["plan_date"] >= start.isoformat())
        and (end is None or row["plan_date"] <= end.isoformat())
        and later(query, row)
    )
    return page(call, "requisitions", kept, lambda row: _requisition(call.workable, row))


def _requisition(workable: Workable, row: Row) -> Row:
    job = workable.get("job", row["job"])
    department = workable.find("department", row["department"]) if row["department"] else None
    candidate = workable.find("candidate", row["candidate"]) if row["candidate"] else None
    return {
        **row,
        "job": {"id": job["id"], "shortcode": job["shortcode"], "title": job["title"]},
        "location": job["location"],
        "department": department["name"] if department else None,
        **{key: _person(workable, row[key]) for key in ("hiring_manager", "requester", "owner")},
        "approvers": [_person(workable, each) for each in row["approvers"]],
        "candidate": shapes.small(candidate) if candidate else None,
    }


def _person(workable: Workable, member: str) -> Row:
    row = workable.get("member", member)
    return {"id": row["id"], "name": row["name"]}


EVENTS = {
    **PAGED,
    "type": guards.one_of(*TYPES),
    "start_date": edge(0),
    "end_date": edge(1),
    "candidate_id": guards.text,
    "shortcode": guards.text,
    "member_id": guards.text,
    "context": guards.one_of("user", "team", "all"),
    "include_cancelled": guards.flag,
}
REQUISITIONS = {
    **PAGED,
    "state": guards.text,
    "job_id": guards.text,
    "plan_date_from": guards.day,
    "plan_date_to": guards.day,
    "created_after": moment,
    "updated_after": moment,
}
READ = ("r_candidates",)
ENDPOINTS = (
    Endpoint("GET", "/events", READ, find, EVENTS),
    Endpoint("GET", "/events/{id}", READ, read),
    Endpoint("GET", "/candidates/{id}/offer", READ, offer),
    Endpoint("GET", "/requisitions", ("r_jobs",), requisitions, REQUISITIONS),
)
