"""Cursors: where the next page begins, sealed so that a caller can neither read nor alter nor transplant it."""

import base64
import binascii
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from polyhire.errors import InvalidCursor

_NONCE = 12


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a list: the provider's `token` or next `url`, its page `size`, and `skip` records of that page."""

    token: Any = None
    url: str | None = None
    size: int | None = None
    skip: int = 0


class Seal:
    """Seals positions with AES-256-GCM. `keys` are 32 bytes each, the newest first: all of them open, it seals."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._ciphers = [AESGCM(key) for key in keys]

    def close(self, position: Position, bound_to: Any) -> str:
        """The cursor of a position, good only for what it is bound to (account, resource, method, query)."""
        nonce = os.urandom(_NONCE)
        sealed = self._ciphers[0].encrypt(nonce, orjson.dumps(asdict(position)), _bytes(bound_to))
        return base64.urlsafe_b64encode(nonce + sealed).rstrip(b"=").decode()

    def open(self, cursor: str, bound_to: Any) -> Position:
        """The position of a cursor. Raises InvalidCursor when it was altered or belongs to something else."""
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise _invalid() from None
        for cipher in self._ciphers:
            try:
                return Position(**orjson.loads(cipher.decrypt(raw[:_NONCE], raw[_NONCE:], _bytes(bound_to))))
            except (InvalidTag, ValueError):
                continue
        raise _invalid()


def _bytes(bound_to: Any) -> bytes:
    return orjson.dumps(bound_to, option=orjson.OPT_SORT_KEYS)


def _invalid() -> InvalidCursor:
    return InvalidCursor(
        "next_cursor is not a cursor of this account, resource and query: pass next_cursor of the last answer "
        "as it was, with the same filters, or leave it out to begin again"
    )
