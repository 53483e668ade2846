"""/webhook: who is told of events, what was delivered to them, and delivering it once more."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from polyhire.accounts.deliveries import Delivery
from polyhire.accounts.webhooks import Webhook, WebhookChanges
from polyhire.api.answers import json_answer
from polyhire.api.bodies import read_object
from polyhire.api.caller import authenticate, gateway_of
from polyhire.api.query import malformed, parse_query
from polyhire.errors import Failure, InvalidBody, shorten
from polyhire.settings import Settings
from polyhire.suggest import did_you_mean, one_of
from polyhire.webhooks.outbound import Deliverer
from polyhire.webhooks.target import check_target

DEFAULT_LIMIT = 50
MAX_LIMIT = 1000

_FIELDS = ("target_url", "event_types", "is_active")


async def list_webhooks(request: Request) -> Response:
    """The environment's webhooks, oldest first."""
    caller = await authenticate(request)
    limit, after, _ = _page(request)
    found = await gateway_of(request).store.webhooks.list(caller.environment_id, limit=limit + 1, after=after)
    return json_answer(_envelope([shown(webhook) for webhook in found], limit))


async def create_webhook(request: Request) -> Response:
    """A new webhook, with its secret, which is not shown again."""
    caller = await authenticate(request)
    gateway = gateway_of(request)
    changes = _changes(await read_object(request) or {}, gateway.settings)
    if "target_url" not in changes:
        raise _refused("target_url", "is missing: where events are sent to")
    webhook = await gateway.store.webhooks.add(caller.environment_id, **changes)
    return json_answer(shown(webhook) | {"secret": webhook.secrets[0]})


async def get_webhook(request: Request) -> Response:
    """One webhook."""
    return json_answer(shown(await _webhook(request)))


async def update_webhook(request: Request) -> Response:
    """Change where a webhook leads, what it is told of, or whether it is told at all."""
    caller = await authenticate(request)
    gateway = gateway_of(request)
    changes = _changes(await read_object(request) or {}, gateway.settings)
    id = request.path_params["id"]
    return json_answer(shown(await gateway.store.webhooks.change(caller.environment_id, id, **changes)))


async def delete_webhook(request: Request) -> Response:
    """Forget a webhook, with its deliveries."""
    caller = await authenticate(request)
    await gateway_of(request).store.webhooks.remove(caller.environment_id, request.path_params["id"])
    return json_answer({"id": request.path_params["id"]})


async def rotate_secret(request: Request) -> Response:
    """Another secret; the one before goes on signing beside it for a day."""
    caller = await authenticate(request)
    store = gateway_of(request).store
    webhook = await store.webhooks.rotate_secret(caller.environment_id, request.path_params["id"])
    return json_answer(shown(webhook) | {"secret": webhook.secrets[0]})


async def test_webhook(request: Request) -> Response:
    """Send a test event now, and say how the receiver took it."""
    caller = await authenticate(request)
    id = (await read_object(request) or {}).get("id")
    if not isinstance(id, str):
        raise _refused("id", "is missing: the id of the webhook to test")
    webhook = await gateway_of(request).store.webhooks.get(caller.environment_id, id)
    deliverer: Deliverer = request.app.state.deliverer
    return json_answer(shown_delivery(await deliverer.test(webhook)))


async def list_deliveries(request: Request) -> Response:
    """What was sent to a webhook or will be, newest first."""
    webhook = await _webhook(request)
    limit, before, status = _page(request, "status")
    deliveries = gateway_of(request).store.deliveries
    found = await deliveries.list(webhook.id, status=status, limit=limit + 1, before=before)
    return json_answer(_envelope([shown_delivery(delivery) for delivery in found], limit))


async def get_delivery(request: Request) -> Response:
    """One delivery."""
    return json_answer(shown_delivery(await _delivery(request)))


async def replay_delivery(request: Request) -> Response:
    """Deliver an event once more."""
    delivery = await _delivery(request)
    return json_answer(shown_delivery(await gateway_of(request).store.deliveries.replay(delivery)))


async def replay_missed(request: Request) -> Response:
    """Deliver what a webhook has not got since a moment."""
    webhook = await _webhook(request)
    since = _moment((await read_object(request) or {}).get("since"))
    return json_answer({"replayed": await gateway_of(request).store.deliveries.replay_since(webhook, since)})


