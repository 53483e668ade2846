"""What operations of the API reference share: parameters, headers, errors, and the words at its top."""

from typing import Any

from polyhire.api.query import FORMATS
from polyhire.engine.serving import DEFAULT_LIMIT, MAX_LIMIT
from polyhire.model.record import Method

INTRODUCTION = """\
One vocabulary for applicant tracking systems. Connect an account of any of the integrations, and read and write
its candidates, jobs and applications in the same words whatever the provider.

- **Every filter is applied or refused.** A filter that a provider can't apply answers 400 `unsupported_filter`.
- **Every record is whole.** All fields are there; what a provider has not is null or an empty list, and
  `remote_data` holds the provider's own record.
- **Every error says where it comes from.** `is_remote_error` marks the provider's, with what it answered.

Which integrations support an operation, a filter or a field stands beside each of them.
"""

SECURITY = "An API token. `polyhire token create` makes one; it is shown once."

TAGS = [
    {"name": "proxy", "description": "The provider's own endpoints, with the account's credentials."},
    {"name": "discovery", "description": "What there is and what it can do. No token is needed."},
    {"name": "server", "description": "This server's own state."},
]

_NAMES = {"type": "array", "items": {"type": "string"}}


def _query(name: str, schema: dict[str, Any], description: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, "description": description, **more}


PARAMETERS: dict[str, dict[str, Any]] = {
    "integrated_account_id": _query(
        "integrated_account_id",
        {"type": "string", "format": "uuid"},
        "The account to call. `GET /integrated-account` lists them.",
        required=True,
    ),
    "limit": _query(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
        "Records on a page; more than the provider's own page takes several of its pages.",
    ),
    "next_cursor": _query("next_cursor", {"type": "string"}, "Where to go on: the last page's `next_cursor`."),
    "fields": _query(
        "fields", _NAMES, "Only these fields; the work for the others is not done.", style="form", explode=False
    ),
    "exclude_fields": _query("exclude_fields", _NAMES, "All fields but these.", style="form", explode=False),
    "ignore_remote_data": _query(
        "ignore_remote_data", {"type": "boolean", "default": False}, "Leave `remote_data` out."
    ),
    "response_format": _query(
        "response_format",
        {"type": "string", "enum": list(FORMATS), "default": "unified"},
        "`raw` and `stream`: the provider's own bytes (the cursor is in the header `polyhire-next-cursor`); "
        "`normalized`: the provider's records in our envelope; `debug`: every request and answer beside the result, "
        "secrets redacted.",
    ),
    "key_by": _query(
        "key_by",
        {"type": "string"},
        "Make `result` an object keyed by this field. Records without a value in it are left out, and of several with "
        "the same value the last one stays; `result_count` counts them all.",
    ),
    "complete": _query(
        "complete",
        {"type": "boolean", "default": False},
        "Where a list's records are partial, fetch each one in full: more requests, within the account's rate budget.",
    ),
    "remote_query": _query(
        "remote_query",
        {"type": "object", "additionalProperties": {"type": "string"}},
        "Parameters that go to the provider untouched, like `remote_query[state]=open`.",
        style="deepObject",
        explode=True,
    ),
    "idempotency_key": {
        "name": "Idempotency-Key",
        "in": "header",
        "schema": {"type": "string"},
        "description": "A name of your own for this write: sent again with it, the stored answer comes back, and the "
        "provider is asked once.",
    },
}

_LISTS = ("limit", "next_cursor", "key_by", "complete")
_SHAPES = ("fields", "exclude_fields", "ignore_remote_data", "response_format")


def names_for(method: Method) -> list[str]:
    """The shared parameters that a method takes."""
    key = ("idempotency_key",) if method.is_write else ()
    if method.is_binary or method.name == "delete":
        return ["integrated_account_id", "remote_query", *key]
    lists = _LISTS if method.name == "list" else ()
    return ["integrated_account_id", *lists, *_SHAPES, "remote_query", *key]


def _header(description: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string"}}


HEADERS = {
    "x-request-id": _header("The id under which this server's log knows the request; send your own to choose it."),
    "ratelimit-limit": _header("The provider's budget, where it tells."),
    "ratelimit-remaining": _header("What is left of it."),
    "ratelimit-reset": _header("Seconds until it is full again."),
    "polyhire-field-errors": _header("Fields that could not be mapped in some records, and are null there."),
}

BYTES = {"type": "string", "contentMediaType": "application/octet-stream"}

UPLOAD = {
    "type": "object",
    "description": "The file in a part named `file`; the other fields as parts, nested ones like `candidate[id]`.",
    "properties": {"file": BYTES},
    "required": ["file"],
    "additionalProperties": {"type": "string"},
}

PROBLEM = {
    "type": "object",
    "description": "What went wrong: `message` is for people, `code` for programs.",
    "properties": {
        "statusCode": {"type": "integer", "examples": [400]},
        "error": {"type": "string", "examples": ["Bad Request"]},
        "message": {"type": "string", "examples": ["acme candidates.list can't be filtered by 'name'"]},
        "code": {"type": "string", "examples": ["unsupported_filter"]},
        "docs": {"type": "string", "examples": ["/docs/errors/unsupported_filter"]},
        "details": {
            "type": "object",
            "properties": {
                "failures": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {"path": {"type": "string"}, "message": {"type": "string"}},
                        "required": ["path", "message"],
                    },
                }
            },
        },
        "is_remote_error": {"type": "boolean", "description": "The provider said so; `raw_response` is its answer."},
        "remote_status": {"type": ["integer", "null"], "description": "The provider's HTTP status."},
        "raw_response": {
            "type": ["object", "array", "string", "number", "boolean", "null"],
            "description": "What the provider answered.",
        },
        "error_insight": {"type": "object", "description": "The cause, by name."},
        "request_id": {"type": "string"},
    },
    "required": ["statusCode", "error", "message", "code", "docs", "request_id"],
}


def _problem(description: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": description, "content": content}


RESPONSES = {
    "invalid": _problem("A parameter, filter or body that can't be served, or that the provider refused."),
    "unauthorized": _problem("The token is wrong; or, with `is_remote_error`, the provider refused the credentials."),
    "forbidden": _problem("The token, or the account's credentials, may not do this."),
    "missing": _problem("No such record, account or resource."),
    "not_offered": _problem("The integration does not offer this method; `details.offered` lists what it does."),
    "conflict": _problem("The record's present state does not allow it."),
    "unprocessable": _problem("The provider refused the contents."),
    "rate_limited": _problem("Too many requests for the provider; `Retry-After` says how long to wait."),
    "provider_failed": _problem("The provider failed, or answered something nobody can read."),
    "unavailable": _problem("The account is blocked."),
    "provider_unreachable": _problem("No answer from the provider in time."),
}

_STATUSES = (400, 401, 403, 404, 405, 409, 422, 429, 502, 503, 504)
ERRORS = {
    str(status): {"$ref": f"#/components/responses/{name}"} for status, name in zip(_STATUSES, RESPONSES, strict=True)
}
