"""Shows the company's places, staff, jobs, stages and forms as Teamtailor's records."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from polyhire.simulators.company import Company, Job, Office, Question, User
from polyhire.simulators.tables import Row

from .identifiers import identifier, identifiers, optional
from .kinds import REQUIREMENTS, ROLE_OF_USER
from .state import COMPANY, stamp
from .writes import blank

FOUNDED = datetime.fromisoformat("2024-01-08T09:00:00+00:00")
COMPANY_ID = "pKX5p5Dk2QU"
USER_ROLES = {"admin": "admin", "recruiter": "recruiter", "hiring_manager": "user", "interviewer": "user"}
REMOTE_STATUSES = ("hybrid", "none", "none", "temporary")
EMPLOYMENTS = {"full_time": "fulltime", "part_time": "parttime", "contract": "contract", "internship": "internship"}
STAGE_TYPES = {
    "Application Review": "inbox",
    "Phone Screen": "screening",
    "Take-home Test": "In process",
    "Technical Interview": "interview",
    "Onsite": "interview",
    "Offer": "offer",
}
QUESTION_TYPES = {
    "short_text": "Text",
    "long_text": "Text",
    "yes_no": "Boolean",
    "one_of": "Choice",
    "many_of": "Choice",
}
# What jobs ask for by a requirement of their own, and not by a question.
FIXED = {"First name": "name-requirement", "Resume": "resume-requirement"}
# Types of question that the company itself does not use.
MORE_QUESTIONS: tuple[Row, ...] = (
    {
        "title": "How many years have you worked?",
        "question-type": "Range",
        "start-with": 0,
        "end-with": 30,
        "unit": "years",
    },
    {"title": "Introduce yourself in a minute", "question-type": "Video"},
)


def seed(kind: str, key: Any, values: Row, made: datetime = FOUNDED, changed: datetime | None = None) -> Row:
    """Frame a record: its id, all that could be known of it, and when it was made and changed."""
    stamps = {"created-at": stamp(made), "updated-at": stamp(changed or made)}
    return {"id": key, **stamps, **blank(kind), **values}


def workplace(company: Company) -> dict[str, list[Row]]:
    """Make the records of everything that is there before anybody applies, by kind."""
    titles = titles_of(company)
    return {
        COMPANY: [
            seed(
                COMPANY,
                COMPANY_ID,
                {"name": company.name, "locale": "en", "website": "https://www.meridian.example"},
            )
        ],
        "departments": [_named("departments", each.id, each.name) for each in company.departments],
        "roles": [
            _named("roles", each.id, f"{each.name} specialist") | {"department": identifier("departments", each.id)}
            for each in company.departments
        ],
        "regions": [_named("regions", number, name) for number, name in enumerate(("Europe", "Overseas"), 1)],
        "teams": [_named("teams", number, name) for number, name in enumerate(("Hiring", "Leadership"), 1)],
        "locations": [_location(each) for each in company.offices],
        "users": [_user(each) for each in company.users],
        "reject-reasons": [
            seed(
                "reject-reasons",
                identifier("reject-reasons", each.id),
                {"reason": each.name, "rejected-by-company": each.by == "company"},
            )
            for each in company.reject_reasons
        ],
        "jobs": [_job(company, each) for each in company.jobs],
        "stages": list(_stages(company)),
        "questions": list(_questions(titles)),
        "picked-questions": list(_picked(company, titles)),
        "requisitions": [_requisition(each) for each in company.jobs if each.id % 10 == 1],
        "custom-fields": [
            seed(
                "custom-fields",
                identifier("custom-fields", 1),
                {
                    "name": "Desired salary",
                    "api-name": "desired-salary",
                    "field-type": "CustomField::Number",
                    "owner-type": "Candidate",
                },
            )
        ],
    }


def _named(kind: str, number: int, name: str) -> Row:
    return seed(kind, identifier(kind, number), {"name": name})


def _location(office: Office) -> Row:
    return seed(
        "locations",
        identifier("locations", office.id),
        {
            # Without a name of its own, a place is called by its city.
            "name": None if office.city and office.id % 5 == 4 else office.name,
            "address": office.street,
            "city": office.city,
            "country": office.country,
            "zip": office.postal_code,
            "headquarters": office.id == 1,
            "lat": "38.7108" if office.id == 1 else None,
            "long": "-9.1437" if office.id == 1 else None,
            "phone": None if office.id % 2 else "+351 21 555 0100",
            "email": f"office{office.id}@meridian.example" if office.id % 3 == 1 else None,
        },
    )


def _user(user: User) -> Row:
    pictures = f"https://images.meridian.example/users/{user.id}"
    return seed(
        "users",
        identifier("users", user.id),
        {
            "name": user.name,
            "email": user.email,
            "login-email": user.email,
            "role": USER_ROLES[user.role] if user.active else "no_access",
            "role-addons": ["nurture"] if user.role == "recruiter" else [],
            "signature": None if user.id % 2 else f"<p>{user.name}<br>{user.title}</p>",
            "title": user.title,
            "username": f"user-{user.id}",
            "visible": user.active,
            "external-id": None if user.id % 3 == 0 else f"E{user.id:04d}",
            "picture": None
            if user.id % 4
            else {"standard": f"{pictures}/standard.jpg", "tiny": f"{pictures}/tiny.jpg"},
            "department": identifier("departments", user.department_id),
            "location": identifier("locations", user.office_id),
            ROLE_OF_USER: identifier("roles", user.department_id),
        },
        user.created_at,
    )


def _status(job: Job) -> Row:
    """Tell how a job stands; a closed one is archived, or open past its end."""
    opened, closed = stamp(job.opened_at), stamp(job.closed_at)
    if job.status == "draft":
        return {"status": "temp" if job.id % 40 == 0 else "draft"}
    if job.status == "closed":
        return {"status": "open" if job.id % 16 == 7 else "archived", "start-date": opened, "end-date": closed}
    if job.id == 26:
        return {"status": "open", "start-date": "2099-03-01T09:00:00.000+01:00"}
    return {"status": "unlisted" if job.id % 11 == 5 else "open", "start-date": opened}


def _job(company: Company, job: Job) -> Row:
    recruiter = company.users[job.recruiter_ids[0] - 1]
    places = identifiers("locations", job.office_ids)
    asked = {each.label for each in company.questions_of[job.id]}
    requirements = dict.fromkeys(REQUIREMENTS, "optional") | {"additional-files-requirement": "off"}
    requirements |= {name: "required" for label, name in FIXED.items() if label in asked}
    salary = job.salary
    values = {
        **_status(job),
        "title": job.title,
        "internal-name": job.code,
        "pitch": None if job.id % 4 else "Join a small team.",
        "body": job.description_html,
        "internal": job.confidential,
        "tags": ["urgent", "été"][: job.id % 3],
        "remote-status": "fully" if job.is_remote else REMOTE_STATUSES[job.id % 4],
        "employment-type": EMPLOYMENTS[job.employment],
        "employment-level": None if job.id % 2 else "mid_level",
        "min-salary": salary.low if salary else None,
        "max-salary": salary.high if salary else None,
        "currency": salary.currency if salary else None,
        "salary-time-unit": "yearly" if salary else None,
        "recruiter-email": recruiter.email,
        "mailbox": f"job-{identifier('jobs', job.id)}@meridian.teamtailor-mail.example",
        "language-code": "en",
        **requirements,
        "apply-button-text": None if job.id % 6 else "Apply now",
        "pinned": job.id == 1,
        "user": identifier("users", recruiter.id),
        "department": optional("departments", job.department_id),
        "role": optional("roles", job.department_id),
        "location": places[0] if places else None,
        "locations": places,
        "regions": identifiers("regions", [1]) if job.id % 5 == 1 else [],
        "colleagues": identifiers("users", job.hiring_manager_ids),
        "requisition": identifier("requisitions", job.id) if job.id % 10 == 1 else None,
    }
    return seed("jobs", identifier("jobs", job.id), values, job.created_at, job.updated_at)


def _stages(company: Company) -> Iterator[Row]:
    for job in company.jobs:
        steps = company.stages_of[job.id]
        for each in steps:
            yield _stage(job, each.name, STAGE_TYPES[each.name], each.position, each.id)
        yield _stage(job, "Hired", "hired", len(steps), hired_stage(company, job.id))


def hired_stage(company: Company, job_id: int) -> int:
    """Number the stage of a job where applications are hired: the company itself has no such stage."""
    return len(company.stages) + job_id


def _stage(job: Job, name: str, kind: str, order: int, number: int) -> Row:
    values = {"name": name, "stage-type": kind, "row-order": order, "job": identifier("jobs", job.id)}
    return seed("stages", identifier("stages", number), values, job.created_at)


def titles_of(company: Company) -> dict[str, Question]:
    """Find the questions that jobs share: each title once."""
    found: dict[str, Question] = {}
    for each in company.questions:
        if each.label not in FIXED:
            found.setdefault(each.label, each)
    return found


def _questions(titles: dict[str, Question]) -> Iterator[Row]:
    shown = [_shown(each) for each in titles.values()]
    for number, values in enumerate((*shown, *MORE_QUESTIONS), 1):
        yield seed("questions", identifier("questions", number), {"multiple": False, "single-line": False, **values})


def _shown(question: Question) -> Row:
    return {
        "title": question.label,
        "question-type": QUESTION_TYPES[question.kind],
        "alternatives": [{"title": option} for option in question.options] or None,
        "multiple": question.kind == "many_of",
        "single-line": question.kind == "short_text",
    }


def _picked(company: Company, titles: dict[str, Question]) -> Iterator[Row]:
    numbers = {title: number for number, title in enumerate(titles, 1)}
    count = 0
    for job in company.jobs:
        asked = [each for each in company.questions_of[job.id] if each.label in numbers]
        chosen = [(numbers[each.label], each.required) for each in asked]
        chosen += _extra(job, len(titles))
        for order, (number, required) in enumerate(chosen):
            count += 1
            values = {
                "mandatory": required,
                "row-order": order,
                "job": identifier("jobs", job.id),
                "question": identifier("questions", number),
            }
            yield seed("picked-questions", identifier("picked-questions", count), values)


def _extra(job: Job, known: int) -> Sequence[tuple[int, bool]]:
    return [(known + 1 + job.id % 2, False)] if job.status != "draft" and job.id % 7 < 2 else []


def _requisition(job: Job) -> Row:
    values = {
        "job-title": job.title,
        "job-description": job.notes,
        "country": "PT",
        "number-of-openings": job.openings,
        "min-salary": job.salary.low if job.salary else None,
        "max-salary": job.salary.high if job.salary else None,
        "currency": job.salary.currency if job.salary else None,
        "salary-time-unit": "yearly" if job.salary else None,
        "status": "completed" if job.status == "closed" else "approved",
        "user": identifier("users", job.recruiter_ids[0]),
    }
    return seed("requisitions", identifier("requisitions", job.id), values)
