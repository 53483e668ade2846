"""Fields and filters that most resources have in the same words."""

from polyhire.model.record import Field, Filter

CREATED_AT = Field(
    "created_at",
    "datetime",
    "When the record was created at the provider.",
    example="2026-01-31T09:30:00Z",
    read_only=True,
)
UPDATED_AT = Field(
    "updated_at",
    "datetime",
    "When the record was last changed at the provider.",
    example="2026-02-02T16:05:12Z",
    read_only=True,
)

_COMPARISONS = ("gt", "gte", "lt", "lte")
TIME_FILTERS = (
    Filter("created_at", "datetime", "Records created before or after a moment.", operators=_COMPARISONS),
    Filter("updated_at", "datetime", "Records changed before or after a moment.", operators=_COMPARISONS),
)
OF_CANDIDATE = Filter("candidate_id", "id", "Only the records of this candidate.")
OF_APPLICATION = Filter("application_id", "id", "Only the records of this application.")
OF_JOB = Filter("job_id", "id", "Only the records that belong to this job.")
IN_STAGE = Filter("stage_id", "id", "Only what stands in this stage of a job.")
BY_EMAIL = Filter("email", "text", "Only the person with this e-mail address.")
BY_NAME = Filter("name", "text", "Only the records of this name.")


def identifier(noun: str, example: str) -> Field:
    """The `id` of a resource."""
    return Field("id", "id", f"The provider's identifier of the {noun}, as text.", example=example, read_only=True)
