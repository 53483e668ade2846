"""The one door to what is stored: environments, tokens and accounts.

`authenticate` and `get_account` are asked on every call: they answer from memory, kept true by `cache`.
"""

import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, Unpack

from sqlalchemy import Row, Select, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from polyhire.accounts.account import (
    USUAL_SCOPES,
    Account,
    AccountChanges,
    ApiToken,
    Environment,
    Status,
    as_scopes,
    as_status,
    new_id,
)
from polyhire.accounts.account_tokens import LIFE, AccountToken, seal, unseal
from polyhire.accounts.apps import Apps
from polyhire.accounts.audit import Audit, note
from polyhire.accounts.cache import Cache, Revision
from polyhire.accounts.database import Database, open_database
from polyhire.accounts.deliveries import Deliveries
from polyhire.accounts.environments import Environments
from polyhire.accounts.events import announce, announce_removal
from polyhire.accounts.idempotency import Idempotency
from polyhire.accounts.leases import REFRESH, Lease, Leases, forget, stored
from polyhire.accounts.limits import Limits
from polyhire.accounts.links import Links
from polyhire.accounts.listing import Condition, narrowed
from polyhire.accounts.news import News, open_valkey
from polyhire.accounts.ring import fitting_keys
from polyhire.accounts.rotation import Rotation
from polyhire.accounts.rows import account_of, as_json, environment_of, row_of, token_of, unknown
from polyhire.accounts.tables import accounts, api_tokens, environments, idempotent_answers, revision
from polyhire.accounts.tokens import LastUse, Tokens, check_token, digest_of, new_token, unknown_token
from polyhire.accounts.vault import KeyRing
from polyhire.accounts.webhooks import Webhooks
from polyhire.errors import AccountBlocked, InvalidRequest, Unauthorized
from polyhire.settings import Settings

if TYPE_CHECKING:
    from redis.asyncio import Redis

# In a token's name; PostgreSQL would refuse more.
MOST_LETTERS = 200
# What processes tell each other.
REVISION_MOVED = "revision"
LEASE_FREED = "lease"

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")


def to_the_end(
    method: Callable[Concatenate["Store", Parameters], Coroutine[Any, Any, Answer]],
) -> Callable[Concatenate["Store", Parameters], Coroutine[Any, Any, Answer]]:
    """A method that, once begun, is not cancelled with its caller: a new OAuth token must not be lost so."""

    @wraps(method)
    async def run(store: "Store", /, *args: Parameters.args, **kwargs: Parameters.kwargs) -> Answer:
        return await store._database.finish(method(store, *args, **kwargs))

    return run


