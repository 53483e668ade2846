"""A pretend Workable: SPI v3 and its token server, where a candidate is one person on one job.

Written from Workable's documentation; what it leaves open is the strictest that is plausible, marked `inferred`.
"""

from starlette.responses import JSONResponse, Response

from polyhire.simulators.company import Company
from polyhire.simulators.kit import Ask, Refusal, Route, Simulator, World

from .simulation import account, actions, candidates, catalogs, events, feed, files, jobs, members, seed, subscriptions
from .simulation.identifiers import identifier
from .simulation.state import Workable
from .simulation.tokens import ACCOUNT_KEY, Tokens

ENDPOINTS = (
    *account.ENDPOINTS,
    *catalogs.ENDPOINTS,
    *jobs.ENDPOINTS,
    *members.ENDPOINTS,
    *candidates.ENDPOINTS,
    *actions.ENDPOINTS,
    *feed.ENDPOINTS,
    *files.ENDPOINTS,
    *events.ENDPOINTS,
    *subscriptions.ENDPOINTS,
)


def refuse(ask: Ask, refusal: Refusal) -> Response:
    """Word a refusal as the token server, or as SPI v3, does."""
    told = "; ".join(f"{each.where} {each.message}".strip() for each in refusal.problems)
    if ask.path.startswith("/oauth/"):
        body = {"error": refusal.code or "invalid_request", "error_description": told or refusal.message}
        # inferred: what is malformed is a 400, as in RFC 6749
        kept = refusal.status in (401, 429) or refusal.status >= 500
        return JSONResponse(body, refusal.status if kept else 400)
    answer: dict[str, object] = {"error": refusal.message}
    if refusal.problems:
        # inferred: each with its messages
        invalid: dict[str, list[str]] = {}
        for each in refusal.problems:
            invalid.setdefault(each.where, []).append(each.message)
        answer["validation_errors"] = invalid
    return JSONResponse(answer, refusal.status)


def simulator(company: Company) -> Simulator:
    """Build the Workable account of this company."""
    rows, documents = seed.rows(company), seed.documents(company)
    subdomain = company.name.lower().replace(" ", "-")

    def build() -> World:
        workable, tokens = Workable(subdomain, company.name, rows, documents), Tokens()
        routes = [
            Route("GET", "/oauth/authorize", tokens.consent.page, open=True),
            Route("POST", "/oauth/authorize", tokens.consent.decide, open=True),
            Route("POST", "/oauth/token", tokens.token, open=True),
            workable.files.route,
            *(each.route(workable, tokens) for each in ENDPOINTS),
        ]
        return World(routes, tokens.guard, refuse, tokens.expire)

    answers = {"subdomain": subdomain, "access_token": ACCOUNT_KEY, "member_id": identifier("member", 1)}
    return Simulator("workable", answers, build)
