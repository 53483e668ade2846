"""A pretend Breezy HR, written from what is known of its API v3.

What is not documented is the strictest that is plausible, marked `inferred`.
"""

import math
import time

from starlette.responses import JSONResponse, Response

from polyhire.simulators.company import Company
from polyhire.simulators.files import SignedFiles
from polyhire.simulators.kit import Ask, Refusal, Route, Simulator, World

from .simulation import account, candidates, files, positions, profiles, streams, webhooks
from .simulation.access import OWNER_KEY, Access
from .simulation.calls import Server
from .simulation.seed import MAIN, seed
from .simulation.state import Breezy

ENDPOINTS = (
    *account.ENDPOINTS,
    *positions.ENDPOINTS,
    *candidates.ENDPOINTS,
    *profiles.ENDPOINTS,
    *files.ENDPOINTS,
    *streams.ENDPOINTS,
    *webhooks.ENDPOINTS,
)
TYPES = {
    400: "badRequest",
    401: "invalidAccessToken",
    403: "forbidden",
    404: "notFound",
    429: "rateLimitExceeded",
}


def refuse(ask: Ask, refusal: Refusal) -> Response:
    """Word a refusal as Breezy does; what has no such method is not there."""
    status = {405: 404, 415: 400, 422: 400}.get(refusal.status, refusal.status)
    told = "; ".join(f"{each.where} {each.message}".strip() for each in refusal.problems)
    error = {"type": refusal.code or TYPES.get(status, "internalServerError"), "message": told or refusal.message}
    headers = {}
    if status == 429:
        wait = float(refusal.headers.get("Retry-After", 0))
        headers["X-RateLimit-Reset"] = str(math.ceil(time.time() + wait))
    return JSONResponse({"error": error}, status, headers)


def simulator(company: Company) -> Simulator:
    """Build a Breezy account that recruits for this company."""
    first = seed(company)
    published = sum(each["state"] == "published" for each in first.rows["position"])

    def build() -> World:
        breezy = Breezy(first.rows, first.documents)
        access = Access(breezy, first.keys, first.companies)
        server = Server(breezy, access, SignedFiles(breezy.stored, files.LIFETIME), published + positions.SPARE)
        routes = [
            Route("POST", "/v3/signin", access.sign_in, open=True),
            Route("GET", "/v3/signout", access.sign_out),
            *(each.route(server) for each in ENDPOINTS),
            server.files.route,
        ]
        return World(routes, access.guard, refuse, access.expire)

    return Simulator("breezy", {"api_key": OWNER_KEY, "company_id": MAIN}, build)
