"""/link-token: an invitation for one customer to connect one account, made by the product's backend."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from polyhire.api.answers import json_answer
from polyhire.api.caller import authenticate, gateway_of
from polyhire.api.given import Answers, Given, Id, Line, read_given
from polyhire.errors import Failure, InvalidBody

_SCOPE = Annotated[str, Field(pattern=r"^[!-~]{1,200}$")]


class NewLinkToken(Given):
    """Who is to connect an account."""

    tenant_id: Annotated[
        Line | None, Field(description="Your own id of the customer; without it that of the account to connect again.")
    ] = None
    integrated_account_id: Annotated[Id | None, Field(description="An account to connect again.")] = None
    redirect_uri: Annotated[
        Annotated[str, Field(max_length=2000)] | None,
        Field(description="Where to go on to afterwards, where no page of yours waits for a message. http or https."),
    ] = None
    context: Annotated[
        Answers,
        Field(
            default_factory=dict,
            description="Answers to begin the form with, and values of your own that the account keeps.",
        ),
    ]
    persist_previous_context: Annotated[
        bool, Field(description="When connecting again: keep values of your own that are not in `context`.")
    ] = False
    scopes: Annotated[
        Annotated[list[_SCOPE], Field(max_length=200)] | None,
        Field(description="Asked for at the provider's consent page instead of the usual ones."),
    ] = None

    @field_validator("redirect_uri")
    @classmethod
    def _is_an_address(cls, given: str | None) -> str | None:
        if given is not None:
            parts = urlsplit(given)  # raises ValueError itself for what is none at all
            if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
                raise ValueError("it is not an address like https://app.example.com/connected")
            if not given.isprintable() or " " in given:
                raise ValueError("it holds a blank or a control character")
        return given


async def create_link_token(request: Request) -> Response:
    """A link token, good for one account and seven days."""
    caller = await authenticate(request, "admin")
    given = await read_given(request, NewLinkToken)
    store = gateway_of(request).store
    tenant = given.tenant_id
    if given.integrated_account_id is not None:
        account = await store.get_account(caller.environment_id, given.integrated_account_id)
        tenant = tenant or account.tenant_id
    if tenant is None:
        missing = Failure("body.tenant_id", "is your own id of the customer; it is needed for a new account")
        raise InvalidBody(f"tenant_id {missing.message}.", failures=[missing])
    token, link = await store.links.create(
        caller.environment_id,
        tenant,
        account_id=given.integrated_account_id,
        redirect_uri=given.redirect_uri,
        context=_texts(given.context),
        scopes=given.scopes,
        keeps_context=given.persist_previous_context,
    )
    return json_answer({"link_token": token, "id": link.id, "expires_at": link.expires_at})


ROUTES = [Route("/link-token", create_link_token, methods=["POST"])]


def _texts(context: Mapping[str, Any]) -> dict[str, str]:
    """Values as an account keeps them: text; booleans as JSON has them, what is null not at all."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in context.items()
        if value is not None
    }
