"""A pretend Lever Data API and its token server, written from Lever's documentation.

What the documentation leaves open is the strictest that is plausible, marked `inferred`.
"""

from functools import partial

from starlette.responses import JSONResponse, Response

from polyhire.simulators.company import Company
from polyhire.simulators.kit import Ask, Refusal, Route, Simulator, World

from .simulation import (
    account,
    applying,
    contacts,
    feedback,
    files,
    interviews,
    notes,
    opportunities,
    postings,
    seed,
    seed_files,
)
from .simulation.calls import refused
from .simulation.identifiers import identifier
from .simulation.limits import Bucket
from .simulation.state import Lever
from .simulation.tokens import API_KEY, Tokens

ACCOUNT = {"api_key": API_KEY, "user_id": identifier("user", 1)}
# Lists of what was deleted come first, as their paths look like those of one record.
ENDPOINTS = (
    *opportunities.ENDPOINTS,
    *contacts.ENDPOINTS,
    *applying.ENDPOINTS,
    *postings.ENDPOINTS,
    *notes.ENDPOINTS,
    *interviews.ENDPOINTS,
    *feedback.ENDPOINTS,
    *files.ENDPOINTS,
    *account.ENDPOINTS,
)
CODES = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "ResourceNotFound",
    429: "TooManyRequests",
    500: "InternalServerError",
    503: "ServiceUnavailable",
}


class Limits:
    """Ten requests a second for each key, twenty in a burst; two a second are applications."""

    def __init__(self) -> None:
        self._all = Bucket(rate=10, burst=20)
        self._applying = Bucket(rate=2, burst=2)

    def allow(self, key: str, ask: Ask) -> bool:
        """Count one request."""
        applies = ask.method == "POST" and ask.path.startswith("/v1/postings/") and ask.path.endswith("/apply")
        return self._all.take(key) and (not applies or self._applying.take(key))


def guard(tokens: Tokens, limits: Limits, ask: Ask) -> None:
    """Refuse a missing or dead credential, then a client that asks too often."""
    credential = tokens.credential(ask)
    if ask.rate_limits and not limits.allow(credential.name, ask):
        # No header says how long to wait.
        raise Refusal(429, "Too many requests")


def refuse(ask: Ask, refusal: Refusal) -> Response:
    """Word a refusal as the token server, or as Lever, does."""
    if ask.path in ("/oauth/token", "/authorize"):
        told = refused(refusal.problems) or refusal.message
        body = {"error": refusal.code or "invalid_request", "error_description": told}
        # inferred: invalid_request for what is malformed, as in RFC 6749
        kept = refusal.status in (401, 403, 429) or refusal.status >= 500
        return JSONResponse(body, refusal.status if kept else 400)
    # inferred: whatever is malformed is a BadRequest, and what has no such method is not there
    status = {405: 404, 415: 400, 422: 400}.get(refusal.status, refusal.status)
    code = CODES.get(status, "InternalServerError")
    return JSONResponse({"code": code, "message": refused(refusal.problems) or refusal.message}, status)


def simulator(company: Company) -> Simulator:
    """Build a Lever account that recruits for this company."""
    rows, documents = seed.rows(company), seed_files.documents(company)

    def build() -> World:
        lever, tokens = Lever(rows, documents), Tokens()
        routes = [
            Route("GET", "/authorize", tokens.consent.page, open=True),
            Route("POST", "/authorize", tokens.consent.decide, open=True),
            Route("POST", "/oauth/token", tokens.token, open=True),
            *(each.route(lever, tokens) for each in ENDPOINTS),
        ]
        return World(routes, partial(guard, tokens, Limits()), refuse, tokens.expire)

    return Simulator("lever", ACCOUNT, build)
