"""Answers to the questions of a job: each has the key that its question's type asks for."""

from collections.abc import Mapping, Sequence
from typing import Any

from polyhire.simulators import bodies
from polyhire.simulators.bodies import filled, items, shape
from polyhire.simulators.tables import Row

from .files import FILE, received
from .state import Workable, unfit

# inferred: which key answers which type of question
KEY_OF = {
    "free_text": "body",
    "short_text": "body",
    "multiple_choice": "choices",
    "dropdown": "choices",
    "boolean": "checked",
    "numeric": "number",
    "date": "date",
    "file": "file",
}
GIVEN = shape(
    {
        "question_key": filled,
        "body": bodies.text,
        "choices": items(filled, least=1),
        "checked": bodies.boolean,
        "number": bodies.number,
        "date": bodies.day,
        "file": FILE,
    },
    required=["question_key"],
)


def answered(workable: Workable, job: str | None, given: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Read answers; refuses with 422 one whose question the job does not ask, or that does not fit it."""
    return [_answer(workable, job, each, f"candidate.answers[{index}]") for index, each in enumerate(given)]


def _answer(workable: Workable, job: str | None, given: Mapping[str, Any], where: str) -> Row:
    question = workable.find("question", given["question_key"])
    if question is None or question["job"] != job:
        raise unfit(f"{where}.question_key", "is not a question of the job")
    key = KEY_OF[question["type"]]
    if set(given) != {"question_key", key}:
        raise unfit(where, f"must have {key} and nothing else")
    value = given[key]
    if key == "choices":
        value = _chosen(question, value, where)
    elif key == "file":
        document = received(value)
        value = workable.entry()
        workable.documents[value] = document
    return {"question": {"body": question["body"]}, "answer": {key: value}}


def _chosen(question: Row, value: Sequence[str], where: str) -> list[Row]:
    known = {each["id"]: each for each in question["choices"]}
    if any(each not in known for each in value) or len(set(value)) < len(value):
        raise unfit(f"{where}.choices", "must be ids of choices, each once")
    if question["single_answer"] and len(value) > 1:
        raise unfit(f"{where}.choices", "must be one")
    return [known[each] for each in value]
