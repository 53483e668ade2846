"""The bodies that administer this server: what may stand in each, checked, and told in the API reference."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request

from polyhire.accounts.account import SCOPES, USUAL_SCOPES
from polyhire.api.bodies import read_object
from polyhire.errors import Failure, InvalidBody, shorten
from polyhire.suggest import did_you_mean, one_of

Line = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""A text without line breaks, for people or to be found by."""

Answer = Annotated[str, Field(max_length=10_000, pattern=r"^[^\x00]*$")] | bool | int | float | None
Answers = Annotated[
    dict[Annotated[str, Field(max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")], Answer], Field(max_length=100)
]
"""Answers to a connect form, and values of your own, by name."""

Id = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("There is no such moment.") from None


Moment = Annotated[AwareDatetime, Field(strict=False), AfterValidator(_in_utc)]
"""A point in time that says its time zone."""


class Given(BaseModel):
    """A body; what it does not name is not touched."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @property
    def changes(self) -> dict[str, Any]:
        """What was given, and nothing that was not."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class Named(Given):
    """An integration, by the name of its folder."""

    name: Id


class NewAccount(Given):
    """An account to connect with credentials that you hold already."""

    tenant_id: Annotated[Line, Field(description="Your own id of the customer.")]
    integration: Named | Id
    name: Annotated[Line | None, Field(description="A name for people.")] = None
    authentication_method: Annotated[Id | None, Field(description="Which way to connect, if there are several.")] = None
    context: Annotated[Answers, Field(description="The answers to the connect form; secrets do not come back.")] = {}
    credentials: Annotated[Answers, Field(description="The same; for secrets, if you like to part them.")] = {}


class AccountUpdate(Given):
    """Changes to an account."""

    tenant_id: Line = ""
    name: Line | None = None
    status: Annotated[Literal["active", "blocked"], Field(description="Block all calls, or allow them again.")] = (
        "active"
    )
    context: Annotated[
        Answers,
        Field(
            description="Answers to change, checked at the provider first, and values of your own; null removes one."
        ),
    ] = {}


class OwnAccountUpdate(Given):
    """Changes that the holder of an account's own token may make."""

    name: Line | None = None
    context: Answers = {}


class AccountId(Given):
    """An account."""

    id: Id


class TokenForAccount(Given):
    """The account that a token is to be for."""

    integrated_account_id: Id


class AppSettings(Given):
    """What an environment sets for an integration."""

    is_enabled: Annotated[bool, Field(description="Whether it is offered to connect.")] = True
    client_id: Annotated[Line | None, Field(description="Of your own OAuth app at the provider.")] = None
    client_secret: Annotated[
        Annotated[str, Field(min_length=1, max_length=10_000, pattern=r"^[^\x00-\x1f\x7f]*$")] | None,
        Field(description="Of the same app. It never comes back."),
    ] = None
    scopes: Annotated[
        Annotated[list[Annotated[str, Field(pattern=r"^[!-~]{1,200}$")]], Field(max_length=200)] | None,
        Field(description="Asked for at the provider instead of the integration's own; null goes back to those."),
    ] = None


class NewApp(AppSettings):
    """An integration, and what is set for it. `integration_id` is another name for `integration`."""

    integration: Named | Id | None = None
    integration_id: Id | None = None


class NewApiToken(Given):
    """A token to make."""

    name: Annotated[Line, Field(max_length=200)]
    scopes: Annotated[list[Literal["read", "write", "admin", "eeo"]], Field(min_length=1, max_length=len(SCOPES))] = (
        list(USUAL_SCOPES)
    )
    expires_at: Annotated[Moment | None, Field(description="With its time zone.")] = None


Body = TypeVar("Body", bound=Given)


async def read_given(request: Request, kind: type[Body]) -> Body:
    """The body as this kind. Raises InvalidBody with everything that is wrong with it."""
    given = await read_object(request)
    try:
        return kind.model_validate({} if given is None else given)
    except ValidationError as error:
        failures = [_failure(detail, kind) for detail in error.errors(include_url=False, include_input=False)]
    raise InvalidBody("; ".join(f"{f.path} {f.message}" for f in failures), failures=failures)


def schema_of(kind: type[Given], *, partial: bool = False) -> dict[str, Any]:
    """The JSON Schema of a body, self-contained; of a `partial` one without defaults, as what is left out stays."""
    schema = kind.model_json_schema()
    if partial:
        for shown in schema["properties"].values():
            shown.pop("default", None)
    definitions = schema.pop("$defs", {})
    inlined: dict[str, Any] = _inlined(schema, definitions)
    return inlined


def _inlined(part: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(part, dict):
        if "$ref" in part:
            return _inlined(definitions[part["$ref"].rpartition("/")[2]], definitions)
        return {key: _inlined(value, definitions) for key, value in part.items() if key != "title"}
    return [_inlined(inner, definitions) for inner in part] if isinstance(part, list) else part


def _failure(detail: Any, kind: type[Given]) -> Failure:
    place = [str(part) for part in detail["loc"]]
    path = ".".join(["body", *(shorten(part, 60) for part in place)])
    if detail["type"] == "extra_forbidden" and len(place) == 1:
        known = kind.model_fields
        return Failure(
            path, f"is nothing that can be given here{did_you_mean(place[0], known) or ':'} {one_of(known)}."
        )
    message = str(detail["msg"])
    return Failure(path, f"is wrong: {message[:1].lower()}{message[1:]}.")
