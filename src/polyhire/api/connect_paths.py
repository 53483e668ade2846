"""Link tokens and the connect page in the API reference."""

from typing import Any

from polyhire.api.given import schema_of
from polyhire.api.link_tokens import NewLinkToken

TAG = {"name": "connect", "description": "Letting a customer connect an account: a link token, and the page it opens."}

_TEXT = {"type": "string"}
_HTML = {"text/html": {"schema": _TEXT}}
_PROBLEM = {"$ref": "#/components/responses/invalid"}
_NO_PAGE = {
    "description": "Why there is no page, for people.",
    "content": {**_HTML, "application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_ONWARD = {"description": "On to the next page."}
_HANDLE = {"name": "handle", "in": "path", "required": True, "schema": _TEXT, "description": "Of one attempt."}
_VISIT = {
    "integration": "Come straight to this integration.",
    "integrations": "Offer these only; comma separated.",
    "auth_format": "Offer only this way to connect: `api_key`, `oauth2`, `oauth2_client_credentials`, or a way's name.",
    "no_back": "`true`: no way back to the catalogue.",
    "iframe": "`true`: the page is shown in a frame, and tells its parent.",
    "skip_rapid_form": "`true`: leave what is asked once connected for later.",
}


def connect_paths() -> dict[str, Any]:
    """The addresses of the connect flow that a product uses; the page's own links are its own affair."""
    token = {
        "type": "object",
        "properties": {
            "link_token": {**_TEXT, "description": "For `/connect-account?link_token=`; shown this once."},
            "id": _TEXT,
            "expires_at": {"type": "string", "format": "date-time"},
        },
        "required": ["link_token", "id", "expires_at"],
    }
    return {
        "/link-token": {
            "post": {
                "operationId": "create_link_token",
                "tags": ["connect"],
                "summary": "An invitation for one customer to connect one account.",
                "description": "Good for seven days and one account. Your backend makes it, your customer's browser "
                "opens `/connect-account` with it.",
                "requestBody": {"required": True, "content": {"application/json": {"schema": schema_of(NewLinkToken)}}},
                "responses": {
                    "200": {"description": "The token", "content": {"application/json": {"schema": token}}},
                    "4XX": _PROBLEM,
                },
            }
        },
        "/connect-account": {"get": _open(), "post": _submit()},
        "/connect-account/attempt/{handle}": {
            "get": _page("show_attempt", "Where an attempt to connect is.", [_HANDLE], {"200": _shown("The page")})
        },
        "/connect-account/post-connect": {
            "get": _page(
                "open_account_settings",
                "What is asked once connected, for an account that is.",
                [
                    {
                        **_query("integrated_account_session_token", "Of POST /integrated-account/token."),
                        "required": True,
                    },
                    _query("iframe", _VISIT["iframe"]),
                ],
                {"200": _shown("The page")},
            )
        },
        "/connect-account/callback": {
            "get": _page(
                "finish_consent",
                "Where providers send people back to: the redirect URI of OAuth apps.",
                [_query("state", "What the consent was begun with."), _query("code", "What is traded for a token.")],
                {"200": _shown("The page"), "303": _ONWARD},
            )
        },
    }


def _open() -> dict[str, Any]:
    token = {**_query("link_token", "Of POST /link-token."), "required": True}
    parameters = [token, *(_query(name, said) for name, said in _VISIT.items())]
    return _page(
        "open_connect_page", "The page on which a person connects an account.", parameters, {"200": _shown("The page")}
    )


def _submit() -> dict[str, Any]:
    properties = {name: {**_TEXT, "description": said} for name, said in {"link_token": "", **_VISIT}.items()}
    schema = {"type": "object", "properties": properties, "required": ["link_token"]}
    body = {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": schema}}}
    page = _page("submit_connect_form", "The form of that page, filled in.", [], {"303": _ONWARD})
    return {**page, "requestBody": body}


def _query(name: str, said: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": _TEXT, "description": said}


def _shown(said: str) -> dict[str, Any]:
    return {"description": said, "content": _HTML}


def _page(operation_id: str, summary: str, parameters: list[dict[str, Any]], answers: dict[str, Any]) -> dict[str, Any]:
    return {
        "operationId": operation_id,
        "tags": ["connect"],
        "summary": summary,
        "parameters": parameters,
        "security": [],
        "responses": {**answers, "4XX": _NO_PAGE},
    }
