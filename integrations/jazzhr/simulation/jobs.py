"""Jobs, with their applicants in the detail, and the questions of their questionnaires."""

from polyhire.simulators import bodies, guards
from polyhire.simulators.kit import Ask
from polyhire.simulators.tables import Row

from .identifiers import NO_DATE
from .resources import Filter, Resource, Values, bare, between, equal, flag, keep, read_body, readings, refer
from .seed_workplace import board_code
from .state import Jazz, shown

STATUSES = ("open", "on hold", "approved", "needs approval", "drafting", "filled", "cancelled", "closed")
NEW = dict.fromkeys(("title", "hiring_lead_id", "description"), bodies.text)
FILTERS = {
    "title": equal("title"),
    "recruiter": equal("_recruiter"),
    "board_code": equal("board_code"),
    "department": equal("department"),
    "hiring_lead": equal("hiring_lead"),
    "team_id": equal("team_id"),
    "state": equal("state"),
    "city": equal("city"),
    **between("open_date", "original_open_date"),
    "status": equal("status", guards.one_of(*STATUSES)),
    "confidential": Filter(flag, lambda row, value: bool(row["_confidential"] == value)),
    "private": Filter(flag, lambda row, value: bool(row["_private"] == value)),
}
QUESTION_FILTERS = {"questionnaire_id": equal("questionnaire_id")}


def listing(jazz: Jazz, values: Values) -> list[Row]:
    """Give the jobs that fit."""
    return [shown(row) for row in keep(FILTERS, jazz.rows("job"), values)]


def detail(jazz: Jazz, ask: Ask, row_id: str) -> Row | None:
    """Give a job with its applicants."""
    row = jazz.find("job", row_id)
    if row is None:
        return None
    links = [each for each in jazz.rows("link") if each["job_id"] == row_id]
    applicants = [{"prospect_id": each["applicant_id"], "apply_date": each["_applied"]} for each in links]
    return {**shown(row), "job_applicants": bare(applicants)}


def create(jazz: Jazz, ask: Ask) -> Row:
    """Draft a job; inferred: it is not open yet."""
    body = read_body(ask, NEW, list(NEW))
    lead = refer(jazz, "user", body, "hiring_lead_id")
    unknown = ("country_id", "city", "state", "zip", "department", "notes", "type", "internal_code", "questionnaire")
    made = jazz.add(
        "job",
        {
            "team_id": "",
            "title": body["title"],
            "description": body["description"],
            **dict.fromkeys(unknown, ""),
            **dict.fromkeys(("minimum_salary", "maximum_salary", "send_to_job_boards"), "0"),
            "original_open_date": NO_DATE,
            "status": "Drafting",
            "hiring_lead": lead["id"],
            "board_code": "",
            "_recruiter": "",
            "_confidential": False,
            "_private": False,
        },
    )
    made["board_code"] = board_code(made["id"])
    return {"job_id": made["id"]}


def questions(jazz: Jazz, values: Values) -> list[Row]:
    """Give the questions of a questionnaire."""
    return [shown(row) for row in keep(QUESTION_FILTERS, jazz.rows("question"), values)]


JOBS = Resource("jobs", listing, readings(FILTERS), one=detail, create=create)
# inferred: only the questions of one questionnaire can be listed
QUESTIONS = Resource("questionnaire_questions", questions, readings(QUESTION_FILTERS), required=["questionnaire_id"])
