"""Contacts: the people behind opportunities, each once."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from polyhire.simulators import bodies
from polyhire.simulators.bodies import filled, items, nullable, read_json, shape
from polyhire.simulators.tables import Row

from . import shapes
from .calls import Call, Endpoint, one
from .state import Lever

PHONE = shape({"type": nullable(filled), "value": filled}, required=["value"])
CONTACT_DETAILS = {
    "name": filled,
    "headline": nullable(bodies.text),
    "emails": items(filled),
    "phones": items(PHONE),
}
# inferred: whatever is left out stays as it is
CHANGES = shape({**CONTACT_DETAILS, "location": nullable(shape({"name": nullable(bodies.text)}))})


def read(call: Call) -> Response:
    """Give one contact."""
    return one(shapes.contact(call.lever.get("contact", call.value("id"))))


def update(call: Call) -> Response:
    """Change a contact, and with it what all its opportunities show."""
    row, body = call.lever.get("contact", call.value("id")), read_json(call.ask, CHANGES)
    row.update(body if "phones" not in body else {**body, "phones": _phones(body)})
    for each in call.lever.of("opportunity", row["id"]):
        call.lever.stir(each)
    return one(shapes.contact(row))


def _phones(body: Mapping[str, Any]) -> list[Row]:
    return [{"type": each.get("type"), "value": each["value"]} for each in body.get("phones", ())]


def contact_for(lever: Lever, body: Mapping[str, Any]) -> Row:
    """Find the contact that a new opportunity names, or that has one of its emails; else make one.

    inferred: a contact that is found keeps its name, and gains what it did not have.
    """
    phones, emails = _phones(body), list(body.get("emails", ()))
    location = {"name": body["location"]} if body.get("location") else None
    found = lever.refer("contact", body["contact"], "contact") if "contact" in body else _by_email(lever, emails)
    if found is None:
        return lever.add(
            "contact",
            {
                "name": body.get("name") or emails[0],
                "headline": body.get("headline"),
                "isAnonymized": False,
                "location": location,
                "emails": emails,
                "phones": phones,
                "dataProtection": None,
            },
        )
    known = [each.lower() for each in found["emails"]]
    found.update(
        headline=found["headline"] or body.get("headline"),
        location=found["location"] or location,
        emails=[*found["emails"], *(each for each in emails if each.lower() not in known)],
        phones=[*found["phones"], *(each for each in phones if each not in found["phones"])],
    )
    return found


def _by_email(lever: Lever, emails: list[str]) -> Row | None:
    wanted = {each.lower() for each in emails}
    return next((row for row in lever.rows("contact") if wanted & {each.lower() for each in row["emails"]}), None)


ENDPOINTS = (
    Endpoint("GET", "/contacts/{id}", "contact", read),
    Endpoint("PUT", "/contacts/{id}", "contact", update),
)
