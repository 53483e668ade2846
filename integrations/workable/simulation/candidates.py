"""Candidates: listed of the account or of a job, read, made on a job or in the talent pool, and changed."""

from collections.abc import Iterable

from starlette.responses import JSONResponse, Response

from polyhire.simulators import bodies, guards
from polyhire.simulators.bodies import shape
from polyhire.simulators.kit import Refusal
from polyhire.simulators.tables import Row

from . import shapes
from .applying import created, updated, values_of
from .calls import PAGED, Call, Endpoint, later, made, moment, moved, page
from .identifiers import present
from .seed_people import SOURCED

FILTERS = {
    **PAGED,
    "email": guards.text,
    "stage": guards.text,
    "created_after": moment,
    "updated_after": moment,
}
# What a new candidate has unless told otherwise.
BLANK: Row = {
    "firstname": None,
    "lastname": None,
    "headline": None,
    "anonymized": False,
    "sample": None,
    "address": None,
    "phone": None,
    "email": None,
    "domain": None,
    "outlet": None,
    "common_source": None,
    "common_source_category": None,
    "disqualified": False,
    "withdrew": None,
    "disqualification_reason": None,
    "disqualified_at": None,
    "hired_at": None,
    "moved_to_offer_at": None,
    "uploader_id": None,
    "answers": [],
    "resume": None,
    "image_url": None,
    "cover_letter": None,
    "summary": None,
    "education_entries": [],
    "experience_entries": [],
    "skills": [],
    "social_profiles": [],
    "tags": [],
    "location": None,
    "originating_candidate_id": None,
}


def find(call: Call) -> Response:
    """List the candidates of the account, or by `shortcode` of a job."""
    shortcode = call.query.get("shortcode")
    rows = (row for row in call.workable.rows("candidate") if shortcode in (None, row["job"]))
    # The next page of a job's candidates is under the path that there was before the parameter.
    old = f"/jobs/{shortcode}/candidates"
    return _page(call, rows, None if shortcode is None else old)


def of_job(call: Call) -> Response:
    """List the candidates of the job that the path names."""
    shortcode = call.job()["shortcode"]
    return _page(call, (row for row in call.workable.rows("candidate") if row["job"] == shortcode), None)


def _page(call: Call, rows: Iterable[Row], path: str | None) -> Response:
    email, stage = call.query.get("email"), call.query.get("stage")
    kept = (
        row
        for row in rows
        if stage in (None, row["stage"])
        and (email is None or (row["email"] or "").lower() == email.lower())
        and later(call.query, row)
    )
    further = moved(call.ask, path, without="shortcode") if path else None
    return page(call, "candidates", kept, lambda row: shapes.candidate(call.workable, row), further)


def read(call: Call) -> Response:
    """Give all of one candidate."""
    return JSONResponse(_details(call, call.candidate()))


def _details(call: Call, row: Row) -> Row:
    return {"candidate": shapes.details(call.workable, call.ask, row)}


def create(call: Call) -> Response:
    """Add a candidate to a job: sourced, unless the body says that they applied."""
    job = call.job()
    # inferred: nobody can be added to a job that is not out yet
    if job["state"] == "draft":
        raise Refusal(422, "The job is a draft")
    sourced = call.body.get("sourced", True)
    return _make(call, {"job": job["shortcode"], "stage": SOURCED if sourced else "applied", "sourced": sourced})


def create_in_pool(call: Call) -> Response:
    """Add a candidate to the talent pool."""
    return _make(call, {"job": None, "stage": SOURCED, "sourced": call.body.get("sourced", True)})


def _make(call: Call, place: Row) -> Response:
    moment = present()
    values, resume = values_of(call, call.body["candidate"], place["job"])
    row = call.workable.add("candidate", {**BLANK, **place, **values, "created_at": moment, "updated_at": moment})
    if resume:
        row["resume"] = call.workable.keep("resume", row["id"], "application", resume)["id"]
    call.workable.note(row, "uploaded" if place["sourced"] else "applied")
    return made({"status": "created", **_details(call, row)})


def update(call: Call) -> Response:
    """Change what the body names; skills and tags replace those there were."""
    row = call.candidate()
    values, resume = values_of(call, call.body["candidate"], row["job"])
    if resume:
        if row["resume"]:
            call.workable.remove("file", row["resume"])
        values["resume"] = call.workable.keep("resume", row["id"], "application", resume)["id"]
    call.workable.touch(row, **values)
    # inferred: all of the candidate, as after making one
    return JSONResponse({"status": "updated", **_details(call, row)})


NEW = shape({"sourced": bodies.boolean, "candidate": created}, required=["candidate"])
CHANGED = shape({"candidate": updated}, required=["candidate"])
READ, WRITE = ("r_candidates",), ("w_candidates",)
ONE = "/candidates/{id}"
ENDPOINTS = (
    Endpoint("GET", "/candidates", READ, find, {**FILTERS, "shortcode": guards.text}),
    Endpoint("GET", "/jobs/{shortcode}/candidates", READ, of_job, FILTERS),
    Endpoint("GET", ONE, READ, read),
    Endpoint("POST", "/jobs/{shortcode}/candidates", WRITE, create, body=NEW),
    Endpoint("POST", "/talent_pool/candidates", WRITE, create_in_pool, body=NEW),
    # Older pages document PATCH.
    *(Endpoint(method, ONE, WRITE, update, body=CHANGED) for method in ("PUT", "PATCH")),
)
