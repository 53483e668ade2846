"""/webhook: who is told of events, what was delivered to them, and delivering it once more."""

from dataclasses import asdict
from typing import Annotated, Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from polyhire.accounts.deliveries import DELIVERY_STATUSES, Delivery
from polyhire.accounts.events import EVENT_TYPES
from polyhire.accounts.webhooks import Webhook, WebhookChanges
from polyhire.api.answers import json_answer
from polyhire.api.caller import authenticate, gateway_of
from polyhire.api.given import Given, Id, Moment, read_given
from polyhire.api.lists import Filter, envelope, read_wanted
from polyhire.settings import Settings
from polyhire.webhooks.outbound import Deliverer
from polyhire.webhooks.target import check_target

FILTERS = {"is_active": Filter("is_active", "flag"), "created_at": Filter("created_at", "moment")}
DELIVERY_FILTERS = {"status": Filter("status", values=DELIVERY_STATUSES), "created_at": Filter("created_at", "moment")}


class WebhookUpdate(Given):
    """Changes to a webhook."""

    target_url: Annotated[str, Field(description="A public https:// address.", max_length=2000)] = ""
    event_types: Annotated[
        Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=100)] | None,
        Field(description=f"Which events: {', '.join(EVENT_TYPES)}. Empty or null for all."),
    ] = None
    is_active: Annotated[bool, Field(description="Whether it is told at all.")] = True


class NewWebhook(WebhookUpdate):
    """Where events are to be sent."""

    target_url: Annotated[str, Field(description="A public https:// address.", max_length=2000)]


class WebhookId(Given):
    """A webhook."""

    id: Id


class Missed(Given):
    """From when on."""

    since: Annotated[Moment, Field(description="With its time zone.")]


async def list_webhooks(request: Request) -> Response:
    """The environment's webhooks, oldest first."""
    caller = await authenticate(request)
    wanted = read_wanted(request, FILTERS)
    found = await gateway_of(request).store.webhooks.list(
        caller.environment_id, wanted.conditions, limit=wanted.limit + 1, after=wanted.after
    )
    return json_answer(envelope(found, wanted, shown))


async def create_webhook(request: Request) -> Response:
    """A new webhook, with its secret, which is not shown again."""
    caller = await authenticate(request)
    gateway = gateway_of(request)
    changes = _checked(await read_given(request, NewWebhook), gateway.settings)
    webhook = await gateway.store.webhooks.add(caller.environment_id, **changes)
    return json_answer(shown(webhook) | {"secret": webhook.secrets[0]})


async def get_webhook(request: Request) -> Response:
    """One webhook."""
    return json_answer(shown(await _webhook(request)))


async def update_webhook(request: Request) -> Response:
    """Change where a webhook leads, what it is told of, or whether it is told at all."""
    caller = await authenticate(request)
    gateway = gateway_of(request)
    changes = _checked(await read_given(request, WebhookUpdate), gateway.settings)
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
    given = await read_given(request, WebhookId)
    webhook = await gateway_of(request).store.webhooks.get(caller.environment_id, given.id)
    deliverer: Deliverer = request.app.state.deliverer
    return json_answer(shown_delivery(await deliverer.test(webhook)))


async def list_deliveries(request: Request) -> Response:
    """What was sent to a webhook or will be, newest first."""
    webhook = await _webhook(request)
    wanted = read_wanted(request, DELIVERY_FILTERS)
    found = await gateway_of(request).store.deliveries.list(
        webhook.id, wanted.conditions, limit=wanted.limit + 1, before=wanted.after
    )
    return json_answer(envelope(found, wanted, shown_delivery))


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
    given = await read_given(request, Missed)
    return json_answer({"replayed": await gateway_of(request).store.deliveries.replay_since(webhook, given.since)})


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


def _checked(given: WebhookUpdate, settings: Settings) -> WebhookChanges:
    """What a body sets. Raises InvalidBody for an address that nothing would ever be sent to."""
    changes = WebhookChanges()
    if "target_url" in given.changes:
        changes["target_url"] = check_target(given.target_url, settings)
    if "event_types" in given.changes:
        changes["event_types"] = given.event_types or []
    if "is_active" in given.changes:
        changes["is_active"] = given.is_active
    return changes
