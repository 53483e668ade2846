"""What becomes of an account is written down with it, for those who want to know."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy.exc import SQLAlchemyError

from polyhire.accounts import Account, Environment, Store
from polyhire.accounts.account import AccountChanges, Status
from polyhire.accounts.events import EVENT_TYPES, kinds_of

from .conftest import Behind

SECRETS = {"api_key": "canary-key-4711"}
STATE = {"oauth2": {"access_token": "canary-access-4711"}}
PREFIX = "integrated_account:"


async def add(store: Store, environment: Environment, status: Status = "active", **more: Any) -> Account:
    return await store.add_account(
        environment.id, "acme", "tenant-1", status=status, secrets=SECRETS, state=STATE, connect="api_key", **more
    )


def account_of(status: Status) -> Account:
    """An account as it may stand in the database."""
    now = datetime.now(UTC)
    return Account(
        "id", "environment", "acme", "api_key", "tenant-1", None, status, {}, SECRETS, STATE, None, now, now, 1
    )


def names(kinds: tuple[str, ...]) -> list[str]:
    return [kind.removeprefix(PREFIX) for kind in kinds]


async def told(behind: Behind) -> list[str]:
    """The short names of every event, in order."""
    return [row[0].removeprefix(PREFIX) for row in await behind("SELECT type FROM events ORDER BY id")]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("connecting", ["created"]),
        ("active", ["created", "active"]),
        ("validation_error", ["created", "validation_error"]),
        ("post_install_error", ["created", "post_install_error"]),
    ],
)
def test_a_new_account_is_told(status: Status, expected: list[str]) -> None:
    """An account that comes with a status tells that too."""
    assert names(kinds_of(None, account_of(status))) == expected


@pytest.mark.parametrize(
    ("before", "changes", "expected"),
    [
        ("connecting", {"status": "active"}, ["active"]),
        ("validation_error", {"status": "active"}, ["active"]),
        ("connecting", {"status": "validation_error", "last_error": "no"}, ["validation_error"]),
        ("connecting", {"status": "post_install_error"}, ["post_install_error"]),
        ("active", {"status": "needs_reauth", "last_error": "refused"}, ["authentication_error"]),
        ("needs_reauth", {"status": "active", "last_error": None}, ["reactivated"]),
        ("blocked", {"status": "active"}, ["reactivated"]),
        ("active", {"status": "blocked"}, ["updated"]),
        ("active", {"name": "Another"}, ["updated"]),
        ("active", {"tenant_id": "tenant-2"}, ["updated"]),
        ("active", {"settings": {"region": "us"}}, ["updated"]),
        ("needs_reauth", {"status": "active", "secrets": {"api_key": "another"}}, ["updated", "reactivated"]),
        ("active", {"state": {"oauth2": {"access_token": "fresh"}}}, []),
        ("active", {"last_error": "a hiccup"}, []),
        ("active", {"status": "active", "name": None}, []),
    ],
)
def test_a_change_is_told_by_what_it_means(before: Status, changes: AccountChanges, expected: list[str]) -> None:
    """What was entered and the status have events; a fresh token, or what changes nothing, has none."""
    account = account_of(before)
    after = replace(account, **changes, version=2, updated_at=account.updated_at + timedelta(seconds=1))
    assert names(kinds_of(account, after)) == expected


async def test_changes_are_told_in_their_order(store: Store, environment: Environment, behind: Behind) -> None:
    """From connecting an account to removing it, with a token refreshed between."""
    account = await add(store, environment)
    await store.update_account(account.id, name="Acme")
    await store.save_state(account.id, {"oauth2": {"access_token": "fresh"}})
    await store.set_status(account.id, "blocked")
    await store.remove_account(environment.id, account.id)
    assert await told(behind) == ["created", "active", "updated", "updated", "deleted"]


async def test_every_status_that_goes_wrong_is_told_once(
    store: Store, environment: Environment, behind: Behind
) -> None:
    """Fifty calls that find the credentials refused are one event, and one more when they work again."""
    account = await add(store, environment)
    for _ in range(3):
        await store.set_status(account.id, "needs_reauth", "refused")
    await store.set_status(account.id, "needs_reauth", "refused in other words")
    await store.set_status(account.id, "active")
    assert (await told(behind))[2:] == ["authentication_error", "reactivated"]


async def test_a_removed_account_is_told(store: Store, environment: Environment, behind: Behind) -> None:
    """The event outlives the account, and says which it was."""
    account = await add(store, environment)
    await store.remove_account(environment.id, account.id)
    [(found, payload)] = await behind(
        "SELECT account_id, CAST(payload AS text) FROM events WHERE type = 'integrated_account:deleted'"
    )
    assert found == account.id
    assert orjson.loads(payload)["tenant_id"] == "tenant-1"


async def test_an_account_whose_key_is_lost_can_be_removed(
    store: Store, environment: Environment, behind: Behind
) -> None:
    """To say that it is gone, its secrets need not be read."""
    account = await add(store, environment)
    await behind("UPDATE accounts SET key_id = 'lost', secrets = state")
    await store.remove_account(environment.id, account.id)
    assert (await told(behind))[-1] == "deleted"


async def test_an_event_holds_no_secret_and_nothing_personal(
    store: Store, environment: Environment, behind: Behind
) -> None:
    """Ids, the integration and the status: what was entered, and what the provider said, stay out."""
    account = await add(store, environment, name="canary Ada", settings={"user": "canary@example.org"})
    await store.set_status(account.id, "needs_reauth", "canary said the provider")
    rows = await behind("SELECT CAST(payload AS text) FROM events")
    assert rows and "canary" not in str(rows)
    assert set(orjson.loads(rows[0][0])) == {
        "id", "tenant_id", "integration", "authentication_method", "status", "created_at", "updated_at",
    }  # fmt: skip


@pytest.mark.parametrize("table", ["events", "deliveries"])
async def test_account_and_event_are_written_together(
    store: Store, environment: Environment, behind: Behind, table: str
) -> None:
    """When the event can't be written the account does not change, so that no change goes untold."""
    account = await add(store, environment)
    await store.webhooks.add(environment.id, "https://example.com")
    await behind.break_down("INSERT", table)
    with pytest.raises(SQLAlchemyError):
        await store.update_account(account.id, name="Untold")
    with pytest.raises(SQLAlchemyError):
        await store.remove_account(environment.id, account.id)
    with pytest.raises(SQLAlchemyError):
        await add(store, environment)
    assert await store.list_accounts(environment.id) == (account,)


async def test_each_webhook_gets_what_it_wants(store: Store, environment: Environment, behind: Behind) -> None:
    """Its own environment's events, of the types that it names or all, while it is active."""
    other = await store.environment("other")
    everything = await store.webhooks.add(environment.id, "https://example.com/all")
    chosen = await store.webhooks.add(environment.id, "https://example.com/some", ["integrated_account:active"])
    await store.webhooks.add(environment.id, "https://example.com/off", is_active=False)
    await store.webhooks.add(other.id, "https://example.com/other")
    await add(store, environment)
    rows = await behind(
        "SELECT webhook_id, type FROM deliveries JOIN events ON events.id = event_id ORDER BY deliveries.id"
    )
    assert sorted(rows) == sorted(
        [
            (everything.id, "integrated_account:created"),
            (everything.id, "integrated_account:active"),
            (chosen.id, "integrated_account:active"),
        ]
    )


def test_the_event_types_are_those_of_the_contract() -> None:
    """Receivers compare these names."""
    names = "created updated active validation_error post_install_error authentication_error reactivated deleted"
    assert tuple(f"{PREFIX}{name}" for name in names.split()) == EVENT_TYPES
