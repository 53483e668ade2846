"""A pretend Greenhouse Harvest v3 and its token server, written from Greenhouse's documentation.

What the documentation leaves open is the strictest that is plausible, marked `inferred`.
"""

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from starlette.responses import JSONResponse, Response

from polyhire.simulators.company import Company
from polyhire.simulators.guards import bearer_token
from polyhire.simulators.kit import Ask, Refusal, Route, Simulator, World
from polyhire.simulators.limits import RateWindow

from .simulation import applications, candidates, events, offers, organization
from .simulation.listings import LISTINGS
from .simulation.lists import Listing, answer
from .simulation.state import Harvest, seeds
from .simulation.tokens import CUSTOMER, SECRETS, SERVICE_USER

Write: TypeAlias = Callable[[Harvest, Ask], Response]
ACCOUNT = {"client_id": CUSTOMER, "client_secret": SECRETS[CUSTOMER], "user_id": str(SERVICE_USER)}
# inferred: 75 requests in 30 seconds were seen; no ceiling is published
LIMIT, WINDOW = 75, 30

WRITES: tuple[tuple[str, str, str, Write], ...] = (
    ("POST", "applied_candidate_tags", "applied_candidate_tags:create", candidates.apply_tag),
    ("DELETE", "applied_candidate_tags/{id:int}", "applied_candidate_tags:destroy", candidates.remove_tag),
    ("POST", "applications", "applications:create", applications.create),
    ("PATCH", "applications/{id:int}", "applications:update", applications.update),
    ("DELETE", "applications/{id:int}", "applications:destroy", applications.delete),
    ("POST", "applications/{id:int}/move", "applications:move", applications.move),
    ("POST", "applications/{id:int}/reject", "applications:reject", applications.reject),
    ("POST", "applications/{id:int}/unreject", "applications:unreject", applications.unreject),
    ("POST", "applications/{id:int}/hire", "applications:hire", applications.hire),
    (
        "POST",
        "applications/{id:int}/convert_to_candidate",
        "applications:convert_to_candidate",
        applications.convert,
    ),
    ("POST", "attachments", "attachments:create", events.create_attachment),
    ("DELETE", "attachments/{id:int}", "attachments:destroy", events.delete_attachment),
    ("POST", "candidate_tags", "candidate_tags:create", candidates.create_tag),
    ("DELETE", "candidate_tags/{id:int}", "candidate_tags:destroy", candidates.delete_tag),
    ("POST", "candidates", "candidates:create", candidates.create),
    ("PATCH", "candidates/{id:int}", "candidates:update", candidates.update),
    ("DELETE", "candidates/{id:int}", "candidates:destroy", candidates.delete),
    ("POST", "candidates/{id:int}/merge", "candidates:merge", candidates.merge),
    ("PATCH", "candidates/{id:int}/anonymize", "candidates:anonymize", candidates.anonymize),
    ("POST", "departments", "departments:create", organization.create_department),
    ("PATCH", "departments/{id:int}", "departments:update", organization.update_department),
    ("POST", "interviews", "interviews:create", events.create_interview),
    ("PATCH", "interviews/{id:int}", "interviews:update", events.update_interview),
    ("DELETE", "interviews/{id:int}", "interviews:destroy", events.delete_interview),
    ("POST", "jobs", "jobs:create", organization.create_job),
    ("PATCH", "jobs/{id:int}", "jobs:update", organization.update_job),
    ("POST", "notes", "notes:create", events.create_note),
    ("POST", "offers", "offers:create", offers.create),
    ("PATCH", "offers/{id:int}", "offers:update", offers.update),
    ("POST", "offices", "offices:create", organization.create_office),
    ("PATCH", "offices/{id:int}", "offices:update", organization.update_office),
    ("PATCH", "rejection_details/{id:int}", "rejection_details:update", applications.change_rejection),
    ("POST", "users/bulk", "users:create", organization.create_users),
    ("PATCH", "users/{id:int}", "users:update", organization.update_user),
    ("POST", "users/deactivate/bulk", "users:deactivate", organization.deactivate_users),
    ("POST", "users/activate/bulk", "users:activate", organization.activate_users),
)


