"""`Idempotency-Key`: a write that is sent again is answered again, and reaches the provider once."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from functools import wraps
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Message

from polyhire.accounts import Account, StoredAnswer
from polyhire.api.bodies import LARGE
from polyhire.api.caller import Caller, account_of, authenticate, gateway_of
from polyhire.api.problems import problem
from polyhire.errors import ProviderError, ProviderFailed

KEY_HEADER = "idempotency-key"
REPLAYED_HEADER = "Idempotency-Replayed"

_READS = frozenset({"GET", "HEAD"})
_ACCOUNT = ("integrated_account_id", "truto_integrated_account_id")
_BOUNDARY = re.compile(r'boundary="?([^";]{1,200})')
# Said of the moment, or said anew with every answer.
_NOT_STORED = ("content-length", "content-type", "ratelimit-", "retry-after")

Endpoint = Callable[[Request], Awaitable[Response]]


def repeatable(endpoint: Endpoint, forbid: Callable[[Request, Caller, Account], None]) -> Endpoint:
    """The endpoint, working on a write once per `Idempotency-Key`; what we refuse ourselves frees the key.

    `forbid` raises NotPermittedHere for a caller who may not do this, nor read how it was answered before.
    """

    @wraps(endpoint)
    async def answer(request: Request) -> Response:
        key = request.headers.get(KEY_HEADER)
        if key is None or request.method in _READS:
            return await endpoint(request)
        caller = await authenticate(request, "write", account_token=True)
        account_id = next((request.query_params[name] for name in _ACCOUNT if request.query_params.get(name)), None)
        account = await account_of(request, caller, account_id)
        forbid(request, caller, account)
        digest = await _body_digest(request)
        claiming = gateway_of(request).store.idempotency.claim(
            account.environment_id, account.id, key, _address(request, caller), digest
        )
        async with claiming as claim:
            if claim.answer is not None:
                return _again(claim.answer)
            try:
                response = await endpoint(request)
            except ProviderError as error:
                response = problem(error, request.scope)
            if isinstance(response, StreamingResponse):
                response = await _whole(response, gateway_of(request).settings.max_answer_bytes)
            await claim.store(_stored(response))
            return response

    return answer


def _address(request: Request, caller: Caller) -> str:
    """Method, path and query; for who must not see EEOC answers another one, as the answer may be another."""
    query = request.scope["query_string"].decode("latin-1")
    withheld = "" if "eeo" in caller.scopes else " without eeo"
    return f"{request.method} {request.scope['path']}?{query}{withheld}"


async def _body_digest(request: Request) -> str:
    body = await request.body()
    content_type = request.headers.get("content-type", "")
    if len(body) > LARGE:
        return await asyncio.to_thread(_digest, body, content_type)
    return _digest(body, content_type)


def _digest(body: bytes, content_type: str) -> str:
    """The SHA-256 of a body, in hex; a form's is the same whatever boundary its sender made up this time."""
    boundary = _BOUNDARY.search(content_type)
    if boundary is not None:
        body = body.replace(b"--" + boundary[1].encode("latin-1"), b"--")
    return sha256(body).hexdigest()


async def _whole(streamed: StreamingResponse, limit: int) -> Response:
    """A stream read to its end, as it can be given again only so. `limit` is in bytes."""
    chunks: list[bytes] = []
    size = 0

    async def take(message: Message) -> None:
        nonlocal size
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise ProviderFailed(
                f"The provider did as asked, but its answer is larger than {limit} bytes, and can't be kept for "
                "repetitions. Send such a write without an Idempotency-Key."
            )
        chunks.append(chunk)

    await streamed.stream_response(take)
    headers = {name: value for name, value in streamed.headers.items() if name != "content-length"}
    return Response(b"".join(chunks), streamed.status_code, headers)


def _stored(response: Response) -> StoredAnswer:
    headers = {name: value for name, value in response.headers.items() if not name.startswith(_NOT_STORED)}
    content_type = response.headers.get("content-type", "")
    return StoredAnswer(response.status_code, content_type, bytes(response.body), headers)


def _again(stored: StoredAnswer) -> Response:
    headers = {**stored.headers, REPLAYED_HEADER: "true"}
    if stored.content_type:
        headers["Content-Type"] = stored.content_type
    return Response(stored.body, stored.status, headers)
