"""Webhooks by API: from adding one to seeing what it was told."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.api.conftest import Answered, Client
from tests.webhooks.conftest import Receiver, receiver, until

__all__ = ["receiver"]

UNKNOWN = "01890000-0000-7000-8000-000000000000"


async def add(call: Client, url: str, **more: Any) -> dict[str, Any]:
    """A new webhook, as it is answered."""
    answered = await call("POST", "/webhook", account=False, json={"target_url": url, **more})
    assert answered.status == 200, answered.body
    found: dict[str, Any] = answered.json
    return found


async def cause(call: Client) -> str:
    """An account that comes and goes: three events, of which the last one is the id's."""
    store = call.running.gateway.store

    async def work() -> str:
        account = await store.add_account(call.running.environment_id, "tiny", "acme", status="active")
        await store.remove_account(call.running.environment_id, account.id)
        return account.id

    return str(await asyncio.to_thread(call.running.do, work()))


async def test_a_webhook_has_its_life(call: Client) -> None:
    """Added, shown, changed, given another secret and removed; a secret is shown when it is new and never again."""
    added = await add(call, "https://example.com/hooks", event_types=["integrated_account:active"])
    secret = added.pop("secret")
    assert secret.startswith("whsec_")
    assert (added["target_url"], added["is_active"]) == ("https://example.com/hooks", True)
    address = f"/webhook/{added['id']}"
    assert (await call("GET", address, account=False)).json == added
    assert added in (await call("GET", "/webhook", "limit=1000", account=False)).json["result"]
    changed = await call("PATCH", address, account=False, json={"is_active": False, "event_types": None})
    assert (changed.json["is_active"], changed.json["event_types"]) == (False, [])
    assert changed.json["target_url"] == added["target_url"]
    rotated = (await call("POST", f"{address}/rotate-secret", account=False)).json
    assert rotated["secret"].startswith("whsec_") and rotated["secret"] != secret
    assert datetime.fromisoformat(rotated["previous_secret_until"]) > datetime.now(UTC) + timedelta(hours=23)
    assert b"whsec_" not in (await call("GET", address, account=False)).body
    assert (await call("DELETE", address, account=False)).json == {"id": added["id"]}
    assert (await call("GET", address, account=False)).json["code"] == "unknown_webhook"


async def test_what_happens_to_accounts_is_told(call: Client, receiver: Receiver) -> None:
    """The server delivers by itself; the deliveries say how it went, and any can be made again."""
    webhook = await add(call, receiver.url)
    account = await cause(call)
    await until(lambda: len(receiver.received) == 3)
    assert sorted(receiver.types) == ["active", "created", "deleted"]
    assert {received.json["payload"]["id"] for received in receiver.received} == {account}
    address = f"/webhook/{webhook['id']}/delivery"
    page = await listed(call, address, 3)
    assert {delivery["status"] for delivery in page} == {"delivered"}
    one = (await call("GET", f"{address}/{page[0]['id']}", account=False)).json
    assert one == page[0]
    assert one["event"]["payload"]["id"] == account and one["log"][0]["status"] == 204
    replayed = (await call("POST", f"{address}/{one['id']}/replay", account=False)).json
    assert (replayed["event"], replayed["attempts"]) == (one["event"], 0)
    await until(lambda: len(receiver.received) == 4)
    assert receiver.received[3].headers["webhook-id"] == one["event"]["id"]
    await call("DELETE", f"/webhook/{webhook['id']}", account=False)


async def listed(call: Client, address: str, delivered: int) -> list[dict[str, Any]]:
    """The deliveries, once so many are done."""
    async with asyncio.timeout(30):
        while True:
            page: list[dict[str, Any]] = (await call("GET", address, "status=delivered", account=False)).json["result"]
            if len(page) == delivered:
                return page


async def test_what_was_missed_can_be_had(call: Client, receiver: Receiver) -> None:
    """A webhook that comes late gets what happened since a moment, of the types that it names."""
    since = datetime.now(UTC)
    await cause(call)
    webhook = await add(call, receiver.url, event_types=["integrated_account:deleted"])
    address = f"/webhook/{webhook['id']}/replay"
    assert (await call("POST", address, account=False, json={"since": since.isoformat()})).json == {"replayed": 1}
    await until(lambda: receiver.types == ["deleted"])
    await call("DELETE", f"/webhook/{webhook['id']}", account=False)


@pytest.mark.parametrize("since", [None, "yesterday", "2026-01-31T12:00:00", "", "9999-12-31T23:59:59-12:00", {}])
async def test_since_is_a_moment_with_its_zone(call: Client, since: Any) -> None:
    """Anything else is refused, and so is what is no moment in UTC."""
    webhook = await add(call, "https://example.com", is_active=False)
    refused = await call("POST", f"/webhook/{webhook['id']}/replay", account=False, json={"since": since})
    assert (refused.status, refused.json["code"]) == (400, "invalid_body")
    assert refused.json["details"]["failures"][0]["path"] == "body.since"
    await call("DELETE", f"/webhook/{webhook['id']}", account=False)


async def test_a_test_says_how_the_receiver_took_it(call: Client, receiver: Receiver) -> None:
    """At once, for a webhook that works and for one that does not."""
    webhook = await add(call, receiver.url, is_active=False)
    receiver.answers = [204, 500]
    fine, failed = [await call("POST", "/webhook/test", account=False, json={"id": webhook["id"]}) for _ in range(2)]
    assert (fine.json["status"], fine.json["event"]["event"]) == ("delivered", "webhook:test")
    assert (failed.json["status"], failed.json["log"][0]["error"]) == ("failed", "it answered 500")
    for given in ({}, {"id": None}, {"id": 5}, {"id": "\x00"}):
        assert (await call("POST", "/webhook/test", account=False, json=given)).status == 400
    assert (await call("POST", "/webhook/test", account=False, json={"id": UNKNOWN})).status == 404
    await call("DELETE", f"/webhook/{webhook['id']}", account=False)


