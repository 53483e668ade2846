"""Paging: absolute URLs of the next page, opaque cursors that can't be forged, and slices of rows."""

import hmac
import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeVar
from urllib.parse import urlencode

from .kit import Ask

Row = TypeVar("Row")


def page(rows: Sequence[Row], start: int, size: int) -> tuple[list[Row], int | None]:
    """Cut `size` rows from `start` (0-based), and say where the next page starts; None after the last."""
    end = start + size
    return list(rows[start:end]), end if end < len(rows) else None


def url(ask: Ask, query: Mapping[str, Any] | None = None) -> str:
    """Give the absolute URL of what was asked, with this query in place of its own."""
    return f"{ask.base}{ask.path}" + (f"?{urlencode(query, doseq=True)}" if query else "")


def url_with(ask: Ask, changes: Mapping[str, Any]) -> str:
    """Give the absolute URL of what was asked, its query changed in these parameters (None removes one)."""
    kept = {**dict(ask.query), **changes}
    return url(ask, {key: value for key, value in kept.items() if value is not None})


def link_header(links: Mapping[str, str]) -> str:
    """Word a `Link` header (RFC 8288) from URLs by their `rel`."""
    return ", ".join(f'<{target}>; rel="{rel}"' for rel, target in links.items())


@dataclass(frozen=True)
class Cursors:
    """Turns paging state into a token that says nothing, is signed, and expires after `lifetime` seconds."""

    lifetime: float = 3600
    key: bytes = b"a pretend provider's cursor key"
    clock: Callable[[], float] = time.time

    def seal(self, state: Mapping[str, Any]) -> str:
        """Make a token of JSON state."""
        text = json.dumps([self.clock() + self.lifetime, state]).encode()
        return urlsafe_b64encode(self._sign(text) + text).decode().rstrip("=")

    def open(self, token: str) -> dict[str, Any]:
        """Give back the state; raises ValueError for a token that was altered, made up, or has expired."""
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        signature, text = raw[:8], raw[8:]
        if not hmac.compare_digest(signature, self._sign(text)):
            raise ValueError("is not a cursor")
        expires, state = json.loads(text)
        if expires <= self.clock():
            raise ValueError("has expired")
        found: dict[str, Any] = state
        return found

    def _sign(self, text: bytes) -> bytes:
        return hmac.digest(self.key, text, sha256)[:8]
