"""The credential pipeline: `ask -> oauth2? -> session? -> apply`.

Tokens are refreshed ahead of their expiry, by one call at a time per account; the state is saved before it is used.
"""

import base64
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from polyhire.engine import formats
from polyhire.engine.exchange import Answer, Outgoing
from polyhire.engine.failures import failure
from polyhire.engine.request import Plans, build, url_of
from polyhire.engine.scope import Scope
from polyhire.errors import CredentialsRejected, NeedsReauth, ProviderFailed
from polyhire.expressions import ABSENT, Template
from polyhire.manifest.integration import Connect, Integration, OAuth2

EARLY = 60.0
"""Seconds before its expiry from which a token is no longer used."""

State = Mapping[str, Any]
"""What the pipeline keeps between calls: `{"oauth2": {...}, "session": {...}}`, with `expires_at` in epoch seconds."""

Send = Callable[[Outgoing], Awaitable[Answer]]


@dataclass
class Credential:
    """What lets calls in: the answers of the connect form, and the state kept between calls.

    `key` identifies the account; `lock()` lets one refresh of it run at a time; `reload()` gives the state as it is
    stored now; `save()` stores it.
    """

    key: str
    connect: Connect
    asked: Mapping[str, str] = field(repr=False)
    state: State = field(repr=False)
    lock: Callable[[], AbstractAsyncContextManager[None]]
    reload: Callable[[], Awaitable[State]]
    save: Callable[[State], Awaitable[None]]
    _applied: "Applied | None" = field(default=None, repr=False)

    @property
    def settings(self) -> dict[str, str]:
        """The answers that are not secret: `account.*` in expressions."""
        return {name: value for name, value in self.asked.items() if not self._is_secret(name)}

    def secrets(self) -> list[str]:
        """Every secret value this credential holds, for redaction."""
        kept = [value for part in self.state.values() if isinstance(part, Mapping) for value in part.values()]
        asked = [value for name, value in self.asked.items() if self._is_secret(name)]
        return [value for value in (*asked, *kept) if isinstance(value, str) and len(value) > 3]

    def scope(self) -> Scope:
        """What expressions under `connect` see."""
        return Scope({**self.asked, "account": self.settings, **self.state})

    def _is_secret(self, name: str) -> bool:
        ask = self.connect.ask.get(name)
        return ask is None or ask.secret


@dataclass
class Applied:
    """A credential as it goes on a request, kept until its state changes."""

    state: State
    headers: dict[str, str]
    query: dict[str, str]
    base_url: str


class Authenticator:
    """Brings credentials of one integration up to date and puts them on requests."""

    def __init__(self, integration: Integration, plans: Plans, place: Callable[[str], str]) -> None:
        self._file = integration.file
        self._plans = plans
        self._place = place
        self._templates: dict[int, tuple[Connect, Template]] = {}

    async def prepare(self, credential: Credential, send: Send) -> Applied:
        """The credential ready for a request, refreshed first when it must be.

        Raises CredentialsRejected when the provider refuses it, NeedsReauth when a consent is missing.
        """
        applied = credential._applied
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
        if connect.oauth2 is not None and _is_old(credential.state.get("oauth2")):
            token = await self._token(credential, connect.oauth2, send)
            await _keep(
                credential, {**credential.state, "oauth2": token, **({"session": None} if connect.session else {})}
            )
        if connect.session is not None and _is_old(credential.state.get("session")):
            await _keep(credential, {**credential.state, "session": await self._session(credential, send)})

    async def _token(self, credential: Credential, oauth2: OAuth2, send: Send) -> dict[str, Any]:
        scope = credential.scope()
        kept = credential.state.get("oauth2") or {}
        client = [_filled(scope, part) for part in (oauth2.client_id, oauth2.client_secret)]
        form = {name: value for name, value in (scope.fill(Template(dict(oauth2.params))) or {}).items() if value}
        refresh_token = kept.get("refresh_token") or _filled(scope, oauth2.refresh_token)
        if refresh_token:
            form |= {"grant_type": "refresh_token", "refresh_token": refresh_token}
        elif oauth2.grant == "client_credentials":
            form["grant_type"] = "client_credentials"
            if oauth2.scopes:
                form["scope"] = oauth2.scope_separator.join(oauth2.scopes)
        else:
            raise NeedsReauth(f"the account has no consent at {self._file.name} yet; connect it again")
        headers = {"Accept": "application/json"}
        if oauth2.client_auth == "basic":
            headers["Authorization"] = basic(client[0], client[1])
        else:
            form |= {"client_id": client[0], "client_secret": client[1]}
        body, content_type = formats.encode("form", form, None)
        headers["Content-Type"] = str(content_type)
        url = self._place(url_of(oauth2.token_url, scope))
        answer = await send(Outgoing("POST", url, headers, body))
        return _token_of(answer, self._file.name, kept)

    async def _session(self, credential: Credential, send: Send) -> dict[str, Any]:
        session = credential.connect.session
        assert session is not None
        scope = credential.scope()
        outgoing = build(self._plans.plan(session), scope, self._place(url_of(self._file.base_url, scope)))
        if session.request.text.startswith("https://"):  # its own host moves with the integration
            outgoing.url = self._place(outgoing.url)
        answer = await send(outgoing)
        told = scope.with_(status=answer.status, headers=_lower(answer), body=answer.data)
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
        credential._applied = Applied(credential.state, headers, query, base_url)
        return credential._applied


