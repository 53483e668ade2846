"""Shows the company's places, staff, jobs, posts and vocabularies as v3 rows."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from polyhire.simulators.company import Company, Job, Office, Question, User
from polyhire.simulators.tables import Row, iso

from .identifiers import identifier, optional

FOUNDED = datetime.fromisoformat("2024-01-08T09:00:00+00:00")
TEMPLATE = 10
ANSWER_TYPES = {
    "short_text": "short_text",
    "long_text": "long_text",
    "yes_no": "boolean",
    "one_of": "single_select",
    "many_of": "multi_select",
    "file": "attachment",
}
REASON_TYPES = {
    "company": {"id": 1, "key": "WE_REJECTED_THEM", "name": "We rejected them"},
    "candidate": {"id": 2, "key": "THEY_REJECTED_US", "name": "They rejected us"},
    "nobody": {"id": 3, "key": "NONE_SPECIFIED", "name": "None specified"},
}
SOURCE_TYPES = {
    "job_board": {"id": 1, "name": "Third-party boards"},
    "referral": {"id": 2, "name": "Referrals"},
    "agency": {"id": 3, "name": "Agencies"},
    "career_site": {"id": 4, "name": "Company marketing"},
    "prospecting": {"id": 5, "name": "Prospecting"},
}


def row(kind: str, number: int, values: Row, made: datetime = FOUNDED, changed: datetime | None = None) -> Row:
    """Frame a row: its id, when it was made and changed, then its values."""
    stamps = {"created_at": iso(made), "updated_at": iso(changed or made)}
    return {"id": identifier(kind, number), **stamps, **values}


def custom_field(name: str, kind: str, value: Any) -> Row:
    """Word a custom field. inferred: v3 keeps the shape of v1's keyed_custom_fields."""
    return {name.lower().replace(" ", "_"): {"name": name, "type": kind, "value": value}}


def workplace(company: Company) -> dict[str, list[Row]]:
    """Make the rows of everything that is there before anybody applies, by kind."""
    jobs = company.jobs
    return {
        "departments": [
            row(
                "departments",
                each.id,
                {
                    "name": each.name,
                    "parent_id": optional("departments", each.parent_id),
                    "external_id": None if each.id % 2 else f"dep-{each.id}",
                },
            )
            for each in company.departments
        ],
        "offices": [row("offices", each.id, _office(each)) for each in company.offices],
        "users": [row("users", each.id, _user(each), each.created_at) for each in company.users],
        "sources": [
            row("sources", each.id, {"name": each.name, "type": SOURCE_TYPES[each.kind]}) for each in company.sources
        ],
        "referrers": list(_referrers(company)),
        "rejection_reasons": [
            row("rejection_reasons", each.id, {"name": each.name, "type": REASON_TYPES[each.by]})
            for each in company.reject_reasons
        ],
        "candidate_tags": [row("candidate_tags", each.id, {"name": each.name}) for each in company.tags],
        "jobs": [row("jobs", each.id, _job(each), each.created_at, each.updated_at) for each in jobs],
        "job_hiring_managers": list(_hiring_managers(jobs)),
        "job_owners": list(_owners(jobs)),
        "job_interview_stages": list(_stages(company)),
        "job_interviews": list(_job_interviews(company)),
        "job_posts": [
            row("job_posts", each.id, _post(company, each), each.opened_at, each.updated_at)
            for each in jobs
            if each.opened_at
        ],
        "job_post_locations": list(_post_locations(jobs)),
        "pay_input_ranges": list(_pay(jobs)),
        "openings": list(_openings(jobs)),
    }


def _office(office: Office) -> Row:
    place = ", ".join(part for part in (office.city, office.region, office.country) if part)
    return {
        "name": office.name,
        "location": None if office.is_remote else place,
        "parent_id": optional("offices", office.parent_id),
        "external_id": None,
        "primary_in_house_contact_user_id": identifier("users", 5) if office.id == 1 else None,
    }


def _user(user: User) -> Row:
    return {
        "first_name": user.first_name,
        "last_name": user.last_name,
        "name": user.name,
        "primary_email": user.email,
        "emails": None if user.id % 9 == 0 else [user.email],
        "job_title": user.title,
        "deactivated": not user.active,
        "site_admin": user.role == "admin",
        "employee_id": None if user.id % 3 == 0 else f"E{user.id:04d}",
        "office_ids": [identifier("offices", user.office_id)],
        "department_ids": [identifier("departments", user.department_id)],
        "agency_id": None,
    }


def _referrers(company: Company) -> Iterator[Row]:
    for user in company.users:
        yield row("referrers", user.id, {"user_id": identifier("users", user.id), "name": user.name})
    outside = len(company.users) + 1
    yield row("referrers", outside, {"user_id": None, "name": "A former colleague"})


