"""auth.greenhouse.io: client credentials for customers, authorization codes and rotating refreshes for partners."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from starlette.responses import JSONResponse, RedirectResponse, Response

from polyhire.simulators import guards
from polyhire.simulators.bodies import read_form
from polyhire.simulators.guards import basic_credentials, read_query
from polyhire.simulators.kit import Ask, Refusal
from polyhire.simulators.tables import Table
from polyhire.simulators.tokens import TokenServer

from .identifiers import identifier

CUSTOMER, PARTNER, NARROW = "meridian-harvest", "meridian-partner", "meridian-narrow"
SECRETS = {
    CUSTOMER: "pretend-customer-key",
    PARTNER: "pretend-partner-key",
    # A credential whose scopes cover candidates alone, to be told 403 elsewhere.
    NARROW: "pretend-narrow-key",
}
GRANTS = {
    CUSTOMER: ("client_credentials",),
    PARTNER: ("authorization_code", "refresh_token"),
    NARROW: ("client_credentials",),
}
SCOPES = {CUSTOMER: None, PARTNER: None, NARROW: ("harvest:candidates:list",)}
SERVICE_USER = identifier("users", 1)
ACCESS_LIFETIME, REFRESH_LIFETIME, CODE_LIFETIME = 3600, 86_400, 60


class Tokens:
    """The token server, and the users it may act for."""

    def __init__(self, users: Table) -> None:
        self._users = users
        self.server = TokenServer(
            lifetime=ACCESS_LIFETIME, refresh_lifetime=REFRESH_LIFETIME, code_lifetime=CODE_LIFETIME
        )

    def authorize(self, ask: Ask) -> Response:
        """Send a person who agrees at once back with a code."""
        known = ("response_type", "client_id", "redirect_uri", "scope", "state")
        query = read_query(ask, dict.fromkeys(known, guards.text), required=known[:3])
        if query["client_id"] != PARTNER or query["response_type"] != "code":
            raise Refusal(400, "Invalid request", code="unauthorized_client")
        scopes = tuple(query["scope"].split()) if "scope" in query else None
        code = self.server.code({"redirect_uri": query["redirect_uri"], **_claims(PARTNER, SERVICE_USER, scopes)})
        back = {"code": code, **({"state": query["state"]} if "state" in query else {})}
        return RedirectResponse(f"{query['redirect_uri']}?{urlencode(back)}", 302)

    def token(self, ask: Ask) -> Response:
        """Trade what a client has for an access token."""
        client, secret = basic_credentials(ask) or ("", "")
        if SECRETS.get(client) != secret:
            raise Refusal(401, "Client authentication failed", code="invalid_client")
        known = ("grant_type", "sub", "code", "redirect_uri", "refresh_token", "scope")
        form = read_form(ask, known, required=["grant_type"])
        if form["grant_type"] not in GRANTS[client]:
            raise Refusal(400, "This client may not use this grant", code="unauthorized_client")
        match form["grant_type"]:
            case "client_credentials":
                claims = _claims(client, self._acting(form.get("sub")), SCOPES[client])
                return _reply(self.server, claims)
            case "authorization_code":
                return _reply(self.server, self._redeemed(form), refreshable=True)
            case _:
                grant = self.server.refresh(form.get("refresh_token", ""))
                if grant is None:
                    raise Refusal(400, "The refresh token does not work", code="invalid_grant")
                return _worded(grant.access_token, grant.refresh_token, grant.expires_at)

    def _acting(self, sub: str | None) -> int:
        if sub is None:
            return SERVICE_USER
        user = self._users.get(int(sub)) if sub.isdecimal() else None
        # inferred: a user who is unknown or deactivated can't be acted for
        if user is None or user["deactivated"]:
            raise Refusal(400, "sub is not an active user", code="invalid_grant")
        return int(sub)

    def _redeemed(self, form: Mapping[str, str]) -> Mapping[str, Any]:
        claims = self.server.redeem(form.get("code", ""))
        # inferred: as RFC 6749 wants, a redirect_uri that is sent must be the one the code was made for
        if claims is None or form.get("redirect_uri", claims["redirect_uri"]) != claims["redirect_uri"]:
            raise Refusal(400, "The code does not work", code="invalid_grant")
        return claims


def _claims(client: str, user: int, scopes: tuple[str, ...] | None) -> dict[str, Any]:
    return {"client": client, "user_id": user, "scopes": scopes}


def _reply(server: TokenServer, claims: Mapping[str, Any], *, refreshable: bool = False) -> Response:
    grant = server.issue(claims)
    return _worded(grant.access_token, grant.refresh_token if refreshable else None, grant.expires_at)


def _worded(access: str, refresh: str | None, expires: float) -> Response:
    moment = datetime.fromtimestamp(expires, UTC).strftime("%Y-%m-%dT%H:%M:%S%z")
    body = {"access_token": access, "token_type": "Bearer", "expires_at": moment}
    return JSONResponse({**body, **({"refresh_token": refresh} if refresh else {})})
