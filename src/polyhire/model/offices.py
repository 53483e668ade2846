"""Offices: the places of the company that jobs belong to."""

from polyhire.model.methods import methods_of
from polyhire.model.record import Field, Resource
from polyhire.model.recurring import BY_NAME, CREATED_AT, TIME_FILTERS, UPDATED_AT, identifier
from polyhire.model.shapes import REFERENCE

RESOURCE = Resource(
    name="offices",
    singular="office",
    doc="A place of the company that jobs belong to; offices may be nested.",
    fields=(
        identifier("office", "12"),
        Field("name", "text", "The office's name.", example="London"),
        Field("parent", "reference", "The office or region that this one is part of.", REFERENCE),
        Field("location", "text", "Where the office is, in one line.", example="12 St James's Square, London"),
        Field("is_remote", "boolean", "Whether the office stands for remote work.", example=False),
        CREATED_AT,
        UPDATED_AT,
    ),
    filters=(*TIME_FILTERS, BY_NAME),
    methods=methods_of("offices"),
)
