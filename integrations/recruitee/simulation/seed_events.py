"""What was said, met about and judged, as Recruitee keeps it."""

from polyhire.simulators.company import Activity, Company, Interview, Scorecard
from polyhire.simulators.tables import Row, iso

from .identifiers import identifier, optional

RATINGS = {"strong_no": "thumbs_1", "no": "thumbs_2", "yes": "thumbs_4", "strong_yes": "thumbs_5"}
# Far from the numbers of the company's own activities: what is noted on jobs.
ON_JOBS = 500_000


def notes(company: Company) -> list[Row]:
    """Give the notes on candidates, and those on jobs."""
    said = [_note(each) for each in company.activities if each.kind == "note"]
    return [*said, *(_job_note(company, each.id) for each in company.jobs if each.notes)]


def _note(activity: Activity) -> Row:
    moment = iso(activity.created_at)
    return {
        "id": identifier("note", activity.id),
        "candidate_id": identifier("candidate", activity.candidate_id),
        "offer_id": None,
        "admin_id": optional("admin", activity.author_id),
        "body": activity.body,
        "visibility": {"level": "public" if activity.visibility == "public" else "private"},
        "pinned": activity.id % 9 == 0,
        "created_at": moment,
        "updated_at": moment,
    }


def _job_note(company: Company, number: int) -> Row:
    job = next(each for each in company.jobs if each.id == number)
    return {
        "id": identifier("note", ON_JOBS + number),
        "candidate_id": None,
        "offer_id": identifier("offer", number),
        "admin_id": identifier("admin", job.recruiter_ids[0]),
        "body": job.notes,
        "visibility": {"level": "public"},
        "pinned": False,
        "created_at": iso(job.created_at),
        "updated_at": iso(job.created_at),
    }


def activities(company: Company) -> list[Row]:
    """Give the timeline as it was written without people."""
    offers = {each.id: each.job_id for each in company.applications}
    return [
        {
            "id": identifier("activity", each.id),
            # inferred: the kinds are named after the webhooks' events
            "kind": "candidate_moved",
            "admin_id": optional("admin", each.author_id),
            "candidate_id": identifier("candidate", each.candidate_id),
            "offer_id": optional("offer", offers.get(each.application_id or 0)),
            "created_at": iso(each.created_at),
            "updated_at": iso(each.created_at),
        }
        for each in company.activities
        if each.kind == "event"
    ]


def events(company: Company) -> list[Row]:
    """Give the meetings. inferred: what was cancelled is deleted, and so not there."""
    applied = {each.id: each for each in company.applications}
    return [
        _event(each, applied[each.application_id].candidate_id, applied[each.application_id].job_id)
        for each in company.interviews
        if each.status != "cancelled"
    ]


def _event(interview: Interview, person: int, job: int | None) -> Row:
    return {
        "id": identifier("event", interview.id),
        "title": interview.name,
        "kind": "interview",
        "candidate_id": identifier("candidate", person),
        "offer_id": optional("offer", job),
        "admin_id": optional("admin", interview.organizer_id),
        "admin_ids": [identifier("admin", each) for each in interview.interviewer_ids],
        "start_at": iso(interview.starts_at),
        "end_at": iso(interview.ends_at),
        "where": interview.location or interview.video_url,
        "scheduled": True,
        "created_at": iso(interview.created_at),
        "updated_at": iso(interview.updated_at),
    }


def results(company: Company) -> list[Row]:
    """Give the evaluations. A draft is kept back: it is only counted among the hidden ones."""
    applied = {each.id: each for each in company.applications}
    met = {each.id: each for each in company.interviews}
    return [
        _result(each, met[each.interview_id], applied[each.application_id].candidate_id, offer)
        for each in company.scorecards
        if (offer := applied[each.application_id].job_id) is not None
    ]


def _result(card: Scorecard, interview: Interview, person: int, job: int) -> Row:
    asked = [*((name, verdict, "rating") for name, verdict in card.attributes)]
    answered = [(question, content, "text") for question, content in card.answers]
    rows = [
        {"id": identifier("answer", 50_000_000 + 100 * card.id + turn), "question": name, "content": said, "kind": kind}
        for turn, (name, said, kind) in enumerate([*asked, *answered])
    ]
    return {
        "id": identifier("result", card.id),
        "candidate_id": identifier("candidate", person),
        "offer_id": identifier("offer", job),
        "stage_id": identifier("stage", interview.stage_id),
        "admin_id": identifier("admin", card.interviewer_id),
        "guest": None,
        "kind": "template" if rows else "rating",
        "rating": RATINGS[card.rating] if card.rating else None,
        "rating_note": card.takeaways,
        "interview_template_name": interview.name if rows else None,
        "interview_result_answers": rows,
        "draft": card.submitted_at is None,
        "created_at": iso(card.submitted_at or card.created_at),
        "updated_at": iso(card.updated_at),
    }
