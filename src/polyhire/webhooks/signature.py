"""How a delivery is signed: as Standard Webhooks has it, and in the one header that older receivers look at."""

import base64
import hmac
from collections.abc import Sequence

from polyhire.accounts.webhooks import SECRET_PREFIX


def signed_headers(message_id: str, moment: int, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """The headers that prove a delivery. `moment` is in seconds since 1970; `secrets` are newest first.

    Standard Webhooks signs id, moment and body, once for each secret, so that a receiver can refuse what is old.
    `X-Truto-Signature` signs the body alone, with the newest secret as it is written.
    """
    message = f"{message_id}.{moment}.".encode() + body
    keys = [base64.b64decode(secret.removeprefix(SECRET_PREFIX)) for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(moment),
        "webhook-signature": " ".join(f"v1,{mac(key, message)}" for key in keys),
        "X-Truto-Signature": f"format=sha256,v={mac(secrets[0].encode(), body)}",
    }


def mac(key: bytes, message: bytes) -> str:
    """HMAC-SHA256 in base64."""
    return base64.b64encode(hmac.digest(key, message, "sha256")).decode()
