"""Every grant that the providers' documents name, against token servers that refuse all that is out of line."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from polyhire.engine import consent
from polyhire.engine.connection import Connection
from polyhire.engine.credential import Client
from polyhire.errors import ConsentDenied, CredentialsRejected, InvalidRequest, MissingApp, NeedsReauth, ProviderFailed
from tests.engine.conftest import Build, Tiny
from tests.engine.pretend import Pretend, Seen, by, json
from tests.engine.strict import CHALLENGE, REDIRECT, VERIFIER, Desk

GET = "get: {request: 'GET /people/{id}', item: body}\nfields: {id: id}\n"
CLIENT = "client_id: {label: Client}, client_secret: {label: Secret, secret: true}"
ASKED = {"client_id": "client-1", "client_secret": "hush/client"}


@dataclass(frozen=True)
class Grant:
    """What an integration says, and the token server that its provider runs."""

    name: str
    oauth2: str
    desk: dict[str, Any]
    token_at: str
    ask: str = CLIENT
    asked: dict[str, str] = field(default_factory=lambda: ASKED)
    base_url: str = "https://api.example.com/v1"
    people_at: str = "/api.example.com/v1/people/1"
    scheme: str = "Bearer"

    def built(self, build: Build, **more: Any) -> Tiny:
        """The integration, made ready."""
        apply = (
            "{bearer: oauth2.access_token}"
            if self.scheme == "Bearer"
            else f"{{headers: {{Authorization: '\"{self.scheme} \" & oauth2.access_token'}}}}"
        )
        connect = f"connect: {{way: {{label: Way, ask: {{{self.ask}}}, oauth2: {{{self.oauth2}}}, apply: {apply}}}}}"
        given: dict[str, Any] = {"asked": self.asked, "base_url": self.base_url, **more}
        return build(connect=connect, candidates=GET, by_host=True, **given)

    def open(self, provider: Pretend) -> Desk:
        """The token server, opened; the provider lets its tokens in."""
        desk = Desk(**self.desk)
        lets = by(
            lambda seen: {"id": 1} if desk.lets(seen.headers.get("authorization"), self.scheme) else json({}, 401)
        )
        provider.on(f"POST {self.token_at}", by(desk.token))
        provider.on(f"GET {self.people_at}", lets)
        return desk


CODE = "grant: authorization_code"
KEEPS_AT = {"expires_at": (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S+0000")}
MACHINES = [
    Grant(
        "client credentials in the header, for someone, expires_at",
        "grant: client_credentials, token_url: 'https://auth.example.com/token', params: {sub: account.user}",
        {"grants": {"client_credentials": {"sub": "17"}}, "auth": "basic", "reply": KEEPS_AT},
        "/auth.example.com/token",
        ask=f"{CLIENT}, user: {{label: User, optional: true}}",
        asked={**ASKED, "user": "17"},
    ),
    Grant(
        "client credentials in the body, with an audience, at the region's host",
        "grant: client_credentials, client_auth: body, token_url: 'https://login.{account.region}/oauth/token',"
        " params: {audience: '\"https://api.example.com/v1/\"'}",
        {"grants": {"client_credentials": {"audience": "https://api.example.com/v1/"}}},
        "/login.example.eu/oauth/token",
        ask=f"{CLIENT}, region: {{label: Region, options: [example.com, example.eu]}}",
        asked={**ASKED, "region": "example.eu"},
    ),
    Grant(
        "client credentials with scopes, as JSON",
        "grant: client_credentials, client_auth: body, body: json, token_url: 'https://api.example.com/token',"
        " scopes: [jobs, people], scope_separator: ','",
        {"grants": {"client_credentials": {"scope": "jobs,people"}}, "kind": "json"},
        "/api.example.com/token",
    ),
    Grant(
        "a grant of its own name",
        "grant: client_credentials, client_auth: body, token_url: 'https://login.example.com/connect/token',"
        " params: {grant_type: '\"own\"', scope: '\"own\"', api_key: key}",
        {"grants": {"own": {"scope": "own", "api_key": "hush/key"}}},
        "/login.example.com/connect/token",
        ask=f"{CLIENT}, key: {{label: Key, secret: true}}, company: {{label: Company}}",
        asked={**ASKED, "key": "hush/key", "company": "acme"},
        base_url="https://{account.company}.example.com/api/v1",
        people_at="/acme.example.com/api/v1/people/1",
    ),
    Grant(
        "a refresh token that an administrator made, and that stays",
        "grant: refresh_token, token_url: 'https://{account.host}/ccx/oauth2/acme/token', refresh_token: made",
        {
            "grants": {"refresh_token": {}},
            "auth": "basic",
            "rotates": False,
            "refresh": {"refresh/made="},
            "reply": {},
        },
        "/wd5.example.com/ccx/oauth2/acme/token",
        ask=f"{CLIENT}, host: {{label: Host}}, made: {{label: Refresh token, secret: true}}",
        asked={**ASKED, "host": "wd5.example.com", "made": "refresh/made="},
    ),
]
PEOPLE = [
    Grant(
        "a code, the client in the header, a refresh token that changes each time, expires_at",
        f"{CODE}, authorize_url: 'https://auth.example.com/authorize', token_url: 'https://auth.example.com/token',"
        " scopes: ['harvest:jobs:list', 'harvest:users:list']",
        {
            "grants": {"authorization_code": {}, "refresh_token": {}},
            "auth": "basic",
            "reply": KEEPS_AT,
            "page": {"scope": "harvest:jobs:list harvest:users:list"},
        },
        "/auth.example.com/token",
    ),
    Grant(
        "a code with PKCE, an audience, and the environment's host",
        f"{CODE}, client_auth: body, pkce: true,"
        ' authorize_url: \'https://{account.env = "sandbox" ? "sandbox-" : ""}auth.example.com/authorize\','
        ' token_url: \'https://{account.env = "sandbox" ? "sandbox-" : ""}auth.example.com/oauth/token\','
        " scopes: [offline_access],"
        " authorize_params: {audience: '\"https://api.example.com/v1/\"', prompt: '\"consent\"'}",
        {
            "grants": {"authorization_code": {}, "refresh_token": {}},
            "pkce": True,
            "page": {"scope": "offline_access", "audience": "https://api.example.com/v1/", "prompt": "consent"},
        },
        "/sandbox-auth.example.com/oauth/token",
        ask=f"{CLIENT}, env: {{label: Environment, options: [production, sandbox]}}",
        asked={**ASKED, "env": "sandbox"},
    ),
    Grant(
        "addresses that have a query of their own",
        f"{CODE}, client_auth: body, authorize_url: 'https://{{account.sub}}.example.com/authorize.php?request=authorize',"
        " token_url: 'https://{account.sub}.example.com/token.php?request=token'",
        {"grants": {"authorization_code": {}, "refresh_token": {}}, "page": {"request": "authorize"}},
        "/acme.example.com/token.php",
        ask=f"{CLIENT}, sub: {{label: Subdomain}}",
        asked={**ASKED, "sub": "acme"},
    ),
    Grant(
        "the token's answer names the API's address",
        f"{CODE}, client_auth: body, authorize_url: 'https://id.example.com/authorize',"
        " token_url: 'https://id.example.com/token', scopes: [read, offline_access], keep: {api: body.api}",
        {
            "grants": {"authorization_code": {}, "refresh_token": {}},
            "reply": {"expires_in": 3600, "api": "https://api9.example.com/v2/"},
            "page": {"scope": "read offline_access"},
        },
        "/id.example.com/token",
        base_url="{oauth2.api}",
        people_at="/api9.example.com/v2/people/1",
    ),
    Grant(
        "the callback names the region, the refresh token stays, a scheme of its own",
        f"{CODE}, client_auth: body, authorize_url: 'https://accounts.example.{{account.region}}/auth',"
        " token_url: 'https://accounts.example.{account.region}/token', scopes: [a.ALL, b.READ], scope_separator: ',',"
        " authorize_params: {access_type: '\"offline\"'},"
        ' callback: {region: \'$mapValues(callback.location, {"us": "com", "au": "com.au"})\'}',
        {
            "grants": {"authorization_code": {}, "refresh_token": {}},
            "rotates": False,
            "page": {"scope": "a.ALL,b.READ", "access_type": "offline"},
            "back": {"location": "au", "accounts-server": "https://accounts.example.com.au"},
        },
        "/accounts.example.com.au/token",
        ask=f"{CLIENT}, region: {{label: Region, options: [com, eu, com.au], default: com}}",
        asked={**ASKED, "region": "com"},
        base_url="https://recruit.example.{account.region}/v2",
        people_at="/recruit.example.com.au/v2/people/1",
        scheme="Zoho-oauthtoken",
    ),
]


async def consented(tiny: Tiny, desk: Desk) -> None:
    """A person goes to the consent page, allows everything, and comes back."""
    authenticator, send = tiny.provider.authenticator, tiny.connection().send_raw
    url = await consent.consent_url(
        tiny.credential, authenticator, redirect_uri=REDIRECT, state="state-1", challenge=CHALLENGE, send=send
    )
    answered = desk.consent(url)
    await consent.redeem(tiny.credential, authenticator, answered, redirect_uri=REDIRECT, verifier=VERIFIER, send=send)


@pytest.mark.parametrize("grant", [*MACHINES, *PEOPLE], ids=lambda grant: grant.name)
async def test_a_token_is_got_kept_and_renewed(build: Build, provider: Pretend, grant: Grant) -> None:
    """One token serves many calls; one that ends before its time is renewed once, with its caller none the wiser."""
    desk, tiny = grant.open(provider), grant.built(build)
    if grant in PEOPLE:
        await consented(tiny, desk)
    for _ in range(2):
        assert (await tiny.get("1")).record is not None
    assert len(desk.given) == 1
    desk.forget()
    for _ in range(2):
        assert (await tiny.get("1")).record is not None
    assert len(desk.given) == 2
    assert len(provider.asked(grant.people_at)) == 5
    tiny.kept.state = {**tiny.kept.state, "oauth2": {**tiny.kept.state["oauth2"], "expires_at": 1.0}}
    tiny.credential.state = tiny.kept.state
    await tiny.get("1")
    assert len(desk.given) == 3
    assert len(provider.asked(grant.people_at)) == 6


@pytest.mark.parametrize("grant", [*MACHINES, *PEOPLE], ids=lambda grant: grant.name)
async def test_a_client_that_was_shut_out(build: Build, provider: Pretend, grant: Grant) -> None:
    """A token that can't be renewed any more rejects the credentials, after one request for a new one."""
    desk, tiny = grant.open(provider), grant.built(build)
    if grant in PEOPLE:
        await consented(tiny, desk)
    await tiny.get("1")
    desk.forget()
    desk.client = ("someone", "else")
    with pytest.raises(CredentialsRejected, match=r"gave no access token.*invalid_client"):
        await tiny.get("1")
    assert len(provider.asked(grant.token_at)) == 2


