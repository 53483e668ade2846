"""A pretend Recruitee, written from its documentation and from what working clients of it show.

What both leave open is the strictest that is plausible, marked `inferred`.
"""

from polyhire.simulators.company import Company
from polyhire.simulators.kit import Simulator, World
from polyhire.simulators.limits import RateWindow

from .simulation import candidates, files, interviews, notes, offers, placements, search, seed, seed_people, workplace
from .simulation.access import ADMIN_KEY, LIMIT, REVIEWER_KEY, WINDOW, Access, refuse
from .simulation.careers import Careers
from .simulation.identifiers import identifier
from .simulation.state import COMPANY_ID, Recruitee

# What is named in a path comes before what is numbered there.
ENDPOINTS = (
    *candidates.ENDPOINTS,
    *files.ENDPOINTS,
    *placements.ENDPOINTS,
    *offers.ENDPOINTS,
    *notes.ENDPOINTS,
    *interviews.ENDPOINTS,
    *search.ENDPOINTS,
    *workplace.ENDPOINTS,
)


def simulator(company: Company) -> Simulator:
    """Build the Recruitee account of this company."""
    rows, documents, subdomain = seed.rows(company), seed_people.documents(company), seed.subdomain(company)
    staff = [identifier("admin", each.id) for each in company.users if each.active]
    keys = {ADMIN_KEY: staff[0], REVIEWER_KEY: staff[-1]}

    def build() -> World:
        recruitee = Recruitee(subdomain, rows, documents)
        access = Access(subdomain, keys, RateWindow(LIMIT, WINDOW))
        numbered = (each.route(recruitee, access) for each in ENDPOINTS)
        routes = [recruitee.files.route, *Careers(recruitee).routes(), *numbered]
        return World(routes, access.guard, refuse)

    account = {"company_id": str(COMPANY_ID), "api_token": ADMIN_KEY}
    return Simulator("recruitee", account, build)
