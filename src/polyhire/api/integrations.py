"""/integration and the meta addresses: what exists, what it can do, and how it is mapped. No token is needed."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from polyhire.api.answers import json_answer
from polyhire.api.caller import authenticate, gateway_of
from polyhire.errors import ManifestError, UnsupportedMethod
from polyhire.expressions import Expression
from polyhire.manifest.capabilities import MethodSupport, ResourceSupport, capabilities
from polyhire.manifest.catalog import Catalog
from polyhire.manifest.integration import Connect, Integration
from polyhire.manifest.resource import Method
from polyhire.model.record import Filter, Resource
from polyhire.model.record import Method as ModelMethod
from polyhire.model.resources import resource
from polyhire.model.schema import body_schema, json_schema
from polyhire.suggest import one_of


async def list_integrations(request: Request) -> Response:
    """Every integration; one whose files have mistakes shows these. With a token, those that its environment offers."""
    gateway = gateway_of(request)
    found = await asyncio.to_thread(_every, gateway.catalog)
    if "authorization" in request.headers:
        environment_id = (await authenticate(request, None, account_token=True)).environment_id
        found = [one for one in found if (await gateway.store.apps.of(environment_id, one["slug"])).enabled]
    return json_answer({"result": found, "next_cursor": None, "prev_cursor": None, "result_count": len(found)})


async def get_integration(request: Request) -> Response:
    """One integration: who it is, and how to connect."""
    return json_answer(shown(gateway_of(request).catalog.integration(request.path_params["slug"])))


async def integration_capabilities(request: Request) -> Response:
    """What one integration can do."""
    return json_answer(shown_capabilities(gateway_of(request).catalog.integration(request.path_params["slug"])))


async def model_meta(request: Request) -> Response:
    """A method of the model: the schemas of its query, body and answer."""
    model = resource(request.path_params["resource"])
    method = model.method(request.path_params["method"])
    meta = {
        "resource": model.name,
        "method": method.name,
        "description": method.doc,
        "query_schema": query_schema(model, method),
        "body_schema": body_schema(model, method.name) if method.is_custom or method.is_write else None,
        "response_schema": None if method.is_binary else json_schema(model),
    }
    return json_answer(meta)


async def integration_meta(request: Request) -> Response:
    """How an integration serves a method: its requests, and the expression of every field."""
    model = resource(request.path_params["resource"])
    declared = model.method(request.path_params["method"])
    integration = gateway_of(request).catalog.integration(request.path_params["slug"])
    mapping = integration.resources.get(model.name)
    support = capabilities(integration)[model.name].methods[declared.name]
    if mapping is None or not support.offered:
        offered = tuple(mapping.methods) if mapping is not None else ()
        raise UnsupportedMethod(
            f"{integration.slug} does not offer {declared.name} on {model.name}: {support.reason} "
            f"It offers: {one_of(offered)}",
            offered=offered,
        )
    method = mapping.methods[declared.name]
    meta = {
        "resource": model.name,
        "method": declared.name,
        "integration": integration.slug,
        "docs": mapping.docs,
        "requests": _requests(method),
        **_shown_method(support),
        "fields": {name: sources(tree) for name, tree in mapping.fields.items()},
        "lookups": {name: _plain(lookup) for name, lookup in mapping.lookups.items()},
        "absent": mapping.absent,
    }
    return json_answer(meta)


ROUTES = [
    Route("/integration", list_integrations),
    Route("/integration/{slug}", get_integration),
    Route("/integration/{slug}/capabilities", integration_capabilities),
    Route("/unified/ats/{resource}/meta/{method}", model_meta),
    Route("/unified/ats/{resource}/{slug}/meta/{method}", integration_meta),
]


def shown(integration: Integration) -> dict[str, Any]:
    """Who an integration is, and how to connect."""
    file = integration.file
    return {
        "id": integration.slug,
        "slug": integration.slug,
        "name": file.name,
        "docs": file.docs,
        "connect": {name: _shown_connect(way) for name, way in file.connect.items()},
        "resources": sorted(name for name, mapping in integration.resources.items() if mapping.methods),
        "proxy_endpoints": {name: sorted(methods) for name, methods in integration.endpoints.items()},
    }


def shown_capabilities(integration: Integration) -> dict[str, Any]:
    """What an integration can do, as JSON values."""
    found = capabilities(integration)
    return {
        "integration": integration.slug,
        "name": integration.name,
        "resources": {name: _shown_resource(support) for name, support in found.items()},
    }


def query_schema(model: Resource, method: ModelMethod) -> dict[str, Any]:
    """The filters of a list as a JSON Schema of its query."""
    filters = model.filters if method.name == "list" else ()
    return {
        "type": "object",
        "properties": {filter_.name: filter_schema(filter_) for filter_ in filters},
        "additionalProperties": False,
    }


def filter_schema(filter_: Filter) -> dict[str, Any]:
    """One filter: a value, or an object of operators."""
    value: dict[str, Any] = {"type": "string", **({"format": "date-time"} if filter_.kind == "datetime" else {})}
    if filter_.values:
        value["x-known-values"] = list(filter_.values)
    if filter_.operators:
        operators = {operator: dict(value) for operator in filter_.operators}
        value = {"type": "object", "properties": operators, "additionalProperties": False}
    return {**value, "description": filter_.doc}


def sources(tree: Any) -> Any:
    """A tree of expressions as the texts that stand in the file."""
    match tree:
        case Expression():
            return tree.source
        case dict():
            return {key: sources(inner) for key, inner in tree.items()}
        case list() | tuple():
            return [sources(inner) for inner in tree]
    return tree


def _every(catalog: Catalog) -> list[dict[str, Any]]:
    found = []
    for slug in catalog.slugs:
        try:
            found.append(shown(catalog.integration(slug)))
        except ManifestError as error:
            found.append({"slug": slug, "error": {"code": error.code, "mistakes": list(error.mistakes)}})
    return found


def _shown_connect(way: Connect) -> dict[str, Any]:
    if way.oauth2 is not None:
        kind = f"oauth2_{way.oauth2.grant}"
    else:
        kind = "session" if way.session is not None else "basic" if way.apply.basic is not None else "api_key"
    return {
        "label": way.label,
        "help": way.help,
        "type": kind,
        "ask": {name: ask.model_dump(mode="json") for name, ask in way.ask.items()},
    }


def _shown_resource(support: ResourceSupport) -> dict[str, Any]:
    shown_support: dict[str, Any] = {"offered": support.offered}
    if support.reason is not None:
        return {**shown_support, "reason": support.reason}
    return {
        **shown_support,
        "docs": support.docs,
        "methods": {name: _shown_method(method) for name, method in support.methods.items()},
        "fields": list(support.fields),
        "absent_fields": dict(support.absent_fields),
    }


def _shown_method(support: MethodSupport) -> dict[str, Any]:
    if support.reason is not None:
        return {"offered": False, "reason": support.reason}
    return {
        "offered": True,
        "filters": {name: list(operators) for name, operators in support.filters.items()},
        "writes": list(support.writes),
        "required": list(support.required),
        "partial": support.partial,
        "permission": support.permission,
        "note": support.note,
    }


def _requests(method: Method) -> list[dict[str, Any]]:
    return [_plain(step) for step in method.sequence]


def _plain(part: Any) -> dict[str, Any]:
    """A part of a manifest as it stands in the file."""
    shown_part: dict[str, Any] = part.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude_none=True)
    return shown_part
