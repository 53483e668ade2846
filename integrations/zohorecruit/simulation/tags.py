"""Tags: the names that a module knows, put on records and taken off."""

from collections.abc import Callable, Sequence
from typing import Any

from starlette.responses import JSONResponse, Response

from polyhire.simulators import guards
from polyhire.simulators.guards import read_query
from polyhire.simulators.kit import Ask, Refusal
from polyhire.simulators.tables import Row

from .answers import Wrong, success
from .lists import found
from .records import each_row
from .schema import Module
from .shown import reference
from .state import TAGGABLE, Org
from .times import present

MOST = 500


def list_tags(org: Org, ask: Ask) -> Response:
    """Answer the tags of a module. inferred: the address and the shape, as in Zoho's other products."""
    query = read_query(ask, {"module": guards.text}, required=["module"])
    module = _taggable(org, query["module"])
    rows = [_shown(org, row) for row in org.tags[module.api_name]]
    if not rows:
        return Response(status_code=204)
    return JSONResponse({"tags": rows, "info": {"count": len(rows), "allowed_count": 100}})


def _shown(org: Org, row: Row) -> Row:
    by = {key: reference(org, "users", row[key]) for key in ("created_by", "modified_by")}
    return {**row, **by}


def _taggable(org: Org, name: str) -> Module:
    module = org.module(name)
    if module.api_name not in TAGGABLE:
        raise Refusal(403, f"{module.plural} have no tags", code="NOT_SUPPORTED")
    return module


def _known(org: Org, module: Module, name: str) -> Row | None:
    return next((row for row in org.tags[module.api_name] if row["name"].casefold() == name.casefold()), None)


def _made(org: Org, module: Module, name: str) -> Row:
    """Give the tag of this name; one that is new is made."""
    moment = present()
    stamps = {"created_time": moment, "modified_time": moment, "created_by": org.actor, "modified_by": org.actor}
    return _known(org, module, name) or org.tags[module.api_name].insert({"name": name, **stamps})


def _added(org: Org, module: Module, kept: Sequence[str], names: Sequence[str]) -> list[str]:
    ids = [_made(org, module, name)["id"] for name in names]
    return [*kept, *(each for each in dict.fromkeys(ids) if each not in kept)]


def _removed(org: Org, module: Module, kept: Sequence[str], names: Sequence[str]) -> list[str]:
    gone = []
    for name in names:
        tag = _known(org, module, name)
        # inferred: a tag that the record does not have is an error
        if tag is None or tag["id"] not in kept:
            raise Wrong("INVALID_DATA", "the record does not have this tag", api_name="tag_names")
        gone.append(tag["id"])
    return [each for each in kept if each not in gone]


def _retagged(org: Org, ask: Ask, change: Callable[..., list[str]]) -> Response:
    module = _taggable(org, ask.values["module"])
    readings: dict[str, Any] = {"tag_names": guards.listed(guards.text)}
    if "id" in ask.values:
        query = read_query(ask, readings, required=["tag_names"])
        ids = [found(org, module.api_name, ask.values["id"])["id"]]
    else:
        readings["ids"] = guards.listed(guards.text, MOST)
        query = read_query(ask, readings, required=["tag_names", "ids"])
        ids = query["ids"]
    if ask.body:
        raise Refusal(400, "this call takes no body", code="INVALID_DATA")

    def perform(row_id: str) -> Row:
        row = org.get(module.api_name, row_id)
        if row is None:
            raise Wrong("INVALID_DATA", "the id given seems to be invalid", id=row_id)
        changed = change(org, module, row.get("Associated_Tags") or [], query["tag_names"])
        org.change(module, row, {"Associated_Tags": changed})
        names = {tag["id"]: tag["name"] for tag in org.tags[module.api_name]}
        return success("tags updated successfully", {"id": row_id, "tags": [names[each] for each in changed]})

    return JSONResponse({"data": each_row(ids, perform)})


def add_tags(org: Org, ask: Ask) -> Response:
    """Put tags on a record, or on many."""
    return _retagged(org, ask, _added)


def remove_tags(org: Org, ask: Ask) -> Response:
    """Take tags off a record, or off many."""
    return _retagged(org, ask, _removed)
