"""The API reference as OpenAPI 3.1: built from the model, and from what every installed integration can do."""

from collections.abc import Iterable, Mapping
from typing import Any

from polyhire import __version__
from polyhire.api import connect_paths as connect
from polyhire.api import parameters as shared
from polyhire.api import webhook_paths as webhooks
from polyhire.api.addresses import other_paths
from polyhire.api.admin_paths import TAGS as ADMIN_TAGS
from polyhire.errors import ManifestError
from polyhire.manifest.capabilities import MethodSupport, ResourceSupport, capabilities
from polyhire.manifest.catalog import Catalog
from polyhire.model.record import CUSTOM_FIELDS, REMOTE_DATA, Filter, Method, Resource
from polyhire.model.resources import RESOURCES
from polyhire.model.schema import body_schema, component_name, components, example_of

Supports = Mapping[str, Mapping[str, ResourceSupport]]
"""Integration -> resource -> what it can do."""

_STANDARD = {
    "list": ("get", "", "A page of records"),
    "create": ("post", "", "The new record"),
    "get": ("get", "/{id}", "The record"),
    "update": ("patch", "/{id}", "The record after the change"),
    "delete": ("delete", "/{id}", "The id of what is gone"),
}
_ENVELOPE = {
    "next_cursor": {"type": ["string", "null"], "description": "Send it as `next_cursor` to go on; null at the end."},
    "prev_cursor": {"type": "null"},
    "result_count": {"type": "integer", "description": "How many records this page has."},
    "is_partial_response": {
        "type": "boolean",
        "description": "Whether records lack what `get` has; `complete=true` fetches it.",
    },
}


def supports_of(catalog: Catalog) -> Supports:
    """What every integration that loads can do."""
    found: dict[str, Mapping[str, ResourceSupport]] = {}
    for slug in catalog.slugs:
        try:
            found[slug] = capabilities(catalog.integration(slug))
        except ManifestError:
            continue  # /health and /integration show its mistakes
    return found


def document(supports: Supports, server: str = "/") -> dict[str, Any]:
    """The OpenAPI document."""
    paths: dict[str, Any] = {}
    for model in RESOURCES.values():
        for method in model.methods:
            verb, path, operation = _operation(model, method, supports)
            paths.setdefault(path, {})[verb] = operation
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "polyhire",
            "version": __version__,
            "summary": "The open, self-hosted Unified ATS API.",
            "description": shared.INTRODUCTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": server}],
        "security": [{"token": []}],
        "tags": [{"name": model.name, "description": model.doc} for model in RESOURCES.values()]
        + [*shared.TAGS, *ADMIN_TAGS, connect.TAG, webhooks.TAG],
        "paths": {**paths, **other_paths(), **webhooks.webhook_paths(), **connect.connect_paths()},
        "webhooks": webhooks.outgoing(),
        "components": {
            "schemas": {**_schemas(supports), "Problem": shared.PROBLEM},
            "parameters": shared.PARAMETERS,
            "responses": shared.RESPONSES,
            "headers": shared.HEADERS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": shared.SECURITY}},
        },
    }


def _operation(model: Resource, method: Method, supports: Supports) -> tuple[str, str, dict[str, Any]]:
    verb, suffix, answer = _STANDARD.get(method.name, ("post", f"/{method.name}", "What came of it"))
    having = {slug: found[model.name].methods[method.name] for slug, found in supports.items()}
    offering = [slug for slug, support in having.items() if support.offered]
    operation: dict[str, Any] = {
        "operationId": f"{method.name.replace('-', '_')}_{model.name if method.name == 'list' else model.singular}",
        "tags": [model.name],
        "summary": _title(model, method),
        "description": f"{method.doc}\n\n{_table(having)}",
        "parameters": _parameters(model, method, having),
        "responses": {**_success(model, method, answer), **shared.ERRORS},
        "x-integrations": offering,
    }
    if method.is_write or method.is_binary:
        operation["requestBody"] = _request_body(model, method, having)
    return verb, f"/unified/ats/{model.name}{suffix}", operation


def _title(model: Resource, method: Method) -> str:
    """The operation in a few words: `List job form fields`, `Move stage`."""
    if method.is_custom:
        return method.name.replace("-", " ").capitalize()
    noun = model.name if method.name == "list" else model.singular
    return f"{method.name.capitalize()} {noun.replace('_', ' ')}"


def _table(having: Mapping[str, MethodSupport]) -> str:
    """Which integrations have a method, and what one should know of each, as a table."""
    rows = [f"| {slug} | {_knowing(support)} |" for slug, support in having.items() if support.offered]
    without = [f"- **{slug}**: {support.reason}" for slug, support in having.items() if not support.offered]
    table = "\n".join(["| integration | to know |", "| --- | --- |", *rows]) if rows else "No integration has it."
    more = "\n\n<details><summary>Not with</summary>\n\n" + "\n".join(without) + "\n\n</details>" if without else ""
    return table + more


