"""The people, and their ways through the pipeline, as Lever keeps them: contacts, opportunities, applications."""

from datetime import datetime

from polyhire.simulators.company import Application, Candidate, Company, Job
from polyhire.simulators.tables import Row

from .forms import answers
from .identifiers import identifier, milliseconds
from .seed_workplace import HIRED, LEADS, STAGE_OF, stages

DAY = 86_400_000
ORIGINS = {
    "job_board": "applied",
    "career_site": "applied",
    "referral": "referred",
    "agency": "agency",
    "prospecting": "sourced",
}
# The opportunity of somebody who applied for nothing has the number of the person, far from those of applications.
UNASKED = 1_000_000


def opportunity_number(company: Company, person: int, application: int | None = None) -> int:
    """Give the number of the opportunity that something about a person belongs to: the first, unless it is said."""
    applied = company.applications_of[person]
    return application or (applied[0].id if applied else UNASKED + person)


def contacts(company: Company) -> list[Row]:
    return [_contact(each) for each in company.candidates]


def _contact(person: Candidate) -> Row:
    headline = ", ".join(each for each in (person.title, person.company) if each)
    home = person.addresses[0] if person.addresses else None
    return {
        "id": identifier("contact", person.id),
        # inferred: whoever was anonymized keeps a name that says so
        "name": person.name or "Anonymized candidate",
        "headline": headline or None,
        "isAnonymized": person.anonymised,
        "location": {"name": f"{home.city}, {home.country}"} if home else None,
        "emails": [each.value for each in person.emails],
        "phones": [{"type": None if person.id % 5 == 0 else each.kind, "value": each.value} for each in person.phones],
        "dataProtection": _data_protection(person),
    }


def _data_protection(person: Candidate) -> Row | None:
    if person.can_email and person.id % 3:
        return None
    ends = milliseconds(person.created_at) + 1000 * DAY
    return {
        "store": {"allowed": True, "expiresAt": ends},
        "contact": {"allowed": person.can_email, "expiresAt": ends if person.can_email else None},
    }


def opportunities(company: Company) -> list[Row]:
    """Make one for each application, and one for each person who applied for nothing."""
    made = [_opportunity(company, company.candidates[each.candidate_id - 1], each) for each in company.applications]
    unasked = [each for each in company.candidates if not company.applications_of[each.id]]
    return [*made, *(_opportunity(company, each, None) for each in unasked)]


def _opportunity(company: Company, person: Candidate, application: Application | None) -> Row:
    since = application or person
    number = opportunity_number(company, person.id, application.id if application else None)
    path = _path(company, number, application, since.created_at)
    owner = identifier("user", application.recruiter_id) if application and application.recruiter_id else None
    posting = company.jobs[application.job_id - 1] if application and application.job_id else None
    hidden = person.is_private or (posting is not None and posting.confidential)
    return {
        "id": identifier("opportunity", number),
        "contact": identifier("contact", person.id),
        "stage": path[-1]["toStageId"],
        "confidentiality": "confidential" if hidden else "non-confidential",
        "archived": _archived(application),
        "createdAt": milliseconds(since.created_at),
        "updatedAt": milliseconds(since.updated_at),
        "lastInteractionAt": milliseconds(since.last_activity_at or since.updated_at),
        "lastAdvancedAt": path[-1]["updatedAt"],
        "snoozedUntil": milliseconds(since.updated_at) + 5000 * DAY if number % 40 == 1 else None,
        "stageChanges": path,
        "owner": owner,
        "tags": [company.tags[each - 1].name for each in person.tag_ids],
        "sources": [company.sources[person.source_id - 1].name] if person.source_id else [],
        "origin": _origin(company, person, posting is not None),
        "sourcedBy": (
            identifier("user", application.credited_to_id) if application and application.credited_to_id else None
        ),
        "followers": [owner] if owner else [],
        "links": [each.value for each in person.urls],
    }


def _origin(company: Company, person: Candidate, applied: bool) -> str:
    if person.source_id is None:
        return "applied" if applied else "sourced"
    source = company.sources[person.source_id - 1]
    return "university" if source.name.startswith("University") else ORIGINS[source.kind]


def _path(company: Company, number: int, application: Application | None, since: datetime) -> list[Row]:
    """Give the stages that somebody came through, the present one last."""
    rank = {each["id"]: each["rank"] for each in stages()}
    if application is None or application.job_id is None:
        steps = [LEADS[number % 3][0]]
    elif application.status == "hired":
        steps = ["applicant-new", "offer"]
    else:
        assert application.stage_id is not None
        now = STAGE_OF[company.stages[application.stage_id - 1].name]
        steps = ["applicant-new"] if now == "applicant-new" else ["applicant-new", now]
    mover = application.recruiter_id if application else None
    return [
        {
            "toStageId": step,
            "toStageIndex": rank[step],
            "updatedAt": milliseconds(since) + turn * DAY,
            "userId": identifier("user", mover) if mover else None,
        }
        for turn, step in enumerate(steps)
    ]


def _archived(application: Application | None) -> Row | None:
    if application and application.hired_at:
        return {"reason": HIRED, "archivedAt": milliseconds(application.hired_at)}
    if application and application.rejected_at and application.reject_reason_id:
        reason = identifier("archive reason", application.reject_reason_id)
        return {"reason": reason, "archivedAt": milliseconds(application.rejected_at)}
    return None


def applications(company: Company) -> list[Row]:
    return [_application(company, each, each.job_id) for each in company.applications if each.job_id]


def _application(company: Company, application: Application, job_id: int) -> Row:
    person, job = company.candidates[application.candidate_id - 1], company.jobs[job_id - 1]
    origin = _origin(company, person, True)
    kind = {"referred": "referral", "sourced": "user"}.get(origin, "posting")
    typed = kind == "posting" and not person.anonymised
    return {
        "id": identifier("application", application.id),
        "opportunityId": identifier("opportunity", application.id),
        "type": kind,
        "posting": identifier("posting", job_id),
        "postingHiringManager": identifier("user", job.hiring_manager_ids[0]),
        "postingOwner": identifier("user", job.recruiter_ids[0]),
        "user": None if kind == "posting" else identifier("user", job.recruiter_ids[0]),
        "name": person.name if typed else None,
        "email": person.emails[0].value if typed and person.emails else None,
        "phone": {"type": person.phones[0].kind, "value": person.phones[0].value} if typed and person.phones else None,
        "company": person.company if typed else None,
        "links": [each.value for each in person.urls] if typed else [],
        "comments": None,
        "customQuestions": answers(company, application),
        "createdAt": milliseconds(application.created_at),
        "archived": _archived(application),
        "requisitionForHire": _requisition(job) if application.hired_at else None,
        **dict.fromkeys(("referer", "ipAddress", "userAgent")),
    }


def _requisition(job: Job) -> Row | None:
    if job.code is None:
        return None
    manager = identifier("user", job.hiring_manager_ids[0])
    return {"id": identifier("requisition", job.id), "requisitionCode": job.code, "hiringManagerOnHire": manager}
