"""An authorization server's consent page, as a person sees it: Allow or Deny, for clients that are known.

What doesn't fit is refused before anybody is sent anywhere; a code works once, for its client, address and verifier.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.responses import HTMLResponse, RedirectResponse, Response

from .guards import Reading, one_of, read_query, text
from .kit import Ask, Problem, Refusal
from .tokens import TokenServer

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
STANDARD: Mapping[str, Reading] = {
    "response_type": one_of("code"),
    "client_id": text,
    "redirect_uri": text,
    "scope": text,
    "state": text,
    "code_challenge": text,
    "code_challenge_method": one_of("S256"),
}
REQUIRED = ("response_type", "client_id", "redirect_uri", "state")
PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{name} (simulated): allow access?</title>
<style>body {{ font: 1rem/1.5 sans-serif; max-width: 28rem; margin: 3rem auto; padding: 0 1rem }}
button {{ font: inherit; padding: .5rem 1.5rem; margin-right: 1rem }}</style>
<h1>{name} <small>(simulated)</small></h1>
<p>The client <b>{client}</b> asks for access to:</p>
<ul>{scopes}</ul>
<form method="post">{hidden}
<button name="decision" value="allow">Allow</button><button name="decision" value="deny">Deny</button>
</form></html>
"""


@dataclass(frozen=True)
class Consent:
    """A server's consent page. `scopes` gives the scopes in a text, or raises Refusal for what it doesn't know.

    `more` are parameters beside OAuth's own; `back` is what goes back with a code beside it.
    Only addresses on this machine are registered with these servers, at any port and path.
    """

    name: str
    clients: Sequence[str]
    server: TokenServer
    scopes: Callable[[str], Sequence[str]]
    claims: Callable[[Mapping[str, str], Sequence[str]], Mapping[str, Any]]
    more: Mapping[str, Reading] = field(default_factory=dict)
    required: Sequence[str] = ()
    back: Callable[[Ask], Mapping[str, str]] = lambda ask: {}
    pkce: bool = False

    def page(self, ask: Ask) -> Response:
        """Show a person what a client wants."""
        query, scopes = self._checked(ask, ask.query)
        hidden = "".join(
            f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in query.items()
        )
        listed = "".join(f"<li>{escape(scope)}</li>" for scope in scopes)
        client = escape(query["client_id"])
        return HTMLResponse(PAGE.format(name=escape(self.name), client=client, scopes=listed, hidden=hidden))

    def decide(self, ask: Ask) -> Response:
        """Send a person back with a code, or with their no."""
        given = parse_qsl(ask.body.decode(errors="replace"), keep_blank_values=True)
        decision = [value for name, value in given if name == "decision"]
        query, scopes = self._checked(ask, [pair for pair in given if pair[0] != "decision"])
        if decision not in (["allow"], ["deny"]):
            raise Refusal(400, "Neither allowed nor denied", code="invalid_request")
        back = {"state": query["state"]}
        if decision == ["allow"]:
            kept = {name: query.get(name) for name in ("client_id", "redirect_uri", "code_challenge")}
            back |= {"code": self.server.code({**kept, "claims": self.claims(query, scopes)}), **self.back(ask)}
        else:
            back |= {"error": "access_denied"}
        joint = "&" if urlsplit(query["redirect_uri"]).query else "?"
        return RedirectResponse(query["redirect_uri"] + joint + urlencode(back), 302)

    def redeem(self, form: Mapping[str, str]) -> Mapping[str, Any]:
        """Take the code of a token request and give its claims.

        Refuses with 400 `invalid_grant`, its problem being the parameter that does not fit; the code is used up then.
        """
        known = self.server.redeem(form.get("code", ""))
        if known is None:
            raise _invalid_grant("code", "is unknown, used or expired")
        for name in ("client_id", "redirect_uri"):
            if form.get(name) != known[name]:
                raise _invalid_grant(name, "is not that of the consent")
        if not _proves(form.get("code_verifier"), known["code_challenge"]):
            raise _invalid_grant("code_verifier", "does not fit")
        claims: Mapping[str, Any] = known["claims"]
        return claims

    def _checked(self, ask: Ask, pairs: Sequence[tuple[str, str]]) -> tuple[dict[str, str], Sequence[str]]:
        challenge = ("code_challenge", "code_challenge_method")
        required = (*REQUIRED, *self.required, *(challenge if self.pkce else ()))
        asked = Ask(**{**vars(ask), "query": tuple(pairs)})
        query = read_query(asked, {**STANDARD, **self.more}, required=required)
        if query["client_id"] not in self.clients:
            raise Refusal(400, "There is no such client", code="invalid_client")
        if not _is_registered(query["redirect_uri"]):
            raise Refusal(400, "This redirect_uri is not registered", code="invalid_redirect_uri")
        if ("code_challenge" in query) != ("code_challenge_method" in query):
            raise Refusal(400, "A code_challenge goes with its method", code="invalid_request")
        return query, self.scopes(query.get("scope", ""))


def _invalid_grant(where: str, message: str) -> Refusal:
    return Refusal(400, f"{where} {message}", code="invalid_grant", problems=[Problem(where, message)])


def _is_registered(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in ("http", "https") and parts.hostname in LOOPBACK and not parts.fragment


def _proves(verifier: str | None, challenge: str | None) -> bool:
    if challenge is None or verifier is None:
        return verifier is challenge
    digest = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return hmac.compare_digest(digest, challenge)
