"""Custom fields: read as an object by key, written as a list.

inferred: both as in v1, where a write names the field by `name_key` or `id`.
"""

from collections.abc import Sequence

from polyhire.simulators import bodies
from polyhire.simulators.bodies import filled, items, shape
from polyhire.simulators.tables import Row

CUSTOM_FIELDS = items(shape({"name_key": filled, "id": bodies.integer, "value": bodies.anything}, required=["value"]))


def written(row: Row, given: Sequence[Row]) -> Row:
    """Give a row's custom fields as they are after a write."""
    fields = dict(row["custom_fields"] or {})
    for each in given:
        key = each.get("name_key") or str(each.get("id"))
        kept = fields.get(key) or {"name": key, "type": "short_text"}
        fields[key] = {**kept, "value": each["value"]}
    return fields
