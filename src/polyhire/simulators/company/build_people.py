"""Makes up the candidates and what they applied for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from . import names
from .build_workplace import OPENING_DAY, moment
from .people import Address, Application, Candidate, Contact, FormAnswer
from .workplace import Job, Question, Stage

ANONYMISED = 40


def candidates(dice: Random, count: int) -> tuple[Candidate, ...]:
    """Make people; every 37th has an unusual name, and number 40 has been anonymised."""
    return tuple(_candidate(dice, number) for number in range(1, count + 1))


def _name(dice: Random, number: int) -> tuple[str | None, str | None]:
    if number % 37 == 0:
        return names.UNUSUAL[number // 37 % len(names.UNUSUAL)]
    return dice.choice(names.FIRST), None if number % 101 == 0 else dice.choice(names.LAST)


def _candidate(dice: Random, number: int) -> Candidate:
    created = moment(dice, OPENING_DAY + timedelta(days=30), 800)
    touched = moment(dice, created, 60)
    gone = number == ANONYMISED
    first, last = (None, None) if gone else _name(dice, number)
    return Candidate(
        id=number,
        first_name=first,
        last_name=last,
        preferred_name=None if gone or number % 11 else f"{first} B.",
        company=None if gone or number % 3 == 0 else dice.choice(names.EMPLOYERS),
        title=None if gone or number % 4 == 0 else dice.choice(names.TITLES)[0],
        emails=() if gone else _emails(number),
        phones=() if gone else _phones(dice, number),
        urls=() if gone else _urls(number),
        addresses=() if gone or number % 5 == 0 else (_address(dice),),
        tag_ids=() if gone else tuple(sorted(dice.sample(range(1, len(names.TAGS) + 1), number % 3))),
        source_id=None if number % 8 == 0 else dice.randint(1, len(names.SOURCES)),
        is_private=number % 29 == 0,
        can_email=number % 19 != 0,
        time_zone=None if number % 2 else dice.choice(names.OFFICES)[7],
        desired_salary=None if gone or number % 6 else dice.randrange(30, 120) * 1000,
        anonymised=gone,
        created_at=created,
        updated_at=touched,
        last_activity_at=None if number % 23 == 0 else touched,
    )


def _emails(number: int) -> tuple[Contact, ...]:
    """Most have exactly one; every 10th has three, every 14th none."""
    if number % 14 == 0:
        return ()
    first = Contact(f"person{number}@mail.example", "personal")
    if number % 10:
        return (first,)
    return (first, Contact(f"p.{number}@work.example", "work"), Contact(f"ö{number}@mail.example", "other"))


def _phones(dice: Random, number: int) -> tuple[Contact, ...]:
    if number % 4 == 0:
        return ()
    mobile = Contact(f"+1 512 555 0{dice.randint(100, 199)}", "mobile")
    return (mobile,) if number % 3 else (mobile, Contact("(020) 7946 0123 ext. 4", "home"))


def _urls(number: int) -> tuple[Contact, ...]:
    found = []
    if number % 2:
        found.append(Contact(f"https://www.linkedin.com/in/person-{number}", "linkedin"))
    if number % 7 == 0:
        found.append(Contact(f"https://github.com/person-{number}", "github"))
    if number % 9 == 0:
        found.append(Contact(f"https://person-{number}.example/work?a=1&b=ü", "portfolio"))
    return tuple(found)


def _address(dice: Random) -> Address:
    _, street, city, region, postcode, country, code, _ = dice.choice(names.OFFICES)
    return Address(street, city, region, postcode, country, code)


@dataclass(frozen=True)
class _Vacancies:
    """The jobs that one may apply for, with what an application needs of each."""

    jobs: tuple[Job, ...]
    stages: dict[int, tuple[Stage, ...]]
    questions: dict[int, tuple[Question, ...]]


def applications(
    dice: Random,
    count: int,
    people: Sequence[Candidate],
    jobs: Sequence[Job],
    stages: Sequence[Stage],
    questions: Sequence[Question],
) -> tuple[Application, ...]:
    """Spread `count` applications: nobody applies twice for one job, every 20th person for none at all."""
    vacancies = _Vacancies(
        tuple(job for job in jobs if job.status != "draft"),
        {job.id: tuple(stage for stage in stages if stage.job_id == job.id) for job in jobs},
        {job.id: tuple(each for each in questions if each.job_id == job.id) for job in jobs},
    )
    keen = [person for person in people if person.id % 20]
    taken: set[tuple[int, int]] = set()
    made: list[Application] = []
    for number in range(1, count + 1):
        person = keen[(number - 1) % len(keen)]
        job = dice.choice([job for job in vacancies.jobs if (person.id, job.id) not in taken])
        taken.add((person.id, job.id))
        made.append(_application(dice, number, person, job, vacancies))
    return tuple(made)


def _application(dice: Random, number: int, person: Candidate, job: Job, vacancies: _Vacancies) -> Application:
    prospect = number % 50 == 0
    hired = number % 25 == 5
    rejected = number % 4 == 3 and not hired
    applied = moment(dice, max(person.created_at, job.opened_at or job.created_at), 60)
    ended = moment(dice, applied, 45) if rejected or hired else None
    stage = dice.choice(vacancies.stages[job.id])
    status: Literal["rejected", "hired", "active"] = (
        "rejected" if rejected else "hired" if hired and not prospect else "active"
    )
    touched: datetime = ended or moment(dice, applied, 30)
    return Application(
        id=number,
        candidate_id=person.id,
        job_id=None if prospect else job.id,
        stage_id=None if prospect or status == "hired" else stage.id,
        status=status,
        source_id=person.source_id,
        credited_to_id=None if number % 3 else job.recruiter_ids[0],
        recruiter_id=job.recruiter_ids[0],
        coordinator_id=job.coordinator_ids[0] if job.coordinator_ids else None,
        answers=() if prospect else _answers(dice, person, vacancies.questions[job.id]),
        reject_reason_id=dice.randint(1, len(names.REJECT_REASONS)) if rejected else None,
        rejected_by_id=job.hiring_manager_ids[0] if rejected and number % 8 == 3 else None,
        rejected_at=ended if rejected else None,
        hired_at=ended if status == "hired" else None,
        created_at=applied,
        updated_at=touched,
        last_activity_at=None if number % 31 == 0 else touched,
    )


def _answers(dice: Random, person: Candidate, questions: Sequence[Question]) -> tuple[FormAnswer, ...]:
    return tuple(FormAnswer(each.id, _answer(dice, person, each)) for each in questions if each.kind != "file")


def _answer(dice: Random, person: Candidate, question: Question) -> str | bool | tuple[str, ...] | None:
    if not question.required and dice.random() < 0.3:
        return None
    if question.kind == "yes_no":
        return dice.random() < 0.9
    if question.kind == "one_of":
        return dice.choice(question.options)
    if question.kind == "many_of":
        return tuple(sorted(dice.sample(question.options, 2)))
    if question.kind == "short_text":
        return person.first_name
    return "Because of the people.\nAnd the “work”."
