"""Sessions: what is found out before, what is traded for them, and how they end."""

import time
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from starlette.responses import RedirectResponse, Response

from polyhire.engine import consent
from polyhire.errors import CredentialsRejected, ProviderFailed
from tests.engine.conftest import Build, Tiny
from tests.engine.pretend import Pretend, Seen, by, json
from tests.engine.strict import CHALLENGE, REDIRECT, VERIFIER, Desk

GET = "get: {request: 'GET /people/{id}', item: body}\nfields: {id: id}\n"

STAFFING = """
connect:
  way:
    label: Way
    ask:
      client_id: {label: Client}
      client_secret: {label: Secret, secret: true}
      user: {label: User}
      password: {label: Password, secret: true, optional: true}
    discover:
      request: GET https://rest.example.com/rest-services/loginInfo
      query: {username: account.user}
      keep: {oauth: body.oauthUrl, rest: body.restUrl}
%s
      keep: {token: body.BhRestToken, url: body.restUrl}
    apply: {headers: {BhRestToken: session.token}}
"""
BY_CODE = (
    STAFFING
    % """
    oauth2:
      grant: authorization_code
      authorize_url: "{discover.oauth}/authorize"
      token_url: "{discover.oauth}/token"
      client_auth: body
    session:
      request: POST {discover.rest}/login
      query: {version: '"*"', access_token: oauth2.access_token}
"""
)
HEADLESS = (
    STAFFING
    % """
    session:
      steps:
        - name: code
          request: GET {discover.oauth}/authorize
          query:
            client_id: client_id
            response_type: '"code"'
            username: account.user
            password: password
            action: '"Login"'
          item: $queryParameter(headers.location, "code")
        - name: token
          request: POST {discover.oauth}/token
          form:
            grant_type: '"authorization_code"'
            code: code
            client_id: client_id
            client_secret: client_secret
            redirect_uri: '"https://hire.example/callback?flow=1"'
        - request: POST {discover.rest}/login
          query: {version: '"*"', access_token: token.access_token}
"""
)
ASKED = {"client_id": "client-1", "client_secret": "hush/client", "user": "api user", "password": "hush&password"}
AUTH, REST = "/auth-9.example.com/oauth", "/rest-9.example.com/rest-services"
PERSON = "/rest42.example.com/rest-services/abc/people/1"


class Staffing:
    """A provider with data centres: a token opens one session, whose answer says where everything else is."""

    def __init__(self, provider: Pretend) -> None:
        self.provider = provider
        self.desk = Desk({"authorization_code": {}, "refresh_token": {}}, reply={"expires_in": 600})
        self.sessions: set[str] = set()
        provider.on("GET /rest.example.com/rest-services/loginInfo", by(self.info))
        provider.on(f"GET {AUTH}/authorize", by(self.authorize))
        provider.on(f"POST {AUTH}/token", by(self.desk.token))
        provider.on(f"POST {REST}/login", by(self.login))
        provider.on(f"GET {PERSON}", by(self.person))

    def info(self, seen: Seen) -> Any:
        """Where the user's data centre is."""
        assert seen.query == {"username": ASKED["user"]}
        return {
            "oauthUrl": "https://auth-9.example.com/oauth",
            "restUrl": "https://rest-9.example.com/rest-services",
        }

    def authorize(self, seen: Seen) -> Any:
        """A redirect with a code, or the page again, with status 200, for a wrong password."""
        asked = dict(parse_qsl(seen.raw_query))
        if asked.get("password") != ASKED["password"]:
            return Response("<html>Try again</html>", media_type="text/html")
        code = f"code-{len(self.desk.given)}"
        self.desk.codes.add(code)
        return RedirectResponse(f"{REDIRECT}&code={code}", 302)

    def login(self, seen: Seen) -> Any:
        """A session for a token, which is used up by it."""
        if seen.query["access_token"] not in self.desk.good:
            return json({"message": "bad token"}, 401)
        self.desk.good.remove(seen.query["access_token"])
        session = f"s{len(self.desk.given)}"
        self.sessions.add(session)
        return {"BhRestToken": session, "restUrl": "https://rest42.example.com/rest-services/abc/"}

    def person(self, seen: Seen) -> Any:
        """A record, for who has a session."""
        return {"id": 1} if seen.headers.get("bhresttoken") in self.sessions else json({}, 401)


async def consented(tiny: Tiny, desk: Desk) -> None:
    authenticator, send = tiny.provider.authenticator, tiny.connection().send_raw
    url = await consent.consent_url(
        tiny.credential, authenticator, redirect_uri=REDIRECT, state="state-1", challenge=CHALLENGE, send=send
    )
    assert urlsplit(url).path == f"{AUTH}/authorize"
    answered = desk.consent(url)
    await consent.redeem(tiny.credential, authenticator, answered, redirect_uri=REDIRECT, verifier=VERIFIER, send=send)


