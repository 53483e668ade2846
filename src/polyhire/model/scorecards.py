"""Scorecards: what interviewers thought of a candidate."""

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
from polyhire.model.shapes import FORM_VALUE, ID_REFERENCE, PERSON_REFERENCE

RESOURCE = Resource(
    name="scorecards",
    singular="scorecard",
    doc="An interviewer's evaluation of a candidate: the answers and the overall recommendation.",
    fields=(
        identifier("scorecard", "845"),
        Field("application", "reference", "The application that is evaluated.", ID_REFERENCE),
        Field("candidate", "reference", "The candidate who is evaluated.", ID_REFERENCE),
        Field("interview", "reference", "The interview that the evaluation is about.", ID_REFERENCE),
        Field("interviewer", "reference", "The user who gave the evaluation.", PERSON_REFERENCE),
        Field("submitted_at", "datetime", "When the evaluation was handed in.", example="2026-02-04T11:20:00Z"),
        Field(
            "overall_recommendation",
            "enum",
            "The interviewer's verdict.",
            values=("definitely_not", "no", "neutral", "yes", "strong_yes", "no_decision"),
            example="strong_yes",
        ),
        Field("form_values", "list", "The questions of the scorecard and their answers.", FORM_VALUE),
        CREATED_AT,
        UPDATED_AT,
    ),
    filters=(*TIME_FILTERS, OF_CANDIDATE, OF_APPLICATION, OF_JOB),
    methods=methods_of("scorecards"),
)
