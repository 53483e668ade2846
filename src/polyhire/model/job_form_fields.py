"""Job form fields: the questions that an applicant for a job answers."""

from polyhire.model.methods import methods_of
from polyhire.model.record import Field, Resource
from polyhire.model.recurring import OF_JOB, identifier
from polyhire.model.shapes import ID_REFERENCE, OPTION

RESOURCE = Resource(
    name="job_form_fields",
    singular="job_form_field",
    doc="A question of a job's application form, with what is needed to show it and to submit an answer.",
    fields=(
        identifier("form field", "question_4012"),
        Field("name", "text", "The key to submit the answer under.", example="question_4012"),
        Field("job", "reference", "The job whose form it is.", ID_REFERENCE),
        Field("label", "text", "The question as the applicant reads it.", example="When could you start?"),
        Field("index", "integer", "The question's place within its group, from 0.", example=2),
        Field("is_required", "boolean", "Whether an application without an answer is refused.", example=True),
        Field(
            "answer_visibility",
            "enum",
            "Who may read the answers in the provider.",
            values=("public", "private"),
            example="public",
        ),
        Field(
            "description",
            "html",
            "Help for the applicant, below the question.",
            example="An estimate is enough.",
        ),
        Field(
            "type",
            "enum",
            "The kind of answer that is asked for.",
            values=(
                "short_text",
                "long_text",
                "boolean",
                "single_select",
                "multi_select",
                "number",
                "date",
                "file",
                "email",
                "phone",
                "url",
                "hidden",
            ),
            example="single_select",
        ),
        Field("options", "list", "The answers to choose from.", OPTION),
        Field("group_id", "id", "The section of the form that the question stands in.", example="2"),
        Field("group_name", "text", "The heading of that section.", example="About you"),
    ),
    filters=(OF_JOB,),
    methods=methods_of("job_form_fields"),
)
