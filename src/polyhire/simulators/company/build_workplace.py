"""Makes up the places, the staff, the jobs and their forms."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Literal, get_args

from . import names
from .workplace import Department, Job, Office, Question, RejectReason, Salary, Source, Stage, Tag, User

OPENING_DAY = datetime(2024, 1, 8, 9, 0, tzinfo=UTC)
Role = Literal["admin", "recruiter", "hiring_manager", "interviewer"]
USERS = 24


def moment(dice: Random, since: datetime, days: int) -> datetime:
    """Pick an instant within so many days after another, to the millisecond."""
    return since + timedelta(milliseconds=dice.randrange(1000, days * 86_400_000))


def departments() -> tuple[Department, ...]:
    ids = {name: number for number, (name, _) in enumerate(names.DEPARTMENTS, start=1)}
    return tuple(Department(ids[name], name, ids[parent] if parent else None) for name, parent in names.DEPARTMENTS)


def offices() -> tuple[Office, ...]:
    """Make one office a city, one part of another, and one that is nowhere."""
    made = [
        Office(number, f"{row[0]} office", *row[1:7], is_remote=False, parent_id=None)
        for number, row in enumerate(names.OFFICES, start=1)
    ]
    annex = Office(6, "Lisbon annex", None, "Lisbon", "Lisboa", None, "Portugal", "PT", False, parent_id=1)
    remote = Office(7, "Remote, Europe", None, None, None, None, "Portugal", "PT", True, parent_id=None)
    return (*made, annex, remote)


def users(
    dice: Random, departments: Sequence[Department], offices: Sequence[Office], count: int = USERS
) -> tuple[User, ...]:
    """Make the staff: the first is always an active admin, the last has left."""
    made = []
    for number in range(1, count + 1):
        first, last = names.FIRST[(number * 7) % 50], names.LAST[(number * 11) % 50]
        role: Role = get_args(Role)[min(3, (number - 1) // 4)]
        made.append(
            User(
                id=number,
                first_name=first,
                last_name=last,
                email=f"user{number}@meridian.example",
                title=dice.choice(names.TITLES)[0],
                role=role,
                department_id=dice.choice(departments).id,
                office_id=dice.choice(offices).id,
                active=number not in (count // 2, count),
                created_at=moment(dice, OPENING_DAY, 30),
            )
        )
    return tuple(made)


def sources() -> tuple[Source, ...]:
    return tuple(Source(number, *row) for number, row in enumerate(names.SOURCES, start=1))


def reject_reasons() -> tuple[RejectReason, ...]:
    return tuple(RejectReason(number, *row) for number, row in enumerate(names.REJECT_REASONS, start=1))


def tags() -> tuple[Tag, ...]:
    return tuple(Tag(number, name) for number, name in enumerate(names.TAGS, start=1))


def jobs(
    dice: Random,
    count: int,
    departments: Sequence[Department],
    offices: Sequence[Office],
    users: Sequence[User],
) -> tuple[Job, ...]:
    return tuple(_job(dice, number, departments, offices, users) for number in range(1, count + 1))


def _job(
    dice: Random,
    number: int,
    departments: Sequence[Department],
    offices: Sequence[Office],
    users: Sequence[User],
) -> Job:
    title, department = names.TITLES[number % len(names.TITLES)]
    title = names.LEVELS[(number // len(names.TITLES)) % len(names.LEVELS)] + title
    status: Literal["draft", "closed", "open"] = (
        "draft" if number % 10 == 0 else "closed" if number % 4 == 3 else "open"
    )
    created = moment(dice, OPENING_DAY, 500)
    opened = None if status == "draft" else moment(dice, created, 20)
    closed = moment(dice, opened, 200) if opened and status == "closed" else None
    low = dice.randrange(28, 120) * 1000
    places = tuple(sorted(office.id for office in dice.sample(list(offices), dice.choice((1, 1, 1, 2)))))
    return Job(
        id=number,
        title=title,
        code=None if number % 9 == 0 else f"MW-{1000 + number}",
        status=status,
        employment=dice.choice(("full_time", "full_time", "part_time", "contract", "internship")),
        department_id=next((each.id for each in departments if each.name == department), None),
        office_ids=() if number % 13 == 0 else places,
        is_remote=7 in places,
        confidential=number % 17 == 0,
        description_html=f"<p>We look for a <strong>{title}</strong>.</p><ul><li>Läuft &amp; lernt</li></ul>",
        notes=None if number % 3 else f"<p>Backfill for role {number}.</p>",
        salary=None if number % 5 == 0 else Salary(dice.choice(("EUR", "USD", "PLN", "JPY")), low, low + 15_000),
        openings=1 + number % 3,
        hiring_manager_ids=tuple(sorted(each.id for each in dice.sample(list(users[8:12]), 1 + number % 2))),
        recruiter_ids=(users[4 + number % 4].id,),
        coordinator_ids=() if number % 4 == 0 else (users[4 + (number + 1) % 4].id,),
        cost_centre=None if number % 6 == 0 else f"CC-{number % 7:02d}",
        opened_at=opened,
        closed_at=closed,
        created_at=created,
        updated_at=closed or moment(dice, opened or created, 90),
    )


def stages(dice: Random, jobs: Sequence[Job]) -> tuple[Stage, ...]:
    """Give each job four to six stages: review first, offer last."""
    made: list[Stage] = []
    for job in jobs:
        middle = names.STAGES[1:-1]
        kept = sorted(dice.sample(range(len(middle)), dice.randint(2, 4)))
        chosen = (names.STAGES[0], *(middle[index] for index in kept), names.STAGES[-1])
        for position, (name, kind) in enumerate(chosen):
            made.append(Stage(len(made) + 1, job.id, name, position, kind))
    return tuple(made)


def questions(jobs: Sequence[Job]) -> tuple[Question, ...]:
    """Give each job that has opened the first three to six of the questions we know."""
    made: list[Question] = []
    for job in jobs:
        for row in names.QUESTIONS[: 0 if job.status == "draft" else 3 + job.id % 4]:
            made.append(Question(len(made) + 1, job.id, *row))
    return tuple(made)