async def test_a_token_that_one_session_uses_up(build: Build, provider: Pretend) -> None:
    """A token that only signs in is let run out while its session lives; the next session takes a new one."""
    staffing = Staffing(provider)
    tiny = build(connect=BY_CODE, asked=ASKED, base_url="{session.url}", candidates=GET, by_host=True)
    await consented(tiny, staffing.desk)
    await tiny.get("1")
    assert "access_token" not in tiny.kept.state["oauth2"]
    await tiny.get("1")
    assert staffing.desk.given == ["authorization_code"]
    staffing.sessions.clear()
    await tiny.get("1")
    assert staffing.desk.given == ["authorization_code", "refresh_token"]
    assert len(provider.asked("/rest.example.com/rest-services/loginInfo")) == 1
    assert len(provider.asked(PERSON)) == 4
    refresh_token = tiny.kept.state["oauth2"]["refresh_token"]
    assert staffing.desk.refresh == {refresh_token}


async def test_a_rotated_token_is_kept_though_the_sign_in_fails(build: Build, provider: Pretend) -> None:
    """The refresh token that came with a token is stored before the token is used to sign in."""
    staffing = Staffing(provider)
    tiny = build(connect=BY_CODE, asked=ASKED, base_url="{session.url}", candidates=GET, by_host=True)
    await consented(tiny, staffing.desk)
    await tiny.get("1")
    staffing.sessions.clear()
    provider.on(f"POST {REST}/login", json({}, 400))
    with pytest.raises(Exception, match="HTTP 400"):
        await tiny.get("1")
    assert staffing.desk.refresh == {tiny.kept.state["oauth2"]["refresh_token"]}
    provider.on(f"POST {REST}/login", by(staffing.login))
    await tiny.get("1")
    assert staffing.desk.given == ["authorization_code", "refresh_token"]  # the unused token was still good


async def test_signing_in_by_steps(build: Build, provider: Pretend) -> None:
    """Several requests in order sign a user in who has no browser; an ended session goes through them all again."""
    staffing = Staffing(provider)
    tiny = build(connect=HEADLESS, asked=ASKED, base_url="{session.url}", candidates=GET, by_host=True)
    await tiny.get("1")
    await tiny.get("1")
    staffing.sessions.clear()
    await tiny.get("1")
    assert staffing.desk.given == ["authorization_code"] * 2
    assert len(provider.asked("/rest.example.com/rest-services/loginInfo")) == 1
    assert tiny.kept.state.keys() == {"discover", "session"}


async def test_a_step_that_finds_nothing(build: Build, provider: Pretend) -> None:
    """A page that is shown again instead of a code is a refusal, whatever its status."""
    Staffing(provider)
    asked = {**ASKED, "password": "wrong"}
    tiny = build(connect=HEADLESS, asked=asked, base_url="{session.url}", candidates=GET, by_host=True)
    with pytest.raises(CredentialsRejected, match="Tiny did not let the account in: its answer has no code"):
        await tiny.get("1")
    assert [seen.path for seen in provider.seen][1:] == [f"{AUTH}/authorize"]


@pytest.mark.parametrize(
    ("lines", "base_url"),
    [
        (["GET /v1/me", "GET /login.evil.example"], "https://api.tiny.example/v1"),
        (["GET /v1/me"], "{session.url}"),
    ],
)
async def test_a_provider_can_not_name_an_address_without_tls(
    build: Build, provider: Pretend, monkeypatch: pytest.MonkeyPatch, lines: list[str], base_url: str
) -> None:
    """A secret is sent over https, whatever address an answer names, and so is every request after."""
    steps = "[{name: me, request: GET https://api.tiny.example/v1/me}, {request: 'POST {me.url}', form: {p: secret}}]"
    session = (
        f"{{steps: {steps}, keep: {{url: me.url}}}}"
        if len(lines) > 1
        else ("{request: GET https://api.tiny.example/v1/me, keep: {url: body.url}}")
    )
    connect = (
        "connect: {way: {label: W, ask: {secret: {label: S, secret: true}},"
        f" session: {session}, apply: {{bearer: secret}}}}}}"
    )
    provider.on("GET /v1/me", {"url": provider.base + "/login.evil.example"})
    tiny = build(connect=connect, asked={"secret": "hush"}, base_url=base_url, candidates=GET)
    port = int(provider.base.rpartition(":")[2])

    def place(url: str) -> str:
        # The manifest's own host is the pretend provider, as DNS would have it: nothing was pointed elsewhere.
        return url.replace("https://api.tiny.example", f"http://127.0.0.1:{port}")

    for part in (tiny.provider.authenticator, tiny.provider.authenticator._sign_in):
        monkeypatch.setattr(part, "_place", place)
    with pytest.raises(ProviderFailed, match="named an address that is not https"):
        await tiny.get("1")
    assert provider.lines == ["GET /v1/me"]


