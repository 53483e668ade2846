"""What happened, as Lever keeps it: notes, emails, panels, interviews, feedback, surveys."""

from typing import Any

from polyhire.simulators.company import Activity, Company, Interview, Scorecard
from polyhire.simulators.tables import Row

from .forms import AGAIN, ATTRIBUTES, RATING, RATINGS, TAKEAWAYS, TEMPLATE
from .identifiers import identifier, milliseconds
from .seed_people import opportunity_number
from .seed_workplace import STAGE_OF


def _opportunity(company: Company, person: int, application: int | None = None) -> str:
    return identifier("opportunity", opportunity_number(company, person, application))


def _applied(company: Company, application: int) -> str:
    return _opportunity(company, company.applications[application - 1].candidate_id, application)


def notes(company: Company) -> list[Row]:
    return [_note(company, each) for each in company.activities if each.kind == "note" and each.author_id]


def _note(company: Company, activity: Activity) -> Row:
    author, created = identifier("user", activity.author_id or 0), milliseconds(activity.created_at)
    return {
        "id": identifier("note", activity.id),
        "opportunityId": _opportunity(company, activity.candidate_id, activity.application_id),
        # inferred: either the text or the fields may be all that is told
        "text": activity.body if activity.id % 3 else None,
        "fields": [said(activity.body, author, created)],
        "user": author,
        "secret": activity.visibility != "public",
        "completedAt": created,
        "createdAt": created,
        "deletedAt": None,
    }


def said(body: str, author: str, created: int) -> Row:
    """Word one thing that was said in a note, or in reply to it."""
    return {"type": "note", "text": "Note", "value": body, "createdAt": created, "user": author}


def emails(company: Company) -> list[Row]:
    """Give the emails. inferred: their shape, which Lever's documentation does not tell."""
    return [
        {
            "id": identifier("email", each.id),
            "opportunityId": _opportunity(company, each.candidate_id, each.application_id),
            "subject": each.subject,
            "content": each.body,
            "from": each.sender,
            "to": list(each.to),
            "cc": list(each.cc),
            "createdAt": milliseconds(each.created_at),
        }
        for each in company.activities
        if each.kind == "email"
    ]


def panels(company: Company) -> list[Row]:
    """Give each interview a panel of its own, as Lever's own scheduling does."""
    return [
        {
            "id": identifier("panel", each.id),
            "opportunityId": _applied(company, each.application_id),
            "applications": [identifier("application", each.application_id)],
            "timezone": "Europe/Lisbon",
            "note": None,
            "user": _organizer(company, each),
            "stage": _stage(company, each),
            # Every fourth was arranged by another program, which alone may change it.
            "externallyManaged": each.id % 4 == 0,
            "externalUrl": None,
            "canceledAt": _canceled(each),
            "createdAt": milliseconds(each.created_at),
        }
        for each in company.interviews
    ]


def _stage(company: Company, interview: Interview) -> str:
    """Give the stage that an interview was held at."""
    return STAGE_OF[company.stages[interview.stage_id - 1].name]


def _organizer(company: Company, interview: Interview) -> str:
    recruiter = company.applications[interview.application_id - 1].recruiter_id
    return identifier("user", interview.organizer_id or recruiter or 1)


def _canceled(interview: Interview) -> int | None:
    return milliseconds(interview.updated_at) if interview.status == "cancelled" else None


def interviews(company: Company) -> list[Row]:
    forms: dict[int, list[str]] = {}
    for each in company.scorecards:
        forms.setdefault(each.interview_id, []).append(identifier("feedback", each.id))
    return [_interview(company, each, forms.get(each.id, [])) for each in company.interviews]


def _interview(company: Company, interview: Interview, forms: list[str]) -> Row:
    job = company.applications[interview.application_id - 1].job_id
    return {
        "id": identifier("interview", interview.id),
        "opportunityId": _applied(company, interview.application_id),
        "panel": identifier("panel", interview.id),
        "subject": interview.name,
        "note": interview.video_url,
        "interviewers": [
            {
                "id": identifier("user", each),
                "name": company.users[each - 1].name,
                "email": company.users[each - 1].email,
                "feedbackTemplate": TEMPLATE["id"],
            }
            for each in interview.interviewer_ids
        ],
        "timezone": "Europe/Lisbon",
        "createdAt": milliseconds(interview.created_at),
        "date": milliseconds(interview.starts_at),
        "duration": int((interview.ends_at - interview.starts_at).total_seconds() // 60),
        "location": interview.location,
        "feedbackTemplate": TEMPLATE["id"],
        "feedbackForms": forms,
        "feedbackReminder": "none",
        "user": _organizer(company, interview),
        "stage": _stage(company, interview),
        "canceledAt": _canceled(interview),
        "postings": [identifier("posting", job)] if job else [],
        "gcalEventUrl": None,
    }


def feedback(company: Company) -> list[Row]:
    return [_feedback(company, each) for each in company.scorecards]


def _feedback(company: Company, scorecard: Scorecard) -> Row:
    values: dict[str, Any] = {
        RATING: RATINGS[scorecard.rating] if scorecard.rating else None,
        TAKEAWAYS: scorecard.takeaways,
        AGAIN: next((value for _, value in scorecard.answers), None),
        **{identifier("feedback field", 10 + ATTRIBUTES.index(name)): value for name, value in scorecard.attributes},
    }
    return {
        "id": identifier("feedback", scorecard.id),
        "opportunityId": _applied(company, scorecard.application_id),
        "type": "interview",
        "text": TEMPLATE["text"],
        "instructions": TEMPLATE["instructions"],
        "fields": [{**each, "value": values.get(each["id"])} for each in TEMPLATE["fields"]],
        "baseTemplateId": TEMPLATE["id"],
        "interview": identifier("interview", scorecard.interview_id),
        "panel": identifier("panel", scorecard.interview_id),
        "user": identifier("user", scorecard.interviewer_id),
        "createdAt": milliseconds(scorecard.created_at),
        "completedAt": milliseconds(scorecard.submitted_at) if scorecard.submitted_at else None,
        "updatedAt": milliseconds(scorecard.updated_at),
        "deletedAt": None,
    }


def surveys(company: Company) -> list[Row]:
    """Keep the answers of surveys with whose they are; a question that was skipped has no key."""
    made = []
    for each in company.eeocs:
        given = {
            "gender": each.gender,
            "race": each.race,
            "veteran": each.veteran_status,
            "disability": each.disability_status,
        }
        made.append(
            {
                "id": identifier("survey", each.id),
                "applicationId": identifier("application", each.application_id),
                "eeoSurveyRespondedAt": milliseconds(each.submitted_at),
                "answers": {key: value for key, value in given.items() if value},
            }
        )
    return made