ROUTES = [
    Route("/webhook", list_webhooks),
    Route("/webhook", create_webhook, methods=["POST"]),
    Route("/webhook/test", test_webhook, methods=["POST"]),
    Route("/webhook/{id}", get_webhook),
    Route("/webhook/{id}", update_webhook, methods=["PATCH"]),
    Route("/webhook/{id}", delete_webhook, methods=["DELETE"]),
    Route("/webhook/{id}/rotate-secret", rotate_secret, methods=["POST"]),
    Route("/webhook/{id}/replay", replay_missed, methods=["POST"]),
    Route("/webhook/{id}/delivery", list_deliveries),
    Route("/webhook/{id}/delivery/{delivery_id}", get_delivery),
    Route("/webhook/{id}/delivery/{delivery_id}/replay", replay_delivery, methods=["POST"]),
]


def shown(webhook: Webhook) -> dict[str, Any]:
    """A webhook as callers see it, without its secrets."""
    return {
        "id": webhook.id,
        "environment_id": webhook.environment_id,
        "target_url": webhook.target_url,
        "event_types": webhook.event_types,
        "is_active": webhook.is_active,
        "previous_secret_until": webhook.previous_until,
        "created_at": webhook.created_at,
        "updated_at": webhook.updated_at,
    }


def shown_delivery(delivery: Delivery) -> dict[str, Any]:
    """A delivery as callers see it, with every attempt."""
    event = delivery.event
    return {
        "id": delivery.id,
        "webhook_id": delivery.webhook_id,
        "status": delivery.status,
        "attempts": delivery.attempts,
        "next_attempt_at": delivery.next_attempt_at,
        "log": [asdict(attempt) for attempt in delivery.log],
        "event": {"id": event.id, "event": event.type, "created_at": event.created_at, "payload": event.payload},
        "created_at": delivery.created_at,
    }


async def _webhook(request: Request) -> Webhook:
    caller = await authenticate(request)
    return await gateway_of(request).store.webhooks.get(caller.environment_id, request.path_params["id"])


async def _delivery(request: Request) -> Delivery:
    webhook = await _webhook(request)
    return await gateway_of(request).store.deliveries.get(webhook.id, request.path_params["delivery_id"])


def _changes(body: Mapping[str, Any], settings: Settings) -> WebhookChanges:
    """What a body sets. Raises InvalidBody."""
    for name in body:
        if name not in _FIELDS:
            near = did_you_mean(name, _FIELDS) or "."
            raise _refused(shorten(name, 60), f"is nothing that a webhook has{near} It has: {one_of(_FIELDS)}.")
    changes = WebhookChanges()
    if "target_url" in body:
        if not isinstance(body["target_url"], str):
            raise _refused("target_url", "is not a text")
        changes["target_url"] = check_target(body["target_url"], settings)
    if "event_types" in body:
        kinds = body["event_types"] or []
        if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
            raise _refused("event_types", "is not a list of texts; an empty list is every event")
        changes["event_types"] = kinds
    if "is_active" in body:
        if not isinstance(body["is_active"], bool):
            raise _refused("is_active", "is not true or false")
        changes["is_active"] = body["is_active"]
    return changes


def _moment(given: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(given)
    except (TypeError, ValueError):
        raise _refused("since", "is not a moment, such as 2026-01-31T12:00:00Z") from None
    if moment.tzinfo is None:
        raise _refused("since", "does not say its time zone, such as Z for UTC")
    return moment


def _refused(name: str, reason: str) -> InvalidBody:
    return InvalidBody(f"{name} {reason}", failures=[Failure(f"body.{name}", reason)])


def _page(request: Request, *more: str) -> tuple[int, str | None, str | None]:
    """The limit, the cursor and the status that a query asks for. Raises InvalidRequest."""
    given = parse_query(request.scope["query_string"])
    known = ("limit", "next_cursor", *more)
    for name, value in given.items():
        if name not in known:
            raise malformed(name, f"is none there is{did_you_mean(name, known) or '.'} There are: {one_of(known)}.")
        if not isinstance(value, str):
            raise malformed(name, "takes one value.")
    text = given.get("limit", str(DEFAULT_LIMIT))
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and 1 <= int(text) <= MAX_LIMIT):
        raise malformed("limit", f"is a whole number from 1 to {MAX_LIMIT}.")
    return int(text), given.get("next_cursor") or None, given.get("status")


def _envelope(found: list[dict[str, Any]], limit: int) -> dict[str, Any]:
    """A page of at most `limit`; one more was asked for to know whether there is another."""
    page = found[:limit]
    return {
        "result": page,
        "next_cursor": page[-1]["id"] if len(found) > limit else None,
        "prev_cursor": None,
        "result_count": len(page),
        "is_partial_response": False,
    }
