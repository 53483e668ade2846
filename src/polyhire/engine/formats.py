"""Bodies on the wire: JSON, forms, multipart and XML, in both directions."""

import base64
import io
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode
from xml.parsers.expat import ExpatError

import aiohttp
import msgspec
import orjson
import xmltodict

from polyhire.engine.exchange import Upload

FILE = "\ue000polyhire:file\ue000"
"""What stands for an uploaded file's bytes while expressions handle it: they never see the bytes."""

_RAW = msgspec.json.Decoder(msgspec.Raw)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_IN_FILE_NAMES = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


def scope_of(upload: Upload) -> dict[str, Any]:
    """How expressions see an uploaded file: `content` is sent as base64 in JSON, as bytes in multipart."""
    return {
        "name": upload.name,
        "content_type": upload.content_type,
        "size": len(upload.content),
        "content": FILE,
    }


def encode(kind: str, value: Any, upload: Upload | None) -> tuple[Any, str | None]:
    """A body ready for the client, and its content type (None when the client sets it)."""
    match kind:
        case "json":
            return orjson.dumps(_with_content(value, upload)), "application/json"
        case "form":
            return urlencode(list(flat(value)), encoding="utf-8").encode(), "application/x-www-form-urlencoded"
        case "xml":
            text: str = xmltodict.unparse(_with_content(value, upload))
            return text.encode(), "application/xml"
    return _multipart(value, upload), None


def flat(value: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """A mapping as name-value pairs of a query or form: lists repeat the name, mappings nest as `a[b]`."""
    for key, inner in value.items():
        name = f"{prefix}[{key}]" if prefix else key
        if isinstance(inner, Mapping):
            yield from flat(inner, name)
        elif isinstance(inner, list):
            yield from ((name, text(entry)) for entry in inner if entry is not None)
        elif inner is not None:
            yield name, text(inner)


def text(value: Any) -> str:
    """A scalar as it stands in a URL, a header or a form."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case int() | float():
            return str(value)
    return orjson.dumps(value).decode()


def basic(username: Any, password: Any) -> str:
    """An HTTP Basic header; an absent half is empty."""
    halves = f"{username or ''}:{password or ''}"
    return "Basic " + base64.b64encode(halves.encode()).decode()


def _with_content(value: Any, upload: Upload | None) -> Any:
    """The value with the file's base64 where its content was referred to."""
    if upload is None:
        return value
    match value:
        case str():
            return base64.b64encode(upload.content).decode() if value == FILE else value
        case dict():
            return {key: _with_content(inner, upload) for key, inner in value.items()}
        case list():
            return [_with_content(inner, upload) for inner in value]
    return value


def _multipart(value: Mapping[str, Any], upload: Upload | None) -> aiohttp.MultipartWriter:
    writer = aiohttp.MultipartWriter("form-data")
    for name, inner in value.items():
        if isinstance(inner, Mapping) and inner.get("content") == FILE and upload is not None:
            # A stream goes in pieces; megabytes of bytes would be written in one go, the event loop standing still.
            file = writer.append(io.BytesIO(upload.content), {"Content-Type": upload.content_type})
            # Names go as browsers send them: a percent-encoded one would be kept so by providers.
            file.set_content_disposition(
                "form-data", quote_fields=False, name=name, filename=upload.name.translate(_IN_FILE_NAMES)
            )
        else:
            for pair_name, pair_text in flat({name: inner}):
                writer.append(pair_text).set_content_disposition("form-data", name=pair_name)
    return writer


def json_of(body: bytes, content_type: str, charset: str | None, integration_format: str) -> bytes | None:
    """A body as JSON text in UTF-8, XML translated; empty when there is nothing, None when it is neither."""
    body = body.removeprefix(_BYTE_ORDER_MARK)
    if not body.strip():
        return b""
    try:
        if charset and charset.lower() not in ("utf-8", "utf8", "us-ascii"):
            body = body.decode(charset).encode()
        else:
            body.decode()  # msgspec does not look inside texts
        if integration_format == "xml" and "json" not in content_type:
            return _json_of_xml(body)
        _RAW.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, LookupError, ExpatError):
        return None
    return body


def _json_of_xml(body: bytes) -> bytes:
    """Elements are keys, attributes `@name`, text `#text`; namespaces are dropped."""

    def plain(_path: Any, key: str, value: Any) -> tuple[str, Any]:
        return key.rpartition(":")[2], value

    return orjson.dumps(xmltodict.parse(body, postprocessor=plain))