LOGIN = """
connect:
  way:
    label: Way
    ask: {user: {label: User}, secret: {label: Secret, secret: true}}
    session:
      request: POST /createAuthtoken
      json: {email: account.user, password: secret}
      format: xml
      keep: {token: '$firstNonEmpty([body.access_token, body.root.access_token])'}
      expires_in: body.lives
    apply: {bearer: session.token}
"""
USER = {"user": "ada", "secret": "hush"}


@pytest.mark.parametrize(
    "answer",
    [
        Response("<root><access_token>t-1</access_token></root>", media_type="text/xml"),
        Response("<?xml version='1.0'?>\n<root><access_token>t-1</access_token></root>", media_type="text/html"),
        json({"access_token": "t-1"}),
    ],
)
async def test_a_sign_in_in_another_format(build: Build, provider: Pretend, answer: Any) -> None:
    """An API in JSON may sign in with XML, or with either."""
    provider.on("POST /v1/createAuthtoken", answer)
    provider.on("GET /v1/people/1", {"id": 1})
    await build(connect=LOGIN, asked=USER, candidates=GET).get("1")
    assert provider.asked("/v1/people/1")[0].headers["authorization"] == "Bearer t-1"


async def test_a_sign_in_that_nobody_can_read(build: Build, provider: Pretend) -> None:
    """A page that is neither is the provider's failure."""
    provider.on("POST /v1/createAuthtoken", Response("<html><p>down", media_type="text/html"))
    with pytest.raises(ProviderFailed, match="signed in, but its answer has no token"):
        await build(connect=LOGIN, asked=USER, candidates=GET).get("1")


@pytest.mark.parametrize("lives", [3600, "3600"])
async def test_a_session_tells_how_long_it_lives(build: Build, provider: Pretend, lives: Any) -> None:
    """The time is seconds, as a number or as text."""
    provider.on("POST /v1/createAuthtoken", {"access_token": "t", "lives": lives})
    provider.on("GET /v1/people/1", {"id": 1})
    tiny = build(connect=LOGIN, asked=USER, candidates=GET)
    await tiny.get("1")
    assert tiny.kept.state["session"]["expires_at"] == pytest.approx(time.time() + 3600, abs=5)


ACCOUNTS = """
connect:
  way:
    label: Way
    ask: {client_id: {label: C}, client_secret: {label: S, secret: true}}
    oauth2: {grant: client_credentials, client_auth: body, token_url: "https://www.example.com/oauth/token"}
    session:
      request: GET https://www.example.com/accounts
      headers: {Authorization: '"Bearer " & oauth2.access_token'}
      keep: {subdomain: "body.accounts[0].subdomain"}
    apply: {bearer: oauth2.access_token}
"""


async def test_a_token_finds_its_host(build: Build, provider: Pretend) -> None:
    """Where the accounts of a token name the host, a session keeps it; a token ended early is renewed there."""
    desk = Desk({"client_credentials": {}})
    provider.on("POST /www.example.com/oauth/token", by(desk.token))
    lets = by(lambda seen: accounts if desk.lets(seen.headers["authorization"]) else json({}, 401))
    accounts = {"accounts": [{"subdomain": "acme"}]}
    provider.on("GET /www.example.com/accounts", lets)
    provider.on(
        "GET /acme.example.com/spi/people/1",
        by(lambda seen: {"id": 1} if desk.lets(seen.headers["authorization"]) else json({}, 401)),
    )
    asked = {"client_id": "client-1", "client_secret": "hush/client"}
    base_url = "https://{session.subdomain}.example.com/spi"
    state = {"oauth2": {"access_token": "ended", "expires_at": time.time() + 3600}}
    tiny = build(connect=ACCOUNTS, asked=asked, base_url=base_url, state=state, candidates=GET, by_host=True)
    await tiny.get("1")
    desk.forget()
    await tiny.get("1")
    assert len(desk.given) == 2
    assert tiny.kept.state["oauth2"]["access_token"] in desk.good


async def test_addresses_are_no_secrets(build: Build, provider: Pretend) -> None:
    """What a session, a token or a discovery says of where to go may be seen; the tokens may not."""
    state = {
        "discover": {"auth": "https://auth.example.com"},
        "oauth2": {"access_token": "hush-1", "api": "https://api.example.com"},
        "session": {"token": "hush-2", "url": "https://rest.example.com"},
    }
    tiny = build(connect=HEADLESS, asked={"user": "ada"}, state=state)
    assert sorted(tiny.credential.secrets()) == ["hush-1", "hush-2"]
