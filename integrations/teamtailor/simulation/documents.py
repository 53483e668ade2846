"""JSON:API documents: records with their links, linkage where it was asked for, and what is included with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from starlette.responses import JSONResponse, Response

from polyhire.simulators.kit import Ask
from polyhire.simulators.tables import Row

from .keys import attributes_of
from .kinds import KINDS
from .refusals import MEDIA_TYPE
from .shown import attribute, extra_links
from .state import COMPANY, Teamtailor

Tree: TypeAlias = Mapping[str, "Tree"]


@dataclass(frozen=True)
class Selection:
    """What of the records is asked for: relationships to include, by name, and members, by type."""

    include: Tree = field(default_factory=dict)
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass
class _Found:
    """A record that the document needs, and the relationships whose ids it must show."""

    kind: str
    row: Row
    linked: set[str] = field(default_factory=set)


def document(
    teamtailor: Teamtailor, ask: Ask, kind: str, data: Row | Sequence[Row] | None, selection: Selection
) -> dict[str, Any]:
    """Word one record, or many, or null, and whatever is included."""
    rows = [data] if isinstance(data, dict) else list(data or ())
    found: dict[tuple[str, Any], _Found] = {}
    for row in rows:
        _gather(teamtailor, kind, row, selection.include, found)
    shown = {key: _resource(teamtailor, ask, each, selection) for key, each in found.items()}
    primary = [shown.pop((kind, row["id"])) for row in rows]
    many = not (data is None or isinstance(data, dict))
    body: dict[str, Any] = {"data": primary if many else next(iter(primary), None)}
    if selection.include:
        body["included"] = list(shown.values())
    return body


def answer(body: Mapping[str, Any], status: int = 200) -> Response:
    """Send a document."""
    return JSONResponse(body, status, media_type=MEDIA_TYPE)


def linkage(teamtailor: Teamtailor, kind: str, row: Row, name: str) -> Any:
    """Word the ids of a relationship: one, null, or a list."""
    relation = KINDS[kind].relations[name]
    related = [{"type": relation.kind, "id": str(each["id"])} for each in teamtailor.related(kind, row, name)]
    return related if relation.many else next(iter(related), None)


def address(ask: Ask, kind: str, row: Row) -> str:
    """Give the URL of a record."""
    return f"{ask.base}/v1/company" if kind == COMPANY else f"{ask.base}/v1/{kind}/{row['id']}"


def _gather(teamtailor: Teamtailor, kind: str, row: Row, tree: Tree, found: dict[tuple[str, Any], _Found]) -> None:
    mine = found.setdefault((kind, row["id"]), _Found(kind, row))
    for name, below in tree.items():
        mine.linked.add(name)
        target = KINDS[kind].relations[name].kind
        for each in teamtailor.related(kind, row, name):
            _gather(teamtailor, target, each, below, found)


def _resource(teamtailor: Teamtailor, ask: Ask, found: _Found, selection: Selection) -> dict[str, Any]:
    kind, row = found.kind, found.row
    own = address(ask, kind, row)
    known = KINDS[kind]
    attributes = attributes_of(ask, kind)
    wanted = selection.fields.get(kind, (*attributes, *known.relations))
    relationships: dict[str, Any] = {}
    for name in known.relations:
        if name in wanted:
            links = {"self": f"{own}/relationships/{name}", "related": f"{own}/{name}"}
            relationships[name] = {"links": links}
            if name in found.linked:
                relationships[name]["data"] = linkage(teamtailor, kind, row, name)
    resource: dict[str, Any] = {
        "id": str(row["id"]),
        "type": kind,
        "links": {"self": own, **extra_links(kind, row)},
        "attributes": {name: attribute(teamtailor, ask, kind, row, name) for name in attributes if name in wanted},
    }
    return resource | ({"relationships": relationships} if relationships else {})