def basic(username: Any, password: Any) -> str:
    """An HTTP Basic header; an absent half is empty."""
    halves = f"{username or ''}:{password or ''}"
    return "Basic " + base64.b64encode(halves.encode()).decode()


def _filled(scope: Scope, expression: Any) -> str:
    value = scope.evaluate(expression) if expression is not None else ""
    return "" if value is ABSENT or value is None else str(value)


def _lower(answer: Answer) -> dict[str, str]:
    return {name.lower(): value for name, value in answer.headers.items()}


def _stale(credential: Credential) -> bool:
    connect = credential.connect
    return (connect.oauth2 is not None and _is_old(credential.state.get("oauth2"))) or (
        connect.session is not None and _is_old(credential.state.get("session"))
    )


def _is_old(part: Any) -> bool:
    """Whether a token or session is missing or about to expire; without an expiry it lives until a 401."""
    if not part or (set(part) <= {"refresh_token"}):
        return True
    expires_at = part.get("expires_at")
    return expires_at is not None and expires_at - EARLY <= time.time()


def _expired(state: State) -> State:
    return {name: {**part, "expires_at": 0.0} if isinstance(part, Mapping) else part for name, part in state.items()}


async def _keep(credential: Credential, state: State) -> None:
    await credential.save(state)  # stored before it is used: a rotated refresh token must not be lost
    credential.state = state


def _token_of(answer: Answer, name: str, kept: Mapping[str, Any]) -> dict[str, Any]:
    """The token in a token server's answer, its expiry in epoch seconds."""
    data = answer.data if isinstance(answer.data, Mapping) else {}
    token = data.get("access_token")
    if answer.status < 300 and isinstance(token, str) and token:
        refresh = data.get("refresh_token") or kept.get("refresh_token")
        return {
            "access_token": token,
            **({"refresh_token": refresh} if refresh else {}),
            **({"expires_at": expiry} if (expiry := _expiry(data)) is not None else {}),
        }
    said = " ".join(str(data[key]) for key in ("error", "error_description") if isinstance(data.get(key), str))
    message = f"{name} gave no access token (HTTP {answer.status}){f': {said}' if said else ''}"
    # Some token servers say no with a 200.
    if answer.status in (400, 401, 403) or (answer.status < 300 and isinstance(data.get("error"), str)):
        raise CredentialsRejected(message, provider_status=answer.status, raw_response=answer.data)
    raise ProviderFailed(message, provider_status=answer.status)


def _expiry(data: Mapping[str, Any]) -> float | None:
    """When a token expires: `expires_in` (seconds) or `expires_at` (ISO 8601, UTC unless it says; epoch seconds)."""
    lives, at = data.get("expires_in"), data.get("expires_at")
    if isinstance(lives, int | float | str) and str(lives).replace(".", "", 1).isdigit():
        return time.time() + float(lives)
    if isinstance(at, int | float):
        return float(at)
    if isinstance(at, str):
        try:
            moment = datetime.fromisoformat(at)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        except ValueError:
            return None
    return None
