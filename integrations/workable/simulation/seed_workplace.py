"""Shows the company's departments, staff, jobs and pipelines as Workable has them."""

import re
from collections.abc import Iterator
from typing import Any

from polyhire.simulators.company import Company, Job, Office, RejectReason, User
from polyhire.simulators.tables import Row

from .identifiers import identifier, place_code, shortcode, stamp

ROLES = {"admin": "admin", "recruiter": "simple", "hiring_manager": "simple", "interviewer": "reviewer"}
EMPLOYMENTS = {
    "full_time": "Full-time",
    "part_time": "Part-time",
    "contract": "Contract",
    # Workable has no word for internships.
    "internship": "Other",
}
# Steps that keep the slug and the kind of the one they were made from, as after renaming it.
STEPS = {
    "Application Review": ("applied", "applied"),
    "Phone Screen": ("phone-screen", "phone-screen"),
    "Take-home Test": ("assessment", "assessment"),
    "Technical Interview": ("technical-interview", "interview"),
    "Onsite": ("interview", "interview"),
    "Offer": ("offer", "offer"),
}
KINDS = {"review": "applied", "screen": "phone-screen", "interview": "interview", "offer": "offer"}
FIRST, LAST = ("Sourced", "sourced", "sourced"), ("Hired", "hired", "hired")
COORDINATES = {"Lisbon": "38.7108, -9.1437", "Porto": "41.1413, -8.6145", "Austin": "30.2672, -97.7431"}
SAMPLE_JOB = 37


def departments(company: Company) -> list[Row]:
    return [
        {
            "id": identifier("department", each.id),
            "name": each.name,
            "parent_id": identifier("department", each.parent_id) if each.parent_id else None,
            "sample": False,
        }
        for each in company.departments
    ]


def reasons(company: Company) -> list[Row]:
    return [_reason(position, each) for position, each in enumerate(company.reject_reasons, 1)]


def _reason(position: int, reason: RejectReason) -> Row:
    return {
        "id": identifier("reason", reason.id),
        "description": reason.name,
        "candidate_withdrew": reason.by == "candidate",
        "position": position,
    }


def members(company: Company) -> list[Row]:
    return [_member(each) for each in company.users]


def _member(user: User) -> Row:
    role = ROLES[user.role]
    return {
        "id": identifier("member", user.id),
        "name": user.name,
        "headline": user.title if user.id % 5 else None,
        "email": user.email,
        "role": role,
        # inferred: type and hris_role
        "type": "standard",
        "hris_role": "hris_admin" if role == "admin" else "employee",
        "roles": [f"ats.{role}"],
        "active": user.active,
        "collaboration_rules": [{"department_id": identifier("department", user.department_id)}]
        if role == "reviewer"
        else [],
    }


def jobs(company: Company) -> list[Row]:
    return [_job(company, each) for each in company.jobs]


def _state(job: Job) -> str:
    if job.status == "open":
        return "published"
    return "archived" if job.status == "closed" and job.id % 8 == 7 else {"draft": "draft"}.get(job.status, "closed")


def _job(company: Company, job: Job) -> Row:
    places = [each for each in company.offices if each.id in job.office_ids]
    salary = job.salary
    setting = "remote" if job.is_remote else "hybrid" if job.id % 4 == 2 else "on_site"
    return {
        "id": identifier("job", job.id),
        "title": job.title,
        "shortcode": shortcode(job.id),
        "code": job.code,
        "state": _state(job),
        "sample": job.id == SAMPLE_JOB,
        "confidential": job.confidential,
        "department": identifier("department", job.department_id) if job.department_id else None,
        "workplace_type": setting,
        "location": _location(places[0] if places else None, setting),
        "locations": [_place(each) for each in places],
        "salary": {
            "salary_from": salary.low,
            "salary_to": salary.high,
            "salary_currency": salary.currency.lower(),
        }
        if salary
        else {},
        "created_at": stamp(job.created_at),
        "updated_at": stamp(job.updated_at),
        "published_at": stamp(job.opened_at),
        "keywords": None if job.id % 3 else ["craft", "été"],
        "details": _details(job),
        "team": _team(job),
    }


def _details(job: Job) -> Row:
    requirements = "<ul><li>Curiosity &amp; care</li></ul>" if job.id % 2 == 0 else ""
    benefits = "<p>Lunch, and a desk by the window.</p>" if job.id % 4 == 0 else ""
    headed = [(requirements, "Requirements"), (benefits, "Benefits")]
    return {
        "full_description": job.description_html + "".join(f"<h3>{head}</h3>{text}" for text, head in headed if text),
        "description": job.description_html,
        "requirements": requirements,
        "benefits": benefits,
        "employment_type": EMPLOYMENTS[job.employment],
        "industry": None if job.id % 2 else "Computer Software",
        "function": None if job.id % 3 else "Engineering",
        "experience": None if job.id % 4 else "Mid-Senior level",
        "education": None if job.id % 5 else "Bachelor's Degree",
    }


