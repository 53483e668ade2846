"""Deliveries: each taken by one process at a time, none lost, all of them told of afterwards."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from polyhire.accounts import Environment, Store, deliveries
from polyhire.accounts.deliveries import Attempt, Work
from polyhire.accounts.listing import Condition
from polyhire.accounts.webhooks import Webhook
from polyhire.errors import InvalidRequest, UnknownWebhook

from .conftest import Behind, OpenStore

URL = "https://example.com/hooks"
FAILED = Attempt(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), 500, "it answered 500", 12)
FINE = Attempt(datetime(2026, 1, 2, 3, 5, 5, tzinfo=UTC), 204, None, 7)


@pytest.fixture
async def webhook(store: Store, environment: Environment) -> Webhook:
    return await store.webhooks.add(environment.id, URL)


async def cause(store: Store, environment: Environment, times: int = 1) -> None:
    """As many events."""
    for number in range(times):
        await store.add_account(environment.id, "acme", f"tenant-{number}")


async def take_one(store: Store) -> Work:
    [work] = await store.deliveries.take(1)
    return work


def later(seconds: float = 0) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


async def test_work_has_all_that_it_takes(store: Store, environment: Environment, webhook: Webhook) -> None:
    """The event, where it goes, and what signs it."""
    await cause(store, environment)
    work = await take_one(store)
    assert work.webhook == webhook
    assert (work.delivery.attempts, work.delivery.log, work.delivery.status) == (1, (), "pending")
    assert (work.delivery.event.type, work.delivery.event.environment_id) == (
        "integrated_account:created",
        environment.id,
    )
    assert work.delivery.event.payload["tenant_id"] == "tenant-0"


async def test_processes_share_what_is_due(
    store: Store, open_store: OpenStore, environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many take at the same moment, each delivery has one taker."""
    monkeypatch.setattr(deliveries, "PER_WEBHOOK", 100)
    await store.webhooks.add(environment.id, URL)
    await cause(store, environment, 12)
    stores = [store, await open_store(), await open_store()]
    taken: list[Work] = []
    while True:
        found = await asyncio.gather(*(each.deliveries.take(2) for each in stores * 2))
        if not any(found):
            break
        taken += [work for several in found for work in several]
    assert len(taken) == 12
    assert len({work.delivery.id for work in taken}) == 12


