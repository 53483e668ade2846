"""`integration.yaml`: who a provider is, how to connect, how its API behaves; and the whole folder, loaded."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from polyhire.expressions import Expression, leaves
from polyhire.manifest.expression import Jsonata, Leaf, Part, RequestText, Tree, Url
from polyhire.manifest.resource import MAX_STEPS, Endpoints, Leaves, Pagination, Request, Resource, Step

RAISES = Literal[
    "invalid_request",
    "not_found",
    "conflict",
    "unprocessable",
    "credentials_rejected",
    "not_permitted",
    "rate_limited",
    "provider_failed",
    "unreachable",
]


class Ask(Part):
    """One thing to ask a person who connects an account. Secrets go to the vault; the rest becomes `account.*`."""

    label: str
    help: str | None = None
    secret: bool = False
    optional: bool = False
    options: tuple[str, ...] | None = None
    default: str | None = None
    pattern: Annotated[str | None, Field(description="A regular expression that the whole answer matches")] = None
    placeholder: str | None = None

    @property
    def is_bounded(self) -> bool:
        """Whether not every answer will do."""
        return self.options is not None or self.pattern is not None

    def accepts(self, answer: str) -> bool:
        """Whether an answer matches the pattern, where there is one."""
        return self.pattern is None or re.fullmatch(self.pattern, answer) is not None

    def takes(self, answer: str) -> bool:
        """Whether an answer is one of the options, where there are some, and matches the pattern."""
        return (self.options is None or answer in self.options) and self.accepts(answer)


class OptionsFrom(Request):
    """A list at the provider, for a person to choose from."""

    request: RequestText
    items: Jsonata
    value: Annotated[Jsonata, Field(description="What is kept of a record that is chosen")]
    label: Annotated[Jsonata | None, Field(description="What a person reads of a record; its value without it")] = None

    @cached_property
    def step(self) -> Step:
        """The request, as methods have it."""
        parts = {name: getattr(self, name) for name in Request.model_fields}
        return Step.model_construct(**parts, name=None, when=None, each=None)


class Question(Ask):
    """One thing that can only be asked once connected. The answer becomes `account.*`."""

    secret: Literal[False] = False
    options_from: Annotated[OptionsFrom | None, Field(description="What may be answered, asked of the provider")] = None


Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class OAuth2(Part):
    """A grant that turns what was asked, or a consent, into an access token.

    Where `client_id` and `client_secret` are not said or not answered, the environment's own OAuth app fills in.
    """

    grant: Literal["client_credentials", "authorization_code", "refresh_token"]
    token_url: Url
    authorize_url: Url | None = None
    client_id: Jsonata | None = None
    client_secret: Jsonata | None = None
    refresh_token: Annotated[Jsonata | None, Field(description="One that was asked for, to begin with")] = None
    client_auth: Annotated[Literal["basic", "body"], Field(description="Where the client's id and secret go")] = "basic"
    body: Annotated[Literal["form", "json"], Field(description="How the token request is written")] = "form"
    scopes: tuple[str, ...] = ()
    scope_separator: str = " "
    pkce: bool = False
    params: Annotated[Leaves, Field(description="More parameters of the token request, or others")] = {}
    authorize_params: Annotated[Leaves, Field(description="More parameters of the consent page, or others")] = {}
    callback: Annotated[
        dict[str, Jsonata], Field(description="Answers of `ask` that come back from the consent, in callback.*")
    ] = {}
    keep: Annotated[
        dict[str, Jsonata],
        Field(description="What else becomes oauth2.*, from the token's answer; or access_token, expires_in … by name"),
    ] = {}

    @property
    def needs_client(self) -> bool:
        """Whether the grant is nothing without a client's id."""
        return self.grant == "authorization_code" or self.client_id is not None

    @model_validator(mode="after")
    def _complete(self) -> "OAuth2":
        if self.grant == "authorization_code" and self.authorize_url is None:
            raise PydanticCustomError("oauth2", "an authorization_code grant has an `authorize_url`")
        if self.grant == "refresh_token" and self.refresh_token is None:
            raise PydanticCustomError("oauth2", "a refresh_token grant says with `refresh_token` which one")
        return self


class SignInStep(Request):
    """One of several requests that sign in, in order. A redirect is an answer, too: it is not followed."""

    request: RequestText
    name: Annotated[str | None, Field(pattern=r"^[a-z][a-z0-9_]*$", description="How later steps see its answer")] = (
        None
    )


class Discover(Request):
    """One request, or up to three, that find out once what the rest needs, such as the addresses of a data centre."""

    steps: Annotated[tuple[SignInStep, ...] | None, Field(max_length=MAX_STEPS)] = None
    format: Annotated[
        Literal["json", "xml"] | None, Field(description="Of the answers, where it is not the integration's")
    ] = None
    keep: Annotated[dict[str, Jsonata], Field(min_length=1, description="What becomes discover.*, from the answer")]

    @cached_property
    def sequence(self) -> tuple[SignInStep, ...]:
        """The requests, in order."""
        if self.steps is not None:
            return self.steps
        return (SignInStep.model_construct(**{name: getattr(self, name) for name in Request.model_fields}, name=None),)

    @model_validator(mode="after")
    def _request_or_steps(self) -> "Discover":
        if (self.request is None) == (self.steps is None):
            raise PydanticCustomError("sign_in", "signing in is either a `request` or `steps`")
        if self.steps is not None and any(getattr(self, n) for n in ("item", "body_kind", "query", "headers")):
            raise PydanticCustomError("sign_in", "with `steps`, what belongs to a request stands in its step")
        return self


