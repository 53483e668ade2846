"""A pretend provider for the engine's tests: a server of its own, that notes what it is asked and answers as told."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send


@dataclass(frozen=True)
class Seen:
    """One request as it arrived; header names are lower case."""

    verb: str
    path: str
    raw_query: str
    headers: dict[str, str]
    body: bytes

    @property
    def query(self) -> dict[str, str]:
        """The query's parameters; of a repeated one the last."""
        return dict(parse_qsl(self.raw_query, keep_blank_values=True))

    @property
    def lists(self) -> dict[str, list[str]]:
        """The query's parameters with every value of each."""
        return parse_qs(self.raw_query, keep_blank_values=True)

    @property
    def json(self) -> Any:
        """The body, read as JSON."""
        return orjson.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        """The body, read as a form."""
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


Told = Any
"""What to answer: a Response, any other ASGI app, bytes or a value as JSON; or a function of Seen that gives one."""


@dataclass
class Pretend:
    """The server: `on` says how it answers, `seen` is what it was asked."""

    seen: list[Seen] = field(default_factory=list)
    base: str = ""
    _told: dict[str, list[Told]] = field(default_factory=dict)

    def reset(self) -> None:
        """Forget everything that was told and asked."""
        self.seen.clear()
        self._told.clear()

    def on(self, line: str, *answers: Told) -> None:
        """Answer a verb and path with each of these in turn, and with the last one from then on."""
        self._told[line] = list(answers)

    def asked(self, path: str) -> list[Seen]:
        """The requests to a path."""
        return [seen for seen in self.seen if seen.path == path]

    @property
    def lines(self) -> list[str]:
        """Verb, path and query of every request."""
        return [f"{s.verb} {s.path}{'?' + s.raw_query if s.raw_query else ''}" for s in self.seen]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        headers = dict(request.headers.items())
        path = scope["raw_path"].decode().partition("?")[0]
        seen = Seen(request.method, path, scope["query_string"].decode(), headers, await request.body())
        self.seen.append(seen)
        told = self._told.get(f"{seen.verb} {seen.path}")
        if told is None:
            await json({"error": f"nothing was told about {seen.verb} {seen.path}"}, 404)(scope, receive, send)
            return
        answer = told.pop(0) if len(told) > 1 else told[0]
        await (await _app(answer, seen))(scope, receive, send)


async def _app(answer: Told, seen: Seen) -> ASGIApp:
    if getattr(answer, "takes_seen", False):
        answer = answer(seen)
        if isinstance(answer, Awaitable):
            answer = await answer
    if isinstance(answer, bytes):
        return Response(answer, media_type="application/json")
    return json(answer) if answer is None or isinstance(answer, dict | list | str | int) else answer


def by(work: Callable[[Seen], Any]) -> Callable[[Seen], Any]:
    """An answer that depends on the request."""

    def answer(seen: Seen) -> Any:
        return work(seen)

    answer.takes_seen = True  # type: ignore[attr-defined]
    return answer


def json(value: Any, status: int = 200, **headers: str) -> Response:
    """An answer in JSON; `_` in the names of headers is a hyphen."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Response(orjson.dumps(value), status, named, media_type="application/json")


async def dropped(scope: Scope, receive: Receive, send: Send) -> None:
    """Closes the connection without an answer."""
    send.__self__.transport.abort()  # type: ignore[attr-defined]
    await asyncio.sleep(0.01)


def broken(sent: bytes, promised: int, content_type: str = "application/json") -> ASGIApp:
    """An answer that promises more than it sends before the connection closes."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", content_type.encode()), (b"content-length", str(promised).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": sent, "more_body": True})
        await asyncio.sleep(0.02)
        send.__self__.transport.abort()  # type: ignore[attr-defined]
        await asyncio.sleep(0.01)

    return app


def slow(seconds: float, answer: Any) -> Callable[[Seen], Any]:
    """An answer that takes its time."""

    async def wait(seen: Seen) -> Any:
        await asyncio.sleep(seconds)
        return answer

    return by(wait)
