"""What may be said of a candidate who is made or changed, and how it is read."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from polyhire.simulators import bodies
from polyhire.simulators.bodies import Check, filled, items, nullable, shape, text
from polyhire.simulators.company import Document
from polyhire.simulators.guards import instant
from polyhire.simulators.kit import Problem
from polyhire.simulators.tables import Row

from .answers import GIVEN, answered
from .calls import Call
from .catalogs import RECRUITERS
from .files import FILE, linked, received
from .identifiers import present, stamp
from .state import unfit

NETWORKS = (
    *("linkedin", "twitter", "facebook", "github", "website", "behance", "dribbble", "stackoverflow", "xing"),
    *("googleplus", "gravatar", "flickr", "instagram", "youtube", "quora", "medium", "angellist"),
)


def email(value: Any, where: str) -> list[Problem]:
    """Take an e-mail address."""
    fits = isinstance(value, str) and re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value)
    return [] if fits else [Problem(where, "is not an email")]


def address(value: Any, where: str) -> list[Problem]:
    """Take a URL on the web."""
    parts = urlsplit(value) if isinstance(value, str) else None
    fits = parts is not None and parts.scheme in ("http", "https") and parts.netloc
    return [] if fits else [Problem(where, "is not a valid url")]


DATE = nullable(bodies.day)
EDUCATION = shape(
    {
        **dict.fromkeys(("degree", "field_of_study"), nullable(text)),
        "school": filled,
        **dict.fromkeys(("start_date", "end_date"), DATE),
    },
    required=["school"],
)
EXPERIENCE = shape(
    {
        "title": filled,
        **dict.fromkeys(("summary", "company", "industry"), nullable(text)),
        **dict.fromkeys(("start_date", "end_date"), DATE),
        "current": bodies.boolean,
    },
    # inferred: an entry is called by its title
    required=["title"],
)
PROFILE = shape(
    {"type": bodies.choice(*NETWORKS), "name": nullable(text), "username": nullable(text), "url": address},
    required=["type", "url"],
)
LINES: Mapping[str, Check] = dict.fromkeys(("headline", "summary", "address", "phone", "cover_letter"), text)
SAME = (
    *LINES,
    *("email", "firstname", "lastname", "domain", "skills", "tags", "disqualified", "disqualification_reason"),
    "image_url",
)
ENTRIES: Mapping[str, Row] = {
    "education_entries": dict.fromkeys(("degree", "school", "field_of_study", "start_date", "end_date")),
    "experience_entries": {
        **dict.fromkeys(("title", "summary", "start_date", "end_date", "company", "industry")),
        "current": False,
    },
}
KNOWN: Mapping[str, Check] = {
    **dict.fromkeys(("firstname", "lastname", "name", "domain", "recruiter_key"), filled),
    **LINES,
    "email": email,
    "education_entries": items(EDUCATION),
    "experience_entries": items(EXPERIENCE),
    "answers": items(GIVEN),
    "skills": items(filled),
    "tags": items(filled),
    "disqualified": bodies.boolean,
    "disqualification_reason": filled,
    "disqualified_at": bodies.instant,
    "social_profiles": items(PROFILE),
    "resume_url": address,
    "resume": FILE,
    "image_url": address,
    "image": FILE,
}


def created(value: Any, where: str) -> list[Problem]:
    """Take a new candidate, who has a first and a last name, or a name."""
    if problems := shape(KNOWN)(value, where):
        return problems
    missing = [] if "name" in value else [key for key in ("firstname", "lastname") if key not in value]
    return [Problem(f"{where}.{key}", "can't be blank") for key in missing]


updated = shape(
    {
        **KNOWN,
        # inferred: what is to be empty is null
        **{key: nullable(check) for key, check in {**LINES, "email": email}.items()},
        "texting_consent": bodies.choice("given", "declined", "pending"),
        "image_source": filled,
    }
)


def values_of(call: Call, sent: Mapping[str, Any], job: str | None) -> tuple[Row, Document | None]:
    """Read what was sent of a candidate: the values of its row, and the résumé that came along."""
    values: Row = {key: sent[key] for key in SAME if key in sent}
    if "name" in sent:
        first, _, last = sent["name"].strip().partition(" ")
        values = {"firstname": first, "lastname": last or None, **values}
    if sent.get("disqualified"):
        # inferred: since now, unless the body says since when
        since = sent.get("disqualified_at")
        values["disqualified_at"] = stamp(instant(since)) if since else present()
    if sent.get("recruiter_key") not in (None, *(each["key"] for each in RECRUITERS)):
        raise unfit("candidate.recruiter_key", "is not a recruiter")
    for name, blank in ENTRIES.items():
        if name in sent:
            values[name] = [{"id": call.workable.entry(), **blank, **each} for each in sent[name]]
    if "social_profiles" in sent:
        values["social_profiles"] = [{"name": None, "username": None, **each} for each in sent["social_profiles"]]
    if "answers" in sent:
        values["answers"] = answered(call.workable, job, sent["answers"])
    image, resume = (_document(sent, name) for name in ("image", "resume"))
    if image:
        values["image_url"] = f"https://photos.workable.example/{call.workable.entry()}/{quote(image.name)}"
    return values, resume


def _document(sent: Mapping[str, Any], name: str) -> Document | None:
    address = sent.get(f"{name}_url")
    if name in sent:
        if address:
            raise unfit(f"candidate.{name}", f"excludes {name}_url")
        return received(sent[name])
    return linked(address, name) if address else None
