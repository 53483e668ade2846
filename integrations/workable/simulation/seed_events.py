"""Shows what happened as Workable's events, offers and feeds."""

from datetime import datetime

from polyhire.simulators.company import Activity, Application, Company, Interview, Job, Offer, Scorecard
from polyhire.simulators.tables import Row

from .identifiers import identifier, precise, shortcode, stamp
from .seed_people import Numbers
from .seed_workplace import step

CALLS = {"Phone Screen", "Take-home Test"}
ATTENDANCE = ("accepted", "needs-action", "declined", "tentative")
DRAFTS = ("draft", "pending", "approved")
VISIBILITY = {"private": ["simple", "admin"], "admin_only": ["admin"]}
# A verdict in each of the scales: thumbs show as the old scores.
VERDICTS: dict[str, tuple[Row, ...]] = {
    "strong_no": ({"scale": "stars", "grade": 0}, {"scale": "numbers", "grade": 1}),
    "no": ({"score": "negative"}, {"scale": "stars", "grade": 1}, {"scale": "numbers", "grade": 3}),
    "yes": ({"scale": "stars", "grade": 3}, {"score": "positive"}, {"scale": "numbers", "grade": 7}),
    "strong_yes": ({"scale": "numbers", "grade": 9}, {"score": "definite"}, {"scale": "stars", "grade": 4}),
}


def events(company: Company) -> list[Row]:
    applications = {each.id: each for each in company.applications}
    numbers = Numbers(company)
    return [_event(numbers, applications[each.application_id], each) for each in company.interviews]


