"""Interviews: scheduled conversations with candidates."""

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
from polyhire.model.shapes import ID_REFERENCE, PERSON_REFERENCE, REFERENCE

RESOURCE = Resource(
    name="interviews",
    singular="interview",
    doc="A scheduled conversation with a candidate, and the people who hold it.",
    fields=(
        identifier("interview", "3307"),
        Field("application", "reference", "The application that the interview is for.", ID_REFERENCE),
        Field("candidate", "reference", "The candidate who is interviewed.", ID_REFERENCE),
        Field("job_interview_stage", "reference", "The stage of the job's process it belongs to.", REFERENCE),
        Field("organizer", "reference", "The user who set the interview up.", PERSON_REFERENCE),
        Field("interviewers", "list", "The users who hold the interview.", PERSON_REFERENCE),
        Field("location", "text", "The room, or the address of the video call.", example="Room Babbage"),
        Field("start_at", "datetime", "When the interview starts.", example="2026-02-04T10:00:00Z"),
        Field("end_at", "datetime", "When the interview ends.", example="2026-02-04T10:45:00Z"),
        Field(
            "status",
            "enum",
            "How far the interview has got.",
            values=("scheduled", "awaiting_feedback", "complete", "cancelled"),
            example="scheduled",
        ),
        CREATED_AT,
        UPDATED_AT,
    ),
    filters=(*TIME_FILTERS, OF_CANDIDATE, OF_APPLICATION, OF_JOB),
    methods=methods_of("interviews"),
)
