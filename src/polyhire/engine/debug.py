"""What `response_format=debug` shows: the HTTP exchanges of a call, without any secret."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from polyhire.engine.authenticate import Credential
from polyhire.engine.connection import Exchange
from polyhire.engine.exchange import Answer

REDACTED = "[redacted]"

_SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})
_SECRET_KEYS = frozenset({"access_token", "refresh_token", "id_token", "client_secret", "password", "token"})


def render(trace: Iterable[Exchange], credential: Credential) -> list[dict[str, Any]]:
    """Every exchange as JSON values; secrets are replaced wherever they stand, in any of their encodings."""
    applied = credential._applied
    hidden = {
        *credential.secrets(),
        *(applied.headers.values() if applied else ()),
        *(applied.query.values() if applied else ()),
    }
    names = _SECRET_HEADERS | {name.lower() for name in (applied.headers if applied else ())}
    encoded = sorted({form for value in hidden if len(value) > 3 for form in (value, quote(value, safe=""))}, key=len)
    return [_exchange(exchange, names, encoded[::-1]) for exchange in trace]


def _exchange(exchange: Exchange, names: frozenset[str] | set[str], hidden: list[str]) -> dict[str, Any]:
    outgoing, answer = exchange.outgoing, exchange.answer
    found: dict[str, Any] = {
        "requestUrl": outgoing.url,
        "requestOptions": {
            "method": outgoing.verb,
            "headers": _headers(outgoing.headers, names),
            "body": outgoing.body.decode(errors="replace") if isinstance(outgoing.body, bytes) else None,
        },
        "responseStatus": answer.status if answer else None,
        "responseHeaders": _headers(answer.headers, names) if answer else {},
        "data": answer.data if isinstance(answer, Answer) else None,
        "milliseconds": round(exchange.milliseconds, 1),
    }
    redacted: dict[str, Any] = _without(found, hidden)
    return redacted


def _headers(headers: Mapping[str, str], names: frozenset[str] | set[str]) -> dict[str, str]:
    return {str(name): REDACTED if name.lower() in names else value for name, value in headers.items()}


def _without(value: Any, hidden: list[str]) -> Any:
    match value:
        case str():
            for secret in hidden:
                value = value.replace(secret, REDACTED)
            return value
        case dict():
            return {
                key: REDACTED if key in _SECRET_KEYS and isinstance(inner, str) else _without(inner, hidden)
                for key, inner in value.items()
            }
        case list():
            return [_without(inner, hidden) for inner in value]
    return value
