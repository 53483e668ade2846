"""Who applied, as JazzHR keeps them: applicants, their links to jobs with the step of the workflow, and hires."""

from collections.abc import Sequence
from datetime import date
from hashlib import sha256

from polyhire.simulators.company import Address, Application, Candidate, Company, Eeoc
from polyhire.simulators.tables import Row

from .identifiers import NO_DATE, Ids, clock, day, identifier

# What an applicant may say, or not; JazzHR shows all of it, empty when it was not said.
SAID = (
    "desired_salary", "desired_start_date", "referrer", "languages", "wmyu", "has_driver_license",
    "willing_to_relocate", "citizenship_status", "education_level", "has_cdl", "over_18", "can_work_weekends",
    "can_work_evenings", "can_work_overtime", "has_felony", "felony_explanation", "college", "college_gpa",
    "references", "notes",
)  # fmt: skip
EEO = (
    "eeo_gender", "eeo_race", "eeo_disability", "eeoc_veteran", "eeoc_disability",
    "eeoc_disability_signature", "eeoc_disability_date",
)  # fmt: skip
NO_PLACE = "(No City Provided) (No State Provided) (No Postal Code Provided)"
NO_ADDRESS = "Unavailable"
HIRED = "Hired"
STARS = {"strong_no": 1, "no": 2, "yes": 4, "strong_yes": 5}
# inferred: what an applicant is before anybody has looked
UNTOUCHED = "New"


def step_id(name: str) -> str:
    """Give the id of a step; inferred: steps are shared between jobs, and their ids are numbers."""
    return str(2_000_000 + int.from_bytes(sha256(name.encode()).digest()[:4]) % 1_000_000)


def applicants(company: Company, ids: Ids, stars: dict[int, int]) -> list[Row]:
    by_application = {each.application_id: each for each in company.eeocs}
    made = []
    for person in company.candidates:
        applied = company.applications_of[person.id]
        said = next((by_application[each.id] for each in applied if each.id in by_application), None)
        made.append(_applicant(company, ids, person, said, _best(applied, stars)))
    return made


def _best(applied: Sequence[Application], stars: dict[int, int]) -> int:
    return max((stars.get(each.id, 0) for each in applied), default=0)


def _applicant(company: Company, ids: Ids, person: Candidate, said: Eeoc | None, rating: int) -> Row:
    applied = company.applications_of[person.id]
    recruiter = next((each.recruiter_id for each in applied if each.recruiter_id), None)
    source = next((each.name for each in company.sources if each.id == person.source_id), "")
    urls = {each.kind: each.value for each in reversed(person.urls)}
    place = person.addresses[0] if person.addresses else None
    first = person.first_name or ""
    row = {
        "id": ids.applicants[person.id],
        # JazzHR is known to show stray quotes.
        "first_name": f'"{first}"' if person.id % 43 == 0 else first,
        "last_name": person.last_name or "",
        "email": person.emails[0].value if person.emails else "",
        "address": place.street if place and place.street else NO_ADDRESS,
        "location": location(place),
        "phone": person.phones[0].value if person.phones else "",
        "linkedin_url": urls.get("linkedin", ""),
        "website": urls.get("portfolio") or urls.get("github", ""),
        "twitter_username": "",
        **_equality(person, said),
        **dict.fromkeys(SAID, ""),
        "apply_date": day(person.created_at),
        "source": source,
        "recruiter_id": ids.users[recruiter] if recruiter else "",
        "rating": str(rating),
        "resume_body": "",
        "_city": place.city if place else "",
    }
    if person.desired_salary:
        row["desired_salary"] = str(person.desired_salary)
    return row


def location(place: Address | None) -> str:
    """Word a place; inferred: that each part is stood for when it is missing, as all of them are."""
    if place is None:
        return NO_PLACE
    parts = (place.city, place.region or "(No State Provided)", place.postal_code or "(No Postal Code Provided)")
    return " ".join(parts)


def _equality(person: Candidate, said: Eeoc | None) -> Row:
    empty: Row = dict.fromkeys(EEO)
    if said is None:
        return empty
    signed = said.disability_status is not None
    return {
        **empty,
        "eeo_gender": said.gender,
        "eeo_race": said.race,
        "eeoc_veteran": said.veteran_status,
        "eeoc_disability": said.disability_status,
        "eeoc_disability_signature": person.name if signed else None,
        "eeoc_disability_date": day(said.submitted_at) if signed else None,
    }


def progress(company: Company, application: Application) -> str | None:
    """Name the step an application is at: the reason when it was rejected; None when nobody has touched it."""
    if application.status == "hired":
        return HIRED
    if application.status == "rejected":
        # inferred: applicants leave a workflow by a step that says why
        return next((each.name for each in company.reject_reasons if each.id == application.reject_reason_id), "Other")
    if application.last_activity_at is None:
        return None
    return next((each.name for each in company.stages if each.id == application.stage_id), None)


def links(company: Company, ids: Ids, stars: dict[int, int]) -> list[Row]:
    return [_link(company, ids, stars, each) for each in company.applications if each.job_id]


def _link(company: Company, ids: Ids, stars: dict[int, int], application: Application) -> Row:
    step = progress(company, application)
    # inferred: nobody's rating is 0
    rating = str(stars.get(application.id, 0))
    return {
        "id": identifier("link", application.id, application.created_at),
        "applicant_id": ids.applicants[application.candidate_id],
        "job_id": ids.jobs[application.job_id or 0],
        "rating": rating,
        "workflow_step_id": step_id(step) if step else None,
        "date": NO_DATE if application.id % 2 == 0 else day(application.created_at),
        "_progress": step or UNTOUCHED,
        "_applied": day(application.created_at),
        "_lead_rating": rating if application.id % 3 == 0 else "0",
    }


def hires(company: Company, ids: Ids) -> list[Row]:
    return [
        {
            "id": identifier("hire", each.id, each.hired_at),
            "applicant_id": ids.applicants[each.candidate_id],
            "job_id": ids.jobs[each.job_id],
            "workflow_step_id": step_id(HIRED),
            "workflow_step_name": HIRED,
            "hired_date": day(each.hired_at),
            "hired_time": clock(each.hired_at),
        }
        for each in company.applications
        if each.hired_at and each.job_id
    ]


def blank(today: date) -> Row:
    """Give what an applicant shows of whom nothing is known."""
    return {
        "address": NO_ADDRESS,
        "location": NO_PLACE,
        **dict.fromkeys(("phone", "linkedin_url", "website", "twitter_username"), ""),
        **dict.fromkeys(EEO),
        **dict.fromkeys(SAID, ""),
        "apply_date": today.isoformat(),
        **dict.fromkeys(("source", "recruiter_id"), ""),
        "rating": "0",
        "resume_body": "",
        "_city": "",
    }
