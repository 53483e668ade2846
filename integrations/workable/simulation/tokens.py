"""Who may ask: account tokens with scopes, and www.workable.com/oauth with codes and refresh tokens."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from starlette.responses import JSONResponse, Response

from polyhire.simulators import guards
from polyhire.simulators.bodies import read_form
from polyhire.simulators.consent import Consent
from polyhire.simulators.guards import bearer_token
from polyhire.simulators.kit import Ask, Refusal
from polyhire.simulators.limits import RateWindow
from polyhire.simulators.tokens import Grant, TokenServer

ACCOUNT_KEY = "workable-sandbox-meridian-workshop"
READING_KEY, JOBS_KEY = "workable-sandbox-reading", "workable-sandbox-jobs-only"
CLIENT, SECRET = "meridian-partner", "pretend-workable-partner-key"
# inferred: w_jobs, which the documentation does not list, is what changes to departments need
READING = frozenset(("r_jobs", "r_candidates", "r_employees"))
SCOPES = READING | {"w_jobs", "w_candidates", "w_employees"}
KEYS: Mapping[str, frozenset[str]] = {ACCOUNT_KEY: SCOPES, READING_KEY: READING, JOBS_KEY: frozenset(("r_jobs",))}
# inferred: how long tokens live
LIFETIME, REFRESH_LIFETIME, CODE_LIFETIME = 7200, 90 * 86_400, 60
SECONDS, OF_ACCOUNT, OF_PARTNER = 10, 10, 50


@dataclass(frozen=True)
class Credential:
    """Who asks, and what for."""

    name: str
    scopes: frozenset[str]

    @property
    def is_partner(self) -> bool:
        """Tell whether a registered app asks, and not an account's own token."""
        return self.name not in KEYS


class Tokens:
    """The account tokens, the token server, and how often each may ask."""

    def __init__(self) -> None:
        self._server = TokenServer(lifetime=LIFETIME, refresh_lifetime=REFRESH_LIFETIME, code_lifetime=CODE_LIFETIME)
        self._windows = {
            False: RateWindow(OF_ACCOUNT, SECONDS),
            True: RateWindow(OF_PARTNER, SECONDS),
        }
        self.consent = Consent(
            "Workable",
            (CLIENT,),
            self._server,
            scopes=_scopes,
            claims=lambda query, scopes: {"client": CLIENT, "scopes": scopes},
            more={"resource": guards.one_of("user")},
            required=["scope"],
        )

    def credential(self, ask: Ask) -> Credential:
        """Give who asks; refuses with 401 whom we don't know."""
        word = bearer_token(ask) or ""
        if word in KEYS:
            return Credential(word, KEYS[word])
        if claims := self._server.claims(word):
            return Credential(claims["client"], frozenset(claims["scopes"]))
        raise Refusal(401, "Not authorized")

    def guard(self, ask: Ask) -> None:
        """Refuse who is not known, and who asks too often."""
        credential = self.credential(ask)
        allowance = self._windows[credential.is_partner].take(credential.name)
        ask.answer_headers.update(
            {
                "X-Rate-Limit-Limit": str(allowance.limit),
                "X-Rate-Limit-Remaining": str(allowance.remaining),
                "X-Rate-Limit-Reset": str(allowance.reset),
            }
        )
        if allowance.refused and ask.rate_limits:
            raise Refusal(429, "Rate limit exceeded")

    def expire(self, ask: Ask) -> None:
        """Make an access token stop working; account tokens don't expire."""
        self._server.revoke(bearer_token(ask))

    def token(self, ask: Ask) -> Response:
        """Trade a code, or a refresh token, for tokens."""
        known = ("client_id", "client_secret", "grant_type", "code", "redirect_uri", "code_verifier", "refresh_token")
        form = read_form(ask, known, required=known[:3])
        if (form["client_id"], form["client_secret"]) != (CLIENT, SECRET):
            raise Refusal(401, "Client authentication failed", code="invalid_client")
        match form["grant_type"]:
            case "authorization_code":
                claims = self.consent.redeem(form)
                return _worded(self._server.issue(claims), claims["scopes"])
            case "refresh_token":
                return self._refresh(form)
            case _:
                raise Refusal(400, "This grant is not for you", code="unsupported_grant_type")

    def _refresh(self, form: Mapping[str, str]) -> Response:
        # inferred: a refresh token works once
        grant = self._server.refresh(form.get("refresh_token", ""))
        claims = self._server.claims(grant.access_token) if grant else None
        if grant is None or claims is None:
            raise Refusal(400, "The refresh token is unknown, used or expired", code="invalid_grant")
        return _worded(grant, claims["scopes"])


def _scopes(text: str) -> tuple[str, ...]:
    scopes = tuple(text.split())
    if not scopes or any(each not in SCOPES for each in scopes):
        raise Refusal(400, "The scope is unknown", code="invalid_scope")
    return scopes


def _worded(grant: Grant, scopes: Collection[str]) -> Response:
    return JSONResponse(
        {
            "access_token": grant.access_token,
            "token_type": "Bearer",
            "expires_in": grant.expires_in,
            "refresh_token": grant.refresh_token,
            "scope": " ".join(scopes),
        }
    )
