"""/integrated-account: who is connected, for reading and administering. Secrets never come back."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from polyhire.accounts import STATUSES, Account
from polyhire.api.answers import json_answer
from polyhire.api.bodies import read_object
from polyhire.api.caller import Caller, authenticate, gateway_of
from polyhire.api.given import AccountId, AccountUpdate, Answer, Named, NewAccount, OwnAccountUpdate, read_given
from polyhire.api.integrations import shown_capabilities
from polyhire.api.lists import Filter, envelope, read_wanted
from polyhire.errors import Failure, InvalidBody, NotPermittedHere
from polyhire.gateway import Gateway
from polyhire.manifest.form import way_of

FILTERS = {
    "integration.name": Filter("integration"),
    "integration": Filter("integration"),
    "tenant_id": Filter("tenant_id"),
    "name": Filter("name"),
    "status": Filter("status", values=STATUSES),
    "authentication_method": Filter("connect"),
    "created_at": Filter("created_at", "moment"),
    "updated_at": Filter("updated_at", "moment"),
}


async def list_accounts(request: Request) -> Response:
    """The environment's accounts, oldest first."""
    caller = await authenticate(request, "admin")
    wanted = read_wanted(request, FILTERS)
    found = await gateway_of(request).store.list_accounts(
        caller.environment_id, where=wanted.conditions, limit=wanted.limit + 1, after=wanted.after
    )
    return json_answer(envelope(found, wanted, shown))


async def create_account(request: Request) -> Response:
    """Connect an account with credentials that the caller holds, checked at the provider first."""
    caller = await authenticate(request, "admin")
    given = await read_given(request, NewAccount)
    slug = given.integration.name if isinstance(given.integration, Named) else given.integration
    account = await gateway_of(request).add_account(
        caller.environment_id,
        slug,
        _texts({**given.context, **given.credentials}),
        tenant_id=given.tenant_id,
        name=given.name,
        connect=given.authentication_method,
    )
    return json_answer(shown(account))


async def get_account(request: Request) -> Response:
    """One account."""
    return json_answer(shown(await _account(request, await authenticate(request, "admin"))))


async def update_account(request: Request) -> Response:
    """Change an account: what it is called, whether it is blocked, what was answered when it was connected."""
    account = await _account(request, await authenticate(request, "admin"))
    changes = (await read_given(request, AccountUpdate)).changes
    context = changes.pop("context", {})
    gateway = gateway_of(request)
    # What the provider may refuse comes first: either all is changed, or nothing.
    account = await _with_context(gateway, account, context)
    if changes:
        account = await gateway.store.update_account(account.id, **changes)
    return json_answer(shown(account))


async def delete_account(request: Request) -> Response:
    """Forget an account and its credentials for good."""
    caller = await authenticate(request, "admin")
    await gateway_of(request).store.remove_account(caller.environment_id, request.path_params["id"])
    return json_answer({"id": request.path_params["id"]})


async def update_credentials(request: Request) -> Response:
    """New answers to the connect form, checked at the provider before they take the place of the old ones."""
    account = await _account(request, await authenticate(request, "admin"))
    given = await read_object(request) or {}
    inner = given.get("credentials", given.get("context", given))
    if not isinstance(inner, dict) or not inner:
        reason = 'has to name what changes, like {"api_key": "..."}.'
        raise InvalidBody(f"The body {reason}", failures=[Failure("body", reason)])
    return json_answer(shown(await gateway_of(request).reconnect(account, _texts(_flat(inner)))))


async def refresh_credentials(request: Request) -> Response:
    """Get a new token from the provider now, and see that it works."""
    account = await _named_in_body(request)
    return json_answer(shown(await gateway_of(request).refresh_credentials(account)))


async def run_post_install_actions(request: Request) -> Response:
    """Check the account at the provider once more, as when it was connected."""
    account = await _named_in_body(request)
    return json_answer(shown(await gateway_of(request).check_account(account)))


async def get_own_account(request: Request) -> Response:
    """The account of an account token."""
    return json_answer(shown(await _own(request, await authenticate(request, "read", account_token=True))))


