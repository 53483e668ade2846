"""The form of a posting, and what strangers send with it."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from polyhire.simulators import bodies, guards
from polyhire.simulators.bodies import filled, items, nullable, read_json, shape
from polyhire.simulators.kit import Problem, Refusal
from polyhire.simulators.tables import Row

from .calls import HIDDEN, OPEN, Call, Endpoint, one
from .contacts import contact_for
from .forms import PERSONAL, URLS, answered, check
from .identifiers import present
from .opportunities import apply
from .state import unfit

# inferred: the questions about gender, race and so on, which the posting form only names
EEO: Row = {
    "gender": {"options": ["Female", "Male", "Decline to self-identify"]},
    "race": {"options": ["Asian", "Black or African American", "Hispanic or Latino", "White", "Two or More Races"]},
}
NAMED = items(shape({"name": filled, "value": nullable(bodies.text)}, required=["name", "value"]))
ANSWERED = items(
    shape(
        {
            "id": filled,
            "fields": items(shape({"id": filled, "value": bodies.anything}, required=["value"])),
        },
        required=["id", "fields"],
    )
)
SENT = shape(
    {
        "personalInformation": NAMED,
        "customQuestions": ANSWERED,
        "urls": NAMED,
        "source": filled,
        "consent": bodies.anything,
        "eeoResponses": bodies.anything,
        "ipAddress": filled,
    },
    required=["personalInformation"],
)


def form(call: Call) -> Response:
    """Give the form of a posting."""
    row = call.posting()
    shown = {
        "id": row["id"],
        "text": row["text"],
        "customQuestions": row["customQuestions"],
        "eeoQuestions": EEO,
        "personalInformation": PERSONAL,
        "urls": URLS,
    }
    return one(shown)


def send(call: Call) -> Response:
    """Apply: the contact is found by its email, and the opportunity is a new one."""
    lever, posting = call.lever, call.posting()
    # inferred: nobody applies for what is not open
    if posting["state"] not in ("published", "internal"):
        raise unfit("posting", f"is {posting['state']}")
    body = read_json(call.ask, SENT)
    said = _named(body, "personalInformation", PERSONAL)
    links = [each for each in _named(body, "urls", URLS).values() if each]
    questions = _answers(body, posting)
    phones = [{"type": None, "value": said["phone"]}] if said.get("phone") else []
    details = {"name": said["fullName"], "emails": [said["email"]], "phones": phones}
    person = contact_for(lever, {**details, "headline": said.get("currentCompany")})
    made = lever.add("opportunity", _opportunity(posting, person, links, body))
    application = apply(
        lever,
        made,
        posting,
        user=None,
        name=said["fullName"],
        email=said["email"],
        phone=phones[0] if phones else None,
        company=said.get("currentCompany"),
        links=links,
        comments=said.get("additionalInformation"),
        customQuestions=questions,
        ipAddress=body.get("ipAddress"),
    )
    return one({"applicationId": application["id"]})


def _opportunity(posting: Row, person: Row, links: list[str], body: Row) -> Row:
    moment = present()
    change = {"toStageId": "applicant-new", "toStageIndex": 3, "updatedAt": moment, "userId": None}
    return {
        "contact": person["id"],
        "stage": "applicant-new",
        "confidentiality": HIDDEN if posting["confidentiality"] == HIDDEN else OPEN,
        "archived": None,
        **dict.fromkeys(("createdAt", "updatedAt", "lastInteractionAt", "lastAdvancedAt"), moment),
        "snoozedUntil": None,
        "stageChanges": [change],
        "owner": posting["owner"],
        "tags": [],
        "sources": [body["source"]] if "source" in body else [],
        "origin": "applied",
        "sourcedBy": None,
        "followers": [],
        "links": links,
    }


def _named(body: Row, where: str, known: tuple[Mapping[str, Any], ...]) -> dict[str, str]:
    """Read values by their names on the form."""
    values = {each["name"]: each["value"] for each in body.get(where, ())}
    names = [each["name"] for each in known]
    problems = [Problem(where, f"does not have {each}") for each in values if each not in names]
    problems += [
        Problem(f"{where}.{each['name']}", "is required")
        for each in known
        if each["required"] and not values.get(each["name"])
    ]
    if problems:
        raise Refusal(400, "Bad request", problems=problems)
    return values


def _answers(body: Row, posting: Row) -> list[Row]:
    """Read the answers to a posting's own questions: by the field's id, or one for each field in their order."""
    forms = {each["id"]: each for each in posting["customQuestions"]}
    given = {each["id"]: each["fields"] for each in body.get("customQuestions", ())}
    problems = [Problem("customQuestions", f"has no form {each}") for each in given if each not in forms]
    values: dict[str, Any] = {}
    for identifier, asked in forms.items():
        found = _by_field(asked["fields"], given.get(identifier, []))
        for field in asked["fields"]:
            problems += check(field, found.pop(field["id"], None), f"customQuestions.{field['text']}")
        problems += [Problem("customQuestions", f"has no field {each}") for each in found]
        values |= _by_field(asked["fields"], given.get(identifier, []))
    if problems:
        raise Refusal(400, "Bad request", problems=problems)
    return answered(posting["customQuestions"], values)


def _by_field(asked: list[Row], given: list[Row]) -> dict[str, Any]:
    # inferred: fields without ids must be as many as on the form
    if all("id" in each for each in given):
        return {each["id"]: each["value"] for each in given}
    if len(given) != len(asked):
        raise unfit("customQuestions.fields", f"must be {len(asked)}")
    return {field["id"]: each["value"] for field, each in zip(asked, given, strict=True)}


SEND = {"send_confirmation_email": guards.flag}
ENDPOINTS = (
    Endpoint("GET", "/postings/{pid}/apply", "postings", form),
    Endpoint("POST", "/postings/{pid}/apply", "postings", send, SEND),
)
