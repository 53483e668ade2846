"""Who calls, what they may do, and on whose account."""

from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.requests import Request

from polyhire.accounts import Account
from polyhire.accounts.account import ApiToken, Scope
from polyhire.accounts.account_tokens import PREFIX as ACCOUNT_TOKEN
from polyhire.accounts.audit import ACTING, Actor
from polyhire.errors import Failure, MissingFilter, NotPermittedHere, Unauthorized
from polyhire.gateway import Gateway

_MEANING: dict[Scope, str] = {
    "read": "reads",
    "write": "writes",
    "admin": "administers accounts, integrations and tokens",
    "eeo": "sees what candidates answered on equal employment opportunity",
}


@dataclass(frozen=True)
class Caller:
    """Whose token came with a request; an account token's is for the one account of `account_id`."""

    environment_id: str
    scopes: frozenset[Scope]
    actor: Actor
    expires_at: datetime | None
    token: ApiToken
    account_id: str | None = None

    def need(self, scope: Scope) -> None:
        """Raise NotPermittedHere unless the token has this scope."""
        if scope not in self.scopes:
            has = ", ".join(sorted(self.scopes)) or "none"
            message = (
                f"This token lacks the scope '{scope}', without which no token {_MEANING[scope]}. It has: {has}. "
                "`polyhire token create --scope` makes one with others."
            )
            raise NotPermittedHere(message, missing_scopes=(scope,))


def gateway_of(request: Request) -> Gateway:
    """The gateway that the application was started with."""
    gateway: Gateway = request.app.state.gateway
    return gateway


async def authenticate(request: Request, scope: Scope | None = "admin", *, account_token: bool = False) -> Caller:
    """Who calls, if their token has the scope, and is an account's only where `account_token` ones are let in.

    Raises Unauthorized, NotPermittedHere or TooManyRequests. A request counts once, however often this is asked.
    """
    caller: Caller | None = getattr(request.state, "caller", None)
    if caller is None:
        caller = await _caller(request)
        gateway = gateway_of(request)
        await gateway.store.limits.take("token", caller.token.id, gateway.settings.token_rate_limit)
        request.state.caller = caller
        ACTING.set(caller.actor)
    if caller.account_id is not None and not account_token:
        raise NotPermittedHere(
            "This is the token of one account: it is good for /unified, /proxy, /custom and /integrated-account/me. "
            "Use an API token here."
        )
    if scope is not None:
        caller.need(scope)
    return caller


async def account_of(request: Request, caller: Caller, account_id: str | None) -> Account:
    """The account that a call is for. Raises MissingFilter when none is named, UnknownAccount when it is not there."""
    gateway = gateway_of(request)
    if caller.account_id is not None:
        if account_id not in (None, caller.account_id):
            raise NotPermittedHere(
                "This is the token of another account than integrated_account_id names; leave the parameter out."
            )
        account_id = caller.account_id
    if account_id is None:
        message = (
            "integrated_account_id is missing: name the account to call, like ?integrated_account_id=<uuid>. "
            "GET /integrated-account lists those that are connected."
        )
        raise MissingFilter(message, failures=[Failure("query.integrated_account_id", "is missing.")])
    account = await gateway.store.get_account(caller.environment_id, account_id)
    if not getattr(request.state, "is_counted", False):
        await gateway.store.limits.take("account", account.id, gateway.settings.account_rate_limit)
        request.state.is_counted = True
    return account


async def _caller(request: Request) -> Caller:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    text = given.strip()
    if scheme.lower() != "bearer" or not text:
        raise Unauthorized(
            "The API token is missing: send it as 'Authorization: Bearer <token>'. `polyhire token create` makes one."
        )
    store = gateway_of(request).store
    if not text.startswith(ACCOUNT_TOKEN):
        token = await store.authenticate(text)
        return Caller(token.environment_id, token.scopes, Actor("api_token", token.id), token.expires_at, token)
    said, maker = await store.authenticate_account(text)
    return Caller(
        said.environment_id,
        frozenset(said.scopes) & maker.scopes,
        Actor("account_token", maker.id),
        datetime.fromtimestamp(said.expires_at, UTC),
        maker,
        said.account_id,
    )
