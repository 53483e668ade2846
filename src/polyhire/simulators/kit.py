"""What a simulator is made of: what was asked, a table of routes, a guard before them, and one voice for refusals."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from starlette.datastructures import Headers, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import compile_path
from starlette.types import Receive, Scope, Send

from .company import Document

Json: TypeAlias = Any


@dataclass(frozen=True)
class Ask:
    """One request, wholly read. `base` is the absolute URL under which the simulator is mounted.

    Whatever a guard or a handler puts into `answer_headers` travels with the answer, even with a refusal.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Headers
    body: bytes
    parts: tuple[tuple[str, str | Document], ...]
    base: str
    rate_limits: bool
    values: Mapping[str, Any] = field(default_factory=dict)
    answer_headers: dict[str, str] = field(default_factory=dict)

    @property
    def content_type(self) -> str:
        """The media type without its parameters, in lower case; empty when there is none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a request: where (`per_page`, `emails[0].value`), and what."""

    where: str
    message: str


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a mistake of ours
    """A request that the provider would refuse; the simulator's `refuse` words it as the provider does.

    The kit itself raises 400 (unreadable), 401, 404 and 405 (routes), 415 (content type), 422 (`problems`), 429.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str = "",
        problems: Sequence[Problem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.problems = tuple(problems)
        self.headers = dict(headers or {})


Handler: TypeAlias = Callable[[Ask], Response]


@dataclass(frozen=True)
class Route:
    """A method, a path such as `/jobs/{id:int}` (its values come as `ask.values`), and who answers.

    An `open` route is not guarded: token endpoints and signed files.
    """

    method: str
    path: str
    handler: Handler
    open: bool = False


@dataclass(frozen=True)
class World:
    """A freshly started provider: `reset` throws one away and builds the next.

    `guard` raises Refusal for credentials, headers and rate limits, before every route that is not open.
    `expire` makes the credential of a request stop working; without it, an expired token is a plain 401.
    """

    routes: Sequence[Route]
    guard: Callable[[Ask], None]
    refuse: Callable[[Ask, Refusal], Response]
    expire: Callable[[Ask], None] | None = None


class Simulator:
    """A pretend provider, as an ASGI app to be mounted anywhere.

    `account` holds the answers to the provider's connect form that this simulator accepts.
    """

    def __init__(self, slug: str, account: Mapping[str, str], build: Callable[[], World]) -> None:
        self.slug = slug
        self.account = dict(account)
        self.rate_limits = True
        self._build = build
        self.reset()

    def reset(self) -> None:
        """Forget whatever clients did."""
        self.world = self._build()
        self._routes = [(compile_path(route.path)[::2], route) for route in self.world.routes]

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        request = Request(scope, receive)
        ask = await _read(request, self.rate_limits)
        response = self._answer(ask)
        response.headers.update(ask.answer_headers)
        await response(scope, receive, send)

    async def refuse(self, refusal: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request with a refusal, in the provider's words."""
        ask = await _read(Request(scope, receive), self.rate_limits)
        response = self.world.refuse(ask, refusal)
        response.headers.update(refusal.headers)
        await response(scope, receive, send)

    async def expire(self, scope: Scope, receive: Receive) -> bool:
        """Make the credential of a request stop working; False where credentials don't expire."""
        if self.world.expire is None:
            return False
        self.world.expire(await _read(Request(scope, receive), self.rate_limits))
        return True

    def _answer(self, ask: Ask) -> Response:
        try:
            matched = [(route, values) for route, values in self._matches(ask.path)]
            mine = next((each for each in matched if each[0].method == ask.method), None)
            if mine is None or not mine[0].open:
                self.world.guard(ask)
            if mine is None:
                raise _unrouted(ask, [route for route, _ in matched])
            return mine[0].handler(_with_values(ask, mine[1]))
        except Refusal as refusal:
            ask.answer_headers.update(refusal.headers)
            return self.world.refuse(ask, refusal)

    def _matches(self, path: str) -> list[tuple[Route, dict[str, Any]]]:
        found = []
        for (pattern, convertors), route in self._routes:
            if match := pattern.match(path):
                values = {key: convertors[key].convert(value) for key, value in match.groupdict().items()}
                found.append((route, values))
        return found


def _unrouted(ask: Ask, others: list[Route]) -> Refusal:
    if not others:
        return Refusal(404, "Not Found")
    return Refusal(405, "Method Not Allowed", headers={"Allow": ", ".join(route.method for route in others)})


def _with_values(ask: Ask, values: Mapping[str, Any]) -> Ask:
    # The answer's headers are shared on purpose: the guard may have written some already.
    return Ask(**{**vars(ask), "values": values})


async def _read(request: Request, rate_limits: bool) -> Ask:
    parts: list[tuple[str, str | Document]] = []
    if request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        body = await request.body()
        async with request.form() as form:
            for key, value in form.multi_items():
                parts.append((key, await _document(value) if isinstance(value, UploadFile) else value))
    else:
        body = await request.body()
    mount = request.scope.get("root_path", "")
    return Ask(
        method=request.method,
        path=request.scope["path"].removeprefix(mount),
        query=tuple(request.query_params.multi_items()),
        headers=request.headers,
        body=body,
        parts=tuple(parts),
        base=f"{request.url.scheme}://{request.url.netloc}{mount}",
        rate_limits=rate_limits,
    )


async def _document(upload: UploadFile) -> Document:
    return Document(upload.filename or "", upload.content_type or "", await upload.read())
