"""/connect-account/post-connect: what is asked once connected, for an account that is; its own token lets one in."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from polyhire.accounts import Account
from polyhire.accounts.audit import ACTING, Actor
from polyhire.api import connect_pages as pages
from polyhire.api.caller import gateway_of
from polyhire.api.connect import answers_in, flow_of, read_form
from polyhire.api.connect_pages import OF_AN_ACCOUNT, POST_CONNECT
from polyhire.connect.visit import Visit
from polyhire.connect.words import problem
from polyhire.errors import InvalidBody, InvalidRequest, NotPermittedHere, PolyhireError

FAILED = "rapid_form_error"


async def open_settings(request: Request) -> Response:
    """The form."""
    return await _shown(request, request.query_params, {})


async def save_settings(request: Request) -> Response:
    """Take the answers."""
    given = await read_form(request)
    try:
        account = await _account(request, given)
        settled = await flow_of(request).settle(account, answers_in(given))
    except InvalidBody as error:
        name = gateway_of(request).catalog.integration(account.integration).name
        failures = {failure.path: failure.message for failure in error.failures}
        trouble = {"problem": vars(problem(error, name)), "failures": failures, "later": answers_in(given)}
        return await _shown(request, given, trouble)
    except PolyhireError as error:
        return pages.failed_page(request, error, error_type=FAILED)
    name = gateway_of(request).catalog.integration(settled.integration).name
    told = {"is_truto": True, "result": "success", "integration": settled.integration}
    told |= {"integrated_account_id": settled.id}
    return pages.settled_page(request, name, told, embedded=Visit.of(given).embedded)


ROUTES = [
    Route(POST_CONNECT, open_settings),
    Route(POST_CONNECT, save_settings, methods=["POST"]),
]


async def _shown(request: Request, given: Mapping[str, str], trouble: Mapping[str, Any]) -> Response:
    try:
        account = await _account(request, given)
        form = await flow_of(request).questions_of(account, trouble)
    except PolyhireError as error:
        return pages.failed_page(request, error, error_type=FAILED)
    return pages.settings_page(request, form, given[OF_AN_ACCOUNT], embedded=Visit.of(given).embedded)


async def _account(request: Request, given: Mapping[str, str]) -> Account:
    """The account of the token. Raises Unauthorized, NotPermittedHere, or InvalidRequest where nothing is asked."""
    store = gateway_of(request).store
    said, maker = await store.authenticate_account(given.get(OF_AN_ACCOUNT, ""))
    if "write" not in set(said.scopes) & maker.scopes:
        raise NotPermittedHere("This token may read the account only.", missing_scopes=("write",))
    ACTING.set(Actor("account_token", maker.id))
    account = await store.get_account(said.environment_id, said.account_id)
    integration = gateway_of(request).catalog.integration(account.integration)
    _, way = gateway_of(request).connect_of(integration, account.connect)
    if not way.post_connect:
        raise InvalidRequest(f"There is nothing to set for {integration.name}.")
    return account
