"""EEOCs: what candidates answered to the questions on equal employment opportunity."""

from polyhire.model.methods import methods_of
from polyhire.model.record import Field, Resource
from polyhire.model.recurring import CREATED_AT, TIME_FILTERS, UPDATED_AT, identifier
from polyhire.model.shapes import ID_REFERENCE

RESOURCE = Resource(
    name="eeocs",
    singular="eeoc",
    doc="A candidate's voluntary answers on equal employment opportunity, in the candidate's own words.",
    fields=(
        identifier("survey", "601"),
        Field("candidate", "reference", "The candidate who answered.", ID_REFERENCE),
        Field("submitted_at", "datetime", "When the answers were given.", example="2026-01-30T18:05:00Z"),
        Field(
            "race",
            "text",
            "Race or ethnicity; null when not answered.",
            example="Two or more races",
            trimmed=True,
        ),
        Field("gender", "text", "Gender; null when not answered.", example="Female", trimmed=True),
        Field(
            "veteran_status",
            "text",
            "Protected veteran status; null when not answered.",
            example="I am not a protected veteran",
            trimmed=True,
        ),
        Field(
            "disability_status",
            "text",
            "Disability status; null when not answered.",
            example="I do not want to answer",
            trimmed=True,
        ),
        CREATED_AT,
        UPDATED_AT,
    ),
    filters=TIME_FILTERS,
    methods=methods_of("eeocs"),
)