BY_CODE = PEOPLE[0]
BY_REGION = PEOPLE[-1]


async def test_a_callback_becomes_an_answer_of_the_form(build: Build, provider: Pretend) -> None:
    """What the provider says on the way back is a setting of the account from then on, for its other addresses too."""
    desk, tiny = BY_REGION.open(provider), BY_REGION.built(build)
    await consented(tiny, desk)
    assert tiny.credential.settings["region"] == "com.au"


@pytest.mark.parametrize("location", ["evil.example/", "cn"])
async def test_a_callback_is_no_more_trusted_than_a_form(build: Build, provider: Pretend, location: str) -> None:
    """A region that the form would not take goes nowhere: the client's secret is sent to the hosts it names."""
    desk, tiny = BY_REGION.open(provider), BY_REGION.built(build)
    desk.back = {"location": location}
    with pytest.raises(ProviderFailed, match="came back with an answer to 'Region' that it does not take"):
        await consented(tiny, desk)
    assert provider.seen == []
    assert tiny.credential.settings["region"] == "com"


async def test_a_callback_may_say_nothing(build: Build, provider: Pretend) -> None:
    """Without the parameter, what was answered holds."""
    desk, tiny = BY_REGION.open(provider), BY_REGION.built(build)
    desk.back = {}
    provider.on("POST /accounts.example.com/token", by(desk.token))
    await consented(tiny, desk)
    assert tiny.credential.settings["region"] == "com"


