"""What one can do with resources: the five standard methods, and the custom ones of some resources."""

from collections.abc import Mapping

from polyhire.model.record import Field, Method

STANDARD_METHODS = (
    Method("list", "List the records, page by page."),
    Method("get", "Read one record by its id."),
    Method("create", "Add a record.", is_write=True),
    Method("update", "Change the given fields of a record; the others stay as they are.", is_write=True),
    Method("delete", "Remove a record.", is_write=True),
)

USER_ID = Field("user_id", "id", "The user on whose behalf the change is made.", example="17")

_APPLICATION_ID = Field("application_id", "id", "The application to act on.", example="9021", required=True)
_CANDIDATE_ID = Field("candidate_id", "id", "The candidate to act on.", example="4410", required=True)
_TAG = (
    Field("tag_id", "id", "The tag, by its id.", example="33"),
    Field("tag", "text", "The tag, by its name.", example="remote"),
)

_APPLICATION_METHODS = (
    Method(
        "move-stage",
        "Move an application to another stage of its job.",
        (
            _APPLICATION_ID,
            Field("stage_id", "id", "The stage to move the application to.", example="3", required=True),
            USER_ID,
        ),
        is_custom=True,
        is_write=True,
    ),
    Method(
        "reject",
        "Reject an application.",
        (
            _APPLICATION_ID,
            Field("reason_id", "id", "The reject reason to record.", example="12", required=True),
            USER_ID,
            Field("notes", "text", "A note to keep with the rejection.", example="Looking for more experience"),
        ),
        is_custom=True,
        is_write=True,
    ),
    Method(
        "unreject",
        "Take a rejection back.",
        (_APPLICATION_ID, USER_ID),
        is_custom=True,
        is_write=True,
    ),
    Method(
        "hire",
        "Mark the candidate of an application as hired.",
        (_APPLICATION_ID, Field("start_date", "date", "The first day of work.", example="2026-03-01")),
        is_custom=True,
        is_write=True,
    ),
)
_ATTACHMENT_METHODS = (
    Method(
        "download",
        "Read the file itself, as the provider has it.",
        (Field("id", "id", "The attachment to read.", example="5512", required=True),),
        is_custom=True,
        is_binary=True,
    ),
)
_CANDIDATE_METHODS = tuple(
    Method(name, doc, (_CANDIDATE_ID, *_TAG), choices=(("tag_id", "tag"),), is_custom=True, is_write=True)
    for name, doc in (
        ("add-tag", "Give a candidate a tag."),
        ("remove-tag", "Take a tag off a candidate."),
    )
)

CUSTOM_METHODS: Mapping[str, tuple[Method, ...]] = {
    "applications": _APPLICATION_METHODS,
    "attachments": _ATTACHMENT_METHODS,
    "candidates": _CANDIDATE_METHODS,
}


def methods_of(resource: str) -> tuple[Method, ...]:
    """The standard methods and the custom ones of a resource."""
    return STANDARD_METHODS + CUSTOM_METHODS.get(resource, ())
