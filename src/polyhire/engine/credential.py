"""What lets calls in: the answers of a connect form, and the state that the credential pipeline keeps between calls."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from polyhire.engine.exchange import Answer, Outgoing
from polyhire.engine.scope import Scope
from polyhire.errors import MappingError
from polyhire.expressions import Expression, Template
from polyhire.manifest.integration import Connect

if TYPE_CHECKING:
    from polyhire.engine.apply import Applied

State = Mapping[str, Any]
"""What is kept: `{"discover": {...}, "oauth2": {...}, "session": {...}}`, with `expires_at` in epoch seconds."""

Send = Callable[[Outgoing], Awaitable[Answer]]


@dataclass(frozen=True)
class Client:
    """An OAuth app of one's own: its id and secret at the provider, and scopes instead of the integration's."""

    id: str = ""
    secret: str = field(default="", repr=False)
    scopes: tuple[str, ...] | None = None


async def no_client() -> Client:
    """Where nobody has an app of their own, the answers of the connect form have to do."""
    return Client()


class SecretScope(Scope):
    """Named values with secrets among them: a failed expression tells where it stands, and not on what it failed."""

    __slots__ = ()

    def with_(self, **more: Any) -> "SecretScope":
        """The scope with more names, or with other values for some."""
        return SecretScope({**self.values, **more})

    def evaluate(self, expression: Expression) -> Any:
        """What an expression finds here, or ABSENT."""
        try:
            return super().evaluate(expression)
        except MappingError as error:
            raise _hushed(error) from None

    def fill(self, template: Template) -> Any:
        """A template with every expression replaced by what it finds here."""
        try:
            return super().fill(template)
        except MappingError as error:
            raise _hushed(error) from None


def _hushed(error: MappingError) -> MappingError:
    reason = "it fails on the credentials that were entered, or on what the provider gave for them"
    return MappingError(reason, field=error.field, expression=error.expression, position=error.position)


@dataclass
class Credential:
    """The credential of one account.

    `key` identifies the account; `lock()` lets one refresh of it run at a time; `reload()` gives the state as it is
    stored now; `save()` stores it; `client()` gives the OAuth app that fills in for what was not asked.
    """

    key: str
    connect: Connect
    asked: Mapping[str, str] = field(repr=False)
    state: State = field(repr=False)
    lock: Callable[[], AbstractAsyncContextManager[None]]
    reload: Callable[[], Awaitable[State]]
    save: Callable[[State], Awaitable[None]]
    client: Callable[[], Awaitable[Client]] = no_client
    applied: "Applied | None" = field(default=None, repr=False)
    used: Client | None = field(default=None, repr=False)

    @property
    def settings(self) -> dict[str, str]:
        """The answers that are not secret: `account.*` in expressions."""
        return {name: value for name, value in self.asked.items() if not self._is_secret(name)}

    def parted(self) -> tuple[dict[str, str], dict[str, str]]:
        """The answers as they are stored: settings and secrets."""
        return self.settings, {name: value for name, value in self.asked.items() if self._is_secret(name)}

    def secrets(self) -> list[str]:
        """Every secret value this credential holds, for redaction."""
        parts = [self.state.get(name) or {} for name in ("oauth2", "session")]
        # An address that came with a token is where requests go, and no secret.
        kept = [
            value for part in parts for value in part.values() if not str(value).startswith(("https://", "http://"))
        ]
        asked = [value for name, value in self.asked.items() if self._is_secret(name)]
        app = [self.used.secret] if self.used else []
        return [value for value in (*asked, *app, *kept) if isinstance(value, str) and len(value) > 3]

    def scope(self) -> "SecretScope":
        """What expressions under `connect` see."""
        return SecretScope({**self.asked, "account": self.settings, **self.state})

    async def keep(self, state: State) -> None:
        """Store a state, then use it: a rotated refresh token must not be lost."""
        await self.save(state)
        self.state = state

    def _is_secret(self, name: str) -> bool:
        ask = self.connect.ask.get(name) or self.connect.post_connect.get(name)
        return ask is None or ask.secret
