"""Where the records are in an answer, each as the provider's own bytes."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec
import orjson

from polyhire.engine.scope import Scope
from polyhire.expressions import Expression

_PATH = re.compile(r"^body((?:\.(?:[A-Za-z_]\w*|`[^`]+`))*)(\[0\])?$")
_NAME = re.compile(r"`([^`]+)`|(\w+)")
_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_NULL = b"null"


def items_of(expression: Expression, scope: Scope, body: bytes) -> list[bytes]:
    """The records that an expression finds, one or many, without nulls.

    For a plain path (`body`, `body.results`, `body[0]`) the bytes are cut out of the answer without reading them.
    """
    plain = _plain(expression.source)
    if plain is not None and body:
        found = _cut(plain.names, body)
        if found is not None:
            records = _each(found)
            return records[:1] if plain.is_first else records
    text = expression.evaluate_text(scope.text(expression.inputs))
    return [] if text is None else _each(text.encode())


@dataclass(frozen=True)
class _Plain:
    """A path that leads through objects only, to a list or (`[0]`) its first."""

    names: tuple[str, ...]
    is_first: bool


@lru_cache(maxsize=1024)
def _plain(source: str) -> _Plain | None:
    match = _PATH.match(source.strip())
    return match and _Plain(tuple(quoted or name for quoted, name in _NAME.findall(match[1])), match[2] is not None)


def _each(found: bytes) -> list[bytes]:
    stripped = found.strip()
    if stripped.startswith(b"["):
        return [record for record in map(bytes, _LIST.decode(stripped)) if record != _NULL]
    return [] if stripped in (_NULL, b"") else [stripped]


def _cut(names: tuple[str, ...], body: bytes) -> bytes | None:
    """The JSON text at a path of the body; None when the way there is not all objects."""
    if not names:
        return body
    try:
        found: Any = _decoder(names).decode(body)
    except msgspec.ValidationError:
        return None
    for _ in names:
        if found is msgspec.UNSET:
            return _NULL
        found = found.inner
    return bytes(found)


@lru_cache(maxsize=1024)
def _decoder(names: tuple[str, ...]) -> "msgspec.json.Decoder[Any]":
    """Decodes nothing but the way to a path."""
    kind: Any = msgspec.Raw
    default: Any = msgspec.Raw(_NULL)
    for name in reversed(names):
        kind = msgspec.defstruct("Way", [("inner", kind, default)], rename={"inner": name})
        default = msgspec.UNSET
    return msgspec.json.Decoder(kind)


def joined(records: list[bytes]) -> orjson.Fragment:
    """Records as one JSON list."""
    return orjson.Fragment(b"[" + b",".join(records) + b"]")
