"""What clients may put into a record: each field takes its own type, and says what was wrong with a value."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from polyhire.simulators import guards
from polyhire.simulators.tables import Row

from .answers import Wrong
from .identifiers import SUBFORMS, new_ids
from .schema import Field, Module
from .state import Org
from .times import stamp

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
PERIOD = re.compile(r"\d{4}-\d{2}")
SUBFORM_IDS = new_ids(SUBFORMS)


def read_values(org: Org, module: Module, given: Any, *, creating: bool) -> Row:
    """Read the values of a record; raises Wrong for the first that Zoho would not take."""
    if not isinstance(given, dict):
        raise Wrong("INVALID_DATA", "invalid data", expected_data_type="jsonobject")
    kept: Row = {}
    for name, value in given.items():
        field = module.field(name)
        # inferred: an unknown field, and one that Zoho fills in itself, is refused; Zoho may ignore it
        if field is None or field.read_only:
            message = "there is no such field" if field is None else "the field can't be written"
            raise Wrong("INVALID_DATA", message, api_name=name)
        if field.required and value in (None, ""):
            raise Wrong("MANDATORY_NOT_FOUND", "required field not found", api_name=name)
        kept[name] = read_value(org, field, value)
    missing = [each.api_name for each in module.fields if creating and each.required and each.api_name not in kept]
    if missing:
        raise Wrong("MANDATORY_NOT_FOUND", "required field not found", api_name=missing[0])
    return kept


def read_value(org: Org, field: Field, value: Any) -> Any:
    """Read one value as it is kept; null empties a field. Raises Wrong for another type."""
    if value is None:
        return None
    if field.to:
        return _read_lookup(org, field, value)
    if field.data_type == "subform":
        return _read_rows(org, field, value)
    reading: Callable[[Field, Any], Any] = READINGS.get(field.data_type, _text)
    try:
        return reading(field, value)
    except (ValueError, TypeError):
        raise _wrong(field) from None


def _wrong(field: Field) -> Wrong:
    return Wrong("INVALID_DATA", "invalid data", expected_data_type=field.data_type, api_name=field.api_name)


def _refer(org: Org, field: Field, value: Any) -> str:
    row_id = value.get("id") if isinstance(value, dict) and set(value) <= {"id", "name"} else value
    row = org.get(field.to, row_id)
    if row is None:
        raise _wrong(field)
    found: str = row["id"]
    return found


def _read_lookup(org: Org, field: Field, value: Any) -> Any:
    if field.data_type != "multiuserlookup":
        return _refer(org, field, value)
    if not isinstance(value, list):
        raise _wrong(field)
    return [_refer(org, field, each) for each in value]


def _read_rows(org: Org, field: Field, value: Any) -> list[Row]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise _wrong(field)
    parts = {each.api_name: each for each in field.parts}
    rows = []
    for given in value:
        unknown = [name for name in given if name not in parts and name != "id"]
        if unknown:
            raise Wrong("INVALID_DATA", "there is no such field", api_name=f"{field.api_name}.{unknown[0]}")
        read = {name: read_value(org, part, given.get(name)) for name, part in parts.items()}
        rows.append({**read, "id": given.get("id") or SUBFORM_IDS()})
    return rows


def _text(field: Field, value: Any) -> str:
    if not isinstance(value, str) or len(value) > field.length:
        raise ValueError
    return value


def _email(field: Field, value: Any) -> str:
    if not EMAIL.fullmatch(_text(field, value)):
        raise ValueError
    return str(value)


def _choice(field: Field, value: Any) -> str:
    # inferred: what is not in the pick list is refused, and the text that people see is not in it
    if _text(field, value) not in [stored for stored, _ in field.options]:
        raise ValueError
    return str(value)


def _integer(field: Field, value: Any) -> int | str:
    # Numbers come and go as text, too, and are kept as they came.
    if isinstance(value, bool) or not (isinstance(value, int) or (isinstance(value, str) and value.isdecimal())):
        raise ValueError
    return value


def _number(field: Field, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError
    return value


def _flag(field: Field, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _day(field: Field, value: Any) -> str:
    return guards.day(value).isoformat()


def _moment(field: Field, value: Any) -> str:
    return stamp(guards.instant(value))


def _duration(field: Field, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict) or not set(value) <= {"from", "to"}:
        raise ValueError
    for each in value.values():
        if each is not None and not PERIOD.fullmatch(each):
            raise ValueError
    return {"from": value.get("from"), "to": value.get("to")}


READINGS: Mapping[str, Callable[[Field, Any], Any]] = {
    "email": _email,
    "picklist": _choice,
    "integer": _integer,
    "double": _number,
    "boolean": _flag,
    "date": _day,
    "datetime": _moment,
    "duration": _duration,
}
