"""Applicants' links to jobs and hires: links can be made, and nothing moves them."""

from polyhire.simulators import bodies
from polyhire.simulators.kit import Ask
from polyhire.simulators.tables import Row

from .applicants import link
from .resources import Resource, read_body, refer
from .state import Jazz, shown, unfit


def create(jazz: Jazz, ask: Ask) -> Row:
    """Link an applicant to a job; inferred: only once."""
    body = read_body(ask, {"applicant_id": bodies.text, "job_id": bodies.text}, ["applicant_id", "job_id"])
    applicant, job = refer(jazz, "applicant", body, "applicant_id"), refer(jazz, "job", body, "job_id")
    if any(each["job_id"] == job["id"] for each in jazz.of("link", applicant["id"])):
        raise unfit("job_id", "is a job of the applicant already")
    # inferred: the name of the id
    return {"projob_id": link(jazz, applicant, job)["id"]}


def one(jazz: Jazz, ask: Ask, row_id: str) -> Row | None:
    """Give one link."""
    row = jazz.find("link", row_id)
    return shown(row) if row else None


LINKS = Resource(
    "applicants2jobs",
    lambda jazz, values: jazz.rows("link"),
    show=lambda jazz, ask, row: shown(row),
    one=one,
    create=create,
)
HIRES = Resource("hires", lambda jazz, values: jazz.rows("hire"))
