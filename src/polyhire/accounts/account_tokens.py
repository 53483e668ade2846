"""Account tokens: for one account and 15 minutes, sealed instead of stored; they end with their account or maker."""

import base64
import binascii
import time
from dataclasses import dataclass

import msgspec

from polyhire.accounts.account import Scope
from polyhire.accounts.vault import KeyRing
from polyhire.errors import SettingsError, Unauthorized

PREFIX = "pha_"
LIFE = 15 * 60
"""Seconds."""

_PLACE = "account-token"
_ASK = "Ask the backend that made it for a new one; each lives 15 minutes."


@dataclass(frozen=True)
class AccountToken:
    """What an account token says. `maker` is the digest of the API token it was made with."""

    environment_id: str
    account_id: str
    maker: str
    scopes: tuple[Scope, ...]
    expires_at: int


def seal(token: AccountToken, keys: KeyRing) -> str:
    """The token as its bearer sends it."""
    sealed = keys.encrypt(msgspec.msgpack.encode(token), _PLACE)
    return PREFIX + base64.urlsafe_b64encode(sealed).decode("ascii").rstrip("=")


def unseal(text: str, keys: KeyRing) -> AccountToken:
    """What the token says; Unauthorized when it is forged, or has expired."""
    encoded = text.removeprefix(PREFIX)
    try:
        sealed = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
        token = msgspec.msgpack.decode(keys.decrypt(sealed, _PLACE), type=AccountToken)
    except (binascii.Error, ValueError, SettingsError, msgspec.ValidationError):
        raise Unauthorized(f"The account token is unknown here: cut off, or made on another server. {_ASK}") from None
    if token.expires_at <= time.time():
        raise Unauthorized(f"The account token has expired. {_ASK}")
    return token
