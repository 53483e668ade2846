"""API tokens: made, found by their digest, refused with a reason, their last use noted off the hot path."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import structlog
from sqlalchemy import or_, update

from polyhire.accounts.account import ApiToken
from polyhire.accounts.database import DATABASE_ERRORS, Database
from polyhire.accounts.tables import api_tokens
from polyhire.errors import Unauthorized

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
