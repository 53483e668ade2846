"""The one door for who connects: consents, apps of the environment, and connecting anew."""

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from prometheus_client import REGISTRY

from polyhire.engine.exchange import Outgoing
from polyhire.errors import (
    AccountBlocked,
    ConsentDenied,
    CredentialsRejected,
    InvalidBody,
    MissingApp,
    NeedsReauth,
    UnknownAccount,
)
from polyhire.gateway import Gateway
from tests.engine.pretend import Pretend, Seen, by, json
from tests.test_gateway import GOOD, LIST, added, gateway, now, provider, server, settings

__all__ = ["gateway", "provider", "server", "settings"]
BACK = "https://hire.example/back"
TOKEN = {"access_token": "k-g1", "refresh_token": "r1", "expires_in": 3600}


async def with_app(gateway: Gateway, **values: Any) -> str:
    """The default environment's id, once it has an app for `tiny`."""
    environment = await gateway.store.environment()
    await gateway.store.apps.add(environment.id, "tiny", client_id="own-id", client_secret="own/hush", **values)
    return environment.id


@pytest.mark.parametrize(("way", "given", "needed"), [("key", GOOD, False), ("consent", {}, True)])
async def test_who_has_to_consent(gateway: Gateway, way: str, given: dict[str, str], needed: bool) -> None:
    """Only a grant that takes a person's consent sends them to the provider's page."""
    assert gateway.needs_consent("tiny", given, connect=way) is needed
    with pytest.raises(InvalidBody, match="does not ask for 'api_kee'"):
        gateway.needs_consent("tiny", {"api_kee": "k"}, connect=way)


async def test_a_consent_page_is_of_the_environments_app(gateway: Gateway, provider: Pretend) -> None:
    """The page is asked for with the environment's own client, its scopes, and nothing where it has none."""
    asked: dict[str, Any] = {"connect": "consent", "redirect_uri": BACK, "state": "s"}
    staging = await gateway.store.environment("staging")
    environment_id = await with_app(gateway, scopes=["a", "b c"])
    url = await gateway.consent_url(environment_id, "tiny", {}, **asked)
    assert url.startswith(f"{provider.base}/authorize?")
    assert parse_qs(urlsplit(url).query) == {
        "response_type": ["code"],
        "client_id": ["own-id"],
        "redirect_uri": [BACK],
        "scope": ["a b c"],
        "state": ["s"],
    }
    with pytest.raises(MissingApp, match="no OAuth app for tiny in this environment"):
        await gateway.consent_url(staging.id, "tiny", {}, **asked)


async def connected(gateway: Gateway, provider: Pretend) -> Any:
    """An account that was consented to."""
    provider.on("POST /token", TOKEN)
    environment_id = await with_app(gateway)
    consented = await gateway.redeem(
        environment_id, "tiny", {}, {"code": "c", "state": "s"}, connect="consent", redirect_uri=BACK
    )
    assert "k-g1" not in repr(consented)
    return await gateway.add_account(
        environment_id, "tiny", consented.answers, tenant_id="t", connect="consent", state=consented.state
    )


async def test_a_consent_makes_an_account(gateway: Gateway, provider: Pretend) -> None:
    """A code is traded once, the token is checked, and the account keeps both tokens, and no client."""
    account = await connected(gateway, provider)
    assert account.status == "active"
    assert account.state["oauth2"]["refresh_token"] == "r1"
    assert (account.settings, account.secrets) == ({}, {})
    assert [seen.form["grant_type"] for seen in provider.asked("/token")] == ["authorization_code"]


async def test_an_account_refreshes_by_the_app_as_it_is(gateway: Gateway, provider: Pretend) -> None:
    """A secret that an administrator changed is what the next refresh of every account uses."""
    account = await connected(gateway, provider)
    provider.on("GET /v1/people", json({}, 401), [])
    await gateway.store.apps.change(account.environment_id, "tiny", client_secret="newer/hush")
    await gateway.serve(account, LIST)
    form = provider.asked("/token")[-1].form
    assert (form["grant_type"], form["refresh_token"]) == ("refresh_token", "r1")
    assert "authorization" in provider.asked("/token")[-1].headers
    await gateway.store.apps.remove(account.environment_id, "tiny")
    provider.on("GET /v1/people", json({}, 401), [])
    with pytest.raises(MissingApp):
        await gateway.serve(await now(gateway, account), LIST)
    assert (await now(gateway, account)).status == "active"  # whoever connected it can do nothing about that


async def test_a_consent_that_was_denied(gateway: Gateway, provider: Pretend) -> None:
    """Nothing is asked of the provider, and nothing is stored."""
    environment_id = await with_app(gateway)
    with pytest.raises(ConsentDenied, match="Tiny was not allowed"):
        await gateway.redeem(
            environment_id, "tiny", {}, {"error": "access_denied"}, connect="consent", redirect_uri=BACK
        )
    assert provider.seen == []


async def test_a_consent_that_does_not_do(gateway: Gateway, provider: Pretend) -> None:
    """A token that the check finds wanting is not saved as an active account."""
    provider.on("POST /token", {**TOKEN, "access_token": "bad"})
    environment_id = await with_app(gateway)
    consented = await gateway.redeem(environment_id, "tiny", {}, {"code": "c"}, connect="consent", redirect_uri=BACK)
    with pytest.raises(CredentialsRejected):
        await gateway.add_account(environment_id, "tiny", {}, tenant_id="t", connect="consent", state=consented.state)
    assert await gateway.store.list_accounts(environment_id) == ()


