"""The credential pipeline: ask, OAuth2, session, apply."""

import asyncio
import base64
import time
from collections.abc import Mapping
from typing import Any

import pytest
from starlette.responses import Response

from polyhire.errors import CredentialsRejected, NeedsReauth, ProviderFailed
from tests.engine.conftest import Build, Tiny
from tests.engine.pretend import Pretend, by, json

GET = "get: {request: 'GET /people/{id}', item: body}\nfields: {id: id}\n"
ASKED = {"client": "id é", "secret": "hush:1"}


def way(parts: str, ask: str = "client: {label: C}, secret: {label: S, secret: true}") -> str:
    return f"connect:\n  app:\n    label: App\n    ask: {{{ask}}}\n{parts}"


def oauth(more: str = "", grant: str = "client_credentials") -> str:
    return way(
        f"    oauth2: {{grant: {grant}, token_url: 'https://login.tiny.example/token', client_id: client,"
        f" client_secret: secret{more}}}\n    apply: {{bearer: oauth2.access_token}}\n"
    )


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


async def seen_headers(tiny: Tiny, provider: Pretend) -> Mapping[str, str]:
    provider.on("GET /v1/people/1", {"id": 1})
    await tiny.get("1")
    return provider.asked("/v1/people/1")[-1].headers


@pytest.mark.parametrize(
    ("apply", "expected"),
    [
        ("basic: {username: secret}", basic("hush:1:")),
        ("basic: {password: secret}", basic(":hush:1")),
        ("basic: {username: client, password: secret}", basic("id é:hush:1")),
        ("bearer: secret", "Bearer hush:1"),
        ("headers: {Authorization: '\"Token token=\" & secret'}", "Token token=hush:1"),
    ],
)
async def test_apply(build: Build, provider: Pretend, apply: str, expected: str) -> None:
    """A credential goes where the integration says: either half of Basic, Bearer, or a header of its own."""
    tiny = build(connect=way(f"    apply: {{{apply}}}\n"), asked=ASKED, candidates=GET)
    assert (await seen_headers(tiny, provider))["authorization"] == expected


async def test_settings_are_no_secrets(build: Build, provider: Pretend) -> None:
    """`account` holds the answers that are not secret, and what was not declared is taken for a secret."""
    tiny = build(connect=way("    apply: {bearer: secret}\n"), asked={**ASKED, "old": "stale"}, candidates=GET)
    assert tiny.credential.settings == {"client": "id é"}
    assert sorted(tiny.credential.secrets()) == ["hush:1", "stale"]
    assert "hush" not in repr(tiny.credential)


@pytest.mark.parametrize("auth", ["basic", "body"])
async def test_client_credentials(build: Build, provider: Pretend, auth: str) -> None:
    """A token is asked for with the client's id and secret where they belong, and scopes and parameters beside them."""
    more = f", client_auth: {auth}, scopes: [a, b], scope_separator: ',', params: {{aud: client, none: account.x}}"
    provider.on("POST /token", {"access_token": "t1", "expires_in": 3600, "token_type": "bearer"})
    tiny = build(connect=oauth(more), asked=ASKED, candidates=GET)
    assert (await seen_headers(tiny, provider))["authorization"] == "Bearer t1"
    token = provider.asked("/token")[0]
    form = {"grant_type": "client_credentials", "scope": "a,b", "aud": "id é"}
    if auth == "basic":
        assert token.headers["authorization"] == basic("id é:hush:1")
    else:
        assert "authorization" not in token.headers
        form |= {"client_id": "id é", "client_secret": "hush:1"}
    assert token.form == form
    assert token.headers["content-type"] == "application/x-www-form-urlencoded"


async def test_a_client_may_be_no_one(build: Build, provider: Pretend) -> None:
    """Without a secret, or a scope, nothing is made up for them."""
    provider.on("POST /token", {"access_token": "t1"})
    connect = oauth(", client_auth: body").replace("client_secret: secret", "client_secret: account.nothing")
    await seen_headers(build(connect=connect.replace("client_id: client, ", ""), asked=ASKED, candidates=GET), provider)
    assert provider.asked("/token")[0].form == {"grant_type": "client_credentials"}
    assert "authorization" not in provider.asked("/token")[0].headers


def iso(seconds: float, zone: str = "+00:00") -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(time.time() + seconds)) + zone


