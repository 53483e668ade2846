"""What happened to the applications as Ashby keeps it: interviews, feedback, offers and surveys."""

from datetime import timedelta
from typing import Any

from polyhire.simulators.company import Application, Company, Interview, Offer, Scorecard
from polyhire.simulators.tables import Row

from .forms import NUMBERED_FORM, RECOMMENDATION, WORDED_FORM, field
from .records import identifier, stamp
from .seed_jobs import Plans

SCHEDULE_STATUSES = {
    "scheduled": "Scheduled",
    "awaiting_feedback": "WaitingOnFeedback",
    "complete": "Complete",
    "cancelled": "Cancelled",
}
VERDICTS = {
    NUMBERED_FORM: {"strong_no": "1", "no": "2", "yes": "3", "strong_yes": "4"},
    WORDED_FORM: {
        "strong_no": "strong_no_hire",
        "no": "no_hire",
        "yes": "hire",
        "strong_yes": "strong_hire",
    },
}
SCORES = {"no": 1, "mixed": 2, "yes": 4}
OFFER_STATUSES = {
    "created": ("Created", "WaitingOnApprovalStart", None),
    "sent": ("WaitingOnResponse", "WaitingOnCandidateResponse", "Approved"),
    "accepted": ("Accepted", "CandidateAccepted", "Approved"),
    "rejected": ("Declined", "CandidateRejected", "Approved"),
}


class Templates:
    """The interview templates: one for each name of a meeting, and one that nobody uses any more."""

    def __init__(self, company: Company) -> None:
        screens = {each.name for each in company.stages if each.kind == "screen"}
        names = sorted({each.name for each in company.interviews})
        self._numbers = {name: number for number, name in enumerate(names, start=1)}
        self.form_of = {name: WORDED_FORM if name in screens else NUMBERED_FORM for name in names}
        self.rows = [self._row(number, name) for name, number in self._numbers.items()]
        self.rows.append({**self._row(9000, "Fax Interview"), "isArchived": True})

    def id_of(self, name: str) -> str:
        """Give the id of the template with this title."""
        return identifier("interview", self._numbers[name])

    def _row(self, number: int, name: str) -> Row:
        return {
            "id": identifier("interview", number),
            "title": name,
            "isArchived": False,
            "isDebrief": False,
            "instructionsPlain": f"How we do a {name}." if number % 2 else None,
            "feedbackFormDefinitionId": self.form_of.get(name, NUMBERED_FORM),
        }


def schedules(company: Company, plans: Plans) -> list[Row]:
    """Plan each interview that was held, and a few more that have no time yet and so no events."""
    applications = {each.id: each for each in company.applications}
    made = [_schedule(company, plans, each, applications[each.application_id]) for each in company.interviews]
    waiting = [each for each in made if each["status"] == "Scheduled"][::7]
    for number, each in enumerate(waiting, start=9001):
        made.append(each | {"id": identifier("schedule", number), "status": "NeedsScheduling"})
    return made


def _schedule(company: Company, plans: Plans, interview: Interview, application: Application) -> Row:
    job_id = application.job_id or 0
    title = next(each.name for each in company.stages_of[job_id] if each.id == interview.stage_id)
    organizer = interview.organizer_id
    return {
        "id": identifier("schedule", interview.id),
        "status": SCHEDULE_STATUSES[interview.status],
        "applicationId": identifier("application", interview.application_id),
        "candidateId": identifier("candidate", application.candidate_id) if interview.id % 2 else None,
        "interviewStageId": plans.stage(plans.of_job[job_id], title)["id"],
        "scheduledByUserId": identifier("user", organizer) if organizer else None,
        "createdAt": stamp(interview.created_at),
        "updatedAt": stamp(interview.updated_at),
        "canReschedule": False,
    }


def events(company: Company, templates: Templates) -> list[Row]:
    """Hold one meeting for each interview, and a second one right after it for every ninth."""
    return [
        _event(each, templates, turn) for each in company.interviews for turn in range(2 if each.id % 9 == 0 else 1)
    ]


