"""Applications: a candidate's way through the stages of one job."""

from polyhire.model.attachments import RESOURCE as ATTACHMENTS
from polyhire.model.methods import methods_of
from polyhire.model.record import Field, Filter, Resource
from polyhire.model.recurring import (
    CREATED_AT,
    IN_STAGE,
    OF_CANDIDATE,
    OF_JOB,
    TIME_FILTERS,
    UPDATED_AT,
    identifier,
)
from polyhire.model.shapes import CREDITED_USER, REFERENCE

RESOURCE = Resource(
    name="applications",
    singular="application",
    doc="A candidate's application for one job, from the day of applying to the decision.",
    fields=(
        identifier("application", "9021"),
        Field("candidate", "reference", "The candidate who applied.", REFERENCE),
        Field("job", "reference", "The job that was applied for.", REFERENCE),
        Field("applied_at", "datetime", "When the candidate applied.", example="2026-01-30T18:04:00Z"),
        Field(
            "rejected_at",
            "datetime",
            "When the application was rejected; null while it is not.",
            example="2026-02-11T08:00:00Z",
            read_only=True,
        ),
        Field(
            "source",
            "reference",
            "Where the application came from: a job board, a referral, an agency.",
            REFERENCE,
        ),
        Field("credited_to", "reference", "The user who referred or sourced the candidate.", CREDITED_USER),
        Field(
            "current_stage",
            "reference",
            "The stage of the job's process that the application is in.",
            REFERENCE,
        ),
        Field(
            "reject_reason",
            "text",
            "Why the application was rejected, in the provider's words.",
            example="Lacks experience",
        ),
        Field("attachments", "list", "The files handed in with the application.", ATTACHMENTS),
        CREATED_AT,
        UPDATED_AT,
    ),
    filters=(
        *TIME_FILTERS,
        OF_JOB,
        OF_CANDIDATE,
        IN_STAGE,
        Filter(
            "status",
            "enum",
            "Only applications in this state.",
            values=("active", "rejected", "hired"),
        ),
    ),
    methods=methods_of("applications"),
)
