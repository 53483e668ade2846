"""What the company has before anybody applies, as Lever keeps it: users, stages, reasons, postings, requisitions."""

from polyhire.simulators.company import Company, Job, User
from polyhire.simulators.tables import Row

from .forms import questions
from .identifiers import identifier, milliseconds

HIRED = identifier("archive reason", 1000)
DUPLICATE = identifier("archive reason", 1001)
LEADS = (("lead-new", "New lead"), ("lead-reached-out", "Reached out"), ("lead-responded", "Responded"))
# What one stage of a job is called, and the pipeline it belongs to; the first and the last are built in.
STEPS = (
    ("Application Review", "applicant-new", "New applicant", "applicant"),
    ("Phone Screen", identifier("stage", 1), "Phone Screen", "screen"),
    ("Take-home Test", identifier("stage", 2), "Take-home Test", "screen"),
    ("Technical Interview", identifier("stage", 3), "Technical Interview", "onsite"),
    ("Onsite", identifier("stage", 4), "Onsite", "onsite"),
    ("Offer", "offer", "Offer", "offer"),
)
STAGE_OF = {name: stage for name, stage, _, _ in STEPS}
ROLES = {
    "admin": "admin",
    "recruiter": "team member",
    "hiring_manager": "limited team member",
    "interviewer": "interviewer",
}
COMMITMENTS = {
    "full_time": "Full-time",
    "part_time": "Part-time",
    "contract": "Contract",
    "internship": "Internship",
}
DRAFTS = ("draft", "draft", "pending", "rejected")


def users(company: Company) -> list[Row]:
    return [_user(each) for each in company.users]


def _user(user: User) -> Row:
    return {
        "id": identifier("user", user.id),
        "name": user.name,
        "username": user.email.partition("@")[0],
        "email": user.email,
        "accessRole": "super admin" if user.id == 1 else ROLES[user.role],
        "photo": None,
        "createdAt": milliseconds(user.created_at),
        "deactivatedAt": None if user.active else milliseconds(user.created_at) + 86_400_000,
        "externalDirectoryId": f"hr-{user.id}" if user.id % 2 else None,
        "linkedContactIds": None,
        "jobTitle": user.title,
        "managerId": identifier("user", 1) if user.id > 1 else None,
    }


def stages() -> list[Row]:
    """Give the stages, which are the account's and no job's; each with its place in the pipeline."""
    steps = [
        *((stage, text, "lead") for stage, text in LEADS),
        *((stage, text, kind) for _, stage, text, kind in STEPS),
    ]
    return [
        {"id": stage, "text": text, "pipeline": kind, "rank": rank, "hasInterview": kind in ("screen", "onsite")}
        for rank, (stage, text, kind) in enumerate(steps)
    ]


def archive_reasons(company: Company) -> list[Row]:
    made = [
        {"id": identifier("archive reason", each.id), "text": each.name, "status": "active", "type": "non-hired"}
        for each in company.reject_reasons
    ]
    hired = {"id": HIRED, "text": "Hired", "status": "active", "type": "hired"}
    return [*made, {"id": DUPLICATE, "text": "Duplicate", "status": "inactive", "type": "non-hired"}, hired]


