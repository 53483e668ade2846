"""Failures on demand, on the level of HTTP: a provider that is slow, broken, or hangs up."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from .kit import Refusal, Simulator

PARAMETERS: Mapping[str, Mapping[str, Any]] = {
    "latency": {"ms": 500},
    "rate_limited": {"retry_after": 1},
    "server_error": {"status": 500},
    # request: hang up unserved; answer: serve it, then hang up unanswered; body: hang up in mid-body.
    "drop": {"at": "request"},
    "truncated": {},
    "malformed": {"as": "html"},
    "empty": {},
    "expired_token": {},
    "slow_drip": {"ms": 1000},
}
CHOICES = {"at": ("request", "answer", "body"), "as": ("html", "json"), "status": (500, 502, 503, 504)}
MATCHING = ("kind", "times", "path", "method")


class UnknownFault(ValueError):  # noqa: N818 - its message says what is known
    """A fault that we can't make; the message lists those we can."""


@dataclass(frozen=True)
class Fault:
    """A failure for the next `times` requests (None: all) whose path starts so, with this method."""

    kind: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    times: int | None = None
    path: str = ""
    method: str | None = None

    def fits(self, method: str, path: str) -> bool:
        return path.startswith(self.path) and self.method in (None, method)


def fault(given: Mapping[str, Any]) -> Fault:
    """Read `{kind, times?, path?, method?, ...parameters}`; raises UnknownFault."""
    kind = given.get("kind")
    if not isinstance(kind, str) or kind not in PARAMETERS:
        raise UnknownFault(f"there is no fault {kind!r}; there are {', '.join(PARAMETERS)}")
    known = PARAMETERS[kind]
    values = {key: value for key, value in given.items() if key not in MATCHING}
    for key, value in values.items():
        if key not in known:
            raise UnknownFault(f"{kind} takes {', '.join(known) or 'no parameters'}, not {key!r}")
        if not isinstance(value, type(known[key])) or (key in CHOICES and value not in CHOICES[key]):
            expected = ", ".join(map(str, CHOICES.get(key, (type(known[key]).__name__,))))
            raise UnknownFault(f"{kind} takes a {key} of {expected}, not {value!r}")
    times, path, method = given.get("times"), given.get("path", ""), given.get("method")
    if not (times is None or (isinstance(times, int) and times > 0)):
        raise UnknownFault(f"times is a number from 1, not {times!r}")
    if not isinstance(path, str) or not isinstance(method, str | None):
        raise UnknownFault("path is the start of a path, and method the name of one")
    return Fault(kind, {**known, **values}, times, path, method)


def fault_of_header(text: str) -> Fault:
    """Read `kind;parameter=value`, as in the header `X-Sandbox-Fault: rate_limited;retry_after=2`."""
    kind, *pairs = (part.strip() for part in text.split(";"))
    given: dict[str, Any] = {"kind": kind}
    for pair in pairs:
        key, _, value = pair.partition("=")
        given[key] = int(value) if value.isdecimal() else value
    return fault(given)


class Faults:
    """An ASGI app before a simulator that makes its requests fail as `planned`, or as one request's header says."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self.planned: list[Fault] = []

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, well or badly."""
        chosen = self._choose(scope)
        if chosen is None:
            await self._simulator.app(scope, receive, send)
        elif chosen.kind in ("rate_limited", "server_error"):
            await self._refuse(chosen, scope, receive, send)
        elif chosen.kind == "drop" and chosen.parameters["at"] == "request":
            await hang_up(scope, receive)
        elif chosen.kind == "expired_token":
            await self._expire(scope, receive, send)
        elif chosen.kind == "latency":
            await asyncio.sleep(chosen.parameters["ms"] / 1000)
            await self._simulator.app(scope, receive, send)
        else:
            answer = Recorded()
            await self._simulator.app(scope, receive, answer.take)
            await _spoil(answer, chosen, scope, receive, send)

    def _choose(self, scope: Scope) -> Fault | None:
        for name, value in scope["headers"]:
            if name == b"x-sandbox-fault":
                return fault_of_header(value.decode("latin-1"))
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        for index, each in enumerate(self.planned):
            if each.fits(scope["method"], path):
                if each.times is not None:
                    self.planned[index : index + 1] = [replace(each, times=each.times - 1)] if each.times > 1 else []
                return each
        return None

    async def _refuse(self, chosen: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        if chosen.kind == "rate_limited":
            wait = {"Retry-After": str(chosen.parameters["retry_after"])}
            refusal = Refusal(429, "Too Many Requests", headers=wait)
        else:
            refusal = Refusal(chosen.parameters["status"], "Something went wrong on our side")
        await self._simulator.refuse(refusal, scope, receive, send)

    async def _expire(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await Request(scope, receive).body()

        async def again() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        if await self._simulator.expire(scope, again):
            await self._simulator.app(scope, again, send)
        else:
            await self._simulator.refuse(Refusal(401, "Unauthorized"), scope, again, send)


class Recorded:
    """An answer that was caught before it was sent."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = b""

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message["headers"])
        else:
            self.body += message.get("body", b"")

    def start(self, *, status: int | None = None, length: int | None = None, kind: bytes = b"") -> Message:
        """Its first message, with another status, length or content type if given."""
        replaced = {b"content-type"} if kind else set()
        headers = [each for each in self.headers if each[0].lower() not in {b"content-length", *replaced}]
        headers.append((b"content-length", str(len(self.body) if length is None else length).encode()))
        headers += [(b"content-type", kind)] if kind else []
        return {"type": "http.response.start", "status": status or self.status, "headers": headers}


async def _spoil(answer: Recorded, chosen: Fault, scope: Scope, receive: Receive, send: Send) -> None:
    half = answer.body[: len(answer.body) // 2]
    if chosen.kind == "drop":
        if chosen.parameters["at"] == "body":
            await send(answer.start())
            await send({"type": "http.response.body", "body": half, "more_body": True})
        await hang_up(scope, receive)
    elif chosen.kind == "slow_drip":
        await _drip(answer, chosen.parameters["ms"] / 1000, send)
    else:
        wrong = {
            "truncated": half,
            "empty": b"",
            "malformed": b"<html><body><h1>We are down for maintenance</h1></body></html>"
            if chosen.parameters.get("as") == "html"
            else b'{"data": [{"id": 1,, }',
        }[chosen.kind]
        status = 200 if chosen.kind == "malformed" else answer.status
        kind = b"application/json" if chosen.kind == "malformed" else b""
        await send(answer.start(status=status, length=len(wrong), kind=kind))
        await send({"type": "http.response.body", "body": wrong})


async def _drip(answer: Recorded, seconds: float, send: Send, drops: int = 10) -> None:
    await send(answer.start())
    size = max(1, -(-len(answer.body) // drops))
    for start in range(0, len(answer.body), size):
        await asyncio.sleep(seconds / drops)
        part = answer.body[start : start + size]
        await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def hang_up(scope: Scope, receive: Receive) -> None:
    """Close the connection of a request, after what was sent so far."""
    transport = scope["extensions"]["polyhire.transport"]
    if transport is None:
        raise RuntimeError("only under uvicorn can a simulator hang up: serve it with `running`")
    transport.close()
    # A server answers 500 by itself for an app that returns early: wait until it has seen the closing.
    while (await receive())["type"] != "http.disconnect":
        pass
