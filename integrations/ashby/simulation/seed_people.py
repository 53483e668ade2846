"""The people who applied as Ashby keeps them: candidates, their files and notes, applications and histories."""

from base64 import urlsafe_b64encode
from datetime import datetime

from polyhire.simulators.company import Application, Attachment, Candidate, Company, document
from polyhire.simulators.tables import Row

from .forms import application_form, question_path
from .records import identifier, stamp
from .seed_jobs import Plans

EMAIL_TYPES = {"personal": "Personal", "work": "Work", "other": "Other"}
PHONE_TYPES = {"mobile": "Personal", "work": "Work", "home": "Other"}
LINK_TYPES = {"linkedin": "LinkedIn", "github": "GitHub", "portfolio": "Website"}


def candidates(company: Company) -> list[Row]:
    return [_candidate(company, each) for each in company.candidates]


def _candidate(company: Company, person: Candidate) -> Row:
    attachments = company.attachments_of[person.id]
    resumes = [each for each in attachments if each.kind == "resume"]
    applied = [each for each in company.applications_of[person.id] if each.job_id]
    latest = max(company.applications_of[person.id], key=lambda each: each.created_at, default=None)
    return {
        "id": identifier("candidate", person.id),
        "createdAt": stamp(person.created_at),
        "updatedAt": stamp(person.updated_at),
        "name": person.name or "Anonymized Candidate",
        "emailAddresses": [
            {"value": each.value, "type": EMAIL_TYPES[each.kind], "isPrimary": index == 0}
            for index, each in enumerate(person.emails)
        ],
        "phoneNumbers": [
            {"value": each.value, "type": PHONE_TYPES[each.kind], "isPrimary": index == 0}
            for index, each in enumerate(person.phones)
        ],
        "socialLinks": [{"type": LINK_TYPES[each.kind], "url": each.value} for each in person.urls],
        "tagIds": [identifier("tag", each) for each in person.tag_ids],
        "position": person.title,
        "company": person.company,
        "school": "University of Coimbra" if person.id % 12 == 1 else None,
        "applicationIds": [identifier("application", each.id) for each in applied],
        "resumeFileId": identifier("file", resumes[0].id) if resumes else None,
        "fileIds": [identifier("file", each.id) for each in attachments],
        "customFields": _custom_fields(person),
        "sourceId": identifier("source", person.source_id) if person.source_id else None,
        "creditedToUserId": _user_id(latest.credited_to_id if latest else None),
        "timezone": person.time_zone,
        "location": _location(person),
        "externalMappingId": f"hr-{person.id}" if person.id % 50 == 1 else None,
    }


def _user_id(number: int | None) -> str | None:
    return identifier("user", number) if number else None


def _custom_fields(person: Candidate) -> list[Row]:
    if person.desired_salary is None:
        return []
    return [
        {
            "id": identifier("custom field", 2),
            "isPrivate": False,
            "title": "Desired salary",
            "valueLabel": f"{person.desired_salary:,}",
            "value": person.desired_salary,
        }
    ]


def _location(person: Candidate) -> Row | None:
    if not person.addresses:
        return None
    home = person.addresses[0]
    return place(identifier("place", person.id), home.city, home.region, home.country)


def place(place_id: str, city: str | None, region: str | None, country: str | None) -> Row:
    """Word where somebody lives; whatever is unknown is left out."""
    components = [("City", city), ("Region", region), ("Country", country)]
    return {
        "id": place_id,
        "locationSummary": ", ".join(name for _, name in components if name),
        "locationComponents": [{"type": kind, "name": name} for kind, name in components if name],
    }


def files(company: Company) -> list[Row]:
    return [_file(each) for each in company.attachments]


def _file(attachment: Attachment) -> Row:
    file_id = identifier("file", attachment.id)
    return {
        "id": file_id,
        "name": attachment.file_name,
        "handle": handle(file_id),
        "document": document(attachment),
    }


def handle(file_id: str) -> str:
    """Make the opaque handle that `file.info` asks for; it is not the file's id."""
    return urlsafe_b64encode(f"candidate file {file_id}".encode()).decode().rstrip("=")


