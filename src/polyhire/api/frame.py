"""What goes round every request: its id, its log line, the size of its body, and the errors nobody foresaw."""

import re
import time
from collections.abc import Iterable
from secrets import token_hex

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from polyhire.api.problems import answer_for
from polyhire.errors import BodyTooLarge, InvalidRequest, PolyhireError

log = structlog.get_logger("polyhire.api")

_SANE_ID = re.compile(rb"[A-Za-z0-9._:-]{1,128}")
_SLASHES = re.compile(r"//+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_CLIENT_WENT_AWAY = 499


class Frame:
    """ASGI middleware round the whole application. `max_body` is in bytes."""

    def __init__(self, app: ASGIApp, max_body: int) -> None:
        self._app = app
        self._max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        headers = dict(scope["headers"])
        request_id = _request_id(headers.get(b"x-request-id"))
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        scope["state"] = {**scope.get("state", {}), "request_id": request_id}
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = _with_ours(message["headers"], request_id)
            await send(message)

        try:
            _tidy_path(scope)
            length = headers.get(b"content-length", b"0")
            if length.isdigit() and int(length[:18]) > self._max_body:
                raise self._too_large()
            await self._app(scope, self._bounded(receive), answer)
        except ClientDisconnect:
            status = status or _CLIENT_WENT_AWAY
        except Exception as error:
            response = answer_for(error, scope)
            if not status:
                await response(scope, receive, answer)
            elif isinstance(error, PolyhireError):
                # Another answer has begun: it is broken off, and the server closes the connection.
                log.warning("answer broken off", code=error.code)
        finally:
            milliseconds = round((time.perf_counter() - started) * 1000, 1)
            route = getattr(scope.get("route"), "path", None)
            log.info("request", method=scope["method"], route=route, status=status, milliseconds=milliseconds)

    def _bounded(self, receive: Receive) -> Receive:
        taken = 0

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._max_body:
                raise self._too_large()
            return message

        return bounded

    def _too_large(self) -> BodyTooLarge:
        return BodyTooLarge(f"The body is larger than {self._max_body} bytes (POLYHIRE_MAX_UPLOAD_BYTES sets it).")


def _request_id(given: bytes | None) -> str:
    return given.decode() if given is not None and _SANE_ID.fullmatch(given) else token_hex(16)


def _with_ours(headers: Iterable[tuple[bytes, bytes]], request_id: str) -> list[tuple[bytes, bytes]]:
    """An answer's headers, and what every answer says: people's data is not to be kept, nor guessed at."""
    ours = [*headers, (b"x-request-id", request_id.encode()), (b"x-content-type-options", b"nosniff")]
    if all(name != b"cache-control" for name, _ in ours):
        ours.append((b"cache-control", b"no-store"))
    return ours


def _tidy_path(scope: Scope) -> None:
    """Collapse duplicate slashes and drop the last one; what is passed through keeps its raw path."""
    path = scope["path"]
    if _CONTROL.search(path):
        raise InvalidRequest("The path holds a control character.")
    if "//" in path:
        path = _SLASHES.sub("/", path)
    if len(path) > 1 and path.endswith("/") and not path.startswith("/custom/"):
        path = path.rstrip("/") or "/"
    scope["path"] = path
