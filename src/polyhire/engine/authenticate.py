"""The credential pipeline: `ask -> oauth2? -> session? -> apply`.

Tokens are refreshed ahead of their expiry, by one call at a time per account; the state is saved before it is used.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

from polyhire.engine import formats
from polyhire.engine.credential import Applied, Credential, Send, State
from polyhire.engine.failures import failure
from polyhire.engine.oauth2 import TokenServer, basic, lower
from polyhire.engine.request import Plans, build, url_of
from polyhire.errors import ProviderFailed
from polyhire.expressions import ABSENT, Template
from polyhire.manifest.integration import Connect, Integration

EARLY = 60.0
"""Seconds before its expiry from which a token is no longer used."""


class Authenticator:
    """Brings credentials of one integration up to date and puts them on requests."""

    def __init__(self, integration: Integration, plans: Plans, place: Callable[[str], str]) -> None:
        self._file = integration.file
        self._plans = plans
        self._place = place
        self.server = TokenServer(integration, place)
        self._templates: dict[int, tuple[Connect, Template]] = {}

    async def prepare(self, credential: Credential, send: Send) -> Applied:
        """The credential ready for a request, refreshed first when it must be.

        Raises CredentialsRejected when the provider refuses it, NeedsReauth when a consent is missing.
        """
        applied = credential.applied
        if applied is not None and applied.state is credential.state and not _stale(credential):
            return applied
        if _stale(credential):
            async with credential.lock():
                credential.state = await credential.reload()  # another call may have refreshed it meanwhile
                await self._refresh(credential, send)
        return self._apply(credential)

    async def renew(self, credential: Credential, used: Applied, send: Send) -> bool:
        """After a 401: get a new token unless another call just did. False when there is nothing to renew."""
        if credential.connect.oauth2 is None and credential.connect.session is None:
            return False
        async with credential.lock():
            credential.state = await credential.reload()
            if credential.state == used.state:
                credential.state = _expired(credential.state)
            await self._refresh(credential, send)
        return True

    async def _refresh(self, credential: Credential, send: Send) -> None:
        connect = credential.connect
        if connect.oauth2 is not None and _is_old(credential.state.get("oauth2"), "access_token"):
            token = await self.server.token(credential, connect.oauth2, send)
            ended = {"session": None} if connect.session else {}
            await credential.keep({**credential.state, "oauth2": token, **ended})
        if connect.session is not None and _is_old(credential.state.get("session")):
            await credential.keep({**credential.state, "session": await self._session(credential, send)})

    async def _session(self, credential: Credential, send: Send) -> dict[str, Any]:
        session = credential.connect.session
        assert session is not None
        scope = credential.scope()
        outgoing = build(self._plans.plan(session), scope, self._place(url_of(self._file.base_url, scope)))
        if session.request.text.startswith("https://"):  # its own host moves with the integration
            outgoing.url = self._place(outgoing.url)
        answer = await send(outgoing)
        told = scope.with_(status=answer.status, headers=lower(answer), body=answer.data)
        if error := failure(answer, self._file, told):
            raise error
        kept = {name: told.evaluate(expression) for name, expression in session.keep.items()}
        if missing := [name for name, value in kept.items() if value is ABSENT or value is None]:
            raise ProviderFailed(f"{self._file.name} signed in, but its answer has no {', '.join(missing)}")
        lives = told.evaluate(session.expires_in) if session.expires_in else ABSENT
        return {**kept, "expires_at": time.time() + float(lives)} if isinstance(lives, int | float) else kept

    def _apply(self, credential: Credential) -> Applied:
        connect = credential.connect
        if id(connect) not in self._templates:
            parts = connect.apply
            tree = {
                "basic": {"username": parts.basic.username, "password": parts.basic.password} if parts.basic else None,
                "bearer": parts.bearer,
                "headers": dict(parts.headers),
                "query": dict(parts.query),
            }
            self._templates[id(connect)] = (connect, Template(tree, f"{self._file.name} connect.apply"))
        scope = credential.scope()
        found = scope.fill(self._templates[id(connect)][1])
        headers = {name: formats.text(value) for name, value in found.get("headers", {}).items()}
        if connect.apply.basic is not None:
            halves = found.get("basic") or {}
            headers["Authorization"] = basic(halves.get("username"), halves.get("password"))
        elif connect.apply.bearer is not None:
            headers["Authorization"] = f"Bearer {found.get('bearer', '')}"
        query = {name: formats.text(value) for name, value in found.get("query", {}).items()}
        base_url = self._place(url_of(self._file.base_url, scope))
        credential.applied = Applied(credential.state, headers, query, base_url)
        return credential.applied


def _stale(credential: Credential) -> bool:
    connect = credential.connect
    return (connect.oauth2 is not None and _is_old(credential.state.get("oauth2"), "access_token")) or (
        connect.session is not None and _is_old(credential.state.get("session"))
    )


def _is_old(part: Any, needed: str | None = None) -> bool:
    """Whether a token or session is missing or about to expire; without an expiry it lives until a 401."""
    if not part or (needed is not None and needed not in part):
        return True
    expires_at = part.get("expires_at")
    return expires_at is not None and expires_at - EARLY <= time.time()


def _expired(state: State) -> State:
    return {name: {**part, "expires_at": 0.0} if isinstance(part, Mapping) else part for name, part in state.items()}
