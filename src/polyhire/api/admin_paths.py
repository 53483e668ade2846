"""The addresses of the API reference that administer this server: accounts, tokens, integrations, the audit trail."""

from collections.abc import Mapping
from typing import Any

from polyhire.accounts import STATUSES
from polyhire.accounts.account import SCOPES
from polyhire.api import accounts, apps, log, tokens
from polyhire.api.given import (
    AccountId,
    AccountUpdate,
    AppSettings,
    NewAccount,
    NewApiToken,
    NewApp,
    OwnAccountUpdate,
    TokenForAccount,
    schema_of,
)
from polyhire.api.lists import Filter, parameters_of

TAGS = [
    {"name": "accounts", "description": "Who is connected."},
    {"name": "administration", "description": "Tokens, an environment's integrations, and who did what."},
]

_ID = "0198c5f0-0000-7000-8000-000000000000"
_TEXT = {"type": "string"}
_MAYBE_TEXT = {"type": ["string", "null"]}
_MOMENT = {"type": "string", "format": "date-time"}
_MAYBE_MOMENT = {"type": ["string", "null"], "format": "date-time"}
_SCOPES = {"type": "array", "items": {"enum": list(SCOPES)}}
_PROBLEM = {"$ref": "#/components/responses/invalid"}

_ACCOUNT = {
    "id": _TEXT,
    "environment_id": _TEXT,
    "integration": {"type": "object", "properties": {"name": _TEXT}, "required": ["name"]},
    "tenant_id": _TEXT,
    "name": _MAYBE_TEXT,
    "status": {"enum": list(STATUSES)},
    "authentication_method": _MAYBE_TEXT,
    "context": {"type": "object", "additionalProperties": _TEXT, "description": "Answers that are not secret."},
    "last_error": _MAYBE_TEXT,
    "created_at": _MOMENT,
    "updated_at": _MOMENT,
}
_API_TOKEN = {
    "id": _TEXT,
    "environment_id": _TEXT,
    "name": _TEXT,
    "scopes": _SCOPES,
    "created_at": _MOMENT,
    "expires_at": _MAYBE_MOMENT,
    "last_used_at": _MAYBE_MOMENT,
    "revoked_at": _MAYBE_MOMENT,
}
_ENVIRONMENT = {"id": _TEXT, "name": _TEXT, "created_at": _MOMENT}
_APP = {
    "id": _MAYBE_TEXT,
    "environment_id": _TEXT,
    "integration": _ACCOUNT["integration"],
    "is_enabled": {"type": "boolean"},
    "client_id": _MAYBE_TEXT,
    "has_client_secret": {"type": "boolean"},
    "scopes": {"type": ["array", "null"], "items": _TEXT},
    "redirect_uri": {**_TEXT, "description": "To be entered at the provider, where the OAuth app is registered."},
    "created_at": _MAYBE_MOMENT,
    "updated_at": _MAYBE_MOMENT,
}
_ENTRY = {
    "id": _TEXT,
    "created_at": _MOMENT,
    "actor": {**_TEXT, "description": "`api_token`, `account_token`, `link_token`, `command_line` or `server`."},
    "actor_id": {**_MAYBE_TEXT, "description": "The id of the token."},
    "action": {**_TEXT, "description": "What was done, like `integrated_account.updated`."},
    "subject_id": {**_MAYBE_TEXT, "description": "What it was done to."},
    "fields": {"type": "array", "items": _TEXT, "description": "What was set, never to which value."},
}
_ACCOUNT_TOKEN = {
    "token": {**_TEXT, "description": "For /unified, /proxy, /custom and /integrated-account/me."},
    "integrated_account_id": _TEXT,
    "scopes": _SCOPES,
    "expires_at": _MOMENT,
    "expires_in": {"type": "integer", "description": "Seconds."},
}


def admin_paths() -> dict[str, Any]:
    """Every address that the scope `admin` is for, and the few beside them."""
    return {**_account_paths(), **_token_paths(), **_app_paths()}


