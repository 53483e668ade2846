"""The webhooks of the API reference: their addresses, and the events that are sent to them."""

from typing import Any

from polyhire.accounts.deliveries import DELIVERY_STATUSES
from polyhire.accounts.events import EVENT_TYPES, TEST
from polyhire.api import webhooks
from polyhire.api.given import schema_of
from polyhire.api.lists import parameters_of

TAG = {"name": "webhooks", "description": "Being told what happens to accounts, and what was delivered."}

_ID = "0198c5f0-0000-7000-8000-000000000000"
_MOMENT = {"type": "string", "format": "date-time"}
_MAYBE_MOMENT = {"type": ["string", "null"], "format": "date-time"}
_TEXT = {"type": "string"}
_EVENT_TYPES = {"type": "array", "items": {"enum": list(EVENT_TYPES)}, "description": "Which events; empty for all."}
_SECRET = {"type": "string", "description": "What deliveries are signed with; shown this once."}
_WEBHOOK = {
    "id": _TEXT,
    "environment_id": _TEXT,
    "target_url": _TEXT,
    "event_types": _EVENT_TYPES,
    "is_active": {"type": "boolean"},
    "previous_secret_until": {**_MAYBE_MOMENT, "description": "Until when the secret before signs as well."},
    "created_at": _MOMENT,
    "updated_at": _MOMENT,
}
_PAYLOAD = {"type": "object", "description": "The account: ids, integration, status. No secrets, nothing personal."}
_EVENT = {"id": _TEXT, "event": {"enum": [*EVENT_TYPES, TEST]}, "created_at": _MOMENT, "payload": _PAYLOAD}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


_ATTEMPT = _object(
    {
        "at": _MOMENT,
        "status": {"type": ["integer", "null"], "description": "What the receiver answered, where it did."},
        "error": {"type": ["string", "null"], "description": "Why this is no success."},
        "milliseconds": {"type": "integer"},
    }
)
_DELIVERY = _object(
    {
        "id": _TEXT,
        "webhook_id": _TEXT,
        "status": {"enum": list(DELIVERY_STATUSES)},
        "attempts": {"type": "integer"},
        "next_attempt_at": _MAYBE_MOMENT,
        "log": {"type": "array", "items": _ATTEMPT},
        "event": _object(_EVENT),
        "created_at": _MOMENT,
    }
)


def webhook_paths() -> dict[str, Any]:
    """The addresses below /webhook."""
    webhook, with_secret = _object(_WEBHOOK), _object({**_WEBHOOK, "secret": _SECRET})
    replayed = _object({"replayed": {"type": "integer"}})
    changes = schema_of(webhooks.WebhookUpdate, partial=True)
    test = schema_of(webhooks.WebhookId)
    one, delivery = [_path("id")], [_path("id"), _path("delivery_id")]
    return {
        "/webhook": {
            "get": _operation("list_webhooks", "The webhooks.", _list_of(webhook), parameters_of(webhooks.FILTERS)),
            "post": _operation("create_webhook", "Have events sent somewhere.", with_secret, [],
                               schema_of(webhooks.NewWebhook)),
        },
        "/webhook/test": {
            "post": _operation("test_webhook", "Send a test event now, once.", _DELIVERY, [], test)
        },
        "/webhook/{id}": {
            "get": _operation("get_webhook", "One webhook.", webhook, one),
            "patch": _operation("update_webhook", "Change a webhook.", webhook, one, changes),
            "delete": _operation("delete_webhook", "Forget a webhook and its deliveries.", _object({"id": _TEXT}), one),
        },
        "/webhook/{id}/rotate-secret": {
            "post": _operation("rotate_webhook_secret", "Another secret; the one before signs beside it for a day.",
                               with_secret, one)
        },
        "/webhook/{id}/replay": {
            "post": _operation("replay_missed", "Deliver all that the webhook has not got since then.", replayed, one,
                               schema_of(webhooks.Missed))
        },
        "/webhook/{id}/delivery": {
            "get": _operation("list_deliveries", "What was delivered, newest first; kept for 30 days.",
                              _list_of(_DELIVERY), [*one, *parameters_of(webhooks.DELIVERY_FILTERS)])
        },
        "/webhook/{id}/delivery/{delivery_id}": {
            "get": _operation("get_delivery", "One delivery, with every attempt.", _DELIVERY, delivery)
        },
        "/webhook/{id}/delivery/{delivery_id}/replay": {
            "post": _operation("replay_delivery", "Deliver an event once more.", _DELIVERY, delivery)
        },
    }  # fmt: skip


def outgoing() -> dict[str, Any]:
    """What this server sends to a webhook, by the event's type."""
    body = _object({**_EVENT, "environment_id": _TEXT, "webhook_id": _TEXT})
    names = ("webhook-id", "webhook-timestamp", "webhook-signature", "X-Truto-Signature")
    operation = {
        "summary": "An event, signed",
        "parameters": [{"name": name, "in": "header", "required": True, "schema": _TEXT} for name in names],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {"2XX": {"description": "Got it. After anything else it is sent again, for three days."}},
    }
    return {kind: {"post": operation} for kind in (*EVENT_TYPES, TEST)}


def _operation(
    operation_id: str,
    summary: str,
    answer: dict[str, Any],
    parameters: list[dict[str, Any]],
    body: dict[str, Any] | None = None,
) -> dict[str, Any]:
    found = {"description": "Done", "content": {"application/json": {"schema": answer}}}
    operation: dict[str, Any] = {
        "operationId": operation_id,
        "tags": [TAG["name"]],
        "summary": summary,
        "parameters": parameters,
        "responses": {"200": found, "4XX": {"$ref": "#/components/responses/invalid"}},
    }
    if body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return operation


def _list_of(item: dict[str, Any]) -> dict[str, Any]:
    return _object(
        {
            "result": {"type": "array", "items": item},
            "next_cursor": {"type": ["string", "null"]},
            "prev_cursor": {"type": "null"},
            "result_count": {"type": "integer"},
            "is_partial_response": {"type": "boolean"},
        }
    )


def _path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": _TEXT, "example": _ID}
