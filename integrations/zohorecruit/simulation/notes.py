"""Notes: what is written about a record of another module."""

from typing import Any

from starlette.responses import Response

from polyhire.simulators.guards import read_query
from polyhire.simulators.kit import Ask, Refusal
from polyhire.simulators.tables import Row

from .answers import Wrong
from .lists import PAGING, cut, found
from .schema import Module
from .shown import show
from .state import Org
from .values import read_values

# inferred: which modules have notes
NOTED = ("Candidates", "Job_Openings", "Applications", "Interviews", "Clients", "Contacts", "Departments", "Offers")


def read_note(org: Org, module: Module, given: Any) -> Row:
    """Read a new note; raises Wrong for one that is about nothing."""
    if not isinstance(given, dict):
        raise Wrong("INVALID_DATA", "invalid data", expected_data_type="jsonobject")
    about = {key: given[key] for key in ("Parent_Id", "se_module") if given.get(key)}
    if missing := [key for key in ("Parent_Id", "se_module") if key not in about]:
        raise Wrong("MANDATORY_NOT_FOUND", "required field not found", api_name=missing[0])
    if about["se_module"] not in NOTED or about["se_module"] not in org.modules:
        raise Wrong("INVALID_DATA", "invalid data", api_name="se_module", expected_data_type="module")
    if org.get(about["se_module"], about["Parent_Id"]) is None:
        raise Wrong("INVALID_DATA", "the id given seems to be invalid", api_name="Parent_Id")
    # Some organizations have types of notes; this one takes and shows none.
    values = {key: value for key, value in given.items() if key not in ("Parent_Id", "se_module")}
    return {"Note_Title": None, **read_values(org, module, values, creating=True), **about}


def list_notes(org: Org, ask: Ask) -> Response:
    """Answer one page of the notes about a record, the newest first."""
    module = org.module(ask.values["module"])
    if module.api_name not in NOTED:
        raise Refusal(400, "the relation name given seems to be invalid", code="INVALID_DATA")
    query = read_query(ask, PAGING)
    row = found(org, module.api_name, ask.values["id"])
    notes = sorted(org.of("Notes", row["id"]), key=lambda note: (note["Created_Time"], note["id"]), reverse=True)
    return cut(notes, query, lambda note: show(org, org.modules["Notes"], note))
