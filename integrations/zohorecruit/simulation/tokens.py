"""accounts.zoho.<region>: consent, codes that work once, refresh tokens that neither rotate nor expire."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import JSONResponse, Response

from polyhire.simulators import guards
from polyhire.simulators.bodies import read_form
from polyhire.simulators.consent import Consent
from polyhire.simulators.guards import bearer_token
from polyhire.simulators.kit import Ask, Refusal
from polyhire.simulators.limits import RateWindow
from polyhire.simulators.tokens import TokenServer

from .modules import CORPORATE, STAFFING

CLIENT_ID = "1000.MERIDIANPRETENDCLIENT"
SECRETS = {CLIENT_ID: "pretend-zoho-client-key"}
# What a person who has consented once can paste: one for each kind of account.
REFRESH_TOKENS = {CORPORATE: "1000.pretend.corporate", STAFFING: "1000.pretend.staffing"}
SCOPES = (
    "ZohoRecruit.modules.ALL",
    "ZohoRecruit.modules.notes.ALL",
    "ZohoRecruit.modules.attachments.ALL",
    "ZohoRecruit.settings.ALL",
    "ZohoRecruit.users.READ",
    "ZohoRecruit.search.READ",
)
SCOPE = re.compile(r"ZohoRecruit(\.[a-z_]+){1,2}\.(ALL|READ|CREATE|UPDATE|DELETE)")
# inferred: how long a code works
LIFETIME, CODE_LIFETIME = 3600, 60
REFRESHES, WINDOW = 5, 60

AUTHORIZE = {"access_type": guards.one_of("offline", "online"), "prompt": guards.one_of("consent")}


class Tokens:
    """The accounts server of one data centre."""

    def __init__(self) -> None:
        self.server = TokenServer(lifetime=LIFETIME, code_lifetime=CODE_LIFETIME)
        self._refreshing = {token: {"edition": each, "scopes": SCOPES} for each, token in REFRESH_TOKENS.items()}
        self._window = RateWindow(REFRESHES, WINDOW)
        self._consented = False
        self.consent = Consent(
            "Zoho",
            tuple(SECRETS),
            self.server,
            scopes=_scopes,
            claims=self._agreed,
            more=AUTHORIZE,
            required=["scope"],
            back=lambda ask: {"location": "us", "accounts-server": ask.base},
        )

    def claims(self, ask: Ask) -> Mapping[str, Any]:
        """Give what the token of a request stands for; refuses with 401."""
        if "authorization" not in ask.headers:
            raise Refusal(401, "Authentication failed", code="AUTHENTICATION_FAILURE")
        # inferred: Bearer is refused; one integrator says that it works, Zoho documents its own word alone
        claims = self.server.claims(bearer_token(ask, "Zoho-oauthtoken"))
        if claims is None:
            raise Refusal(401, "invalid oauth token", code="INVALID_TOKEN")
        return claims

    def expire(self, ask: Ask) -> None:
        """Make the token of a request stop working."""
        self.server.revoke(bearer_token(ask, "Zoho-oauthtoken"))

    def _agreed(self, query: Mapping[str, str], scopes: Sequence[str]) -> Mapping[str, Any]:
        # A refresh token comes with the first consent, and later only with one that is asked for.
        lasting = query.get("access_type") == "offline" and (query.get("prompt") == "consent" or not self._consented)
        self._consented = True
        return {"claims": {"edition": CORPORATE, "scopes": scopes}, "lasting": lasting}

    def token(self, ask: Ask) -> Response:
        """Trade a code, or a refresh token, for an access token."""
        known = ("grant_type", "client_id", "client_secret", "redirect_uri", "code", "code_verifier", "refresh_token")
        form = read_form(ask, known, required=["grant_type"])
        if "client_secret" not in form or SECRETS.get(form.get("client_id", "")) != form["client_secret"]:
            raise Refusal(200, "Unknown client", code="invalid_client")
        match form["grant_type"]:
            case "authorization_code":
                return self._redeem(form)
            case "refresh_token":
                return self._refresh(ask, form)
            case _:
                raise Refusal(400, "Unknown grant", code="unsupported_grant_type")

    def _redeem(self, form: Mapping[str, str]) -> Response:
        try:
            known = self.consent.redeem(form)
        except Refusal as refusal:
            wrong = refusal.problems[0].where
            code = "invalid_redirect_uri" if wrong == "redirect_uri" else "invalid_code"
            raise Refusal(200, refusal.message, code=code) from None
        if not known["lasting"]:
            return self._reply(known["claims"])
        token = f"1000.{self.server.code({})}"
        self._refreshing[token] = known["claims"]
        return self._reply(known["claims"], {"refresh_token": token})

    def _refresh(self, ask: Ask, form: Mapping[str, str]) -> Response:
        token = form.get("refresh_token", "")
        if token not in self._refreshing:
            raise Refusal(200, "The refresh token does not work", code="invalid_code")
        if self._window.take(token).refused and ask.rate_limits:
            # inferred: the words; that refreshing is throttled is known
            raise Refusal(400, "Too many requests", code="Access Denied")
        return self._reply(self._refreshing[token])

    def _reply(self, claims: Mapping[str, Any], more: Mapping[str, str] | None = None) -> Response:
        grant = self.server.issue(claims)
        return JSONResponse(
            {
                "access_token": grant.access_token,
                **(more or {}),
                # Not where Recruit's API is: a trap that Zoho sets.
                "api_domain": "https://www.zohoapis.com",
                "token_type": "Bearer",
                "expires_in": grant.expires_in,
            }
        )


def _scopes(text: str) -> tuple[str, ...]:
    scopes = tuple(text.split(","))
    if not all(SCOPE.fullmatch(each) for each in scopes):
        raise Refusal(400, "Scope does not exist", code="invalid_scope")
    return scopes
