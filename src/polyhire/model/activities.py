"""Activities: notes, e-mails, calls and whatever else happened around a candidate."""

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
from polyhire.model.shapes import ACTOR, ID_REFERENCE, PARTICIPANT

RESOURCE = Resource(
    name="activities",
    singular="activity",
    doc="Something that happened around a candidate: a note, an e-mail, a call, a change of stage.",
    fields=(
        identifier("activity", "70021"),
        Field("candidate", "reference", "The candidate whom the activity is about.", ID_REFERENCE),
        Field("actor", "reference", "Who wrote the note, sent the e-mail or made the change.", ACTOR),
        Field(
            "activity_type",
            "enum",
            "The kind of activity.",
            values=("note", "email", "call", "meeting", "task", "stage_change", "activity"),
            example="note",
        ),
        Field("from", "list", "The sender of an e-mail.", PARTICIPANT),
        Field("to", "list", "The people an e-mail was sent to.", PARTICIPANT),
        Field("cc", "list", "The people an e-mail was copied to.", PARTICIPANT),
        Field("subject", "text", "The subject line, or the title of a note.", example="Phone screen"),
        Field(
            "body",
            "html",
            "The text of the activity.",
            example="Knows the domain well; keen to start in March.",
        ),
        Field(
            "visibility",
            "enum",
            "Who may read the activity in the provider.",
            values=("public", "private", "admin_only"),
            example="public",
        ),
        UPDATED_AT,
        CREATED_AT,
    ),
    filters=(*TIME_FILTERS, OF_CANDIDATE, OF_APPLICATION, OF_JOB),
    methods=methods_of("activities"),
)
