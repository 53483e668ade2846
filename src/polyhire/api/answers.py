"""Outcomes as answers: envelopes, bare records, the provider's own bytes, and files on their way through."""

from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from typing import Any
from urllib.parse import quote

import orjson
from starlette.responses import Response, StreamingResponse
from starlette.types import Send

from polyhire.api.query import Asked
from polyhire.engine.exchange import Answer, FileAnswer
from polyhire.engine.serving import Outcome
from polyhire.gateway import Served
from polyhire.model.record import Method

CURSOR_HEADER = "polyhire-next-cursor"
FIELD_ERRORS_HEADER = "polyhire-field-errors"


def json_answer(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Values as JSON; pieces of JSON text inside (orjson.Fragment) stay as they are."""
    return Response(orjson.dumps(value), status, headers, media_type="application/json")


async def unified_answer(served: Served, method: Method, asked: Asked, record_id: str | None) -> Response:
    """What came of a unified call, in the form that was asked for."""
    outcome = served.outcome
    headers = _headers(served)
    if outcome.file is not None:
        return await file_answer(outcome.file, headers)
    if asked.format in ("raw", "stream"):
        return verbatim(outcome, headers)
    value = _value(outcome, method, asked, record_id)
    if asked.format == "debug":
        value = {**(value if method.name == "list" or method.is_custom else {"result": value}), "debug": _debug(served)}
        return json_answer(value, headers=headers)
    return json_answer(value, headers=headers)


def passed_answer(served: Served, is_list: bool, asked: Asked) -> Response:
    """What came of one of the provider's own endpoints: a list in the envelope, anything else verbatim."""
    headers = _headers(served)
    if not is_list or asked.format in ("raw", "stream"):
        return verbatim(served.outcome, headers)
    records = [record["remote_data"] for record in served.outcome.records]
    return json_answer(envelope(records, served.outcome), headers=headers)


def envelope(records: Any, outcome: Outcome) -> dict[str, Any]:
    """The envelope of a list."""
    return {
        "result": records,
        "next_cursor": outcome.next_cursor,
        "prev_cursor": None,
        "result_count": len(outcome.records),
        "is_partial_response": outcome.partial,
    }


def verbatim(outcome: Outcome, headers: dict[str, str]) -> Response:
    """The provider's status, content type and bytes."""
    if outcome.next_cursor is not None:
        headers[CURSOR_HEADER] = outcome.next_cursor
    if outcome.answer is None:
        return Response(status_code=204, headers=headers)
    return bytes_answer(outcome.answer, headers)


def bytes_answer(answer: Answer, headers: Mapping[str, str]) -> Response:
    """One provider answer as it came. What was XML was made JSON on arrival, and says so."""
    content_type = answer.content_type
    if answer.is_json and answer.body and "json" not in content_type:
        content_type = "application/json"
    response = Response(answer.body, answer.status, headers)
    if answer.body:
        response.headers["Content-Type"] = content_type
    return response


async def file_answer(file: FileAnswer, headers: Mapping[str, str]) -> Response:
    """A file as a stream. What goes wrong before its first byte is raised here, while it can still be told."""
    first = await anext(file.chunks, b"")
    told = dict(headers)
    if file.size is not None:
        told["Content-Length"] = str(file.size)
    if file.name:
        told["Content-Disposition"] = disposition(file.name)
    told["Content-Type"] = file.content_type
    return Streamed(first, file.chunks, file.status, told)


class Streamed(StreamingResponse):
    """Chunks as they come; the provider's connection is given back however it ends."""

    def __init__(
        self, first: bytes, chunks: AsyncIterator[bytes], status_code: int, headers: Mapping[str, str]
    ) -> None:
        super().__init__(chunks, status_code, headers)
        self._first = first

    async def stream_response(self, send: Send) -> None:
        async with aclosing(self.body_iterator):  # type: ignore[type-var]
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await send({"type": "http.response.body", "body": self._first, "more_body": True})
            async for chunk in self.body_iterator:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})


def disposition(name: str) -> str:
    """`Content-Disposition` of a download, for names in any script (RFC 6266)."""
    plain = name.rpartition("/")[2].rpartition("\\")[2]
    safe = "".join(sign if sign.isascii() and sign.isprintable() and sign not in '"\\%' else "_" for sign in plain)
    quoted = quote(plain, safe="")
    return f'attachment; filename="{safe}"' + ("" if quoted == safe else f"; filename*=UTF-8''{quoted}")


def _value(outcome: Outcome, method: Method, asked: Asked, record_id: str | None) -> Any:
    if method.name == "list":
        return envelope(_records(outcome, asked), outcome)
    record: Any = outcome.record
    if record is not None and asked.format == "normalized":
        record = record["remote_data"]
    if method.is_custom:
        return {"result": {"id": record_id} if record is None else record}
    if method.name == "delete":
        return {"id": record_id}
    if record is not None:
        return record
    # The provider did what was asked and showed no record.
    said = outcome.answer.json if outcome.answer is not None else None
    return {"id": record_id, **({"remote_data": said} if asked.remote_data and said is not None else {})}


def _records(outcome: Outcome, asked: Asked) -> Any:
    if asked.format == "normalized":
        return [record["remote_data"] for record in outcome.records]
    if asked.key_by is None:
        return outcome.records
    return {_key(record[asked.key_by]): record for record in outcome.records if record[asked.key_by] is not None}


def _key(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _debug(served: Served) -> dict[str, Any]:
    last = served.exchanges[-1] if served.exchanges else {}
    return {**last, "exchanges": served.exchanges}


def _headers(served: Served) -> dict[str, str]:
    headers = dict(served.rates)
    if served.outcome.field_errors:
        headers[FIELD_ERRORS_HEADER] = ",".join(error.field for error in served.outcome.field_errors)
    return headers
