"""Shows the company's candidates and applications as v3 rows."""

from collections.abc import Iterator

from polyhire.simulators.company import Application, Candidate, Company, Contact, FormAnswer, Offer
from polyhire.simulators.tables import Row, iso

from .identifiers import identifier, optional
from .seed_workplace import custom_field, row

STATUSES = {"active": "in_process", "rejected": "rejected", "hired": "hired"}
OFFER_STATUSES = {"created": "Created", "sent": "Created", "accepted": "Accepted", "rejected": "Rejected"}
ANSWERED = {
    "gender": {"Female": 1, "Male": 2, "Decline To Self Identify": 3},
    "race": {
        "Asian": 2,
        "Black or African American": 3,
        "Hispanic or Latino": 4,
        "White": 5,
        "Two or More Races": 7,
    },
    "veteran_status": {
        "I am not a protected veteran": 1,
        "I identify as one or more of the classifications": 2,
    },
    "disability_status": {
        "Yes, I have a disability": 1,
        "No, I don't have a disability": 2,
        "I don't wish to answer": 3,
    },
}


def people(company: Company) -> dict[str, list[Row]]:
    """Make the rows of who applied, by kind."""
    candidates, applications = company.candidates, company.applications
    return {
        "candidates": [
            row("candidates", each.id, _candidate(company, each), each.created_at, each.updated_at)
            for each in candidates
        ],
        "applied_candidate_tags": list(_applied_tags(candidates)),
        "applications": [
            row("applications", each.id, _application(company, each), each.created_at, each.updated_at)
            for each in applications
        ],
        "rejection_details": list(_rejections(applications)),
        "offers": list(_offers(company)),
        "eeoc": list(_eeocs(company)),
        "attachments": list(_attachments(company)),
    }


def _values(contacts: tuple[Contact, ...], *kinds: str) -> list[Row]:
    return [{"value": each.value, "type": each.kind if each.kind in kinds else "other"} for each in contacts]


def _candidate(company: Company, person: Candidate) -> Row:
    social = tuple(each for each in person.urls if each.kind == "linkedin")
    websites = tuple(each for each in person.urls if each.kind != "linkedin")
    addresses = [
        ", ".join(part for part in (each.street, each.city, each.region, each.postal_code, each.country) if part)
        for each in person.addresses
    ]
    return {
        "first_name": "Anonymized" if person.anonymised else person.first_name,
        "last_name": str(identifier("candidates", person.id)) if person.anonymised else person.last_name,
        "preferred_name": person.preferred_name,
        "company": person.company,
        "title": person.title,
        "last_activity_at": iso(person.last_activity_at),
        "private": person.is_private,
        "can_email": person.can_email,
        "time_zone": person.time_zone,
        "tags": [company.tags[each - 1].name for each in person.tag_ids],
        "linked_user_ids": [],
        "phone_numbers": _values(person.phones, "home", "work", "mobile", "skype"),
        "addresses": [{"value": each, "type": "home"} for each in addresses],
        "email_addresses": _values(person.emails, "personal", "work"),
        "website_addresses": _values(websites, "personal", "company", "portfolio", "blog"),
        "social_media_addresses": [{"value": each.value} for each in social],
        "custom_fields": {} if person.anonymised else custom_field("Desired Salary", "number", person.desired_salary),
    }


def _applied_tags(candidates: tuple[Candidate, ...]) -> Iterator[Row]:
    pairs = [(person, tag) for person in candidates for tag in person.tag_ids]
    for number, (person, tag) in enumerate(pairs, start=1):
        values = {
            "candidate_tag_id": identifier("candidate_tags", tag),
            "candidate_id": identifier("candidates", person.id),
        }
        yield row("applied_candidate_tags", number, values, person.created_at)


