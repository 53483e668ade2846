"""A provider that plays a case's exchange over real HTTP, and notes whatever was not in the script."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

OFF_SCRIPT = 599


class Script:
    """An ASGI app that answers each request with the exchange that it matches, once."""

    def __init__(self) -> None:
        self.exchange: list[dict[str, Any]] = []
        self.off_script: list[str] = []

    def play(self, exchange: list[dict[str, Any]]) -> None:
        """Begin a case. Exchanges may come in any order: lookups run together."""
        self.exchange = list(exchange)
        self.off_script = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        seen = await _seen(request)
        for entry in self.exchange:
            if not _differences(entry["request"], seen, request):
                self.exchange.remove(entry)
                await _answer(entry["response"], str(request.base_url))(scope, receive, send)
                return
        reasons = [_differences(entry["request"], seen, request) for entry in self.exchange]
        self.off_script.append(f"{seen}\n    expected one of: {reasons or 'nothing more'}")
        await Response(b'{"off_script": true}', OFF_SCRIPT, media_type="application/json")(scope, receive, send)


async def _seen(request: Request) -> dict[str, Any]:
    body = await request.body()
    seen: dict[str, Any] = {"method": request.method, "path": request.url.path}
    query = parse_qsl(request.url.query, keep_blank_values=True)
    seen["query"] = {name: [v for n, v in query if n == name] for name, _ in query}
    kind = request.headers.get("content-type", "").partition(";")[0]
    if kind == "application/json" or kind.endswith("+json"):
        seen["json"] = orjson.loads(body)
    elif kind == "application/x-www-form-urlencoded":
        seen["form"] = dict(parse_qsl(body.decode(), keep_blank_values=True))
    elif kind == "multipart/form-data":
        form = await Request({**request.scope}, _replay(body)).form()
        seen["multipart"] = {
            name: value if isinstance(value, str) else (await value.read()).decode("latin-1")
            for name, value in form.multi_items()
        }
        await form.close()
    return seen


def _replay(body: bytes) -> Receive:
    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _differences(expected: Mapping[str, Any], seen: Mapping[str, Any], request: Request) -> list[str]:
    """What of a request is not as the script says. A part that the script does not name must not be there."""
    wanted = {
        "method": expected["method"],
        "path": expected["path"],
        "query": {
            k: [str(x) for x in (v if isinstance(v, list) else [v])] for k, v in expected.get("query", {}).items()
        },
    }
    found = [f"{part}: {seen.get(part)!r} != {value!r}" for part, value in wanted.items() if seen.get(part) != value]
    for part in ("json", "form", "multipart"):
        if not _same(expected.get(part), seen.get(part)):
            found.append(f"{part}: {seen.get(part)!r} != {expected.get(part)!r}")
    for name, value in expected.get("headers", {}).items():
        if request.headers.get(name) != str(value):
            found.append(f"header {name}: {request.headers.get(name)!r} != {value!r}")
    return found


def _same(expected: Any, seen: Any) -> bool:
    """Whether a body is as scripted; the text `{now}` stands for a moment within a minute of now."""
    if isinstance(expected, dict) and isinstance(seen, dict):
        return expected.keys() == seen.keys() and all(_same(expected[key], seen[key]) for key in expected)
    if isinstance(expected, list) and isinstance(seen, list):
        return len(expected) == len(seen) and all(map(_same, expected, seen))
    if expected == "{now}" and isinstance(seen, str):
        return abs((datetime.now(UTC) - datetime.fromisoformat(seen)).total_seconds()) < 60
    return bool(expected == seen)


def _answer(response: Mapping[str, Any], base_url: str) -> Response:
    """The scripted answer; `{base}` in its texts is this server's address."""
    headers = {k: str(v).replace("{base}", base_url.rstrip("/")) for k, v in response.get("headers", {}).items()}
    if "json" in response:
        text = orjson.dumps(response["json"]).decode().replace("{base}", base_url.rstrip("/"))
        return Response(text, response["status"], headers, media_type="application/json")
    return Response(str(response.get("text", "")), response["status"], headers, media_type=headers.get("Content-Type"))
