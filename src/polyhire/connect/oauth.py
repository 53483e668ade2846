"""What ties a consent to its attempt and to one browser: a state, a PKCE verifier, and a cookie's secret."""

import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256

from polyhire.accounts.links import Attempt

CALLBACK = "/connect-account/callback"
"""Where providers send people back to: what an OAuth app is registered with, below the server's public URL."""


@dataclass(frozen=True)
class Started:
    """The secrets of one consent. `challenge` is the digest of `verifier`, by S256."""

    state: str = field(repr=False)
    verifier: str = field(repr=False)
    challenge: str
    browser: str = field(repr=False)


def start() -> Started:
    """Fresh secrets, of 256 bits each."""
    verifier = secrets.token_urlsafe(32)
    challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return Started(secrets.token_urlsafe(32), verifier, challenge, secrets.token_urlsafe(32))


def cookie_of(attempt: Attempt) -> str:
    """The name of the cookie of an attempt: several may be under way in one browser."""
    return f"polyhire_connect_{attempt.id[:16]}"


def digest_of(secret: str) -> str:
    """What is kept of a cookie's secret."""
    return sha256(secret.encode()).hexdigest()


def is_same(cookie: str | None, digest: str | None) -> bool:
    """Whether a browser's cookie is the one that was set when the consent began."""
    return cookie is not None and digest is not None and hmac.compare_digest(digest_of(cookie), digest)
