"""Candidates as Breezy keeps them: one record for each person in each position."""

from collections.abc import Mapping
from dataclasses import replace

from polyhire.simulators.company import Application, Candidate, Company, Contact, Scorecard
from polyhire.simulators.tables import Row, iso

from .identifiers import identifier, initials
from .seed_pipelines import Plan, stage_of
from .seed_workplace import position_id

ORIGINS = {"referral": "referral", "prospecting": "sourced", "agency": "recruiter"}
NETWORKS = {"linkedin": "LinkedIn", "github": "GitHub", "portfolio": "Portfolio"}
SCORES = {"strong_no": "very_poor", "no": "poor", "yes": "good", "strong_yes": "very_good"}
WORTH = ("very_poor", "poor", "neutral", "good", "very_good")


def unapplied(person: Candidate) -> Application:
    """Pretend that someone who applied for nothing did so for the pool."""
    return Application(
        # Below all others, so that no application has the same.
        id=-person.id,
        candidate_id=person.id,
        job_id=None,
        stage_id=None,
        status="active",
        source_id=person.source_id,
        **dict.fromkeys(("credited_to_id", "recruiter_id", "coordinator_id")),
        answers=(),
        **dict.fromkeys(("reject_reason_id", "rejected_by_id", "rejected_at", "hired_at", "last_activity_at")),
        created_at=person.created_at,
        updated_at=person.updated_at,
    )


def everyone(company: Company) -> Company:
    """Give the company with an application for everybody."""
    alone = [unapplied(each) for each in company.candidates if not company.applications_of[each.id]]
    return replace(company, applications=(*company.applications, *alone))


def candidate_id(application_id: int) -> str:
    """Give the id of the record that stands for an application."""
    return identifier("candidate", application_id)


def candidates(company: Company, plan: Plan, resumes: Mapping[int, Row]) -> list[Row]:
    """Show every application of a company that has one for everybody; `resumes` are by application."""
    people = {each.id: each for each in company.candidates}
    scores: dict[int, list[Scorecard]] = {}
    for scorecard in company.scorecards:
        scores.setdefault(scorecard.application_id, []).append(scorecard)
    return [
        {
            **_record(company, plan, each),
            **_person(people[each.candidate_id]),
            **_profile(company, people[each.candidate_id]),
            "resume": resumes.get(each.id),
            "overall_score": overall(scores.get(each.id, [])),
        }
        for each in company.applications
    ]


def _record(company: Company, plan: Plan, application: Application) -> Row:
    pipeline = plan.of_job[application.job_id] if application.job_id else plan.default
    source = next((each for each in company.sources if each.id == application.source_id), None)
    user = application.credited_to_id
    return {
        "_id": candidate_id(application.id),
        "position": position_id(application.job_id),
        "meta_id": identifier("person", application.candidate_id),
        "stream_id": identifier("stream", application.id),
        "origin": ORIGINS.get(source.kind, "applied") if source else "applied",
        "source": {"id": identifier("source", source.id), "name": source.name, "type": source.kind} if source else None,
        "stage": stage_of(company, application, pipeline),
        "assigned_to": identifier("user", user) if user else None,
        "creation_date": iso(application.created_at),
        "updated_date": iso(application.updated_at),
    }


def _person(person: Candidate) -> Row:
    # inferred: who was anonymised is called so
    name = "Anonymous" if person.anonymised else person.name
    return {
        "name": name,
        "initial": initials(name),
        "headline": person.title,
        "email_address": next((each.value for each in person.emails), None),
        "phone_number": next((each.value for each in person.phones), None),
        "profile_photo_url": f"https://photos.example/{person.id}.jpg" if person.id % 12 == 5 else None,
    }


def _profile(company: Company, person: Candidate) -> Row:
    return {
        "tags": [each.name for each in company.tags if each.id in person.tag_ids],
        "address": _address(person),
        "summary": f"{person.title}, for many years." if person.title and person.id % 3 == 1 else None,
        "cover_letter": "<p>Dear all,</p><p>hire me.</p>" if person.id % 7 == 3 else None,
        "work_history": _work(person),
        "education": _education(person),
        "social_profiles": _profiles(person),
        "custom_attributes": _attributes(person),
    }


def _address(person: Candidate) -> str | None:
    found = next(iter(person.addresses), None)
    if found is None:
        return None
    return ", ".join(filter(None, [found.street, found.postal_code, found.city, found.region, found.country]))


def _work(person: Candidate) -> list[Row]:
    """Say where someone works, and before that worked; some only have a past."""
    past = {"company_name": "Former & Sons", "title": "Trainee", "summary": None, "start_year": 2012}
    past |= {"end_month": 6, "end_year": 2015}
    found = []
    if person.company:
        now = {"company_name": person.company, "title": person.title, "summary": "Still there."}
        found.append({**now, "start_month": 9, "start_year": 2019})
    return [*found, past] if person.id % 3 == 0 and not person.anonymised else found


def _education(person: Candidate) -> list[Row]:
    if person.id % 4 or person.anonymised:
        return []
    return [{"school_name": "Universität Łódź", "field_of_study": "Physics", "start_year": 2008, "end_year": 2011}]


def _profiles(person: Candidate) -> list[Row] | dict[str, str]:
    """List the profiles of some, and map those of others: Breezy has both."""
    if person.id % 3 == 0:
        return {each.kind: each.value for each in person.urls}
    key = "type" if person.id % 3 == 1 else "typeName"
    return [_network(each, key) for each in person.urls]


def _network(contact: Contact, key: str) -> Row:
    return {key: contact.kind if key == "type" else NETWORKS.get(contact.kind, "Other"), "url": contact.value}


def _attributes(person: Candidate) -> list[Row]:
    found = {"Desired salary": person.desired_salary, "Time zone": person.time_zone}
    return [{"name": name, "value": str(value)} for name, value in found.items() if value is not None]


def score_of(scorecard: Scorecard) -> str | None:
    """Give the word of a verdict; None for a draft. Half of the drafts are taken for undecided instead."""
    if scorecard.rating is None:
        return "neutral" if scorecard.id % 12 == 0 else None
    return SCORES[scorecard.rating]


def overall(scorecards: list[Scorecard]) -> Row | None:
    """Sum up the verdicts. inferred: points are from 0 for very_poor to 4 for very_good."""
    given = [(each.interviewer_id, score) for each in scorecards if (score := score_of(each))]
    if not given:
        return None
    points = sum(WORTH.index(score) for _, score in given)
    said = {word: [identifier("user", user) for user, score in given if score == word] for word in reversed(WORTH)}
    return {"average_score": round(points / len(given), 2), "score": points, "scored_count": len(given), **said}
