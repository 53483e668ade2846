"""A call, what came of it, and what serving it takes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from polyhire.engine.connection import Connection
from polyhire.engine.cursor import Seal
from polyhire.engine.exchange import Answer, FileAnswer, Upload
from polyhire.engine.lookups import KeptLists
from polyhire.engine.scope import Scope
from polyhire.engine.shape import FieldError, Shaper
from polyhire.manifest.resource import Method, Resource

Format = Literal["unified", "raw", "normalized", "stream", "debug"]

DEFAULT_LIMIT = 50
MAX_LIMIT = 10_000


@dataclass(frozen=True)
class Call:
    """What a caller wants: filters in `query` and the `body` are in the model's one form already."""

    resource: str
    method: str
    id: str | None = None
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    upload: Upload | None = None
    limit: int | None = None
    cursor: str | None = None
    fields: tuple[str, ...] | None = None
    exclude: tuple[str, ...] = ()
    remote_data: bool = True
    remote_query: Mapping[str, Any] = field(default_factory=dict)
    format: Format = "unified"
    complete: bool = False


@dataclass
class Outcome:
    """What came of a call. `records` for lists; `record` for everything else that answers one."""

    records: list[dict[str, Any]] = field(default_factory=list)
    record: dict[str, Any] | None = None
    file: FileAnswer | None = None
    answer: Answer | None = None
    next_cursor: str | None = None
    partial: bool = False
    field_errors: list[FieldError] = field(default_factory=list)


class Shapers(Protocol):
    """Gives what shapes the call's records: with its fields, and `also` some that it does not name."""

    def __call__(self, is_partial: bool, also: tuple[str, ...] = (), /) -> Shaper: ...


@dataclass
class Serving:
    """One call being served: what it is, what the integration says about it, and its way to the provider."""

    call: Call
    resource: Resource
    method: Method
    connection: Connection
    seal: Seal
    kept: KeptLists
    shaper: Shapers
    scope: Scope

    @property
    def where(self) -> str:
        """The call's name in messages."""
        return f"{self.connection.provider.integration.slug} {self.call.resource}.{self.call.method}"