@pytest.mark.parametrize(
    ("body", "path", "reason"),
    [
        ({}, "target_url", "required"),
        ({"target_url": None}, "target_url", "valid string"),
        ({"target_url": "https://10.0.0.1/canary"}, "target_url", "not a public address"),
        ({"target_url": "http://example.com/canary"}, "target_url", "only https://"),
        ({"target_url": "https://example.com", "is_active": 1}, "is_active", "valid boolean"),
        ({"target_url": "https://example.com", "event_types": "x"}, "event_types", "valid list"),
        ({"target_url": "https://example.com", "event_types": [1]}, "event_types.0", "valid string"),
        ({"target_url": "https://example.com", "event_types": ["nothing"]}, "event_types.0", "there is no event"),
        ({"target_ulr": "https://example.com"}, "target_ulr", "did you mean 'target_url'?"),
    ],
)
async def test_a_webhook_that_would_not_work_is_refused(
    call: Client, body: dict[str, Any], path: str, reason: str
) -> None:
    """It says which field and why, when adding and when changing, and repeats no address."""
    webhook = await add(call, "https://example.com", is_active=False)
    answers = [await call("POST", "/webhook", account=False, json=body)]
    if body:
        answers.append(await call("PATCH", f"/webhook/{webhook['id']}", account=False, json=body))
    for refused in answers:
        assert (refused.status, refused.json["code"]) == (400, "invalid_body")
        [failure] = [each for each in refused.json["details"]["failures"] if each["path"] == f"body.{path}"]
        assert reason in failure["message"]
        assert b"canary" not in refused.body
    await call("DELETE", f"/webhook/{webhook['id']}", account=False)


async def test_lists_are_paged(call: Client) -> None:
    """By `limit` and `next_cursor`; what is no parameter of a list is refused."""
    added = [await add(call, f"https://example.com/{number}", is_active=False) for number in range(3)]
    found: list[str] = []
    cursor = ""
    while True:
        page = (await call("GET", "/webhook", f"limit=2&next_cursor={cursor}", account=False)).json
        found += [webhook["id"] for webhook in page["result"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert [webhook["id"] for webhook in added] == [id for id in found if id in {each["id"] for each in added}]
    for query in ("limit=0", "limit=x", "limit=1001", "status=pending", "limits=1", "limit[a]=1"):
        assert (await call("GET", "/webhook", query, account=False)).status == 400, query
    deliveries = f"/webhook/{added[0]['id']}/delivery"
    assert (await call("GET", deliveries, "status=gone", account=False)).status == 400
    for webhook in added:
        await call("DELETE", f"/webhook/{webhook['id']}", account=False)


def addresses(webhook: str, delivery: str) -> list[tuple[str, str, dict[str, Any] | None]]:
    """Every address of one webhook, with a body that fits."""
    return [
        ("GET", f"/webhook/{webhook}", None),
        ("PATCH", f"/webhook/{webhook}", {"is_active": False}),
        ("POST", "/webhook/test", {"id": webhook}),
        ("POST", f"/webhook/{webhook}/rotate-secret", None),
        ("POST", f"/webhook/{webhook}/replay", {"since": "2026-01-31T12:00:00Z"}),
        ("GET", f"/webhook/{webhook}/delivery", None),
        ("GET", f"/webhook/{webhook}/delivery/{delivery}", None),
        ("POST", f"/webhook/{webhook}/delivery/{delivery}/replay", None),
        ("DELETE", f"/webhook/{webhook}", None),
    ]


async def test_only_administrators_of_the_environment_reach_a_webhook(call: Client, receiver: Receiver) -> None:
    """A token of another environment finds nothing; one without the scope `admin` is told so."""
    webhook = await add(call, receiver.url)
    tested = (await call("POST", "/webhook/test", account=False, json={"id": webhook["id"]})).json
    store = call.running.gateway.store

    async def tokens() -> tuple[str, str]:
        other = await store.environment("elsewhere")
        foreign, _ = await store.create_token(other.id, "foreign")
        reader, _ = await store.create_token(call.running.environment_id, "reader", scopes=["read", "write"])
        return foreign, reader

    foreign, reader = await asyncio.to_thread(call.running.do, tokens())

    async def ask(token: str, verb: str, path: str, body: Any) -> Answered:
        return await call(verb, path, account=False, json=body, headers={"Authorization": f"Bearer {token}"})

    for verb, path, body in addresses(webhook["id"], tested["id"]):
        unknown = await ask(foreign, verb, path, body)
        assert (unknown.status, unknown.json["code"]) == (404, "unknown_webhook"), path
        refused = await ask(reader, verb, path, body)
        assert (refused.status, refused.json["code"]) == (403, "forbidden"), path
    assert (await ask(foreign, "GET", "/webhook", None)).json["result"] == []
    for verb, body in (("GET", None), ("POST", {"target_url": "https://example.com"})):
        assert (await ask(reader, verb, "/webhook", body)).status == 403
    assert len(receiver.received) == 1
    for verb, path, body in addresses(webhook["id"], tested["id"]):
        assert (await call(verb, path, account=False, json=body)).status == 200, path
