"""`resources/<resource>.yaml` and `endpoints.yaml`: our noun in the provider's words."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from polyhire.expressions import Expression, leaves
from polyhire.manifest.expression import Jsonata, Leaf, Part, RequestText, Tree

MAX_STEPS = 3

Leaves = dict[str, Leaf]


class Pagination(Part):
    """How a provider says that there is more, and where tokens and sizes go."""

    next: Annotated[Jsonata | None, Field(description="The next page's token, or nothing")] = None
    next_url: Annotated[Jsonata | None, Field(description="The next page's address, or nothing")] = None
    first: Annotated[int | str | None, Field(description="The first page's token, where there is one")] = None
    query: Annotated[Leaves, Field(description="Query parameters that carry page.token and page.size")] = {}
    headers: Annotated[Leaves, Field(description="Headers that carry page.token and page.size")] = {}
    json_body: Annotated[dict[str, Tree], Field(alias="json", description="Body keys that carry them")] = {}
    max_size: Annotated[int | None, Field(ge=1, description="The largest page the provider serves")] = None

    @model_validator(mode="after")
    def _one_way_on(self) -> "Pagination":
        if (self.next is None) == (self.next_url is None):
            raise PydanticCustomError("pagination", "pagination has either `next` or `next_url`")
        return self


class Request(Part):
    """One request: its line, what goes with it, and where the records are in its answer."""

    request: RequestText | None = None
    query: dict[str, Tree] = {}
    headers: Leaves = {}
    json_body: Annotated[Tree | None, Field(alias="json")] = None
    form: dict[str, Tree] | None = None
    multipart: dict[str, Tree] | None = None
    xml: dict[str, Tree] | None = None
    pagination: Annotated[Pagination | Literal["none"] | None, Field(description="Overrides the integration's")] = None
    items: Annotated[Jsonata | None, Field(description="The records in the answer")] = None
    item: Annotated[Jsonata | None, Field(description="The one record in the answer")] = None
    authenticate: Annotated[bool, Field(description="Send the account's credentials along")] = True

    @property
    def body_kind(self) -> Literal["json", "form", "multipart", "xml"] | None:
        """Which kind of body is sent, if any."""
        if self.json_body is not None:
            return "json"
        return (
            "form"
            if self.form is not None
            else "multipart"
            if self.multipart is not None
            else "xml"
            if self.xml
            else None
        )

    @property
    def asks(self) -> list[Expression]:
        """The expressions that make the request."""
        trees = (self.query, self.headers, self.json_body, self.form, self.multipart, self.xml)
        line = self.request.holes if self.request else ()
        return [*line, *(expression for tree in trees for expression in leaves(tree))]

    @model_validator(mode="after")
    def _one_body(self) -> "Request":
        bodies = [n for n in ("json_body", "form", "multipart", "xml") if getattr(self, n) is not None]
        if len(bodies) > 1:
            raise PydanticCustomError("body", "a request has one body: json, form, multipart or xml")
        return self


class Step(Request):
    """One of several requests of a method, in order."""

    request: RequestText
    name: Annotated[str | None, Field(pattern=r"^[a-z][a-z0-9_]*$", description="How later steps see its answer")] = (
        None
    )
    when: Annotated[Jsonata | None, Field(description="The step is skipped unless this is true")] = None
    each: Annotated[Jsonata | None, Field(description="The step runs once for each of these")] = None

    @property
    def asks(self) -> list[Expression]:
        """The expressions that decide on the request and make it."""
        return [*super().asks, *(expression for expression in (self.when, self.each) if expression is not None)]


class Method(Request):
    """One thing that can be done with a resource: one request, or up to three steps."""

    steps: Annotated[tuple[Step, ...] | None, Field(max_length=MAX_STEPS)] = None
    required: Annotated[
        tuple[str, ...],
        Field(description="Filters (of a list) or body paths (of a write) that must be given; `a|b` is one of"),
    ] = ()
    partial: Annotated[bool, Field(description="A list whose rows lack what get has")] = False
    returns: Literal["record", "file"] = "record"
    permission: Annotated[str | None, Field(description="The provider's name of the permission that it needs")] = None
    note: Annotated[str | None, Field(description="What a caller should know, in a sentence")] = None

    @cached_property
    def sequence(self) -> tuple[Step, ...]:
        """The method's requests, in order; a method without steps is one."""
        if self.steps is not None:
            return self.steps
        parts = {name: getattr(self, name) for name in Request.model_fields}
        return (Step.model_construct(**parts, name=None, when=None, each=None),)

    @property
    def asks(self) -> list[Expression]:
        """Every expression on the request side: what of the call they read is what the method honours."""
        return [expression for step in self.sequence for expression in step.asks]

    @cached_property
    def filters(self) -> dict[str, frozenset[str] | None]:
        """The unified filters that are applied -> their operators (None: the plain value)."""
        return {name: None if reads is True else frozenset(reads) for name, reads in self._reads("query").items()}

    @cached_property
    def written(self) -> Mapping[str, Any] | None:
        """What of a body is written: field -> True or the keys inside; None when the body goes as a whole."""
        reads = self._reads("body")
        return None if "*" in reads else reads

    def _reads(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for expression in self.asks:
            _join(found, expression.reads(name))
        return found

    @model_validator(mode="after")
    def _request_or_steps(self) -> "Method":
        if (self.request is None) == (self.steps is None):
            raise PydanticCustomError("method", "a method has either `request` or `steps`")
        if self.steps is not None and any(getattr(self, n) for n in ("items", "item", "body_kind", "query", "headers")):
            raise PydanticCustomError("method", "with `steps`, what belongs to a request stands in its step")
        return self


class Keep(Part):
    """A small list that may stay in memory: names and ids, never people."""

    minutes: Annotated[float, Field(gt=0, le=60)]
    only: Annotated[tuple[str, ...], Field(min_length=1, description="The keys that are kept of each row")]


class Lookup(Request):
    """Rows of another list, joined to each record; run only when a requested field uses it."""

    request: RequestText
    items: Jsonata
    by: Annotated[Jsonata, Field(description="The rows are grouped by this, evaluated on a row")]
    on: Annotated[Jsonata, Field(description="What it is in the record: one value or several")]
    each: Annotated[Jsonata | None, Field(description="One request for each of these, instead of one for all")] = None
    batch: Annotated[int | None, Field(ge=1, description="At most so many `items` in one request")] = None
    partial: Annotated[bool, Field(description="On a list only with complete=true: one request per record")] = False
    keep: Keep | None = None


class Resource(Part):
    """One unified resource of one integration."""

    docs: Annotated[str | None, Field(description="The provider's page", pattern=r"^https?://")] = None
    list: Method | None = None
    get: Method | None = None
    create: Method | None = None
    update: Method | None = None
    delete: Method | None = None
    move_stage: Annotated[Method | None, Field(alias="move-stage")] = None
    reject: Method | None = None
    unreject: Method | None = None
    hire: Method | None = None
    download: Method | None = None
    add_tag: Annotated[Method | None, Field(alias="add-tag")] = None
    remove_tag: Annotated[Method | None, Field(alias="remove-tag")] = None
    lookups: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], Lookup] = {}
    fields: dict[str, Tree] = {}
    absent: Annotated[
        str | dict[str, str], Field(description="Why the resource, or a field or method of it, is not there")
    ] = {}

    @field_validator("absent")
    @classmethod
    def _reasons(cls, absent: str | dict[str, str]) -> str | dict[str, str]:
        for reason in [absent] if isinstance(absent, str) else absent.values():
            if len(reason.split()) < 2:
                raise PydanticCustomError("absent", "the reason is a sentence, not '{reason}'", {"reason": reason})
        return absent

    @cached_property
    def methods(self) -> dict[str, Method]:
        """What is offered, by the method's name in the API."""
        found = {(f.alias or name): getattr(self, name) for name, f in Resource.model_fields.items() if name in METHODS}
        return {name: method for name, method in found.items() if method is not None}

    @property
    def absent_reasons(self) -> dict[str, str]:
        """Field or method -> why it is not there."""
        return self.absent if isinstance(self.absent, dict) else {}


METHODS = frozenset(name for name in Resource.model_fields if name not in ("docs", "lookups", "fields", "absent"))
"""The attributes of Resource that are methods."""


class Endpoint(Method):
    """One endpoint of the provider, served as it is through the proxy: a list when it has `items`."""


Endpoints = dict[str, dict[str, Endpoint]]
"""`endpoints.yaml`: the provider's resource -> method -> endpoint."""


def _join(found: dict[str, Any], reads: Mapping[str, Any] | bool) -> None:
    """Add what one expression reads to what others do; the whole of something is `*`."""
    if isinstance(reads, bool):
        found["*"] = True
    else:
        for name, inner in reads.items():
            if inner is True or found.get(name) is True:
                found[name] = True
            else:
                _join(found.setdefault(name, {}), inner)
