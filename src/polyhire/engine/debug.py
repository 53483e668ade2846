"""What `response_format=debug` shows: the HTTP exchanges of a call, without any secret."""

import html
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from polyhire.engine.connection import Exchange
from polyhire.engine.credential import Credential
from polyhire.engine.exchange import Answer

REDACTED = "[redacted]"

_SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})
_SECRET_KEYS = frozenset({"access_token", "refresh_token", "id_token", "client_secret", "password", "token"})


def render(trace: Sequence[Exchange], credential: Credential) -> list[dict[str, Any]]:
    """Every exchange as JSON values; secrets are replaced wherever they stand, in any of their encodings."""
    applied = credential.applied
    headers = applied.headers.values() if applied else ()
    hidden = {
        *credential.secrets(),
        *headers,
        *(value.rpartition(" ")[2] for value in headers),  # without `Basic` or the like before it
        *(applied.query.values() if applied else ()),
        *(value for exchange in trace for value in exchange.outgoing.hidden),
    }
    names = _SECRET_HEADERS | {name.lower() for name in credential.connect.apply.headers}
    longest_first = sorted((value for value in hidden if len(value) > 3), key=len, reverse=True)
    secret = re.compile("|".join(_in_any_encoding(value) for value in longest_first) or r"(?!)")
    return [_exchange(exchange, names, secret) for exchange in trace]


def _in_any_encoding(value: str) -> str:
    """A pattern for a text with each of its characters plain, percent-encoded, or escaped as in JSON or XML."""
    return "".join(
        f"(?:{'|'.join(re.escape(form) for form in dict.fromkeys(_forms(character)))})" for character in value
    )


def _forms(character: str) -> tuple[str, ...]:
    percent = "".join(f"%{byte:02X}" for byte in character.encode())
    escaped = json.dumps(character)[1:-1]
    in_json = json.dumps(character, ensure_ascii=False)[1:-1]
    slash = "\\/" if character == "/" else character
    blank = "+" if character == " " else character
    return character, percent, percent.lower(), escaped, in_json, slash, blank, html.escape(character)


def _exchange(exchange: Exchange, names: frozenset[str] | set[str], secret: re.Pattern[str]) -> dict[str, Any]:
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
    redacted: dict[str, Any] = _without(found, secret)
    return redacted


def _headers(headers: Mapping[str, str], names: frozenset[str] | set[str]) -> dict[str, str]:
    return {str(name): REDACTED if name.lower() in names else value for name, value in headers.items()}


def _without(value: Any, secret: re.Pattern[str]) -> Any:
    match value:
        case str():
            return secret.sub(REDACTED, value)
        case dict():
            return {
                key: REDACTED if key in _SECRET_KEYS and isinstance(inner, str) else _without(inner, secret)
                for key, inner in value.items()
            }
        case list():
            return [_without(inner, secret) for inner in value]
    return value
