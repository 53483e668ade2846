"""Interviews, offers, notes and files, as Zoho holds them."""

from polyhire.simulators.company import Application, Company, Interview, Offer
from polyhire.simulators.tables import Row

from .identifiers import identifier
from .modules import STAFFING
from .seed_people import CANDIDATES
from .seed_workplace import CLIENTS, JOBS, user_id
from .state import ATTACHMENTS_NUMBER
from .times import stamp

INTERVIEWS, OFFERS, NOTES = 4, 14, 15
INTERVIEW_STATUSES = {
    "scheduled": "Scheduled",
    "awaiting_feedback": "Completed",
    "complete": "Completed",
    "cancelled": "Cancelled",
}
OFFER_STATUSES = {
    "created": "Draft",
    "sent": "Offer-Made",
    "accepted": "Offer-Accepted",
    "rejected": "Offer-Declined",
}
CATEGORIES = {"resume": "Resume", "cover_letter": "Cover Letter", "other": "Others"}


def interviews(company: Company, edition: str) -> list[Row]:
    """Give the interviews."""
    applied = {each.id: each for each in company.applications}
    return [_interview(company, each, applied[each.application_id], edition) for each in company.interviews]


def _interview(company: Company, interview: Interview, application: Application, edition: str) -> Row:
    job = company.jobs[application.job_id - 1] if application.job_id else None
    client = identifier(CLIENTS, job.department_id) if job and job.department_id else None
    owner = user_id(interview.organizer_id or 1)
    return {
        "id": identifier(INTERVIEWS, interview.id),
        "Interview_Name": interview.name,
        "Interview_Type": "Online Interview" if interview.video_url else "General Interview",
        "Candidate_Name": identifier(CANDIDATES, application.candidate_id),
        "Posting_Title": job and identifier(JOBS, job.id),
        **({"Client_Name": client} if edition == STAFFING else {}),
        "Start_DateTime": stamp(interview.starts_at),
        "End_DateTime": stamp(interview.ends_at),
        "Interviewer": [user_id(each) for each in interview.interviewer_ids],
        "Interview_Owner": owner,
        "Location": interview.location,
        "Venue": interview.video_url,
        "Schedule_Comments": None,
        "Interview_Status": INTERVIEW_STATUSES[interview.status],
        "Created_By": owner,
        "Modified_By": owner,
        "Created_Time": stamp(interview.created_at),
        "Modified_Time": stamp(interview.updated_at),
    }


def offers(company: Company) -> list[Row]:
    """Give the offers."""
    applied = {each.id: each for each in company.applications}
    return [_offer(company, each, applied[each.application_id]) for each in company.offers]


def _offer(company: Company, offer: Offer, application: Application) -> Row:
    assert application.job_id is not None
    creator = user_id(offer.creator_id)
    return {
        "id": identifier(OFFERS, offer.id),
        "Offer_Name": f"Offer: {company.jobs[application.job_id - 1].title}",
        "Candidate_Name": identifier(CANDIDATES, application.candidate_id),
        "Posting_Title": identifier(JOBS, application.job_id),
        "Offer_Status": OFFER_STATUSES[offer.status],
        "Compensation_Amount": offer.salary.low,
        "Currency": offer.salary.currency,
        "Expected_Joining_Date": offer.starts_on.isoformat() if offer.starts_on else None,
        "Offer_Owner": creator,
        "Created_By": creator,
        "Modified_By": creator,
        "Created_Time": stamp(offer.created_at),
        "Modified_Time": stamp(offer.updated_at),
    }


def notes(company: Company) -> list[Row]:
    """Give the notes, all under their candidates; messages and events have no place in the API."""
    return [
        {
            "id": identifier(NOTES, each.id),
            "Note_Title": each.subject,
            "Note_Content": each.body,
            "Parent_Id": identifier(CANDIDATES, each.candidate_id),
            "se_module": "Candidates",
            "Note_Owner": user_id(each.author_id or 1),
            "Created_By": user_id(each.author_id or 1),
            "Modified_By": user_id(each.author_id or 1),
            "Created_Time": stamp(each.created_at),
            "Modified_Time": stamp(each.created_at),
        }
        for each in company.activities
        if each.kind == "note"
    ]


def attachments(company: Company) -> list[Row]:
    """Give the files of the candidates, in the order of the company's."""
    return [
        {
            "id": identifier(ATTACHMENTS_NUMBER, each.id),
            "module": "Candidates",
            "Parent_Id": identifier(CANDIDATES, each.candidate_id),
            "category": CATEGORIES[each.kind],
            "Owner": user_id(1),
            "Created_By": user_id(1),
            "Modified_By": user_id(1),
            "Created_Time": stamp(each.created_at),
            "Modified_Time": stamp(each.created_at),
        }
        for each in company.attachments
    ]
