"""Organizations: the companies that the account's provider hires for."""

from polyhire.model.methods import methods_of
from polyhire.model.record import Field, Resource
from polyhire.model.recurring import CREATED_AT, TIME_FILTERS, UPDATED_AT, identifier

RESOURCE = Resource(
    name="organizations",
    singular="organization",
    doc="A company, or a client of an agency, that is hired for.",
    fields=(
        identifier("organization", "1"),
        Field("name", "text", "The organization's name.", example="Analytical Engines Ltd"),
        CREATED_AT,
        UPDATED_AT,
    ),
    filters=TIME_FILTERS,
    methods=methods_of("organizations"),
)