@pytest.mark.parametrize(
    ("told", "requests"),
    [
        ({"expires_in": 3600}, 1),
        ({"expires_in": "3600"}, 1),
        ({"expires_in": 30}, 2),
        ({"expires_in": "30.5"}, 2),
        ({"expires_at": time.time() + 3600}, 1),
        ({"expires_at": time.time() + 30}, 2),
        ({"expires_at": iso(3600)}, 1),
        ({"expires_at": iso(30)}, 2),
        ({"expires_at": iso(30, "")}, 2),
        ({"expires_at": iso(3600, "")}, 1),
        ({"expires_at": "soon"}, 1),
        ({"expires_in": "never"}, 1),
        ({}, 1),
    ],
)
async def test_tokens_are_renewed_ahead(
    build: Build, provider: Pretend, told: Any, requests: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token is used until a minute before it expires, whichever way that is told; without a word until a 401."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    provider.on("POST /token", {"access_token": "t1", **told})
    tiny = build(connect=oauth(), asked=ASKED, candidates=GET)
    await seen_headers(tiny, provider)
    await seen_headers(tiny, provider)
    monkeypatch.undo()
    time.tzset()
    assert len(provider.asked("/token")) == requests


async def test_refresh_tokens_rotate(build: Build, provider: Pretend) -> None:
    """A new refresh token is saved before the access token is used; one that does not change is kept."""
    old = {"access_token": "a0", "refresh_token": "r0", "expires_at": time.time() + 10}
    provider.on(
        "POST /token",
        {"access_token": "a1", "refresh_token": "r1", "expires_in": 61},
        {"access_token": "a2", "expires_in": 3600},
    )
    more = ", authorize_url: 'https://login.tiny.example/authorize'"
    tiny = build(connect=oauth(more, "authorization_code"), asked=ASKED, state={"oauth2": old}, candidates=GET)
    saved_when_used: list[int] = []

    def person(seen: Any) -> Any:
        saved_when_used.append(len(tiny.kept.saved))
        return {"id": 1}

    provider.on("GET /v1/people/1", by(person))
    await tiny.get("1")
    assert saved_when_used == [1]
    assert tiny.kept.saved[0]["oauth2"]["refresh_token"] == "r1"
    await asyncio.sleep(1.1)
    await tiny.get("1")
    assert [seen.form["refresh_token"] for seen in provider.asked("/token")] == ["r0", "r1"]
    assert {seen.form["grant_type"] for seen in provider.asked("/token")} == {"refresh_token"}
    assert tiny.kept.saved[1]["oauth2"]["refresh_token"] == "r1"
    assert provider.asked("/v1/people/1")[-1].headers["authorization"] == "Bearer a2"


async def test_a_token_that_can_not_be_saved_is_not_used(build: Build, provider: Pretend) -> None:
    """A refresh token that rotated must not be lost: the call fails with the store."""
    provider.on("POST /token", {"access_token": "a1"})
    tiny = build(connect=oauth(), asked=ASKED, candidates=GET)

    async def fail(state: Any) -> None:
        raise OSError("disk full")

    tiny.credential.save = fail
    with pytest.raises(OSError, match="disk full"):
        await tiny.get("1")
    assert provider.asked("/v1/people/1") == []


async def test_a_missing_consent(build: Build, provider: Pretend) -> None:
    """Without a consent, an authorization code grant needs a person."""
    more = ", authorize_url: 'https://login.tiny.example/authorize'"
    with pytest.raises(NeedsReauth, match="no consent at Tiny"):
        await build(connect=oauth(more, "authorization_code"), asked=ASKED, candidates=GET).get("1")
    assert provider.seen == []


async def test_a_refresh_token_alone_is_traded(build: Build, provider: Pretend) -> None:
    """A state with nothing but a refresh token gets its first access token."""
    provider.on("POST /token", {"access_token": "a1"})
    more = ", authorize_url: 'https://login.tiny.example/authorize'"
    connect = oauth(more, "authorization_code")
    tiny = build(connect=connect, asked=ASKED, state={"oauth2": {"refresh_token": "r0"}}, candidates=GET)
    assert (await seen_headers(tiny, provider))["authorization"] == "Bearer a1"
    assert provider.asked("/token")[0].form["refresh_token"] == "r0"


async def test_a_refresh_token_that_was_asked_for_begins(build: Build, provider: Pretend) -> None:
    """A refresh token from the connect form is traded until the provider has given another one."""
    provider.on("POST /token", {"access_token": "a1", "refresh_token": "r1", "expires_in": 1}, {"access_token": "a2"})
    more = ", authorize_url: 'https://login.tiny.example/authorize', refresh_token: secret"
    tiny = build(connect=oauth(more, "authorization_code"), asked=ASKED, candidates=GET)
    assert (await seen_headers(tiny, provider))["authorization"] == "Bearer a1"
    assert (await seen_headers(tiny, provider))["authorization"] == "Bearer a2"
    assert [seen.form["refresh_token"] for seen in provider.asked("/token")] == [ASKED["secret"], "r1"]


async def test_an_expired_token_is_renewed_once_for_all(build: Build, provider: Pretend) -> None:
    """Fifty calls at once on an expired token cause one token request."""

    async def token(seen: Any) -> Any:
        await asyncio.sleep(0.05)
        return {"access_token": "t", "expires_in": 3600}

    provider.on("POST /token", by(token))
    provider.on("GET /v1/people/1", {"id": 1})
    tiny = build(connect=oauth(), asked=ASKED, state={"oauth2": {"access_token": "o", "expires_at": 1}}, candidates=GET)
    await asyncio.gather(*(tiny.get("1") for _ in range(50)))
    assert len(provider.asked("/token")) == 1


async def test_a_token_of_another_process_is_taken(build: Build, provider: Pretend) -> None:
    """A token that someone else has just stored is used instead of asking for one more."""
    expired = {"oauth2": {"access_token": "o", "expires_at": 1}}
    tiny = build(connect=oauth(), asked=ASKED, state=expired, candidates=GET)
    tiny.kept.state = {"oauth2": {"access_token": "theirs", "expires_at": time.time() + 3600}}
    assert (await seen_headers(tiny, provider))["authorization"] == "Bearer theirs"
    assert provider.asked("/token") == []


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        (
            json({"error": "invalid_grant", "error_description": "revoked"}, 400),
            CredentialsRejected,
            "invalid_grant re",
        ),
        (json({"error": {"odd": 1}}, 401), CredentialsRejected, "HTTP 401"),
        (json({}, 403), CredentialsRejected, "HTTP 403"),
        (json({"error": "invalid_code"}, 200), CredentialsRejected, "invalid_code"),
        (json({}, 500), ProviderFailed, "HTTP 500"),
        (json({"access_token": ""}), ProviderFailed, "HTTP 200"),
        (json({"access_token": 5}), ProviderFailed, "HTTP 200"),
        (json(["x"]), ProviderFailed, "HTTP 200"),
        (Response("<html>", media_type="text/html"), ProviderFailed, "HTTP 200"),
    ],
)
async def test_no_token(build: Build, provider: Pretend, brisk: None, answer: Any, error: Any, said: str) -> None:
    """A token server that refuses rejected the credentials; one that answers nonsense failed."""
    provider.on("POST /token", answer)
    tiny = build(connect=oauth(), asked=ASKED, candidates=GET)
    with pytest.raises(error, match=f"Tiny gave no access token.*{said}"):
        await tiny.get("1")
    assert tiny.kept.saved == []


