"""Records of the unified API told by name: ids differ from provider to provider, what they stand for does not."""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

Record: TypeAlias = dict[str, Any]
Records: TypeAlias = Mapping[str, list[Record]]
Told: TypeAlias = dict[str, dict[str, Record]]
Names: TypeAlias = Mapping[str, Mapping[str, Any]]

REFERENCES = {
    "actor": "users",
    "application": "applications",
    "applications": "applications",
    "attachments": "attachments",
    "candidate": "candidates",
    "creator": "users",
    "credited_to": "users",
    "current_stage": "job_interview_stages",
    "departments": "departments",
    "hiring_managers": "users",
    "interview": "interviews",
    "interviewer": "users",
    "interviewers": "users",
    "job": "jobs",
    "job_interview_stage": "job_interview_stages",
    "offices": "offices",
    "organizer": "users",
    "parent": "departments",
    "recruiters": "users",
    "source": "sources",
    "tags": "tags",
}
"""Field -> the resource that it refers to."""

OF_A_CANDIDATE = ("applications", "scorecards", "offers", "eeocs")
"""Records of which the story has one for a candidate: they are called by the candidate's name."""

CALLED_BY = {"activities": "body", "attachments": "file_name", "interviews": "start_at", "job_form_fields": "label"}
"""Resource -> the field that tells its records apart, where that is not their name."""


def tell(records: Records) -> Told:
    """Everything that was read: resource -> what a record is called -> its fields, told by name."""
    names = {
        resource: {record["id"]: called(resource, record, {}) for record in found}
        for resource, found in records.items()
    }
    names["applied for"] = {
        each["id"]: reference("jobs", each["job"], names) for each in records.get("applications", ()) if each["job"]
    }
    # What is called after another record can be named once that one is.
    for resource in OF_A_CANDIDATE:
        names[resource] = {each["id"]: called(resource, each, names) for each in records.get(resource, ())}
    return {
        resource: {
            str(called(resource, record, names)): {
                field: told(field, value, names) for field, value in record.items() if field != "remote_data"
            }
            for record in found
        }
        for resource, found in records.items()
    }


def called(resource: str, record: Record, names: Names) -> str | None:
    """What a record is called in the story."""
    if resource in OF_A_CANDIDATE:
        candidate: str | None = reference("candidates", record.get("candidate") or {}, names)
        return candidate
    field = CALLED_BY.get(resource, "name")
    found: str | None = told(field, record.get(field), names)
    return found


def told(field: str, value: Any, names: Names) -> Any:
    """A value with names for ids, and lists in an order of their own."""
    if field in WORDED:
        return sorted(filter(None, (WORDED[field](each) for each in value)), key=str)
    if field in REFERENCES and isinstance(value, list):
        return sorted(str(held(field, each, names)) for each in value)
    if field in REFERENCES and isinstance(value, dict):
        return held(field, value, names)
    if field == "compensation" and isinstance(value, dict):
        return {name: each for name, each in value.items() if name != "text"}
    if field.endswith("_at") and isinstance(value, str):
        return value.replace(".000Z", "Z")
    return plain(value) if field == "body" else value


WORDED: Mapping[str, Callable[[Record], Any]] = {
    "emails": lambda each: each["email"],
    "locations": lambda each: each["city"] or each["name"],
    "phones": lambda each: re.sub(r"\D", "", each["number"] or ""),
    "urls": lambda each: each["url"],
}


def held(field: str, value: Record, names: Names) -> Any:
    """What a reference stands for; an application inside a candidate is told by its job."""
    if field == "applications":
        return names["applied for"].get(value["id"]) or reference("jobs", value.get("job") or {}, names)
    if field == "attachments":
        return value.get("file_name")
    return reference(REFERENCES[field], value, names)


def reference(resource: str, value: Record, names: Names) -> Any:
    """The name of what an id stands for, or the name that the reference carries itself."""
    known = names.get(resource, {}).get(value.get("id") or "")
    return known or value.get("name") or value.get("id")


def plain(text: str | None) -> str | None:
    """A text without the marks that some providers put round a note."""
    return None if text is None else re.sub(r"<[^>]+>", "", text).strip()
