"""Makes up what happened to the applications: meetings, verdicts, offers, messages, files."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from . import names
from .build_workplace import moment
from .people import (
    Activity,
    Application,
    Attachment,
    Candidate,
    Contact,
    Eeoc,
    Interview,
    Offer,
    Scorecard,
)
from .workplace import Job, Salary, Stage, User


def interviews(
    dice: Random, applications: Sequence[Application], stages: Sequence[Stage], users: Sequence[User]
) -> tuple[Interview, ...]:
    """Hold a meeting for every application that has got as far as a screen or an interview."""
    by_id = {stage.id: stage for stage in stages}
    panel = [user for user in users if user.active]
    made: list[Interview] = []
    for application in applications:
        stage = by_id.get(application.stage_id or 0)
        if stage and stage.kind in ("screen", "interview"):
            made.append(_interview(dice, len(made) + 1, application, stage, panel))
    return tuple(made)


def _interview(dice: Random, number: int, application: Application, stage: Stage, panel: list[User]) -> Interview:
    created = moment(dice, application.created_at, 10)
    starts = (created + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    statuses: tuple[Literal["scheduled", "awaiting_feedback", "complete", "cancelled"], ...] = (
        "complete",
        "scheduled",
        "awaiting_feedback",
        "complete",
        "cancelled",
    )
    return Interview(
        id=number,
        application_id=application.id,
        stage_id=stage.id,
        name=stage.name,
        status=statuses[number % 5],
        organizer_id=None if number % 7 == 0 else application.recruiter_id,
        interviewer_ids=tuple(sorted(user.id for user in dice.sample(panel, 1 + number % 3))),
        starts_at=starts,
        ends_at=starts + timedelta(minutes=30 if stage.kind == "screen" else 60),
        location=None if number % 2 else "Room “Tejo”",
        video_url=f"https://meet.example/{number:05d}" if number % 2 else None,
        created_at=created,
        updated_at=created,
    )


def scorecards(dice: Random, interviews: Sequence[Interview]) -> tuple[Scorecard, ...]:
    """Let the interviewers of finished meetings give their verdict; one in six is still a draft."""
    made: list[Scorecard] = []
    for interview in interviews:
        if interview.status == "complete":
            for user in interview.interviewer_ids:
                made.append(_scorecard(dice, len(made) + 1, interview, user))
    return tuple(made)


def _scorecard(dice: Random, number: int, interview: Interview, user: int) -> Scorecard:
    draft = number % 6 == 0
    written = moment(dice, interview.ends_at, 2)
    return Scorecard(
        id=number,
        application_id=interview.application_id,
        interview_id=interview.id,
        interviewer_id=user,
        rating=None if draft else dice.choice(("strong_no", "no", "yes", "strong_yes")),
        takeaways=None if draft else dice.choice(names.NOTES),
        attributes=tuple((each, dice.choice(("no", "mixed", "yes"))) for each in names.ATTRIBUTES[: number % 4]),
        answers=() if draft else (("Would you work with this person?", dice.choice(("Yes.", "Non", None))),),
        submitted_at=None if draft else written,
        created_at=interview.ends_at,
        updated_at=written,
    )


def offers(
    dice: Random, applications: Sequence[Application], stages: Sequence[Stage], jobs: Sequence[Job]
) -> tuple[Offer, ...]:
    """Make an offer to whoever was hired, and to whoever has reached the offer stage."""
    last = {stage.id for stage in stages if stage.kind == "offer"}
    by_id = {job.id: job for job in jobs}
    made: list[Offer] = []
    for application in applications:
        if application.job_id and (application.status == "hired" or application.stage_id in last):
            made.append(_offer(dice, len(made) + 1, application, by_id[application.job_id]))
    return tuple(made)


def _offer(dice: Random, number: int, application: Application, job: Job) -> Offer:
    status: Literal["accepted", "rejected", "created", "sent"] = (
        "accepted"
        if application.hired_at
        else "rejected"
        if application.rejected_at
        else ("created", "sent")[number % 2]
    )
    resolved: datetime | None = application.hired_at or application.rejected_at
    made = moment(dice, application.created_at, 20)
    if resolved:
        made = min(made, resolved)
    sent = None if status == "created" else made.date()
    pay = job.salary.high if job.salary else 60_000
    return Offer(
        id=number,
        application_id=application.id,
        version=1 + number % 2,
        status=status,
        salary=Salary(job.salary.currency if job.salary else "EUR", pay, pay),
        creator_id=job.recruiter_ids[0],
        starts_on=None if status == "created" else made.date() + timedelta(days=60),
        sent_on=sent,
        resolved_at=resolved,
        created_at=made,
        updated_at=resolved or made,
    )


def activities(
    dice: Random, people: Sequence[Candidate], applications: Sequence[Application], users: Sequence[User]
) -> tuple[Activity, ...]:
    """Write up to four notes, emails and events a person; the anonymised have none."""
    first = {each.candidate_id: each for each in reversed(applications)}
    made: list[Activity] = []
    for person in people:
        for turn in range(0 if person.anonymised else person.id % 5):
            author = dice.choice(users)
            made.append(_activity(dice, len(made) + 1, turn, person, first.get(person.id), author))
    return tuple(made)


def _activity(
    dice: Random, number: int, turn: int, person: Candidate, application: Application | None, author: User
) -> Activity:
    wanted: tuple[Literal["note", "email", "event"], ...] = ("note", "email", "event", "note")
    kind = wanted[turn] if person.emails or wanted[turn] != "email" else "note"
    is_email = kind == "email"
    return Activity(
        id=number,
        candidate_id=person.id,
        application_id=application.id if application and number % 2 else None,
        author_id=None if kind == "event" else author.id,
        kind=kind,
        subject=dice.choice(names.SUBJECTS) if is_email else None,
        body="Moved to another stage." if kind == "event" else dice.choice(names.NOTES),
        sender=author.email if is_email else None,
        to=tuple(each.value for each in person.emails) if is_email else (),
        cc=("talent@meridian.example",) if is_email and number % 2 else (),
        visibility=dice.choice(("public", "public", "private", "admin_only")),
        created_at=moment(dice, person.created_at, 60),
    )


def eeocs(dice: Random, applications: Sequence[Application]) -> tuple[Eeoc, ...]:
    """Let every third applicant answer, some of them only in part."""
    asked = [each for each in applications if each.id % 3 == 1 and each.job_id]
    return tuple(
        Eeoc(
            id=number,
            application_id=each.id,
            gender=dice.choice(names.GENDERS),
            race=dice.choice(names.RACES),
            veteran_status=dice.choice(names.VETERAN),
            disability_status=dice.choice(names.DISABILITY),
            submitted_at=each.created_at,
        )
        for number, each in enumerate(asked, start=1)
    )


def attachments(
    dice: Random, people: Sequence[Candidate], applications: Sequence[Application]
) -> tuple[Attachment, ...]:
    """Give most people a résumé, some a letter beside it, and one in fifteen neither."""
    first = {each.candidate_id: each for each in reversed(applications)}
    made: list[Attachment] = []
    for person in people:
        applied = first.get(person.id)
        if person.anonymised or person.id % 15 == 0:
            continue
        made.append(_file(dice, len(made) + 1, person, applied, "resume"))
        if person.id % 4 == 1:
            made.append(_file(dice, len(made) + 1, person, applied, "cover_letter"))
        if person.id % 30 == 1:
            made.append(_file(dice, len(made) + 1, person, applied, "other"))
    return tuple(made)


def _file(
    dice: Random,
    number: int,
    person: Candidate,
    applied: Application | None,
    kind: Literal["resume", "cover_letter", "other"],
) -> Attachment:
    is_text = kind == "other"
    known = (Contact(person.name, "name"), *person.emails, *person.phones, *person.urls)
    return Attachment(
        id=number,
        candidate_id=person.id,
        application_id=applied.id if applied else None,
        kind=kind,
        file_name=f"{kind} of {person.name}.{'txt' if is_text else 'pdf'}",
        content_type="text/plain" if is_text else "application/pdf",
        text="\n".join([kind.replace("_", " ").title(), *(each.value for each in known)]),
        created_at=moment(dice, applied.created_at if applied else person.created_at, 1),
    )
