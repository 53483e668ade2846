"""What clients do to jobs and their forms, and to departments, locations, users and the like."""

from polyhire.simulators import bodies
from polyhire.simulators.bodies import choice, filled, items, nullable, shape
from polyhire.simulators.kit import Ask
from polyhire.simulators.tables import Row

from . import checks
from .kinds import REQUIREMENTS
from .refusals import invalid_attribute, invalid_relationship
from .state import COMPANY, Teamtailor
from .writes import Writing, insert

# What every new job begins with. inferred: the template
STAGES = (("Inbox", "inbox"), ("In process", "In process"), ("Offer", "offer"), ("Hired", "hired"))
ROLES = ("no_access", "user", "recruiter", "designer", "admin", "external_recruiter")
REMOTE = ("none", "temporary", "hybrid", "fully")
QUESTION_TYPES = ("Boolean", "Choice", "Text", "Range", "Video")


def _create_job(teamtailor: Teamtailor, ask: Ask, given: Row) -> Row:
    recruiter = teamtailor.row("users", given["user"])
    values = {**given, **_dates(given, {}), "recruiter-email": recruiter["email"]}
    made = insert(teamtailor, JOBS, values)
    teamtailor.change("jobs", made, {"mailbox": f"job-{made['id']}@meridian.teamtailor-mail.example"})
    for order, (name, kind) in enumerate(STAGES):
        values = {"name": name, "stage-type": kind, "row-order": order, "job": made["id"]}
        teamtailor.insert("stages", values)
    return made


def _change_job(teamtailor: Teamtailor, ask: Ask, row: Row, given: Row) -> None:
    changes = {**given, **_dates(given, row)}
    if "user" in given:
        changes["recruiter-email"] = teamtailor.row("users", given["user"])["email"]
    teamtailor.change("jobs", row, changes)


def _dates(given: Row, row: Row) -> Row:
    found = checks.stamped(given, "start-date", "end-date")
    merged = {**row, **found}
    start, end = merged.get("start-date"), merged.get("end-date")
    if start and end and start > end:
        raise invalid_attribute("end-date", "must be after start-date")
    return found


JOBS = Writing(
    "jobs",
    {
        "title": bodies.text,
        **dict.fromkeys(("internal-name", "pitch", "body", "employment-type", "employment-level"), checks.TEXT),
        **dict.fromkeys(("currency", "salary-time-unit", "template-name", "apply-button-text"), checks.TEXT),
        **dict.fromkeys(("start-date", "end-date"), checks.MOMENT),
        **dict.fromkeys(("min-salary", "max-salary"), checks.NUMBER),
        **dict.fromkeys(("internal", "pinned"), checks.FLAG),
        **dict.fromkeys(REQUIREMENTS, choice("off", "optional", "required")),
        # inferred: nobody but the editor makes a job that is `temp`
        "status": choice("open", "draft", "archived", "unlisted"),
        "tags": checks.TAGS,
        "remote-status": choice(*REMOTE),
        "language-code": filled,
        "external-application-url": nullable(checks.web_address),
    },
    ("user", "department", "role", "location", "locations", "regions"),
    ("title", "user"),
    defaults={
        # inferred: what a new job is, when nobody says
        "status": "draft",
        "internal": False,
        "tags": [],
        "remote-status": "none",
        "pinned": False,
        "language-code": "en",
        **dict.fromkeys(REQUIREMENTS, "optional"),
    },
    methods=("POST", "PATCH"),
    create=_create_job,
    change=_change_job,
)


def _change_question(teamtailor: Teamtailor, ask: Ask, row: Row, given: Row) -> None:
    after = {**row, **given}
    if after["question-type"] == "Choice" and not after.get("alternatives"):
        raise invalid_attribute("alternatives", "can't be blank")
    teamtailor.change("questions", row, given)


def _create_question(teamtailor: Teamtailor, ask: Ask, given: Row) -> Row:
    if given["question-type"] == "Choice" and not given.get("alternatives"):
        raise invalid_attribute("alternatives", "can't be blank")
    return insert(teamtailor, QUESTIONS, given)


QUESTIONS = Writing(
    "questions",
    {
        "title": bodies.text,
        "question-type": choice(*QUESTION_TYPES),
        "alternatives": items(shape({"title": filled}, required=["title"])),
        **dict.fromkeys(("multiple", "single-line"), checks.FLAG),
        **dict.fromkeys(("start-with", "end-with"), checks.NUMBER),
        "unit": checks.TEXT,
    },
    required=("title", "question-type"),
    defaults={"multiple": False, "single-line": False},
    methods=("POST", "PATCH"),
    create=_create_question,
    change=_change_question,
)


def _pick(teamtailor: Teamtailor, ask: Ask, given: Row) -> Row:
    picked = teamtailor["picked-questions"].find(job=given["job"])
    if any(row["question"] == given["question"] for row in picked):
        raise invalid_relationship("question", "has already been picked")
    return insert(teamtailor, PICKED, {"row-order": len(picked), **given})


PICKED = Writing(
    "picked-questions",
    {"mandatory": checks.FLAG, "row-order": bodies.integer},
    ("job", "question"),
    ("job", "question"),
    once=("job", "question"),
    defaults={"mandatory": False},
    methods=("POST", "PATCH"),
    create=_pick,
)


def _create_user(teamtailor: Teamtailor, ask: Ask, given: Row) -> Row:
    _check_address(teamtailor, None, given)
    return insert(teamtailor, USERS, {**given, "login-email": given["email"]})


def _change_user(teamtailor: Teamtailor, ask: Ask, row: Row, given: Row) -> None:
    _check_address(teamtailor, row, given)
    changes = {**given, "login-email": given["email"]} if "email" in given else given
    teamtailor.change("users", row, changes)


def _check_address(teamtailor: Teamtailor, row: Row | None, given: Row) -> None:
    for other in teamtailor["users"]:
        if other is not row and other["email"].lower() == (given.get("email") or "").lower():
            raise invalid_attribute("email", "has already been taken")


USERS = Writing(
    "users",
    {
        "name": bodies.text,
        "email": checks.email,
        "role": choice(*ROLES),
        **dict.fromkeys(("title", "phone", "username", "external-id", "description"), checks.TEXT),
        **dict.fromkeys(("facebook-profile", "linkedin-profile", "twitter-profile"), checks.TEXT),
        "visible": checks.FLAG,
    },
    ("department", "location"),
    ("name", "email"),
    defaults={"role": "user", "visible": True, "role-addons": []},
    create=_create_user,
    change=_change_user,
)
NAMED = {"name": bodies.text}
DEPARTMENTS = Writing("departments", NAMED, required=("name",))
LOCATIONS = Writing(
    "locations",
    {
        **dict.fromkeys(("name", "address", "city", "country", "zip", "lat", "long", "phone"), checks.TEXT),
        "email": checks.email,
        "headquarters": checks.FLAG,
    },
    defaults={"headquarters": False},
)
REJECT_REASONS = Writing(
    "reject-reasons",
    {"reason": bodies.text, "rejected-by-company": checks.FLAG},
    required=("reason",),
    defaults={"rejected-by-company": True},
)
COMPANIES = Writing(COMPANY, {"name": bodies.text, "website": checks.TEXT, "locale": filled}, methods=("PATCH",))
