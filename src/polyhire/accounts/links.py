"""Link tokens, each good for connecting one account, and attempts: one person on the connect page."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Literal

import orjson
from sqlalchemy import Row, delete, insert, select, update

from polyhire.accounts.account import new_id
from polyhire.accounts.audit import note
from polyhire.accounts.database import Database
from polyhire.accounts.tables import attempts, link_tokens
from polyhire.accounts.vault import KeyRing
from polyhire.errors import InvalidLink

PREFIX = "lt_"
LIFETIME = timedelta(days=7)
# From one step of an attempt to the next, a consent at the provider's included.
ATTEMPT = timedelta(minutes=30)
# How long what has expired is kept, so that its owner is told that it has.
REMEMBERED = timedelta(days=30)

AttemptStatus = Literal["open", "consent", "questions", "connected", "failed"]
"""`consent`: away at the provider's; `questions`: connected, but asked for more; `failed`: not connected yet."""


@dataclass(frozen=True)
class LinkToken:
    """An invitation to connect one account, or (`account_id`) to connect it again.

    `context` is what the product gave: answers to begin with, and values of its own that the account keeps.
    """

    id: str
    environment_id: str
    tenant_id: str
    account_id: str | None
    redirect_uri: str | None
    scopes: tuple[str, ...] | None
    keeps_context: bool
    context: Mapping[str, str] = field(repr=False)
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class Attempt:
    """One person on the connect page. `kept` is what has to outlive a redirect: answers, tokens, a PKCE verifier."""

    id: str
    link_token_id: str
    environment_id: str
    status: AttemptStatus
    account_id: str | None
    kept: Mapping[str, Any] = field(repr=False)


