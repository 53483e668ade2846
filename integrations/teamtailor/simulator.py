"""A pretend Teamtailor: JSON:API read strictly, linkage only for what is included, and file URLs that soon expire.

Written from Teamtailor's documentation; what it leaves open is the strictest that is plausible, marked `inferred`.
"""

from collections.abc import Iterator
from functools import partial

from polyhire.simulators.company import Company
from polyhire.simulators.kit import Route, Simulator, World
from polyhire.simulators.limits import RateWindow

from .simulation.applications import APPLICATIONS
from .simulation.candidates import ANSWERED, CANDIDATES, NOTES, UPLOADS
from .simulation.keys import ADMIN_KEY, LIMIT, WINDOW, guard
from .simulation.kinds import KINDS
from .simulation.lists import show_company, show_linkage, show_list, show_one, show_related
from .simulation.refusals import refuse
from .simulation.seed_people import documents, people
from .simulation.seed_workplace import workplace
from .simulation.state import COMPANY, Teamtailor
from .simulation.workplace import (
    COMPANIES,
    DEPARTMENTS,
    JOBS,
    LOCATIONS,
    PICKED,
    QUESTIONS,
    REJECT_REASONS,
    USERS,
)
from .simulation.writes import change, create, delete

ACCOUNT = {"api_key": ADMIN_KEY, "region": "eu"}
WRITINGS = (
    ANSWERED,
    APPLICATIONS,
    CANDIDATES,
    DEPARTMENTS,
    JOBS,
    LOCATIONS,
    NOTES,
    PICKED,
    QUESTIONS,
    REJECT_REASONS,
    UPLOADS,
    USERS,
)


def simulator(company: Company) -> Simulator:
    """Build the Teamtailor account of this company."""
    rows, files = {**workplace(company), **people(company)}, documents(company)

    def build() -> World:
        teamtailor = Teamtailor(rows, files)
        routes = [teamtailor.files.route, *_reads(teamtailor), *_writes(teamtailor)]
        return World(routes, partial(guard, RateWindow(LIMIT, WINDOW)), refuse)

    return Simulator("teamtailor", ACCOUNT, build)


def _reads(teamtailor: Teamtailor) -> Iterator[Route]:
    yield Route("GET", "/v1/company", partial(show_company, teamtailor))
    for kind, known in KINDS.items():
        if kind == COMPANY:
            continue
        one = f"/v1/{kind}/{{id:int}}"
        if known.listed:
            yield Route("GET", f"/v1/{kind}", partial(show_list, teamtailor, kind))
        yield Route("GET", one, partial(show_one, teamtailor, kind))
        for name in (*known.relations, *known.lists):
            yield Route("GET", f"{one}/{name}", partial(show_related, teamtailor, kind, name))
        for name in known.relations:
            yield Route("GET", f"{one}/relationships/{name}", partial(show_linkage, teamtailor, kind, name))


def _writes(teamtailor: Teamtailor) -> Iterator[Route]:
    yield Route("PATCH", "/v1/company", partial(change, teamtailor, COMPANIES))
    for writing in WRITINGS:
        one = f"/v1/{writing.kind}/{{id:int}}"
        if "POST" in writing.methods:
            yield Route("POST", f"/v1/{writing.kind}", partial(create, teamtailor, writing))
        if "PATCH" in writing.methods:
            yield Route("PATCH", one, partial(change, teamtailor, writing))
        if "DELETE" in writing.methods:
            yield Route("DELETE", one, partial(delete, teamtailor, writing))