def _application(company: Company, application: Application) -> Row:
    stage = company.stages[application.stage_id - 1] if application.stage_id else None
    addresses = company.candidates[application.candidate_id - 1].addresses
    return {
        "candidate_id": identifier("candidates", application.candidate_id),
        "job_id": optional("jobs", application.job_id),
        "job_post_id": optional("job_posts", application.job_id),
        "stage_id": optional("job_interview_stages", application.stage_id),
        "stage_name": stage.name if stage else None,
        "status": STATUSES[application.status],
        "source_id": optional("sources", application.source_id),
        "referrer_id": optional("referrers", application.credited_to_id),
        "recruiter_id": optional("users", application.recruiter_id),
        "coordinator_id": optional("users", application.coordinator_id),
        "prospect": application.job_id is None,
        "prospective_job_ids": [],
        "rejected_at": iso(application.rejected_at),
        "last_activity_at": iso(application.last_activity_at),
        "needs_decision": None if application.status != "active" else application.id % 6 == 0,
        "location_address": addresses[0].city if addresses else None,
        "answers": [_answer(company, each) for each in application.answers] or None,
        "custom_fields": None if application.id % 2 else {},
        "agency_note_id": None,
    }


def _answer(company: Company, answer: FormAnswer) -> Row:
    question = company.questions[answer.question_id - 1]
    said: str | None
    if isinstance(answer.value, bool):
        said = "Yes" if answer.value else "No"
    elif isinstance(answer.value, tuple):
        said = ", ".join(answer.value)
    else:
        said = answer.value
    return {"question": question.label, "answer": said}


def _rejections(applications: tuple[Application, ...]) -> Iterator[Row]:
    for each in applications:
        if each.rejected_at:
            values: Row = {
                "application_id": identifier("applications", each.id),
                "rejected_by_id": optional("users", each.rejected_by_id),
                "rejection_note_id": None,
                "rejection_reason_id": optional("rejection_reasons", each.reject_reason_id),
                "rejected_at": iso(each.rejected_at),
                "question_custom_fields": {},
            }
            yield row("rejection_details", each.id, values, each.rejected_at)


def _offers(company: Company) -> Iterator[Row]:
    number = 0
    for offer in company.offers:
        for version in range(1, offer.version + 1):
            number += 1
            current = version == offer.version
            values = _offer(company, offer)
            values |= {"version": version, "status": OFFER_STATUSES[offer.status] if current else "Deprecated"}
            if not current:
                values |= {"sent_on": None, "resolved_at": None}
            yield row("offers", number, values, offer.created_at, offer.updated_at)


def _offer(company: Company, offer: Offer) -> Row:
    application = company.applications[offer.application_id - 1]
    assert application.job_id is not None
    opening = company.jobs[application.job_id - 1]
    return {
        "version": offer.version,
        "application_id": identifier("applications", offer.application_id),
        "job_id": optional("jobs", application.job_id),
        "candidate_id": identifier("candidates", application.candidate_id),
        "opening_id": identifier("openings", opening.id * 10) if opening.status == "open" else None,
        "status": "Created",
        "starts_on": offer.starts_on.isoformat() if offer.starts_on else None,
        "sent_on": offer.sent_on.isoformat() if offer.sent_on else None,
        "resolved_at": iso(offer.resolved_at),
        "custom_fields": custom_field(
            "Salary", "currency", {"amount": offer.salary.low, "unit": offer.salary.currency}
        ),
    }


def _eeocs(company: Company) -> Iterator[Row]:
    for each in company.eeocs:
        application = company.applications[each.application_id - 1]
        said = {
            "gender": each.gender,
            "race": each.race,
            "veteran_status": each.veteran_status,
            "disability_status": each.disability_status,
        }
        answers = {
            name: {"id": ANSWERED[name][value], "description": value} if value else None for name, value in said.items()
        }
        values: Row = {
            "application_id": identifier("applications", each.application_id),
            "candidate_id": identifier("candidates", application.candidate_id),
            **answers,
            "submitted_at": iso(each.submitted_at),
        }
        yield row("eeoc", each.id, values, each.submitted_at)


def _attachments(company: Company) -> Iterator[Row]:
    for each in company.attachments:
        # Every v3 attachment belongs to an application: files of people who never applied don't show.
        if each.application_id:
            values = {
                "application_id": identifier("applications", each.application_id),
                "candidate_id": identifier("candidates", each.candidate_id),
                "type": each.kind,
                "filename": each.file_name,
            }
            yield row("attachments", each.id, values, each.created_at)
