"""Reject reasons: the words a company gives its rejections."""

from polyhire.model.methods import methods_of
from polyhire.model.record import Field, Resource
from polyhire.model.recurring import CREATED_AT, TIME_FILTERS, UPDATED_AT, identifier

RESOURCE = Resource(
    name="reject_reasons",
    singular="reject_reason",
    doc="A reason to choose from when an application is rejected.",
    fields=(
        identifier("reason", "12"),
        Field("name", "text", "The reason's wording.", example="Lacks experience"),
        CREATED_AT,
        UPDATED_AT,
    ),
    filters=TIME_FILTERS,
    methods=methods_of("reject_reasons"),
)
