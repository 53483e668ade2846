"""Events reach their receivers: signed, once where all goes well, and again where it does not."""

import asyncio
import base64
import hashlib
import hmac
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from polyhire.accounts import Environment, Store
from polyhire.accounts.deliveries import PER_WEBHOOK
from polyhire.accounts.webhooks import Webhook
from polyhire.settings import Settings
from polyhire.webhooks import outbound

from .conftest import Behind, Receiver, cause, delivering, settled, until


@pytest.fixture
async def webhook(store: Store, environment: Environment, receiver: Receiver) -> Webhook:
    """A webhook that leads to the receiver."""
    return await store.webhooks.add(environment.id, receiver.url)


def signature(secret: str, received: Any) -> str:
    """What a receiver computes, from the specification."""
    signed = f"{received.headers['webhook-id']}.{received.headers['webhook-timestamp']}.".encode() + received.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


async def test_an_event_arrives_signed(
    store: Store, settings: Settings, environment: Environment, receiver: Receiver, webhook: Webhook
) -> None:
    """The envelope, with an id that stays, a fresh moment and a signature that fits."""
    account = await store.add_account(environment.id, "acme", "tenant-1", connect="api_key")
    async with delivering(store, settings):
        delivery = await settled(store, webhook.id)
    [received] = receiver.received
    told = received.json
    assert {name: told[name] for name in ("id", "event", "environment_id", "webhook_id")} == {
        "id": received.headers["webhook-id"],
        "event": "integrated_account:created",
        "environment_id": environment.id,
        "webhook_id": webhook.id,
    }
    assert told["payload"]["id"] == account.id
    assert datetime.fromisoformat(told["created_at"]).tzinfo is not None
    assert received.headers["content-type"] == "application/json"
    assert abs(int(received.headers["webhook-timestamp"]) - time.time()) < 30
    assert received.headers["webhook-signature"] == signature(webhook.secrets[0], received)
    assert received.headers["X-Truto-Signature"].startswith("format=sha256,v=")
    assert (delivery.status, delivery.attempts) == ("delivered", 1)
    assert (delivery.log[0].status, delivery.log[0].error) == (204, None)


async def test_after_a_rotation_both_secrets_fit(
    store: Store, settings: Settings, environment: Environment, receiver: Receiver, webhook: Webhook
) -> None:
    """A receiver that knows the old secret, and one that knows the new one, both accept it."""
    rotated = await store.webhooks.rotate_secret(environment.id, webhook.id)
    await cause(store, environment)
    async with delivering(store, settings):
        await settled(store, webhook.id)
    [received] = receiver.received
    expected = [signature(secret, received) for secret in (rotated.secrets[0], webhook.secrets[0])]
    assert received.headers["webhook-signature"].split(" ") == expected


async def test_a_failure_is_tried_again_with_the_same_id(
    store: Store, settings: Settings, environment: Environment, receiver: Receiver, webhook: Webhook
) -> None:
    """The same bytes and the same id, signed anew: a receiver can tell that it had it already."""
    receiver.answers = [500]
    await cause(store, environment)
    async with delivering(store, settings):
        delivery = await settled(store, webhook.id)
    first, second = receiver.received
    assert (first.body, first.headers["webhook-id"]) == (second.body, second.headers["webhook-id"])
    assert second.headers["webhook-signature"] == signature(webhook.secrets[0], second)
    assert [(attempt.status, attempt.error) for attempt in delivery.log] == [(500, "it answered 500"), (204, None)]
    assert (delivery.status, delivery.attempts) == ("delivered", 2)


async def test_in_the_end_it_gives_up(
    store: Store, settings: Settings, environment: Environment, receiver: Receiver, webhook: Webhook
) -> None:
    """One attempt more than there are waits; the webhook stays active, and other events are still sent."""
    receiver.answers = [500] * 3
    await cause(store, environment)
    async with delivering(store, settings):
        delivery = await settled(store, webhook.id)
        assert (delivery.status, delivery.attempts, len(delivery.log)) == ("failed", 3, 3)
        await cause(store, environment)
        assert (await settled(store, webhook.id)).status == "delivered"
    assert len(receiver.received) == 4


