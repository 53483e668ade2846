"""A pretend JazzHR: filters in the path, single rows without their list, and a key in the query or the body.

Written from what is known of its documentation; what is open is the strictest that is plausible, marked `inferred`.
"""

from functools import partial

from starlette.responses import PlainTextResponse, Response

from polyhire.simulators.company import Company
from polyhire.simulators.kit import Ask, Refusal, Route, Simulator, World
from polyhire.simulators.limits import RateWindow

from .simulation.access import KEY, LIMIT, SECONDS, guard
from .simulation.applicants import APPLICANTS
from .simulation.events import ACTIVITIES, ANSWERS, CONTACTS, TASKS, note
from .simulation.files import FILES
from .simulation.jobs import JOBS, QUESTIONS
from .simulation.links import HIRES, LINKS
from .simulation.resources import writes
from .simulation.seed import account
from .simulation.state import Jazz
from .simulation.workplace import CATEGORIES, CATEGORY_LINKS, USERS

RESOURCES = (
    ACTIVITIES,
    ANSWERS,
    APPLICANTS,
    CATEGORIES,
    CATEGORY_LINKS,
    CONTACTS,
    FILES,
    HIRES,
    JOBS,
    LINKS,
    QUESTIONS,
    TASKS,
    USERS,
)


def refuse(ask: Ask, refusal: Refusal) -> Response:
    """Word a refusal; inferred: as plain text, and 400 for whatever is malformed."""
    told = "; ".join(f"{each.where} {each.message}".strip() for each in refusal.problems)
    status = 400 if refusal.status in (415, 422) else refusal.status
    return PlainTextResponse(told or refusal.message, status)


def simulator(company: Company) -> Simulator:
    """Build the JazzHR account of this company."""
    rows, documents = account(company)

    def build() -> World:
        jazz = Jazz(rows, documents)
        routes = [
            jazz.files.route,
            # Notes can be made, but not read.
            Route("POST", "/v1/notes", writes(jazz, note)),
            *(route for each in RESOURCES for route in each.routes(jazz)),
        ]
        return World(routes, partial(guard, RateWindow(LIMIT, SECONDS)), refuse)

    # The part before .applytojob.com in the addresses of its jobs, which no answer tells.
    subdomain = company.name.partition(" ")[0].lower()
    return Simulator("jazzhr", {"api_key": KEY, "subdomain": subdomain}, build)
