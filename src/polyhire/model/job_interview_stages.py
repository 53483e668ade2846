"""Job interview stages: the steps of a job's hiring process."""

from polyhire.model.methods import methods_of
from polyhire.model.record import Field, Resource
from polyhire.model.recurring import CREATED_AT, OF_JOB, TIME_FILTERS, UPDATED_AT, identifier
from polyhire.model.shapes import REFERENCE

RESOURCE = Resource(
    name="job_interview_stages",
    singular="job_interview_stage",
    doc="A step of a job's hiring process, which applications move through.",
    fields=(
        identifier("stage", "3"),
        Field("name", "text", "The stage's name.", example="Phone screen"),
        Field(
            "status",
            "enum",
            "Whether applications can be moved to the stage.",
            values=("active", "inactive"),
            example="active",
        ),
        Field("job", "reference", "The job whose process it belongs to.", REFERENCE),
        Field("position", "integer", "The stage's place in the process, from 0.", example=1),
        CREATED_AT,
        UPDATED_AT,
    ),
    filters=(*TIME_FILTERS, OF_JOB),
    methods=methods_of("job_interview_stages"),
)