async def update_own_account(request: Request) -> Response:
    """Change the name or the answers of the account of an account token."""
    account = await _own(request, await authenticate(request, "write", account_token=True))
    changes = (await read_given(request, OwnAccountUpdate)).changes
    context = changes.pop("context", {})
    gateway = gateway_of(request)
    account = await _with_context(gateway, account, context)
    if changes:
        account = await gateway.store.update_account(account.id, **changes)
    return json_answer(shown(account))


async def account_capabilities(request: Request) -> Response:
    """What the account's integration can do."""
    account = await _account(request, await authenticate(request, "read"))
    return json_answer(shown_capabilities(gateway_of(request).catalog.integration(account.integration)))


ROUTES = [
    Route("/integrated-account", list_accounts),
    Route("/integrated-account", create_account, methods=["POST"]),
    Route("/integrated-account/refresh-credentials", refresh_credentials, methods=["POST"]),
    Route("/integrated-account/run-post-install-actions", run_post_install_actions, methods=["POST"]),
    Route("/integrated-account/me", get_own_account),
    Route("/integrated-account/me", update_own_account, methods=["PATCH"]),
    Route("/integrated-account/{id}", get_account),
    Route("/integrated-account/{id}", update_account, methods=["PATCH"]),
    Route("/integrated-account/{id}", delete_account, methods=["DELETE"]),
    Route("/integrated-account/{id}/credentials", update_credentials, methods=["PATCH"]),
    Route("/integrated-account/{id}/capabilities", account_capabilities),
]


def shown(account: Account) -> dict[str, Any]:
    """An account as callers see it: the answers that are not secret, and none that are."""
    return {
        "id": account.id,
        "environment_id": account.environment_id,
        "integration": {"name": account.integration},
        "tenant_id": account.tenant_id,
        "name": account.name,
        "status": account.status,
        "authentication_method": account.connect,
        "context": dict(account.settings),
        "last_error": account.last_error,
        "created_at": account.created_at,
        "updated_at": account.updated_at,
    }


async def _account(request: Request, caller: Caller) -> Account:
    return await gateway_of(request).store.get_account(caller.environment_id, request.path_params["id"])


async def _named_in_body(request: Request) -> Account:
    caller = await authenticate(request, "admin")
    given = await read_given(request, AccountId)
    return await gateway_of(request).store.get_account(caller.environment_id, given.id)


async def _own(request: Request, caller: Caller) -> Account:
    if caller.account_id is None:
        raise NotPermittedHere(
            "This address is for the token of one account, which POST /integrated-account/token makes. "
            "With an API token, name the account: /integrated-account/{id}."
        )
    return await gateway_of(request).store.get_account(caller.environment_id, caller.account_id)


async def _with_context(gateway: Gateway, account: Account, given: Mapping[str, Answer]) -> Account:
    """The account with these answers: those of the connect form checked at the provider, your own as they are."""
    _, way = way_of(gateway.catalog.integration(account.integration), account.connect)
    asked = {name: value for name, value in given.items() if name in way.ask}
    later = {name: value for name, value in given.items() if name in way.post_connect}
    rest = {name: value for name, value in given.items() if name not in asked and name not in later}
    settings = {**account.settings, **_texts(rest)}
    kept = {name: value for name, value in settings.items() if rest.get(name, "") is not None}
    if asked:
        own = {name: value for name, value in kept.items() if name not in way.ask and name not in way.post_connect}
        account = await gateway.reconnect(account, _texts(asked), more=own)
    elif rest:
        account = await gateway.store.update_account(account.id, settings=kept)
    if later:
        offered = {name: [choice.value for choice in found] for name, found in (await gateway.choices(account)).items()}
        before = {name: value for name, value in account.settings.items() if name in way.post_connect}
        account = await gateway.settle(account, {**before, **_texts(later)}, offered)
    return account


def _flat(given: Mapping[str, Any]) -> dict[str, Answer]:
    for name, value in given.items():
        if isinstance(value, dict | list):
            reason = "is a single value."
            raise InvalidBody(f"{name} {reason}", failures=[Failure(f"body.{name}", reason)])
    return dict(given)


def _texts(given: Mapping[str, Answer]) -> dict[str, str]:
    """Answers as texts; a null is no answer."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in given.items()
        if value is not None
    }
