"""/environment-integration: own OAuth apps and what is offered. A client's secret goes in and never comes out."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.conftest import Answered, Client, Running
from tests.api.provider import KEY

CANARY = "oauth_canary_0815"


@pytest.fixture(autouse=True)
def nothing_set(running: Running) -> Iterator[None]:
    """Each test begins and ends with integrations as they come."""
    yield
    apps = running.gateway.store.apps
    for app in running.do(apps.list(running.environment_id)):
        running.do(apps.remove(running.environment_id, app.integration))


async def admin(call: Client, verb: str, path: str = "", query: str = "", **given: Any) -> Answered:
    return await call(verb, f"/environment-integration{path}", query, account=False, **given)


async def test_an_app_is_set_changed_and_removed(running: Running, call: Client) -> None:
    """What was given comes back, but for the secret, of which only that it is there; what is left out stays."""
    body = {"integration": "tiny", "client_id": "c-1", "client_secret": CANARY, "scopes": ["a:read", "b"]}
    made = await admin(call, "POST", json=body)
    assert made.status == 200
    assert (made.json["integration"], made.json["is_enabled"]) == ({"name": "tiny"}, True)
    assert (made.json["client_id"], made.json["has_client_secret"], made.json["scopes"]) == (
        "c-1",
        True,
        ["a:read", "b"],
    )
    assert made.json["redirect_uri"] == f"{running.url}/connect-account/callback"
    app = running.do(running.gateway.store.apps.of(running.environment_id, "tiny"))
    assert (app.client_id, app.client_secret, app.scopes, app.enabled) == ("c-1", CANARY, ("a:read", "b"), True)
    changed = await admin(call, "PATCH", f"/{made.json['id']}", json={"client_id": "c-2", "scopes": None})
    assert (changed.json["client_id"], changed.json["has_client_secret"], changed.json["scopes"]) == ("c-2", True, None)
    app = running.do(running.gateway.store.apps.of(running.environment_id, "tiny"))
    assert (app.client_id, app.client_secret, app.scopes) == ("c-2", CANARY, None)
    assert (await admin(call, "GET", "/tiny")).json == changed.json == (await admin(call, "GET", f"/{app.id}")).json
    listed = await admin(call, "GET", "", "integration.name=tiny&is_enabled[eq]=true")
    assert listed.json["result"] == [changed.json]
    assert (await admin(call, "GET", "", "is_enabled=false")).json["result"] == []
    assert "is true or false" in (await admin(call, "GET", "", "is_enabled=no")).json["message"]
    for answered in (made, changed, listed, await admin(call, "DELETE", "/tiny")):
        assert CANARY.encode() not in answered.body
    assert (await admin(call, "PATCH", "/tiny", json={})).json["code"] == "unknown_environment_integration"
    assert running.do(running.gateway.store.apps.of(running.environment_id, "tiny")).client_id is None


async def test_an_integration_without_settings_shows_where_to_send_people_back(running: Running, call: Client) -> None:
    """The redirect address is needed before there is an app; unknown names are told apart from untouched ones."""
    untouched = await admin(call, "GET", "/tiny")
    assert (untouched.status, untouched.json["id"], untouched.json["has_client_secret"]) == (200, None, False)
    assert untouched.json["redirect_uri"].startswith(running.url)
    assert (await admin(call, "GET", "/tinny")).json["code"] == "unknown_environment_integration"
    assert (await admin(call, "DELETE", "/tiny")).status == 404


async def test_what_clients_of_the_contract_send(call: Client) -> None:
    """`integration_id` and an object name the integration too; setting it up twice is a conflict."""
    assert (await admin(call, "POST", json={"integration_id": "tiny", "is_enabled": True})).status == 200
    twice = await admin(call, "POST", json={"integration": {"name": "tiny"}})
    assert (twice.status, twice.json["code"]) == (409, "already_exists") and "PATCH" in twice.json["message"]
    unknown = await admin(call, "POST", json={"integration": "tinny"})
    assert (unknown.status, unknown.json["code"]) == (404, "unknown_integration")
    assert (await admin(call, "POST", json={"is_enabled": True})).json["details"]["failures"][0][
        "path"
    ] == "body.integration"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"client_secret": "a\nb"}, "body.client_secret"),
        ({"client_secret": ""}, "body.client_secret"),
        ({"scopes": ["a b"]}, "body.scopes.0"),
        ({"is_enabled": "yes"}, "body.is_enabled"),
        ({"secret": CANARY}, "body.secret"),
    ],
)
async def test_a_body_that_does_not_fit_is_refused(call: Client, body: Any, path: str) -> None:
    """The message names the place, and never repeats what may be a secret."""
    refused = await admin(call, "POST", json={"integration": "tiny", **body})
    assert refused.status == 400 and refused.json["details"]["failures"][0]["path"] == path
    assert CANARY.encode() not in refused.body


async def test_a_disabled_integration_is_not_offered(running: Running, call: Client) -> None:
    """It is hidden from the environment's catalogue and connects nothing, while its accounts go on working."""
    await admin(call, "POST", json={"integration": "tiny", "is_enabled": False})
    mine = (await call("GET", "/integration", account=False)).json["result"]
    assert "tiny" not in {one["slug"] for one in mine}
    anyone = (await call("GET", "/integration", account=False, headers={"Authorization": None})).json["result"]
    assert len(anyone) == len(mine) + 1
    body = {"tenant_id": "t", "integration": "tiny", "context": {"api_key": KEY}}
    refused = await call("POST", "/integrated-account", account=False, json=body)
    assert refused.status == 403 and "disabled in this environment" in refused.json["message"]
    assert (await call("GET", "/unified/ats/candidates")).status == 200
    await admin(call, "PATCH", "/tiny", json={"is_enabled": True})
    again = (await call("GET", "/integration", account=False)).json["result"]
    assert "tiny" in {one["slug"] for one in again}


async def test_the_public_address_stands_in_the_redirect(running: Running, call: Client) -> None:
    """Behind a proxy the address is the one that people reach."""
    gateway = running.gateway
    before = gateway.settings
    gateway.settings = before.model_copy(update={"public_url": "https://ats.example.com/"})
    try:
        told = (await admin(call, "GET", "/tiny")).json["redirect_uri"]
    finally:
        gateway.settings = before
    assert told == "https://ats.example.com/connect-account/callback"