SESSION = """
    session:
      request: POST /signin
      json: {user: client, password: secret}
      keep: {token: body.access_token, url: body.url}
      expires_in: body.lives
    apply: {headers: {X-Session: session.token}}
"""


async def test_a_session(build: Build, provider: Pretend) -> None:
    """A sign-in gives a session that is kept, with its expiry, and may name the host of all other calls."""
    provider.on("POST /signin", {"access_token": "s1", "url": provider.base + "/rest", "lives": 3600})
    provider.on("GET /rest/people/1", {"id": 1})
    connect = way(SESSION.replace("POST /signin", "POST https://login.tiny.example/signin"))
    tiny = build(connect=connect, asked=ASKED, base_url="{session.url}", candidates=GET)
    for _ in range(2):
        assert (await tiny.get("1")).record is not None
    assert provider.lines == ["POST /signin", "GET /rest/people/1", "GET /rest/people/1"]
    assert provider.seen[0].json == {"user": "id é", "password": "hush:1"}
    assert provider.seen[1].headers["x-session"] == "s1"
    assert tiny.kept.state["session"]["expires_at"] == pytest.approx(time.time() + 3600, abs=5)


@pytest.mark.parametrize(("lives", "sign_ins"), [(30, 2), ("soon", 1), (None, 1)])
async def test_a_session_that_ends(build: Build, provider: Pretend, lives: Any, sign_ins: int) -> None:
    """A session is opened again when its time is up; one that does not tell lives until a 401."""
    provider.on("POST /v1/signin", {"access_token": "s", "url": "x", "lives": lives})
    tiny = build(connect=way(SESSION), asked=ASKED, candidates=GET)
    await seen_headers(tiny, provider)
    await seen_headers(tiny, provider)
    assert len(provider.asked("/v1/signin")) == sign_ins


async def test_a_session_that_was_ended(build: Build, provider: Pretend) -> None:
    """A 401 opens a new session, and with OAuth2 before it a new token too."""
    parts = (
        "    oauth2: {grant: client_credentials, token_url: 'https://x.example/token', client_id: client,"
        " client_secret: secret}\n" + SESSION.replace("secret}", "oauth2.access_token}")
    )
    provider.on("POST /token", {"access_token": "t1"}, {"access_token": "t2"})
    provider.on("POST /v1/signin", {"access_token": "s1", "url": "x"}, {"access_token": "s2", "url": "x"})
    provider.on("GET /v1/people/1", json({}, 401), {"id": 1})
    tiny = build(connect=way(parts), asked=ASKED, candidates=GET)
    await tiny.get("1")
    assert [seen.json["password"] for seen in provider.asked("/v1/signin")] == ["t1", "t2"]
    assert [seen.headers["x-session"] for seen in provider.asked("/v1/people/1")] == ["s1", "s2"]
    assert tiny.kept.state["oauth2"] == {}


async def test_a_sign_in_that_fails(build: Build, provider: Pretend) -> None:
    """A refused sign-in rejects the credentials; one without a session in its answer is the provider's failure."""
    provider.on("POST /v1/signin", json({}, 401), {"access_token": None})
    tiny = build(connect=way(SESSION), asked=ASKED, candidates=GET)
    with pytest.raises(CredentialsRejected):
        await tiny.get("1")
    with pytest.raises(ProviderFailed, match="its answer has no token, url"):
        await tiny.get("1")
    assert len(provider.seen) == 2
