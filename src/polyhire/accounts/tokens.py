"""API tokens: made, found by their digest, refused with a reason, their last use noted off the hot path."""

import secrets
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import structlog
from sqlalchemy import or_, select, update

from polyhire.accounts.account import ApiToken
from polyhire.accounts.database import DATABASE_ERRORS, Database
from polyhire.accounts.listing import Condition, narrowed
from polyhire.accounts.rows import token_of
from polyhire.accounts.tables import api_tokens
from polyhire.errors import Unauthorized, UnknownToken, shorten

PREFIX = "ph_"
# Seconds between two writes of a token's `last_used_at`.
NOTE_EVERY = 60.0
ASK = "Ask whoever runs this server for a new one."

log = structlog.get_logger(__name__)


def new_token() -> str:
    """A token of 256 random bits."""
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """What a token is stored and found by; Unauthorized when it is no token of ours at a glance."""
    if not (token.startswith(PREFIX) and token.isascii()):
        raise Unauthorized(f"The API token is not one of this server's: they begin with '{PREFIX}'. {ASK}")
    return sha256(token.encode("ascii")).hexdigest()


def check_token(token: ApiToken | None) -> ApiToken:
    """The token if it is good now; otherwise Unauthorized with the reason."""
    if token is None:
        raise Unauthorized(f"The API token is unknown here: mistyped, or made on another server. {ASK}")
    if token.revoked_at is not None:
        raise Unauthorized(f"The API token '{token.name}' was revoked at {token.revoked_at:%Y-%m-%d %H:%M} UTC. {ASK}")
    if token.expires_at is not None and token.expires_at <= datetime.now(UTC):
        raise Unauthorized(f"The API token '{token.name}' expired at {token.expires_at:%Y-%m-%d %H:%M} UTC. {ASK}")
    return token


class Tokens:
    """The tokens of environments, for looking at."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list(
        self,
        environment_id: str,
        where: Iterable[Condition] = (),
        *,
        limit: int | None = None,
        after: str | None = None,
    ) -> tuple[ApiToken, ...]:
        """Up to `limit` tokens, oldest first, after the token id `after`; the expired and the revoked ones too."""
        query = narrowed(select(api_tokens).where(api_tokens.c.environment_id == environment_id), api_tokens, where)
        if after is not None:
            query = query.where(api_tokens.c.id > after)
        return tuple(token_of(row) for row in await self._database.rows(query.order_by(api_tokens.c.id).limit(limit)))

    async def get(self, environment_id: str, token_id: str) -> ApiToken:
        """The token of this id; UnknownToken when this environment has none."""
        found = await self.list(environment_id, [Condition("id", "eq", (token_id,))])
        if not found:
            raise unknown_token(token_id)
        return found[0]


def unknown_token(token_id: str) -> UnknownToken:
    """The error for an id that is none of this environment's tokens."""
    return UnknownToken(
        f"There is no token '{shorten(token_id, 40)}' in this environment. List its tokens to find the id."
    )


class LastUse:
    """Writes `last_used_at` beside the call, at most once a minute per token, over all processes."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
        self._next: dict[str, float] = {}

    def note(self, token_id: str) -> None:
        """Have this use written, unless one was within the last minute; never waits."""
        now = self._clock()
        if now < self._next.get(token_id, 0.0):
            return
        self._next[token_id] = now + NOTE_EVERY
        self._database.start(self._write(token_id))

    async def _write(self, token_id: str) -> None:
        now = datetime.now(UTC)
        due = or_(
            api_tokens.c.last_used_at.is_(None),
            api_tokens.c.last_used_at <= now - timedelta(seconds=NOTE_EVERY),
        )
        try:
            async with self._database.transaction() as connection:
                await connection.execute(
                    update(api_tokens).where(api_tokens.c.id == token_id, due).values(last_used_at=now)
                )
        except DATABASE_ERRORS as error:
            # A call must not fail because its time could not be noted.
            log.warning("The last use of a token could not be written", token_id=token_id, error=type(error).__name__)
