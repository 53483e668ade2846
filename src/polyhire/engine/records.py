"""The records of a call: joined, in our words, complete where that was asked for, the provider's own beside them."""

from typing import Any

import orjson

from polyhire.engine.lookups import fetch_lookups
from polyhire.engine.scope import Scope
from polyhire.engine.serving import Call, Serving
from polyhire.engine.shape import FieldError, Shaped
from polyhire.engine.steps import Followed, Group, Sending, bounded, follow
from polyhire.errors import NotFound


async def shaped_list(serving: Serving, groups: list[Group], scope: Scope) -> tuple[Shaped, bool]:
    """A list's records in our words, and whether they lack what `get` has."""
    call = serving.call
    raws = [item for group in groups for item in group.items]
    if call.format == "normalized":
        return Shaped([{"remote_data": orjson.Fragment(raw)} for raw in raws]), serving.method.partial
    shaper = serving.shaper(not call.complete)
    completing = serving.method.partial and call.complete
    if completing and "id" not in shaper.fields:  # needed to ask for the rest
        shaper = serving.shaper(False, ("id",))
    rows = await fetch_lookups(
        serving.resource.lookups, shaper.lookups if raws else [], raws, scope, serving.connection, serving.kept
    )
    shaped = await shaper.shape(groups, rows, scope)
    _with_remote_data(shaped.records, raws, call)
    if not completing:
        return shaped, serving.method.partial or shaper.is_partial
    return await _completed(serving, shaped), False


async def _completed(serving: Serving, shaped: Shaped) -> Shaped:
    """Every record in full: one `get` for each, a few at a time. A record that is gone stays as the list had it."""
    method = serving.resource.methods["get"]

    async def full(record: dict[str, Any]) -> tuple[dict[str, Any], list[FieldError]]:
        if record.get("id") is None:
            return record, []
        scope = serving.scope.with_(id=record["id"])
        try:
            followed = await follow(method.sequence, scope, serving.connection, Sending())
            got = await shaped_record(serving, followed)
        except NotFound:
            return record, []
        return (got.records[0], got.errors) if got else (record, [])

    results = await bounded(shaped.records, full)
    if "id" not in serving.shaper(False).fields:
        for record in shaped.records:
            record.pop("id", None)
    return Shaped([record for record, _ in results], [*shaped.errors, *(e for _, errors in results for e in errors)])


async def shaped_record(serving: Serving, followed: Followed) -> Shaped | None:
    """The record in the last answer, or None when there is none."""
    group = next((group for group in followed.groups if group.items), None)
    if group is None:
        return None
    raw = group.items[0]
    only = [Group(group.each, group.answer, group.scope, [raw])]
    if serving.call.format == "normalized":
        return Shaped([{"remote_data": orjson.Fragment(raw)}])
    shaper = serving.shaper(False)
    rows = await fetch_lookups(
        serving.resource.lookups, shaper.wanted, [raw], followed.scope, serving.connection, serving.kept
    )
    shaped = await shaper.shape(only, rows, followed.scope)
    _with_remote_data(shaped.records, [raw], serving.call)
    return shaped


def _with_remote_data(records: list[dict[str, Any]], raws: list[bytes], call: Call) -> None:
    wanted = call.remote_data and "remote_data" not in call.exclude
    if wanted and (call.fields is None or "remote_data" in call.fields):
        for record, raw in zip(records, raws, strict=True):
            record["remote_data"] = orjson.Fragment(raw)
