"""Records as Zoho shows them: look-ups with names, computed values, `$` keys, subforms on a single record alone."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from polyhire.simulators.tables import Row

from .schema import Field, Module
from .state import ATTACHABLE, Org

Computing: TypeAlias = Callable[[Org, Row], Any]


def reference(org: Org, to: str, row_id: str | None) -> Row | None:
    """Show a look-up: its id, and the name that the record has now."""
    if row_id is None:
        return None
    row = org.get(to, row_id)
    if row is None:
        return {"name": None, "id": row_id}
    if to == "users":
        return {"name": row["full_name"], "id": row_id}
    module = org.modules[to]
    field = module.field(module.name_field)
    assert field is not None
    return {"name": value(org, module, row, field), "id": row_id}


def _joined_name(org: Org, row: Row) -> str | None:
    return " ".join(row[key] for key in ("First_Name", "Last_Name") if row.get(key)) or None


def _of_candidate(name: str) -> Computing:
    def computed(org: Org, row: Row) -> Any:
        candidate = org.get("Candidates", row["Candidate"])
        return None if candidate is None else candidate.get(name)

    return computed


def _full_name_of_candidate(org: Org, row: Row) -> str | None:
    candidate = org.get("Candidates", row["Candidate"])
    return None if candidate is None else _joined_name(org, candidate)


def _title_of_job(org: Org, row: Row) -> Any:
    job = org.get("Job_Openings", row["job"])
    return None if job is None else job["Posting_Title"]


COMPUTED: dict[tuple[str, str], Computing] = {
    ("Candidates", "Full_Name"): _joined_name,
    ("Contacts", "Full_Name"): _joined_name,
    ("Job_Openings", "Job_Opening_Name"): lambda org, row: row["Posting_Title"],
    ("Job_Openings", "No_of_Candidates_Associated"): lambda org, row: len(org.of("Applications", row["id"])),
    **{("Applications", name): _of_candidate(name) for name in ("First_Name", "Last_Name", "Email", "Mobile", "Phone")},
    ("Applications", "Full_Name"): _full_name_of_candidate,
    ("Applications", "Job_Opening_Name"): _title_of_job,
    ("Applications", "Posting_Title"): _title_of_job,
    **{
        (module, "Is_Attachment_Present"): lambda org, row: bool(org.of("Attachments", row["id"]))
        for module in ATTACHABLE
    },
}
SYSTEM: Mapping[str, Mapping[str, Computing]] = {
    "Applications": {"$Job_Opening_Id": lambda org, row: row["job"]},
    "Notes": {
        "$se_module": lambda org, row: row["se_module"],
        "$attachments": lambda org, row: None,
        "$voice_note": lambda org, row: False,
    },
    "Job_Openings": {"$currency_symbol": lambda org, row: row.get("symbol", "€")},
}
EVERYWHERE: Mapping[str, Computing] = {
    "$approved": lambda org, row: True,
    "$editable": lambda org, row: True,
}


def system_keys(module: Module) -> dict[str, Computing]:
    """Give the `$` keys of a module's records."""
    return {**SYSTEM.get(module.api_name, {}), **EVERYWHERE}


def value(org: Org, module: Module, row: Row, field: Field) -> Any:
    """Give one value of a record as it is shown."""
    computed = COMPUTED.get((module.api_name, field.api_name))
    if computed is not None:
        return computed(org, row)
    kept = row.get(field.api_name)
    if field.data_type == "tags":
        names = {tag["id"]: tag["name"] for tag in org.tags[module.api_name]}
        return [{"name": names[each], "id": each} for each in kept or ()]
    if kept is None:
        return None
    if field.data_type == "multiuserlookup":
        return [reference(org, "users", each) for each in kept]
    if field.to:
        return reference(org, row["se_module"] if field.to == "se_module" else field.to, kept)
    return kept


def plain(org: Org, module: Module, row: Row, field: Field) -> Any:
    """Give one value to compare by: a number for numbers, even those kept as text, and the name of a look-up."""
    found = value(org, module, row, field)
    if found is not None and field.data_type in ("integer", "double"):
        return float(found)
    if isinstance(found, dict):
        found = found["name"]
    return found.casefold() if isinstance(found, str) else found


def show(org: Org, module: Module, row: Row, *, single: bool = False, only: Iterable[str] | None = None) -> Row:
    """Show a record whole, or its id and `only` some values; a list leaves subforms out."""
    wanted = None if only is None else set(only)
    shown: Row = {"id": row["id"]}
    for field in module.fields:
        if (wanted is None or field.api_name in wanted) and (single or field.data_type != "subform"):
            shown[field.api_name] = value(org, module, row, field)
    for key, computed in system_keys(module).items():
        if wanted is None or key in wanted:
            shown[key] = computed(org, row)
    return shown
