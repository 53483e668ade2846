"""Errors as answers: one envelope for everything that goes wrong, ours or the provider's."""

import traceback
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from polyhire.errors import (
    CallError,
    DatabaseUnavailable,
    InternalError,
    ManifestError,
    MissingBodyFields,
    MissingFilter,
    NotPermittedHere,
    PermissionDenied,
    PolyhireError,
    ProviderError,
    RateLimited,
    TooManyRequests,
    Unauthorized,
    UnknownPath,
    UnsupportedMethod,
    WrongVerb,
)

log = structlog.get_logger("polyhire.api")

_VERBS = {"list": "GET", "create": "POST", "get": "GET", "update": "PATCH", "delete": "DELETE"}
_OF_A_RECORD = frozenset({"get", "update", "delete"})


def answer_for(error: Exception, scope: Scope) -> Response:
    """The answer for any error."""
    match error:
        case PolyhireError():
            return problem(error, scope)
        case HTTPException():
            return _misaddressed(error, scope)
    return unexpected(error, scope)


def problem(error: PolyhireError, scope: Scope) -> Response:
    """The envelope of an error, with the headers that belong to it."""
    return Response(
        orjson.dumps(envelope(error, scope), default=str),
        error.status,
        headers=_headers(error, scope),
        media_type="application/json",
    )


def _misaddressed(error: HTTPException, scope: Scope) -> Response:
    """The answer for an address or verb that is not there."""
    verb, path = scope["method"], scope["path"]
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = (error.headers or {}).get("Allow", "")
        response = problem(WrongVerb(f"This address does not answer {verb}; it answers: {allowed}."), scope)
        response.headers["Allow"] = allowed
        return response
    if error.status_code == HTTPStatus.NOT_FOUND:
        hint = "records are at /unified/ats/{resource}; every address is listed at /docs"
        if not path.startswith("/unified/ats/") and path.startswith("/unified/"):
            hint = "the one model is 'ats': /unified/ats/{resource}"
        return problem(UnknownPath(f"There is nothing at this address; {hint}."), scope)
    return problem(CallError(str(error.detail)), scope)


def unexpected(error: Exception, scope: Scope) -> Response:
    """The answer for an error that nobody foresaw; where it happened is logged, what was in hand is not."""
    stack = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    log.error("unexpected error", type=type(error).__qualname__, at=stack)
    hidden = InternalError("Something went wrong in this server; its log has the details under the request_id.")
    return problem(hidden, scope)


def envelope(error: PolyhireError, scope: Scope) -> dict[str, Any]:
    """An error as JSON values."""
    body: dict[str, Any] = {
        "statusCode": error.status,
        "error": HTTPStatus(error.status).phrase,
        "message": error.message,
        "code": error.code,
        "docs": f"/docs/errors/{error.code}",
    }
    if details := _details(error):
        body["details"] = details
    if isinstance(error, ProviderError):
        body |= {"truto_is_remote_error": True, "is_remote_error": True}
        body |= {"remote_status": error.provider_status, "raw_response": error.raw_response}
    if insight := _insight(error):
        body |= {"truto_error_insight": insight, "error_insight": insight}
    body["request_id"] = scope.get("state", {}).get("request_id")
    return body


def _details(error: PolyhireError) -> dict[str, Any]:
    details: dict[str, Any] = {}
    if error.failures:
        details["failures"] = [{"path": failure.path, "message": failure.message} for failure in error.failures]
    if isinstance(error, UnsupportedMethod):
        details["offered"] = list(error.offered)
    if isinstance(error, ManifestError):
        details["mistakes"] = list(error.mistakes)
    return details


def _insight(error: PolyhireError) -> dict[str, Any]:
    match error:
        case MissingFilter() | MissingBodyFields():
            return {error.code: [failure.path.partition(".")[2] for failure in error.failures]}
        case RateLimited() | TooManyRequests():
            return {"rate_limit_error": {"retry_after": error.retry_after}}
        case PermissionDenied() | NotPermittedHere():
            return {"forbidden_error": {"missing_scopes": list(error.missing_scopes)}}
        case ProviderError():
            return {"remote_error": {"status": error.provider_status, "message": error.message}}
    return {}


def _headers(error: PolyhireError, scope: Scope) -> dict[str, str]:
    headers: dict[str, str] = {}
    if isinstance(error, ProviderError):
        headers |= error.headers
    if isinstance(error, ProviderError | TooManyRequests | DatabaseUnavailable) and error.retry_after is not None:
        headers["Retry-After"] = str(max(1, -int(-error.retry_after // 1)))
    if isinstance(error, Unauthorized):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, UnsupportedMethod):
        is_record = "id" in scope.get("path_params", {})
        verbs = {_VERBS[name] for name in error.offered if name in _VERBS and (name in _OF_A_RECORD) is is_record}
        headers["Allow"] = ", ".join(sorted(verbs))
    return headers
