"""Serves simulators together: each at `/<slug>`, with a control panel for tests at `/_sandbox/<slug>/`.

Control: `PUT faults` (a list) · `DELETE faults` · `GET requests` · `DELETE requests` · `PUT settings` · `POST reset`.
"""

import json
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .company import Company, company
from .faults import Faults, UnknownFault, fault
from .kit import Simulator
from .load import load, simulators_in

REMEMBERED = 1000


class Stand:
    """One simulator with its faults, and a journal of what it was asked."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.faults = Faults(simulator)
        self.journal: deque[dict[str, Any]] = deque(maxlen=REMEMBERED)

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request and note it down: its path, query, status and the names of its headers."""
        status = 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        note = {
            "method": scope["method"],
            "path": scope["path"].removeprefix(scope["root_path"]),
            "query": scope["query_string"].decode("latin-1"),
            "headers": sorted({name.decode("latin-1") for name, _ in scope["headers"]}),
        }
        try:
            await self.faults.app(scope, receive, watched)
        finally:
            # A status of 0: the connection was closed without an answer.
            self.journal.append({**note, "status": status})


class Sandbox:
    """The ASGI app of `sandbox`."""

    def __init__(self, simulators: Sequence[Simulator]) -> None:
        self.stands = {each.slug: Stand(each) for each in simulators}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        mount = scope.get("root_path", "")
        first, _, rest = scope["path"].removeprefix(mount).lstrip("/").partition("/")
        if first in self.stands:
            # Only the server's own `send` knows the socket, and only to hang up do we need it.
            transport = getattr(getattr(send, "__self__", None), "transport", None)
            extensions = {**(scope.get("extensions") or {}), "polyhire.transport": transport}
            inner = {**scope, "root_path": f"{mount}/{first}", "extensions": extensions}
            try:
                await self.stands[first].app(inner, receive, send)
            except UnknownFault as error:
                await _error(400, str(error))(scope, receive, send)
            return
        request = Request(scope, receive)
        response = self._index(request, mount) if not first else await self._control(request, first, rest)
        await response(scope, receive, send)

    def _index(self, request: Request, mount: str) -> Response:
        root = f"{request.url.scheme}://{request.url.netloc}{mount}"
        listed = [
            {"slug": slug, "base_url": f"{root}/{slug}", "account": stand.simulator.account}
            for slug, stand in self.stands.items()
        ]
        return JSONResponse({"simulators": listed})

    async def _control(self, request: Request, first: str, rest: str) -> Response:
        slug, _, what = rest.partition("/")
        if first != "_sandbox" or slug not in self.stands:
            return _error(404, f"no simulator here; there are {', '.join(self.stands) or 'none'}")
        stand = self.stands[slug]
        try:
            return await _operate(stand, request, what)
        except (ValueError, AttributeError) as error:
            return _error(400, str(error))


async def _operate(stand: Stand, request: Request, what: str) -> Response:
    match request.method, what:
        case "PUT", "faults":
            stand.faults.planned = [fault(each) for each in json.loads(await request.body())]
        case "DELETE", "faults":
            stand.faults.planned = []
        case "GET", "requests":
            return JSONResponse(list(stand.journal))
        case "DELETE", "requests":
            stand.journal.clear()
        case "PUT", "settings":
            settings = json.loads(await request.body())
            if set(settings) != {"rate_limits"} or not isinstance(settings["rate_limits"], bool):
                raise ValueError("the one setting is rate_limits: true or false")
            stand.simulator.rate_limits = settings["rate_limits"]
        case "POST", "reset":
            stand.simulator.reset()
            stand.faults.planned = []
            stand.journal.clear()
        case _:
            known = "PUT faults, DELETE faults, GET requests, DELETE requests, PUT settings, POST reset"
            return _error(404, f"no such control; there are {known}")
    return Response(status_code=204)


def _error(status: int, message: str) -> Response:
    return JSONResponse({"sandbox_error": message}, status)


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def sandbox(
    folders: Sequence[Path],
    *,
    people: Company | None = None,
    only: Sequence[str] = (),
    rate_limits: bool = True,
) -> Sandbox:
    """Serve every `<folder>/<slug>/simulator.py`, or only the named ones, all over one company.

    Raises LookupError for a name in `only` that has no simulator. Without `rate_limits` nobody is ever told to wait.
    """
    found = simulators_in(folders)
    if missing := [slug for slug in only if slug not in found]:
        raise LookupError(f"no simulator for {', '.join(missing)}; there are {', '.join(found) or 'none'}")
    shown = people or company()
    made = [load(path, shown) for slug, path in found.items() if not only or slug in only]
    for each in made:
        each.rate_limits = rate_limits
    return Sandbox(made)


@contextmanager
def running(app: ASGIApp, port: int = 0) -> Iterator[str]:
    """Run an app on 127.0.0.1 in a thread, and give its base URL; port 0 takes a free one.

    Raises OSError for a port that is taken.
    """
    listener = socket.create_server(("127.0.0.1", port))
    base = f"http://127.0.0.1:{listener.getsockname()[1]}"
    config = uvicorn.Config(app, log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the app did not start")
        time.sleep(0.005)
    try:
        yield base
    finally:
        # Clients that keep idle connections must not hold a test suite up.
        server.should_exit = server.force_exit = True
        thread.join()
