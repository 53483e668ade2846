"""The kit's consent page: strict on client, address, scope, state and PKCE; codes work once, and not for long."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from starlette.datastructures import Headers

from polyhire.simulators.consent import Consent
from polyhire.simulators.kit import Ask, Refusal
from polyhire.simulators.tokens import TokenServer

BACK = "http://127.0.0.1:4711/back?keep=1"
VERIFIER = "a-verifier-of-enough-characters-to-be-one-of-them"
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
QUERY = {"response_type": "code", "client_id": "c1", "redirect_uri": BACK, "state": "s1", "scope": "read write"}
PKCE = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
FORM = {"client_id": "c1", "redirect_uri": BACK}


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def scopes(text: str) -> Sequence[str]:
    if not set(text.split()) <= {"read", "write"}:
        raise Refusal(400, "no such scope", code="invalid_scope")
    return text.split()


def consent(clock: Clock | None = None, **more: Any) -> Consent:
    server = TokenServer(code_lifetime=60, clock=clock or Clock())
    return Consent("Acme", ["c1"], server, scopes, lambda query, agreed: {"scopes": list(agreed)}, **more)


def ask(query: dict[str, str] | None = None, form: dict[str, str] | None = None) -> Ask:
    pairs = tuple((query or {}).items())
    return Ask("GET", "/authorize", pairs, Headers({}), urlencode(form or {}).encode(), (), "http://sim", True)


def allowed(at: Consent, query: dict[str, str]) -> str:
    answer = at.decide(ask(form={**query, "decision": "allow"}))
    back = dict(parse_qsl(urlsplit(answer.headers["location"]).query))
    assert (back["keep"], back["state"]) == ("1", "s1")
    return back["code"]


def test_the_page_shows_what_is_asked_for_and_by_whom() -> None:
    """Names, scopes and everything to send along, as text: nothing of the address becomes markup."""
    page = consent().page(ask({**QUERY, "state": '"><script>'})).body
    assert b"Acme" in bytes(page)
    assert b"<li>read</li><li>write</li>" in bytes(page)
    assert b"<script>" not in bytes(page)


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"client_id": "c2"}, 400, "invalid_client"),
        ({"redirect_uri": "https://evil.example/back"}, 400, "invalid_redirect_uri"),
        ({"redirect_uri": "http://127.0.0.1.evil.example/back"}, 400, "invalid_redirect_uri"),
        ({"redirect_uri": "javascript://127.0.0.1/alert(1)"}, 400, "invalid_redirect_uri"),
        ({"scope": "everything"}, 400, "invalid_scope"),
        ({"state": ""}, 422, ""),
        ({"response_type": "token"}, 422, ""),
        ({"colour": "red"}, 422, ""),
        ({"code_challenge": CHALLENGE}, 400, "invalid_request"),
        ({"code_challenge": CHALLENGE, "code_challenge_method": "plain"}, 422, ""),
    ],
)
def test_what_does_not_fit_is_refused_here(changes: dict[str, str], status: int, code: str) -> None:
    """Nobody is sent back to an address that is not known, by the page or by the decision on it."""
    at = consent()
    with pytest.raises(Refusal) as at_the_page:
        at.page(ask({**QUERY, **changes}))
    with pytest.raises(Refusal) as at_the_decision:
        at.decide(ask(form={**QUERY, **changes, "decision": "allow"}))
    for refusal in (at_the_page.value, at_the_decision.value):
        assert (refusal.status, refusal.code) == (status, code)


def test_a_server_may_insist_on_pkce() -> None:
    """Without a challenge it shows no page."""
    with pytest.raises(Refusal, match="Invalid"):
        consent(pkce=True).page(ask(QUERY))
    assert consent(pkce=True).page(ask({**QUERY, **PKCE})).status_code == 200


def test_a_no_has_no_code() -> None:
    """Whoever denies is sent back with the state and `access_denied`; a form without a decision is neither."""
    answer = consent().decide(ask(form={**QUERY, "decision": "deny"}))
    back = dict(parse_qsl(urlsplit(answer.headers["location"]).query))
    assert back == {"keep": "1", "state": "s1", "error": "access_denied"}
    with pytest.raises(Refusal, match="Neither"):
        consent().decide(ask(form=QUERY))


def test_a_code_is_redeemed_once_with_its_verifier() -> None:
    """It gives what was agreed to, once."""
    at = consent()
    code = allowed(at, {**QUERY, **PKCE})
    assert at.redeem({**FORM, "code": code, "code_verifier": VERIFIER}) == {"scopes": ["read", "write"]}
    with pytest.raises(Refusal, match="used"):
        at.redeem({**FORM, "code": code, "code_verifier": VERIFIER})


@pytest.mark.parametrize(
    ("challenge", "changes", "wrong"),
    [
        (PKCE, {}, "code_verifier"),
        (PKCE, {"code_verifier": "another"}, "code_verifier"),
        ({}, {"code_verifier": VERIFIER}, "code_verifier"),
        ({}, {"redirect_uri": "http://127.0.0.1:4711/other"}, "redirect_uri"),
        ({}, {"client_id": "c2"}, "client_id"),
    ],
)
def test_a_code_is_for_who_asked(challenge: dict[str, str], changes: dict[str, str], wrong: str) -> None:
    """Another client, address or verifier gets nothing, and uses the code up."""
    at = consent()
    code = allowed(at, {**QUERY, **challenge})
    with pytest.raises(Refusal) as refusal:
        at.redeem({**FORM, "code": code, **changes})
    assert refusal.value.code == "invalid_grant"
    assert refusal.value.problems[0].where == wrong
    with pytest.raises(Refusal, match="used"):
        at.redeem({**FORM, "code": code, "code_verifier": VERIFIER})


def test_a_code_is_short_lived() -> None:
    """After its minute it is unknown."""
    clock = Clock()
    at = consent(clock)
    code = allowed(at, QUERY)
    clock.now += 61
    with pytest.raises(Refusal, match="expired"):
        at.redeem({**FORM, "code": code})
