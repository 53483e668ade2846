"""Who calls, and on whose account."""

from starlette.requests import Request

from polyhire.accounts import Account
from polyhire.accounts.account import ApiToken
from polyhire.errors import Failure, MissingFilter, Unauthorized
from polyhire.gateway import Gateway


def gateway_of(request: Request) -> Gateway:
    """The gateway that the application was started with."""
    gateway: Gateway = request.app.state.gateway
    return gateway


async def authenticate(request: Request) -> ApiToken:
    """The caller's token. Raises Unauthorized."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthorized(
            "The API token is missing: send it as 'Authorization: Bearer <token>'. `polyhire token create` makes one."
        )
    return await gateway_of(request).store.authenticate(token.strip())


async def account_of(request: Request, token: ApiToken, account_id: str | None) -> Account:
    """The account that a call is for. Raises MissingFilter when none is named, UnknownAccount when it is not there."""
    if account_id is None:
        message = (
            "integrated_account_id is missing: name the account to call, like ?integrated_account_id=<uuid>. "
            "GET /integrated-account lists those that are connected."
        )
        raise MissingFilter(message, failures=[Failure("query.integrated_account_id", "is missing.")])
    return await gateway_of(request).store.get_account(token.environment_id, account_id)
