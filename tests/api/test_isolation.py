"""Environments are separate worlds: nothing of one is seen, changed or used from another."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from polyhire.accounts.account import SCOPES
from polyhire.gateway import Gateway
from tests.api.conftest import Client, Running
from tests.api.provider import KEY
from tests.api.test_scopes import DATA, addresses

MARK = "zanzibar"
"""Stands in everything that belongs to the other environment."""


@dataclass
class World:
    """What an environment has: ids by what they are of."""

    environment_id: str
    account: str
    ids: dict[str, str]


@pytest.fixture(scope="module")
def foreign(running: Running) -> Iterator[World]:
    """Another environment, with one of everything."""
    gateway = running.gateway

    async def fill() -> World:
        store = gateway.store
        environment = await store.environment(MARK)
        _, token = await store.create_token(environment.id, f"{MARK} token")
        account = await gateway.add_account(
            environment.id, "tiny", {"api_key": KEY}, tenant_id=MARK, name=f"{MARK} Ltd"
        )
        app = await store.apps.add(environment.id, "tiny", client_id=f"{MARK}-client", client_secret=f"{MARK}-secret")
        webhook = await store.webhooks.add(environment.id, target_url=f"https://{MARK}.example/events")
        await store.update_account(account.id, name=f"{MARK} Inc")  # an event, and so a delivery
        (delivery, *_) = await store.deliveries.list(webhook.id)
        ids = {"token": token.id, "account": account.id, "app": str(app.id), "webhook": webhook.id}
        return World(environment.id, account.id, {**ids, "delivery": delivery.id, "environment": environment.id})

    world: World = running.do(fill())
    yield world
    running.do(gateway.store.webhooks.remove(world.environment_id, world.ids["webhook"]))


async def everything(gateway: Gateway, world: World) -> list[Any]:
    """All that the environment has, as it is stored."""
    store, environment_id = gateway.store, world.environment_id
    return [
        await store.list_accounts(environment_id),
        await store.list_tokens(environment_id),
        await store.apps.list(environment_id),
        await store.webhooks.list(environment_id, limit=100, after=None),
        [delivery.id for delivery in await store.deliveries.list(world.ids["webhook"])],
        await store.audit.list(environment_id),
    ]


@pytest.mark.parametrize(("verb", "path"), addresses(), ids=str)
async def test_no_address_crosses_environments(running: Running, foreign: World, verb: str, path: str) -> None:
    """Whatever id of the other environment stands in path, query or body: nothing of it is shown, nothing changes."""
    token, _ = running.do(running.gateway.store.create_token(running.environment_id, "intruder", scopes=SCOPES))
    before = running.do(everything(running.gateway, foreign))
    running.provider.seen.clear()
    async with aiohttp.ClientSession() as session:
        call = Client(running, session)
        for id in foreign.ids.values():
            target = path.replace("{resource}", "candidates").replace("{path:path}", "echo/x")
            target = target.replace("{delivery_id}", foreign.ids["delivery"]).replace("{id}", id)
            query = f"integrated_account_id={foreign.account}&environment_id={foreign.environment_id}"
            body = {"id": id, "integrated_account_id": foreign.account, "name": "taken", "tenant_id": "taken"}
            given: dict[str, Any] = {} if verb == "GET" else {"json": body}
            answered = await call(
                verb, target, query, account=False, headers={"Authorization": f"Bearer {token}"}, **given
            )
            assert answered.status < 500
            if path.startswith(DATA) or "{id}" in path:
                assert answered.status >= 400, answered.json
            assert MARK.encode() not in answered.body
    assert running.do(everything(running.gateway, foreign)) == before
    assert running.provider.seen == []


@pytest.mark.parametrize("path", ["/integrated-account", "/api-token", "/environment-integration", "/webhook", "/log"])
async def test_lists_show_their_own_environment(running: Running, foreign: World, call: Client, path: str) -> None:
    """Neither without a filter nor after a cursor of the other environment."""
    for query in ("limit=1000", f"limit=1000&next_cursor={foreign.ids['account']}"):
        answered = await call("GET", path, query, account=False)
        assert answered.status == 200
        assert MARK.encode() not in answered.body
        for id in (*foreign.ids.values(), foreign.environment_id):
            assert id.encode() not in answered.body


async def test_an_app_of_one_environment_is_none_of_another(running: Running, foreign: World, call: Client) -> None:
    """What one environment sets for an integration does not hold in another."""
    running.do(running.gateway.store.apps.change(foreign.environment_id, "tiny", enabled=False))
    mine = await call("GET", "/environment-integration/tiny", account=False)
    assert (mine.json["is_enabled"], mine.json["client_id"], mine.json["id"]) == (True, None, None)
    assert "tiny" in {one["slug"] for one in (await call("GET", "/integration", account=False)).json["result"]}
    running.do(running.gateway.store.apps.change(foreign.environment_id, "tiny", enabled=True))
