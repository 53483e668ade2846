"""Token requests: a grant for an access token, whatever the token server's dialect."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from polyhire.engine import formats
from polyhire.engine.credential import Client, Credential, Send
from polyhire.engine.exchange import Answer, Outgoing
from polyhire.engine.request import url_of
from polyhire.engine.scope import Scope
from polyhire.errors import CredentialsRejected, MissingApp, NeedsReauth, ProviderFailed
from polyhire.expressions import ABSENT, Template
from polyhire.manifest.integration import Integration, OAuth2

_MILLISECONDS_FROM = 1e11  # as seconds this is the year 5138: anything larger is milliseconds


class TokenServer:
    """An integration's token server: asks it for tokens. `place` moves addresses to where the integration points."""

    def __init__(self, integration: Integration, place: Callable[[str], str]) -> None:
        self.name = integration.name
        self.slug = integration.slug
        self.place = place

    async def token(self, credential: Credential, oauth2: OAuth2, send: Send) -> dict[str, Any]:
        """A token without a person. Raises NeedsReauth where one has to consent first."""
        kept = credential.state.get("oauth2") or {}
        refresh_token = None
        if oauth2.grant != "client_credentials":
            refresh_token = kept.get("refresh_token") or _filled(credential.scope(), oauth2.refresh_token)
            if not refresh_token:
                raise NeedsReauth(f"the account has no consent at {self.name} yet; connect it again")
            grant = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        else:
            scopes = oauth2.scope_separator.join(await self.scopes(credential, oauth2))
            grant = {"grant_type": "client_credentials", **({"scope": scopes} if scopes else {})}
        return await self.ask(credential, oauth2, grant, send)

    async def ask(self, credential: Credential, oauth2: OAuth2, grant: Mapping[str, str], send: Send) -> dict[str, Any]:
        """The token for a grant: `access_token`, `expires_at` in epoch seconds, and what `keep` names.

        Raises CredentialsRejected where the server refuses, ProviderFailed where nobody can read its answer.
        """
        scope, client = await self.client(credential, oauth2)
        params = scope.fill(Template(dict(oauth2.params))) or {}
        # After the grant: a server may want another name for it.
        form = {**grant, **{name: value for name, value in params.items() if value}}
        headers = {"Accept": "application/json"}
        if oauth2.client_auth == "basic" and client.secret:
            headers["Authorization"] = formats.basic(client.id, client.secret)
        else:
            parts = {"client_id": client.id, "client_secret": client.secret}
            form |= {name: value for name, value in parts.items() if value}
        body, content_type = formats.encode(oauth2.body, form, None)
        headers["Content-Type"] = str(content_type)
        url = url_of(oauth2.token_url, scope, self.place)
        answer = await send(Outgoing("POST", url, headers, body))
        return self._token_of(answer, oauth2, scope, credential.state.get("oauth2") or {})

    async def client(self, credential: Credential, oauth2: OAuth2) -> tuple[Scope, Client]:
        """What the grant's expressions see, and the client: as the form says, else the environment's own app.

        Raises MissingApp where there is neither.
        """
        app = credential.used = await credential.client()
        own = {"client_id": app.id, "client_secret": app.secret}
        scope = credential.scope()
        scope = scope.with_(**{name: value for name, value in own.items() if value and not scope.values.get(name)})
        client = Client(
            _filled(scope, oauth2.client_id) if oauth2.client_id else scope.values.get("client_id", ""),
            _filled(scope, oauth2.client_secret) if oauth2.client_secret else scope.values.get("client_secret", ""),
            app.scopes,
        )
        if not client.id and oauth2.needs_client:
            raise MissingApp(
                f"there is no OAuth app for {self.slug} in this environment; "
                "set its client_id and client_secret with POST /environment-integration"
            )
        return scope, client

    async def scopes(self, credential: Credential, oauth2: OAuth2) -> tuple[str, ...]:
        """The scopes to ask for: the environment's own, else the integration's."""
        own = (await credential.client()).scopes
        return oauth2.scopes if own is None else own

    def _token_of(self, answer: Answer, oauth2: OAuth2, scope: Scope, kept: Mapping[str, Any]) -> dict[str, Any]:
        """The token in a token server's answer; what a refresh does not repeat stays as it was."""
        data = answer.data if isinstance(answer.data, Mapping) else {}
        told = scope.with_(status=answer.status, headers=lower(answer), body=answer.json)
        found: dict[str, Any] = {}
        if answer.status < 300 and isinstance(answer.data, Mapping):
            found = {name: told.evaluate(expression) for name, expression in oauth2.keep.items()}
            found = {name: value for name, value in found.items() if value is not ABSENT and value is not None}
        standard = ("access_token", "refresh_token", "expires_in", "expires_at")
        said = {**{name: data[name] for name in standard if data.get(name)}, **found}
        token = said.get("access_token")
        if answer.status < 300 and isinstance(token, str) and token:
            lasting = {name: value for name, value in kept.items() if name in ("refresh_token", *oauth2.keep)}
            fresh = {name: value for name, value in said.items() if name not in ("expires_in", "expires_at")}
            moment = expiry(said)
            return {**lasting, **fresh, **({"expires_at": moment} if moment is not None else {})}
        raise self._refused(answer, data)

    def _refused(self, answer: Answer, data: Mapping[str, Any]) -> CredentialsRejected | ProviderFailed:
        said = " ".join(str(data[key]) for key in ("error", "error_description") if isinstance(data.get(key), str))
        message = f"{self.name} gave no access token (HTTP {answer.status}){f': {said}' if said else ''}"
        # Some token servers say no with a 200.
        if answer.status in (400, 401, 403) or (answer.status < 300 and isinstance(data.get("error"), str)):
            return CredentialsRejected(message, provider_status=answer.status, raw_response=answer.data)
        return ProviderFailed(message, provider_status=answer.status)


def lower(answer: Answer) -> dict[str, str]:
    """An answer's headers as expressions see them."""
    return {name.lower(): value for name, value in answer.headers.items()}


def expiry(said: Mapping[str, Any]) -> float | None:
    """When something expires: `expires_in` (seconds) or `expires_at` (ISO 8601, UTC unless it says; epoch time)."""
    lives, at = _number(said.get("expires_in")), said.get("expires_at")
    if lives is not None:
        return time.time() + lives
    if (moment := _number(at)) is not None:
        return moment / 1000 if moment >= _MILLISECONDS_FROM else moment
    if isinstance(at, str):
        try:
            parsed = datetime.fromisoformat(at)
            return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()
        except ValueError:
            return None
    return None


def _number(value: Any) -> float | None:
    if isinstance(value, int | float | str) and str(value).replace(".", "", 1).isdecimal():
        return float(value)
    return None


def _filled(scope: Scope, expression: Any) -> str:
    value = scope.evaluate(expression) if expression is not None else ""
    return "" if value is ABSENT or value is None else str(value)
