"""The people and what they applied for, as Recruitee keeps them."""

from polyhire.simulators.company import Application, Candidate, Company, Document, document
from polyhire.simulators.tables import Row, iso

from .identifiers import identifier, optional
from .seed_workplace import KINDS, POOL

# inferred: a candidate came by email, through the careers site, or was entered or imported
SOURCES = {
    "career_site": "career_site",
    "job_board": "email",
    "referral": "manual",
    "agency": "manual",
    "prospecting": "imported",
}


def candidates(company: Company) -> list[Row]:
    sources = {each.id: each for each in company.sources}
    written: dict[int, str | None] = {}
    for each in company.activities:
        if each.kind == "email":
            written[each.candidate_id] = max(written.get(each.candidate_id) or "", iso(each.created_at) or "")
    made = []
    for person in company.candidates:
        source = sources.get(person.source_id or 0)
        applied = company.applications_of[person.id]
        made.append(
            {
                "id": identifier("candidate", person.id),
                # inferred: whoever was anonymized keeps a name that says so
                "name": person.name or "Anonymized candidate",
                "emails": [each.value for each in person.emails],
                "phones": [each.value for each in person.phones],
                "admin_id": optional("admin", applied[0].recruiter_id) if applied else None,
                "last_message_at": written.get(person.id),
                "source": SOURCES[source.kind] if source else None,
                "sources": [source.name] if source else [],
                "referrer": "A colleague" if source and source.kind == "referral" else None,
                "cover_letter": None,
                "social_links": [each.value for each in person.urls if each.kind != "portfolio"],
                "links": [each.value for each in person.urls if each.kind == "portfolio"],
                "tag_ids": [identifier("tag", each) for each in person.tag_ids],
                "fields": [] if person.anonymised else fields(person),
                "answers": [row for each in applied for row in _answers(company, each)],
                "viewed": person.id % 7 != 0,
                "last_activity_at": iso(person.last_activity_at or person.updated_at),
                "created_at": iso(person.created_at),
                "updated_at": iso(person.updated_at),
            }
        )
    return made


def fields(person: Candidate) -> list[Row]:
    """Give the profile fields; the newest experience is not always the first."""
    made: list[Row] = []
    if person.company or person.title:
        now = _job(person.company, person.title, "2023-02-01", None)
        before = _job("Casa Ceibo", "Trainee", "2019-09-01", "2023-01-31")
        jobs = [now] if person.id % 3 else [before, now]
        made.append({"id": identifier("field", 10 * person.id), "kind": "experience", "values": jobs})
    if person.id % 4 == 2:
        school = {
            "school": "Politécnico do Porto",
            "major": "Physics",
            "degree": "BSc",
            "start_date": "2016-09-01",
            "end_date": "2019-06-30",
            "description": None,
        }
        made.append({"id": identifier("field", 10 * person.id + 1), "kind": "education", "values": [school]})
    if person.desired_salary:
        wish = {"text": str(person.desired_salary)}
        field = {"id": identifier("field", 10 * person.id + 2), "kind": "single_line", "name": "Desired salary"}
        made.append({**field, "values": [wish]})
    return made


def _job(company: str | None, title: str | None, start: str, end: str | None) -> Row:
    return {
        "company": company,
        "title": title,
        "location": None,
        "start_date": start,
        "end_date": end,
        "description": None,
    }


def _answers(company: Company, application: Application) -> list[Row]:
    if application.job_id is None:
        return []
    asked = {each.id: each for each in company.questions_of[application.job_id]}
    return [
        {
            "id": identifier("answer", 100 * application.id + turn),
            "offer_id": identifier("offer", application.job_id),
            "question": asked[each.question_id].label,
            "content": _content(each.value),
            "kind": KINDS[asked[each.question_id].kind],
        }
        for turn, each in enumerate(application.answers)
    ]


def _content(value: str | bool | tuple[str, ...] | None) -> str | None:
    """Write an answer as text. inferred: several choices have commas between them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(value) if isinstance(value, tuple) else value


def placements(company: Company) -> list[Row]:
    reasons = {each.id: each.name for each in company.reject_reasons}
    return [_placement(company, each, reasons) for each in company.applications]


def _placement(company: Company, application: Application, reasons: dict[int, str]) -> Row:
    job = application.job_id or POOL
    # inferred: whoever was hired stands in the last stage
    last = company.stages_of[job][-1].id if application.job_id else POOL
    ended = application.rejected_at
    return {
        "id": identifier("placement", application.id),
        "candidate_id": identifier("candidate", application.candidate_id),
        "offer_id": identifier("offer", job),
        "stage_id": identifier("stage", application.stage_id or last),
        "created_at": iso(application.created_at),
        "updated_at": iso(application.updated_at),
        "hired_at": iso(application.hired_at),
        "position": application.id,
        "disqualified_at": iso(ended),
        "disqualify_reason": reasons.get(application.reject_reason_id or 0) if ended else None,
    }


def documents(company: Company) -> dict[str, Document]:
    """Give the bytes of CVs and cover letters by whose they are, of attachments by their own ids."""
    made = {}
    for each in company.attachments:
        owner = identifier("candidate", each.candidate_id)
        key = {"resume": f"cv-{owner}", "cover_letter": f"letter-{owner}"}.get(each.kind)
        made[key or f"attachment-{identifier('attachment', each.id)}"] = document(each)
    return made


def attachments(company: Company) -> list[Row]:
    """Give the files that are neither a CV nor a cover letter."""
    return [
        {
            "id": identifier("attachment", each.id),
            "candidate_id": identifier("candidate", each.candidate_id),
            "filename": each.file_name,
            "content_type": each.content_type,
            "file_size": len(document(each).content),
            "admin_id": None,
            "created_at": iso(each.created_at),
            "updated_at": iso(each.created_at),
        }
        for each in company.attachments
        if each.kind == "other"
    ]
