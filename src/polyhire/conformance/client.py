"""A small synchronous HTTP client."""

import http.client
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson

IDLE = 2.0
"""Seconds after which a connection is not used again: servers close idle ones."""


@dataclass(frozen=True)
class Reply:
    """An answer, wholly read; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @cached_property
    def json(self) -> Any:
        """The values of the body."""
        return orjson.loads(self.body)


class Http:
    """One kept-alive connection to a server; every request is a real one."""

    def __init__(self, base: str, headers: Mapping[str, str] | None = None, timeout: float = 30) -> None:
        host = urlsplit(base).netloc
        self.base = base
        self.headers = dict(headers or {})
        self._connection = http.client.HTTPConnection(host, timeout=timeout)
        self._used = 0.0

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def ask(
        self,
        verb: str,
        path: str,
        body: Any = None,
        *,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send one request: bytes go as they are, any other body as JSON."""
        sent = {**self.headers, **(headers or {})}
        if body is not None and not isinstance(body, bytes):
            body = orjson.dumps(body)
            sent.setdefault("Content-Type", "application/json")
        if time.monotonic() - self._used > IDLE:
            self._connection.close()
        target = path + (f"?{urlencode(query)}" if query else "")
        try:
            self._connection.request(verb, target, body, sent)
            response = self._connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            body = response.read()
            self._used = time.monotonic()
            return Reply(response.status, found, body)
        except Exception:
            self._connection.close()
            raise


def form(fields: Mapping[str, str], name: str, content_type: str, content: bytes) -> tuple[bytes, str]:
    """A multipart form with a part `file`, and its content type."""
    boundary = uuid.uuid4().hex
    lines = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in fields.items()
    ]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    head += f"Content-Type: {content_type}\r\n\r\n"
    body = "".join(lines).encode() + head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"
