"""JSON Schemas of an integration's files, for editors: made from the models that load them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from polyhire.manifest.conformance import Facts
from polyhire.manifest.integration import IntegrationFile
from polyhire.manifest.resource import Endpoints, Resource

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_FILES: Mapping[str, tuple[Any, str, str]] = {
    "integration": (
        IntegrationFile,
        "integration.yaml",
        "Who a provider is, how to connect to it and how its API behaves.",
    ),
    "resource": (
        Resource,
        "resources/<resource>.yaml",
        "One unified resource in the provider's words: requests, and where each field is.",
    ),
    "endpoints": (
        Endpoints,
        "endpoints.yaml",
        "The provider's own endpoints, for the proxy: its resource, its method, the request.",
    ),
    "conformance": (
        Facts,
        "conformance.yaml",
        "What only the provider can tell the conformance suite, and what it is exempt from.",
    ),
}


def schemas() -> dict[str, dict[str, Any]]:
    """The schema of each kind of file, by its name in `schema/`."""
    return {f"{name}.json": _schema(*parts) for name, parts in _FILES.items()}


def write_schemas(folder: Path) -> list[Path]:
    """Write every schema into a folder, which is made when it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, schema in schemas().items():
        (folder / name).write_text(as_text(schema), encoding="utf-8")
        written.append(folder / name)
    return written


def as_text(schema: Mapping[str, Any]) -> str:
    """A schema as it stands in its file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _schema(kind: Any, title: str, description: str) -> dict[str, Any]:
    made = TypeAdapter(kind).json_schema()
    if kind is IntegrationFile:
        check = made["properties"]["check"]
        line = made["$defs"]["Request"]["properties"]["request"]["anyOf"][0]
        made["properties"]["check"] = {
            "description": check["description"] + "; its line is enough",
            "anyOf": [line, {"$ref": check["$ref"]}],
        }
    return {"$schema": _DIALECT, **made, "title": title, "description": description}
