"""What a module of Zoho Recruit is made of: fields with their types, and how the settings API describes them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .identifiers import identifier

JSON_TYPES = {
    "integer": "integer",
    "double": "double",
    "boolean": "boolean",
    "lookup": "jsonobject",
    "ownerlookup": "jsonobject",
    "multiuserlookup": "jsonarray",
    "subform": "jsonarray",
}
LENGTHS = {"textarea": 32_000, "email": 100, "phone": 30, "website": 450}
COMPARABLE = ("integer", "double", "date", "datetime")


@dataclass(frozen=True)
class Field:
    """A field. `to` is the module of a lookup, `parts` the keys of a subform's rows.

    `options` are pairs of the value that is stored and the one that people see.
    """

    api_name: str
    data_type: str
    required: bool = False
    read_only: bool = False
    custom: bool = False
    options: tuple[tuple[str, str], ...] = ()
    to: str = ""
    parts: tuple["Field", ...] = ()

    @property
    def label(self) -> str:
        """What people see on the form."""
        return self.api_name.removesuffix("__s").replace("_", " ")

    @property
    def length(self) -> int:
        """How many characters fit."""
        return LENGTHS.get(self.data_type, 255)


@dataclass(frozen=True)
class Module:
    """A module: its fields, which of them names a record, which one tells of the last change, and what one may do.

    `scope` is its word in OAuth scopes, and `number` a part of its ids.
    """

    api_name: str
    singular: str
    scope: str
    number: int
    fields: tuple[Field, ...]
    name_field: str
    modified_field: str = "Modified_Time"
    creatable: bool = True
    editable: bool = True
    deletable: bool = True

    @property
    def plural(self) -> str:
        """What people call its records."""
        return self.api_name.replace("_", " ")

    def field(self, api_name: str) -> Field | None:
        """Give the field of this name."""
        return self._by_name.get(api_name)

    @cached_property
    def _by_name(self) -> dict[str, Field]:
        return {each.api_name: each for each in self.fields}


def fields(data_type: str, names: str, **more: Any) -> tuple[Field, ...]:
    """Make fields of one type from names with spaces between them; `*` makes one mandatory."""
    return tuple(Field(name.removesuffix("*"), data_type, name.endswith("*"), **more) for name in names.split())


def pick(name: str, values: tuple[str, ...], **more: Any) -> tuple[Field, ...]:
    """Make a pick list; a value such as `a|b` is stored as `a` and seen as `b`."""
    options = tuple((value.partition("|")[0], value.partition("|")[2] or value) for value in values)
    return (Field(name.removesuffix("*"), "picklist", name.endswith("*"), options=options, **more),)


def lookup(names: str, to: str, **more: Any) -> tuple[Field, ...]:
    """Make fields that point to a record of a module, or to a user."""
    return fields("ownerlookup" if to == "users" else "lookup", names, to=to, **more)


def described_field(module: Module, field: Field, position: int) -> dict[str, Any]:
    """Describe a field as `settings/fields` does."""
    return {
        "api_name": field.api_name,
        "field_label": field.label,
        "display_label": field.label,
        "data_type": field.data_type,
        "json_type": JSON_TYPES.get(field.data_type, "string"),
        "length": field.length,
        "required": field.required,
        "system_mandatory": field.required,
        "read_only": field.read_only,
        "custom_field": field.custom,
        "visible": True,
        "pick_list_values": [
            {"display_value": shown, "actual_value": stored, "sequence_number": number}
            for number, (stored, shown) in enumerate(field.options, start=1)
        ],
        "lookup": {"module": field.to} if field.to else {},
        "id": identifier(module.number, 900_000 + position),
    }


def described_module(module: Module) -> dict[str, Any]:
    """Describe a module as `settings/modules` does."""
    return {
        "api_name": module.api_name,
        "module_name": module.api_name,
        "singular_label": module.singular,
        "plural_label": module.plural,
        "id": identifier(0, module.number),
        "api_supported": True,
        "creatable": module.creatable,
        "editable": module.editable,
        "deletable": module.deletable,
        "viewable": True,
    }
