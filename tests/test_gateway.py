"""The one door: accounts, their credentials, and calls."""

import textwrap
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from polyhire.accounts.account import Account
from polyhire.engine.exchange import Answer, FileAnswer, Outgoing
from polyhire.engine.serving import Call
from polyhire.errors import (
    AccountBlocked,
    CredentialsRejected,
    InvalidBody,
    InvalidRequest,
    NeedsReauth,
    NotFound,
    NotPermittedHere,
    ProviderUnreachable,
    SettingsError,
    UnknownAccount,
    UnknownIntegration,
    UnknownResource,
    UnsupportedMethod,
)
from polyhire.gateway import Gateway
from polyhire.settings import Settings
from polyhire.simulators.serve import running
from tests.engine.pretend import Pretend, by, json

FILES = {
    "integration.yaml": """
        name: Tiny
        docs: https://tiny.example/docs
        base_url: https://api.tiny.example/v1
        connect:
          key:
            label: Key
            ask:
              api_key: {label: API key, secret: true, pattern: "k-[a-z]+"}
              region: {label: Region, options: [eu, us], default: eu}
              company: {label: Company, optional: true}
            apply: {bearer: api_key, headers: {X-Region: account.region}}
          app:
            label: App
            ask: {client: {label: Client}, secret: {label: Secret, secret: true}}
            oauth2:
              {grant: client_credentials, token_url: "https://login.tiny.example/token", client_id: client,
               client_secret: secret}
            apply: {bearer: oauth2.access_token}
          consent:
            label: Consent
            oauth2:
              {grant: authorization_code, token_url: "https://login.tiny.example/token",
               authorize_url: "https://login.tiny.example/authorize"}
            apply: {bearer: oauth2.access_token}
        check: GET /me
        """,
    "resources/candidates.yaml": """
        list: {request: GET /people, items: body}
        get: {request: "GET /people/{id}", item: body}
        fields: {id: id, company: $number(shoe)}
        """,
    "endpoints.yaml": """
        things:
          list: {request: GET /things, items: body.things}
          get: {request: "GET /things/{id}", item: body}
          create: {request: POST /things, item: body}
        """,
}


@pytest.fixture(scope="module")
def server() -> Iterator[Pretend]:
    """The pretend provider."""
    provider = Pretend()
    with running(provider) as provider.base:
        yield provider


@pytest.fixture
def provider(server: Pretend) -> Pretend:
    """The pretend provider, where any key that starts with `k-g` is good."""
    server.reset()
    server.on("GET /v1/me", by(lambda seen: {} if "k-g" in seen.headers.get("authorization", "") else json({}, 401)))
    return server


Open = Callable[..., Any]