class Session(Discover):
    """Requests that trade what was asked, or a token, for a session."""

    keep: Annotated[dict[str, Jsonata], Field(min_length=1, description="What becomes session.*, from the answer")]
    expires_in: Annotated[Jsonata | None, Field(description="Seconds the session lives, where the answer says")] = None


class Basic(Part):
    """HTTP Basic: an absent half is empty."""

    username: Leaf = None
    password: Leaf = None


class Apply(Part):
    """Where the credential goes on a request; what reads `request` is made for each request anew."""

    basic: Basic | None = None
    bearer: Jsonata | None = None
    headers: Leaves = {}
    query: Leaves = {}
    body: Annotated[dict[str, Tree], Field(description="Goes into the bodies of requests that have one")] = {}

    @cached_property
    def head(self) -> dict[str, Any]:
        """All but the body, as one tree."""
        halves = {"username": self.basic.username, "password": self.basic.password} if self.basic else None
        return {"basic": halves, "bearer": self.bearer, "headers": dict(self.headers), "query": dict(self.query)}

    @cached_property
    def is_signed(self) -> bool:
        """Whether what goes on a request depends on the request."""
        return any(expression.reads("request") for expression in leaves(self.head))


class Connect(Part):
    """One way to connect: `ask -> discover? -> oauth2? -> session? -> apply`."""

    label: str
    help: str | None = None
    ask: dict[Name, Ask] = {}
    discover: Discover | None = None
    oauth2: OAuth2 | None = None
    session: Session | None = None
    apply: Apply
    post_connect: Annotated[dict[Name, Question], Field(description="What is asked once connected")] = {}

    @cached_property
    def token_opens_session(self) -> bool:
        """Whether the token is for signing in alone, and not for the requests after."""
        seen = [expression.inputs for tree in (self.apply.head, self.apply.body) for expression in leaves(tree)]
        is_sent = any(inputs if isinstance(inputs, bool) else "oauth2" in inputs for inputs in seen)
        return self.oauth2 is not None and self.session is not None and not is_sent

    @model_validator(mode="after")
    def _asked_once(self) -> "Connect":
        for name in self.post_connect:
            if name in self.ask:
                raise PydanticCustomError(
                    "ask", "'{name}' is asked twice: in `ask` and in `post_connect`", {"name": name}
                )
        return self

    @model_validator(mode="after")
    def _callback_is_asked(self) -> "Connect":
        for name in self.oauth2.callback if self.oauth2 else ():
            ask = self.ask.get(name)
            if ask is None or ask.secret or not ask.is_bounded:
                # It comes through the browser of whoever connects, and may name the host that secrets are sent to.
                raise PydanticCustomError(
                    "oauth2",
                    "`callback` answers '{name}', which is no part of `ask` with `options` or a `pattern`",
                    {"name": name},
                )
        return self


class Rule(Part):
    """A deviation from the meaning of HTTP statuses."""

    when: Jsonata
    raises: Annotated[RAISES, Field(alias="raise")]


class Errors(Part):
    """How the provider says that something went wrong. Rules are tried first, in order; then the HTTP status."""

    message: Jsonata | None = None
    missing_scopes: Annotated[Jsonata | None, Field(description="The permissions a 403 names")] = None
    rules: tuple[Rule, ...] = ()

    @cached_property
    def deciding(self) -> Expression | None:
        """Every rule in one expression, so that an answer is read once: it finds the number of the rule that holds."""
        if not self.rules:
            return None
        return Expression(
            " : ".join(f"({rule.when.source}\n) ? {n}" for n, rule in enumerate(self.rules)), "errors.rules"
        )


class RateLimit(Part):
    """The provider's budget. `Retry-After` and the usual rate headers are understood without saying."""

    allow: Annotated[str | None, Field(pattern=r"^\d+ per \d*\s?(s|min|h)$", description="`50 per 10s`")] = None
    retry_after: Annotated[Jsonata | None, Field(description="Seconds to wait, where no header says")] = None

    @cached_property
    def budget(self) -> tuple[int, float] | None:
        """Requests, and the seconds in which they may be made."""
        match = re.match(r"^(\d+) per (\d*)\s?(s|min|h)$", self.allow or "")
        if match is None:
            return None
        return int(match[1]), int(match[2] or 1) * {"s": 1.0, "min": 60.0, "h": 3600.0}[match[3]]


class IntegrationFile(Part):
    """What stands in `integration.yaml`."""

    name: str
    docs: Annotated[str, Field(pattern=r"^https?://")]
    base_url: Url
    format: Literal["json", "xml"] = "json"
    headers: Annotated[Leaves, Field(description="Sent with every request")] = {}
    file_hosts: Annotated[
        tuple[str, ...],
        Field(description="Hosts (`*.example.com`, or `*`) that files may come from, without credentials"),
    ] = ()
    connect: Annotated[dict[str, Connect], Field(min_length=1)]
    check: Annotated[Request, Field(description="One cheap call that proves that a credential works")]
    pagination: Pagination | None = None
    errors: Errors = Errors()
    rate_limit: RateLimit = RateLimit()

    @field_validator("check", mode="before")
    @classmethod
    def _line_is_enough(cls, check: object) -> object:
        return {"request": check} if isinstance(check, str) else check


@dataclass(frozen=True)
class Integration:
    """One folder, loaded: everything polyhire knows about a provider."""

    slug: str
    folder: Path
    file: IntegrationFile
    resources: dict[str, Resource]
    endpoints: Endpoints = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The provider's name for people."""
        return self.file.name
