"""Users: the people who work in the provider: recruiters, hiring managers, interviewers."""

from polyhire.model.methods import methods_of
from polyhire.model.record import Field, Resource
from polyhire.model.recurring import BY_EMAIL, CREATED_AT, TIME_FILTERS, UPDATED_AT, identifier
from polyhire.model.shapes import EMAIL

RESOURCE = Resource(
    name="users",
    singular="user",
    doc="A person who works in the provider: a recruiter, a hiring manager, an interviewer.",
    fields=(
        identifier("user", "17"),
        Field("first_name", "text", "The user's first name.", example="Grace"),
        Field("last_name", "text", "The user's last name.", example="Hopper"),
        Field("name", "text", "The user's full name.", example="Grace Hopper"),
        Field("emails", "list", "The user's e-mail addresses.", EMAIL),
        Field("disabled", "boolean", "Whether the user can no longer sign in.", example=False),
        Field(
            "access_role",
            "enum",
            "What the user may do; a role of the company's own making keeps its name in lower snake case.",
            values=("admin", "hiring_manager", "recruiter", "interviewer", "limited", "basic"),
            example="recruiter",
        ),
        CREATED_AT,
        UPDATED_AT,
    ),
    filters=(*TIME_FILTERS, BY_EMAIL),
    methods=methods_of("users"),
)
