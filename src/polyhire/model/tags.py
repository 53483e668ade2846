"""Tags: the labels that candidates and jobs carry."""

from polyhire.model.methods import methods_of
from polyhire.model.record import Field, Resource
from polyhire.model.recurring import CREATED_AT, TIME_FILTERS, UPDATED_AT, identifier

RESOURCE = Resource(
    name="tags",
    singular="tag",
    doc="A label that can be put on candidates or jobs.",
    fields=(
        identifier("tag", "33"),
        Field("name", "text", "The tag's wording.", example="remote"),
        CREATED_AT,
        UPDATED_AT,
    ),
    filters=TIME_FILTERS,
    methods=methods_of("tags"),
)
