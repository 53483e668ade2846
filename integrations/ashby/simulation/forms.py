"""Form definitions as Ashby words them, and the check of what is submitted to one."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from polyhire.simulators.company import Company, Question
from polyhire.simulators.tables import Row

from .bodies import Submissions
from .records import identifier, invalid

QUESTION_TYPES = {
    "short_text": "String",
    "long_text": "LongText",
    "yes_no": "Boolean",
    "one_of": "ValueSelect",
    "many_of": "MultiValueSelect",
    "file": "File",
}
RECOMMENDATION = "overall_recommendation"
# inferred: which of the two vocabularies an account uses depends on its forms, so this one has both
NUMBERED = (("Strong No", "1"), ("No", "2"), ("Yes", "3"), ("Strong Yes", "4"))
WORDED = (
    ("Strong Hire", "strong_hire"),
    ("Hire", "hire"),
    ("No Hire", "no_hire"),
    ("Strong No Hire", "strong_no_hire"),
)
ATTRIBUTES = ("Communication", "Craft", "Curiosity")
NUMBERED_FORM, WORDED_FORM = identifier("feedback form", 1), identifier("feedback form", 2)
OFFER_FORM = identifier("offer form", 1)


def field(kind: str, path: str, title: str, *, required: bool = False, choices: Iterable[tuple[str, str]] = ()) -> Row:
    """Describe one field; its id follows from its path."""
    described: Row = {
        "id": identifier(f"form field {path}", 1),
        "type": kind,
        "path": path,
        "humanReadablePath": title,
        "title": title,
        "isNullable": not required,
    }
    if chosen := [{"label": label, "value": value} for label, value in choices]:
        described["selectableValues"] = chosen
    return {"isRequired": required, "field": described}


def application_form(company: Company, job_id: int) -> Row:
    """Describe the form of a job's posting: who one is, then the job's own questions."""
    asked = [each for each in company.questions_of[job_id] if each.label != "First name"]
    person = [
        field("String", "_systemfield_name", "Name", required=True),
        field("Email", "_systemfield_email", "Email", required=True),
        field("Phone", "_systemfield_phone", "Phone"),
        *(_question(each) for each in asked if each.kind == "file"),
    ]
    own = [_question(each) for each in asked if each.kind != "file"]
    sections = [{"title": "About you", "descriptionHtml": "<p>Tell us who you are.</p>", "fields": person}]
    return {"sections": [*sections, {"title": "Questions", "fields": own}] if own else sections}


def question_path(question: Question) -> str:
    """Say under which path a question's answer is submitted."""
    if question.kind == "file":
        return f"_systemfield_{question.label.lower()}"
    return identifier("question", question.id)


def _question(question: Question) -> Row:
    choices = [(each, each) for each in question.options]
    path = question_path(question)
    made = field(QUESTION_TYPES[question.kind], path, question.label, required=question.required, choices=choices)
    return made | ({"descriptionHtml": "<p>We never share this.</p>"} if question.private else {})


def feedback_forms() -> list[Row]:
    """Describe the two forms that interviewers fill, one for each vocabulary of recommendations."""
    made = []
    for form_id, title, choices in [
        (NUMBERED_FORM, "Interview feedback", NUMBERED),
        (WORDED_FORM, "Screen feedback", WORDED),
    ]:
        scores = [field("Score", each.lower(), each) for each in ATTRIBUTES]
        verdict = field("ValueSelect", RECOMMENDATION, "Overall Recommendation", required=True, choices=choices)
        words = [field("RichText", "notes", "Notes"), field("LongText", "again", "Would you work with them?")]
        sections = [{"title": "Verdict", "fields": [verdict, *words]}, {"title": "Scores", "fields": scores}]
        made.append({"id": form_id, "title": title, "isArchived": False, "sections": sections})
    return made


def offer_form() -> Row:
    """Describe the one form that offers are made with."""
    fields = [
        # inferred: the sheet shows paths and values, and names no path
        field("Date", "start_date", "Start date"),
        field("Currency", "salary", "Salary", required=True),
        field("String", "opening_id", "Opening"),
    ]
    return {"id": OFFER_FORM, "title": "Offer", "sections": [{"title": "Offer", "fields": fields}]}


def submitted(sections: Sequence[Row], form: Submissions, *, partly: bool = False) -> dict[str, Any]:
    """Check a filled form against its definition and give its values by path; `partly` lets required ones miss."""
    fields = {each["field"]["path"]: each for section in sections for each in section["fields"]}
    values: dict[str, Any] = {}
    for each in form.field_submissions:
        if each.path not in fields:
            raise invalid(f"The form has no field {each.path}")
        if each.path in values:
            raise invalid(f"The field {each.path} is given twice")
        if not _fits(fields[each.path]["field"], each.value):
            raise invalid(f"The value of {each.path} does not fit a {fields[each.path]['field']['type']}")
        values[each.path] = each.value
    lacking = [path for path, each in fields.items() if each["isRequired"] and path not in values]
    if lacking and not partly:
        raise invalid(f"The form lacks {', '.join(lacking)}")
    return values


def _fits(described: Row, value: Any) -> bool:
    match described["type"]:
        case "ValueSelect":
            return value in [each["value"] for each in described["selectableValues"]]
        case "Score":
            # inferred: scores run from 1 to 4
            return isinstance(value, dict) and set(value) == {"score"} and value["score"] in (1, 2, 3, 4)
        case "Date":
            return isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) is not None
        case "Currency":
            return (
                isinstance(value, dict)
                and set(value) == {"currencyCode", "value"}
                and isinstance(value["currencyCode"], str)
                and isinstance(value["value"], int | float)
            )
        case "RichText":
            # inferred: as in notes, a plain string or {type, value}
            return isinstance(value, str) or (isinstance(value, dict) and set(value) == {"type", "value"})
        case _:
            return isinstance(value, str)
