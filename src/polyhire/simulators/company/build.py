"""Makes the company up, the same every time."""

from functools import cache
from random import Random

from .build_events import activities, attachments, eeocs, interviews, offers, scorecards
from .build_people import applications, candidates
from .build_workplace import (
    departments,
    jobs,
    offices,
    questions,
    reject_reasons,
    sources,
    stages,
    tags,
    users,
)
from .roster import Company

CANDIDATES, JOBS, APPLICATIONS = 300, 40, 600


@cache
def company(scale: int = 1) -> Company:
    """Make 300 candidates, 40 jobs and 600 applications, times `scale` (from 1)."""
    dice = Random(f"meridian {scale}")
    places, floors = offices(), departments()
    staff = users(dice, floors, places)
    openings = jobs(dice, JOBS * scale, floors, places, staff)
    pipeline = stages(dice, openings)
    form = questions(openings)
    people = candidates(dice, CANDIDATES * scale)
    applied = applications(dice, APPLICATIONS * scale, people, openings, pipeline, form)
    met = interviews(dice, applied, pipeline, staff)
    return Company(
        name="Meridian Workshop",
        departments=floors,
        offices=places,
        users=staff,
        sources=sources(),
        reject_reasons=reject_reasons(),
        tags=tags(),
        jobs=openings,
        stages=pipeline,
        questions=form,
        candidates=people,
        applications=applied,
        interviews=met,
        scorecards=scorecards(dice, met),
        offers=offers(dice, applied, pipeline, openings),
        activities=activities(dice, people, applied, staff),
        eeocs=eeocs(dice, applied),
        attachments=attachments(dice, people, applied),
    )