def _event(numbers: Numbers, application: Application, interview: Interview) -> Row:
    kind = "CallEvent" if interview.name in CALLS else "InterviewEvent"
    call = {"type": "google_meet", "id": f"{interview.id:05d}", "url": interview.video_url}
    return {
        "id": identifier("event", interview.id),
        "title": interview.name,
        "description": interview.location,
        "type": "MeetingEvent" if interview.id % 9 == 0 else kind,
        "starts_at": precise(interview.starts_at),
        "ends_at": precise(interview.ends_at),
        "cancelled": interview.status == "cancelled",
        "job": shortcode(application.job_id) if application.job_id else None,
        "members": [
            {"member": identifier("member", each), "status": ATTENDANCE[(interview.id // 3 + turn) % len(ATTENDANCE)]}
            for turn, each in enumerate(interview.interviewer_ids)
        ],
        "candidate": numbers.of(application.candidate_id, application.id),
        "conference": call if interview.video_url else None,
    }


def offers(company: Company) -> list[Row]:
    """Give the offers; a candidate has at most one."""
    numbers = Numbers(company)
    people = {each.id: each.candidate_id for each in company.applications}
    return [_offer(numbers.of(people[each.application_id], each.application_id), each) for each in company.offers]


def _offer(candidate: str, offer: Offer) -> Row:
    begins = offer.starts_on.isoformat() if offer.starts_on else None
    variables = (
        ("salary", "Salary", str(offer.salary.low)),
        ("currency", "Currency", offer.salary.currency),
        ("start_date", "Start date", begins),
    )
    return {
        "id": candidate,
        # inferred: the words for how it stands
        "state": DRAFTS[offer.id // 2 % len(DRAFTS)] if offer.status == "created" else offer.status,
        "documents": [] if offer.status == "created" else [{"name": f"offer {offer.id}.pdf", "signed": False}],
        "document_variables": [{"key": key, "label": label, "value": value} for key, label, value in variables],
        "created_at": stamp(offer.created_at),
    }


def activities(company: Company) -> list[Row]:
    """Give every feed, in order of time."""
    feed = _Feed(company)
    rows = [
        *feed.beginnings(),
        *(feed.opened(each) for each in company.jobs if each.opened_at),
        *(feed.said(each) for each in company.activities),
        *(feed.rated(each) for each in company.scorecards if each.submitted_at and each.rating),
        *(feed.met(each) for each in company.interviews),
        *feed.endings(),
    ]
    rows.sort(key=lambda row: str(row["created_at"]))
    return [{"id": identifier("activity", number), **row} for number, row in enumerate(rows, 1)]


class _Feed:
    """Tells what happened, each time with the stage in which it did."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._numbers = Numbers(company)
        self._applications = {each.id: each for each in company.applications}
        self._stages = {each.id: step(each.name, each.kind)[1] for each in company.stages}

    def _row(self, action: str, application: Application | None, person: int, at: datetime, **more: object) -> Row:
        job = application.job_id if application else None
        stage = None
        if application is not None and job:
            stage = self._stages.get(application.stage_id or 0, "hired")
        moment = precise(at)
        return {
            "action": action,
            "candidate": self._numbers.of(person, application.id if application else None),
            "job": shortcode(job) if job else None,
            "stage": stage,
            "created_at": moment,
            "updated_at": moment,
            "member": None,
            **more,
        }

    def beginnings(self) -> list[Row]:
        """Tell who applied, and whom a recruiter added."""
        rows = []
        for each in self._applications.values():
            by = identifier("member", each.credited_to_id) if each.credited_to_id else None
            first = "sourced" if each.job_id and by else "applied" if each.job_id else None
            row = self._row("uploaded" if by else "applied", each, each.candidate_id, each.created_at, member=by)
            rows.append(row | {"stage": first})
        return rows

    def opened(self, job: Job) -> Row:
        """Tell when a job opened, which is nobody's news but the job's."""
        moment = precise(job.opened_at)
        return {
            "action": "opened",
            "candidate": None,
            "job": shortcode(job.id),
            "stage": None,
            "created_at": moment,
            "updated_at": moment,
            "member": identifier("member", job.recruiter_ids[0]) if job.recruiter_ids else None,
        }

    def said(self, activity: Activity) -> Row:
        """Tell of a comment, a message or a move."""
        of = self._company.applications_of[activity.candidate_id]
        application = self._applications.get(activity.application_id or 0) or (of[0] if of else None)
        author = identifier("member", activity.author_id) if activity.author_id else None
        action = {"note": "comment", "email": "message"}.get(activity.kind, "other")
        row = self._row(action, application, activity.candidate_id, activity.created_at, member=author)
        if activity.kind == "event":
            # A move is called by the slug of where it led.
            return row | {"action": row["stage"] or "sourced", "target": row["stage"]}
        row["body"] = f"<p>{activity.body}</p>" if activity.kind == "email" else activity.body
        if activity.kind == "note" and activity.visibility in VISIBILITY:
            row["visibility_roles"] = VISIBILITY[activity.visibility]
        return row

    def rated(self, card: Scorecard) -> Row:
        """Tell an interviewer's verdict."""
        application = self._applications[card.application_id]
        assert card.submitted_at is not None
        choices = VERDICTS[str(card.rating)]
        more = {"member": identifier("member", card.interviewer_id), "body": card.takeaways}
        row = self._row("rating", application, application.candidate_id, card.submitted_at, **more)
        return row | {"rating": choices[card.id % len(choices)]}

    def met(self, interview: Interview) -> Row:
        """Tell that a meeting was arranged."""
        application = self._applications[interview.application_id]
        by = identifier("member", interview.organizer_id) if interview.organizer_id else None
        return self._row("event", application, application.candidate_id, interview.created_at, member=by)

    def endings(self) -> list[Row]:
        """Tell who was disqualified or hired."""
        rows = []
        for each in self._applications.values():
            if each.rejected_at:
                by = identifier("member", each.rejected_by_id) if each.rejected_by_id else None
                # inferred: what a disqualification is called
                rows.append(self._row("disqualified", each, each.candidate_id, each.rejected_at, member=by))
            if each.hired_at:
                rows.append(
                    self._row("hired", each, each.candidate_id, each.hired_at, target="hired" if each.job_id else None)
                )
        return rows