def _knowing(support: MethodSupport) -> str:
    required = ", ".join(" or ".join(f"`{choice}`" for choice in name.split("|")) for name in support.required)
    parts = [
        f"requires {required}" if required else "",
        f"permission {support.permission}" if support.permission else "",
        "partial records" if support.partial else "",
        support.note or "",
    ]
    return "; ".join(part for part in parts if part).replace("|", "\\|").replace("\n", " ")


def _parameters(model: Resource, method: Method, having: Mapping[str, MethodSupport]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if method.name in ("get", "update", "delete"):
        schema = {"type": "string"}
        found.append({"name": "id", "in": "path", "required": True, "schema": schema, "example": _example_id(model)})
    found += [{"$ref": f"#/components/parameters/{name}"} for name in shared.names_for(method)]
    if method.name == "list":
        found += [parameter for filter_ in model.filters for parameter in _filter(filter_, having)]
    return found


def _filter(filter_: Filter, having: Mapping[str, MethodSupport]) -> Iterable[dict[str, Any]]:
    for operator in filter_.operators or ("",):
        slugs = [
            slug
            for slug, support in having.items()
            if filter_.name in support.filters and (not operator or operator in support.filters[filter_.name])
        ]
        schema: dict[str, Any] = {"type": "string"}
        if filter_.kind == "datetime":
            schema["format"] = "date-time"
        if filter_.values:
            schema["x-known-values"] = list(filter_.values)
        yield {
            "name": f"{filter_.name}[{operator}]" if operator else filter_.name,
            "in": "query",
            "description": f"{filter_.doc} {_supported_by(slugs)}",
            "schema": schema,
            "x-integrations": slugs,
        }


def _request_body(model: Resource, method: Method, having: Mapping[str, MethodSupport]) -> dict[str, Any]:
    schema = body_schema(model, method.name)
    for name, shown in schema.get("properties", {}).items():
        slugs = [slug for slug, support in having.items() if name in support.writes]
        if name not in ("remote_data", "user_id") and not method.is_binary:
            shown["x-integrations"] = slugs
            shown["description"] = f"{shown.get('description', '')} {_supported_by(slugs)}".strip()
    content: dict[str, Any] = {"application/json": {"schema": schema}}
    if method.name == "create" and any(field.name == "file" for field in model.write_fields):
        content["multipart/form-data"] = {"schema": shared.UPLOAD}
    return {"required": method.name != "delete", "content": content}


def _success(model: Resource, method: Method, answer: str) -> dict[str, Any]:
    reference: dict[str, Any] = {"$ref": f"#/components/schemas/{component_name(model)}"}
    example: Any = example_of(model)
    if method.is_binary:
        content: dict[str, Any] = {"*/*": {"schema": shared.BYTES}}
        return {"200": {"description": "The file, with the provider's content type", "content": content}}
    if method.name == "list":
        schema: dict[str, Any] = {
            "type": "object",
            "properties": {"result": {"type": "array", "items": reference}, **_ENVELOPE},
            "required": ["result", *_ENVELOPE],
        }
        example = {"result": [example], "next_cursor": None, "prev_cursor": None, "result_count": 1,
                   "is_partial_response": False}  # fmt: skip
    elif method.name == "delete":
        example = {"id": example["id"]}
        schema = {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}
    elif method.is_custom:
        example = {"result": example}
        schema = {"type": "object", "properties": {"result": reference}, "required": ["result"]}
    else:
        schema = reference
    content = {"application/json": {"schema": schema, "example": example}}
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in shared.HEADERS}
    return {"200": {"description": answer, "headers": headers, "content": content}}


def _schemas(supports: Supports) -> dict[str, Any]:
    """The model's schemas, every field of a record with the integrations that have it."""
    schemas = components()
    for model in RESOURCES.values():
        properties = schemas[component_name(model)]["properties"]
        for name in (*model.field_names, CUSTOM_FIELDS.name):
            slugs = [slug for slug, found in supports.items() if name in found[model.name].fields]
            shown = dict(properties[name])
            shown["x-integrations"] = slugs
            shown["description"] = f"{shown.get('description', '')} {_supported_by(slugs)}".strip()
            properties[name] = shown
        properties[REMOTE_DATA.name]["type"] = "object"
    return schemas


def _supported_by(slugs: Iterable[str]) -> str:
    return f"*{', '.join(slugs) or 'no integration yet'}*"


def _example_id(model: Resource) -> Any:
    return next(field.example for field in model.fields if field.name == "id")
