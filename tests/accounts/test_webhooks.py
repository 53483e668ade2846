"""Who is told of events: kept, changed, and given another secret."""

import asyncio
import base64
from datetime import timedelta

import pytest

from polyhire.accounts import Environment, Store, webhooks
from polyhire.errors import InvalidBody, UnknownWebhook

from .conftest import Behind

URL = "https://example.com/hooks"


async def test_a_webhook_comes_back_as_it_was_added(store: Store, environment: Environment) -> None:
    """Every field survives the database; an event type that is named twice counts once."""
    kinds = ["integrated_account:deleted", "integrated_account:active", "integrated_account:deleted"]
    webhook = await store.webhooks.add(environment.id, URL, kinds)
    assert webhook.event_types == ("integrated_account:deleted", "integrated_account:active")
    assert (webhook.is_active, webhook.previous_until) == (True, None)
    assert await store.webhooks.get(environment.id, webhook.id) == webhook


async def test_the_secret_is_sealed_and_not_shown(store: Store, environment: Environment, behind: Behind) -> None:
    """256 random bits, in the form of Standard Webhooks, on disk under the key ring alone."""
    webhook = await store.webhooks.add(environment.id, URL)
    [secret] = webhook.secrets
    assert len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) == 32
    assert secret not in repr(webhook)
    await store.close()
    assert secret.encode() not in await behind.on_disk()


async def test_another_environment_reaches_no_webhook(store: Store, environment: Environment) -> None:
    """It can't be read, changed, given another secret or removed from there."""
    webhook = await store.webhooks.add(environment.id, URL)
    other = (await store.environment("other")).id
    for reach in (
        store.webhooks.get(other, webhook.id),
        store.webhooks.change(other, webhook.id, is_active=False),
        store.webhooks.rotate_secret(other, webhook.id),
        store.webhooks.remove(other, webhook.id),
    ):
        with pytest.raises(UnknownWebhook, match="no webhook"):
            await reach
    assert await store.webhooks.list(other) == ()
    assert await store.webhooks.get(environment.id, webhook.id) == webhook


async def test_changes_at_once_are_all_kept(store: Store, environment: Environment) -> None:
    """Each changes what it names, whatever the others do."""
    webhook = await store.webhooks.add(environment.id, URL)
    await asyncio.gather(
        store.webhooks.change(environment.id, webhook.id, target_url=URL + "/new"),
        store.webhooks.change(environment.id, webhook.id, event_types=["integrated_account:active"]),
        store.webhooks.change(environment.id, webhook.id, is_active=False),
        store.webhooks.rotate_secret(environment.id, webhook.id),
    )
    found = await store.webhooks.get(environment.id, webhook.id)
    assert (found.target_url, found.event_types) == (URL + "/new", ("integrated_account:active",))
    assert (found.is_active, len(found.secrets)) == (False, 2)


async def test_a_rotated_secret_signs_beside_the_new_one_for_a_day(
    store: Store, environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No receiver has to change at the moment of a rotation; after the overlap, and a second rotation, it had to."""
    first = await store.webhooks.add(environment.id, URL)
    second = await store.webhooks.rotate_secret(environment.id, first.id)
    assert second.signing_secrets == (second.secrets[0], first.secrets[0])
    third = await store.webhooks.rotate_secret(environment.id, first.id)
    assert third.signing_secrets == (third.secrets[0], second.secrets[0])
    monkeypatch.setattr(webhooks, "OVERLAP", timedelta(0))
    fourth = await store.webhooks.rotate_secret(environment.id, first.id)
    assert fourth.signing_secrets == (fourth.secrets[0],)
    assert len({*first.secrets, *second.secrets, *third.secrets, *fourth.secrets}) == 4


async def test_a_mistyped_event_type_is_refused(store: Store, environment: Environment) -> None:
    """It says which there are, when adding and when changing."""
    webhook = await store.webhooks.add(environment.id, URL)
    for wrong in (
        store.webhooks.add(environment.id, URL, ["integrated_account:activ"]),
        store.webhooks.change(environment.id, webhook.id, event_types=["integrated_account:activ"]),
    ):
        with pytest.raises(InvalidBody, match=r"did you mean 'integrated_account:active'.*integrated_account:deleted"):
            await wrong


async def test_webhooks_are_listed_in_pages(store: Store, environment: Environment) -> None:
    """Oldest first, from where the page before ended."""
    added = [await store.webhooks.add(environment.id, f"{URL}/{number}") for number in range(3)]
    assert await store.webhooks.list(environment.id, limit=2) == tuple(added[:2])
    assert await store.webhooks.list(environment.id, limit=2, after=added[1].id) == (added[2],)


async def test_a_webhook_goes_with_its_deliveries(store: Store, environment: Environment, behind: Behind) -> None:
    """Another webhook's deliveries, and the events, stay."""
    gone, stays = [await store.webhooks.add(environment.id, URL) for _ in range(2)]
    await store.add_account(environment.id, "acme", "tenant-1")
    await store.webhooks.remove(environment.id, gone.id)
    assert await store.webhooks.list(environment.id) == (stays,)
    assert await behind("SELECT webhook_id FROM deliveries") == [(stays.id,)]
    assert len(await behind("SELECT id FROM events")) == 1


async def test_removing_while_accounts_change_fails_neither(store: Store, environment: Environment) -> None:
    """A delivery is never written for a webhook that goes at that moment."""
    for _ in range(5):
        webhook = await store.webhooks.add(environment.id, URL)
        await asyncio.gather(
            *(store.add_account(environment.id, "acme", f"tenant-{number}") for number in range(4)),
            store.webhooks.remove(environment.id, webhook.id),
        )
    assert len(await store.list_accounts(environment.id)) == 20


async def test_who_changed_a_webhook_is_in_the_audit_trail(store: Store, environment: Environment) -> None:
    """The names of what was set, and no values."""
    webhook = await store.webhooks.add(environment.id, URL)
    await store.webhooks.change(environment.id, webhook.id, target_url="https://example.com/canary")
    await store.webhooks.rotate_secret(environment.id, webhook.id)
    await store.deliveries.replay((await store.deliveries.take_test(webhook)).delivery)
    await store.webhooks.remove(environment.id, webhook.id)
    entries = [entry for entry in await store.audit.list(environment.id) if entry.subject_id == webhook.id]
    assert [(entry.action, entry.fields) for entry in reversed(entries)] == [
        ("webhook.created", ()),
        ("webhook.updated", ("target_url",)),
        ("webhook.updated", ("secret",)),
        ("webhook.tested", ()),
        ("webhook.replayed", ()),
        ("webhook.removed", ()),
    ]
    assert "canary" not in str(entries)