async def test_a_lease_that_runs_out_gives_the_delivery_to_another(
    store: Store, open_store: OpenStore, environment: Environment, webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that died holds nothing for good; one that was only slow does not write over its successor."""
    monkeypatch.setattr(deliveries, "LEASE", timedelta(seconds=-1))
    await cause(store, environment)
    dead = await take_one(store)
    monkeypatch.undo()
    successor = await open_store()
    again = await take_one(successor)
    assert (again.delivery.id, again.delivery.attempts) == (dead.delivery.id, 2)
    assert await store.deliveries.settle(dead, FAILED, "failed") is None
    settled = await successor.deliveries.settle(again, FINE, "delivered")
    assert settled is not None
    assert (settled.status, settled.log) == ("delivered", (FINE,))


async def test_a_failed_attempt_is_made_again_when_its_time_has_come(
    store: Store, environment: Environment, webhook: Webhook
) -> None:
    """Not before; the log grows with every attempt."""
    await cause(store, environment)
    await store.deliveries.settle(await take_one(store), FAILED, "pending", again_at=later(60))
    assert await store.deliveries.take(1) == ()
    [waiting] = await store.deliveries.list(webhook.id)
    assert (waiting.status, waiting.attempts, waiting.log) == ("pending", 1, (FAILED,))
    await cause(store, environment)
    await store.deliveries.settle(await take_one(store), FAILED, "pending", again_at=later(-1))
    work = await take_one(store)
    await store.deliveries.settle(work, FINE, "delivered")
    assert (await store.deliveries.get(webhook.id, work.delivery.id)).log == (FAILED, FINE)


@pytest.mark.parametrize("status", ["delivered", "failed"])
async def test_what_is_over_is_not_taken_again(
    store: Store, environment: Environment, webhook: Webhook, status: deliveries.DeliveryStatus
) -> None:
    """Delivered or given up: nobody works on it, and nothing is due."""
    await cause(store, environment)
    settled = await store.deliveries.settle(await take_one(store), FINE, status)
    assert settled is not None
    assert (settled.status, settled.next_attempt_at) == (status, None)
    assert await store.deliveries.take(5) == ()


async def test_a_slow_receiver_holds_up_no_other(store: Store, environment: Environment, webhook: Webhook) -> None:
    """A few of each webhook's deliveries are taken at a time, and none for those that are busy."""
    other = await store.webhooks.add(environment.id, URL)
    await cause(store, environment, 8)
    taken = await store.deliveries.take(20)
    assert sorted(work.webhook.id for work in taken) == sorted([webhook.id, other.id] * deliveries.PER_WEBHOOK)
    rest = await store.deliveries.take(20, busy={webhook.id})
    assert {work.webhook.id for work in rest} == {other.id}
    assert len(rest) == 8 - deliveries.PER_WEBHOOK


async def test_an_inactive_webhook_keeps_what_it_was_not_told(
    store: Store, environment: Environment, webhook: Webhook
) -> None:
    """What was due waits until it is active again."""
    await cause(store, environment)
    await store.webhooks.change(environment.id, webhook.id, is_active=False)
    assert await store.deliveries.take(5) == ()
    await store.webhooks.change(environment.id, webhook.id, is_active=True)
    assert len(await store.deliveries.take(5)) == 1


async def test_deliveries_are_listed_newest_first(store: Store, environment: Environment, webhook: Webhook) -> None:
    """In pages, all or those of a status."""
    await cause(store, environment, 3)
    await store.deliveries.settle(await take_one(store), FINE, "delivered")
    everything = await store.deliveries.list(webhook.id)
    assert [each.event.payload["tenant_id"] for each in everything] == ["tenant-2", "tenant-1", "tenant-0"]
    assert await store.deliveries.list(webhook.id, limit=2, before=everything[0].id) == everything[1:]
    delivered = Condition("status", "eq", ("delivered",))
    assert await store.deliveries.list(webhook.id, [delivered]) == everything[2:]
    other = await store.webhooks.add(environment.id, URL)
    with pytest.raises(UnknownWebhook, match="no delivery"):
        await store.deliveries.get(other.id, everything[0].id)


async def test_a_replay_is_a_delivery_of_its_own(store: Store, environment: Environment, webhook: Webhook) -> None:
    """The same event, tried from the start; what came of the first one stays in the log."""
    await cause(store, environment)
    first = await store.deliveries.settle(await take_one(store), FAILED, "failed")
    assert first is not None
    second = await store.deliveries.replay(first)
    assert (second.event, second.attempts, second.status) == (first.event, 0, "pending")
    assert (await take_one(store)).delivery.id == second.id
    assert [each.status for each in await store.deliveries.list(webhook.id)] == ["pending", "failed"]
    await store.webhooks.remove(environment.id, webhook.id)
    with pytest.raises(UnknownWebhook, match="no webhook"):
        await store.deliveries.replay(first)


async def test_what_was_missed_is_replayed_once(store: Store, environment: Environment, webhook: Webhook) -> None:
    """What failed, and what happened before there was a webhook; not what was delivered, nor what is about to be."""
    await cause(store, environment, 3)
    delivered, failed, _waiting = await store.deliveries.take(3)
    await store.deliveries.settle(delivered, FINE, "delivered")
    await store.deliveries.settle(failed, FAILED, "failed")
    assert await store.deliveries.replay_since(webhook, later(-60)) == 1
    assert (await take_one(store)).delivery.event == failed.delivery.event
    assert await store.deliveries.replay_since(webhook, later(-60)) == 0
    late = await store.webhooks.add(environment.id, URL)
    picky = await store.webhooks.add(environment.id, URL, ["integrated_account:deleted"])
    assert await store.deliveries.replay_since(late, later(60)) == 0
    assert await store.deliveries.replay_since(picky, later(-60)) == 0
    assert await store.deliveries.replay_since(late, later(-60)) == 3


async def test_a_replay_of_too_much_is_refused(
    store: Store, environment: Environment, webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says so instead of leaving some out."""
    monkeypatch.setattr(deliveries, "MOST_REPLAYED", 2)
    late = await store.webhooks.add(environment.id, URL, is_active=False)
    await cause(store, environment, 2)
    assert await store.deliveries.replay_since(late, later(-60)) == 2
    other = await store.webhooks.add(environment.id, URL, is_active=False)
    await cause(store, environment, 1)
    with pytest.raises(InvalidRequest, match="more than 2 events"):
        await store.deliveries.replay_since(other, later(-60))


async def test_a_test_event_is_ours_from_the_start(store: Store, environment: Environment, webhook: Webhook) -> None:
    """No loop takes it, and it is no event that another webhook could have missed."""
    work = await store.deliveries.take_test(webhook)
    assert (work.delivery.event.type, work.delivery.event.account_id) == ("webhook:test", None)
    assert await store.deliveries.take(5) == ()
    assert await store.deliveries.settle(work, FINE, "delivered") is not None
    other = await store.webhooks.add(environment.id, URL)
    assert await store.deliveries.replay_since(other, later(-60)) == 0


async def test_old_events_go_with_their_deliveries(
    store: Store, environment: Environment, webhook: Webhook, behind: Behind
) -> None:
    """After thirty days nothing is left of an event; younger ones stay."""
    await cause(store, environment, 2)
    [_, first] = await store.deliveries.list(webhook.id)
    old = (datetime.now(UTC) - timedelta(days=31)).strftime("%Y-%m-%d %H:%M:%S.%f")
    await behind(f"UPDATE events SET created_at = '{old}' WHERE id = '{first.event.id}'")
    await store.deliveries.sweep()
    assert len(await store.deliveries.list(webhook.id)) == 1
    assert len(await behind("SELECT id FROM events")) == 1
