"""The credential pipeline: `ask -> discover? -> oauth2? -> session? -> apply`.

Tokens are refreshed ahead of their expiry, by one call at a time per account; the state is saved before it is used.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

from polyhire.engine.apply import Applied, Appliers
from polyhire.engine.credential import Credential, Send, State
from polyhire.engine.oauth2 import TokenServer
from polyhire.engine.request import Plans, url_of
from polyhire.engine.sign_in import SignIn
from polyhire.errors import CredentialsRejected
from polyhire.manifest.integration import Integration

EARLY = 60.0
"""Seconds before its expiry from which a token is no longer used."""


class Authenticator:
    """Brings credentials of one integration up to date and puts them on requests."""

    def __init__(self, integration: Integration, plans: Plans, place: Callable[[str], str]) -> None:
        self.server = TokenServer(integration, place)
        self._base_url = integration.file.base_url
        self._place = place
        self._sign_in = SignIn(integration, plans, place)
        self._appliers = Appliers(integration.name)
        self._under_way: set[asyncio.Task[None]] = set()

    async def prepare(self, credential: Credential, send: Send) -> Applied:
        """The credential ready for a request, refreshed first when it must be.

        Raises CredentialsRejected when the provider refuses it, NeedsReauth when a consent is missing.
        """
        applied = credential.applied
        if applied is not None and applied.state is credential.state and not _stale(credential):
            return applied
        if _stale(credential):
            await self._finish(self._refreshed(credential, None, send))
        scope, state = credential.scope(), credential.state
        base_url = url_of(self._base_url, scope, self._place).rstrip("/")
        credential.applied = self._appliers.applied(credential.connect.apply, scope, state, base_url)
        return credential.applied

    async def renew(self, credential: Credential, used: State, send: Send) -> bool:
        """After a 401 with this state: get a new token unless another call just did.

        False when there is nothing to renew.
        """
        if credential.connect.oauth2 is None and credential.connect.session is None:
            return False
        await self._finish(self._refreshed(credential, used, send))
        return True

    async def close(self) -> None:
        """Wait for the refreshes that are under way: their answers are worth an account each."""
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _finish(self, refresh: Coroutine[Any, Any, None]) -> None:
        """Do a refresh to its end, although its caller may go away: the provider's answer must not be lost."""
        task = asyncio.create_task(refresh)
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        await asyncio.shield(task)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            task.exception()  # looked at, so that nobody complains when the caller is gone

    async def _refreshed(self, credential: Credential, used: State | None, send: Send) -> None:
        """Take a turn at bringing the credential up to date; with the state `used` it is no longer good."""
        async with credential.lock():
            credential.state = await credential.reload()  # another call may have refreshed it meanwhile
            if credential.state == used:
                credential.state = _expired(credential.state)
            await self._refresh(credential, send)

    async def discover(self, credential: Credential, send: Send) -> None:
        """Find out, once, what the rest of the pipeline needs to know."""
        part = credential.connect.discover
        if part is not None and not credential.state.get("discover"):
            found = await self._sign_in.run(credential, part, send)
            await credential.keep({**credential.state, "discover": found})

    async def _refresh(self, credential: Credential, send: Send) -> None:
        await self.discover(credential, send)
        is_new = _needs_token(credential)
        if is_new:
            await self._fetch(credential, send)
        if credential.connect.session is None or not _is_old(credential.state.get("session")):
            return
        try:
            await self._open(credential, send)
        except CredentialsRejected:
            # The token may have been ended before its time.
            if is_new or credential.connect.oauth2 is None:
                raise
            await self._fetch(credential, send)
            await self._open(credential, send)

    async def _fetch(self, credential: Credential, send: Send) -> None:
        """A new token, which ends the session that an earlier one opened."""
        assert credential.connect.oauth2 is not None
        token = await self.server.token(credential, credential.connect.oauth2, send)
        ended = {"session": None} if credential.connect.session else {}
        await credential.keep({**credential.state, "oauth2": token, **ended})

    async def _open(self, credential: Credential, send: Send) -> None:
        assert credential.connect.session is not None
        session = await self._sign_in.run(credential, credential.connect.session, send)
        state = {**credential.state, "session": session}
        if credential.connect.token_opens_session:  # the token is used up
            kept = credential.state["oauth2"]
            state["oauth2"] = {name: kept[name] for name in kept if name not in ("access_token", "expires_at")}
        await credential.keep(state)


def _stale(credential: Credential) -> bool:
    connect, state = credential.connect, credential.state
    return (
        (connect.discover is not None and not state.get("discover"))
        or (connect.session is not None and _is_old(state.get("session")))
        or _needs_token(credential)
    )


def _needs_token(credential: Credential) -> bool:
    """Whether there is no good token. One that nothing but sign-ins need is not missed while the session lives."""
    connect, state = credential.connect, credential.state
    if connect.oauth2 is None or (connect.token_opens_session and not _is_old(state.get("session"))):
        return False
    token = state.get("oauth2") or {}
    return "access_token" not in token or _is_old(token)


def _is_old(part: Any) -> bool:
    """Whether a token or session is missing or about to expire; without an expiry it lives until a 401."""
    if not part:
        return True
    expires_at = part.get("expires_at")
    return expires_at is not None and expires_at - EARLY <= time.time()


def _expired(state: State) -> State:
    """The state with a token and a session that nobody would use."""
    ends = {name: {**state[name], "expires_at": 0.0} for name in ("oauth2", "session") if state.get(name)}
    return {**state, **ends}
