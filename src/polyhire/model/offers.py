"""Offers: what a candidate was offered, and what became of it."""

from polyhire.model.methods import methods_of
from polyhire.model.record import Field, Resource
from polyhire.model.recurring import (
    CREATED_AT,
    OF_APPLICATION,
    OF_CANDIDATE,
    OF_JOB,
    TIME_FILTERS,
    UPDATED_AT,
    identifier,
)
from polyhire.model.shapes import ID_REFERENCE, REFERENCE

RESOURCE = Resource(
    name="offers",
    singular="offer",
    doc="An offer of employment to a candidate, from the draft to the answer.",
    fields=(
        identifier("offer", "77"),
        Field("application", "reference", "The application that led to the offer.", ID_REFERENCE),
        Field("candidate", "reference", "The candidate whom the offer is made to.", ID_REFERENCE),
        Field("job", "reference", "The job that is offered.", ID_REFERENCE),
        Field("creator", "reference", "The user who wrote the offer.", REFERENCE),
        Field(
            "closed_at",
            "datetime",
            "When the offer was accepted, declined or ended.",
            example="2026-02-20T14:00:00Z",
        ),
        Field("sent_at", "datetime", "When the offer was sent to the candidate.", example="2026-02-16T09:00:00Z"),
        Field("start_date", "date", "The first day of work.", example="2026-03-01"),
        Field(
            "status",
            "enum",
            "How far the offer has got.",
            values=(
                "draft",
                "pending_approval",
                "approved",
                "sent",
                "accepted",
                "declined",
                "expired",
                "withdrawn",
                "deprecated",
                "open",
            ),
            example="sent",
        ),
        CREATED_AT,
        UPDATED_AT,
    ),
    filters=(*TIME_FILTERS, OF_CANDIDATE, OF_APPLICATION, OF_JOB),
    methods=methods_of("offers"),
)
