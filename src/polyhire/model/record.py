"""How the unified model is declared: fields, the shapes they share, filters, methods and resources."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from polyhire.errors import InvalidRequest, UnsupportedFilter, UnsupportedMethod
from polyhire.suggest import did_you_mean, one_of

Kind = Literal[
    "id",  # text, whatever the provider uses
    "text",
    "html",  # text with the provider's markup
    "boolean",
    "boolean_text",  # the texts "true" and "false"
    "number",
    "integer",
    "currency",  # three capital letters, ISO 4217
    "datetime",  # RFC 3339 in UTC
    "date",  # YYYY-MM-DD
    "enum",  # lower snake case; `values` are the known ones, the set is open
    "reference",  # a pointer to another record: its `shape` holds an id
    "object",  # a `shape` without identity
    "list",  # any number of `shape`
    "json",  # an object with keys of the provider's choosing
]


@dataclass(frozen=True, eq=False)
class Field:
    """One field of a resource, a shape or a method's parameters.

    `values` are the known words of an enum. A `read_only` field can't be written, a `required` one can't be
    missing in a body. `trimmed` text loses the blanks around it; in `joined` text a list of values is put in one
    line with commas, where other text takes the first. `inferred` gives the value from the rest of the shape
    when the provider gives none.
    """

    name: str
    kind: Kind
    doc: str
    shape: "Shape | Resource | None" = None
    values: tuple[str, ...] = ()
    example: Any = None
    required: bool = False
    read_only: bool = False
    is_email: bool = False
    is_base64: bool = False
    trimmed: bool = False
    joined: bool = False
    inferred: Callable[[Mapping[str, Any]], str | None] | None = None


@dataclass(frozen=True, eq=False)
class Shape:
    """An object that several fields share.

    An object without a value in any of the `essential` fields says nothing, and is left out;
    `bare` is the field that a lone value stands for (`"a@b.org"` means `{email: "a@b.org"}`).
    """

    name: str
    doc: str
    fields: tuple[Field, ...]
    bare: str
    essential: tuple[str, ...] = ()

    @property
    def telling(self) -> tuple[str, ...]:
        """The fields of which at least one must have a value."""
        return self.essential or tuple(field.name for field in self.fields)


@dataclass(frozen=True)
class Filter:
    """One way to narrow a list: `operators` are nested keys (`created_at[gt]`), `values` the known words."""

    name: str
    kind: Literal["id", "text", "enum", "datetime"]
    doc: str
    operators: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Method:
    """Something one can do with a resource.

    `parameters` are a custom method's own; `choices` are groups of them of which one is needed.
    """

    name: str
    doc: str
    parameters: tuple[Field, ...] = ()
    choices: tuple[tuple[str, ...], ...] = ()
    is_custom: bool = False
    is_write: bool = False
    is_binary: bool = False


CUSTOM_FIELDS = Field(
    "custom_fields",
    "json",
    "The provider's own additional fields: its name for the field, and the value.",
    example={"visa_status": "citizen"},
)
REMOTE_DATA = Field(
    "remote_data",
    "json",
    "The provider's own record, exactly as it was received.",
    example={"id": 4410, "first_name": "Ada"},
)


@dataclass(frozen=True, eq=False)
class Resource:
    """One noun of the unified model.

    `fields` are the ones the model counts; `custom_fields` and `remote_data` stand beside them in
    every record. `write_fields` exist in bodies alone; `create_choices` are groups of fields of which
    a create needs one.
    """

    name: str
    singular: str
    doc: str
    fields: tuple[Field, ...]
    filters: tuple[Filter, ...]
    methods: tuple[Method, ...]
    write_fields: tuple[Field, ...] = ()
    create_choices: tuple[tuple[str, ...], ...] = ()

    @property
    def bare(self) -> str:
        """The field that a lone value stands for: an id."""
        return "id"

    @property
    def telling(self) -> tuple[str, ...]:
        """The fields of which at least one must have a value, for a record inside another."""
        return self.field_names

    @cached_property
    def title(self) -> str:
        """The name of one record in capitals: `JobFormField`."""
        return "".join(word.capitalize() for word in self.singular.split("_"))

    @cached_property
    def field_names(self) -> tuple[str, ...]:
        """The names of the counted fields, in order."""
        return tuple(field.name for field in self.fields)

    @cached_property
    def filter_names(self) -> tuple[str, ...]:
        """The names of the filters, in order."""
        return tuple(filter_.name for filter_ in self.filters)

    @cached_property
    def method_names(self) -> tuple[str, ...]:
        """The names of the methods, the standard ones first."""
        return tuple(method.name for method in self.methods)

    def field(self, name: str) -> Field:
        """The field of this name, `custom_fields` among them; raises InvalidRequest when there is none."""
        for field in (*self.fields, CUSTOM_FIELDS):
            if field.name == name:
                return field
        known = (*self.field_names, CUSTOM_FIELDS.name)
        raise InvalidRequest(self._without("field", name, known))

    def filter(self, name: str) -> Filter:
        """The filter of this name; raises UnsupportedFilter when there is none."""
        for filter_ in self.filters:
            if filter_.name == name:
                return filter_
        raise UnsupportedFilter(self._without("filter", name, self.filter_names))

    def method(self, name: str) -> Method:
        """The method of this name; raises UnsupportedMethod when there is none."""
        for method in self.methods:
            if method.name == name:
                return method
        message = self._without("method", name, self.method_names)
        raise UnsupportedMethod(message, offered=self.method_names)

    def _without(self, what: str, name: str, known: tuple[str, ...]) -> str:
        hint = did_you_mean(name, known) or "."
        return f"{self.name} has no {what} '{name}'{hint} It has: {one_of(known)}."
