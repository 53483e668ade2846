"""/environment-integration: an environment's own OAuth apps, and which integrations it offers. Secrets stay in."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from polyhire.accounts.apps import App
from polyhire.api.answers import json_answer
from polyhire.api.caller import authenticate, gateway_of
from polyhire.api.given import AppSettings, Named, NewApp, read_given
from polyhire.api.lists import Filter, envelope, read_wanted
from polyhire.connect.oauth import CALLBACK
from polyhire.errors import Failure, InvalidBody

FILTERS = {
    "integration.name": Filter("integration"),
    "integration": Filter("integration"),
    "is_enabled": Filter("enabled", "flag"),
    "created_at": Filter("created_at", "moment"),
    "updated_at": Filter("updated_at", "moment"),
}


async def list_apps(request: Request) -> Response:
    """What the environment has set, oldest first."""
    caller = await authenticate(request, "admin")
    wanted = read_wanted(request, FILTERS)
    found = await gateway_of(request).store.apps.list(
        caller.environment_id, wanted.conditions, limit=wanted.limit + 1, after=wanted.after
    )
    return json_answer(envelope(found, wanted, lambda app: shown(app, request)))


async def create_app(request: Request) -> Response:
    """Set an integration up in this environment."""
    caller = await authenticate(request, "admin")
    given = await read_given(request, NewApp)
    gateway = gateway_of(request)
    slug = gateway.catalog.integration(_slug(given)).slug
    return json_answer(shown(await gateway.store.apps.add(caller.environment_id, slug, **_changes(given)), request))


async def get_app(request: Request) -> Response:
    """What is set for one integration, by its name or the id of what was set."""
    caller = await authenticate(request, "admin")
    gateway, name = gateway_of(request), request.path_params["id"]
    if name in gateway.catalog.slugs:
        return json_answer(shown(await gateway.store.apps.of(caller.environment_id, name), request))
    return json_answer(shown(await gateway.store.apps.get(caller.environment_id, name), request))


async def update_app(request: Request) -> Response:
    """Change what is set."""
    caller = await authenticate(request, "admin")
    given = await read_given(request, AppSettings)
    store = gateway_of(request).store
    app = await store.apps.change(caller.environment_id, request.path_params["id"], **_changes(given))
    return json_answer(shown(app, request))


async def delete_app(request: Request) -> Response:
    """Go back to the integration as its files have it. Accounts stay; those of the OAuth app can't be refreshed."""
    caller = await authenticate(request, "admin")
    await gateway_of(request).store.apps.remove(caller.environment_id, request.path_params["id"])
    return json_answer({"id": request.path_params["id"]})


ROUTES = [
    Route("/environment-integration", list_apps),
    Route("/environment-integration", create_app, methods=["POST"]),
    Route("/environment-integration/{id}", get_app),
    Route("/environment-integration/{id}", update_app, methods=["PATCH"]),
    Route("/environment-integration/{id}", delete_app, methods=["DELETE"]),
]


def shown(app: App, request: Request) -> dict[str, Any]:
    """What is set, as callers see it: whether there is a secret, and never which."""
    base = gateway_of(request).settings.public_url or str(request.base_url)
    return {
        "id": app.id,
        "environment_id": app.environment_id,
        "integration": {"name": app.integration},
        "is_enabled": app.enabled,
        "client_id": app.client_id,
        "has_client_secret": app.client_secret is not None,
        "scopes": app.scopes,
        "redirect_uri": base.rstrip("/") + CALLBACK,
        "created_at": app.created_at,
        "updated_at": app.updated_at,
    }


def _slug(given: NewApp) -> str:
    named = given.integration.name if isinstance(given.integration, Named) else given.integration
    slug = named or given.integration_id
    if slug is None:
        raise InvalidBody("integration is missing.", failures=[Failure("body.integration", "is missing.")])
    return slug


def _changes(given: AppSettings) -> Any:
    changes = {name: value for name, value in given.changes.items() if name not in ("integration", "integration_id")}
    if "is_enabled" in changes:
        changes["enabled"] = changes.pop("is_enabled")
    return changes
