"""Load an integration's folder: every mistake in every file at once, each with its line and column."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from polyhire.expressions import Expression
from polyhire.manifest.document import Document, Mistake, read
from polyhire.manifest.document import Path as DataPath
from polyhire.manifest.expression import TAGS, Line
from polyhire.manifest.integration import Integration, IntegrationFile
from polyhire.manifest.resource import Endpoints, Resource
from polyhire.model.resources import RESOURCES
from polyhire.suggest import did_you_mean, one_of

Documents = Mapping[str, Document]
"""The documents of a folder, by their path inside it: `resources/jobs.yaml`."""


@dataclass(frozen=True)
class Parts:
    """The files of a folder as far as they fit the format, and what is wrong with the others."""

    file: IntegrationFile | None
    resources: dict[str, Resource]
    endpoints: Endpoints | None
    documents: Documents
    mistakes: list[Mistake]


def load(folder: Path, shown_as: str | None = None) -> tuple[Integration | None, Documents, list[Mistake]]:
    """An integration, its documents, and what is wrong with them; None when a file does not fit at all."""
    parts = read_parts(folder, shown_as or folder.name)
    if parts.file is None or parts.endpoints is None:
        return None, parts.documents, parts.mistakes
    integration = Integration(folder.name, folder, parts.file, parts.resources, parts.endpoints)
    return integration, parts.documents, parts.mistakes


def read_parts(folder: Path, shown: str) -> Parts:
    """Every file of a folder, read on its own: a broken one does not hide the mistakes of the others."""
    documents: dict[str, Document] = {}
    mistakes: list[Mistake] = []

    def document(name: str) -> Document:
        documents[name], found = read(folder / name, f"{shown}/{name}")
        mistakes.extend(found)
        return documents[name]

    file = None
    if (folder / "integration.yaml").is_file():
        file = made(IntegrationFile, document("integration.yaml"), mistakes)
    else:
        mistakes.append(Mistake(f"{shown}/integration.yaml", 1, 1, "the file is missing"))
    resources: dict[str, Resource] = {}
    for path in sorted((folder / "resources").glob("*.yaml")):
        name = f"resources/{path.name}"
        if path.stem not in RESOURCES:
            near = did_you_mean(path.stem, RESOURCES)
            message = f"there is no resource '{path.stem}'{near}; there are: {one_of(RESOURCES)}"
            mistakes.append(Mistake(f"{shown}/{name}", 1, 1, message))
        elif resource := made(Resource, document(name), mistakes):
            _name_places(resource, path.stem)
            resources[path.stem] = resource
    endpoints: Endpoints | None = {}
    if (folder / "endpoints.yaml").is_file():
        endpoints = made(Endpoints, document("endpoints.yaml"), mistakes)
    _name_places(file, folder.name)
    _name_places(endpoints, f"{folder.name}.endpoints")
    return Parts(file, resources, endpoints, documents, mistakes)


def made(kind: Any, document: Document, mistakes: list[Mistake]) -> Any:
    """The model made from a document, or None with the reasons added to `mistakes`."""
    if not document.is_readable:
        return None
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    try:
        return adapter.validate_python(document.data)
    except ValidationError as error:
        schema = adapter.json_schema()
        mistakes.extend(_mistake(document, schema, detail) for detail in error.errors(include_url=False))
        return None


def _mistake(document: Document, schema: Mapping[str, Any], detail: ErrorDetails) -> Mistake:
    path = _path(document.data, detail["loc"])
    context = detail.get("ctx", {})
    dotted = ".".join(map(str, path))
    match detail["type"]:
        case "extra_forbidden":
            known = _known_keys(schema, path[:-1])
            message = f"'{path[-1]}' does not belong here ({dotted}){did_you_mean(str(path[-1]), known)}"
            message += f"; known here: {one_of(known)}"
        case "missing":
            message = f"'{detail['loc'][-1]}' is missing{f' in {dotted}' if dotted else ''}"
        case "literal_error":
            given = str(detail["input"])
            message = f"{dotted} is {context['expected']}, not '{given}'"
        case "string_pattern_mismatch":
            message = f"{dotted} should look like {context['pattern']}, not '{detail['input']}'"
        case "model_type" | "dict_type":
            message = f"{dotted or 'the file'} should be a mapping: keys with values"
        case "expression":
            message = f"{dotted}: {detail['msg']}"
        case _:
            message = f"{dotted}: {detail['msg'][:1].lower()}{detail['msg'][1:]}"
    return document.mistake(path, message, context.get("position"))


def _path(data: Any, location: tuple[int | str, ...]) -> DataPath:
    """A pydantic location as a path in the data: without the tags of unions, up to what is really there."""
    path: list[int | str] = []
    for index, key in enumerate(location):
        last = index == len(location) - 1
        try:
            data = data[key]
        except (KeyError, IndexError, TypeError):
            if not last or key in TAGS or not isinstance(data, dict):
                continue
            break
        path.append(key)
    return tuple(path)


def _known_keys(schema: Mapping[str, Any], path: DataPath) -> list[str]:
    """The keys that a JSON Schema allows at a path."""
    definitions = schema.get("$defs", {})

    def resolved(node: Any) -> Iterator[Mapping[str, Any]]:
        if "$ref" in node:
            yield from resolved(definitions[node["$ref"].rsplit("/", 1)[1]])
            return
        yield node
        for option in (*node.get("anyOf", ()), *node.get("oneOf", ()), *node.get("allOf", ())):
            yield from resolved(option)

    def inside(node: Mapping[str, Any], key: int | str) -> Iterator[Mapping[str, Any]]:
        for option in resolved(node):
            if isinstance(key, int):
                yield from (option[k] for k in ("items",) if isinstance(option.get(k), dict))
            elif key in option.get("properties", {}):
                yield option["properties"][key]
            else:
                named = [option.get("additionalProperties"), *option.get("patternProperties", {}).values()]
                yield from (found for found in named if isinstance(found, dict))

    nodes: list[Mapping[str, Any]] = [schema]
    for key in path:
        nodes = [found for node in nodes for found in inside(node, key)]
    return sorted({name for node in nodes for option in resolved(node) for name in option.get("properties", {})})


def _name_places(thing: Any, where: str) -> None:
    """Tell every expression where it stands, so that its errors can say so."""
    match thing:
        case Expression():
            thing.where = where
        case Line():
            for hole in thing.holes:
                hole.where = where
        case BaseModel():
            for name, info in type(thing).model_fields.items():
                _name_places(getattr(thing, name), f"{where}.{info.alias or name}")
        case dict():
            for key, value in thing.items():
                _name_places(value, f"{where}.{key}")
        case list() | tuple():
            for index, value in enumerate(thing):
                _name_places(value, f"{where}[{index}]")
