"""Forms: the questions of a posting, and the form that interviewers fill in."""

from collections.abc import Mapping, Sequence
from typing import Any

from polyhire.simulators.company import Application, Company, Job, Question
from polyhire.simulators.kit import Problem
from polyhire.simulators.tables import Row

from .identifiers import identifier, milliseconds

TYPES = {
    "short_text": "text",
    "long_text": "textarea",
    "yes_no": "yes-no",
    "one_of": "multiple-choice",
    "many_of": "multiple-select",
}
PERSONAL = (
    {"type": "text", "name": "fullName", "text": "Full name", "required": True},
    {"type": "text", "name": "email", "text": "Email", "required": True},
    {"type": "text", "name": "phone", "text": "Phone", "required": False},
    {"type": "text", "name": "currentCompany", "text": "Current company", "required": False},
    {"type": "file-upload", "name": "resume", "text": "Resume/CV", "required": False},
    {"type": "textarea", "name": "additionalInformation", "text": "Additional information", "required": False},
)
URLS = tuple(
    {"name": name, "text": f"{name} URL", "required": False} for name in ("LinkedIn", "GitHub", "Portfolio", "Other")
)
ATTRIBUTES = ("Communication", "Craft", "Curiosity")
RATING, TAKEAWAYS, AGAIN = (identifier("feedback field", number) for number in (1, 2, 3))
RATINGS = {
    "strong_no": "1 - Strong No Hire",
    "no": "2 - No Hire",
    "yes": "3 - Hire",
    "strong_yes": "4 - Strong Hire",
}
TEMPLATE: Row = {
    "id": identifier("feedback template", 1),
    "text": "Interview feedback",
    "instructions": "Write what you have seen, not what you have guessed.",
    "fields": [
        {
            "id": RATING,
            "type": "score-system",
            "text": "Rating",
            "description": "",
            "required": True,
            "options": [{"text": each, "optionId": str(number)} for number, each in enumerate(RATINGS.values(), 1)],
        },
        {"id": TAKEAWAYS, "type": "textarea", "text": "Takeaways", "description": "", "required": False},
        {
            "id": AGAIN,
            "type": "textarea",
            "text": "Would you work with this person?",
            "description": "",
            "required": False,
        },
        *(
            {
                "id": identifier("feedback field", number),
                "type": "dropdown",
                "text": each,
                "description": "",
                "required": False,
                "options": [{"text": word} for word in ("no", "mixed", "yes")],
            }
            for number, each in enumerate(ATTRIBUTES, 10)
        ),
    ],
}


def questions(company: Company, job: Job) -> list[Row]:
    """Give the two forms of a posting: what may be seen by all, and what is asked in private."""
    asked = [each for each in company.questions_of[job.id] if each.kind != "file"]
    groups = (("About you", False), ("Work permit", True))
    return [
        {
            "id": identifier("form", job.id * 10 + private),
            "type": "posting",
            "text": name,
            "description": "",
            "fields": [_field(each) for each in asked if each.private == private],
            "createdAt": milliseconds(job.created_at),
        }
        for name, private in groups
        if any(each.private == private for each in asked)
    ]


def _field(question: Question) -> Row:
    made: Row = {
        "type": TYPES[question.kind],
        "text": question.label,
        "description": "As many as fit" if question.kind == "many_of" else "",
        "required": question.required,
        "id": identifier("question", question.id),
    }
    options = ("Yes", "No") if question.kind == "yes_no" else question.options
    if options:
        made["options"] = [{"text": each, "optionId": f"{question.id}-{n}"} for n, each in enumerate(options)]
    return made


def answered(forms: Sequence[Row], values: Mapping[str, Any]) -> list[Row]:
    """Give the forms with the values that fields have, by the id of the field."""
    return [
        {**form, "fields": [{**each, "value": values.get(each["id"])} for each in form["fields"]]} for form in forms
    ]


def answers(company: Company, application: Application) -> list[Row]:
    """Give the forms that came with an application."""
    if not application.answers or application.job_id is None:
        return []
    values = {identifier("question", each.question_id): _value(each.value) for each in application.answers}
    return answered(questions(company, company.jobs[application.job_id - 1]), values)


def _value(value: str | bool | tuple[str, ...] | None) -> Any:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return list(value) if isinstance(value, tuple) else value


def check(field: Row, value: Any, where: str, *, complete: bool = True) -> list[Problem]:
    """Find what is wrong with one answer; a required field may be empty in what is not `complete`."""
    if value in (None, "", []):
        return [Problem(where, "is required")] if field["required"] and complete else []
    many = field["type"] == "multiple-select"
    if many and not isinstance(value, list):
        return [Problem(where, "must be a list")]
    given = value if many else [value]
    if not all(isinstance(each, str) for each in given):
        return [Problem(where, "must be text")]
    allowed = [each["text"] for each in field.get("options", ())]
    if allowed and not set(given) <= set(allowed):
        return [Problem(where, f"must be one of {', '.join(allowed)}")]
    return []
