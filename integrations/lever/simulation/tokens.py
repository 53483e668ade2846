"""Who may ask: keys with endpoint permissions, and auth.lever.co with codes and rotating refreshes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import JSONResponse, Response

from polyhire.simulators import guards
from polyhire.simulators.bodies import read_form
from polyhire.simulators.consent import Consent
from polyhire.simulators.guards import basic_credentials, bearer_token
from polyhire.simulators.kit import Ask, Refusal
from polyhire.simulators.tokens import Grant, TokenServer

API_KEY, READ_ONLY_KEY = "lever-sandbox-key-meridian-workshop", "lever-sandbox-key-read-only"
CLIENT, SECRET = "meridian-partner", "pretend-partner-key"
AUDIENCES = ("https://api.lever.co/v1/", "https://api.sandbox.lever.co/v1/")
RESOURCES = (
    *("opportunities", "applications", "archive_reasons", "contact", "eeo_responses", "eeo_responses_pii", "feedback"),
    *("files", "forms", "interviews", "notes", "offers", "panels", "postings", "referrals", "requisitions"),
    *("requisition_fields", "resumes", "sources", "stages", "tags", "uploads", "users", "webhooks", "audit_events"),
)
CONFIDENTIAL, OFFLINE = "confidential:access:admin", "offline_access"
READING = frozenset(f"{resource}:read:admin" for resource in RESOURCES)
WRITING = frozenset(f"{resource}:write:admin" for resource in RESOURCES)
SCOPES: Mapping[str, frozenset[str]] = {API_KEY: READING | WRITING | {CONFIDENTIAL}, READ_ONLY_KEY: READING}
MOST_SCOPES = 20
# Refreshes live a year, and die unused after 90 days: as every use makes a new one, the 90 days are what one meets.
ACCESS_LIFETIME, REFRESH_LIFETIME, CODE_LIFETIME = 3600, 90 * 86_400, 60


@dataclass(frozen=True)
class Credential:
    """Who asks (a key or a client), and what for."""

    name: str
    scopes: frozenset[str]

    def may(self, scope: str) -> bool:
        """Tell whether the scopes cover this one; writing includes reading."""
        return bool(self.scopes & {scope, scope.replace(":read:", ":write:")})


class Tokens:
    """The token server, and the keys."""

    def __init__(self) -> None:
        self._server = TokenServer(
            lifetime=ACCESS_LIFETIME, refresh_lifetime=REFRESH_LIFETIME, code_lifetime=CODE_LIFETIME
        )
        self.consent = Consent(
            "Lever",
            (CLIENT,),
            self._server,
            scopes=_scopes,
            claims=lambda query, scopes: {"client": CLIENT, "scopes": scopes},
            more={"audience": guards.one_of(*AUDIENCES), "prompt": guards.one_of("consent")},
            required=["scope", "audience"],
        )

    def credential(self, ask: Ask) -> Credential:
        """Give who asks; refuses with 401 whom we don't know, and a key that comes with a password."""
        if basic := basic_credentials(ask):
            key, password = basic
            if key in SCOPES and not password:
                return Credential(key, SCOPES[key])
        elif claims := self._server.claims(bearer_token(ask)):
            return Credential(claims["client"], frozenset(claims["scopes"]))
        raise Refusal(401, "The API key or access token is missing, wrong or expired")

    def expire(self, ask: Ask) -> None:
        """Make an access token stop working; keys don't expire."""
        self._server.revoke(bearer_token(ask))

    def token(self, ask: Ask) -> Response:
        """Trade a code, or a refresh token, for tokens."""
        known = ("client_id", "client_secret", "grant_type", "code", "redirect_uri", "code_verifier", "refresh_token")
        form = read_form(ask, known, required=known[:3])
        if (form["client_id"], form["client_secret"]) != (CLIENT, SECRET):
            raise Refusal(401, "Client authentication failed", code="invalid_client")
        match form["grant_type"]:
            case "authorization_code":
                return self._redeem(form)
            case "refresh_token":
                return self._refresh(form)
            case _:
                raise Refusal(400, "This grant is not for you", code="unsupported_grant_type")

    def _redeem(self, form: Mapping[str, str]) -> Response:
        try:
            claims = self.consent.redeem(form)
        except Refusal:
            raise _dead("authorization code") from None
        grant = self._server.issue(claims)
        return _worded(grant, claims["scopes"])

    def _refresh(self, form: Mapping[str, str]) -> Response:
        grant = self._server.refresh(form.get("refresh_token", ""))
        claims = self._server.claims(grant.access_token) if grant else None
        if grant is None or claims is None:
            raise _dead("refresh token")
        return _worded(grant, claims["scopes"])


def _scopes(text: str) -> tuple[str, ...]:
    scopes = tuple(text.split())
    known = READING | WRITING | {CONFIDENTIAL, OFFLINE}
    if unknown := [each for each in scopes if each not in known]:
        raise Refusal(400, f"Unknown scopes: {', '.join(unknown)}", code="invalid_scope")
    if len(scopes) > MOST_SCOPES:
        raise Refusal(400, f"At most {MOST_SCOPES} scopes", code="invalid_scope")
    return scopes


def _dead(what: str) -> Refusal:
    # inferred: 403, as Auth0 answers, whose host Lever names for its sandbox
    return Refusal(403, f"Unknown or invalid {what}", code="invalid_grant")


def _worded(grant: Grant, scopes: Collection[str]) -> Response:
    body: dict[str, Any] = {
        "access_token": grant.access_token,
        "scope": " ".join(scopes),
        "expires_in": grant.expires_in,
        "token_type": "Bearer",
    }
    # A token that nobody asked for in advance is simply never told.
    if OFFLINE in scopes:
        body["refresh_token"] = grant.refresh_token
    return JSONResponse(body)
