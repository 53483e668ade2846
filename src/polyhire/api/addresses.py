"""The addresses of the API reference that are not unified records: proxy, custom, discovery, accounts, status."""

from typing import Any

from polyhire.api.admin_paths import admin_paths
from polyhire.api.parameters import ERRORS

_ACCOUNT = {"$ref": "#/components/parameters/integrated_account_id"}
_ANYTHING = {"description": "The provider's answer", "content": {"*/*": {}}}
_VERBATIM = {**_ANYTHING, "description": "The provider's status and answer, errors too; or a problem of ours"}
_ERROR = {"$ref": "#/components/responses/invalid"}


def other_paths() -> dict[str, Any]:
    """Paths beside /unified/ats."""
    return {**_proxy(), **_custom(), **_discovery(), **admin_paths(), **_status()}


def _path(name: str, example: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}, "example": example}


def _operation(
    operation_id: str, tag: str, summary: str, *parameters: dict[str, Any], answer: dict[str, Any] | None = None
) -> dict[str, Any]:
    public: dict[str, Any] = {} if tag == "proxy" else {"security": []}
    json_answer = {"description": "Found", "content": {"application/json": {"schema": {"type": "object"}}}}
    return {
        "operationId": operation_id,
        "tags": [tag],
        "summary": summary,
        "parameters": list(parameters),
        "responses": _responses(tag, answer or json_answer),
        **public,
    }


def _responses(tag: str, answer: dict[str, Any]) -> dict[str, Any]:
    """What the provider answered has the provider's status."""
    if tag == "proxy":
        return {"2XX" if answer is _ANYTHING else "200": answer, **ERRORS}
    return {"200": answer, "4XX": _ERROR}


def _with_body(operation: dict[str, Any]) -> dict[str, Any]:
    return {**operation, "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}}


def _proxy() -> dict[str, Any]:
    name, record = _path("resource", "candidates"), _path("id", "4410")
    paging = [{"$ref": f"#/components/parameters/{shared}"} for shared in ("limit", "next_cursor", "remote_query")]
    listing = {"description": "Records as the provider has them, in the envelope of lists",
               "content": {"application/json": {"schema": {"type": "object"}}}}  # fmt: skip
    return {
        "/proxy/{resource}": {
            "get": _operation("proxy_list", "proxy", "List one of the provider's own resources.", name, _ACCOUNT,
                              *paging, answer=listing),
            "post": _with_body(_operation("proxy_create", "proxy", "Create in the provider's own words.", name,
                                          _ACCOUNT, answer=_ANYTHING)),
        },
        "/proxy/{resource}/{id}": {
            "get": _operation("proxy_get", "proxy", "Read one of the provider's own records.", name, record, _ACCOUNT,
                              answer=_ANYTHING),
            "patch": _with_body(_operation("proxy_update", "proxy", "Change one of the provider's own records.", name,
                                           record, _ACCOUNT, answer=_ANYTHING)),
            "delete": _operation("proxy_delete", "proxy", "Remove one of the provider's own records.", name, record,
                                 _ACCOUNT, answer=_ANYTHING),
            "post": _with_body(_operation("proxy_method", "proxy", "Call a method of the endpoint; its name stands in "
                                          "the place of the id.", name, record, _ACCOUNT, answer=_ANYTHING)),
        },
    }  # fmt: skip


def _custom() -> dict[str, Any]:
    path = _path("path", "v1/anything")
    said = "Any path below the provider's base URL, with its credentials; query, body and answer are untouched."
    verbs = ("get", "post", "put", "patch", "delete")
    operations = {verb: _operation(f"custom_{verb}", "proxy", said, path, _ACCOUNT) for verb in verbs}
    return {
        "/custom/{path}": {verb: {**each, "responses": {"default": _VERBATIM}} for verb, each in operations.items()}
    }


def _discovery() -> dict[str, Any]:
    slug, name, method = _path("slug", "acme"), _path("resource", "candidates"), _path("method", "list")
    return {
        "/integration": {"get": _operation("list_integrations", "discovery", "Every integration, and how to connect.")},
        "/integration/{slug}": {"get": _operation("get_integration", "discovery", "One integration.", slug)},
        "/integration/{slug}/capabilities": {
            "get": _operation("get_integration_capabilities", "discovery", "Methods, filters and fields.", slug)
        },
        "/unified/ats/{resource}/meta/{method}": {
            "get": _operation("get_model_meta", "discovery", "A method's schemas.", name, method)
        },
        "/unified/ats/{resource}/{slug}/meta/{method}": {
            "get": _operation("get_mapping_meta", "discovery", "How an integration serves it.", name, slug, method)
        },
    }


def _status() -> dict[str, Any]:
    metrics = {"description": "Counters for Prometheus", "content": {"text/plain": {"schema": {"type": "string"}}}}
    return {
        "/ping": {"get": _operation("ping", "server", "Whether the process answers.")},
        "/health": {"get": _operation("health", "server", "Whether database and integrations are well.")},
        "/metrics": {"get": _operation("metrics", "server", "Counters.", answer=metrics)},
    }
