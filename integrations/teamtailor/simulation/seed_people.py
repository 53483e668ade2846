"""Shows the company's candidates, applications, offers, notes and files as Teamtailor's records."""

from collections.abc import Iterator
from datetime import UTC, datetime, time

from polyhire.simulators.company import Application, Candidate, Company, Document, Offer, document
from polyhire.simulators.tables import Row

from .candidates import ANSWERS
from .identifiers import identifier, optional
from .seed_workplace import QUESTION_TYPES, hired_stage, seed, titles_of
from .state import file_key, stamp, written

# An application that nobody has approved yet has no stage. inferred
UNAPPROVED = 97
CODES = {"email": "message", "event": "moved", "note": "note"}


def people(company: Company) -> dict[str, list[Row]]:
    """Make the records of who applied, by kind. Whoever applied for no job is a candidate and nothing else."""
    return {
        "candidates": [_candidate(company, each) for each in company.candidates],
        "job-applications": [_application(company, each, each.job_id) for each in company.applications if each.job_id],
        "job-offers": [_offer(each) for each in company.offers],
        "uploads": list(_uploads(company)),
        "notes": list(_notes(company)),
        "activities": list(_activities(company)),
        "answers": list(_answers(company)),
        "custom-field-values": list(_custom_values(company)),
    }


def documents(company: Company) -> dict[str, Document]:
    """Give the files behind signed URLs: résumés belong to candidates, any others are uploads."""
    found: dict[str, Document] = {}
    for each in company.attachments:
        if each.kind == "resume":
            for name in ("resume", "original-resume"):
                found[file_key(identifier("candidates", each.candidate_id), name)] = document(each)
        else:
            found[file_key(identifier("uploads", each.id), "url")] = document(each)
    return found


def _candidate(company: Company, person: Candidate) -> Row:
    linkedin = next((each.value for each in person.urls if each.kind == "linkedin"), None)
    # Older profiles are known under the other of the two attributes.
    attribute = "linkedin-profile" if person.id % 4 == 3 else "linkedin-url"
    source = company.sources[person.source_id - 1] if person.source_id else None
    values = {
        "first-name": person.first_name,
        "last-name": person.last_name,
        "email": person.emails[0].value if person.emails else None,
        "phone": person.phones[0].value if person.phones else None,
        "pitch": f"{person.title} at {person.company}" if person.title and person.company else None,
        "picture": None if person.anonymised or person.id % 9 else f"https://images.meridian.example/{person.id}.jpg",
        attribute: linkedin,
        "resume-summary": None,
        "tags": [company.tags[each - 1].name for each in person.tag_ids],
        "connected": person.id % 15 == 0,
        "internal": False,
        "sourced": not person.emails or bool(source and source.kind == "prospecting"),
        "referred": bool(source and source.kind == "referral"),
        "referring-site": source.name if source else None,
        "unsubscribed": not person.can_email,
        "consent-future-jobs-at": stamp(person.created_at) if person.can_email else None,
        "department": optional("departments", 1 if person.id % 25 == 1 else None),
        "locations": [identifier("locations", 1 + person.id % 5)] if person.id % 6 == 1 else [],
    }
    return seed("candidates", identifier("candidates", person.id), values, person.created_at, person.updated_at)


def _application(company: Company, application: Application, job_id: int) -> Row:
    stage = hired_stage(company, job_id) if application.status == "hired" else application.stage_id
    source = company.sources[application.source_id - 1] if application.source_id else None
    unapproved = application.status == "active" and application.id % UNAPPROVED == 0
    values = {
        "cover-letter": None if application.id % 5 else "I would love to work with you.",
        "rejected-at": stamp(application.rejected_at),
        "changed-stage-at": None if unapproved else stamp(application.hired_at or application.created_at),
        "referring-site": source.name if source else None,
        "sourced": bool(source and source.kind == "prospecting"),
        "row-order": None if application.id % 3 else application.id,
        "candidate": identifier("candidates", application.candidate_id),
        "job": identifier("jobs", job_id),
        "stage": None if unapproved else optional("stages", stage),
        "reject-reason": optional("reject-reasons", application.reject_reason_id),
    }
    key = identifier("job-applications", application.id)
    return seed("job-applications", key, values, application.created_at, application.updated_at)


