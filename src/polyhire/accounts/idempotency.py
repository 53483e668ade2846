"""Writes that a caller may safely repeat: one answer per `Idempotency-Key`, encrypted and kept for 24 hours.

Only a final answer is kept (`is_final`). Whatever else becomes of the first request frees its key, so that a
repetition is worked on afresh: after a 5xx or a crash nobody knows whether the provider acted.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec
import structlog
from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from polyhire.accounts.account import new_id
from polyhire.accounts.database import DATABASE_ERRORS, Database
from polyhire.accounts.locks import one_at_a_time
from polyhire.accounts.tables import idempotent_answers as answers
from polyhire.accounts.vault import KeyRing
from polyhire.errors import IdempotencyConflict, IdempotencyInProgress, InvalidRequest

# All in seconds. A process that dies holds its keys for a lease at most; one that lives renews in time.
KEEP_FOR = 24 * 60 * 60.0
LEASE = 30.0
RENEW_EVERY = 10.0
WAIT_FOR = 60.0
LOOK_EVERY = 0.25
SWEEP_EVERY = 60.0

# Refusals that are about the moment or the credentials: the same request may fare better later.
PASSING = frozenset({401, 403, 408, 425, 429})
KEY = re.compile(r"[!-~]{1,255}")

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class StoredAnswer:
    """An HTTP answer as it was given the first time."""

    status: int
    content_type: str
    body: bytes = field(repr=False)
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Asked:
    """A request by its digests; `id` stands for environment, account and key, `holder` for who asks now."""

    id: str
    account_id: str
    path_digest: str
    body_digest: str
    holder: str


class Claim:
    """The right to work on a request, or the `answer` that it had before, to be given again."""

    def __init__(self, answer: StoredAnswer | None, keep: Callable[[StoredAnswer], Awaitable[None]]) -> None:
        self.answer = answer
        self.is_settled = answer is not None
        self._keep = keep

    async def store(self, answer: StoredAnswer) -> None:
        """Keep this answer for whoever repeats the request; one that is not final frees the key instead."""
        if is_final(answer.status):
            await self._keep(answer)
            self.is_settled = True


class Idempotency:
    """Who is at work on which write, and what it answered, for every process on the database."""

    def __init__(self, database: Database, keys: KeyRing, clock: Callable[[], float]) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock
        self._next_sweep = 0.0

    @asynccontextmanager
    async def claim(
        self, environment_id: str, account_id: str, key: str, method_and_path: str, body_digest: str
    ) -> AsyncIterator[Claim]:
        """The claim on a write, freed on the way out unless an answer was stored; a concurrent twin waits here.

        `method_and_path` has the query too; `body_digest` is the SHA-256 of the body, in hex. Raises InvalidRequest
        for a malformed key, IdempotencyConflict when the key was used for another request, and
        IdempotencyInProgress when the first one takes longer than `WAIT_FOR` seconds.
        """
        check_key(key)
        self._sweep_when_due()
        id = digest_of(environment_id, account_id, key)
        asked = Asked(id, account_id, digest_of(method_and_path), body_digest, new_id())
        async with AsyncExitStack() as turn:
            answer = await self._wait(turn, asked)
            claim = Claim(answer, lambda given: self._database.finish(self._keep(asked, given)))
            try:
                if answer is None:
                    await turn.enter_async_context(self._renewed(asked))
                yield claim
            finally:
                if not claim.is_settled:
                    await self._database.finish(self._free(asked))

    async def _wait(self, turn: AsyncExitStack, asked: Asked) -> StoredAnswer | None:
        """Wait for a twin in this process (until `turn` is over), then for those in others."""
        # A request with another body does not queue here: it is refused at once.
        mine = one_at_a_time((self, asked.id, asked.path_digest, asked.body_digest))
        try:
            async with asyncio.timeout(WAIT_FOR):
                await turn.enter_async_context(mine)
                return await self._take(asked)
        except TimeoutError:
            raise IdempotencyInProgress(
                f"The first request with this Idempotency-Key is not done after {WAIT_FOR:.0f} seconds. "
                "Repeat this one later, with the same key, to get its answer."
            ) from None

    async def _take(self, asked: Asked) -> StoredAnswer | None:
        """The stored answer, or None once this request's row is ours."""
        while True:
            row = await self._living_row(asked.id)
            if row is None:
                # A caller that goes away while the row is written would leave it behind.
                if await self._database.finish(self._begin(asked), undo=lambda: self._free(asked)):
                    return None
            else:
                check_same(row, asked)
                if row.answer is not None:
                    sealed = self._keys.decrypt(row.answer, place(asked.id))
                    return msgspec.msgpack.decode(sealed, type=StoredAnswer)
            await asyncio.sleep(LOOK_EVERY)

    async def _living_row(self, id: str) -> Row[*tuple[Any, ...]] | None:
        query = select(answers).where(answers.c.id == id, answers.c.expires_at > datetime.now(UTC))
        rows = await self._database.rows(query)
        return rows[0] if rows else None

    async def _begin(self, asked: Asked) -> bool:
        """Write our row in place of an expired one; False when another request was quicker."""
        now = datetime.now(UTC)
        values = {**vars(asked), "answer": None, "expires_at": now + timedelta(seconds=LEASE)}
        try:
            async with self._database.transaction() as connection:
                await connection.execute(delete(answers).where(answers.c.id == asked.id, answers.c.expires_at <= now))
                await connection.execute(insert(answers).values(values))
        except IntegrityError:
            return False
        return True

    @asynccontextmanager
    async def _renewed(self, asked: Asked) -> AsyncIterator[None]:
        """Hold the row for as long as this takes."""
        renewing = asyncio.create_task(self._renew(asked))
        try:
            yield
        finally:
            renewing.cancel()
            await asyncio.wait([renewing])

    async def _renew(self, asked: Asked) -> None:
        while True:
            await asyncio.sleep(RENEW_EVERY)
            await self._database.finish(self._extend(asked))

    async def _extend(self, asked: Asked) -> None:
        try:
            async with self._database.transaction() as connection:
                later = datetime.now(UTC) + timedelta(seconds=LEASE)
                await connection.execute(update(answers).where(*unanswered(asked)).values(expires_at=later))
        except DATABASE_ERRORS as error:
            log.warning("An idempotency key could not be held longer", error=type(error).__name__)

    async def _keep(self, asked: Asked, answer: StoredAnswer) -> None:
        # The provider has acted: its answer must reach the caller, whether or not it can be kept.
        sealed = self._keys.encrypt(msgspec.msgpack.encode(answer), place(asked.id))
        until = datetime.now(UTC) + timedelta(seconds=KEEP_FOR)
        try:
            async with self._database.transaction() as connection:
                change = update(answers).where(*unanswered(asked)).values(answer=sealed, expires_at=until)
                kept = (await connection.execute(change)).rowcount
            if not kept:
                log.warning("An idempotent answer came too late to be kept", account=asked.account_id)
        except DATABASE_ERRORS as error:
            log.warning("An idempotent answer could not be kept", error=type(error).__name__)

    async def _free(self, asked: Asked) -> None:
        try:
            async with self._database.transaction() as connection:
                await connection.execute(delete(answers).where(*unanswered(asked)))
        except DATABASE_ERRORS as error:
            log.warning("An idempotency key could not be freed before its lease ends", error=type(error).__name__)

    def _sweep_when_due(self) -> None:
        now = self._clock()
        if now >= self._next_sweep:
            self._next_sweep = now + SWEEP_EVERY
            self._database.start(self._sweep())

    async def _sweep(self) -> None:
        try:
            async with self._database.transaction() as connection:
                # Rows that another process is at work on can wait: two that wait for each other never would.
                expired = select(answers.c.id).where(answers.c.expires_at <= datetime.now(UTC))
                await connection.execute(
                    delete(answers).where(answers.c.id.in_(expired.with_for_update(skip_locked=True)))
                )
        except DATABASE_ERRORS as error:
            log.warning("Expired idempotent answers could not be deleted", error=type(error).__name__)