@pytest.mark.parametrize(
    ("answered", "error", "said"),
    [
        ({"error": "access_denied"}, ConsentDenied, "Tiny was not allowed to give access; connect again and allow it"),
        (
            {"error": "invalid_scope", "error_description": "no such\nscope"},
            ConsentDenied,
            "Tiny gave no consent: invalid_scope no such scope",
        ),
        ({"code": ""}, InvalidRequest, "Tiny sent no code along"),
        ({"state": "state-1"}, InvalidRequest, "Tiny sent no code along"),
        ({"code": "code-99"}, CredentialsRejected, "invalid_grant: code"),
    ],
)
async def test_a_consent_that_was_not_given(
    build: Build, provider: Pretend, answered: dict[str, str], error: Any, said: str
) -> None:
    """Who came back without a good code is told why, and nothing is stored."""
    BY_CODE.open(provider)
    tiny = BY_CODE.built(build)
    with pytest.raises(error, match=said):
        await redeemed(tiny, answered)
    assert tiny.kept.saved == []


async def redeemed(tiny: Tiny, answered: dict[str, str]) -> None:
    await consent.redeem(
        tiny.credential,
        tiny.provider.authenticator,
        answered,
        redirect_uri=REDIRECT,
        verifier=VERIFIER,
        send=Connection(tiny.provider, tiny.credential, repeatable=False).send_raw,
    )


