"""Attachments: résumés, cover letters and other files."""

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
from polyhire.model.shapes import FILE, ID_REFERENCE

RESOURCE = Resource(
    name="attachments",
    singular="attachment",
    doc="A file of a candidate, an application or a job: a résumé, a cover letter, an offer letter.",
    fields=(
        identifier("attachment", "5512"),
        Field("file_name", "text", "The file's name with its ending.", example="ada-lovelace.pdf"),
        Field(
            "file_url",
            "text",
            "Where the file can be fetched; often short-lived, so download by id to be safe.",
            example="https://files.example.org/5512/ada-lovelace.pdf",
        ),
        Field("candidate", "reference", "The candidate whose file it is.", ID_REFERENCE),
        Field("application", "reference", "The application the file was handed in with.", ID_REFERENCE),
        Field("job", "reference", "The job that the file belongs to.", ID_REFERENCE),
        Field(
            "attachment_type",
            "enum",
            "What the file is.",
            values=("resume", "cover_letter", "offer_letter", "other"),
            example="resume",
        ),
        CREATED_AT,
        UPDATED_AT,
    ),
    filters=(*TIME_FILTERS, OF_CANDIDATE, OF_APPLICATION, OF_JOB),
    methods=methods_of("attachments"),
    write_fields=(Field("file", "object", "The file to upload; or give a `file_url` to fetch it from.", FILE),),
    create_choices=(("file", "file_url"),),
)