def is_final(status: int) -> bool:
    """Whether the same request would only be answered the same: no failure, and no refusal that may pass."""
    return status < 500 and status not in PASSING


def check_key(key: str) -> None:
    """Raise InvalidRequest unless the key is 1 to 255 visible ASCII characters."""
    if not KEY.fullmatch(key):
        raise InvalidRequest(
            "The Idempotency-Key has to be 1 to 255 visible ASCII characters, without spaces. "
            "A fresh UUID for each new write is a good one."
        )


def check_same(row: Row[Any], asked: Asked) -> None:
    """Raise IdempotencyConflict unless the row is of the same request."""
    if row.path_digest != asked.path_digest:
        differs = "method, path or query"
    elif row.body_digest != asked.body_digest:
        differs = "body"
    else:
        return
    raise IdempotencyConflict(
        f"This Idempotency-Key was used on this account within the last 24 hours, with another {differs}. "
        "Use a fresh key for a new write; repeat a write exactly as it was first sent."
    )


def digest_of(*parts: str) -> str:
    """One SHA-256 in hex for these texts, of which none holds a null character."""
    return sha256("\0".join(parts).encode()).hexdigest()


def place(id: str) -> str:
    return f"idempotent_answers:{id}:answer"


def unanswered(asked: Asked) -> tuple[Any, ...]:
    return (answers.c.id == asked.id, answers.c.holder == asked.holder, answers.c.answer.is_(None))