async def test_the_waits_grow_and_vary(
    store: Store,
    settings: Settings,
    environment: Environment,
    receiver: Receiver,
    webhook: Webhook,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A receiver that is down for a while is not met by every delivery at the same moment."""
    monkeypatch.setattr(outbound, "RETRY_AFTER", (1000, 5000))
    receiver.answers = [503] * 4
    await cause(store, environment, 4)
    async with delivering(store, settings):
        await until(lambda: len(receiver.received) == 4)
    waits = [
        (delivery.next_attempt_at - delivery.log[0].at).total_seconds()
        for delivery in await store.deliveries.list(webhook.id)
        if delivery.next_attempt_at
    ]
    assert len(waits) == 4 and max(waits) - min(waits) > 1
    assert all(800 <= wait <= 1230 for wait in waits)


async def test_a_receiver_may_ask_for_patience(
    store: Store,
    settings: Settings,
    environment: Environment,
    receiver: Receiver,
    webhook: Webhook,
) -> None:
    """`Retry-After` in seconds puts the next attempt off, a day at most; nonsense in it does not matter."""

    def asking(value: str) -> Any:
        async def answer(_: web.Request) -> web.Response:
            return web.Response(status=429, headers={"Retry-After": value})

        return answer

    receiver.answers = [asking("3000"), asking("9" * 400), asking("soon")]
    for _ in receiver.answers[:]:
        await cause(store, environment)
    async with delivering(store, settings):
        await until(lambda: len(receiver.received) == 4)  # the third is tried again at once
    waiting = [each for each in await store.deliveries.list(webhook.id) if each.status == "pending"]
    seconds = sorted(
        (delivery.next_attempt_at - datetime.now(UTC)).total_seconds()
        for delivery in waiting
        if delivery.next_attempt_at
    )
    assert [round(wait, -3) for wait in seconds] == [3000, 86_000]


async def test_a_receiver_that_is_gone_is_left_alone(
    store: Store, settings: Settings, environment: Environment, receiver: Receiver, webhook: Webhook
) -> None:
    """After a 410 the webhook is inactive until somebody sets it active."""
    receiver.answers = [410]
    await cause(store, environment)
    async with delivering(store, settings):
        delivery = await settled(store, webhook.id)
        await cause(store, environment)
        await asyncio.sleep(0.05)
    assert (delivery.status, delivery.attempts) == ("failed", 1)
    assert (await store.webhooks.get(environment.id, webhook.id)).is_active is False
    assert len(receiver.received) == 1


async def test_a_redirect_is_not_followed(
    store: Store, settings: Settings, environment: Environment, receiver: Receiver, webhook: Webhook
) -> None:
    """It could lead where nothing may be sent; it counts as a failure."""

    async def elsewhere(_: web.Request) -> web.Response:
        raise web.HTTPTemporaryRedirect(receiver.url + "/elsewhere")

    receiver.answers = [elsewhere] * 3
    await cause(store, environment)
    async with delivering(store, settings):
        delivery = await settled(store, webhook.id)
    assert [(attempt.status, attempt.error) for attempt in delivery.log] == [
        (307, "it redirects, which is not followed")
    ] * 3
    assert len(receiver.received) == 3


async def test_what_a_receiver_says_is_not_kept(
    store: Store,
    settings: Settings,
    environment: Environment,
    receiver: Receiver,
    webhook: Webhook,
    behind: Behind,
) -> None:
    """Neither in the database nor in a log; an answer without end is not waited for."""

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(status=200, headers={"X-Said": "canary"})
        await response.prepare(request)
        try:
            while True:
                await response.write(b"canary" * 1000)
                await asyncio.sleep(0)
        except ConnectionError:
            return response

    receiver.answers = [endless]
    await cause(store, environment)
    with capture_logs() as logs:
        async with delivering(store, settings):
            delivery = await settled(store, webhook.id)
    assert (delivery.status, delivery.log[0].status) == ("delivered", 200)
    assert "canary" not in str(await behind("SELECT * FROM deliveries")) + str(logs)


async def test_a_receiver_that_sleeps_is_given_up(
    store: Store,
    settings: Settings,
    environment: Environment,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An attempt takes so long and no longer."""
    monkeypatch.setattr(outbound, "ATTEMPT_MAY_TAKE", 0.05)
    slow = await store.webhooks.add(environment.id, receiver.url + "/slow")
    await cause(store, environment)
    async with delivering(store, settings):
        delivery = await settled(store, slow.id)
    assert [(attempt.status, attempt.error) for attempt in delivery.log] == [(None, "no answer within 0.05 s")] * 3


async def test_a_slow_receiver_holds_up_no_other(
    store: Store, settings: Settings, environment: Environment, receiver: Receiver, webhook: Webhook
) -> None:
    """While one webhook's receiver sleeps over many events, another one gets all of its own."""
    slow = await store.webhooks.add(environment.id, receiver.url + "/slow")
    await cause(store, environment, 25)
    async with delivering(store, settings):
        assert (await settled(store, webhook.id)).status == "delivered"
        assert len(receiver.received) == 25
        assert receiver.waiting == PER_WEBHOOK
        receiver.woken.set()
        assert (await settled(store, slow.id)).status == "delivered"
    assert len(receiver.received) == 50


async def test_nothing_is_lost_when_a_server_stops(
    store: Store, settings: Settings, environment: Environment, receiver: Receiver
) -> None:
    """What is under way when it stops gets a moment to finish, and is written down."""
    slow = await store.webhooks.add(environment.id, receiver.url + "/slow")
    await cause(store, environment)
    async with delivering(store, settings) as deliverer:
        await until(lambda: bool(deliverer._under_way))
        asyncio.get_running_loop().call_later(0.05, receiver.woken.set)
    [delivery] = await store.deliveries.list(slow.id)
    assert delivery.status == "delivered"


async def test_a_stop_does_not_wait_for_ever(
    store: Store,
    settings: Settings,
    environment: Environment,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After the moment it is left to whoever takes it when the lease runs out."""
    monkeypatch.setattr(outbound, "GRACE", 0.01)
    slow = await store.webhooks.add(environment.id, receiver.url + "/slow")
    await cause(store, environment)
    async with delivering(store, settings) as deliverer:
        await until(lambda: bool(deliverer._under_way))
    [delivery] = await store.deliveries.list(slow.id)
    assert (delivery.status, delivery.attempts, delivery.log) == ("pending", 1, ())


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("https://127.0.0.1:{port}/", "it is not a public https:// address"),
        ("https://[::1]:{port}/", "it is not a public https:// address"),
        ("http://example.com/", "it is not a public https:// address"),
        ("https://localhost:{port}/", "its name leads to no public address"),
        ("https://127.1:{port}/", "it is not a public https:// address"),
        ("https://2130706433:{port}/", "it is not a public https:// address"),
        ("https://0x7f.0.0.1:{port}/", "it is not a public https:// address"),
        ("https://nowhere.invalid/", "its name leads to no public address"),
    ],
)
async def test_nothing_is_sent_into_a_private_network(
    store: Store, settings: Settings, environment: Environment, receiver: Receiver, url: str, error: str
) -> None:
    """Whatever stands in the database and however it is written, the socket is not opened."""
    port = receiver.url.split(":")[2].split("/")[0]
    webhook = await store.webhooks.add(environment.id, url.format(port=port))
    strict = settings.model_copy(update={"webhook_hosts": None})
    async with delivering(store, strict) as deliverer:
        delivery = await deliverer.test(webhook)
    assert (delivery.log[0].status, delivery.log[0].error) == (None, error)
    assert receiver.received == []


async def test_other_ways_to_fail_have_their_words(
    store: Store, settings: Settings, environment: Environment, receiver: Receiver
) -> None:
    """Nobody listens, nobody answers, no HTTP, no TLS: each says so, without the address."""

    async def hangs_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async def talks(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-canary\r\n\r\n")
        writer.close()

    async with delivering(store, settings) as deliverer:

        async def error_of(url: str) -> str | None:
            webhook = await store.webhooks.add(environment.id, url)
            return (await deliverer.test(webhook)).log[0].error

        async def error_with(server: Any, scheme: str = "http") -> str | None:
            listening = await asyncio.start_server(server, "127.0.0.1", 0)
            async with listening:
                return await error_of(f"{scheme}://127.0.0.1:{listening.sockets[0].getsockname()[1]}/")

        assert await error_of("http://127.0.0.1:1/") == "no connection"
        assert await error_with(hangs_up) == "it closed the connection without an answer"
        assert await error_with(talks) == "it did not answer in HTTP"
        assert await error_of(receiver.url.replace("http", "https")) == "it has no TLS that can be trusted"


async def test_a_test_is_sent_once_and_told(
    store: Store, settings: Settings, environment: Environment, receiver: Receiver
) -> None:
    """Whether the webhook is active or not; a failure is not tried again, and a 410 changes nothing."""
    webhook = await store.webhooks.add(environment.id, receiver.url, is_active=False)
    receiver.answers = [410]
    async with delivering(store, settings) as deliverer:
        failed = await deliverer.test(webhook)
        fine = await deliverer.test(webhook)
    assert (failed.status, failed.log[0].status) == ("failed", 410)
    assert (fine.status, fine.log[0].status) == ("delivered", 204)
    assert receiver.types == ["webhook:test"] * 2
    assert receiver.received[0].json["payload"] == {"webhook_id": webhook.id}


async def test_a_database_that_fails_for_a_moment_stops_nothing(
    store: Store,
    settings: Settings,
    environment: Environment,
    receiver: Receiver,
    webhook: Webhook,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is asked again; what could not be written down is delivered once more."""
    monkeypatch.setattr("polyhire.accounts.deliveries.LEASE", timedelta(seconds=0.2))
    take, settle = store.deliveries.take, store.deliveries.settle
    failing = [take, settle]

    def broken(method: Any) -> Any:
        async def fail(*args: Any, **more: Any) -> Any:
            if method in failing:
                failing.remove(method)
                raise OperationalError("SELECT", None, Exception("disk"))
            return await method(*args, **more)

        return fail

    monkeypatch.setattr(store.deliveries, "take", broken(take))
    monkeypatch.setattr(store.deliveries, "settle", broken(settle))
    await cause(store, environment)
    with capture_logs() as logs:
        async with delivering(store, settings):
            delivery = await settled(store, webhook.id)
    assert (delivery.status, delivery.attempts) == ("delivered", 2)
    assert len(receiver.received) == 2
    assert {entry["event"] for entry in logs} >= {
        "due deliveries could not be read",
        "a delivery's outcome could not be written",
    }


async def test_old_events_are_swept(
    store: Store, settings: Settings, environment: Environment, behind: Behind, webhook: Webhook
) -> None:
    """A server forgets what is too old, without being asked."""
    await store.webhooks.change(environment.id, webhook.id, is_active=False)
    await cause(store, environment)
    old = (datetime.now(UTC) - timedelta(days=31)).strftime("%Y-%m-%d %H:%M:%S.%f")
    await behind(f"UPDATE events SET created_at = '{old}'")
    async with delivering(store, settings):
        async with asyncio.timeout(5):
            while await behind("SELECT id FROM events"):  # noqa: ASYNC110 - the database can't call back
                await asyncio.sleep(0.01)


async def test_a_log_line_tells_no_address_and_no_secret(
    store: Store, settings: Settings, environment: Environment, receiver: Receiver
) -> None:
    """An address may be as good as a password, so ids stand for it."""
    webhook = await store.webhooks.add(environment.id, receiver.url + "/canary?token=canary")
    await cause(store, environment)
    with capture_logs() as logs:
        async with delivering(store, settings):
            await settled(store, webhook.id)
    [line] = [entry for entry in logs if entry["event"] == "delivery"]
    assert (line["webhook"], line["result"], line["status"]) == (webhook.id, "delivered", 204)
    assert "canary" not in str(logs) and webhook.secrets[0] not in str(logs)
