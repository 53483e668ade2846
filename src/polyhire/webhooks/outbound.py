"""Delivers events: takes what is due, signs it, sends it once, and writes down what came of it.

Every server process runs one `Deliverer`; what they share is the database, so a restart loses nothing.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import aiohttp
import orjson
import structlog
from prometheus_client import Counter
from yarl import URL

from polyhire.accounts.database import DATABASE_ERRORS
from polyhire.accounts.deliveries import Attempt, Delivery, DeliveryStatus, Work
from polyhire.accounts.events import TEST
from polyhire.accounts.store import Store
from polyhire.accounts.webhooks import Webhook
from polyhire.engine.transport import PublicResolver
from polyhire.settings import Settings
from polyhire.webhooks.signature import signed_headers
from polyhire.webhooks.target import is_open, is_public

# All in seconds. The waits are those that Standard Webhooks suggests: three days in all.
RETRY_AFTER = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
JITTER = 0.2
LONGEST_WAIT = 86_400
ATTEMPT_MAY_TAKE = 15.0
LOOK_EVERY = 1.0
SWEEP_EVERY = 3600.0
GRACE = 5.0

MOST_AT_ONCE = 20
GONE = 410

DELIVERIES = Counter("polyhire_deliveries_total", "Attempts to deliver an event", ["result"])

log = structlog.get_logger("polyhire.webhooks")


@dataclass(frozen=True)
class Told:
    """What a receiver answered: a status, or why there is none, and the seconds that it asks to be left alone."""

    status: int | None
    error: str | None
    retry_after: float | None = None

    @property
    def is_success(self) -> bool:
        return self.error is None


class Deliverer:
    """Delivers events for as long as `running` lasts."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._under_way: dict[asyncio.Task[Delivery | None], str] = {}
        self._one_is_done = asyncio.Event()
        self._next_sweep = 0.0
        private = settings.allow_private_hosts or settings.webhook_host_names()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, resolver=PublicResolver(private)),
            timeout=aiohttp.ClientTimeout(total=ATTEMPT_MAY_TAKE),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": "polyhire", "Content-Type": "application/json"},
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Deliverer"]:
        """Deliver until the end, where attempts under way get a moment to finish."""
        loop = asyncio.create_task(self._run())
        try:
            yield self
        finally:
            loop.cancel()
            await asyncio.wait([loop])
            await self._finish()
            await self._session.close()

    async def test(self, webhook: Webhook) -> Delivery:
        """Send a test event now, once, and say what came of it."""
        work = await self._store.deliveries.take_test(webhook)
        return await self._deliver(work) or work.delivery

    async def _run(self) -> None:
        while True:
            self._one_is_done.clear()
            try:
                await self._start_due()
                await self._sweep_when_due()
            except DATABASE_ERRORS as error:
                log.warning("due deliveries could not be read", error=type(error).__name__)
            try:
                async with asyncio.timeout(LOOK_EVERY):
                    await self._one_is_done.wait()
            except TimeoutError:
                pass

    async def _start_due(self) -> None:
        free = MOST_AT_ONCE - len(self._under_way)
        if free > 0:
            # A webhook's next ones wait for those under way, so that a slow receiver takes up no more places.
            for work in await self._store.deliveries.take(free, busy=set(self._under_way.values())):
                task = asyncio.create_task(self._deliver(work))
                self._under_way[task] = work.webhook.id
                task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[Delivery | None]") -> None:
        del self._under_way[task]
        self._one_is_done.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            # Its lease runs out, and it is taken again.
            log.warning("a delivery's outcome could not be written", error=type(error).__name__)

    async def _finish(self) -> None:
        if left := [*self._under_way]:
            _, late = await asyncio.wait(left, timeout=GRACE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _sweep_when_due(self) -> None:
        if time.monotonic() >= self._next_sweep:
            self._next_sweep = time.monotonic() + SWEEP_EVERY
            await self._store.deliveries.sweep()

    async def _deliver(self, work: Work) -> Delivery | None:
        """One attempt; None if it took so long that somebody else has the delivery now."""
        webhook, delivery = work.webhook, work.delivery
        started, at = time.perf_counter(), datetime.now(UTC)
        told = await self._send(work)
        attempt = Attempt(at, told.status, told.error, round((time.perf_counter() - started) * 1000))
        again_at = None if told.is_success else next_attempt(delivery, told)
        status: DeliveryStatus = "delivered" if told.is_success else "failed" if again_at is None else "pending"
        settled = await self._store.deliveries.settle(work, attempt, status, again_at=again_at)
        if told.status == GONE and delivery.event.type != TEST:
            await self._store.webhooks.change(webhook.environment_id, webhook.id, is_active=False)
        DELIVERIES.labels(status).inc()
        log.info(
            "delivery",
            delivery=delivery.id,
            webhook=webhook.id,
            type=delivery.event.type,
            attempt=delivery.attempts,
            status=told.status,
            result=status if settled else "overtaken",
            milliseconds=attempt.milliseconds,
        )
        return settled

    async def _send(self, work: Work) -> Told:
        url = URL(work.webhook.target_url)
        # An address in place of a name never comes to the resolver.
        if not (is_open(url.host, self._settings) or (url.scheme == "https" and is_public(url.host))):
            return Told(None, "it is not a public https:// address")
        body = body_of(work.delivery)
        secrets = work.webhook.signing_secrets
        headers = signed_headers(work.delivery.event.id, int(time.time()), body, secrets)
        try:
            async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as response:
                # Its body is not read: what a receiver says beyond the status is nobody's business here.
                return told_by(response)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            return Told(None, reason_of(error))


def body_of(delivery: Delivery) -> bytes:
    """What is sent: the same bytes at every attempt."""
    event = delivery.event
    return orjson.dumps(
        {
            "id": event.id,
            "event": event.type,
            "environment_id": event.environment_id,
            "webhook_id": delivery.webhook_id,
            "created_at": event.created_at,
            "payload": event.payload,
        }
    )


def next_attempt(delivery: Delivery, told: Told) -> datetime | None:
    """When to try again, never sooner than the receiver asked for; None when there are no more tries."""
    made = delivery.attempts
    if told.status == GONE or delivery.event.type == TEST or made > len(RETRY_AFTER):
        return None
    wait = RETRY_AFTER[made - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - spreads load, guards nothing
    return datetime.now(UTC) + timedelta(seconds=max(wait, min(told.retry_after or 0, LONGEST_WAIT)))


def told_by(response: aiohttp.ClientResponse) -> Told:
    """An answer in our words: anything but 2xx is a failure."""
    status = response.status
    if 200 <= status < 300:
        return Told(status, None)
    error = "it redirects, which is not followed" if 300 <= status < 400 else f"it answered {status}"
    seconds = response.headers.get("Retry-After", "")
    return Told(status, error, float(seconds) if seconds.isascii() and seconds.isdecimal() else None)


def reason_of(error: Exception) -> str:
    """Why nothing came, without the address: that may be as good as a password."""
    match error:
        case TimeoutError():
            return f"no answer within {ATTEMPT_MAY_TAKE:g} s"
        case aiohttp.ClientConnectorDNSError():
            return "its name leads to no public address"
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientSSLError():
            return "it has no TLS that can be trusted"
        case aiohttp.ClientConnectorError():
            return "no connection"
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientOSError():
            return "it closed the connection without an answer"
    return "it did not answer in HTTP"
