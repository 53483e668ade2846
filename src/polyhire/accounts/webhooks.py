"""Webhooks: addresses that are told of events, each with a secret to sign with that is shown once."""

import base64
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypedDict, Unpack

import orjson
from sqlalchemy import ColumnElement, Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from polyhire.accounts.account import new_id
from polyhire.accounts.audit import note
from polyhire.accounts.database import Database
from polyhire.accounts.events import EVENT_TYPES
from polyhire.accounts.listing import Condition, narrowed
from polyhire.accounts.tables import deliveries, webhooks
from polyhire.accounts.vault import KeyRing
from polyhire.errors import Failure, InvalidBody, UnknownWebhook, shorten
from polyhire.suggest import did_you_mean, one_of

SECRET_PREFIX = "whsec_"  # noqa: S105 - what every secret begins with, and none itself
SECRET_BYTES = 32
# For so long after a rotation a delivery is signed with both secrets, so that no receiver has to change at that moment.
OVERLAP = timedelta(hours=24)


@dataclass(frozen=True)
class Webhook:
    """An address that is told of events; `event_types` empty is all of them, `secrets` are newest first."""

    id: str
    environment_id: str
    target_url: str = field(repr=False)
    event_types: tuple[str, ...]
    is_active: bool
    secrets: tuple[str, ...] = field(repr=False)
    previous_until: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def signing_secrets(self) -> tuple[str, ...]:
        """Those that a delivery is signed with now, newest first."""
        overlapping = self.previous_until is not None and self.previous_until > datetime.now(UTC)
        return self.secrets if overlapping else self.secrets[:1]


class WebhookChanges(TypedDict, total=False):
    """What may change in a webhook."""

    target_url: str
    event_types: Sequence[str]
    is_active: bool


class Webhooks:
    """The webhooks of every environment."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._database = database
        self._keys = keys

    async def add(
        self, environment_id: str, target_url: str, event_types: Sequence[str] = (), *, is_active: bool = True
    ) -> Webhook:
        """A new webhook. Raises InvalidBody for an event type that there isn't."""
        now = datetime.now(UTC)
        kinds = check_event_types(event_types)
        webhook = Webhook(new_id(), environment_id, target_url, kinds, is_active, (new_secret(),), None, now, now)
        await self._database.finish(self._insert(webhook))
        return webhook

    async def get(self, environment_id: str, webhook_id: str) -> Webhook:
        """The webhook. Raises UnknownWebhook when this environment has none of this id."""
        rows = await self._database.rows(select(webhooks).where(*mine(environment_id, webhook_id)))
        if not rows:
            raise unknown(webhook_id)
        return webhook_of(rows[0], self._keys)

    async def list(
        self,
        environment_id: str,
        conditions: Iterable[Condition] = (),
        *,
        limit: int = 100,
        after: str | None = None,
    ) -> tuple[Webhook, ...]:
        """Up to `limit` webhooks, oldest first, that come after the id `after`."""
        query = narrowed(select(webhooks), webhooks, conditions).where(webhooks.c.environment_id == environment_id)
        if after is not None:
            query = query.where(webhooks.c.id > after)
        rows = await self._database.rows(query.order_by(webhooks.c.id).limit(limit))
        return tuple(webhook_of(row, self._keys) for row in rows)

    async def change(self, environment_id: str, webhook_id: str, **changes: Unpack[WebhookChanges]) -> Webhook:
        """Change some of a webhook; one set inactive keeps what it was not yet told. Raises like `add` and `get`."""
        if "event_types" in changes:
            changes["event_types"] = check_event_types(changes["event_types"])
        return await self._database.finish(self._change(environment_id, webhook_id, changes))

    async def rotate_secret(self, environment_id: str, webhook_id: str) -> Webhook:
        """Give the webhook another secret; the one before signs beside it for `OVERLAP`. Raises UnknownWebhook."""
        return await self._database.finish(self._change(environment_id, webhook_id, {}, secret=new_secret()))

    async def remove(self, environment_id: str, webhook_id: str) -> None:
        """Forget the webhook and its deliveries. Raises UnknownWebhook."""
        await self._database.finish(self._remove(environment_id, webhook_id))

    async def _insert(self, webhook: Webhook) -> None:
        async with self._database.transaction() as connection:
            await connection.execute(insert(webhooks).values(row_of(webhook, self._keys)))
            await note(connection, webhook.environment_id, "webhook.created", webhook.id)

    async def _change(
        self, environment_id: str, webhook_id: str, changes: Mapping[str, Any], *, secret: str | None = None
    ) -> Webhook:
        now = datetime.now(UTC)
        async with self._database.transaction() as connection:
            before = webhook_of(await locked(connection, environment_id, webhook_id), self._keys)
            webhook = replace(before, **changes, updated_at=now)
            if secret is not None:
                webhook = replace(webhook, secrets=(secret, before.secrets[0]), previous_until=now + OVERLAP)
            change = update(webhooks).where(webhooks.c.id == webhook_id)
            await connection.execute(change.values(row_of(webhook, self._keys)))
            fields = changes if secret is None else ("secret",)
            await note(connection, environment_id, "webhook.updated", webhook_id, fields)
        return webhook

    async def _remove(self, environment_id: str, webhook_id: str) -> None:
        async with self._database.transaction() as connection:
            await locked(connection, environment_id, webhook_id)
            await connection.execute(delete(deliveries).where(deliveries.c.webhook_id == webhook_id))
            await connection.execute(delete(webhooks).where(webhooks.c.id == webhook_id))
            await note(connection, environment_id, "webhook.removed", webhook_id)