def _team(job: Job) -> list[Row]:
    # inferred: the words for who does what
    teams = (
        ("hiring_manager", job.hiring_manager_ids),
        ("recruiter", job.recruiter_ids),
        ("coordinator", job.coordinator_ids),
    )
    return [{"member": identifier("member", each), "as": role} for role, ids in teams for each in ids]


def _location(office: Office | None, setting: str) -> Row:
    away: Row = {"telecommuting": setting == "remote", "workplace_type": setting}
    if office is None:
        return {"location_str": None, "country": None, "country_code": None, **away}
    written = ", ".join(part for part in (office.city, office.region, office.country) if part)
    return {
        "location_str": written,
        "country": office.country,
        "country_code": office.country_code,
        "region": office.region,
        "region_code": None,
        "city": office.city,
        "zip_code": office.postal_code,
        **away,
    }


def _place(office: Office) -> Row:
    found = {
        "shortcode": place_code(office.id),
        "country_code": office.country_code,
        "country_name": office.country,
        "state_code": None,
        "subregion": office.region,
        "zip_code": office.postal_code,
        "city": office.city,
        "coords": COORDINATES.get(office.city or ""),
        "hidden": False,
    }
    return {key: value for key, value in found.items() if value is not None or key == "state_code"}


def step(name: str, kind: str) -> tuple[str, str, str]:
    """Give name, slug and kind of a step."""
    slug, known = STEPS.get(name) or (re.sub("[^a-z0-9]+", "-", name.lower()).strip("-"), KINDS[kind])
    return name, slug, known


def stages(company: Company) -> list[Row]:
    """Give the pipeline of every job: what the company has, between where people are sourced and hired."""
    rows: list[Row] = []
    for job in company.jobs:
        steps = (FIRST, *(step(each.name, each.kind) for each in company.stages_of[job.id]), LAST)
        rows += _pipeline(steps, len(rows), shortcode(job.id))
    return rows


def default_stages(company: Company) -> list[Row]:
    """Give the account's own pipeline: every step that any job has, once."""
    longest = max(company.jobs, key=lambda job: len(company.stages_of[job.id]))
    known = {each.name: step(each.name, each.kind) for each in company.stages_of[longest.id]}
    more = {each.name: step(each.name, each.kind) for each in company.stages if each.name not in known}
    order = {name: position for position, name in enumerate(STEPS)}
    middle = sorted({**known, **more}.values(), key=lambda each: order.get(each[0], len(order)))
    return list(_pipeline((FIRST, *middle, LAST), len(company.stages) + 2 * len(company.jobs), ""))


def _pipeline(steps: tuple[tuple[str, str, str], ...], before: int, job: str) -> Iterator[Row]:
    for position, (name, slug, kind) in enumerate(steps, 1):
        number = before + position
        yield {
            "id": 700_000 + number,
            "identifier": identifier("stage", number),
            "slug": slug,
            "name": name,
            "kind": kind,
            "position": position,
            "job": job,
        }


def questions(company: Company) -> list[Row]:
    return [row for job in company.jobs for row in _questions(company, job)]


# What every form asks by fields of its own, and not by a question.
FIELDS = {"First name": "firstname", "Resume": "resume"}
TYPES = {"long_text": "free_text", "short_text": "short_text", "yes_no": "boolean", "file": "file"}
# Types of question that the company itself does not use, by the turn of the job.
MORE: dict[int, tuple[str, str]] = {
    0: ("How many years have you worked?", "numeric"),
    2: ("When could you begin?", "date"),
    3: ("A sample of your work", "file"),
    4: ("What do we call you?", "short_text"),
}
MORE_NUMBERS = 200_000


def _questions(company: Company, job: Job) -> Iterator[Row]:
    for each in company.questions_of[job.id]:
        if each.label in FIELDS:
            continue
        kind = TYPES.get(each.kind, "multiple_choice")
        # One choice is a dropdown in one job, and a list with one answer in another.
        if each.kind == "one_of" and job.id % 8 < 4:
            kind = "dropdown"
        row: Row = {"type": kind, "required": each.required}
        if each.options:
            row["single_answer"] = each.kind == "one_of"
            row["choices"] = [
                {"id": choice_id(each.id, number), "body": body} for number, body in enumerate(each.options)
            ]
        yield {"id": identifier("question", each.id), "body": each.label, "job": shortcode(job.id), **row}
    if job.id % 5 in MORE and job.status != "draft":
        body, kind = MORE[job.id % 5]
        more: dict[str, Any] = {"id": identifier("question", MORE_NUMBERS + job.id), "body": body, "type": kind}
        if kind == "file":
            more |= {"supported_file_types": ["pdf", "docx", "png"], "max_file_size": 5_000_000}
        yield {**more, "job": shortcode(job.id), "required": False}


def choice_id(question: int, number: int) -> str:
    """Give the id of an option of a question, counted from 0."""
    return identifier("choice", question * 8 + number)
