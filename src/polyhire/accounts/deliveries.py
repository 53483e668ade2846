"""Deliveries of events to webhooks: which are due, who is at work on one, what came of each attempt.

A delivery is taken by moving its `next_attempt_at` past a lease: of several processes one gets it, and when that one
dies it is due again. So an event may be delivered twice, and is never lost.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args

import orjson
from sqlalchemy import ColumnElement, Row, Select, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from polyhire.accounts.account import new_id
from polyhire.accounts.audit import note
from polyhire.accounts.database import Database
from polyhire.accounts.events import TEST, Event, delivery_row, wants
from polyhire.accounts.listing import Condition, narrowed
from polyhire.accounts.tables import deliveries, events, webhooks
from polyhire.accounts.vault import KeyRing
from polyhire.accounts.webhooks import Webhook, unknown, webhook_of
from polyhire.errors import InvalidRequest, UnknownWebhook, shorten

DeliveryStatus = Literal["pending", "delivered", "failed"]
DELIVERY_STATUSES: tuple[DeliveryStatus, ...] = get_args(DeliveryStatus)

# Longer than one attempt may take.
LEASE = timedelta(seconds=60)
# How many of one webhook's deliveries are taken at a time: a slow receiver must not hold up the others.
PER_WEBHOOK = 5
KEEP_FOR = timedelta(days=30)
MOST_REPLAYED = 10_000


@dataclass(frozen=True)
class Attempt:
    """One try to deliver: the receiver's HTTP status, or why there is none. What it said is not kept."""

    at: datetime
    status: int | None
    error: str | None
    milliseconds: int


@dataclass(frozen=True)
class Delivery:
    """An event on its way to a webhook; `next_attempt_at` means something while it is pending."""

    id: str
    webhook_id: str
    status: DeliveryStatus
    attempts: int
    log: tuple[Attempt, ...]
    next_attempt_at: datetime | None
    created_at: datetime
    event: Event


@dataclass(frozen=True)
class Work:
    """A delivery that was taken by `holder`, and what it takes to make it."""

    delivery: Delivery
    webhook: Webhook
    holder: str


