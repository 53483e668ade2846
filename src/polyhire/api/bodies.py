"""Request bodies: JSON and multipart forms into the model's one form, with the file taken out."""

import asyncio
from base64 import b64decode
from typing import Any

import orjson
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from polyhire.api.query import nested
from polyhire.engine.exchange import Upload
from polyhire.engine.formats import scope_of
from polyhire.errors import BodyTooLarge, Failure, InvalidBody, InvalidRequest, UnsupportedMediaType
from polyhire.model.body import check_body
from polyhire.model.record import Resource

LARGE = 100_000
"""Bytes from which a body is read in a thread, beside the event loop."""

_MAX_PARTS = 200
_FILE = "file"


async def read_body(
    request: Request, resource: Resource, method: str, *, max_file: int, optional: bool = False
) -> tuple[dict[str, Any] | None, Upload | None]:
    """A write's body, checked against the model, and its file. Raises InvalidBody, BodyTooLarge, UnsupportedMediaType.

    With a file, `body["file"]` says that there is one; its bytes are in the upload.
    """
    kind = _kind(request)
    if kind == "multipart/form-data":
        if method != "create" or all(field.name != _FILE for field in resource.write_fields):
            raise UnsupportedMediaType(f"{resource.name}.{method} takes no file: send its body as application/json.")
        given, upload = await _multipart(request, max_file)
        if upload is None:
            return check_body(resource, method, given), None
        # The model wants base64 in a file's content; an empty text stands for the bytes that are not it.
        told = {"name": upload.name, "content_type": upload.content_type, "content": ""}
        return {**check_body(resource, method, {**given, _FILE: told}), _FILE: scope_of(upload)}, upload
    raw = await request.body()
    if not raw.strip() and optional:
        return None, None
    if len(raw) > LARGE:
        return await asyncio.to_thread(_from_json, raw, kind, resource, method, max_file)
    return _from_json(raw, kind, resource, method, max_file)


async def read_object(request: Request) -> dict[str, Any] | None:
    """A JSON object that is the provider's own affair; None when there is no body."""
    raw = await request.body()
    if not raw.strip():
        return None
    found = json_of(raw, _kind(request))
    if not isinstance(found, dict):
        raise InvalidBody("The body must be a JSON object.", failures=[Failure("body", "must be a JSON object.")])
    return found


def json_of(raw: bytes, kind: str) -> Any:
    """The values of a JSON text. Raises UnsupportedMediaType or InvalidBody, which says where it breaks."""
    if kind not in ("", "application/json", "text/json") and not kind.endswith("+json"):
        raise UnsupportedMediaType(f"The body is {kind[:60]}; send application/json.")
    if not raw.strip():
        raise InvalidBody("The body is empty: send a JSON object.", failures=[Failure("body", "is empty.")])
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        reason = f"is not JSON: {error}"
        raise InvalidBody(f"The body {reason}", failures=[Failure("body", reason)]) from None


def _from_json(
    raw: bytes, kind: str, resource: Resource, method: str, max_file: int
) -> tuple[dict[str, Any], Upload | None]:
    checked = check_body(resource, method, json_of(raw, kind))
    file = checked.get(_FILE)
    if not isinstance(file, dict):
        return checked, None
    content = b64decode(file["content"])
    upload = Upload(file["name"], file.get("content_type") or "application/octet-stream", content)
    _check_size(upload, max_file)
    return {**checked, _FILE: scope_of(upload)}, upload


async def _multipart(request: Request, max_file: int) -> tuple[dict[str, Any], Upload | None]:
    parser = MultiPartParser(
        request.headers, request.stream(), max_files=1, max_fields=_MAX_PARTS, max_part_size=1_000_000
    )
    parser.spool_max_size = max_file * 2  # what is uploaded is kept in memory, never on disk
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, UnicodeDecodeError) as error:
        reason = error.message if isinstance(error, MultiPartException) else "it is cut off or wrongly encoded."
        raise InvalidBody(f"The body is not a multipart form: {reason}") from None
    try:
        return await _parts(form, max_file)
    finally:
        await form.close()


async def _parts(form: FormData, max_file: int) -> tuple[dict[str, Any], Upload | None]:
    """The fields of a form as a tree, and its file."""
    upload: Upload | None = None
    pairs: list[tuple[str, str]] = []
    for name, value in form.multi_items():
        if not isinstance(value, UploadFile):
            pairs.append((_bracketed(name), value))
        elif name != _FILE:
            raise InvalidBody(f"The file stands in a part named '{_FILE}', not '{name[:60]}'.")
        else:
            content_type = value.content_type or "application/octet-stream"
            upload = Upload(value.filename or _FILE, content_type, await value.read())
            _check_size(upload, max_file)
    try:
        return nested(pairs), upload
    except InvalidRequest as error:
        raise InvalidBody(error.message.replace("parameter", "part", 1)) from None


def _bracketed(name: str) -> str:
    """`candidate.id` as `candidate[id]`."""
    first, *inner = name.split(".")
    return first + "".join(f"[{key}]" for key in inner)


def _check_size(upload: Upload, max_file: int) -> None:
    if len(upload.content) > max_file:
        raise BodyTooLarge(f"The file is larger than {max_file} bytes (POLYHIRE_MAX_UPLOAD_BYTES sets it).")


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()