async def test_a_code_is_good_once(build: Build, provider: Pretend) -> None:
    """A code that comes again is the provider's to refuse, and the token that it gave stays."""
    desk, tiny = BY_CODE.open(provider), BY_CODE.built(build)
    desk.codes.add("code-0")
    await redeemed(tiny, {"code": "code-0"})
    with pytest.raises(CredentialsRejected):
        await redeemed(tiny, {"code": "code-0"})
    assert len(tiny.kept.saved) == 1
    await tiny.get("1")


async def test_a_way_without_a_consent(build: Build, provider: Pretend) -> None:
    """There is no consent page for a grant that needs none."""
    tiny = MACHINES[0].built(build)
    with pytest.raises(InvalidRequest, match="'Way' needs no consent"):
        await redeemed(tiny, {"code": "c"})
    assert not consent.is_needed(tiny.credential)
    assert consent.is_needed(BY_CODE.built(build).credential)


@pytest.mark.parametrize(("asked", "needed"), [({}, True), ({"made": "r"}, False)])
def test_a_refresh_token_of_ones_own_is_a_consent(build: Build, asked: dict[str, str], needed: bool) -> None:
    """Who has answered a refresh token need not be asked for a consent."""
    grant = Grant(
        "either",
        f"{CODE}, authorize_url: 'https://a.example.com/', token_url: 'https://a.example.com/', refresh_token: made",
        {},
        "",
        ask=f"{CLIENT}, made: {{label: Refresh token, secret: true, optional: true}}",
        asked={**ASKED, **asked},
    )
    assert consent.is_needed(grant.built(build).credential) is needed


OWN = Client("own-client", "hush/own", ("jobs",))


