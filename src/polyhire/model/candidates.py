"""Candidates: the people who may be hired."""

from polyhire.model.applications import RESOURCE as APPLICATIONS
from polyhire.model.attachments import RESOURCE as ATTACHMENTS
from polyhire.model.methods import methods_of
from polyhire.model.record import Field, Filter, Resource
from polyhire.model.recurring import (
    BY_EMAIL,
    BY_NAME,
    CREATED_AT,
    IN_STAGE,
    OF_JOB,
    TIME_FILTERS,
    UPDATED_AT,
    identifier,
)
from polyhire.model.shapes import EMAIL, LOCATION, PHONE, TAG_REFERENCE, URL

RESOURCE = Resource(
    name="candidates",
    singular="candidate",
    doc="A person who applied, was sourced or was referred, with every way to reach them.",
    fields=(
        identifier("candidate", "4410"),
        Field("first_name", "text", "The candidate's first name.", example="Ada"),
        Field("last_name", "text", "The candidate's last name.", example="Lovelace"),
        Field("name", "text", "The candidate's full name.", example="Ada Lovelace"),
        Field("company", "text", "Where the candidate works at present.", example="Analytical Engines Ltd"),
        Field("title", "text", "The candidate's present job title or headline.", example="Software Engineer"),
        Field(
            "last_interaction_at",
            "datetime",
            "When anyone was last in touch with the candidate, or last changed the record.",
            example="2026-02-02T16:05:12Z",
            read_only=True,
        ),
        Field(
            "is_private",
            "boolean_text",
            'Whether only chosen users see the candidate, as the text "true" or "false".',
            example="false",
        ),
        Field("can_email", "boolean", "Whether the candidate may be written to by e-mail.", example=True),
        Field("locations", "list", "Where the candidate lives.", LOCATION),
        Field("phones", "list", "The candidate's phone numbers.", PHONE),
        Field("emails", "list", "The candidate's e-mail addresses.", EMAIL),
        Field("urls", "list", "The candidate's pages and profiles on the web.", URL),
        Field("tags", "list", "The tags the candidate carries.", TAG_REFERENCE),
        Field("applications", "list", "The candidate's applications.", APPLICATIONS),
        Field("attachments", "list", "The candidate's files.", ATTACHMENTS),
        CREATED_AT,
        UPDATED_AT,
    ),
    filters=(
        *TIME_FILTERS,
        OF_JOB,
        IN_STAGE,
        BY_EMAIL,
        Filter("tag", "text", "Only candidates who carry this tag."),
        BY_NAME,
    ),
    methods=methods_of("candidates"),
)