def permit(harvest: Harvest, ask: Ask, scope: str) -> None:
    """Refuse with 403 a credential whose scopes don't cover the operation."""
    claims = harvest.tokens.server.claims(bearer_token(ask))
    assert claims is not None
    if claims["scopes"] is not None and f"harvest:{scope}" not in claims["scopes"]:
        raise Refusal(403, "Forbidden", code=f"The scope harvest:{scope} is missing")


def show(harvest: Harvest, listing: Listing, ask: Ask) -> Response:
    """Answer a list to a Site Admin who has its scope."""
    permit(harvest, ask, f"{listing.kind}:list")
    if not harvest.actor(ask)["site_admin"]:
        raise Refusal(403, "Forbidden", code="The authorizing user is not a Site Admin")
    return answer(harvest, listing, ask)


def perform(harvest: Harvest, scope: str, write: Write, ask: Ask) -> Response:
    """Do a write that takes no query, for a credential that has its scope."""
    permit(harvest, ask, scope)
    if ask.query:
        raise Refusal(422, "Unprocessable Entity", code="This endpoint takes no query parameters")
    return write(harvest, ask)


def guard(harvest: Harvest, window: RateWindow, ask: Ask) -> None:
    """Refuse a missing or dead token, then a client that asks too often."""
    claims = harvest.tokens.server.claims(bearer_token(ask))
    if claims is None:
        raise Refusal(401, "Unauthorized", code="The access token is missing, expired or revoked")
    if not ask.rate_limits:
        return
    left = window.take(claims["client"])
    ask.answer_headers["X-RateLimit-Limit"] = str(left.limit)
    ask.answer_headers["X-RateLimit-Remaining"] = str(left.remaining)
    if left.refused:
        wait = {"X-RateLimit-Reset": str(left.reset), "Retry-After": str(left.retry_after)}
        raise Refusal(429, "Rate limit exceeded", headers=wait)


def refuse(ask: Ask, refusal: Refusal) -> Response:
    """Word a refusal as the token server, or as Harvest, does. inferred: Harvest's shape."""
    if ask.path in ("/token", "/authorize"):
        body = {"error": refusal.code or "invalid_request", "error_description": refusal.message}
        # inferred: invalid_request for what is malformed, as in RFC 6749
        return JSONResponse(body, refusal.status if refusal.status in (401, 429) or refusal.status >= 500 else 400)
    errors = [f"{each.where} {each.message}".strip() for each in refusal.problems]
    # No single record can be read: to Greenhouse, such a path is as unknown as any other.
    unknown = refusal.status == 405
    message = "Resource not found" if unknown else refusal.message
    body_errors = errors or [refusal.code or message]
    return JSONResponse({"message": message, "errors": body_errors}, 404 if unknown else refusal.status)


def simulator(company: Company) -> Simulator:
    """Build a Greenhouse organization that recruits for this company."""
    rows = seeds(company)

    def build() -> World:
        harvest = Harvest(company, rows)
        routes = [
            Route("POST", "/token", harvest.tokens.token, open=True),
            Route("GET", "/authorize", harvest.tokens.authorize, open=True),
            harvest.files.route,
            *(Route("GET", f"/v3/{each.kind}", partial(show, harvest, each)) for each in LISTINGS),
            *(
                Route(method, f"/v3/{path}", partial(perform, harvest, scope, write))
                for method, path, scope, write in WRITES
            ),
        ]
        return World(
            routes,
            partial(guard, harvest, RateWindow(LIMIT, WINDOW)),
            refuse,
            lambda ask: harvest.tokens.server.revoke(bearer_token(ask)),
        )

    return Simulator("greenhouse", ACCOUNT, build)
