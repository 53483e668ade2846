"""Applicants: rows of a few facts in the list, everything about one in the detail, and new ones."""

from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from polyhire.simulators import bodies, guards
from polyhire.simulators.company import Document
from polyhire.simulators.kit import Ask
from polyhire.simulators.tables import Row, now

from .identifiers import NO_DATE, day
from .resources import Filter, Resource, Values, bare, between, equal, keep, read_body, readings, refer
from .seed_people import EEO, SAID, UNTOUCHED, blank
from .state import Jazz, shown, unfit


def _named(row: Row, value: str) -> bool:
    # inferred: a part of the whole name is enough
    return value.casefold() in f"{row['first_name']} {row['last_name']}".casefold()


FILTERS = {
    "name": Filter(guards.text, _named),
    "city": equal("_city"),
    "recruiter_id": equal("recruiter_id"),
    "apply_date": Filter(guards.day, lambda row, value: bool(row["apply_date"] == value.isoformat())),
    **between("apply_date", "apply_date"),
    "rating": equal("rating", guards.integer(1, 5)),
}
# These are about one job of an applicant, and the row then shows that job.
LINK_FILTERS = {
    "job_id": equal("job_id"),
    "job_title": equal("_title"),
    "status": Filter(guards.text, lambda row, value: bool(row["workflow_step_id"] == value)),
}
NEW = {
    **dict.fromkeys(("first_name", "last_name", "phone", "job", "source", "address", "location"), bodies.text),
    **dict.fromkeys(("linkedin", "linkedin_url", "website", "twitter_username", *SAID, *EEO), bodies.text),
    **dict.fromkeys(("email", "base64-resume", "resumetext"), bodies.text),
    # inferred: 0 or 1, as text or not
    "custom_file_privacy": bodies.choice("0", "1", 0, 1),
}


def listing(jazz: Jazz, values: Values) -> list[Row]:
    """Give one row an applicant; inferred: with the job that was linked last, of those that fit."""
    titles = {job["id"]: job["title"] for job in jazz.rows("job")}
    by_job = any(name in values for name in LINK_FILTERS)
    made = []
    for row in keep(FILTERS, jazz.rows("applicant"), values):
        linked = [{**link, "_title": titles[link["job_id"]]} for link in jazz.of("link", row["id"])]
        fitting = keep(LINK_FILTERS, linked, values)
        if fitting or not by_job:
            made.append(_brief(row, fitting[-1] if fitting else {"job_id": "", "_title": ""}))
    return made


def _brief(row: Row, link: Row) -> Row:
    return {
        **{key: row[key] for key in ("id", "first_name", "last_name")},
        "prospect_phone": row["phone"],
        "apply_date": row["apply_date"],
        "job_id": link["job_id"],
        "job_title": link["_title"],
    }


def detail(jazz: Jazz, ask: Ask, row_id: str) -> Row | None:
    """Give everything that is known of an applicant."""
    row = jazz.find("applicant", row_id)
    if row is None:
        return None
    comments = jazz.of("comment", row_id)
    document = jazz.documents.get(row_id)
    said = [each for answer in jazz.of("answer", row_id) for each in answer["_said"]]
    return {
        **shown(row),
        "comments_count": str(len(comments)),
        "resume_link": jazz.files.url(ask, row_id, document.name) if document else "",
        "jobs": bare([_job(jazz, each) for each in jazz.of("link", row_id)]),
        "comments": bare([_owned(each) for each in comments]),
        "feedback": bare([_owned(each) for each in jazz.of("feedback", row_id)]),
        "activities": bare([_activity(each) for each in jazz.of("activity", row_id)]),
        "messages": bare([_owned(each) for each in jazz.of("message", row_id)]),
        "questionnaire": bare(said),
        "evaluation": bare([_owned(each) for each in jazz.of("evaluation", row_id)]),
        "categories": bare([_category(jazz, each) for each in jazz.of("category link", row_id)]),
    }


def _owned(row: Row) -> Row:
    return {key: value for key, value in row.items() if key != "applicant_id"}


def _activity(row: Row) -> Row:
    return {"id": row["id"], "activity": row["action"], "date": row["date"], "time": row["time"]}


def _job(jazz: Jazz, link: Row) -> Row:
    return {
        "job_id": link["job_id"],
        "job_title": jazz.refer("job", link["job_id"], "job_id")["title"],
        "hiring_lead_rating": link["_lead_rating"],
        "average_rating": link["rating"],
        "workflow_step_id": link["workflow_step_id"],
        "applicant_progress": link["_progress"],
    }


def _category(jazz: Jazz, link: Row) -> Row:
    row = jazz.refer("category", link["category_id"], "category_id")
    return {"category_id": row["id"], "name": row["name"], "date_created": row["date_created"], "status": row["status"]}


def create(jazz: Jazz, ask: Ask) -> Row:
    """Keep a new applicant, who may apply for a job at once and bring a résumé."""
    body = read_body(ask, NEW, ["first_name", "last_name", "email"])
    if "@" not in body["email"]:
        raise unfit("email", "is not an email address")
    job = refer(jazz, "job", body, "job") if "job" in body else None
    resume = _resume(body)
    kept = {key: value for key, value in body.items() if key in (*SAID, *EEO) or key in SCALARS}
    # inferred: whoever applies twice is there twice
    row = {**blank(now().date()), **kept, "linkedin_url": body.get("linkedin_url", body.get("linkedin", ""))}
    made = jazz.add("applicant", {**row, "resume_body": body.get("resumetext", "")})
    if resume:
        jazz.documents[made["id"]] = resume
    if job:
        link(jazz, made, job, day(now()))
    jazz.log("resume_add", made["id"], "Applied")
    return {"prospect_id": made["id"]}


SCALARS = ("first_name", "last_name", "email", "phone", "address", "location", "website", "twitter_username", "source")


def _resume(body: Mapping[str, Any]) -> Document | None:
    if "base64-resume" in body and "resumetext" in body:
        raise unfit("resumetext", "goes without base64-resume")
    if "base64-resume" not in body:
        text = body.get("resumetext", "")
        return Document("resume.txt", "text/plain", text.encode()) if text else None
    content = decoded(body["base64-resume"], "base64-resume")
    is_pdf = content.startswith(b"%PDF")
    # inferred: the name, as none is sent
    name, kind = ("resume.pdf", "application/pdf") if is_pdf else ("resume", "application/octet-stream")
    return Document(name, kind, content)


def decoded(text: str, where: str) -> bytes:
    """Read base64 of something; refuses what is not, and nothing at all."""
    try:
        content = b64decode(text, validate=True)
    except ValueError:
        raise unfit(where, "is not base64") from None
    if not content:
        raise unfit(where, "is empty")
    return content


def link(jazz: Jazz, applicant: Row, job: Row, date: str = NO_DATE) -> Row:
    """Link an applicant to a job, before the first step of its workflow."""
    return jazz.add(
        "link",
        {
            "applicant_id": applicant["id"],
            "job_id": job["id"],
            "rating": "0",
            "workflow_step_id": None,
            "date": date,
            "_progress": UNTOUCHED,
            "_applied": day(now()),
            "_lead_rating": "0",
        },
    )


APPLICANTS = Resource("applicants", listing, {**readings(FILTERS), **readings(LINK_FILTERS)}, one=detail, create=create)
