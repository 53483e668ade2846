"""Bodies for writes, made of what an integration says it writes and of ids that its simulator has."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import count
from typing import Any, TypeAlias

from polyhire.conformance.provider import Provider

Body: TypeAlias = dict[str, Any]
Values: TypeAlias = Mapping[str, Callable[[Provider, str], Any]]

_numbers = count(1)


def create_body(provider: Provider, resource: str) -> Body:
    """A body with everything of ours that the integration writes, and what its facts add or take away."""
    return _body(provider, resource, "create", CREATED.get(resource, {}))


def update_body(provider: Provider, resource: str, record: Body) -> Body:
    """A body that changes what can be changed, to values that no record has; and what tells where the record is."""
    required = provider.capabilities[resource]["methods"]["update"]["required"]
    paths = [next((path for path in group.split("|") if path.endswith(".id")), "") for group in required]
    place = [path.removesuffix(".id") for path in paths if path]
    changed = _body(provider, resource, "update", CHANGED.get(resource, {}))
    return {**{name: {"id": record[name]["id"]} for name in place}, **changed}


def told(sent: Any, got: Any) -> Iterator[str]:
    """Where a record differs from what was sent: objects may hold more, and lists in another order."""
    match sent:
        case dict() if isinstance(got, dict):
            for key, value in sent.items():
                yield from (f".{key}{where}" for where in told(value, got.get(key)))
        case list() if isinstance(got, list):
            for index, value in enumerate(sent):
                if not any(not list(told(value, each)) for each in got):
                    yield f"[{index}]: {value!r} is not in {got!r}"
        case _:
            if sent != got and not _same_moment(sent, got):
                yield f": {sent!r} became {got!r}"


def _same_moment(one: Any, other: Any) -> bool:
    try:
        return "T" in one and datetime.fromisoformat(one) == datetime.fromisoformat(other)
    except (TypeError, ValueError):
        return False


def _body(provider: Provider, resource: str, method: str, values: Values) -> Body:
    support = provider.method(resource, method)
    assert support is not None
    said = provider.fact(resource, method) or {}
    number = f"{next(_numbers):03}"
    needed = {path.partition(".")[0] for each in support["required"] for path in each.split("|")}
    written = [name for name in values if name in support["writes"] and name not in said.get("without", ())]
    body = {name: values[name](provider, number) for name in written if name in needed or name not in OPTIONAL}
    made = {**body, **said.get("with", {})}
    assert made, (
        f"conformance.yaml has to say what {method} of {resource} sends: {resource}: {{{method}: {{with: ...}}}}"
    )
    return made


def _first(resource: str) -> Callable[[Provider, str], Any]:
    return lambda provider, _: {"id": provider.seeds(resource)[0]["id"]}


def _text(value: str) -> Callable[[Provider, str], str]:
    return lambda _, number: value.replace("#", number)


def _as_it_is(value: Any) -> Callable[[Provider, str], Any]:
    return lambda _, __: value


def _one_of(resource: str) -> Callable[[Provider, str], Any]:
    return lambda provider, _: [{"id": provider.seeds(resource)[1]["id"]}]


def open_application(provider: Provider) -> dict[str, Any]:
    """An application that is neither rejected nor hired."""
    support = provider.method("applications", "list")
    hired: set[str] = set()
    if support and "status" in support["filters"]:
        hired = {record["id"] for record in provider.all("applications", fields="id", status="hired")}
    offered = (
        {record["application"]["id"] for record in provider.seeds("offers") if record["application"]}
        if provider.method("offers", "list")
        else set()
    )
    return next(
        record
        for record in provider.seeds("applications")
        if record["current_stage"] and not record["rejected_at"] and record["id"] not in hired | offered
    )


def _job_not_applied_for(provider: Provider, _: str) -> Any:
    candidate = provider.seeds("candidates")[0]["id"]
    taken = {each["job"]["id"] for each in provider.seeds("applications") if each["candidate"]["id"] == candidate}
    return {
        "id": next(job["id"] for job in provider.seeds("jobs") if job["status"] == "open" and job["id"] not in taken)
    }


def _interviewer(provider: Provider, _: str) -> Any:
    user = next(user for user in provider.seeds("users") if not user["disabled"])
    return [{"id": user["id"], "email": user["emails"][0]["email"]}]


def _another_source(provider: Provider, _: str) -> Any:
    """Where another application came from than the first one."""
    first, *others = (record["source"] for record in provider.seeds("applications"))
    found = next(source for source in others if source and source != first)
    return {key: value for key, value in found.items() if value is not None}


OPTIONAL = frozenset({"applications"})
CREATED: Mapping[str, Values] = {
    "activities": {
        "candidate": _first("candidates"),
        "activity_type": _text("note"),
        "body": _text("A good talk, number #"),
    },
    "applications": {"candidate": _first("candidates"), "job": _job_not_applied_for},
    "attachments": {
        "candidate": _first("candidates"),
        "application": _first("applications"),
        "attachment_type": _text("resume"),
        "file": _as_it_is({"name": "cv.txt", "content_type": "text/plain", "content": "SGVsbG8h"}),
    },
    "candidates": {
        "first_name": _text("Zoë"),
        "last_name": _text("Ødegård #"),
        "company": _text("Analytical Engines"),
        "title": _text("Engineer"),
        "emails": lambda _, number: [{"email": f"zoe.{number}@mail.example", "type": "personal"}],
        "phones": _as_it_is([{"number": "+4712345678"}]),
        "applications": lambda provider, _: [{"job": {"id": provider.seeds("jobs")[0]["id"]}}],
    },
    "departments": {"name": _text("Research #"), "parent": _first("departments")},
    "interviews": {
        "application": lambda provider, _: {"id": open_application(provider)["id"]},
        "job_interview_stage": lambda provider, _: {"id": open_application(provider)["current_stage"]["id"]},
        "interviewers": _interviewer,
        "start_at": _text("2027-02-01T10:00:00Z"),
        "end_at": _text("2027-02-01T11:00:00Z"),
    },
    "job_form_fields": {"label": _text("Why by candlelight, #?"), "type": _text("short_text")},
    "jobs": {
        "name": _text("Lamplighter #"),
        "departments": _one_of("departments"),
        "offices": _one_of("offices"),
    },
    "offers": {
        "application": lambda provider, _: {"id": open_application(provider)["id"]},
        "start_date": _text("2027-03-01"),
    },
    "offices": {"name": _text("Oslo #")},
    "reject_reasons": {"name": _text("Moved to the coast #")},
    "scorecards": {
        "application": _first("applications"),
        "interviewer": lambda provider, number: _interviewer(provider, number)[0],
    },
    "tags": {"name": _text("lamplit #")},
    "users": {
        "first_name": _text("Liv"),
        "last_name": _text("Øst #"),
        "emails": lambda _, number: [{"email": f"liv.{number}@meridian.example"}],
    },
}
CHANGED: Mapping[str, Values] = {
    "activities": {"body": _text("A better talk, number #")},
    "applications": {"source": _another_source},
    "candidates": {
        "first_name": _text("Åse"),
        "last_name": _text("Sjøgren #"),
        "company": _text("Difference Engines"),
        "title": _text("Manager"),
    },
    "departments": {"name": _text("Discovery #")},
    "interviews": {"start_at": _text("2027-02-02T10:00:00Z"), "end_at": _text("2027-02-02T11:00:00Z")},
    "job_form_fields": {"label": _text("Why by lamplight, #?")},
    "jobs": {"name": _text("Chandler #")},
    "offers": {"start_date": _text("2027-04-01")},
    "offices": {"name": _text("Bergen #")},
    "organizations": {"name": _text("Meridian Lamps #")},
    "reject_reasons": {"name": _text("Moved to the hills #")},
    "users": {"first_name": _text("Siv"), "last_name": _text("Vest #")},
}
