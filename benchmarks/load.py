"""The load: a closed loop of kept-alive connections that each send the same request again and again."""

import asyncio
import time
from dataclasses import dataclass
from functools import partial
from typing import cast
from urllib.parse import urlsplit

_END = b"\r\n\r\n"
_LENGTH = b"content-length:"


@dataclass(frozen=True)
class Load:
    """What one window of load measured: requests answered, the seconds it took, each answer's latency in seconds."""

    seconds: float
    latencies: list[float]

    @property
    def rate(self) -> float:
        """Requests per second."""
        return len(self.latencies) / self.seconds

    def latency(self, share: float) -> float:
        """The latency in seconds that this share of the requests stayed within."""
        return percentile(self.latencies, share)


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least `share` (0 to 1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


class _Caller(asyncio.Protocol):
    """One connection: sends its request, waits for the whole answer, sends it again until `stop_at` or enough."""

    def __init__(self, request: bytes, stop_at: float, most: int) -> None:
        self._request = request
        self._stop_at = stop_at
        self._left = most
        self._head = b""
        self._missing = -1
        self.latencies: list[float] = []
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._send()

    def _send(self) -> None:
        self._head, self._missing = b"", -1
        self._sent = time.perf_counter()
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        if self._missing < 0:
            self._head += data
            end = self._head.find(_END)
            if end < 0:
                return
            if not self._head.startswith(b"HTTP/1.1 200 "):
                self._fail(ConnectionError(self._head[:end].split(b"\r\n")[0].decode()))
                return
            self._missing = length_of(self._head[:end]) - (len(self._head) - end - len(_END))
        else:
            self._missing -= len(data)
        if self._missing == 0:
            self._answered()

    def _answered(self) -> None:
        now = time.perf_counter()
        self.latencies.append(now - self._sent)
        self._left -= 1
        if now < self._stop_at and self._left:
            self._send()
        else:
            self._transport.close()
            self.done.set_result(None)

    def _fail(self, error: Exception) -> None:
        self._transport.close()
        if not self.done.done():
            self.done.set_exception(error)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("the server closed the connection"))


def length_of(head: bytes) -> int:
    """The body's length that an answer's head tells. Raises ConnectionError when it tells none."""
    for line in head.lower().split(b"\r\n"):
        if line.startswith(_LENGTH):
            return int(line[len(_LENGTH) :])
    raise ConnectionError("the answer has no Content-Length")


def request_of(url: str, token: str) -> bytes:
    """A GET as bytes."""
    parts = urlsplit(url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return f"GET {target} HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Bearer {token}\r\n\r\n".encode()


async def load(url: str, token: str, connections: int, seconds: float, most: int = 100_000) -> Load:
    """One window: `connections` at a time for so many seconds, at most `most` requests. Raises ConnectionError."""
    parts = urlsplit(url)
    request = request_of(url, token)
    started = time.perf_counter()
    each = max(most // connections, 1)
    callers = [_Caller(request, started + seconds, each) for _ in range(connections)]
    loop = asyncio.get_running_loop()
    # Each caller times its own answers: that connecting takes a moment is no part of any latency.
    await asyncio.gather(
        *(
            loop.create_connection(partial(_itself, caller), parts.hostname or "", parts.port or 80)
            for caller in callers
        )
    )
    await asyncio.gather(*(caller.done for caller in callers))
    return Load(time.perf_counter() - started, [latency for caller in callers for latency in caller.latencies])


def _itself(caller: _Caller) -> _Caller:
    return caller