class Store:
    """Everything stored, for one process; several processes may share a database."""

    def __init__(
        self, database: Database, keys: KeyRing, clock: Callable[[], float], valkey: "Redis | None" = None
    ) -> None:
        self.keys = keys
        self.valkey = valkey
        self.idempotency = Idempotency(database, keys, clock)
        self._database = database
        self._accounts = Cache(self._read_account)
        self._tokens = Cache(self._read_token)
        self._revision = Revision(self._read_revision, self._forget_all, clock)
        self._last_use = LastUse(database, clock)
        self.apps = Apps(database, keys, self._writing, self._revision.check)
        self.audit = Audit(database)
        self.limits = Limits(clock, valkey)
        self.tokens = Tokens(database)
        self.environments = Environments(database)
        self.webhooks = Webhooks(database, keys)
        self.deliveries = Deliveries(database, keys)
        self.links = Links(database, keys)
        self.rotation = Rotation(database, keys)
        self._news = News(valkey, self._hear)
        self._leases = Leases(database, lambda id: self._news.tell(f"{LEASE_FREED} {id}"))

    @classmethod
    async def open(cls, settings: Settings, *, clock: Callable[[], float] = time.monotonic) -> "Store":
        """Make or migrate the database, and see that the key ring fits what is stored; else SettingsError."""
        database = await open_database(settings.database_url)
        try:
            valkey = open_valkey(settings.valkey_url) if settings.valkey_url else None
            return cls(database, await fitting_keys(database, settings), clock, valkey)
        except BaseException:
            await database.close()
            raise

    async def close(self) -> None:
        """Finish what is being written and end every connection."""
        await self._database.close()
        await self._news.close()
        if self.valkey is not None:
            await self.valkey.aclose()

    def lease(self, kind: str, id: str) -> AbstractAsyncContextManager[Lease]:
        """Wait until nobody else, in any process, is at this kind of work on this thing, and hold it meanwhile."""
        return self._leases.hold(kind, id)

    @to_the_end
    async def environment(self, name: str = "default") -> Environment:
        """The environment of this name, made when missing."""
        query = select(environments).where(environments.c.name == name)
        row = await self._first(query)
        if row is None:
            try:
                async with self._writing() as connection:
                    values = {"id": new_id(), "name": name, "created_at": datetime.now(UTC)}
                    await connection.execute(insert(environments).values(values))
                    await note(connection, str(values["id"]), "environment.created", str(values["id"]))
            except IntegrityError:
                pass  # Another process has just made it.
            row = await self._first(query)
            assert row is not None
        return environment_of(row)

    @to_the_end
    async def create_token(
        self,
        environment_id: str,
        name: str,
        *,
        expires_at: datetime | None = None,
        scopes: Iterable[str] = USUAL_SCOPES,
    ) -> tuple[str, ApiToken]:
        """A new token, readable this once, and its record. InvalidRequest if it could never work."""
        allowed = as_scopes(scopes)
        now = datetime.now(UTC)
        if expires_at is not None and (expires_at.tzinfo is None or expires_at <= now):
            raise InvalidRequest("expires_at has to be in the future, and to say its time zone.")
        if not 0 < len(name) <= MOST_LETTERS:
            raise InvalidRequest(f"A token's name has 1 to {MOST_LETTERS} letters.")
        plaintext = new_token()
        token = ApiToken(new_id(), environment_id, name, now, expires_at, None, None, allowed)
        values = {**vars(token), "scopes": " ".join(sorted(allowed)), "digest": digest_of(plaintext)}
        async with self._writing() as connection:
            await connection.execute(insert(api_tokens).values(values))
            await note(connection, environment_id, "token.created", token.id, allowed)
        return plaintext, token

    async def authenticate(self, token: str) -> ApiToken:
        """The token's record (`last_used_at` may be old); Unauthorized if unknown, expired or revoked."""
        await self._revision.check()
        known = check_token(await self._tokens.get(digest_of(token)))
        self._last_use.note(known.id)
        return known

    async def create_account_token(self, maker: ApiToken, account_id: str) -> tuple[str, AccountToken]:
        """A token for one account of the maker's environment, with the maker's scopes but `admin`."""
        account = await self.get_account(maker.environment_id, account_id)
        scopes = tuple(sorted(maker.scopes - {"admin"}))
        token = AccountToken(account.environment_id, account.id, maker.id, scopes, int(time.time()) + LIFE)
        return seal(token, self.keys), token

    async def authenticate_account(self, token: str) -> tuple[AccountToken, ApiToken]:
        """What an account token says, and who made it; Unauthorized once it, its maker or its account is no more."""
        said = unseal(token, self.keys)
        await self._revision.check()
        maker = check_token(await self._tokens.get(said.maker))
        account = await self._accounts.get(said.account_id)
        if account is None or account.environment_id != said.environment_id:
            raise Unauthorized("The account that this token is for was removed. Connect it again.")
        if account.status == "blocked":
            raise AccountBlocked(f"account {account.id} is blocked; an administrator can set it active again")
        return said, maker

    async def list_tokens(self, environment_id: str) -> tuple[ApiToken, ...]:
        """Every token of the environment, oldest first, with the expired and the revoked ones."""
        return await self.tokens.list(environment_id)

    @to_the_end
    async def revoke_token(self, environment_id: str, token_id: str) -> ApiToken:
        """End the token: at once in this process, within a second in all others. Twice is no error."""
        mine = (api_tokens.c.environment_id == environment_id, api_tokens.c.id == token_id)
        async with self._writing(self._tokens.forget_all) as connection:
            change = update(api_tokens).where(*mine, api_tokens.c.revoked_at.is_(None))
            await connection.execute(change.values(revoked_at=datetime.now(UTC)))
            row = (await connection.execute(select(api_tokens).where(*mine))).first()
            if row is None:
                raise unknown_token(token_id)
            await note(connection, environment_id, "token.revoked", token_id)
            return token_of(row)

    @to_the_end
    async def add_account(
        self,
        environment_id: str,
        integration: str,
        tenant_id: str,
        *,
        name: str | None = None,
        connect: str | None = None,
        status: Status = "connecting",
        settings: Mapping[str, str] | None = None,
        secrets: Mapping[str, str] | None = None,
        state: Mapping[str, Any] | None = None,
    ) -> Account:
        """Remember a new account; `state` is anything that JSON can hold."""
        now = datetime.now(UTC)
        account = Account(
            id=new_id(),
            environment_id=environment_id,
            integration=integration,
            connect=connect,
            tenant_id=tenant_id,
            name=name,
            status=as_status(status),
            settings=dict(settings or {}),
            secrets=dict(secrets or {}),
            state=dict(state or {}),
            last_error=None,
            created_at=now,
            updated_at=now,
            version=1,
        )
        async with self._writing() as connection:
            await connection.execute(insert(accounts).values(row_of(account, self.keys)))
            await note(connection, environment_id, "integrated_account.created", account.id)
            await announce(connection, None, account)
        return account

    async def get_account(self, environment_id: str, account_id: str) -> Account:
        """The account; UnknownAccount when this environment has none of this id."""
        await self._revision.check()
        account = await self._accounts.get(account_id)
        if account is None or account.environment_id != environment_id:
            raise unknown(account_id)
        return account

    async def fresh_account(self, environment_id: str, account_id: str) -> Account:
        """As `get_account`, from the database itself: for the holder of a lease, after what the last one did."""
        self._accounts.forget(account_id)
        return await self.get_account(environment_id, account_id)

    async def list_accounts(
        self,
        environment_id: str,
        *,
        integration: str | None = None,
        tenant_id: str | None = None,
        status: str | None = None,
        where: Iterable[Condition] = (),
        limit: int = 100,
        after: str | None = None,
    ) -> tuple[Account, ...]:
        """Up to `limit` accounts, oldest first, that come after the account id `after`."""
        query = narrowed(select(accounts).where(accounts.c.environment_id == environment_id), accounts, where)
        if integration is not None:
            query = query.where(accounts.c.integration == integration)
        if tenant_id is not None:
            query = query.where(accounts.c.tenant_id == tenant_id)
        if status is not None:
            query = query.where(accounts.c.status == as_status(status))
        if after is not None:
            query = query.where(accounts.c.id > after)
        rows = await self._database.rows(query.order_by(accounts.c.id).limit(limit))
        return tuple(account_of(row, self.keys) for row in rows)

    async def update_account(self, account_id: str, **changes: Unpack[AccountChanges]) -> Account:
        """Change some of an account, whatever others changed before; UnknownAccount when it is gone."""
        account = await self._change(account_id, changes, action="integrated_account.updated")
        assert account is not None
        return account

    async def save_state(
        self,
        account_id: str,
        state: Mapping[str, Any],
        *,
        expected_version: int | None = None,
        expected_state: Mapping[str, Any] | None = None,
    ) -> Account | None:
        """Replace the state, or return None if others changed the account, or its state, since it was as expected."""
        return await self._change(account_id, {"state": state}, expected_version, expected_state)

    async def set_status(self, account_id: str, status: Status, last_error: str | None = None) -> Account:
        """Set status and last error together; writes nothing when both are so already."""
        account = await self._read_account(account_id)
        if account is not None and (account.status, account.last_error) == (status, last_error):
            return account
        changed = await self._change(account_id, {"status": status, "last_error": last_error})
        assert changed is not None
        return changed

    @to_the_end
    async def remove_account(self, environment_id: str, account_id: str) -> None:
        """Forget the account, its secrets and its stored answers; UnknownAccount when it is not of this environment."""
        mine = (accounts.c.environment_id == environment_id, accounts.c.id == account_id)
        async with self._writing(lambda: self._accounts.forget(account_id)) as connection:
            deleted = (await connection.execute(delete(accounts).where(*mine).returning(accounts))).first()
            if deleted is not None:
                await announce_removal(connection, deleted)
                await note(connection, environment_id, "integrated_account.deleted", account_id)
                await forget(connection, REFRESH, account_id)
                await connection.execute(
                    delete(idempotent_answers).where(idempotent_answers.c.account_id == account_id)
                )
        if deleted is None:
            raise unknown(account_id)

    @to_the_end
    async def _change(
        self,
        account_id: str,
        changes: AccountChanges,
        expected_version: int | None = None,
        expected_state: Mapping[str, Any] | None = None,
        action: str | None = None,
    ) -> Account | None:
        """`action` is how the audit trail calls what someone did; None where polyhire itself did it."""
        if "status" in changes:
            as_status(changes["status"])
        mine = accounts.c.id == account_id
        async with self._writing(lambda: self._accounts.forget(account_id)) as connection:
            row = (await connection.execute(select(accounts).where(mine))).first()
            if row is None:
                raise unknown(account_id)
            if expected_version not in (None, row.version):
                return None
            before = account_of(row, self.keys)
            if expected_state is not None and as_json(expected_state) != as_json(before.state):
                return None
            account = replace(before, **changes, updated_at=datetime.now(UTC), version=before.version + 1)
            await connection.execute(update(accounts).where(mine).values(row_of(account, self.keys)))
            if changes.keys() & {"secrets", "state"}:
                await stored(connection, REFRESH, account_id)
            if action is not None:
                await note(connection, account.environment_id, action, account.id, changes)
            await announce(connection, before, account)
        return account

    @asynccontextmanager
    async def _writing(self, forget: Callable[[], None] | None = None) -> AsyncIterator[AsyncConnection]:
        """A transaction that every process takes notice of; `forget` drops the old from this one's memory."""
        async with self._database.transaction() as connection:
            # First of all, so that writers queue here: what one reads before writing can't change under it.
            bump = update(revision).values(number=revision.c.number + 1).returning(revision.c.number)
            number = (await connection.execute(bump)).scalar_one()
            yield connection
        if forget is not None:
            forget()
        self._revision.wrote(number)
        self._news.tell(REVISION_MOVED)

    def _hear(self, text: str) -> None:
        what, _, id = text.partition(" ")
        if what == REVISION_MOVED:
            self._revision.doubt()
        elif what == LEASE_FREED:
            self._leases.look(id)

    async def _first(self, query: Select[*tuple[Any, ...]]) -> Row[*tuple[Any, ...]] | None:
        rows = await self._database.rows(query)
        return rows[0] if rows else None

    async def _read_revision(self) -> int:
        row = await self._first(select(revision.c.number))
        assert row is not None
        return int(row.number)

    async def _read_account(self, account_id: str) -> Account | None:
        row = await self._first(select(accounts).where(accounts.c.id == account_id))
        return None if row is None else account_of(row, self.keys)

    async def _read_token(self, key: str) -> ApiToken | None:
        """By digest or by id: the one is never the other."""
        row = await self._first(select(api_tokens).where(or_(api_tokens.c.digest == key, api_tokens.c.id == key)))
        return None if row is None else token_of(row)

    def _forget_all(self) -> None:
        self._accounts.forget_all()
        self._tokens.forget_all()
        self.apps.forget_all()
