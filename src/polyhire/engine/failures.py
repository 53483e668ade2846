"""Was that a failure? The integration's rules first, then the meaning of HTTP statuses."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from polyhire.engine.exchange import Answer
from polyhire.engine.scope import Scope
from polyhire.errors import (
    Conflict,
    CredentialsRejected,
    MappingError,
    NotFound,
    PermissionDenied,
    ProviderError,
    ProviderFailed,
    ProviderRefused,
    ProviderUnreachable,
    RateLimited,
    Unprocessable,
    shorten,
)
from polyhire.expressions import ABSENT, Expression
from polyhire.manifest.integration import IntegrationFile

RAISES: dict[str, type[ProviderError]] = {
    "invalid_request": ProviderRefused,
    "not_found": NotFound,
    "conflict": Conflict,
    "unprocessable": Unprocessable,
    "credentials_rejected": CredentialsRejected,
    "not_permitted": PermissionDenied,
    "rate_limited": RateLimited,
    "provider_failed": ProviderFailed,
    "unreachable": ProviderUnreachable,
}

STATUSES: dict[int, type[ProviderError]] = {
    401: CredentialsRejected,
    403: PermissionDenied,
    404: NotFound,
    409: Conflict,
    410: NotFound,
    422: Unprocessable,
    429: RateLimited,
}

_RATE_HEADERS = {
    part: (f"RateLimit-{part}", f"X-RateLimit-{part}", f"X-Rate-Limit-{part}")
    for part in ("limit", "remaining", "reset")
}

_MEANINGS: dict[type[ProviderError], str] = {
    CredentialsRejected: "refused the credentials",
    PermissionDenied: "refused: the credentials lack a permission",
    NotFound: "has no such record",
    Conflict: "can't do this in the record's present state",
    Unprocessable: "refused the contents of the request",
    RateLimited: "has had too many requests",
    ProviderFailed: "failed",
    ProviderRefused: "found the request invalid",
    ProviderUnreachable: "is out of reach",
}

_MAX_WAIT = 24 * 3600.0


def failure(answer: Answer, file: IntegrationFile, scope: Scope) -> ProviderError | None:
    """The error that an answer stands for, or None when all is well."""
    kind = _by_rule(file, scope) or _by_status(answer.status)
    if kind is None:
        return None
    said = _text(_found(file.errors.message, scope))
    message = f"{file.name} {_MEANINGS[kind]} (HTTP {answer.status})"
    error = kind(
        f"{message}: {shorten(said, 500)}" if said else message,
        provider_status=answer.status,
        raw_response=answer.data if len(answer.body) < 20_000 else answer.body[:20_000].decode(errors="replace"),
        headers=rate_headers(answer.headers),
        missing_scopes=_texts(_found(file.errors.missing_scopes, scope)) if kind is PermissionDenied else (),
    )
    if kind in (RateLimited, ProviderFailed, ProviderUnreachable):
        error.retry_after = retry_after(answer.headers, _found(file.rate_limit.retry_after, scope))
    return error


def _by_rule(file: IntegrationFile, scope: Scope) -> type[ProviderError] | None:
    if file.errors.deciding is None:
        return None
    try:
        number = scope.evaluate(file.errors.deciding)
    except MappingError:  # one rule can't take the answer: the others still count
        number = next((n for n, rule in enumerate(file.errors.rules) if _found(rule.when, scope)), ABSENT)
    return None if number is ABSENT else RAISES[file.errors.rules[number].raises]


def _by_status(status: int) -> type[ProviderError] | None:
    if status < 300:
        return None
    return STATUSES.get(status) or (ProviderFailed if status >= 500 or status < 400 else ProviderRefused)


def _found(expression: Expression | None, scope: Scope) -> Any:
    """What an expression finds in a failed answer, which may be anything: a mistake then finds nothing."""
    if expression is None:
        return None
    try:
        found = scope.evaluate(expression)
    except MappingError:
        return None
    return None if found is ABSENT else found


def _texts(found: Any) -> tuple[str, ...]:
    return tuple(str(entry) for entry in (found if isinstance(found, list) else [found]) if entry not in (None, ""))


def _text(found: Any) -> str:
    return "; ".join(_texts(found))


def retry_after(headers: Mapping[str, str], said: Any = None) -> float | None:
    """Seconds to wait: what the integration's expression found, `Retry-After`, or the reset of the rate headers."""
    if isinstance(said, int | float) and not isinstance(said, bool):
        return min(max(float(said), 0.0), _MAX_WAIT)
    value = headers.get("Retry-After")
    if value is None:
        reset = rate_headers(headers).get("ratelimit-reset")
        return float(reset) if reset else None
    if value.strip().replace(".", "", 1).isdecimal():
        return min(float(value), _MAX_WAIT)
    try:
        return min(max((parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds(), 0.0), _MAX_WAIT)
    except (ValueError, TypeError):
        return None


def rate_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The provider's budget as `ratelimit-limit`, `-remaining` and `-reset` (seconds from now), as far as it tells."""
    found: dict[str, str] = {}
    for part, names in _RATE_HEADERS.items():
        for name in names:
            number = headers[name].split(",")[0].strip() if name in headers else ""
            if number.replace(".", "", 1).isdecimal():
                found[f"ratelimit-{part}"] = _seconds_from_now(float(number)) if part == "reset" else number
                break
    return found


def _seconds_from_now(reset: float) -> str:
    if reset > 1e11:
        reset /= 1000  # milliseconds since 1970
    if reset > 1e9:  # seconds since 1970: no budget resets in thirty years
        reset -= datetime.now(UTC).timestamp()
    return str(max(round(reset), 0))