def _state(job: Job) -> str:
    if job.status == "draft":
        return DRAFTS[job.id // 10 % len(DRAFTS)]
    return "closed" if job.status == "closed" else "internal" if job.id % 11 == 0 else "published"


def _channels(state: str) -> list[str] | None:
    return {"published": ["public", "internal"], "internal": ["internal"]}.get(state)


def _department(company: Company, job: Job) -> tuple[str | None, str | None]:
    """Give the department and the team of a job; a department that is part of another is a team."""
    if job.department_id is None:
        return None, None
    own = company.departments[job.department_id - 1]
    above = company.departments[own.parent_id - 1] if own.parent_id else own
    return above.name, own.name


def categories(company: Company, job: Job) -> Row:
    """Word where a job belongs; what is not known is null."""
    department, team = _department(company, job)
    places = [company.offices[each - 1].name for each in job.office_ids]
    return {
        "team": team,
        "department": department,
        "location": places[0] if places else None,
        "allLocations": places,
        "commitment": COMMITMENTS[job.employment],
        "level": "Senior" if job.title.startswith(("Senior", "Lead")) else None,
    }


def _pay(job: Job) -> Row:
    if job.salary is None:
        return {}
    pay = job.salary
    described = f"{pay.low:,} to {pay.high:,} {pay.currency} a year"
    return {
        "salaryRange": {"min": pay.low, "max": pay.high, "currency": pay.currency, "interval": "per-year-salary"},
        "salaryDescription": described,
        "salaryDescriptionHtml": f"<div>{described}</div>",
    }


def _content(job: Job) -> Row:
    closing = "We read every application."
    return {
        "description": f"We look for a {job.title}.\nLäuft & lernt",
        "descriptionHtml": job.description_html,
        "lists": [{"text": "What you bring", "content": "<li>Läuft &amp; lernt</li>"}],
        "closing": closing,
        "closingHtml": f"<div>{closing}</div>",
    }


def postings(company: Company) -> list[Row]:
    return [_posting(company, each) for each in company.jobs]


def _posting(company: Company, job: Job) -> Row:
    state = _state(job)
    places = [company.offices[each - 1] for each in job.office_ids]
    recruiter = identifier("user", job.recruiter_ids[0])
    return {
        "id": identifier("posting", job.id),
        "text": job.title,
        "state": state,
        "distributionChannels": _channels(state),
        "user": recruiter,
        "owner": None if job.id % 14 == 0 else recruiter,
        "hiringManager": identifier("user", job.hiring_manager_ids[0]),
        "confidentiality": "confidential" if job.confidential else "non-confidential",
        "categories": categories(company, job),
        "content": _content(job),
        "country": places[0].country_code if places else None,
        "followers": sorted({identifier("user", each) for each in (*job.recruiter_ids, *job.coordinator_ids)}),
        "tags": ["hiring now"] if job.openings > 1 else [],
        "reqCode": job.code,
        "requisitionCodes": [job.code] if job.code else [],
        **_pay(job),
        "workplaceType": "remote" if job.is_remote else ("on-site", "hybrid", "unspecified")[job.id % 3],
        "createdAt": milliseconds(job.created_at),
        "updatedAt": milliseconds(job.updated_at),
        "customQuestions": questions(company, job),
    }


def requisitions(company: Company) -> list[Row]:
    return [_requisition(company, each) for each in company.jobs if each.code]


def _requisition(company: Company, job: Job) -> Row:
    filed = categories(company, job)
    hired = [each for each in company.applications if each.job_id == job.id and each.hired_at]
    status = "onHold" if job.id % 12 == 0 else job.status
    offers = [identifier("offer", each.id) for each in company.offers if _is_for(company, each.application_id, job)]
    return {
        "id": identifier("requisition", job.id),
        "requisitionCode": job.code,
        "name": job.title,
        "status": status,
        "headcountTotal": max(job.openings, len(hired)),
        "headcountHired": len(hired),
        "backfill": job.notes is not None,
        "creator": identifier("user", 1),
        "owner": identifier("user", job.recruiter_ids[0]),
        "hiringManager": identifier("user", job.hiring_manager_ids[0]),
        "employmentStatus": filed["commitment"],
        "location": filed["location"],
        "team": filed["team"],
        "department": filed["department"],
        "compensationBand": (
            {
                "currency": job.salary.currency,
                "interval": "per-year-salary",
                "min": job.salary.low,
                "max": job.salary.high,
            }
            if job.salary
            else None
        ),
        "postings": [identifier("posting", job.id)],
        "offerIds": offers,
        "customFields": {"cost_centre": job.cost_centre} if job.cost_centre else {},
        "approval": None,
        "createdAt": milliseconds(job.created_at),
        "updatedAt": milliseconds(job.updated_at),
        "closedAt": milliseconds(job.closed_at) if job.closed_at else None,
    }


def _is_for(company: Company, application_id: int, job: Job) -> bool:
    return company.applications[application_id - 1].job_id == job.id