class Links:
    """The link tokens and attempts of every environment; what is secret in them is sealed."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._database = database
        self._keys = keys

    async def create(
        self,
        environment_id: str,
        tenant_id: str,
        *,
        account_id: str | None = None,
        redirect_uri: str | None = None,
        context: Mapping[str, str] | None = None,
        scopes: Sequence[str] | None = None,
        keeps_context: bool = False,
        lifetime: timedelta = LIFETIME,
    ) -> tuple[str, LinkToken]:
        """A new link token, readable this once, and its record."""
        now = datetime.now(UTC)
        link = LinkToken(
            id=new_id(),
            environment_id=environment_id,
            tenant_id=tenant_id,
            account_id=account_id,
            redirect_uri=redirect_uri,
            scopes=None if scopes is None else tuple(scopes),
            keeps_context=keeps_context,
            context=dict(context or {}),
            created_at=now,
            expires_at=now + lifetime,
            used_at=None,
        )
        plaintext = PREFIX + secrets.token_urlsafe(32)
        await self._database.finish(self._insert(link, plaintext))
        return plaintext, link

    async def find(self, token: str) -> LinkToken:
        """The link of this token; InvalidLink when it is unknown, expired or used."""
        rows = await self._database.rows(select(link_tokens).where(link_tokens.c.digest == digest_of(token)))
        if not rows:
            raise InvalidLink("This link is not one of this server's: it may have been cut off. Ask for a new one.")
        return self._checked(rows[0])

    async def of(self, attempt: Attempt) -> LinkToken:
        """The link that an attempt was begun with, used or not; InvalidLink when it is gone."""
        rows = await self._database.rows(select(link_tokens).where(link_tokens.c.id == attempt.link_token_id))
        if not rows:
            raise InvalidLink("This link is no longer known. Ask for a new one.")
        return self._link_of(rows[0])

    async def use(self, link: LinkToken) -> None:
        """Use the link up, in this process and every other; InvalidLink when somebody else just did."""
        if not await self._database.finish(self._mark(link.id, datetime.now(UTC))):
            raise InvalidLink("This link was used already: it connects one account, once. Ask for a new one.")

    async def give_back(self, link: LinkToken) -> None:
        """Let the link be used after all, because nothing was connected by it."""
        await self._database.finish(self._mark(link.id, None))

    async def begin(self, link: LinkToken, kept: Mapping[str, Any], account_id: str | None = None) -> Attempt:
        """A new attempt, at a new account or at this one; `kept["handle"]` is what its pages are addressed by."""
        handle = secrets.token_urlsafe(32)
        kept = {**kept, "handle": handle}
        attempt = Attempt(digest_of(handle), link.id, link.environment_id, "open", account_id, kept)
        await self._database.finish(self._begin(attempt))
        return attempt

    async def attempt(self, handle: str) -> Attempt:
        """The attempt of this handle; InvalidLink when it is unknown, or took too long."""
        found = await self._attempt_where(attempts.c.id == digest_of(handle))
        if found is None:
            raise InvalidLink("This page was open for too long. Begin again from the link that you were given.")
        return found

    async def change(
        self,
        attempt: Attempt,
        status: AttemptStatus,
        *,
        kept: Mapping[str, Any] | None = None,
        account_id: str | None = None,
        state: str | None = None,
    ) -> Attempt:
        """The attempt one step further. Without a `state`, no consent is waited for any more."""
        changed = Attempt(
            attempt.id,
            attempt.link_token_id,
            attempt.environment_id,
            status,
            account_id or attempt.account_id,
            attempt.kept if kept is None else dict(kept),
        )
        await self._database.finish(self._change(changed, None if state is None else digest_of(state)))
        return changed

    async def take(self, state: str) -> Attempt:
        """The attempt that waits for a consent with this state, once; InvalidLink when none does (any more)."""
        found = await self._attempt_where(attempts.c.state_digest == digest_of(state))
        if found is None or not await self._database.finish(self._take(found.id, digest_of(state))):
            raise InvalidLink(
                "This answer of the provider is not one that is waited for: it came before, or too late. "
                "Begin again from the link that you were given."
            )
        return found

    async def _insert(self, link: LinkToken, plaintext: str) -> None:
        values = {
            **{name: value for name, value in vars(link).items() if name != "context"},
            "scopes": None if link.scopes is None else list(link.scopes),
            "digest": digest_of(plaintext),
            "key_id": self._keys.newest_id,
            "context": self._keys.encrypt(orjson.dumps(dict(link.context)), link_place(link.id)),
        }
        async with self._database.transaction() as connection:
            await connection.execute(delete(link_tokens).where(link_tokens.c.expires_at < link.created_at - REMEMBERED))
            await connection.execute(insert(link_tokens).values(values))
            await note(connection, link.environment_id, "link_token.created", link.id)

    async def _mark(self, link_id: str, used_at: datetime | None) -> int:
        mine = [link_tokens.c.id == link_id]
        if used_at is not None:
            mine.append(link_tokens.c.used_at.is_(None))
        async with self._database.transaction() as connection:
            return (await connection.execute(update(link_tokens).where(*mine).values(used_at=used_at))).rowcount

    async def _begin(self, attempt: Attempt) -> None:
        now = datetime.now(UTC)
        async with self._database.transaction() as connection:
            await connection.execute(delete(attempts).where(attempts.c.expires_at < now))
            values = {**self._row_of(attempt), "state_digest": None, "expires_at": now + ATTEMPT}
            await connection.execute(insert(attempts).values(values))

    async def _change(self, attempt: Attempt, state_digest: str | None) -> None:
        later = datetime.now(UTC) + ATTEMPT
        async with self._database.transaction() as connection:
            change = update(attempts).where(attempts.c.id == attempt.id)
            values = {**self._row_of(attempt), "state_digest": state_digest, "expires_at": later}
            await connection.execute(change.values(values))

    async def _take(self, attempt_id: str, state_digest: str) -> int:
        async with self._database.transaction() as connection:
            mine = (attempts.c.id == attempt_id, attempts.c.state_digest == state_digest)
            return (await connection.execute(update(attempts).where(*mine).values(state_digest=None))).rowcount

    async def _attempt_where(self, condition: Any) -> Attempt | None:
        query = select(attempts).where(condition, attempts.c.expires_at > datetime.now(UTC))
        rows = await self._database.rows(query)
        if not rows:
            return None
        row = rows[0]
        kept = orjson.loads(self._keys.decrypt(row.kept, attempt_place(row.id)))
        return Attempt(row.id, row.link_token_id, row.environment_id, row.status, row.account_id, kept)

    def _row_of(self, attempt: Attempt) -> dict[str, Any]:
        return {
            **vars(attempt),
            "key_id": self._keys.newest_id,
            "kept": self._keys.encrypt(orjson.dumps(dict(attempt.kept)), attempt_place(attempt.id)),
        }

    def _checked(self, row: Row[*tuple[Any, ...]]) -> LinkToken:
        if row.used_at is not None:
            raise InvalidLink("This link was used already: it connects one account, once. Ask for a new one.")
        if row.expires_at <= datetime.now(UTC):
            raise InvalidLink(f"This link expired on {row.expires_at:%Y-%m-%d}. Ask for a new one.")
        return self._link_of(row)

    def _link_of(self, row: Row[*tuple[Any, ...]]) -> LinkToken:
        return LinkToken(
            id=row.id,
            environment_id=row.environment_id,
            tenant_id=row.tenant_id,
            account_id=row.account_id,
            redirect_uri=row.redirect_uri,
            scopes=None if row.scopes is None else tuple(row.scopes),
            keeps_context=row.keeps_context,
            context=orjson.loads(self._keys.decrypt(row.context, link_place(row.id))),
            created_at=row.created_at,
            expires_at=row.expires_at,
            used_at=row.used_at,
        )


def digest_of(secret: str) -> str:
    """What a token, a handle or a state is stored and found by."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def link_place(link_id: str) -> str:
    """What a link's context is sealed for."""
    return f"link_tokens:{link_id}:context"


def attempt_place(attempt_id: str) -> str:
    """What an attempt's answers are sealed for."""
    return f"attempts:{attempt_id}:kept"
