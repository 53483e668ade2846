"""Telling other processes at once, by way of Valkey, what each of them finds out in the database a little later.

Nothing depends on a message: the database is the truth, and whoever misses a message looks there soon.
"""

import asyncio
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog

from polyhire.accounts.account import new_id
from polyhire.errors import SettingsError

if TYPE_CHECKING:
    from redis.asyncio import Redis

CHANNEL = "polyhire"
CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 2.0
# Between two tries to listen while Valkey is away.
PAUSE_SECONDS = 1.0

log = structlog.get_logger(__name__)


def open_valkey(address: str) -> "Redis":
    """A client of the Valkey (or Redis) at this address; nothing is sent yet. Raises SettingsError if malformed."""
    # Loaded here because most installations do without.
    from redis.asyncio import Redis

    try:
        # Valkey's own names of the schemes are unknown to the library, which means the same by its own.
        return Redis.from_url(
            re.sub(r"^valkey(?=s?://)", "redis", address),
            socket_connect_timeout=CONNECT_SECONDS,
            socket_timeout=ANSWER_SECONDS,
        )
    except ValueError:
        # Not quoted: the address may hold a password.
        raise SettingsError(
            "POLYHIRE_VALKEY_URL is not an address like valkey://host:6379/0, valkeys://... or unix:///path"
        ) from None


class News:
    """What happened, told to every process on this Valkey but the one that says it. Without Valkey nobody hears."""

    def __init__(self, valkey: "Redis | None", on_news: Callable[[str], None]) -> None:
        self._valkey = valkey
        self._on_news = on_news
        self._me = new_id()
        self._telling: set[asyncio.Task[None]] = set()
        self._listening = None if valkey is None else asyncio.create_task(self._listen(valkey))

    def tell(self, text: str) -> None:
        """Tell the others; never waits, and failures are logged only."""
        if self._valkey is not None:
            task = asyncio.create_task(self._tell(self._valkey, text))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def _tell(self, valkey: "Redis", text: str) -> None:
        from redis.exceptions import RedisError

        try:
            await valkey.publish(CHANNEL, f"{self._me} {text}")
        except (RedisError, OSError) as error:
            log.warning("Valkey can't be reached; other processes look in half a second", error=type(error).__name__)

    async def _listen(self, valkey: "Redis") -> None:
        from redis.exceptions import RedisError

        while True:
            try:
                await self._hear(valkey)
            except (RedisError, OSError) as error:
                log.warning("Valkey can't be listened to; trying again", error=type(error).__name__)
                await asyncio.sleep(PAUSE_SECONDS)

    async def _hear(self, valkey: "Redis") -> None:
        async with valkey.pubsub(ignore_subscribe_messages=True) as subscription:
            await subscription.subscribe(CHANNEL)
            while True:
                message = await subscription.get_message(timeout=ANSWER_SECONDS)
                if message is not None:
                    sender, _, text = message["data"].decode().partition(" ")
                    if sender != self._me:
                        self._on_news(text)

    async def close(self) -> None:
        """Stop listening, once everything was told."""
        if self._listening is not None:
            await asyncio.gather(*self._telling)
            self._listening.cancel()
            await asyncio.wait([self._listening])
