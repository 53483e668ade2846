"""One small hiring story: a job of four stages and three candidates, told the same to every simulator.

Clara waits to be met a second time, Dov was rejected, Ewa has an offer. It is written out by hand, so that what
a provider's API says of it can be compared with what is so. Stages, reasons, tags and questions are of those that
the big company (`names.py`) has too: a simulator may know them by name.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from .people import Activity, Address, Application, Attachment, Candidate, Contact, Eeoc, Interview, Offer, Scorecard
from .roster import Company
from .workplace import Department, Job, Office, Question, RejectReason, Salary, Source, Stage, Tag, User

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""When the job opens; everything else is told in days since."""


def day(number: int, hour: int = 9) -> datetime:
    """An instant of the story, by its day (0 is the Monday) and hour."""
    return MONDAY + timedelta(days=number, hours=hour - 9)


def story() -> Company:
    """The company of the story."""
    return Company(
        name="Lamplight Works",
        departments=(Department(1, "Engineering", None),),
        offices=(
            Office(1, "Porto office", "Rua das Flores 7", "Porto", "Porto", "4050", "Portugal", "PT", False, None),
        ),
        users=(
            _user(1, "Marta", "Reis", "admin"),
            _user(2, "Nils", "Holm", "recruiter"),
            _user(3, "Oona", "Virta", "hiring_manager"),
        ),
        sources=(Source(1, "Careers page", "career_site"),),
        reject_reasons=(RejectReason(1, "Lacking skill(s) or qualification(s)", "company"),),
        tags=(Tag(1, "relocation"), Tag(2, "été")),
        jobs=(_job(),),
        stages=(
            Stage(1, 1, "Application Review", 0, "review"),
            Stage(2, 1, "Phone Screen", 1, "screen"),
            Stage(3, 1, "Onsite", 2, "interview"),
            Stage(4, 1, "Offer", 3, "offer"),
        ),
        questions=(Question(1, 1, "Why do you want to work with us?", "long_text", False, False, ()),),
        candidates=(
            _candidate(1, "Clara", "Nunes", tags=(1, 2)),
            _candidate(2, "Dov", "Baruch"),
            _candidate(3, "Ewa", "Żółkowska"),
        ),
        applications=_applications(),
        interviews=(
            _interview(1, 1, 2, "Phone Screen", "complete", starts=day(3, 10), interviewer=2),
            _interview(2, 1, 3, "Onsite", "scheduled", starts=day(300, 13), interviewer=3),
        ),
        scorecards=(
            Scorecard(
                1,
                1,
                1,
                2,
                "yes",
                "Knows her lamps.",
                (("Craft", "yes"),),
                (("Would hire?", "Yes"),),
                submitted_at=day(3, 12),
                created_at=day(3, 11),
                updated_at=day(3, 12),
            ),
        ),
        offers=(
            Offer(
                1,
                3,
                1,
                "sent",
                Salary("EUR", 42_000, 42_000),
                2,
                starts_on=date(2026, 5, 4),
                sent_on=day(8).date(),
                resolved_at=None,
                created_at=day(7),
                updated_at=day(8),
            ),
        ),
        activities=(
            _note(1, 1, 1, "Called her back: she is free from May.", day(4)),
            _note(2, 2, 2, "Kind, but new to the craft.", day(5)),
        ),
        eeocs=(Eeoc(1, 1, "Female", None, None, None, submitted_at=day(1)),),
        attachments=(
            Attachment(
                1,
                1,
                1,
                "resume",
                "clara-nunes.pdf",
                "application/pdf",
                "Clara Nunes\nLampmaker",
                created_at=day(1),
            ),
        ),
    )


def _user(number: int, first: str, last: str, role: Literal["admin", "recruiter", "hiring_manager"]) -> User:
    email = f"{first.lower()}@lamplight.example"
    return User(number, first, last, email, "Lamplighter", role, 1, 1, active=True, created_at=day(-30))


def _job() -> Job:
    return Job(
        id=1,
        title="Glassblower",
        code="GB-1",
        status="open",
        employment="full_time",
        department_id=1,
        office_ids=(1,),
        is_remote=False,
        confidential=False,
        description_html="<p>Blow glass for lamps.</p>",
        notes=None,
        salary=Salary("EUR", 38_000, 46_000),
        openings=1,
        hiring_manager_ids=(3,),
        recruiter_ids=(2,),
        coordinator_ids=(),
        cost_centre="CC-7",
        opened_at=day(0),
        closed_at=None,
        created_at=day(-1),
        updated_at=day(0),
    )


def _candidate(number: int, first: str, last: str, tags: tuple[int, ...] = ()) -> Candidate:
    address = Address("Rua do Sol 3", "Porto", "Porto", "4000", "Portugal", "PT")
    return Candidate(
        id=number,
        first_name=first,
        last_name=last,
        preferred_name=None,
        company="Vidro Lda",
        title="Lampmaker",
        emails=(Contact(f"{first.lower()}@mail.example", "personal"),),
        phones=(Contact(f"+351 912 345 {number:03}", "mobile"),),
        urls=(Contact(f"https://www.linkedin.com/in/{first.lower()}-lamplight", "linkedin"),),
        addresses=(address,),
        tag_ids=tags,
        source_id=1,
        is_private=False,
        can_email=True,
        time_zone="Europe/Lisbon",
        desired_salary=None,
        anonymised=False,
        created_at=day(1),
        updated_at=day(5),
        last_activity_at=day(5),
    )


def _applications() -> tuple[Application, ...]:
    clara = Application(
        id=1,
        candidate_id=1,
        job_id=1,
        stage_id=3,
        status="active",
        source_id=1,
        credited_to_id=2,
        recruiter_id=2,
        coordinator_id=None,
        answers=(),
        reject_reason_id=None,
        rejected_by_id=None,
        rejected_at=None,
        hired_at=None,
        created_at=day(1),
        updated_at=day(5),
        last_activity_at=day(5),
    )
    ended = day(5, 15)
    dov = replace(
        clara,
        id=2,
        candidate_id=2,
        stage_id=2,
        status="rejected",
        reject_reason_id=1,
        rejected_by_id=2,
        rejected_at=ended,
        updated_at=ended,
    )
    return clara, dov, replace(clara, id=3, candidate_id=3, stage_id=4)


def _interview(
    number: int,
    application: int,
    stage: int,
    name: str,
    status: Literal["scheduled", "complete"],
    *,
    starts: datetime,
    interviewer: int,
) -> Interview:
    return Interview(
        id=number,
        application_id=application,
        stage_id=stage,
        name=name,
        status=status,
        organizer_id=2,
        interviewer_ids=(interviewer,),
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
        location="Room “Douro”",
        video_url=None,
        created_at=day(2),
        updated_at=day(2),
    )


def _note(number: int, candidate: int, application: int, body: str, at: datetime) -> Activity:
    return Activity(number, candidate, application, 2, "note", None, body, None, (), (), "public", created_at=at)
