"""Shows who applied as Workable's candidates: each is one person on one job, or in the talent pool."""

from collections.abc import Iterator

from polyhire.simulators.company import (
    Address,
    Application,
    Attachment,
    Candidate,
    Company,
    Document,
    FormAnswer,
    Question,
    Source,
    document,
)
from polyhire.simulators.tables import Row

from .identifiers import identifier, shortcode, stamp
from .seed_workplace import FIELDS, LAST, choice_id, step

CATEGORIES = {
    "job_board": "Job boards",
    "referral": "Referrals",
    "agency": "Agencies",
    "career_site": "Careers page",
    "prospecting": "Sourced",
}
DOMAINS = {"LinkedIn": "linkedin.com", "Indeed": "indeed.com"}
NETWORKS = {"linkedin": "linkedin", "github": "github", "portfolio": "website"}
SOURCED = "sourced"
# What somebody did before; it comes first, though they no longer do it.
BEFORE: Row = {
    "title": "Trainee",
    "summary": "Learnt the trade.",
    "start_date": "2016-09-01",
    "end_date": "2019-06-30",
    "company": "Ostrava Tools",
    "industry": "Manufacturing",
    "current": False,
}
STUDIED: Row = {
    "degree": "BSc",
    "school": "Universidade do Porto",
    "field_of_study": "Materials",
    "start_date": "2012-09-01",
    "end_date": "2015-06-30",
}


class Numbers:
    """Tells which candidate a file or an activity belongs to, by the number of its row."""

    def __init__(self, company: Company) -> None:
        self._last = max((each.id for each in company.applications), default=0)
        self._first = {person: rows[0].id for person, rows in company.applications_of.items() if rows}

    def of(self, person: int, application: int | None) -> str:
        """Give the id: of the application, or of the first, or of the person in the talent pool."""
        return identifier("candidate", application or self._first.get(person) or self._last + person)


def candidates(company: Company) -> list[Row]:
    """Give a candidate for every application, and one for every person without any."""
    numbers = Numbers(company)
    people = {each.id: each for each in company.candidates}
    reading = _Reading(company, _resumes(company))
    rows = [
        reading.row(numbers.of(each.candidate_id, each.id), people[each.candidate_id], each)
        for each in company.applications
    ]
    rows += [
        reading.row(numbers.of(each.id, None), each, None)
        for each in company.candidates
        if not company.applications_of[each.id]
    ]
    return rows


class _Reading:
    """What it takes to read a company's people."""

    def __init__(self, company: Company, resumes: dict[str, str]) -> None:
        self._resumes = resumes
        self._sources: dict[int | None, Source] = {each.id: each for each in company.sources}
        self._tags = {each.id: each.name for each in company.tags}
        self._reasons = {each.id: each for each in company.reject_reasons}
        self._questions = {each.id: each for each in company.questions}
        self._stages = {each.id: step(each.name, each.kind) for each in company.stages}

    def row(self, key: str, person: Candidate, application: Application | None) -> Row:
        home = person.addresses[0] if person.addresses else None
        return {
            "id": key,
            # inferred: blanked is null
            "firstname": person.first_name,
            "lastname": person.last_name,
            "headline": person.title,
            "anonymized": person.anonymised,
            "sample": True if person.id % 97 == 0 else None,
            "address": _address(home) if home else None,
            "phone": person.phones[0].value if person.phones else None,
            "email": person.emails[0].value if person.emails else None,
            **self._source(person),
            **self._progress(application),
            "created_at": stamp((application or person).created_at),
            "updated_at": stamp((application or person).updated_at),
            "resume": self._resumes.get(key),
            "image_url": None
            if person.anonymised or person.id % 9
            else f"https://photos.workable.example/{person.id}.jpg",
            "cover_letter": None if person.anonymised or person.id % 6 else "Dear all,\nI would love to “join”.",
            "summary": None if person.anonymised or person.id % 5 else "Careful, curious.",
            "education_entries": list(_education(person)),
            "experience_entries": list(_experience(person)),
            "skills": [] if person.anonymised or person.id % 3 else ["Blowing", "C++"],
            "social_profiles": _profiles(person),
            "tags": [self._tags[each] for each in person.tag_ids],
            "location": _location(home) if home else None,
            "originating_candidate_id": None,
        }

    def _source(self, person: Candidate) -> Row:
        source = self._sources.get(person.source_id)
        return {
            "sourced": source is not None and source.kind == "prospecting",
            "domain": DOMAINS.get(source.name) if source else None,
            "outlet": source.name.lower() if source and source.kind == "job_board" else None,
            "common_source": source.name if source else None,
            "common_source_category": CATEGORIES[source.kind] if source else None,
        }

    def _progress(self, application: Application | None) -> Row:
        ended = application.rejected_at if application else None
        reason = self._reasons.get(application.reject_reason_id or 0) if application else None
        progress: Row = {
            "job": shortcode(application.job_id) if application and application.job_id else None,
            "stage": SOURCED,
            "disqualified": bool(application and application.status == "rejected"),
            "withdrew": True if reason is not None and reason.by == "candidate" else None,
            "disqualification_reason": reason.name if reason else None,
            "disqualified_at": stamp(ended),
            "hired_at": stamp(application.hired_at) if application else None,
            "moved_to_offer_at": None,
            "uploader_id": None,
            "answers": [],
        }
        if application is None or application.job_id is None:
            return progress
        _, slug, kind = LAST if application.status == "hired" else self._stages[application.stage_id or 0]
        credited = application.credited_to_id
        answers = [_answer(self._questions[each.question_id], each) for each in application.answers]
        return progress | {
            "stage": slug,
            "moved_to_offer_at": stamp(application.updated_at) if kind == "offer" else None,
            "uploader_id": identifier("member", credited) if credited else None,
            "answers": [each for each in answers if each],
        }