def notes(company: Company) -> list[Row]:
    return [
        {
            "id": identifier("note", each.id),
            "candidateId": identifier("candidate", each.candidate_id),
            "createdAt": stamp(each.created_at),
            "content": f"<p>{each.body}</p>",
            "isPrivate": each.visibility != "public",
            "authorId": _user_id(each.author_id),
        }
        for each in company.activities
        if each.kind == "note"
    ]


def applications(company: Company, plans: Plans) -> list[Row]:
    """Keep every application for a job; here, whoever applied for none is a candidate and nothing else."""
    return [_application(company, plans, each, each.job_id) for each in company.applications if each.job_id]


def _application(company: Company, plans: Plans, application: Application, job_id: int) -> Row:
    stage = _path(company, plans, application, job_id)[-1]
    ended = application.rejected_at
    return {
        "id": identifier("application", application.id),
        "createdAt": stamp(application.created_at),
        "updatedAt": stamp(application.updated_at),
        "archivedAt": stamp(ended) if ended else None,
        "status": status_in(stage),
        "candidateId": identifier("candidate", application.candidate_id),
        "jobId": identifier("job", job_id),
        "stageId": stage["id"],
        "sourceId": identifier("source", application.source_id) if application.source_id else None,
        "creditedToUserId": _user_id(application.credited_to_id),
        "archiveReasonId": (
            identifier("archive reason", application.reject_reason_id) if application.reject_reason_id else None
        ),
        "appliedViaJobPostingId": (identifier("job posting", job_id * 10) if application.id % 3 else None),
        "customFields": [],
        "formSubmissions": _form_submissions(company, application, job_id),
    }


def status_in(stage: Row) -> str:
    """Say what an application's status is in a stage: it follows from the stage's type."""
    return stage["type"] if stage["type"] in ("Lead", "Hired", "Archived") else "Active"


def _path(company: Company, plans: Plans, application: Application, job_id: int) -> list[Row]:
    """Give the stages that an application has gone through, the present one last."""
    plan_id = plans.of_job[job_id]
    steps = company.stages_of[job_id]
    if application.status == "active" and application.stage_id == steps[0].id and application.id % 3 == 0:
        return [plans.stage(plan_id, "New Lead")]
    reached = len(steps)
    if application.stage_id:
        reached = next(index for index, each in enumerate(steps, 1) if each.id == application.stage_id)
    titles = [each.name for each in steps[:reached]]
    if application.status != "active":
        titles.append("Hired" if application.status == "hired" else "Archived")
    return [plans.stage(plan_id, title) for title in titles]


def _form_submissions(company: Company, application: Application, job_id: int) -> list[Row]:
    if not application.answers:
        return []
    form = application_form(company, job_id)
    person = company.candidates[application.candidate_id - 1]
    questions = {each.id: each for each in company.questions_of[job_id]}
    own = {question_path(questions[each.question_id]): each.value for each in application.answers}
    emails = [each.value for each in person.emails]
    values = {"_systemfield_name": person.name, "_systemfield_email": emails[0] if emails else None, **own}
    asked = {each["field"]["path"] for part in form["sections"] for each in part["fields"]}
    return [
        {
            "id": identifier("form submission", application.id),
            "formDefinition": form,
            "submittedValues": {path: value for path, value in values.items() if value and path in asked},
        }
    ]


def histories(company: Company, plans: Plans) -> list[Row]:
    made: list[Row] = []
    for application in company.applications:
        if application.job_id:
            path = _path(company, plans, application, application.job_id)
            made += _history(application, path, _moments(application, len(path)))
    return made


def _moments(application: Application, count: int) -> list[datetime]:
    first = application.created_at
    last = application.rejected_at or application.hired_at or application.updated_at
    return [first + (last - first) * index / max(1, count - 1) for index in range(count)]


def _history(application: Application, path: list[Row], moments: list[datetime]) -> list[Row]:
    return [
        {
            "id": identifier("history", application.id * 100 + index),
            "applicationId": identifier("application", application.id),
            "stageId": stage["id"],
            "title": stage["title"],
            "stageNumber": stage["orderInInterviewPlan"],
            "enteredStageAt": stamp(moments[index]),
            "leftStageAt": stamp(moments[index + 1]) if index + 1 < len(path) else None,
            "actorId": _user_id(application.recruiter_id) if index else None,
        }
        for index, stage in enumerate(path)
    ]
