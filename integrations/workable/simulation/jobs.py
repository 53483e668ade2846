"""Jobs with their pipelines, forms and teams. A job is addressed by its shortcode alone."""

from typing import Any

from starlette.responses import JSONResponse, Response

from polyhire.simulators import guards
from polyhire.simulators.tables import Row

from .calls import PAGED, Call, Endpoint, later, moment, page
from .shapes import member as shown_member
from .state import Workable

STATES = ("draft", "published", "archived", "closed")
DETAILS = (
    *("description", "full_description", "requirements", "benefits", "employment_type", "industry", "function"),
    *("experience", "education"),
)
# What every application form has beside its questions. inferred: which, and their types
FORM: tuple[Row, ...] = (
    {"key": "firstname", "label": "First name", "type": "string", "required": True, "max_length": 127},
    {"key": "lastname", "label": "Last name", "type": "string", "required": True, "max_length": 127},
    {"key": "email", "label": "Email", "type": "email", "required": True, "max_length": 255},
    {"key": "headline", "label": "Headline", "type": "string", "required": False, "max_length": 127},
    {"key": "phone", "label": "Phone", "type": "phone", "required": False, "max_length": 255},
    {"key": "address", "label": "Address", "type": "string", "required": False, "max_length": 255},
    {"key": "summary", "label": "Summary", "type": "free_text", "required": False},
    {
        "key": "resume",
        "label": "Resume",
        "type": "file",
        "required": True,
        "supported_file_types": ["pdf", "doc", "docx", "odt", "rtf"],
        "max_file_size": 12_000_000,
    },
    {"key": "cover_letter", "label": "Cover letter", "type": "free_text", "required": False},
    {"key": "education", "label": "Education", "type": "complex", "required": False},
)


def shown(workable: Workable, job: Row) -> Row:
    """Show a job as lists have it."""
    hierarchy = lineage(workable, job["department"])
    host = f"https://apply.workable.com/{workable.subdomain}"
    code = job["code"]
    row: Row = {
        "id": job["id"],
        "title": job["title"],
        "full_title": f"{job['title']} - {code}" if code else job["title"],
        "shortcode": job["shortcode"],
        "code": code,
        "state": job["state"],
        "sample": job["sample"],
        "confidential": job["confidential"],
        "department": hierarchy[-1]["name"] if hierarchy else None,
        "department_hierarchy": hierarchy,
        "url": f"{host}/jobs/{job['id']}",
        "application_url": f"{host}/j/{job['shortcode']}/apply/",
        "shortlink": f"https://apply.workable.com/j/{job['shortcode']}",
    }
    same = ("workplace_type", "location", "locations", "salary", "created_at", "updated_at")
    row |= {key: job[key] for key in same}
    return row | {key: job[key] for key in ("keywords", "published_at") if job[key] is not None}


def lineage(workable: Workable, department: str | None) -> list[Row]:
    """Give a department and those it is part of, the widest first."""
    found: list[Row] = []
    while department and (row := workable.find("department", department)):
        found.insert(0, {"id": row["id"], "name": row["name"]})
        department = row["parent_id"]
    return found


def find(call: Call) -> Response:
    """List jobs, each with the details that were asked for."""
    wanted, more = call.query.get("state"), call.query.get("include_fields", ())
    rows = sorted(call.workable.rows("job"), key=lambda row: int(row["id"], 16))
    kept = [row for row in rows if wanted in (None, row["state"]) and later(call.query, row)]
    return page(call, "jobs", kept, lambda row: shown(call.workable, row) | {key: row["details"][key] for key in more})


def read(call: Call) -> Response:
    """Give one job, which nothing is wrapped around."""
    job = call.job()
    return JSONResponse(shown(call.workable, job) | job["details"])


def stages(call: Call) -> Response:
    """List the pipeline of a job."""
    return JSONResponse({"stages": [_stage(each) for each in call.workable.pipeline(call.job()["shortcode"])]})


def default_stages(call: Call) -> Response:
    """List the account's own pipeline."""
    return JSONResponse({"stages": [_stage(each) for each in call.workable.pipeline("")]})


def _stage(row: Row) -> Row:
    return {key: value for key, value in row.items() if key != "job"}


def _asked(call: Call) -> list[Row]:
    job = call.job()["shortcode"]
    rows = [row for row in call.workable.rows("question") if row["job"] == job]
    return [{key: value for key, value in row.items() if key != "job"} for row in rows]


def questions(call: Call) -> Response:
    """List the questions of a job."""
    return JSONResponse({"questions": _asked(call)})


def form(call: Call) -> Response:
    """Give the application form of a job."""
    asked = _asked(call)
    return JSONResponse({"form_fields": list(FORM), "questions": asked})


def team(call: Call) -> Response:
    """List who works on a job, and as what."""
    shown_team: list[Any] = []
    for each in call.job()["team"]:
        found = call.workable.find("member", each["member"])
        if found is not None and found["active"]:
            shown_team.append({**shown_member(found), "collaboration_role": each["as"]})
    return JSONResponse({"members": shown_team})


READ = ("r_jobs",)
ONE = "/jobs/{shortcode}"
ENDPOINTS = (
    Endpoint(
        "GET",
        "/jobs",
        READ,
        find,
        {
            **PAGED,
            "state": guards.one_of(*STATES),
            "created_after": moment,
            "updated_after": moment,
            "include_fields": guards.listed(guards.one_of(*DETAILS)),
        },
    ),
    Endpoint("GET", ONE, READ, read),
    Endpoint("GET", f"{ONE}/stages", READ, stages),
    Endpoint("GET", f"{ONE}/questions", READ, questions),
    Endpoint("GET", f"{ONE}/application_form", READ, form),
    Endpoint("GET", f"{ONE}/members", READ, team),
    Endpoint("GET", "/stages", READ, default_stages),
)