@pytest.fixture
def settings(provider: Pretend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings with `tiny` beside the shipped integrations, pointed at the pretend provider."""
    for name, text in FILES.items():
        path = tmp_path / "own" / "tiny" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
    monkeypatch.setenv("POLYHIRE_BASE_URL_TINY", provider.base + "/")
    return Settings(
        database_url=f"sqlite+aiosqlite:///{tmp_path}/test.db",
        keys_file=tmp_path / "keys",
        integrations=tmp_path / "own",
        request_timeout=5,
    )


@pytest.fixture
async def gateway(settings: Settings) -> AsyncIterator[Gateway]:
    """An open gateway."""
    opened = await Gateway.open(settings)
    yield opened
    await opened.close()


GOOD = {"api_key": "k-good"}
LIST = Call("candidates", "list")


async def added(gateway: Gateway, given: Any = None, connect: str | None = None) -> Account:
    environment = await gateway.store.environment()
    return await gateway.add_account(
        environment.id, "tiny", given or GOOD, tenant_id="acme", name="Acme", connect=connect
    )


async def stored(gateway: Gateway) -> tuple[Account, ...]:
    return await gateway.store.list_accounts((await gateway.store.environment()).id)


async def now(gateway: Gateway, account: Account) -> Account:
    return await gateway.store.get_account(account.environment_id, account.id)


async def test_an_account_is_added(gateway: Gateway, provider: Pretend) -> None:
    """A new account is checked at the provider, then kept: secrets apart from settings, defaults filled in."""
    account = await added(gateway)
    assert provider.lines == ["GET /v1/me"]
    assert provider.seen[0].headers["x-region"] == "eu"
    kept = await now(gateway, account)
    assert (kept.status, kept.tenant_id, kept.name, kept.connect) == ("active", "acme", "Acme", "key")
    assert (kept.settings, kept.secrets) == ({"region": "eu"}, {"api_key": "k-good"})


async def test_a_wrong_key_saves_nothing(gateway: Gateway, provider: Pretend) -> None:
    """An account whose credentials are refused is not kept."""
    with pytest.raises(CredentialsRejected):
        await added(gateway, {"api_key": "k-bad"})
    assert await stored(gateway) == ()


async def test_the_first_token_is_kept(gateway: Gateway, provider: Pretend) -> None:
    """The token that the check was made with is there for the first call."""
    provider.on("POST /token", {"access_token": "k-g1", "expires_in": 3600})
    provider.on("GET /v1/people", [])
    account = await added(gateway, {"client": "c", "secret": "s"}, "app")
    assert account.state["oauth2"]["access_token"] == "k-g1"
    await gateway.serve(account, LIST)
    assert len(provider.asked("/token")) == 1


@pytest.mark.parametrize(
    ("given", "messages"),
    [
        ({}, {"api_key": "API key is missing"}),
        ({"api_key": "", "region": None}, {"api_key": "API key is missing"}),
        ({"api_key": "K"}, {"api_key": "API key does not look right; it matches k-[a-z]+"}),
        ({"api_key": "k-a", "region": "asia"}, {"region": "Region is one of: eu, us"}),
        (
            {"api_ky": "k-a", "region": "mars"},
            {
                "api_ky": "tiny does not ask for 'api_ky'; did you mean 'api_key'?",
                "api_key": "API key is missing",
                "region": "Region is one of: eu, us",
            },
        ),
    ],
)
async def test_answers_are_checked(gateway: Gateway, provider: Pretend, given: Any, messages: dict[str, str]) -> None:
    """Everything wrong with the answers is told at once, and nothing is asked of the provider."""
    environment = await gateway.store.environment()
    with pytest.raises(InvalidBody) as caught:
        await gateway.add_account(environment.id, "tiny", given, tenant_id="t", name=None, connect=None)
    assert {failure.path: failure.message for failure in caught.value.failures} == messages
    assert provider.seen == []


async def test_answers_become_text(gateway: Gateway) -> None:
    """Optional answers may be missing, defaults stand in, and numbers are text."""
    integration = gateway.catalog.integration("tiny")
    connect = integration.file.connect["key"]
    assert gateway.answers(integration, connect, {"api_key": "k-a", "company": 5}) == {
        "api_key": "k-a",
        "region": "eu",
        "company": "5",
    }


async def test_ways_to_connect(gateway: Gateway) -> None:
    """The first way is taken unless another is named; an unknown one is refused with the names."""
    integration = gateway.catalog.integration("tiny")
    assert gateway.connect_of(integration, None)[0] == "key"
    assert gateway.connect_of(integration, "app")[1].label == "App"
    with pytest.raises(InvalidRequest, match=r"by 'ap'; did you mean 'app'\?; it can by: app, consent, key"):
        gateway.connect_of(integration, "ap")


async def test_a_call(gateway: Gateway, provider: Pretend) -> None:
    """A call is served with the account's credentials, and tells the provider's budget."""
    provider.on("GET /v1/people", json([{"id": 1}], X_RateLimit_Limit="9"))
    served = await gateway.serve(await added(gateway), LIST)
    assert served.outcome.records[0]["id"] == "1"
    assert served.rates == {"ratelimit-limit": "9"}
    assert served.exchanges == []
    assert provider.seen[1].headers["authorization"] == "Bearer k-good"


async def test_debug_shows_exchanges(gateway: Gateway, provider: Pretend) -> None:
    """The exchanges come along when they are asked for, without the key."""
    provider.on("GET /v1/people", [{"id": 1, "shoe": "x"}])
    served = await gateway.serve(await added(gateway), Call("candidates", "list", format="debug"))
    assert [exchange["responseStatus"] for exchange in served.exchanges] == [200]
    assert "k-good" not in str(served.exchanges)
    assert [error.field for error in served.outcome.field_errors] == ["company"]


async def test_reauth(gateway: Gateway, provider: Pretend) -> None:
    """A 401 marks the account with the reason; the next call that works makes it active again."""
    account = await added(gateway)
    provider.on("GET /v1/people", json({}, 401), [])
    with pytest.raises(CredentialsRejected):
        await gateway.serve(account, LIST)
    marked = await now(gateway, account)
    assert marked.status == "needs_reauth"
    assert "Tiny refused the credentials" in (marked.last_error or "")
    await gateway.serve(marked, LIST)
    healed = await now(gateway, account)
    assert (healed.status, healed.last_error) == ("active", None)


async def test_other_failures_leave_the_account_alone(gateway: Gateway, provider: Pretend) -> None:
    """An error that is not about credentials says nothing about the account."""
    account = await added(gateway)
    with pytest.raises(NotFound):
        await gateway.serve(account, Call("candidates", "get", id="9"))
    assert (await now(gateway, account)).status == "active"


async def test_a_missing_consent_needs_a_person(gateway: Gateway, provider: Pretend) -> None:
    """An account without a consent is marked, whichever way it is used."""
    environment = await gateway.store.environment()
    for work in ("serve", "custom", "check"):
        account = await gateway.store.add_account(environment.id, "tiny", "t", connect="consent", status="active")
        with pytest.raises(NeedsReauth):
            if work == "serve":
                await gateway.serve(account, LIST)
            elif work == "custom":
                await gateway.custom(account, Outgoing("GET", "/x", {}))
            else:
                await gateway.check_account(account)
        assert (await now(gateway, account)).status == "needs_reauth", work
    assert provider.seen == []


async def test_an_account_is_checked(gateway: Gateway, provider: Pretend) -> None:
    """A check makes the account active or marks it; an outage leaves it as it was."""
    account = await added(gateway)
    await gateway.store.set_status(account.id, "needs_reauth", "old")
    assert (await gateway.check_account(account)).status == "active"
    provider.on("GET /v1/me", json({}, 401))
    with pytest.raises(CredentialsRejected):
        await gateway.check_account(account)
    assert (await now(gateway, account)).status == "needs_reauth"
    provider.on("GET /v1/me", json({}, 404))
    with pytest.raises(NotFound):
        await gateway.check_account(account)
    assert (await now(gateway, account)).status == "needs_reauth"


async def test_blocked_accounts(gateway: Gateway, provider: Pretend) -> None:
    """A blocked account makes no request of any kind."""
    account = await added(gateway)
    blocked = await gateway.store.set_status(account.id, "blocked")
    provider.seen.clear()
    for work in (
        gateway.serve(blocked, LIST),
        gateway.proxy(blocked, Call("things", "list", format="normalized")),
        gateway.custom(blocked, Outgoing("GET", "/x", {})),
    ):
        with pytest.raises(AccountBlocked, match="is blocked; an administrator"):
            await work
    assert provider.seen == []


async def test_changed_secrets_are_used(gateway: Gateway, provider: Pretend) -> None:
    """A key that was replaced is used from the next call on."""
    provider.on("GET /v1/people", [])
    account = await added(gateway)
    await gateway.serve(account, LIST)
    await gateway.store.update_account(account.id, secrets={"api_key": "k-gnew"})
    await gateway.serve(await now(gateway, account), LIST)
    assert [seen.headers["authorization"] for seen in provider.asked("/v1/people")] == [
        "Bearer k-good",
        "Bearer k-gnew",
    ]


async def test_a_renewed_token_is_stored(gateway: Gateway, provider: Pretend) -> None:
    """A token that was renewed is in the database, and one token serves the calls after it."""
    provider.on("POST /token", {"access_token": "k-g1", "expires_in": 3600}, {"access_token": "k-g2"})
    provider.on("GET /v1/people", json({}, 401), [])
    account = await added(gateway, {"client": "c", "secret": "s"}, "app")
    await gateway.serve(account, LIST)
    assert (await now(gateway, account)).state["oauth2"]["access_token"] == "k-g2"
    await gateway.serve(await now(gateway, account), LIST)
    assert len(provider.asked("/token")) == 2


async def test_an_account_that_was_removed_meanwhile(gateway: Gateway, provider: Pretend) -> None:
    """A token for an account that is gone is not kept anywhere."""
    provider.on("POST /token", {"access_token": "k-g1", "expires_in": 30})
    account = await added(gateway, {"client": "c", "secret": "s"}, "app")
    await gateway.store.remove_account(account.environment_id, account.id)
    with pytest.raises(UnknownAccount):
        await gateway.serve(account, LIST)


async def test_proxy(gateway: Gateway, provider: Pretend) -> None:
    """The provider's own endpoints are served in its own words: lists, records and writes."""
    provider.on("GET /v1/things", {"things": [{"id": 1, "odd": 1.10}]})
    provider.on("GET /v1/things/1", {"id": 1})
    provider.on("POST /v1/things", {"id": 2})
    account = await added(gateway)
    listed = await gateway.proxy(account, Call("things", "list", format="normalized", remote_query={"a": "1"}))
    assert provider.seen[-1].query == {"a": "1"}
    assert orjson.dumps(listed.outcome.records) == b'[{"remote_data":{"id":1,"odd":1.1}}]'
    got = await gateway.proxy(account, Call("things", "get", id="1", format="normalized"))
    assert orjson.dumps(got.outcome.record) == b'{"remote_data":{"id":1}}'
    await gateway.proxy(account, Call("things", "create", body={"x": [1]}, format="normalized"))
    assert provider.seen[-1].json == {"x": [1]}


async def test_proxy_of_what_is_not_there(gateway: Gateway, provider: Pretend) -> None:
    """An endpoint or method that the integration does not name is refused with what it has."""
    account = await added(gateway)
    with pytest.raises(UnknownResource, match=r"no endpoint 'thing'; did you mean 'things'\?; it has: things"):
        await gateway.proxy(account, Call("thing", "list", format="normalized"))
    with pytest.raises(UnsupportedMethod, match="no delete on endpoint 'things'; it has: create, get, list"):
        await gateway.proxy(account, Call("things", "delete", id="1", format="normalized"))


async def test_custom(gateway: Gateway, provider: Pretend) -> None:
    """Any path below the base URL is served with the account's credentials, answered as it comes."""
    provider.on("PATCH /v1/odd", {"a": 1})
    provider.on("GET /v1/none", json({}, 404))
    account = await added(gateway)
    answer = await gateway.custom(account, Outgoing("PATCH", "/odd?x=1&y=..", {}, b"{}"))
    assert isinstance(answer, FileAnswer)
    assert b"".join([chunk async for chunk in answer.chunks]) == b'{"a":1}'
    assert provider.seen[-1].raw_query == "x=1&y=.."
    refused = await gateway.custom(account, Outgoing("GET", "/none", {}))
    assert isinstance(refused, Answer)
    assert refused.status == 404


@pytest.mark.parametrize("path", ["/..", "/a/../../x", "/a/%2e%2E/x", "/a/.%2e", "/%2e%2e%2fx", "/a\\..\\x"])
async def test_custom_paths_stay_below(gateway: Gateway, provider: Pretend, path: str) -> None:
    """A path can't go up, however that is written."""
    account = await added(gateway)
    provider.seen.clear()
    with pytest.raises(InvalidRequest, match="can't go up"):
        await gateway.custom(account, Outgoing("GET", path, {}))
    assert provider.seen == []


async def test_custom_marks_the_account(gateway: Gateway, provider: Pretend) -> None:
    """A 401 on a caller's own path marks the account, and one that works heals it."""
    provider.on("GET /v1/x", json({}, 401), {})
    account = await added(gateway)
    with pytest.raises(CredentialsRejected):
        await gateway.custom(account, Outgoing("GET", "/x", {}))
    marked = await now(gateway, account)
    assert marked.status == "needs_reauth"
    answer = await gateway.custom(marked, Outgoing("GET", "/x", {}))
    assert isinstance(answer, FileAnswer)
    assert [chunk async for chunk in answer.chunks]
    assert (await now(gateway, account)).status == "active"


async def test_unknown_integrations(gateway: Gateway) -> None:
    """An integration that is not installed is refused with the nearest name."""
    environment = await gateway.store.environment()
    with pytest.raises(UnknownIntegration, match="did you mean 'tiny'"):
        await gateway.add_account(environment.id, "tny", {}, tenant_id="t", name=None, connect=None)


async def test_shipped_and_own_integrations(gateway: Gateway, settings: Settings) -> None:
    """The operator's integrations stand beside the shipped ones, and a folder that is not there is told."""
    assert {"tiny", "greenhouse"} <= set(gateway.catalog.slugs)
    with pytest.raises(SettingsError, match="POLYHIRE_INTEGRATIONS: there is no folder"):
        await Gateway.open(settings.model_copy(update={"integrations": Path("/nowhere")}))
    opened = await Gateway.open(settings.model_copy(update={"integrations": None}))
    assert "tiny" not in opened.catalog.slugs
    await opened.close()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("https://example.com", "points to example.com, which is not this machine"),
        ("http://127.0.0.1.evil.example", "which is not this machine"),
        ("http://10.0.0.1:80", "which is not this machine"),
        ("ftp://127.0.0.1", "is not a URL"),
        ("http://", "is not a URL"),
        ("127.0.0.1:80", "is not a URL"),
    ],
)
async def test_overrides_stay_on_this_machine(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, url: str, says: str
) -> None:
    """An integration can be pointed at this machine, and elsewhere only when private hosts are allowed."""
    monkeypatch.setenv("POLYHIRE_BASE_URL_TINY", url)
    with pytest.raises(SettingsError, match=f"POLYHIRE_BASE_URL_TINY.*{says}"):
        await Gateway.open(settings)


