"""A pretend provider with an OAuth2 server that insists on PKCE, and rotates refresh tokens."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import JSONResponse, Response

from polyhire.simulators.bodies import read_form
from polyhire.simulators.company import Company
from polyhire.simulators.consent import Consent
from polyhire.simulators.guards import bearer_token
from polyhire.simulators.kit import Ask, Refusal, Route, Simulator, World
from polyhire.simulators.tokens import Grant, TokenServer

CLIENT, SECRET = "baobab-client", "baobab-client-key"
SCOPES = ("jobs.read", "users.read")


class Baobab:
    """The token server and the one thing to read."""

    def __init__(self) -> None:
        self.server = TokenServer(lifetime=600, refresh_lifetime=86_400)
        self.consent = Consent("Baobab", [CLIENT], self.server, scopes, claims, required=["scope"], pkce=True)

    def token(self, ask: Ask) -> Response:
        """Trade a code or a refresh token."""
        form = read_form(
            ask,
            ("grant_type", "client_id", "client_secret", "code", "code_verifier", "redirect_uri", "refresh_token"),
            required=["grant_type", "client_id", "client_secret"],
        )
        if (form["client_id"], form["client_secret"]) != (CLIENT, SECRET):
            raise Refusal(401, "unknown client", code="invalid_client")
        if form["grant_type"] == "refresh_token":
            grant = self.server.refresh(form.get("refresh_token", ""))
            if grant is None:
                raise Refusal(400, "used or unknown", code="invalid_grant")
            return reply(grant)
        return reply(self.server.issue(self.consent.redeem(form)))

    def guard(self, ask: Ask) -> None:
        """Let living tokens in."""
        if self.server.claims(bearer_token(ask)) is None:
            raise Refusal(401, "Not signed in")

    def me(self, ask: Ask) -> Response:
        """Who am I."""
        known = self.server.claims(bearer_token(ask)) or {}
        if "users.read" not in known["scopes"]:
            return JSONResponse({"error": "The token may not read users", "missing": ["users.read"]}, 403)
        return JSONResponse({"me": 1})


def scopes(text: str) -> Sequence[str]:
    """Read the scopes of a consent."""
    if not set(text.split()) <= set(SCOPES):
        raise Refusal(400, "no such scope", code="invalid_scope")
    return text.split()


def claims(query: Mapping[str, str], agreed: Sequence[str]) -> Mapping[str, Any]:
    """What a token stands for."""
    return {"scopes": list(agreed)}


def reply(grant: Grant) -> Response:
    """A token's answer."""
    return JSONResponse(
        {"access_token": grant.access_token, "refresh_token": grant.refresh_token, "expires_in": grant.expires_in}
    )


def refuse(ask: Ask, refusal: Refusal) -> Response:
    """Say no."""
    return JSONResponse({"error": refusal.code or refusal.message}, refusal.status)


def simulator(company: Company) -> Simulator:
    """Build it."""

    def build() -> World:
        baobab = Baobab()
        routes = [
            Route("GET", "/authorize", baobab.consent.page, open=True),
            Route("POST", "/authorize", baobab.consent.decide, open=True),
            Route("POST", "/token", baobab.token, open=True),
            Route("GET", "/v2/me", baobab.me),
        ]
        return World(routes, baobab.guard, refuse)

    return Simulator("baobab", {}, build)
