"""What happened to accounts, written in the transaction that did it, with a delivery for every webhook that wants it.

An event is an envelope: ids, the integration, the status. What was entered when connecting is not in it, nor a
name, nor what the provider said.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from polyhire.accounts.account import Account, Status, new_id
from polyhire.accounts.tables import deliveries, events, webhooks

EventType = Literal[
    "integrated_account:created",
    "integrated_account:updated",
    "integrated_account:active",
    "integrated_account:validation_error",
    "integrated_account:post_install_error",
    "integrated_account:authentication_error",
    "integrated_account:reactivated",
    "integrated_account:deleted",
]
EVENT_TYPES: tuple[EventType, ...] = get_args(EventType)
TEST = "webhook:test"
"""The type of an event that nothing caused: sent on request, to one webhook, and tried once."""

_OF_STATUS: dict[Status, EventType] = {
    "active": "integrated_account:active",
    "validation_error": "integrated_account:validation_error",
    "post_install_error": "integrated_account:post_install_error",
    "needs_reauth": "integrated_account:authentication_error",
}
_STOPPED: frozenset[Status] = frozenset({"needs_reauth", "blocked"})


@dataclass(frozen=True)
class Event:
    """Something that happened; `payload` holds no secret and nothing personal."""

    id: str
    environment_id: str
    type: str
    account_id: str | None
    payload: dict[str, Any]
    created_at: datetime


async def announce(connection: AsyncConnection, before: Account | None, after: Account) -> None:
    """Write down what became of an account; `before` is None for a new one."""
    if kinds := kinds_of(before, after):
        await _write(connection, after, kinds)


async def announce_removal(connection: AsyncConnection, row: Row[Any]) -> None:
    """Write down that an account is gone; its row is enough, so that one whose key is lost can be removed too."""
    await _write(connection, row, ("integrated_account:deleted",))


async def _write(connection: AsyncConnection, account: Account | Row[Any], kinds: tuple[EventType, ...]) -> None:
    # Ids made within a millisecond are in no order by themselves.
    ids = sorted(new_id() for _ in kinds)
    happened = [
        Event(id, account.environment_id, kind, account.id, envelope_of(account), datetime.now(UTC))
        for id, kind in zip(ids, kinds, strict=True)
    ]
    await connection.execute(insert(events), [vars(event) for event in happened])
    mine = (webhooks.c.environment_id == account.environment_id, webhooks.c.is_active)
    # Held, so that none is removed before its delivery is written.
    listening = select(webhooks.c.id, webhooks.c.event_types).where(*mine).with_for_update(read=True, key_share=True)
    for webhook in await connection.execute(listening):
        rows = [delivery_row(webhook.id, event) for event in happened if wants(webhook.event_types, event.type)]
        if rows:
            await connection.execute(insert(deliveries), rows)


def kinds_of(before: Account | None, after: Account) -> tuple[EventType, ...]:
    """What a change is called; nothing for what a call leaves behind, such as a fresh token."""
    if before is None:
        status = _OF_STATUS.get(after.status)
        return ("integrated_account:created", *((status,) if status else ()))
    kinds: list[EventType] = []
    # Of these the status has events of its own, and the others change by themselves.
    as_before = replace(
        after,
        status=before.status,
        state=before.state,
        last_error=before.last_error,
        updated_at=before.updated_at,
        version=before.version,
    )
    if as_before != before or (after.status != before.status and after.status not in _OF_STATUS):
        kinds.append("integrated_account:updated")
    if after.status != before.status and after.status in _OF_STATUS:
        again = after.status == "active" and before.status in _STOPPED
        kinds.append("integrated_account:reactivated" if again else _OF_STATUS[after.status])
    return tuple(kinds)


def envelope_of(account: Account | Row[Any]) -> dict[str, Any]:
    """What an event tells of an account."""
    return {
        "id": account.id,
        "tenant_id": account.tenant_id,
        "integration": {"name": account.integration},
        "authentication_method": account.connect,
        "status": account.status,
        "created_at": account.created_at.isoformat(),
        "updated_at": account.updated_at.isoformat(),
    }


def wants(event_types: list[str], kind: str) -> bool:
    """Whether a webhook with this list is told of an event; an empty list is every event."""
    return not event_types or kind in event_types


def delivery_row(webhook_id: str, event: Event) -> dict[str, Any]:
    """A new delivery's columns: due at once."""
    now = datetime.now(UTC)
    return {
        "id": new_id(),
        "webhook_id": webhook_id,
        "event_id": event.id,
        "status": "pending",
        "attempts": 0,
        "log": [],
        "next_attempt_at": now,
        "created_at": now,
    }