async def test_connecting_anew(gateway: Gateway, provider: Pretend) -> None:
    """What is not given again stays as it was; the account works again and forgets what was wrong."""
    account = await added(gateway, {**GOOD, "region": "us"})
    await gateway.store.set_status(account.id, "needs_reauth", "refused")
    renewed = await gateway.reconnect(account, {"api_key": "k-gnew"})
    assert (renewed.status, renewed.last_error) == ("active", None)
    assert renewed.secrets == {"api_key": "k-gnew"}
    assert renewed.settings["region"] == "us"
    provider.on("GET /v1/people", [])
    await gateway.serve(renewed, LIST)
    assert provider.seen[-1].headers["authorization"] == "Bearer k-gnew"


async def test_connecting_anew_with_a_wrong_key(gateway: Gateway) -> None:
    """An account keeps what works until something better was checked."""
    account = await added(gateway)
    with pytest.raises(CredentialsRejected):
        await gateway.reconnect(account, {"api_key": "k-bad"})
    assert await now(gateway, account) == account


async def test_connecting_anew_another_way(gateway: Gateway, provider: Pretend) -> None:
    """Another way to connect has other answers: none of the old ones, nor their tokens, stay."""
    account = await connected(gateway, provider)
    renewed = await gateway.reconnect(account, GOOD, connect="key")
    assert (renewed.connect, renewed.secrets, renewed.state) == ("key", GOOD, {})
    with pytest.raises(NeedsReauth, match="no consent"):
        await gateway.reconnect(renewed, {}, connect="consent")
    again = await gateway.reconnect(renewed, {}, connect="consent", state=account.state)
    assert (again.connect, again.secrets) == ("consent", {})


async def test_connecting_what_may_not_be(gateway: Gateway) -> None:
    """A blocked account stays blocked, and one that is gone stays gone."""
    account = await added(gateway)
    blocked = await gateway.store.set_status(account.id, "blocked")
    with pytest.raises(AccountBlocked):
        await gateway.reconnect(blocked, GOOD)
    await gateway.store.remove_account(account.environment_id, account.id)
    with pytest.raises(UnknownAccount):
        await gateway.reconnect(account, GOOD)


async def test_a_refresh_on_demand_asks_once(gateway: Gateway, provider: Pretend) -> None:
    """A token that has expired is not renewed twice because someone asked for it."""
    account = await connected(gateway, provider)
    state = {"oauth2": {**account.state["oauth2"], "expires_at": time.time() - 5}}
    await gateway.store.save_state(account.id, state)
    provider.on("POST /token", {**TOKEN, "access_token": "k-g2"})
    refreshed = await gateway.refresh_credentials(await now(gateway, account))
    assert refreshed.state["oauth2"]["access_token"] == "k-g2"
    assert len(provider.asked("/token")) == 2


async def test_a_refused_refresh_says_why(gateway: Gateway, provider: Pretend) -> None:
    """After a 401, one refresh is tried; refused, the account needs a person, and remembers the provider's words."""
    account = await connected(gateway, provider)
    provider.on("GET /v1/people", by(lambda seen: json({}, 401)))
    provider.on("POST /token", json({"error": "invalid_grant", "error_description": "revoked by Ada"}, 400))
    with pytest.raises(CredentialsRejected):
        await gateway.serve(account, LIST)
    marked = await now(gateway, account)
    assert marked.status == "needs_reauth"
    assert "invalid_grant revoked by Ada" in (marked.last_error or "")
    assert len(provider.asked("/token")) == 2
    assert len(provider.asked("/v1/people")) == 1


async def test_a_refresh_that_does_not_help(gateway: Gateway, provider: Pretend) -> None:
    """A new token that is refused too is tried once: a provider is not asked for ever."""
    account = await connected(gateway, provider)
    seen_tokens: list[str] = []

    def refuse(seen: Seen) -> Any:
        seen_tokens.append(seen.headers["authorization"])
        return json({}, 401)

    provider.on("GET /v1/people", by(refuse))
    provider.on("POST /token", {**TOKEN, "access_token": "k-g2"}, {**TOKEN, "access_token": "k-g3"})
    with pytest.raises(CredentialsRejected):
        await gateway.serve(account, LIST)
    assert seen_tokens == ["Bearer k-g1", "Bearer k-g2"]
    assert (await now(gateway, account)).status == "needs_reauth"


async def test_custom_calls_are_counted(gateway: Gateway, provider: Pretend) -> None:
    """A caller's own path counts as a call of its own kind."""
    provider.on("GET /v1/odd", {})
    account = await added(gateway)
    labels = {"integration": "tiny", "resource": "custom", "method": "GET", "result": "ok"}
    before = REGISTRY.get_sample_value("polyhire_calls_total", labels) or 0
    await gateway.custom(account, Outgoing("GET", "/odd", {}))
    assert REGISTRY.get_sample_value("polyhire_calls_total", labels) == before + 1