def _offer(offer: Offer) -> Row:
    status, response = {
        "created": ("draft", None),
        "sent": ("sent", None),
        "accepted": ("Accepted", "accepted"),
        "rejected": ("rejected", "Declined"),
    }[offer.status]
    sent = stamp(datetime.combine(offer.sent_on, time(), UTC)) if offer.sent_on else None
    values = {
        "status": status,
        "response": response,
        "sent-at": sent,
        "answered-at": stamp(offer.resolved_at),
        "details": {
            "salary": f"{offer.salary.high} {offer.salary.currency}",
            "acceptance-message": "Welcome!" if response == "accepted" else None,
            "rejection-message": None,
            "start-date": offer.starts_on.isoformat() if offer.starts_on else None,
        },
        "job-application": identifier("job-applications", offer.application_id),
        "user": identifier("users", offer.creator_id),
    }
    return seed("job-offers", identifier("job-offers", offer.id), values, offer.created_at)


def _uploads(company: Company) -> Iterator[Row]:
    jobs = {each.id: each.job_id for each in company.applications}
    for each in company.attachments:
        if each.kind != "resume":
            values = {
                "file-name": each.file_name,
                "internal": each.kind == "other",
                "candidate": identifier("candidates", each.candidate_id),
                "job": optional("jobs", jobs.get(each.application_id or 0)),
            }
            yield seed("uploads", identifier("uploads", each.id), values, each.created_at)


def _notes(company: Company) -> Iterator[Row]:
    for each in company.activities:
        if each.kind == "note":
            values = {
                "note": each.body,
                "created-by-trigger": False,
                "mentioned-user-ids": [identifier("users", 1)] if each.id % 10 == 1 else None,
                "private-note": each.visibility != "public",
                "candidate": identifier("candidates", each.candidate_id),
                "user": optional("users", each.author_id),
            }
            yield seed("notes", identifier("notes", each.id), values, each.created_at)


def _activities(company: Company) -> Iterator[Row]:
    jobs = {each.id: each.job_id for each in company.applications}
    for each in company.activities:
        data: Row = {"subject": each.subject, "body": each.body} if each.kind == "email" else {}
        if each.kind == "note":
            data = {"note_id": identifier("notes", each.id)}
        values = {
            "code": CODES[each.kind],
            "data": written(data),
            "user": optional("users", each.author_id),
            "candidate": identifier("candidates", each.candidate_id),
            "job": optional("jobs", jobs.get(each.application_id or 0)),
        }
        yield seed("activities", identifier("activities", each.id), values, each.created_at)


def _answers(company: Company) -> Iterator[Row]:
    numbers = {title: number for number, title in enumerate(titles_of(company), 1)}
    questions = {each.id: each for each in company.questions}
    seen: set[tuple[int, int]] = set()
    for application in company.applications:
        for said in application.answers:
            question = questions[said.question_id]
            number = numbers.get(question.label)
            # A candidate answers a question once, for however many jobs.
            if number is None or said.value is None or (application.candidate_id, number) in seen:
                continue
            seen.add((application.candidate_id, number))
            attribute = ANSWERS[QUESTION_TYPES[question.kind]]
            several = [said.value] if isinstance(said.value, str) else said.value
            values = {
                attribute: several if attribute == "choices" else said.value,
                "candidate": identifier("candidates", application.candidate_id),
                "question": identifier("questions", number),
            }
            yield seed("answers", identifier("answers", len(seen)), values, application.created_at)


def _custom_values(company: Company) -> Iterator[Row]:
    for person in company.candidates:
        if person.desired_salary is not None:
            values = {
                "value": person.desired_salary,
                "custom-field": identifier("custom-fields", 1),
                "owner": identifier("candidates", person.id),
            }
            yield seed("custom-field-values", identifier("custom-field-values", person.id), values, person.created_at)