def _account_paths() -> dict[str, Any]:
    account, one = _object(_ACCOUNT), [_path("id")]
    capabilities = {"type": "object"}
    answers = {
        "type": "object",
        "additionalProperties": {"type": ["string", "boolean", "number", "null"]},
        "minProperties": 1,
    }
    return {
        "/integrated-account": {
            "get": _list("list_accounts", "accounts", "The accounts, oldest first.", _ACCOUNT, accounts.FILTERS),
            "post": _one("create_account", "accounts", "Connect an account with credentials that you hold already.",
                         account, body=schema_of(NewAccount)),
        },
        "/integrated-account/refresh-credentials": {
            "post": _one("refresh_credentials", "accounts", "Get a new token from the provider now.", account,
                         body=schema_of(AccountId))
        },
        "/integrated-account/run-post-install-actions": {
            "post": _one("run_post_install_actions", "accounts", "Check an account at the provider once more.", account,
                         body=schema_of(AccountId))
        },
        "/integrated-account/token": {
            "post": _one("create_account_token", "accounts", "A token for one account, for 15 minutes.",
                         _object(_ACCOUNT_TOKEN), body=schema_of(TokenForAccount))
        },
        "/integrated-account/me": {
            "get": _one("get_own_account", "accounts", "The account of an account token.", account),
            "patch": _one("update_own_account", "accounts", "Change the account of an account token.", account,
                          body=schema_of(OwnAccountUpdate, partial=True)),
        },
        "/integrated-account/{id}": {
            "get": _one("get_account", "accounts", "One account.", account, one),
            "patch": _one("update_account", "accounts", "Change an account, block it, or allow it again.", account, one,
                          body=schema_of(AccountUpdate, partial=True)),
            "delete": _one("delete_account", "accounts", "Forget an account and its credentials for good.",
                           _object({"id": _TEXT}), one),
        },
        "/integrated-account/{id}/credentials": {
            "patch": _one("update_credentials", "accounts", "New answers to the connect form, checked at the provider "
                          "before they take the place of the old ones.", account, one, body=answers)
        },
        "/integrated-account/{id}/capabilities": {
            "get": _one("get_account_capabilities", "accounts", "What the account can do.", capabilities, one)
        },
    }  # fmt: skip


def _token_paths() -> dict[str, Any]:
    token, one = _object(_API_TOKEN), [_path("id")]
    made = _object({**_API_TOKEN, "token": {**_TEXT, "description": "What lets in; shown this once."}})
    mine = _object({"token": token, "environment": _object(_ENVIRONMENT)})
    return {
        "/me": {"get": _one("me", "administration", "The token that asks, and its environment.", mine)},
        "/api-token": {
            "get": _list("list_tokens", "administration", "The tokens, oldest first.", _API_TOKEN, tokens.FILTERS),
            "post": _one("create_token", "administration", "Make a token that may no more than your own.", made,
                         body=schema_of(NewApiToken)),
        },
        "/api-token/{id}": {
            "get": _one("get_token", "administration", "One token.", token, one),
            "delete": _one("revoke_token", "administration", "End a token.", token, one),
        },
        "/environment": {
            "get": _list("list_environments", "administration", "The environment of the token.", _ENVIRONMENT, {})
        },
        "/environment/{id}": {
            "get": _one("get_environment", "administration", "The environment of the token, by its id.",
                        _object(_ENVIRONMENT), one)
        },
        "/log": {"get": _list("list_log", "administration", "Who did what, newest first.", _ENTRY, log.FILTERS)},
    }  # fmt: skip


def _app_paths() -> dict[str, Any]:
    app, one = _object(_APP), [{**_path("id"), "example": "acme"}]
    return {
        "/environment-integration": {
            "get": _list("list_environment_integrations", "administration", "What the environment set for "
                         "integrations.", _APP, apps.FILTERS),
            "post": _one("create_environment_integration", "administration", "Set an integration up: your own OAuth "
                         "app, other scopes, or that it is not offered.", app, body=schema_of(NewApp)),
        },
        "/environment-integration/{id}": {
            "get": _one("get_environment_integration", "administration", "What is set, by the integration's name or "
                        "the id.", app, one),
            "patch": _one("update_environment_integration", "administration", "Change what is set.", app, one,
                          body=schema_of(AppSettings, partial=True)),
            "delete": _one("delete_environment_integration", "administration", "Go back to the integration as it "
                           "comes.", _object({"id": _TEXT}), one),
        },
    }  # fmt: skip


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": dict(properties), "required": list(properties)}


def _path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": _TEXT, "example": _ID}


def _one(
    operation_id: str,
    tag: str,
    summary: str,
    answer: dict[str, Any],
    parameters: list[dict[str, Any]] | None = None,
    body: dict[str, Any] | None = None,
) -> dict[str, Any]:
    found = {"description": "Done", "content": {"application/json": {"schema": answer}}}
    operation: dict[str, Any] = {
        "operationId": operation_id,
        "tags": [tag],
        "summary": summary,
        "parameters": parameters or [],
        "responses": {"200": found, "4XX": _PROBLEM, "5XX": _PROBLEM},
    }
    if body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return operation


def _list(
    operation_id: str, tag: str, summary: str, item: Mapping[str, Any], filters: Mapping[str, Filter]
) -> dict[str, Any]:
    envelope = {
        "result": {"type": "array", "items": _object(item)},
        "next_cursor": _MAYBE_TEXT,
        "prev_cursor": {"type": "null"},
        "result_count": {"type": "integer"},
        "is_partial_response": {"type": "boolean"},
    }
    return _one(operation_id, tag, summary, _object(envelope), parameters_of(filters))
