"""Candidates and their applications, as Zoho holds them."""

from polyhire.simulators.company import Application, Candidate, Company, Contact
from polyhire.simulators.tables import Row

from .identifiers import SUBFORMS, TAGS, identifier
from .seed_workplace import JOBS, user_id
from .times import optional_stamp, stamp

CANDIDATES, APPLICATIONS = 1, 3
# The status that stands for a stage of the company's.
STAGES = {
    "Application Review": "Waiting-for-Evaluation",
    "Phone Screen": "Contacted",
    "Take-home Test": "Take-home Test",
    "Technical Interview": "Interview-Scheduled",
    "Onsite": "Qualified",
    "Offer": "To-be-Offered",
}
REJECTED = {"company": "Rejected", "candidate": "Offer-Declined", "nobody": "Unqualified"}


def candidates(company: Company) -> list[Row]:
    """Give the candidates; a person of whom one name is known has it as the last name."""
    return [_candidate(company, each) for each in company.candidates]


def _value(contacts: tuple[Contact, ...], *kinds: str) -> str | None:
    return next((each.value for each in contacts if each.kind in kinds), None)


def _candidate(company: Company, person: Candidate) -> Row:
    address = person.addresses[0] if person.addresses else None
    emails = [each.value for each in person.emails]
    applied = company.applications_of[person.id]
    sources = {each.id: each.name for each in company.sources}
    return {
        "id": identifier(CANDIDATES, person.id),
        "Candidate_ID": f"ZR_{person.id}_CAND",
        "First_Name": person.first_name if person.last_name else None,
        "Last_Name": person.last_name or person.first_name,
        "Email": emails[0] if emails else None,
        "Secondary_Email": emails[1] if len(emails) > 1 else None,
        "Mobile": _value(person.phones, "mobile"),
        "Phone": _value(person.phones, "home"),
        "Website": _value(person.urls, "portfolio", "github"),
        "LinkedIn__s": _value(person.urls, "linkedin"),
        "Street": address and address.street,
        "City": address and address.city,
        "State": address and address.region,
        "Zip_Code": address and address.postal_code,
        "Country": address and address.country,
        "Experience_in_Years": None if person.anonymised or person.id % 2 else person.id % 15,
        "Expected_Salary": person.desired_salary,
        "Current_Job_Title": person.title,
        "Current_Employer": person.company,
        "Skill_Set": None if person.anonymised or person.id % 3 else "Writing, Listening, C++ & Rust",
        "Candidate_Status": _status(company, applied[-1]) if applied else "New",
        "Source": sources[person.source_id] if person.source_id else "Added by User",
        "Rating": str(1 + person.id % 5) if person.id % 4 == 0 else None,
        "Email_Opt_Out": not person.can_email,
        "Is_Locked": person.is_private,
        "Is_Unqualified": False,
        "Candidate_Owner": user_id(applied[0].recruiter_id or 1) if applied else user_id(1),
        "Created_By": user_id(1),
        "Created_Time": stamp(person.created_at),
        "Updated_On": stamp(person.updated_at),
        "Last_Activity_Time": optional_stamp(person.last_activity_at),
        "Associated_Tags": [identifier(TAGS, each) for each in person.tag_ids],
        "Preferred_Name": person.preferred_name,
        **_history(person),
    }


def _history(person: Candidate) -> Row:
    studied = {
        "Institute_School": "University of Somewhere",
        "Degree": "BSc",
        "Major_Department": None,
        "Duration": {"from": "2014-09", "to": "2018-06"},
        "Currently_pursuing": False,
        "id": identifier(SUBFORMS, person.id * 2),
    }
    worked = {
        "Company": person.company,
        "Title": person.title,
        "Duration": {"from": "2019-01", "to": None},
        "Summary": None,
        "id": identifier(SUBFORMS, person.id * 2 + 1),
    }
    return {
        "Educational_Details": [] if person.anonymised or person.id % 2 else [studied],
        "Experience_Details": [worked] if person.company else [],
    }


def _status(company: Company, application: Application) -> str:
    if application.status == "hired":
        return "Hired"
    if application.status == "rejected":
        return REJECTED[company.reject_reasons[(application.reject_reason_id or 1) - 1].by]
    stage = company.stages[application.stage_id - 1] if application.stage_id else None
    if stage is None:
        return "New"
    return STAGES[stage.name]


def applications(company: Company) -> list[Row]:
    """Give the applications. Who is not there for any job is a candidate alone."""
    sources = {each.id: each.name for each in company.sources}
    return [
        {
            "id": identifier(APPLICATIONS, each.id),
            "Application_ID": f"ZR_{each.id}_APP",
            "Application_Status": "Applied"
            if each.status == "active" and each.id % 10 == 1
            else _status(company, each),
            "Candidate": identifier(CANDIDATES, each.candidate_id),
            "job": identifier(JOBS, each.job_id),
            "Source": sources[each.source_id] if each.source_id else None,
            "Rating": None,
            "Application_Owner": user_id(each.credited_to_id or each.recruiter_id or 1),
            "Created_By": user_id(each.recruiter_id or 1),
            "Created_Time": stamp(each.created_at),
            "Updated_On": stamp(each.updated_at),
            "Last_Activity_Time": optional_stamp(each.last_activity_at),
        }
        for each in company.applications
        if each.job_id is not None
    ]
