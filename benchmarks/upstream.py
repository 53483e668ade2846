"""The static provider: every answer is made at the start, so that next to nothing is measured of it.

`python -m benchmarks.upstream PORT`
"""

import asyncio
import re
import sys
from typing import cast
from urllib.parse import parse_qsl

import uvloop

from benchmarks.pages import RECORDS, answers

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_END = b"\r\n\r\n"
SECOND_HALF = 4400 + RECORDS // 2


def key_of(target: str) -> str:
    """Which of the answers is due to a path with its query."""
    path, _, text = target.partition("?")
    query = dict(parse_qsl(text))
    asked = (query.get("ids") or query.get("candidate_ids") or "").split(",")
    if asked != [""] and len(asked) == 1:
        return f"first={path}"
    if path == "/v3/attachments" and asked[0] == str(SECOND_HALF):
        return f"rest={path}"
    return path


class Upstream(asyncio.Protocol):
    """One connection: requests in, ready answers out."""

    ready: dict[str, bytes]
    known: dict[bytes, bytes]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin with nothing read."""
        self._transport = cast(asyncio.Transport, transport)
        self._read = b""

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        self._read += data
        while (end := self._read.find(_END)) >= 0:
            head = self._read[:end]
            length = _LENGTH.search(head)
            whole = end + len(_END) + (int(length[1]) if length else 0)
            if len(self._read) < whole:
                return
            self._read = self._read[whole:]
            self._transport.write(self._answer(head.split(b" ", 2)[1]))

    def _answer(self, target: bytes) -> bytes:
        if target not in self.known:
            self.known[target] = self.ready.get(key_of(target.decode()), _http(b"{}", "404 Not Found"))
        return self.known[target]


def _http(body: bytes, status: str = "200 OK") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def serve(port: int) -> None:
    """Answer until the process ends."""
    Upstream.ready = {key: _http(body) for key, body in answers().items()}
    Upstream.known = {}
    server = await asyncio.get_running_loop().create_server(Upstream, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