def _job(job: Job) -> Row:
    return {
        "name": job.title,
        "requisition_id": job.code,
        "notes": job.notes,
        "confidential": job.confidential,
        "status": job.status,
        "opened_at": iso(job.opened_at),
        "closed_at": iso(job.closed_at),
        "is_template": job.id == TEMPLATE,
        "copied_from_id": None,
        "department_id": optional("departments", job.department_id),
        "office_ids": [identifier("offices", each) for each in job.office_ids] or None,
        "custom_fields": {
            **custom_field("Employment Type", "single_select", job.employment),
            **custom_field("Cost Centre", "short_text", job.cost_centre),
        },
    }


def _hiring_managers(jobs: tuple[Job, ...]) -> Iterator[Row]:
    pairs = [(job, user) for job in jobs for user in job.hiring_manager_ids]
    for number, (job, user) in enumerate(pairs, start=1):
        values = {"job_id": identifier("jobs", job.id), "user_id": identifier("users", user)}
        yield row("job_hiring_managers", number, values, job.created_at)


def _owners(jobs: tuple[Job, ...]) -> Iterator[Row]:
    owners = [(job, user, "recruiter") for job in jobs for user in job.recruiter_ids]
    owners += [(job, user, "coordinator") for job in jobs for user in job.coordinator_ids]
    for number, (job, user, kind) in enumerate(owners, start=1):
        values = {
            "job_id": identifier("jobs", job.id),
            "user_id": identifier("users", user),
            "type": kind,
            "responsible": True,
        }
        yield row("job_owners", number, values, job.created_at)


def _stages(company: Company) -> Iterator[Row]:
    for stage in company.stages:
        values = {
            "job_id": identifier("jobs", stage.job_id),
            "sort_order": stage.position,
            "name": stage.name,
            "active": stage.id % 40 != 0,
        }
        yield row("job_interview_stages", stage.id, values)


def _job_interviews(company: Company) -> Iterator[Row]:
    for stage in company.stages:
        if stage.kind in ("screen", "interview"):
            values = {
                "job_interview_stage_id": identifier("job_interview_stages", stage.id),
                "job_id": identifier("jobs", stage.job_id),
                "name": stage.name,
                "sort_order": 0,
                "duration": 30 if stage.kind == "screen" else 60,
                # inferred: the words of scheduling_type
                "scheduling_type": "take_home_test" if stage.name == "Take-home Test" else "typical",
            }
            yield row("job_interviews", stage.id, values)


def _post(company: Company, job: Job) -> Row:
    internal = job.id % 12 == 0
    return {
        "title": job.title,
        "internal": internal,
        "active": True,
        "live": job.status == "open",
        "featured": job.id % 15 == 0,
        "first_published_at": iso(job.opened_at),
        "content": job.description_html,
        "internal_content": "<p>For colleagues only.</p>" if internal else None,
        "language": "en",
        "public_url": None if internal else f"https://boards.example/meridian/jobs/{job.id}",
        "job_id": identifier("jobs", job.id),
        "job_board_id": identifier("job_boards", 1),
        "questions": [_question(each) for each in company.questions_of[job.id]],
    }


def _question(question: Question) -> Row:
    standard = {"First name": "first_name", "Resume": "resume"}.get(question.label)
    return {
        "id": None if standard else identifier("questions", question.id),
        "label": question.label,
        "name": standard or f"question_{identifier('questions', question.id)}",
        "description": "<p>Tell us briefly.</p>" if question.kind == "long_text" else None,
        "answer_type": ANSWER_TYPES[question.kind],
        "required": question.required,
        "private": question.private,
        "options": [{"id": number, "label": label} for number, label in enumerate(question.options, start=1)],
    }


def _post_locations(jobs: tuple[Job, ...]) -> Iterator[Row]:
    number = 0
    for job in jobs:
        for office in (job.office_ids or (None,)) if job.opened_at else ():
            number += 1
            values = {
                "job_post_id": identifier("job_posts", job.id),
                "type": "office" if office else "free_text",
                "plain_text_location": None if office else "Anywhere in Europe",
                "office_id": optional("offices", office),
            }
            yield row("job_post_locations", number, values)


def _pay(jobs: tuple[Job, ...]) -> Iterator[Row]:
    for job in jobs:
        if job.opened_at and job.salary:
            values = {
                "job_post_id": identifier("job_posts", job.id),
                "currency_type": job.salary.currency,
                "min_cents": job.salary.low * 100,
                "max_cents": job.salary.high * 100,
            }
            yield row("pay_input_ranges", job.id, values)


def _openings(jobs: tuple[Job, ...]) -> Iterator[Row]:
    for job in jobs:
        for turn in range(job.openings if job.status == "open" else 0):
            values = {"job_id": identifier("jobs", job.id), "open": True}
            yield row("openings", job.id * 10 + turn, values)