def _answer(question: Question, given: FormAnswer) -> Row | None:
    value = given.value
    if value is None or question.label in FIELDS:
        return None
    # inferred: how choices are written
    if isinstance(value, bool):
        answer: Row = {"checked": value}
    elif question.options:
        chosen = (value,) if isinstance(value, str) else value
        answer = {
            "choices": [{"id": choice_id(question.id, question.options.index(each)), "body": each} for each in chosen]
        }
    else:
        answer = {"body": value}
    return {"question": {"body": question.label}, "answer": answer}


def _address(home: Address) -> str:
    return ", ".join(part for part in (home.street, home.city, home.region, home.postal_code, home.country) if part)


def _location(home: Address) -> Row:
    return {
        "location_str": ", ".join(part for part in (home.city, home.region, home.country) if part),
        "country": home.country,
        "country_code": home.country_code,
        "region": home.region,
        "region_code": None,
        "city": home.city,
        "zip_code": home.postal_code,
    }


def _education(person: Candidate) -> Iterator[Row]:
    if not person.anonymised and person.id % 4 == 0:
        yield {"id": identifier("entry", 2_000 * 100 + person.id), **STUDIED}


def _experience(person: Candidate) -> Iterator[Row]:
    if person.anonymised:
        return
    if person.id % 5 == 2:
        yield {"id": identifier("entry", 1_000 * 100 + person.id), **BEFORE}
    if person.company:
        now: Row = {"title": person.title, "summary": None, "start_date": "2021-03-01", "end_date": None}
        yield {
            "id": identifier("entry", person.id),
            **now,
            "company": person.company,
            "industry": None,
            "current": True,
        }


def _profiles(person: Candidate) -> list[Row]:
    return [
        {
            "type": NETWORKS.get(each.kind, "website"),
            "name": each.kind.title(),
            "username": each.value.rpartition("/")[2] if each.kind != "portfolio" else None,
            "url": each.value,
        }
        for each in person.urls
    ]


def _resumes(company: Company) -> dict[str, str]:
    numbers = Numbers(company)
    return {
        numbers.of(each.candidate_id, each.application_id): identifier("file", each.id)
        for each in company.attachments
        if each.kind == "resume"
    }


def files(company: Company) -> list[Row]:
    """Give the files, each on one candidate."""
    numbers = Numbers(company)
    return [_file(numbers, each) for each in company.attachments]


def _file(numbers: Numbers, attachment: Attachment) -> Row:
    key = identifier("file", attachment.id)
    moment = stamp(attachment.created_at)
    return {
        "id": key,
        "candidate": numbers.of(attachment.candidate_id, attachment.application_id),
        "name": attachment.file_name,
        # inferred: where a file came from
        "source": "comment" if attachment.kind == "other" else "application",
        "kind": attachment.kind,
        "created_at": moment,
        "updated_at": moment,
        "document": key,
    }


def documents(company: Company) -> dict[str, Document]:
    """Give the bytes of every file, by the id of its row."""
    return {identifier("file", each.id): document(each) for each in company.attachments}