class Deliveries:
    """The deliveries of every environment, for every process on the database."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._database = database
        self._keys = keys

    async def take(self, most: int, busy: Collection[str] = ()) -> tuple[Work, ...]:
        """Up to `most` deliveries that are due, none for the webhooks in `busy`; each is ours for a lease."""
        due = [row.id for row in await self._database.rows(due_query(most, busy))]
        if not due:
            return ()
        return await self._database.finish(self._take(deliveries.c.id.in_(due)))

    async def settle(
        self, work: Work, attempt: Attempt, status: DeliveryStatus, *, again_at: datetime | None = None
    ) -> Delivery | None:
        """Write down what came of an attempt; None if the lease ran out and somebody else has the delivery."""
        return await self._database.finish(self._settle(work, attempt, status, again_at))

    async def list(
        self, webhook_id: str, conditions: Iterable[Condition] = (), *, limit: int = 100, before: str | None = None
    ) -> tuple[Delivery, ...]:
        """Up to `limit` deliveries to a webhook, newest first, older than the delivery id `before`."""
        query = narrowed(with_event(), deliveries, conditions).where(deliveries.c.webhook_id == webhook_id)
        if before is not None:
            query = query.where(deliveries.c.id < before)
        rows = await self._database.rows(query.order_by(deliveries.c.id.desc()).limit(limit))
        return tuple(delivery_of(row) for row in rows)

    async def get(self, webhook_id: str, delivery_id: str) -> Delivery:
        """One delivery. Raises UnknownWebhook when the webhook has none of this id."""
        mine = (deliveries.c.webhook_id == webhook_id, deliveries.c.id == delivery_id)
        rows = await self._database.rows(with_event().where(*mine))
        if not rows:
            raise UnknownWebhook(
                f"This webhook has no delivery '{shorten(delivery_id, 40)}'. List its deliveries to find the id; "
                f"they are kept for {KEEP_FOR.days} days."
            )
        return delivery_of(rows[0])

    async def replay(self, delivery: Delivery) -> Delivery:
        """Deliver an event once more, at once and from the first attempt; the delivery itself stays in the log."""
        row = delivery_row(delivery.webhook_id, delivery.event)
        await self._database.finish(self._insert(delivery.webhook_id, [row]))
        return await self.get(delivery.webhook_id, row["id"])

    async def replay_since(self, webhook: Webhook, since: datetime) -> int:
        """Deliver every event since then that the webhook wants and has not got nor is about to; says how many.

        Raises InvalidRequest when there are more than `MOST_REPLAYED`.
        """
        got = select(deliveries.c.event_id).where(
            deliveries.c.webhook_id == webhook.id, deliveries.c.status != "failed"
        )
        missing = select(events).where(
            events.c.environment_id == webhook.environment_id,
            events.c.type != TEST,
            events.c.created_at >= since,
            events.c.id.not_in(got),
        )
        found = await self._database.rows(missing.order_by(events.c.id).limit(MOST_REPLAYED + 1))
        rows = [delivery_row(webhook.id, event_of(row)) for row in found if wants([*webhook.event_types], row.type)]
        if len(found) > MOST_REPLAYED:
            raise InvalidRequest(f"There are more than {MOST_REPLAYED} events since then. Choose a later moment.")
        if rows:
            await self._database.finish(self._insert(webhook.id, rows))
        return len(rows)

    async def take_test(self, webhook: Webhook) -> Work:
        """A delivery of a test event, which is ours already."""
        happened = Event(new_id(), webhook.environment_id, TEST, None, {"webhook_id": webhook.id}, datetime.now(UTC))
        return await self._database.finish(self._take_test(webhook, happened))

    async def sweep(self) -> None:
        """Delete the events that are older than `KEEP_FOR`, with their deliveries."""
        await self._database.finish(self._sweep())

    async def _take(self, which: ColumnElement[bool]) -> tuple[Work, ...]:
        now = datetime.now(UTC)
        holder = new_id()
        is_due = (deliveries.c.status == "pending", deliveries.c.next_attempt_at <= now)
        # Elsewhere than on SQLite, which has one writer, others may be taking the same ones.
        free = select(deliveries.c.id).where(which, *is_due).with_for_update(skip_locked=True)
        values = {"holder": holder, "next_attempt_at": now + LEASE, "attempts": deliveries.c.attempts + 1}
        change = update(deliveries).where(deliveries.c.id.in_(free.scalar_subquery())).values(values)
        async with self._database.transaction() as connection:
            await connection.execute(change)
            taken = with_event().where(deliveries.c.holder == holder).order_by(deliveries.c.event_id)
            rows = (await connection.execute(taken)).all()
            wanted = select(webhooks).where(webhooks.c.id.in_({row.webhook_id for row in rows}))
            found = {row.id: webhook_of(row, self._keys) for row in await connection.execute(wanted)}
        return tuple(Work(delivery_of(row), found[row.webhook_id], holder) for row in rows)

    async def _take_test(self, webhook: Webhook, event: Event) -> Work:
        holder = new_id()
        row = {**delivery_row(webhook.id, event), "attempts": 1, "holder": holder}
        row["next_attempt_at"] += LEASE
        async with self._database.transaction() as connection:
            await hold(connection, webhook.id)
            await connection.execute(insert(events).values(vars(event)))
            await connection.execute(insert(deliveries).values(row))
            await note(connection, event.environment_id, "webhook.tested", webhook.id)
            stored = (await connection.execute(with_event().where(deliveries.c.id == row["id"]))).one()
        return Work(delivery_of(stored), webhook, holder)

    async def _settle(
        self, work: Work, attempt: Attempt, status: DeliveryStatus, again_at: datetime | None
    ) -> Delivery | None:
        mine = deliveries.c.id == work.delivery.id
        # Nobody else writes while the delivery is held, so the log that was read when it was taken is the whole one.
        log = orjson.loads(orjson.dumps([*work.delivery.log, attempt]))
        values = {"status": status, "holder": None, "log": log, "next_attempt_at": again_at}
        async with self._database.transaction() as connection:
            held = (mine, deliveries.c.holder == work.holder)
            if not (await connection.execute(update(deliveries).where(*held).values(values))).rowcount:
                return None
            return delivery_of((await connection.execute(with_event().where(mine))).one())

    async def _insert(self, webhook_id: str, rows: Sequence[Mapping[str, Any]]) -> None:
        async with self._database.transaction() as connection:
            environment_id = await hold(connection, webhook_id)
            await connection.execute(insert(deliveries), rows)
            await note(connection, environment_id, "webhook.replayed", webhook_id)

    async def _sweep(self) -> None:
        old = select(events.c.id).where(events.c.created_at < datetime.now(UTC) - KEEP_FOR)
        async with self._database.transaction() as connection:
            await connection.execute(delete(deliveries).where(deliveries.c.event_id.in_(old)))
            await connection.execute(delete(events).where(events.c.id.in_(old)))


async def hold(connection: AsyncConnection, webhook_id: str) -> str:
    """Keep the webhook from being removed until the transaction ends, and say whose it is. Raises UnknownWebhook."""
    change = update(webhooks).where(webhooks.c.id == webhook_id).values(id=webhook_id)
    row = (await connection.execute(change.returning(webhooks.c.environment_id))).first()
    if row is None:
        raise unknown(webhook_id)
    return str(row.environment_id)


def due_query(most: int, busy: Collection[str]) -> Select[*tuple[Any, ...]]:
    """The ids of what is due, the longest due first, a few of each active webhook."""
    order = deliveries.c.next_attempt_at
    place = func.row_number().over(partition_by=deliveries.c.webhook_id, order_by=order).label("place")
    due = (
        select(deliveries.c.id, order, place)
        .where(
            deliveries.c.status == "pending",
            order <= datetime.now(UTC),
            deliveries.c.webhook_id.in_(select(webhooks.c.id).where(webhooks.c.is_active)),
            deliveries.c.webhook_id.not_in(busy),
        )
        .subquery()
    )
    return select(due.c.id).where(due.c.place <= PER_WEBHOOK).order_by(due.c.next_attempt_at).limit(most)


def with_event() -> Select[*tuple[Any, ...]]:
    """Deliveries, each with its event."""
    columns = [column.label(f"event_{column.name}") for column in events.c if column.name != "id"]
    return select(deliveries, *columns).join(events, events.c.id == deliveries.c.event_id)


def delivery_of(row: Row[Any]) -> Delivery:
    event = Event(
        row.event_id,
        row.event_environment_id,
        row.event_type,
        row.event_account_id,
        row.event_payload,
        row.event_created_at,
    )
    log = tuple(Attempt(**{**entry, "at": datetime.fromisoformat(entry["at"])}) for entry in row.log)
    return Delivery(row.id, row.webhook_id, row.status, row.attempts, log, row.next_attempt_at, row.created_at, event)


def event_of(row: Row[Any]) -> Event:
    return Event(row.id, row.environment_id, row.type, row.account_id, row.payload, row.created_at)