async def locked(connection: AsyncConnection, environment_id: str, webhook_id: str) -> Row[Any]:
    """The webhook's row, which nobody else changes until the transaction ends. Raises UnknownWebhook."""
    # SQLite has no row locks: there, a write that changes nothing takes the one lock that it has.
    await connection.execute(update(webhooks).where(webhooks.c.id == webhook_id).values(id=webhook_id))
    query = select(webhooks).where(*mine(environment_id, webhook_id)).with_for_update()
    row = (await connection.execute(query)).first()
    if row is None:
        raise unknown(webhook_id)
    return row


def mine(environment_id: str, webhook_id: str) -> tuple[ColumnElement[bool], ...]:
    return (webhooks.c.environment_id == environment_id, webhooks.c.id == webhook_id)


def check_event_types(event_types: Sequence[str]) -> tuple[str, ...]:
    """The event types without repetitions. Raises InvalidBody that lists those that there are."""
    failures = [
        Failure(
            f"body.event_types.{index}", f"there is no event '{shorten(kind, 60)}'{did_you_mean(kind, EVENT_TYPES)}"
        )
        for index, kind in enumerate(event_types)
        if kind not in EVENT_TYPES
    ]
    if failures:
        raise InvalidBody(f"{failures[0].message}. There are: {one_of(EVENT_TYPES)}", failures=failures)
    return tuple(dict.fromkeys(event_types))


def new_secret() -> str:
    """A signing secret as Standard Webhooks writes them."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def webhook_of(row: Row[Any], keys: KeyRing) -> Webhook:
    """Open a webhook's row; SettingsError when its secret can't be decrypted."""
    return Webhook(
        id=row.id,
        environment_id=row.environment_id,
        target_url=row.target_url,
        event_types=tuple(row.event_types),
        is_active=row.is_active,
        secrets=tuple(orjson.loads(keys.decrypt(row.secret, place(row.id)))),
        previous_until=row.previous_until,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def row_of(webhook: Webhook, keys: KeyRing) -> dict[str, Any]:
    """The columns of a webhook, its secrets sealed with the newest key."""
    return {
        "id": webhook.id,
        "environment_id": webhook.environment_id,
        "target_url": webhook.target_url,
        "event_types": list(webhook.event_types),
        "is_active": webhook.is_active,
        "key_id": keys.newest_id,
        "secret": keys.encrypt(orjson.dumps(webhook.secrets), place(webhook.id)),
        "previous_until": webhook.previous_until,
        "created_at": webhook.created_at,
        "updated_at": webhook.updated_at,
    }


def place(webhook_id: str) -> str:
    return f"webhooks:{webhook_id}:secret"


def unknown(webhook_id: str) -> UnknownWebhook:
    return UnknownWebhook(
        f"There is no webhook '{shorten(webhook_id, 40)}' in this environment. List the webhooks to find its id."
    )
