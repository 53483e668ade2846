"""Creating, changing and deleting any kind of record from a JSON:API document, read strictly."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from starlette.responses import Response

from polyhire.simulators.bodies import Check
from polyhire.simulators.kit import Ask, Problem, Refusal
from polyhire.simulators.tables import Row

from .documents import address, answer, document
from .keys import permit_writing
from .kinds import KINDS, Relation
from .queries import read_selection
from .refusals import MEDIA_TYPE, invalid, malformed, not_allowed
from .state import COMPANY, Teamtailor

Create: TypeAlias = Callable[[Teamtailor, Ask, Row], Row]
Change: TypeAlias = Callable[[Teamtailor, Ask, Row, Row], None]


@dataclass(frozen=True)
class Writing:
    """What may be written of a kind: attributes and relationships, those a new one needs, and what happens then.

    `later` may only be changed, `once` only be given to a new record.
    """

    kind: str
    attributes: Mapping[str, Check]
    relations: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    once: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    methods: tuple[str, ...] = ("POST", "PATCH", "DELETE")
    create: Create | None = None
    change: Change | None = None


def create(teamtailor: Teamtailor, writing: Writing, ask: Ask) -> Response:
    """Make a record: 201 with it."""
    permit_writing(ask)
    selection = read_selection(ask, writing.kind)
    given = _read(teamtailor, writing, ask, None)
    if missing := [name for name in writing.required if given.get(name) in (None, "", [])]:
        raise invalid([Problem(_pointer(writing.kind, name), "can't be blank") for name in missing])
    made = writing.create(teamtailor, ask, given) if writing.create else insert(teamtailor, writing, given)
    ask.answer_headers["Location"] = address(ask, writing.kind, made)
    return answer(document(teamtailor, ask, writing.kind, made, selection), 201)


def insert(teamtailor: Teamtailor, writing: Writing, given: Mapping[str, Any]) -> Row:
    """Keep a new record with all the attributes and relationships of its kind."""
    return teamtailor.insert(writing.kind, {**blank(writing.kind), **writing.defaults, **given})


def blank(kind: str) -> Row:
    """Give the values of a record of which nothing is known."""
    known = KINDS[kind]
    stored = {each.key or name: each for name, each in known.relations.items() if each.inverse is None}
    attributes = {name: None for name in known.attributes if name not in ("created-at", "updated-at")}
    return {**attributes, **{name: [] if each.many else None for name, each in stored.items()}}


def change(teamtailor: Teamtailor, writing: Writing, ask: Ask) -> Response:
    """Change a record: 200 with it."""
    permit_writing(ask)
    selection = read_selection(ask, writing.kind)
    row = named(teamtailor, writing, ask)
    given = _read(teamtailor, writing, ask, row)
    blanks = [name for name in writing.required if name in given and given[name] in (None, "", [])]
    if blanks:
        raise invalid([Problem(_pointer(writing.kind, name), "can't be blank") for name in blanks])
    if writing.change:
        writing.change(teamtailor, ask, row, given)
    else:
        teamtailor.change(writing.kind, row, given)
    return answer(document(teamtailor, ask, writing.kind, row, selection))


def delete(teamtailor: Teamtailor, writing: Writing, ask: Ask) -> Response:
    """Delete a record: 204."""
    permit_writing(ask)
    if ask.query:
        raise not_allowed(ask.query[0][0])
    teamtailor.forget(writing.kind, named(teamtailor, writing, ask))
    return Response(status_code=204)


def named(teamtailor: Teamtailor, writing: Writing, ask: Ask) -> Row:
    """Give the record that a path names; the company needs no name."""
    if writing.kind == COMPANY:
        return next(iter(teamtailor[COMPANY]))
    return teamtailor.row(writing.kind, ask.values["id"])


def _pointer(kind: str, name: str) -> str:
    member = "relationships" if name in KINDS[kind].relations else "attributes"
    return f"/data/{member}/{name}"


def _read(teamtailor: Teamtailor, writing: Writing, ask: Ask, row: Row | None) -> Row:
    data = _data(ask)
    if data.get("type") != writing.kind:
        raise malformed("101", "Invalid resource", f"{data.get('type')} is not a valid resource.")
    # inferred: as JSON:API has it, a change names its record and a new record has no name yet
    if row is None and "id" in data:
        raise not_allowed("id")
    if row is not None and data.get("id") != str(row["id"]):
        raise malformed("110", "A key is required", "The URL does not support the key")
    for member in data:
        if member not in ("id", "type", "attributes", "relationships"):
            raise not_allowed(member)
    forbidden = writing.later if row is None else writing.once
    attributes, relationships = data.get("attributes", {}), data.get("relationships", {})
    if not isinstance(attributes, dict) or not isinstance(relationships, dict):
        raise malformed("106", "Missing Parameter", "attributes and relationships must be objects.")
    # inferred: attributes that there are not, or that can't be written, are refused
    for name in attributes:
        if name not in writing.attributes or name in forbidden:
            raise not_allowed(name)
    for name in relationships:
        if name not in writing.relations or name in forbidden:
            raise not_allowed(name)
    problems = [
        problem
        for name, value in attributes.items()
        for problem in writing.attributes[name](value, f"/data/attributes/{name}")
    ]
    if problems:
        raise invalid(problems)
    known = KINDS[writing.kind].relations
    related = {name: _related(teamtailor, name, known[name], value) for name, value in relationships.items()}
    return {**attributes, **related}


def _data(ask: Ask) -> Row:
    if ask.content_type != MEDIA_TYPE:
        raise Refusal(415, "Unsupported media type")
    try:
        body = json.loads(ask.body)
    except ValueError:
        raise malformed("400", "Bad request", "The body is not valid JSON.") from None
    data = body.get("data") if isinstance(body, dict) else None
    if not isinstance(data, dict):
        raise malformed("106", "Missing Parameter", "The required parameter, data, is missing.")
    if unknown := [name for name in body if name != "data"]:
        raise not_allowed(unknown[0])
    return data


def _related(teamtailor: Teamtailor, name: str, relation: Relation, value: Any) -> Any:
    if not isinstance(value, dict) or set(value) != {"data"}:
        raise malformed("115", "Invalid Links Object", f"{name} must have data, and nothing else.")
    if not relation.many:
        return None if value["data"] is None else _target(teamtailor, name, relation, value["data"])
    if not isinstance(value["data"], list):
        raise malformed("115", "Invalid Links Object", f"{name} is to many, and must be a list.")
    return [_target(teamtailor, name, relation, each) for each in value["data"]]


def _target(teamtailor: Teamtailor, name: str, relation: Relation, value: Any) -> int:
    if not isinstance(value, dict) or set(value) != {"type", "id"} or not isinstance(value["id"], str):
        raise malformed("115", "Invalid Links Object", f"{name} must have a type, and an id that is a string.")
    if value["type"] != relation.kind:
        raise malformed("101", "Invalid resource", f"{name} takes {relation.kind}.")
    number = int(value["id"]) if value["id"].isascii() and value["id"].isdecimal() else 0
    # inferred: what does not exist is a failed validation
    if teamtailor[relation.kind].get(number) is None:
        raise invalid([Problem(f"/data/relationships/{name}", "must exist")])
    return number