def _event(interview: Interview, templates: Templates, turn: int) -> Row:
    event_id = identifier("event", interview.id * 10 + turn)
    start = interview.starts_at + timedelta(hours=turn)
    return {
        "id": event_id,
        "interviewId": templates.id_of(interview.name),
        "interviewScheduleId": identifier("schedule", interview.id),
        "panel": [
            {"userId": identifier("user", each), "isFeedbackRequired": index == 0}
            for index, each in enumerate(interview.interviewer_ids)
        ],
        "startTime": stamp(start),
        "endTime": stamp(start + (interview.ends_at - interview.starts_at)),
        "feedbackLink": f"https://app.ashbyhq.com/interview-briefings/{event_id}/feedback",
        "location": interview.location,
        "meetingLink": interview.video_url,
        "createdAt": stamp(interview.created_at),
        "updatedAt": stamp(interview.updated_at),
    }


def feedback(company: Company, templates: Templates, histories: list[Row]) -> list[Row]:
    """Keep the verdicts that were submitted; Ashby's API does not show drafts."""
    meetings = {each.id: each for each in company.interviews}
    stays = {(each["applicationId"], each["title"]): each["id"] for each in histories}
    return [
        _feedback(each, meetings[each.interview_id], templates, stays)
        for each in company.scorecards
        if each.submitted_at
    ]


def _feedback(card: Scorecard, interview: Interview, templates: Templates, stays: dict[tuple[str, str], str]) -> Row:
    form_id = templates.form_of[interview.name]
    application_id = identifier("application", card.application_id)
    values: dict[str, Any] = {RECOMMENDATION: VERDICTS[form_id][card.rating]} if card.rating else {}
    values |= {name.lower(): {"score": SCORES[rating]} for name, rating in card.attributes}
    values |= {"notes": card.takeaways} if card.takeaways else {}
    for _, answer in card.answers:
        if answer:
            values["again"] = answer
    return {
        "id": identifier("feedback", card.id),
        "applicationId": application_id,
        "interviewId": templates.id_of(interview.name),
        "interviewEventId": identifier("event", interview.id * 10),
        "feedbackFormDefinitionId": form_id,
        "applicationHistoryId": stays.get((application_id, interview.name)),
        # inferred: feedback is created when it is submitted; it shows no other date
        "createdAt": stamp(card.submitted_at or card.updated_at),
        "submittedAt": stamp(card.submitted_at or card.updated_at),
        "userId": identifier("user", card.interviewer_id),
        "submittedValues": values,
    }


def offers(company: Company) -> list[Row]:
    return [_offer(each) for each in company.offers]


def _offer(offer: Offer) -> Row:
    acceptance, status, approval = OFFER_STATUSES[offer.status]
    return {
        "id": identifier("offer", offer.id),
        "applicationId": identifier("application", offer.application_id),
        "createdAt": stamp(offer.created_at),
        "decidedAt": stamp(offer.resolved_at) if offer.resolved_at else None,
        "acceptanceStatus": acceptance,
        "offerStatus": status,
        "latestVersion": {
            "id": identifier("offer version", offer.id),
            "startDate": offer.starts_on.isoformat() if offer.starts_on else None,
            "salary": {"currencyCode": offer.salary.currency, "value": offer.salary.high},
            "createdAt": stamp(offer.created_at),
            "authorId": identifier("user", offer.creator_id),
            "approvalStatus": approval,
        },
    }


def surveys(company: Company) -> list[Row]:
    """Ask a few whose application ended how it was; nobody here was sent a questionnaire."""
    question = field("Score", "experience", "How was it?", required=True)
    form = {"sections": [{"title": "Your experience", "fields": [question]}]}
    return [
        {
            "id": identifier("survey", each.id),
            "candidateId": identifier("candidate", each.candidate_id),
            "applicationId": identifier("application", each.id),
            "surveyType": "CandidateExperience",
            "submittedAt": stamp(each.rejected_at),
            "formDefinition": form,
            "submittedValues": {"experience": {"score": 1 + each.id % 4}},
        }
        for each in company.applications
        if each.job_id and each.rejected_at and each.id % 20 == 3
    ]
