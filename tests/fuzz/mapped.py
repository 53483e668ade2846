"""Map one answer offline and hold what comes of it against the model."""

import asyncio
import json
from functools import cache
from typing import Any

import orjson
from jsonschema import Draft202012Validator, FormatChecker

from polyhire.engine.offline import map_answer
from polyhire.engine.shape import FieldError, Shaped
from polyhire.model.resources import resource
from polyhire.model.schema import json_schema
from polyhire.model.timestamps import as_datetime
from tests.fuzz.answers import Raw

FORMATS = FormatChecker(formats=["date"])
FORMATS.checks("date-time")(lambda value: not isinstance(value, str) or as_datetime(value) == value)

_RUNNER = asyncio.Runner()


@cache
def validator(name: str) -> Draft202012Validator:
    """What a record of a resource must be."""
    return Draft202012Validator(json_schema(resource(name)), format_checker=FORMATS)


def mapped(raw: Raw, body: Any, lookups: Any = None) -> Shaped:
    """What a body in the place of the answer's own makes; the records are whole, or this raises AssertionError."""
    rows = {name: json.dumps(rows).encode() for name, rows in (raw.lookups if lookups is None else lookups).items()}
    shaped = _RUNNER.run(
        map_answer(
            raw.integration,
            raw.resource,
            raw.method,
            body if isinstance(body, bytes) else json.dumps(body).encode(),
            id=raw.id,
            account=raw.account,
            lookups=rows,
        )
    )
    for record in shaped.records:
        told = orjson.loads(orjson.dumps(record))
        mistake = next(validator(raw.resource).iter_errors(told), None)
        assert mistake is None, f"{'.'.join(map(str, mistake.absolute_path))}: {mistake.message}"
    _null_where_failed(shaped.records, shaped.errors)
    return shaped


def _null_where_failed(records: list[dict[str, Any]], errors: list[FieldError]) -> None:
    for error in errors:
        empty = sum(record[error.field] in (None, [], {}) for record in records)
        assert 0 < error.records <= empty, f"{error.field} failed for {error.records} records, and is empty in {empty}"


def count_of(where: str, body: Any) -> int | None:
    """How many records an answer holds whose records are at a plain path; None when it takes more than a path."""
    names = where.strip().removesuffix("[0]").split(".")
    if names[0] != "body" or not all(name.isidentifier() for name in names):
        return None
    for name in names[1:]:
        if not isinstance(body, dict):
            return None
        body = body.get(name)
    records = [record for record in (body if isinstance(body, list) else [body]) if record is not None]
    return min(len(records), 1) if where.strip().endswith("[0]") else len(records)
