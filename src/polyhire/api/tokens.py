"""/me, /api-token, /environment and /integrated-account/token: who one is here, and the tokens that let in."""

from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from polyhire.accounts.account import ApiToken, Environment
from polyhire.accounts.account_tokens import LIFE
from polyhire.api.answers import json_answer
from polyhire.api.caller import authenticate, gateway_of
from polyhire.api.given import NewApiToken, TokenForAccount, read_given
from polyhire.api.lists import Filter, envelope, read_wanted
from polyhire.errors import UnknownEnvironment

FILTERS = {
    "name": Filter("name"),
    "created_at": Filter("created_at", "moment"),
    "expires_at": Filter("expires_at", "moment"),
    "revoked_at": Filter("revoked_at", "moment"),
    "last_used_at": Filter("last_used_at", "moment"),
}


async def me(request: Request) -> Response:
    """The token that asks, and its environment. Any API token may."""
    caller = await authenticate(request, None)
    environment = await gateway_of(request).store.environments.get(caller.environment_id)
    return json_answer({"token": shown(caller.token), "environment": shown_environment(environment)})


async def create_account_token(request: Request) -> Response:
    """A token for one account, for 15 minutes; it may what its maker may, but administer."""
    caller = await authenticate(request, "admin")
    given = await read_given(request, TokenForAccount)
    store = gateway_of(request).store
    token, said = await store.create_account_token(caller.token, given.integrated_account_id)
    await store.audit.record(caller.environment_id, "account_token.created", said.account_id)
    answer = {
        "token": token,
        "integrated_account_id": said.account_id,
        "scopes": said.scopes,
        "expires_at": datetime.fromtimestamp(said.expires_at, UTC),
        "expires_in": LIFE,
    }
    return json_answer(answer)


async def list_tokens(request: Request) -> Response:
    """The environment's tokens, oldest first, with the expired and the revoked ones."""
    caller = await authenticate(request, "admin")
    wanted = read_wanted(request, FILTERS)
    found = await gateway_of(request).store.tokens.list(
        caller.environment_id, wanted.conditions, limit=wanted.limit + 1, after=wanted.after
    )
    return json_answer(envelope(found, wanted, shown))


async def create_token(request: Request) -> Response:
    """A new token, shown this once; nobody can make one that may more than their own."""
    caller = await authenticate(request, "admin")
    given = await read_given(request, NewApiToken)
    for scope in given.scopes:
        caller.need(scope)
    store = gateway_of(request).store
    text, token = await store.create_token(
        caller.environment_id, given.name, expires_at=given.expires_at, scopes=given.scopes
    )
    return json_answer({**shown(token), "token": text})


async def get_token(request: Request) -> Response:
    """One token."""
    caller = await authenticate(request, "admin")
    token = await gateway_of(request).store.tokens.get(caller.environment_id, request.path_params["id"])
    return json_answer(shown(token))


async def revoke_token(request: Request) -> Response:
    """End a token: at once here, within a second everywhere."""
    caller = await authenticate(request, "admin")
    token = await gateway_of(request).store.revoke_token(caller.environment_id, request.path_params["id"])
    return json_answer(shown(token))


async def list_environments(request: Request) -> Response:
    """The one environment that the token is of: others are not seen from it."""
    caller = await authenticate(request, "admin")
    wanted = read_wanted(request, {})
    environment = await gateway_of(request).store.environments.get(caller.environment_id)
    found = [] if wanted.after == environment.id else [environment]
    return json_answer(envelope(found, wanted, shown_environment))


async def get_environment(request: Request) -> Response:
    """The environment of the token, by its id."""
    caller = await authenticate(request, "admin")
    if request.path_params["id"] != caller.environment_id:
        raise UnknownEnvironment("This token's environment has another id; GET /environment shows it.")
    return json_answer(shown_environment(await gateway_of(request).store.environments.get(caller.environment_id)))


ROUTES = [
    Route("/me", me),
    Route("/integrated-account/token", create_account_token, methods=["POST"]),
    Route("/api-token", list_tokens),
    Route("/api-token", create_token, methods=["POST"]),
    Route("/api-token/{id}", get_token),
    Route("/api-token/{id}", revoke_token, methods=["DELETE"]),
    Route("/environment", list_environments),
    Route("/environment/{id}", get_environment),
]


def shown(token: ApiToken) -> dict[str, Any]:
    """A token as callers see it, without what lets in."""
    return {
        "id": token.id,
        "environment_id": token.environment_id,
        "name": token.name,
        "scopes": sorted(token.scopes),
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "last_used_at": token.last_used_at,
        "revoked_at": token.revoked_at,
    }


def shown_environment(environment: Environment) -> dict[str, Any]:
    """An environment as callers see it."""
    return {"id": environment.id, "name": environment.name, "created_at": environment.created_at}