async def test_an_app_of_the_environment(build: Build, provider: Pretend) -> None:
    """Where the form does not ask for a client, the environment's app is it, with its own scopes."""
    grant = Grant(**{**vars(BY_CODE), "ask": "", "asked": {}})
    desk, tiny = grant.open(provider), grant.built(build, client=OWN)
    desk.client, desk.page = (OWN.id, OWN.secret), {"scope": "jobs"}
    await consented(tiny, desk)
    await tiny.get("1")
    assert OWN.secret in tiny.credential.secrets()
    desk.forget()
    await tiny.get("1")
    assert desk.given == ["authorization_code", "refresh_token"]


async def test_what_was_answered_goes_before_the_environments_app(build: Build, provider: Pretend) -> None:
    """A client that someone entered for their account is used, though the environment has one too."""
    desk, tiny = MACHINES[0].open(provider), MACHINES[0].built(build, client=OWN)
    desk.grants = {"client_credentials": {"sub": "17", "scope": "jobs"}}
    await tiny.get("1")
    assert desk.given == ["client_credentials"]


async def test_nobody_has_an_app(build: Build, provider: Pretend) -> None:
    """Without a client there is no consent page, and the message says who can do something about it."""
    tiny = Grant(**{**vars(BY_CODE), "ask": "", "asked": {}}).built(build)
    with pytest.raises(MissingApp, match="no OAuth app for tiny in this environment; set its client_id"):
        await consented(tiny, Desk({}))
    tiny.credential.state = tiny.kept.state = {"oauth2": {"refresh_token": "r"}}
    with pytest.raises(MissingApp):
        await tiny.get("1")
    assert provider.seen == []


async def test_a_refresh_token_that_was_lost(build: Build, provider: Pretend) -> None:
    """An access token without a refresh token serves until it ends; then a person has to consent again."""
    desk, tiny = BY_CODE.open(provider), BY_CODE.built(build)
    desk.grants = {"authorization_code": {}}
    await consented(tiny, desk)
    await tiny.get("1")
    desk.forget()
    with pytest.raises(NeedsReauth, match="no consent at Tiny"):
        await tiny.get("1")


NAMES = (
    "grant: client_credentials, client_auth: body, token_url: 'https://a.example.com/token',"
    " keep: {access_token: body.data.token, expires_in: body.data.minutes * 60, region: headers.`x-region`}"
)


async def test_a_token_under_another_name(build: Build, provider: Pretend) -> None:
    """Where the answer has other names than OAuth2's, `keep` says which."""
    grant = Grant("names", NAMES, {"grants": {}}, "/a.example.com/token")
    provider.on("POST /a.example.com/token", json({"data": {"token": "t-1", "minutes": 5}}, X_Region="eu"))
    provider.on("GET /api.example.com/v1/people/1", by(_only("Bearer t-1")))
    tiny = grant.built(build)
    await tiny.get("1")
    kept = tiny.kept.state["oauth2"]
    assert kept.pop("expires_at") == pytest.approx(datetime.now(UTC).timestamp() + 300, abs=5)
    assert kept == {"access_token": "t-1", "region": "eu"}


async def test_what_a_refresh_does_not_repeat(build: Build, provider: Pretend) -> None:
    """What was kept of the first answer stays when a refresh is silent about it."""
    grant = PEOPLE[3]
    desk, tiny = grant.open(provider), grant.built(build)
    await consented(tiny, desk)
    desk.reply = {"expires_in": 3600}
    desk.forget()
    provider.on("GET /api9.example.com/v2/people/1", json({}, 401), {"id": 1})
    await tiny.get("1")
    assert tiny.kept.state["oauth2"]["api"] == "https://api9.example.com/v2/"


def _only(authorization: str) -> Any:
    def answer(seen: Seen) -> Any:
        return {"id": 1} if seen.headers.get("authorization") == authorization else json({}, 401)

    return answer
