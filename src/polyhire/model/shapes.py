"""The objects that fields of several resources share: e-mails, phones, addresses, references."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from polyhire.model.record import Field, Shape

_KNOWN_HOST = re.compile(
    r"(?:[\w-]+\.)*"
    r"(?:(?P<linkedin>linkedin\.com|lnkd\.in)|(?P<github>github\.com)|(?P<twitter>twitter\.com|x\.com)"
    r"|(?P<facebook>facebook\.com|fb\.com))(?=[?#:]|$)",
    re.IGNORECASE,
)
_ADDRESS_PARTS = ("street_1", "street_2", "city", "state", "postal_code", "country")


def type_of_url(url: Mapping[str, Any]) -> str | None:
    """What a link leads to, told from its host; None for a host that says nothing."""
    parts: list[str] = url["url"].split("/", 3)
    return _type_of_host(parts[2] if len(parts) > 2 and not parts[1] else parts[0])


@lru_cache(maxsize=1024)
def _type_of_host(host: str) -> str | None:
    known = _KNOWN_HOST.match(host)
    return known and known.lastgroup


def address_in_one_line(location: Mapping[str, Any]) -> str | None:
    """The parts of an address that are known, joined with commas."""
    return ", ".join([location[part] for part in _ADDRESS_PARTS if location[part]]) or None


_ID = Field("id", "id", "The record's identifier.", example="4410")
_NAME = Field("name", "text", "Its name, when the provider sends it along.", example="Engineering")
_PERSON_NAME = Field("name", "text", "The person's full name.", example="Grace Hopper")

ID_REFERENCE = Shape("IdReference", "A pointer to another record.", (_ID,), bare="id")

REFERENCE = Shape("Reference", "A pointer to another record, with its name.", (_ID, _NAME), bare="id")

TAG_REFERENCE = Shape(
    "TagReference",
    "A tag, by its id, its name or both; many providers know tags by name alone.",
    (_ID, _NAME),
    bare="name",
)

PERSON_REFERENCE = Shape(
    "PersonReference",
    "A pointer to a person, with name and e-mail address.",
    (
        _ID,
        _PERSON_NAME,
        Field("email", "text", "The person's e-mail address.", example="grace@acme.org", is_email=True),
    ),
    bare="id",
)

EMAIL = Shape(
    "Email",
    "An e-mail address.",
    (
        Field("email", "text", "The address.", example="ada@acme.org", is_email=True, trimmed=True),
        Field(
            "type",
            "enum",
            "What the address is for.",
            values=("work", "personal", "other"),
            example="personal",
        ),
        Field("is_primary", "boolean", "Whether this address is the one to write to.", example=True),
    ),
    bare="email",
    essential=("email",),
)

PHONE = Shape(
    "Phone",
    "A phone number.",
    (
        Field(
            "number",
            "text",
            "The phone number as the provider has it.",
            example="+1 415 555 0100",
            trimmed=True,
        ),
        Field("extension", "text", "The extension to dial after the number.", example="12"),
        Field(
            "type",
            "enum",
            "The kind of line.",
            values=("mobile", "work", "home", "fax", "skype", "other"),
            example="mobile",
        ),
    ),
    bare="number",
    essential=("number",),
)

URL = Shape(
    "Url",
    "A link.",
    (
        Field("url", "text", "The address of the page.", example="https://github.com/ada", trimmed=True),
        Field(
            "type",
            "enum",
            "What the link leads to; told from its host when the provider does not say.",
            values=(
                "linkedin",
                "github",
                "twitter",
                "facebook",
                "portfolio",
                "blog",
                "company",
                "personal",
                "resume",
                "job_posting",
                "other",
            ),
            example="github",
            inferred=type_of_url,
        ),
    ),
    bare="url",
    essential=("url",),
)

LOCATION = Shape(
    "Location",
    "A place or a postal address.",
    (
        Field(
            "name",
            "text",
            "The place as the provider words it, or its parts in one line.",
            example="London, GB",
            inferred=address_in_one_line,
        ),
        Field("street_1", "text", "Street and number.", example="12 St James's Square"),
        Field("street_2", "text", "A second line of the street address.", example="Floor 3"),
        Field("city", "text", "The city or town.", example="London"),
        Field("state", "text", "The state, province or region.", example="England"),
        Field("postal_code", "text", "The postal or ZIP code.", example="SW1Y 4JH"),
        Field("country", "text", "The country, by name or code as the provider has it.", example="GB"),
        Field(
            "type",
            "enum",
            "What the address is for.",
            values=("home", "work", "office", "other"),
            example="home",
        ),
    ),
    bare="name",
    essential=("name", *_ADDRESS_PARTS),
)

COMPENSATION = Shape(
    "Compensation",
    "What a job pays.",
    (
        Field("min", "number", "The lower end of the range.", example=90000),
        Field("max", "number", "The upper end of the range.", example=120000),
        Field("currency", "currency", "The currency, as its ISO 4217 code.", example="USD"),
        Field(
            "interval",
            "enum",
            "The period that the amounts are paid for.",
            values=("hour", "day", "week", "month", "year"),
            example="year",
        ),
        Field("text", "text", "The pay in the provider's own words.", example="$90k to $120k plus equity"),
    ),
    bare="text",
    essential=("min", "max", "text"),
)

ACTOR = Shape(
    "Actor",
    "Who did something.",
    (
        _ID,
        _PERSON_NAME,
        Field(
            "type",
            "enum",
            "Whether a user, the candidate or the system acted.",
            values=("user", "candidate", "system"),
            example="user",
        ),
    ),
    bare="id",
    # An action of the system has a type, and nobody behind it.
    essential=("id", "name", "type"),
)

PARTICIPANT = Shape(
    "Participant",
    "The sender or a receiver of a message.",
    (
        Field("email", "text", "The e-mail address.", example="ada@acme.org", is_email=True),
        Field("name", "text", "The name beside the address.", example="Ada Lovelace"),
    ),
    bare="email",
)

CREDITED_USER = Shape(
    "CreditedUser",
    "The user who is credited with bringing the candidate in.",
    (
        _ID,
        Field("first_name", "text", "The user's first name.", example="Grace"),
        Field("last_name", "text", "The user's last name.", example="Hopper"),
        _PERSON_NAME,
        Field("emails", "list", "The user's e-mail addresses.", EMAIL),
    ),
    bare="id",
)

OPTION = Shape(
    "FieldOption",
    "One of the answers that a form field offers.",
    (
        Field("id", "id", "The option's identifier.", example="81"),
        Field("label", "text", "The wording that the applicant reads.", example="Two weeks"),
        Field("value", "text", "The value to submit for this option.", example="two_weeks"),
    ),
    bare="label",
)

FORM_VALUE = Shape(
    "FormValue",
    "A question of a form, and the answer to it.",
    (
        Field("label", "text", "The question.", example="Communication"),
        Field(
            "value",
            "text",
            "The answer; several chosen options are joined with commas.",
            example="Clear and to the point",
            joined=True,
        ),
        Field("type", "enum", "The kind of question, in the provider's words.", example="long_text"),
    ),
    bare="value",
    essential=("label", "value"),
)

FILE = Shape(
    "File",
    "A file to upload.",
    (
        Field("name", "text", "The file's name with its ending.", example="ada-lovelace.pdf", required=True),
        Field("content_type", "text", "The media type.", example="application/pdf"),
        Field(
            "content",
            "text",
            "The bytes of the file, as base64.",
            example="JVBERi0xLjcK",
            required=True,
            is_base64=True,
        ),
    ),
    bare="content",
)

SHAPES = (
    EMAIL,
    PHONE,
    URL,
    LOCATION,
    COMPENSATION,
    ID_REFERENCE,
    REFERENCE,
    TAG_REFERENCE,
    PERSON_REFERENCE,
    ACTOR,
    PARTICIPANT,
    CREDITED_USER,
    OPTION,
    FORM_VALUE,
)
