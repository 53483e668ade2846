"""Departments: the parts of the company that jobs belong to."""

from polyhire.model.methods import methods_of
from polyhire.model.record import Field, Resource
from polyhire.model.recurring import BY_NAME, CREATED_AT, TIME_FILTERS, UPDATED_AT, identifier
from polyhire.model.shapes import REFERENCE

RESOURCE = Resource(
    name="departments",
    singular="department",
    doc="A part of the company that jobs belong to; departments may be nested.",
    fields=(
        identifier("department", "210"),
        Field("name", "text", "The department's name.", example="Engineering"),
        Field("parent", "reference", "The department that this one is part of.", REFERENCE),
        Field(
            "status",
            "enum",
            "Whether the department is still in use.",
            values=("active", "archived"),
            example="active",
        ),
        CREATED_AT,
        UPDATED_AT,
    ),
    filters=(*TIME_FILTERS, BY_NAME),
    methods=methods_of("departments"),
)