@pytest.mark.parametrize("url", ["http://localhost:9", "http://[::1]:9", "http://127.8.9.1"])
async def test_overrides_of_this_machine(settings: Settings, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """This machine has several names."""
    monkeypatch.setenv("POLYHIRE_BASE_URL_TINY", url)
    await (await Gateway.open(settings)).close()


async def test_private_hosts_may_be_allowed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """With private hosts allowed an override may be any host."""
    monkeypatch.setenv("POLYHIRE_BASE_URL_TINY", "http://10.255.255.1")
    await (await Gateway.open(settings.model_copy(update={"allow_private_hosts": True}))).close()


async def test_without_an_override_private_hosts_are_closed(
    settings: Settings, provider: Pretend, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An integration that names a private host is not asked."""
    monkeypatch.delenv("POLYHIRE_BASE_URL_TINY")
    file = tmp_path / "own" / "tiny" / "integration.yaml"
    file.write_text(file.read_text().replace("https://api.tiny.example", provider.base))
    opened = await Gateway.open(settings)
    with pytest.raises(ProviderUnreachable, match="not a public address"):
        await added(opened)
    await opened.close()
    assert provider.seen == []


def at_login(provider: Pretend, *tokens: str) -> None:
    """Each token request gets the next of these, which live for an hour."""
    given = iter(tokens)
    provider.on("POST /token", by(lambda _: {"access_token": next(given), "expires_in": 3600}))


async def test_a_token_is_refreshed_on_request(gateway: Gateway, provider: Pretend) -> None:
    """A new token takes the place of one that would have lived on, and is used from then on."""
    at_login(provider, "k-g1", "k-g2")
    account = await added(gateway, {"client": "c", "secret": "s"}, connect="app")
    provider.seen.clear()
    refreshed = await gateway.refresh_credentials(await now(gateway, account))
    assert provider.lines == ["POST /token", "GET /v1/me"]
    assert (refreshed.status, refreshed.state["oauth2"]["access_token"]) == ("active", "k-g2")
    provider.on("GET /v1/people", json([]))
    await gateway.serve(await now(gateway, account), LIST)
    assert provider.seen[-1].headers["authorization"] == "Bearer k-g2"


async def test_a_refresh_that_is_refused_is_remembered(gateway: Gateway, provider: Pretend) -> None:
    """The account needs_reauth with the reason; the token that still lives is not thrown away."""
    at_login(provider, "k-g1")
    account = await added(gateway, {"client": "c", "secret": "s"}, connect="app")
    provider.on("POST /token", json({"error": "invalid_client"}, 401))
    with pytest.raises(CredentialsRejected):
        await gateway.refresh_credentials(await now(gateway, account))
    marked = await now(gateway, account)
    assert marked.status == "needs_reauth" and marked.last_error
    assert marked.state["oauth2"]["access_token"] == "k-g1"
    provider.on("GET /v1/people", json([]))
    await gateway.serve(marked, LIST)
    assert (await now(gateway, account)).status == "active"


async def test_an_integration_that_is_disabled_connects_nothing(gateway: Gateway, provider: Pretend) -> None:
    """Nobody is asked, and nothing is kept; elsewhere it goes on."""
    environment = await gateway.store.environment()
    await gateway.store.apps.add(environment.id, "tiny", enabled=False)
    with pytest.raises(NotPermittedHere, match="tiny is disabled"):
        await added(gateway)
    assert provider.lines == [] and await stored(gateway) == ()
    staging = await gateway.store.environment("staging")
    assert (await gateway.add_account(staging.id, "tiny", GOOD, tenant_id="t")).status == "active"
