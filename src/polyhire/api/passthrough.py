"""/proxy and /custom: the provider's own endpoints and paths, with the account's credentials."""

from collections.abc import Container
from typing import Any
from urllib.parse import unquote_plus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from polyhire.accounts import Account
from polyhire.accounts.account import Scope
from polyhire.api.answers import bytes_answer, file_answer, passed_answer
from polyhire.api.bodies import read_object
from polyhire.api.caller import Caller, account_of, authenticate, gateway_of
from polyhire.api.idempotent import repeatable
from polyhire.api.query import Asked, malformed, read_asked
from polyhire.engine.exchange import FileAnswer, Outgoing
from polyhire.engine.failures import rate_headers
from polyhire.engine.serving import Call
from polyhire.errors import InvalidRequest
from polyhire.manifest.eeo import path_reveals_eeo, reveals_eeo

_ON_COLLECTION = {"GET": "list", "HEAD": "list", "POST": "create"}
_ON_RECORD = {"GET": "get", "HEAD": "get", "PATCH": "update", "PUT": "update", "DELETE": "delete"}
_VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE"]

FORWARDED = (
    "accept",
    "accept-language",
    "content-type",
    "if-match",
    "if-none-match",
    "if-modified-since",
    "if-unmodified-since",
    "prefer",
    "range",
)
"""The only headers of a caller that go to the provider; above all, `Authorization` does not."""

RETURNED = ("Content-Range", "ETag", "Last-Modified", "Link", "Location", "Retry-After")
"""The headers of a provider that go to the caller, beside its content type."""

_ACCOUNT = "integrated_account_id"


async def collection(request: Request) -> Response:
    """List what one of the provider's endpoints has, or add to it."""
    return await _proxy(request, _ON_COLLECTION[request.method], None)


async def record(request: Request) -> Response:
    """One thing of the provider's; a POST is one of the endpoint's own methods."""
    inner = request.path_params["id"]
    if request.method == "POST":
        return await _proxy(request, inner, None)
    return await _proxy(request, _ON_RECORD[request.method], inner)


async def custom(request: Request) -> Response:
    """Any verb and path below the provider's base URL, answered as it comes."""
    caller = await authenticate(request, _scope(request), account_token=True)
    account_id, query = _without_account(request.scope["query_string"].decode("latin-1"))
    account = await account_of(request, caller, account_id)
    _forbid_custom(request, caller, account)
    if any(part.partition(";")[0] == ".." for part in request.scope["path"].replace("\\", "/").split("/")):
        raise InvalidRequest("A path can't go up with '..'.")
    path = _provider_path(request)
    headers = {name: request.headers[name] for name in FORWARDED if name in request.headers}
    body = await request.body()
    outgoing = Outgoing(request.method, path + (f"?{query}" if query else ""), headers, body or None)
    answer = await gateway_of(request).custom(account, outgoing)
    told = rate_headers(answer.headers) | {name: answer.headers[name] for name in RETURNED if name in answer.headers}
    return await file_answer(answer, told) if isinstance(answer, FileAnswer) else bytes_answer(answer, told)


def _scope(request: Request) -> Scope:
    """What a verb takes; what a provider's own POST does, only the provider knows."""
    return "read" if request.method in ("GET", "HEAD") else "write"


def _forbid_proxy(request: Request, caller: Caller, account: Account) -> None:
    if "eeo" not in caller.scopes:
        integration = gateway_of(request).catalog.integration(account.integration)
        methods = integration.endpoints.get(request.path_params["resource"], {}).values()
        if reveals_eeo(integration, [step for method in methods for step in method.sequence]):
            caller.need("eeo")


def _forbid_custom(request: Request, caller: Caller, account: Account) -> None:
    if "eeo" not in caller.scopes:
        integration = gateway_of(request).catalog.integration(account.integration)
        if path_reveals_eeo(integration, _provider_path(request)):
            caller.need("eeo")


ROUTES = [
    Route("/proxy/{resource}", repeatable(collection, _forbid_proxy), methods=["GET", "POST"]),
    Route("/proxy/{resource}/{id}", repeatable(record, _forbid_proxy), methods=_VERBS),
    Route("/custom/{path:path}", repeatable(custom, _forbid_custom), methods=_VERBS),
]


def _provider_path(request: Request) -> str:
    """The path below /custom, as it was sent."""
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    return "/" + raw.decode("latin-1").lstrip("/").removeprefix("custom").lstrip("/")


async def _proxy(request: Request, method: str, record_id: str | None) -> Response:
    gateway = gateway_of(request)
    caller = await authenticate(request, _scope(request), account_token=True)
    asked = read_asked(request.scope["query_string"])
    _check(asked)
    account = await account_of(request, caller, asked.account_id)
    _forbid_proxy(request, caller, account)
    body = await read_object(request) if request.method not in ("GET", "HEAD") else None
    resource = request.path_params["resource"]
    endpoint = gateway.catalog.integration(account.integration).endpoints.get(resource, {}).get(method)
    call = _call(resource, method, record_id, asked, body, endpoint.filters if endpoint is not None else ())
    return passed_answer(await gateway.proxy(account, call), method == "list", asked)


def _call(
    resource: str,
    method: str,
    record_id: str | None,
    asked: Asked,
    body: dict[str, Any] | None,
    read: Container[str],
) -> Call:
    """The call of an endpoint: parameters that it does not `read` itself go to the provider as they are."""
    untouched = {name: value for name, value in asked.rest.items() if name not in read}
    return Call(
        resource,
        method,
        id=record_id,
        query=asked.rest,
        body=body,
        limit=asked.limit,
        cursor=asked.cursor,
        remote_query={**untouched, **asked.remote_query},
        format="normalized",
    )


def _check(asked: Asked) -> None:
    """Parameters that shape our records say nothing about the provider's. Raises InvalidRequest."""
    given = {
        "fields": asked.fields,
        "exclude_fields": asked.exclude,
        "key_by": asked.key_by,
        "complete": asked.complete,
    }
    for name, value in given.items():
        if value:
            raise malformed(name, "goes with unified records; the provider's own are given as they are.")
    if asked.format in ("normalized", "debug"):
        raise malformed("response_format", f"is raw or nothing here, not {asked.format}.")


def _without_account(query: str) -> tuple[str | None, str]:
    """The account's id, and the query string without it, otherwise untouched."""
    account_id: str | None = None
    kept = []
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if unquote_plus(name) == _ACCOUNT:
            account_id = unquote_plus(value) or None
        elif part:
            kept.append(part)
    return account_id, "&".join(kept)
