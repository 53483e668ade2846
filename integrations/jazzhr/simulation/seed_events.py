"""What happened to the applicants, as JazzHR keeps it: the log, comments, feedback, messages, evaluations, tasks."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from polyhire.simulators.company import Activity, Application, Company, Scorecard
from polyhire.simulators.tables import Row

from .identifiers import Ids, clock, day, identifier
from .seed_people import STARS
from .seed_workplace import questionnaire, questionnaire_code, team

ANSWERS = 20
# inferred: of the values of privacy only that of everyone is known
PRIVACY = {"public": "1", "private": "2", "admin_only": "3"}
MARKS = {"no": 2, "mixed": 3, "yes": 4}
# The applicant, what the email's id is made of, when it was sent; subject, text and sender; to and cc.
Mail: TypeAlias = tuple[int, str, datetime, tuple[str, str, str], tuple[str, ...], tuple[str, ...]]


def best_stars(company: Company) -> dict[int, int]:
    """Give the best rating of each application that was rated."""
    found: dict[int, int] = {}
    for each in company.scorecards:
        if each.rating and each.submitted_at:
            found[each.application_id] = max(STARS[each.rating], found.get(each.application_id, 0))
    return found


def _when(row: Activity) -> Row:
    return {"date": day(row.created_at), "time": clock(row.created_at)}


def _of(company: Company, kind: str) -> list[Activity]:
    return [each for each in company.activities if each.kind == kind]


def comments(company: Company, ids: Ids) -> list[Row]:
    """Give the notes that are for everyone."""
    names = {each.id: each.name for each in company.users}
    return [
        {
            "id": identifier("comment", each.id, each.created_at),
            "author_id": ids.users[each.author_id],
            "author_name": names[each.author_id],
            "text": each.body,
            **_when(each),
            "applicant_id": ids.applicants[each.candidate_id],
        }
        for each in _of(company, "note")
        if each.visibility == "public" and each.author_id is not None
    ]


def feedback(company: Company, ids: Ids) -> list[Row]:
    """Give the notes that are not for everyone."""
    return [
        {
            "id": identifier("feedback", each.id, each.created_at),
            "author_id": ids.users[each.author_id],
            "text": each.body,
            **_when(each),
            "privacy": PRIVACY[each.visibility],
            "is_external": "0",
            "applicant_id": ids.applicants[each.candidate_id],
        }
        for each in _of(company, "note")
        if each.visibility != "public" and each.author_id is not None
    ]


def messages(company: Company, ids: Ids) -> list[Row]:
    """Give the emails of users, and those that JazzHR sent by itself."""
    return [
        {
            "comm_id": identifier("comm", name, moment),
            "comm_subject": subject,
            "comm_text": text,
            "comm_author_email": sender,
            "comm_to": ", ".join(to),
            "comm_cc": ", ".join(cc),
            "comm_bcc": "",
            "comm_datetime_sent": f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
            "applicant_id": ids.applicants[applicant],
        }
        for applicant, name, moment, (subject, text, sender), to, cc in (*_sent(company), *_thanks(company))
    ]


def _sent(company: Company) -> Iterator[Mail]:
    for each in _of(company, "email"):
        said = (each.subject or "", each.body, each.sender or "")
        yield each.candidate_id, str(each.id), each.created_at, said, each.to, each.cc


def _thanks(company: Company) -> Iterator[Mail]:
    """Thank whoever came otherwise than by the careers page; inferred: this is sent a minute later, by an admin."""
    admin = company.users[0].email
    sources = {each.id: each for each in company.sources}
    for person in company.candidates:
        source = sources.get(person.source_id or 0)
        if source and source.kind != "career_site" and person.emails:
            said = ("We got your application", "Thank you for applying.", admin)
            cc = ("talent@meridian.example",) if source.kind in ("agency", "referral") else ()
            moment = person.created_at + timedelta(minutes=1)
            yield person.id, f"thanks {person.id}", moment, said, (person.emails[0].value,), cc


def activities(company: Company, ids: Ids) -> list[Row]:
    """Give the log: who came, what was done, whose résumé was deleted, which jobs opened, and who logged in."""
    made: list[Row] = []
    admin = ids.users[company.users[0].id]
    for person in company.candidates:
        applicant = ids.applicants[person.id]
        made.append(_entry("resume_add", applicant, "Applied", person.created_at))
        if person.anonymised:
            made.append(_entry("resume_delete", applicant, "Resume deleted", person.updated_at, user=admin))
    for each in _of(company, "event"):
        made.append(_entry("resume_status", ids.applicants[each.candidate_id], each.body, each.created_at))
    tops = {each.id: each.parent_id or each.id for each in company.departments}
    for job in company.jobs:
        if job.opened_at:
            above = team(tops[job.department_id]) if job.department_id else ""
            made.append(_entry("job_open", ids.jobs[job.id], f"Opened {job.title}", job.opened_at, team=above))
    for user in company.users:
        me = ids.users[user.id]
        made.append(_entry("logins", me, "Logged in", user.created_at, user=me))
    return [{"id": identifier("activity", number), **row} for number, row in enumerate(made)]


def _entry(category: str, owner: str, action: str, moment: datetime, *, user: str = "", team: str = "") -> Row:
    what = {"category": category, "team_id": team, "user_id": user, "object_id": owner, "action": action}
    return {**what, "date": day(moment), "time": clock(moment)}


def evaluations(company: Company, ids: Ids) -> list[Row]:
    """Give each verdict that was handed in, as one row for the whole and one for each attribute."""
    applications = {each.id: each for each in company.applications}
    interviews = {each.id: each.name for each in company.interviews}
    made: list[Row] = []
    for card in company.scorecards:
        if card.submitted_at:
            applicant = ids.applicants[applications[card.application_id].candidate_id]
            about = {"category": interviews[card.interview_id], "applicant_id": applicant}
            made += [{**row, **about} for row in _verdict(card)]
    return made


def _verdict(card: Scorecard) -> list[Row]:
    whole = ("Overall", STARS[card.rating] if card.rating else 0, card.takeaways or "")
    parts = [(name, MARKS[mark], "") for name, mark in card.attributes]
    return [
        {
            "id": identifier("evaluation", f"{card.id} {name}", card.created_at),
            "name": name,
            "rating": str(rating),
            "comment": comment,
        }
        for name, rating, comment in (whole, *parts)
    ]


def answers(company: Company, ids: Ids) -> list[Row]:
    """Give the questionnaires that were answered, one row each."""
    asked = {each.id: each for each in company.questions}
    made: list[Row] = []
    for each in company.applications:
        if each.answers and each.job_id:
            pairs = [(asked[answer.question_id], _said(answer.value)) for answer in each.answers]
            made.append(_questionnaire(each, each.job_id, ids, [(ask.label, said, ask.kind) for ask, said in pairs]))
    return made


def _said(value: str | bool | Sequence[str] | None) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return "" if value is None else value if isinstance(value, str) else ",".join(value)


def _questionnaire(application: Application, job: int, ids: Ids, said: Sequence[tuple[str, str, str]]) -> Row:
    values = [value for _, value, _ in said] + [""] * (ANSWERS - len(said))
    correct = ["Yes" if kind == "yes_no" and value == "Yes" else "" for _, value, kind in said]
    return {
        "_id": application.id,
        "_said": [{"question": label, "answer": value} for label, value, _ in said],
        "job_id": None if application.id % 16 == 0 else ids.jobs[job],
        "applicant_id": ids.applicants[application.candidate_id],
        "questionnaire_id": questionnaire(job),
        "questionnaire_code": questionnaire_code(job),
        "date_taken": day(application.created_at),
        "time_taken": clock(application.created_at),
        **{f"answer_value_{place:02}": value for place, value in enumerate(values)},
        **{f"answer_correct_{place:02}": value for place, value in enumerate(correct + [""] * (ANSWERS - len(said)))},
    }


def tasks(company: Company, ids: Ids) -> list[Row]:
    """Give a task for each meeting that was not cancelled: to hold it."""
    owners = {each.id: each.candidate_id for each in company.applications}
    names = {each.id: each.name for each in company.users}
    made: list[Row] = []
    for each in company.interviews:
        if each.status == "cancelled":
            continue
        opener = each.organizer_id or company.users[0].id
        made.append(
            {
                "id": identifier("task", each.id, each.created_at),
                "object_id": ids.applicants[owners[each.application_id]],
                "owner_id": ids.users[opener],
                "opener_name": names[opener],
                "assignee_id": ids.users[each.interviewer_ids[0]],
                "assignee_name": names[each.interviewer_ids[0]],
                "status": "Completed" if each.status == "complete" else "Open",
                "description": each.name,
                "notes": each.location or each.video_url or "",
                "date_due": day(each.starts_at),
                "due_whenever": "0",
                "date_created": day(each.created_at),
                "time_created": clock(each.created_at),
            }
        )
    return made
