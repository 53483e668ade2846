"""/openapi.json and /docs: the API reference for programs and for people; nothing is loaded from elsewhere."""

import asyncio
from collections.abc import Iterator
from html import escape
from pathlib import Path
from string import Template

import orjson
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from polyhire.api.caller import gateway_of
from polyhire.api.openapi import document, supports_of
from polyhire.errors import PolyhireError, UnknownPath
from polyhire.gateway import Gateway
from polyhire.suggest import did_you_mean, one_of

PAGES = Path(__file__).parent / "pages"

_HERE_ONLY = {
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; worker-src 'self' blob:; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}
_A_DAY = {"Cache-Control": "max-age=86400"}


async def openapi(request: Request) -> Response:
    """The OpenAPI document, built when it is first asked for."""
    state = request.app.state
    if not hasattr(state, "openapi"):
        state.openapi = await asyncio.to_thread(_document, gateway_of(request))
    return Response(state.openapi, media_type="application/json")


async def reference(_request: Request) -> Response:
    """The reference page."""
    return FileResponse(PAGES / "reference.html", headers=_HERE_ONLY)


async def script(request: Request) -> Response:
    """One of the reference page's scripts."""
    return FileResponse(PAGES / request.url.path.rpartition("/")[2], headers=_A_DAY)


async def error_page(request: Request) -> Response:
    """What an error's code means, and what to do about it."""
    code = request.path_params["code"]
    known = {error.code: error for error in _errors(PolyhireError)}
    if code not in known:
        hint = did_you_mean(code, known) or "."
        raise UnknownPath(f"There is no error code of this name{hint} The codes are: {one_of(known)}.")
    return HTMLResponse(await asyncio.to_thread(_page, known[code]), headers=_HERE_ONLY)


ROUTES = [
    Route("/openapi.json", openapi),
    Route("/docs", reference),
    Route("/docs/errors/{code}", error_page),
    Route("/docs/scalar.js", script),
    Route("/docs/reference.js", script),
]


def _document(gateway: Gateway) -> bytes:
    server = gateway.settings.public_url or "/"
    return orjson.dumps(document(supports_of(gateway.catalog), server.rstrip("/") or "/"))


def _errors(kind: type[PolyhireError]) -> Iterator[type[PolyhireError]]:
    yield kind
    for inner in kind.__subclasses__():
        yield from _errors(inner)


def _page(error: type[PolyhireError]) -> str:
    template = Template((PAGES / "error.html").read_text(encoding="utf-8"))
    return template.substitute(title=escape(error.code), text=escape(_explained(error)))


def _explained(error: type[PolyhireError]) -> str:
    """The error's page in docs/errors, in the wheel or in a checkout; else what its class says of itself."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package, package.parent.parent):
        file = folder / "docs" / "errors" / f"{error.code}.md"
        if file.is_file():
            return file.read_text(encoding="utf-8")
    return (error.__doc__ or "").strip()
