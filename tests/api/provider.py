"""A pretend provider on a loopback port: remembers what it was asked, and fails when it is told to."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

PEOPLE: list[dict[str, Any]] = [
    {
        "id": number,
        "first": first,
        "last": "Tester",
        "emails": [f"{first.lower()}@example.org"],
        "company": 0,
        "custom": {"shoe": number},
        "price": 1.10,
    }
    for number, first in enumerate(["Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Frances"], start=1)
]
KEY = "tk_correct_horse"
CHUNK = b"0123456789abcdef" * 4096
HUGE = 1500
"""Chunks of 64 KB in the large file: about 98 MB."""


@dataclass
class Provider:
    """The provider's memory: requests as `(verb, path, query, headers, body)`."""

    seen: list[tuple[str, str, dict[str, str], dict[str, str], bytes]] = field(default_factory=list)
    sent_chunks: int = 0

    def app(self) -> Starlette:
        """The provider as an ASGI application."""
        routes = [
            Route("/v1/me", self._answer({"me": 1})),
            Route("/v1/people", self._people, methods=["GET"]),
            Route("/v1/people", self._create, methods=["POST"]),
            Route("/v1/people/{id}/tags", self._answer({"id": 1, "first": "Ada"}), methods=["POST"]),
            Route("/v1/people/{id}/files", self._answer({"id": 77, "name": "cv.pdf"}), methods=["POST"]),
            Route("/v1/people/{id}", self._person, methods=["GET", "PATCH", "DELETE"]),
            Route("/v1/files", self._answer({"files": [{"id": 5, "name": "cv.pdf"}]})),
            Route("/v1/files/{id}/content", self._content),
            Route("/v1/things", self._answer({"things": [{"id": "t1"}, {"id": "t2"}], "next": None}), methods=["GET"]),
            Route("/v1/things", self._answer({"made": True}, 201), methods=["POST"]),
            Route("/v1/things/polish", self._answer({"shiny": True}), methods=["POST"]),
            Route("/v1/things/{id}", self._answer({"id": "t1", "raw": 1.10})),
            Route("/v1/echo/{rest:path}", self._echo, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
        ]
        return Starlette(routes=routes)

    async def _note(self, request: Request) -> Response | None:
        body = await request.body()
        query, headers = dict(request.query_params), dict(request.headers)
        self.seen.append((request.method, request.scope["raw_path"].decode(), query, headers, body))
        if headers.get("authorization") != f"Bearer {KEY}":
            return JSONResponse({"error": "bad key"}, 401)
        return fault(query.get("fault"))

    def _answer(self, value: Any, status: int = 200) -> Any:
        async def answer(request: Request) -> Response:
            return await self._note(request) or JSONResponse(value, status, {"X-RateLimit-Remaining": "41"})

        return answer

    async def _people(self, request: Request) -> Response:
        if failed := await self._note(request):
            return failed
        query = request.query_params
        start, size = int(query.get("cursor", 0)), int(query.get("size", 3))
        found = [person for person in PEOPLE if query.get("email", person["emails"][0]) == person["emails"][0]]
        if query.get("odd"):
            found = [{**found[0], "company": "not a number"}, found[1]]
        rest = start + size if start + size < len(found) else None
        headers = {"X-RateLimit-Limit": "100", "X-RateLimit-Remaining": "42", "X-RateLimit-Reset": "7"}
        return JSONResponse({"people": found[start : start + size], "next": rest}, headers=headers)

    async def _person(self, request: Request) -> Response:
        if failed := await self._note(request):
            return failed
        if request.path_params["id"] == "silent":
            return Response(status_code=204)
        found = [person for person in PEOPLE if str(person["id"]) == request.path_params["id"]]
        if not found:
            return JSONResponse({"error": "no such person"}, 404)
        return Response(status_code=204) if request.method == "DELETE" else JSONResponse(found[0])

    async def _create(self, request: Request) -> Response:
        if failed := await self._note(request):
            return failed
        return JSONResponse({"id": 99, **await request.json()}, 201)

    async def _content(self, request: Request) -> Response:
        if failed := await self._note(request):
            return failed
        match request.path_params["id"]:
            case "huge":
                return StreamingResponse(self._huge(HUGE), media_type="application/octet-stream")
            case "cut":
                return StreamingResponse(self._huge(3), headers={"Content-Length": "999999999"})
            case "5":
                told = {"Content-Disposition": "attachment; filename*=UTF-8''r%C3%A9sum%C3%A9.pdf"}
                return Response(b"%PDF-1.7 tiny", media_type="application/pdf", headers=told)
        return JSONResponse({"error": "no such file"}, 404)

    async def _huge(self, chunks: int) -> AsyncIterator[bytes]:
        for _ in range(chunks):
            self.sent_chunks += 1
            yield CHUNK
            await asyncio.sleep(0)

    async def _echo(self, request: Request) -> Response:
        if failed := await self._note(request):
            return failed
        headers = {"X-Secret": "no", "Link": '</next>; rel="next"'}
        return Response(await request.body() or b"<ok/>", 207, headers, "application/xml; charset=utf-8")


def fault(name: str | None) -> Response | None:
    """What goes wrong when a request says `fault=<name>`."""
    match name:
        case "429":
            return JSONResponse({"error": "slow down"}, 429, {"Retry-After": "30", "X-RateLimit-Remaining": "0"})
        case "403":
            return JSONResponse({"error": "no", "missing": ["people:read"]}, 403)
        case "401":
            return JSONResponse({"error": "who?"}, 401)
        case "400" | "404" | "409" | "422" | "500":
            return JSONResponse({"error": f"fault {name}"}, int(name))
        case "html":
            return Response("<html>maintenance</html>", media_type="text/html")
        case "empty":
            return Response(b"")
    return None
