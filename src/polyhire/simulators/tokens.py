"""The inside of a token server: authorization codes, access tokens that expire, refresh tokens that rotate."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Grant:
    """A pair of tokens, and when the first stops working (seconds since 1970)."""

    access_token: str
    refresh_token: str | None
    expires_at: float
    expires_in: int


class TokenServer:
    """Issues opaque tokens that carry claims. Lifetimes are in seconds; without `refresh_lifetime`, no refreshing."""

    def __init__(
        self,
        *,
        lifetime: int = 3600,
        refresh_lifetime: int | None = None,
        code_lifetime: int = 60,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._lifetime = lifetime
        self._refresh_lifetime = refresh_lifetime
        self._code_lifetime = code_lifetime
        self._clock = clock
        self._alive: dict[str, tuple[str, float, Mapping[str, Any]]] = {}

    def issue(self, claims: Mapping[str, Any]) -> Grant:
        """Issue an access token, and a refresh token if this server has them."""
        access = self._keep("access", self._lifetime, claims)
        refresh = None
        if self._refresh_lifetime is not None:
            refresh = self._keep("refresh", self._refresh_lifetime, claims)
        return Grant(access, refresh, self._clock() + self._lifetime, self._lifetime)

    def claims(self, access_token: str | None) -> Mapping[str, Any] | None:
        """Give the claims of a token that works now; None for any other."""
        return self._look_up("access", access_token)

    def refresh(self, refresh_token: str) -> Grant | None:
        """Trade a refresh token for a new pair; it works once. None when it is unknown, used or expired."""
        claims = self._take("refresh", refresh_token)
        return self.issue(claims) if claims is not None else None

    def code(self, claims: Mapping[str, Any]) -> str:
        """Issue an authorization code, which works once."""
        return self._keep("code", self._code_lifetime, claims)

    def redeem(self, code: str) -> Mapping[str, Any] | None:
        """Take a code and give its claims (issue a grant of them); None when it is unknown, used or expired."""
        return self._take("code", code)

    def revoke(self, token: str | None) -> None:
        """Make any token stop working."""
        self._alive.pop(token or "", None)

    def _keep(self, kind: str, lifetime: int, claims: Mapping[str, Any]) -> str:
        token = secrets.token_urlsafe(24)
        self._alive[token] = (kind, self._clock() + lifetime, claims)
        return token

    def _look_up(self, kind: str, token: str | None) -> Mapping[str, Any] | None:
        found = self._alive.get(token or "")
        if found is None or found[0] != kind or found[1] <= self._clock():
            return None
        return found[2]

    def _take(self, kind: str, token: str) -> Mapping[str, Any] | None:
        claims = self._look_up(kind, token)
        if claims is not None:
            del self._alive[token]
        return claims
