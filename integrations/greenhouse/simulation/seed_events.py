"""Shows the company's interviews, scorecards and messages as v3 rows."""

from collections.abc import Iterator

from polyhire.simulators.company import Activity, Company, Interview
from polyhire.simulators.tables import Row, iso

from .identifiers import identifier, optional
from .seed_workplace import FOUNDED, row

# A cancelled interview leaves no interview of its own; v3's nearest word is skipped.
INTERVIEW_STATUSES = {
    "scheduled": "scheduled",
    "awaiting_feedback": "awaiting_feedback",
    "complete": "complete",
    "cancelled": "skipped",
}
RESPONSES = ("needs_action", "accepted", "tentative", "declined")
NOTE_TYPES = {"note": "NOTE", "email": "EMAIL", "event": "ACTIVITY"}
VISIBILITIES = {
    "public": "publicly_visible",
    "private": "privately_visible",
    "admin_only": "admin_only_visible",
}
ALL_DAY = 25


def events(company: Company) -> dict[str, list[Row]]:
    """Make the rows of what happened to applications, by kind."""
    labels = sorted({label for card in company.scorecards for label, _ in card.answers})
    return {
        "interviews": [
            row("interviews", each.id, _interview(company, each), each.created_at, each.updated_at)
            for each in company.interviews
        ],
        "interviewers": list(_interviewers(company)),
        "scorecards": list(_scorecards(company)),
        "scorecard_questions": [
            # inferred: the shape of a scorecard question
            row("scorecard_questions", number, {"question": label, "answer_type": "short_text"})
            for number, label in enumerate(labels, start=1)
        ],
        "scorecard_question_answers": list(_answers(company, labels)),
        "scorecard_candidate_attributes": list(_attributes(company)),
        "notes": [row("notes", each.id, _note(each), each.created_at) for each in company.activities],
    }


def _interview(company: Company, interview: Interview) -> Row:
    application = company.applications[interview.application_id - 1]
    all_day = interview.id % ALL_DAY == 0
    return {
        "job_id": optional("jobs", application.job_id),
        "application_id": identifier("applications", interview.application_id),
        "job_interview_id": identifier("job_interviews", interview.stage_id),
        "starts_at": None if all_day else iso(interview.starts_at),
        "ends_at": None if all_day else iso(interview.ends_at),
        "all_day_start_on": interview.starts_at.date().isoformat() if all_day else None,
        "all_day_end_on": interview.ends_at.date().isoformat() if all_day else None,
        "location": interview.location,
        "video_conferencing_url": interview.video_url,
        "organizer_id": optional("users", interview.organizer_id),
        "scheduled_at": iso(interview.created_at),
        "external_event_id": None if interview.id % 3 else f"event-{interview.id}",
        "status": INTERVIEW_STATUSES[interview.status],
    }


def _interviewers(company: Company) -> Iterator[Row]:
    cards = {(each.interview_id, each.interviewer_id): each.id for each in company.scorecards}
    number = 0
    for interview in company.interviews:
        for user in interview.interviewer_ids:
            number += 1
            values = {
                "interview_id": identifier("interviews", interview.id),
                "user_id": identifier("users", user),
                "scorecard_id": optional("scorecards", cards.get((interview.id, user))),
                "email": company.users[user - 1].email,
                "response_status": RESPONSES[number % 4],
            }
            yield row("interviewers", number, values, interview.created_at)


def _scorecards(company: Company) -> Iterator[Row]:
    held = {each.id: each for each in company.interviews}
    for each in company.scorecards:
        values = {
            "interview_kit_id": identifier("interview_kits", held[each.interview_id].stage_id),
            "interviewer_id": identifier("users", each.interviewer_id),
            "submitter_id": identifier("users", each.interviewer_id),
            "application_id": identifier("applications", each.application_id),
            "interviewed_at": iso(held[each.interview_id].starts_at),
            "submitted_at": iso(each.submitted_at),
            "status": "complete" if each.submitted_at else "draft",
            "candidate_rating": each.rating,
            "notes": each.takeaways,
            "private_notes": None,
            "public_notes": None,
        }
        yield row("scorecards", each.id, values, each.created_at, each.updated_at)


def _answers(company: Company, labels: list[str]) -> Iterator[Row]:
    said = [(card, label, answer) for card in company.scorecards for label, answer in card.answers]
    for number, (card, label, answer) in enumerate(said, start=1):
        values = {
            "scorecard_id": identifier("scorecards", card.id),
            "scorecard_question_id": identifier("scorecard_questions", labels.index(label) + 1),
            "answer": answer,
            "boolean_value": None,
        }
        yield row("scorecard_question_answers", number, values, card.updated_at)


def _attributes(company: Company) -> Iterator[Row]:
    names = sorted({name for card in company.scorecards for name, _ in card.attributes})
    rated = [(card, name, rating) for card in company.scorecards for name, rating in card.attributes]
    for number, (card, name, rating) in enumerate(rated, start=1):
        values = {
            "scorecard_id": identifier("scorecards", card.id),
            "job_candidate_attribute_id": identifier("job_candidate_attributes", names.index(name) + 1),
            "candidate_attribute_rating": rating,
            "note": None,
        }
        yield row("scorecard_candidate_attributes", number, values, card.updated_at or FOUNDED)


def _note(activity: Activity) -> Row:
    return {
        "candidate_id": identifier("candidates", activity.candidate_id),
        "application_id": optional("applications", activity.application_id),
        "body": activity.body,
        "subject": activity.subject,
        "type": NOTE_TYPES[activity.kind],
        "user_id": optional("users", activity.author_id),
        "email_from": activity.sender or "",
        "email_to": ",".join(activity.to) or None,
        "email_cc": list(activity.cc) or None,
        "visibility": None if activity.kind == "event" else VISIBILITIES[activity.visibility],
    }
