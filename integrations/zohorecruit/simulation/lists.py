"""Lists of records: pages, order, a choice of fields, and what has changed since."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from starlette.responses import JSONResponse, Response

from polyhire.simulators import guards
from polyhire.simulators.guards import Reading, read_query
from polyhire.simulators.kit import Ask, Problem, Refusal
from polyhire.simulators.tables import Row

from .answers import not_found, page_answer
from .schema import Field, Module
from .shown import plain, show, system_keys
from .state import Org
from .times import stamp

SIZE = 200
IDENTIFIER = Field("id", "text")
# inferred: a size beyond the most is refused, and not cut
PAGING: Mapping[str, Reading] = {"page": guards.integer(1, 1_000_000), "per_page": guards.integer(1, SIZE)}
LISTING: Mapping[str, Reading] = {
    **PAGING,
    "fields": guards.listed(guards.text),
    "sort_by": guards.text,
    "sort_order": guards.one_of("asc", "desc"),
    "converted": guards.one_of("true", "false", "both"),
    "approved": guards.one_of("true", "false", "both"),
    "cvid": guards.text,
}


def invalid(where: str, message: str) -> Refusal:
    """Word the refusal of a parameter."""
    return Refusal(422, "Invalid parameter", problems=[Problem(where, message)])


def list_records(org: Org, ask: Ask) -> Response:
    """Answer one page of a module."""
    module = org.module(ask.values["module"])
    query = read_query(ask, LISTING)
    only = query.get("fields")
    if only is not None:
        _known(module, only)
    if "cvid" in query:
        # inferred: this account has no custom views, and an unknown one is refused
        raise invalid("cvid", "is not the id of a custom view")
    rows = list(org.rows(module.api_name))
    # Every record here is approved, and none was converted.
    if query.get("approved") == "false" or query.get("converted") == "true":
        rows = []
    since = ask.headers.get("if-modified-since")
    if since is not None:
        rows = _changed(module, rows, since)
        if not rows:
            return Response(status_code=304)
    ordered = _ordered(org, module, rows, query)
    return cut(ordered, query, lambda row: show(org, module, row, only=only))


def cut(rows: Sequence[Row], query: Mapping[str, Any], shown: Callable[[Row], Row]) -> Response:
    """Answer the page that was asked for, each row as `shown` shows it."""
    page, size = query.get("page", 1), query.get("per_page", SIZE)
    start = (page - 1) * size
    part = rows[start : start + size]
    return page_answer([shown(row) for row in part], page, size, more=start + size < len(rows))


def get_record(org: Org, ask: Ask) -> Response:
    """Answer one record, with its subforms."""
    read_query(ask, {})
    module = org.module(ask.values["module"])
    row = found(org, module.api_name, ask.values["id"])
    return JSONResponse({"data": [show(org, module, row, single=True)]})


def found(org: Org, name: str, row_id: str) -> Row:
    """Give the row that a path names; refuses with 404."""
    row = org.get(name, row_id)
    if row is None:
        raise not_found()
    return row


def _known(module: Module, names: Sequence[str]) -> None:
    # inferred: an unknown field is refused; Zoho may ignore it
    known = {"id", *(each.api_name for each in module.fields), *system_keys(module)}
    if unknown := [name for name in names if name not in known]:
        raise invalid("fields", f"does not know {', '.join(unknown)}")


def _changed(module: Module, rows: Sequence[Row], since: str) -> list[Row]:
    try:
        moment = stamp(guards.instant(since))
    except ValueError as error:
        raise invalid("If-Modified-Since", str(error)) from None
    # Stamps have one offset and one width: their order is that of their texts.
    return [row for row in rows if row[module.modified_field] > moment]


def _ordered(org: Org, module: Module, rows: Sequence[Row], query: Mapping[str, Any]) -> list[Row]:
    name = query.get("sort_by", "Created_Time")
    # inferred: the newest first by default, and descending wherever no order is asked for
    backwards = query.get("sort_order", "desc") == "desc"
    field = IDENTIFIER if name == "id" else module.field(name)
    if field is None or field.data_type in ("subform", "tags", "multiuserlookup"):
        raise invalid("sort_by", "is not a field that can be sorted by")
    keyed = [(plain(org, module, row, field), row) for row in rows]
    filled = [(key, row) for key, row in keyed if key is not None]
    filled.sort(key=lambda pair: (pair[0], pair[1]["id"]), reverse=backwards)
    # What has no value comes last in either order.
    return [row for _, row in filled] + [row for key, row in keyed if key is None]
