"""Writes of records: each row is carried out or refused by itself, and the answer tells which."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from starlette.responses import JSONResponse, Response

from polyhire.simulators import bodies, guards
from polyhire.simulators.bodies import Check, read_json
from polyhire.simulators.guards import read_query
from polyhire.simulators.kit import Ask, Refusal
from polyhire.simulators.tables import Row

from .answers import Wrong, rows_answer, stamps, success
from .lists import found
from .notes import read_note
from .schema import Module
from .state import Org
from .values import read_values

MOST = 100
TRIGGER = bodies.items(bodies.choice("workflow", "blueprint", "approval"))
WORDS = {"creatable": "created", "editable": "changed", "deletable": "deleted"}
# By what a record is known again when upsert does not say. inferred
DUPLICATES = {"Candidates": ("Email",)}


def read_data(ask: Ask, more: Mapping[str, Check] | None = None, *, most: int = MOST) -> dict[str, Any]:
    """Read `{data: [...]}` with at most so many rows, and the further keys of this call; takes no query."""
    read_query(ask, {})
    known = {"data": bodies.items(bodies.anything, least=1), **(more or {})}
    body: dict[str, Any] = read_json(ask, bodies.shape(known, required=["data"]))
    if len(body["data"]) > most:
        raise Refusal(400, f"data takes at most {most} records", code="INVALID_DATA")
    return body


def each_row(rows: Sequence[Any], perform: Callable[[Any], Row]) -> list[Row]:
    """Carry rows out one by one; one that is wrong does not keep the others from it."""
    done = []
    for row in rows:
        try:
            done.append(perform(row))
        except Wrong as wrong:
            done.append(wrong.row)
    return done


def _permitted(module: Module, what: str) -> None:
    if not getattr(module, what):
        raise Refusal(403, f"{module.plural} can't be {WORDS[what]} by the API", code="NOT_SUPPORTED")


def _made(org: Org, module: Module, given: Any) -> Row:
    if module.api_name == "Notes":
        values = read_note(org, module, given)
    else:
        values = {"Candidate_Status": "New"} if module.api_name == "Candidates" else {}
        values |= {"Job_Opening_Status": "In-progress"} if module.api_name == "Job_Openings" else {}
        values |= read_values(org, module, given, creating=True)
    row = org.insert(module, values)
    return success("record added", stamps(org, module, row))


def create(org: Org, ask: Ask) -> Response:
    """Make records."""
    module = org.module(ask.values["module"])
    _permitted(module, "creatable")
    body = read_data(ask, {"trigger": TRIGGER})
    return rows_answer(each_row(body["data"], lambda given: _made(org, module, given)), 201)


def _changed(org: Org, module: Module, given: Any, row_id: Any) -> Row:
    row = org.get(module.api_name, row_id)
    if row is None:
        raise Wrong("INVALID_DATA", "the id given seems to be invalid", id=row_id)
    values = {key: value for key, value in given.items() if key != "id"}
    org.change(module, row, read_values(org, module, values, creating=False))
    return success("record updated", stamps(org, module, row))


def update_many(org: Org, ask: Ask) -> Response:
    """Change the records whose ids the rows name."""
    module = org.module(ask.values["module"])
    _permitted(module, "editable")
    body = read_data(ask, {"trigger": TRIGGER})

    def perform(given: Any) -> Row:
        if not isinstance(given, dict) or "id" not in given:
            raise Wrong("MANDATORY_NOT_FOUND", "required field not found", api_name="id")
        return _changed(org, module, given, given["id"])

    return rows_answer(each_row(body["data"], perform), 200)


def update(org: Org, ask: Ask) -> Response:
    """Change the record that the path names."""
    module = org.module(ask.values["module"])
    _permitted(module, "editable")
    row = found(org, module.api_name, ask.values["id"])
    body = read_data(ask, {"trigger": TRIGGER}, most=1)

    def perform(given: Any) -> Row:
        if not isinstance(given, dict) or given.get("id", row["id"]) != row["id"]:
            raise Wrong("INVALID_DATA", "the id given seems to be invalid", api_name="id")
        return _changed(org, module, given, row["id"])

    return rows_answer(each_row(body["data"], perform), 200)


def upsert(org: Org, ask: Ask) -> Response:
    """Change the record that has the same values in the fields for this, or make one."""
    module = org.module(ask.values["module"])
    _permitted(module, "creatable")
    known = {"trigger": TRIGGER, "duplicate_check_fields": bodies.items(bodies.text, least=1)}
    body = read_data(ask, known)
    names = body.get("duplicate_check_fields") or DUPLICATES.get(module.api_name, (module.name_field,))
    if unknown := [name for name in names if module.field(name) is None]:
        raise Refusal(400, f"there is no field {unknown[0]}", code="INVALID_DATA")

    def perform(given: Any) -> Row:
        values = given if isinstance(given, dict) else {}
        name = next((each for each in names if values.get(each) is not None), None)
        same = [row for row in org.rows(module.api_name) if name and row.get(name) == values[name]]
        if not same:
            return {**_made(org, module, given), "action": "insert", "duplicate_field": None}
        done = _changed(org, module, given, same[0]["id"])
        return {**done, "action": "update", "duplicate_field": name}

    return rows_answer(each_row(body["data"], perform), 200)


def delete_many(org: Org, ask: Ask) -> Response:
    """Delete records, with all that belongs to them."""
    module = org.module(ask.values["module"])
    _permitted(module, "deletable")
    readings = {"ids": guards.listed(guards.text, MOST), "wf_trigger": guards.flag}
    query = read_query(ask, readings, required=["ids"])
    return _deleted(org, module, query["ids"])


def delete_note(org: Org, ask: Ask) -> Response:
    """Delete the note that the path names."""
    read_query(ask, {})
    row = found(org, "Notes", ask.values["id"])
    return _deleted(org, org.modules["Notes"], [row["id"]])


def _deleted(org: Org, module: Module, ids: Sequence[str]) -> Response:
    def perform(row_id: str) -> Row:
        row = org.get(module.api_name, row_id)
        if row is None:
            raise Wrong("INVALID_DATA", "the id given seems to be invalid", id=row_id)
        org.remove(module.api_name, row)
        return success("record deleted", {"id": row_id})

    # inferred: deleting answers 200 even when a row is refused
    return JSONResponse({"data": each_row(ids, perform)})
