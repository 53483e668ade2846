"""A pretend Zoho Recruit v2 and the accounts server of its data centre, written from Zoho's documentation.

What the documentation leaves open is the strictest that is plausible, marked `inferred`.
"""

from collections.abc import Sequence
from functools import partial

from starlette.responses import Response

from polyhire.simulators.company import Company
from polyhire.simulators.kit import Ask, Route, Simulator, World

from .simulation.answers import refuse
from .simulation.credits import Credits
from .simulation.modules import CORPORATE, STAFFING
from .simulation.operations import OPERATIONS, Operation, permit
from .simulation.seed import seeds
from .simulation.state import Org, Seeds
from .simulation.tokens import CLIENT_ID, REFRESH_TOKENS, SECRETS, Tokens

API = "/recruit/v2"
ACCOUNT = {
    "region": "com",
    "client_id": CLIENT_ID,
    "client_secret": SECRETS[CLIENT_ID],
    "refresh_token": REFRESH_TOKENS[CORPORATE],
}


class Recruit:
    """One account of each kind, behind one accounts server."""

    def __init__(self, seeded: Sequence[Seeds]) -> None:
        self.tokens = Tokens()
        self._seeded = {each.edition: each for each in seeded}
        self._orgs: dict[str, Org] = {}
        # The plan Enterprise, which has all modules.
        self.credits = {each.edition: Credits(15_000 + 1000 * len(each.users)) for each in seeded}

    def perform(self, operation: Operation, ask: Ask) -> Response:
        """Carry a call out for a token that covers it, and that can pay for it."""
        claims = self.tokens.claims(ask)
        org = self._org(claims["edition"])
        permit(org, operation, ask, claims["scopes"])
        if ask.rate_limits:
            self.credits[claims["edition"]].spend(operation.price)
        return operation.perform(org, ask)

    def _org(self, edition: str) -> Org:
        # Made when it is first asked for: few clients look at both.
        if edition not in self._orgs:
            self._orgs[edition] = Org(self._seeded[edition])
        return self._orgs[edition]

    def guard(self, ask: Ask) -> None:
        """Refuse a missing or dead token."""
        self.tokens.claims(ask)


def simulator(company: Company) -> Simulator:
    """Build a Zoho account that recruits for this company; the answers are those of a self client."""

    seeded = [seeds(company, edition) for edition in (CORPORATE, STAFFING)]

    def build() -> World:
        recruit = Recruit(seeded)
        routes = [
            Route("GET", "/oauth/v2/auth", recruit.tokens.consent.page, open=True),
            Route("POST", "/oauth/v2/auth", recruit.tokens.consent.decide, open=True),
            Route("POST", "/oauth/v2/token", recruit.tokens.token, open=True),
            *(Route(each.method, f"{API}/{each.path}", partial(recruit.perform, each)) for each in OPERATIONS),
        ]
        return World(routes, recruit.guard, refuse, recruit.tokens.expire)

    return Simulator("zohorecruit", ACCOUNT, build)
