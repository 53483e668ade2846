"""/integrated-account: who is connected, for reading. Secrets never come back."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from polyhire.accounts import Account
from polyhire.api.answers import json_answer
from polyhire.api.caller import authenticate, gateway_of
from polyhire.api.integrations import shown_capabilities
from polyhire.api.query import malformed, parse_query
from polyhire.suggest import did_you_mean, one_of

DEFAULT_LIMIT = 50
MAX_LIMIT = 1000

_FILTERS = ("integration", "status", "tenant_id")
_PARAMETERS = (*_FILTERS, "limit", "next_cursor")


async def list_accounts(request: Request) -> Response:
    """The environment's accounts, oldest first."""
    token = await authenticate(request, "admin")
    asked = _asked(request)
    limit = _limit(asked.pop("limit", None))
    after = asked.pop("next_cursor", None) or None
    store = gateway_of(request).store
    found = await store.list_accounts(token.environment_id, limit=limit + 1, after=after, **asked)
    page = found[:limit]
    answer = {
        "result": [shown(account) for account in page],
        "next_cursor": page[-1].id if len(found) > limit else None,
        "prev_cursor": None,
        "result_count": len(page),
        "is_partial_response": False,
    }
    return json_answer(answer)


async def get_account(request: Request) -> Response:
    """One account."""
    return json_answer(shown(await _account(request)))


async def account_capabilities(request: Request) -> Response:
    """What the account's integration can do."""
    account = await _account(request)
    return json_answer(shown_capabilities(gateway_of(request).catalog.integration(account.integration)))


ROUTES = [
    Route("/integrated-account", list_accounts),
    Route("/integrated-account/{id}", get_account),
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


async def _account(request: Request) -> Account:
    token = await authenticate(request, "admin")
    return await gateway_of(request).store.get_account(token.environment_id, request.path_params["id"])


def _asked(request: Request) -> dict[str, str]:
    given = parse_query(request.scope["query_string"])
    if isinstance(given.get("integration"), dict):  # integration[name] is integration.name
        given |= {f"integration.{key}": value for key, value in given.pop("integration").items()}
    if "integration.name" in given:
        given["integration"] = given.pop("integration.name")
    for name, value in given.items():
        if name not in _PARAMETERS:
            hint = did_you_mean(name, _PARAMETERS) or "."
            raise malformed(name, f"is none there is{hint} There are: {one_of(_PARAMETERS)}.")
        if not isinstance(value, str):
            raise malformed(name, "takes one value.")
    return given


def _limit(given: str | None) -> int:
    if given is None:
        return DEFAULT_LIMIT
    if given.isascii() and given.isdecimal() and len(given) < 6 and 1 <= int(given) <= MAX_LIMIT:
        return int(given)
    raise malformed("limit", f"is a whole number from 1 to {MAX_LIMIT}.")
