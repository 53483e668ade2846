"""The path of one call: permit it, follow the method's requests, find the records, give them in our words."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import orjson

from polyhire.engine import formats, permit
from polyhire.engine.authenticate import Credential
from polyhire.engine.connection import Connection
from polyhire.engine.cursor import Position, Seal
from polyhire.engine.exchange import Answer, FileAnswer, Upload
from polyhire.engine.lookups import KeptLists, fetch_lookups
from polyhire.engine.paginate import collect, first_position, next_position, page_of
from polyhire.engine.scope import Scope
from polyhire.engine.shape import FieldError, Shaped, Shaper, chosen_fields
from polyhire.engine.steps import Followed, Group, Sending, bounded, follow
from polyhire.errors import InvalidRequest, NotFound, ProviderRefused, ProviderUnreachable, Unprocessable
from polyhire.manifest.resource import Method, Resource, Step
from polyhire.model.resources import RESOURCES

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


@dataclass
class Serving:
    """One call being served: what it is, what the integration says about it, and its way to the provider."""

    call: Call
    resource: Resource
    method: Method
    connection: Connection
    seal: Seal
    kept: KeptLists
    shaper: Callable[[bool], Shaper]
    scope: Scope

    @property
    def where(self) -> str:
        """The call's name in messages."""
        return f"{self.connection.provider.integration.slug} {self.call.resource}.{self.call.method}"


async def run(serving: Serving, seconds: float) -> Outcome:
    """Serve one unified call: ask the provider, then give its answer in our words."""
    call, method = serving.call, serving.method
    try:
        async with asyncio.timeout(seconds):
            if method.returns == "file":
                return await _download(serving)
            return await (_list(serving) if call.method == "list" else _single(serving))
    except TimeoutError:
        name = serving.connection.provider.integration.name
        raise ProviderUnreachable(f"{name} took longer than {seconds:g} s in all (POLYHIRE_CALL_TIMEOUT)") from None


async def _list(serving: Serving) -> Outcome:
    call, connection = serving.call, serving.connection
    name = connection.provider.integration.name
    pagination = connection.provider.plans.pagination_of(serving.method.sequence[0])
    limit = call.limit or DEFAULT_LIMIT
    bound_to = _bound_to(serving)
    start = serving.seal.open(call.cursor, bound_to) if call.cursor else first_position(pagination, limit)

    async def fetch(position: Position) -> Followed:
        scope = serving.scope.with_(page=page_of(position))
        sending = Sending(pagination is not None, position.url, dict(call.remote_query))
        return await follow(serving.method.sequence, scope, connection, sending)

    def onward(position: Position, page: Followed) -> Position | None:
        return next_position(pagination, position, page.first, name)

    if call.format in ("raw", "stream"):  # one page as the provider sent it: several have no one body
        page = await fetch(start)
        rest = onward(start, page)
        return Outcome(answer=_first_answer([page]), next_cursor=serving.seal.close(rest, bound_to) if rest else None)
    groups, pages, rest = await collect(start, limit, fetch, onward, name)
    shaped, partial = await _shaped(serving, groups, pages[-1].scope)
    return Outcome(
        records=shaped.records,
        answer=_first_answer(pages),
        next_cursor=serving.seal.close(rest, bound_to) if rest is not None else None,
        partial=partial,
        field_errors=shaped.errors,
    )


def _first_answer(pages: Sequence[Followed]) -> Answer | None:
    return next((group.answer for page in pages for group in page.groups), None)


async def _shaped(serving: Serving, groups: list[Group], scope: Scope) -> tuple[Shaped, bool]:
    """A list's records in our words, and whether they lack what `get` has."""
    call = serving.call
    raws = [item for group in groups for item in group.items]
    if call.format == "normalized":
        return Shaped([{"remote_data": orjson.Fragment(raw)} for raw in raws]), serving.method.partial
    shaper = serving.shaper(not call.complete)
    completing = serving.method.partial and call.complete
    if completing and "id" not in shaper.fields:  # needed to ask for the rest
        shaper = Shaper(shaper.model, shaper.resource, ("id", *shaper.fields), shaper.partial)
    rows = await fetch_lookups(
        serving.resource.lookups, shaper.lookups if raws else [], raws, scope, serving.connection, serving.kept
    )
    shaped = await shaper.shape(groups, rows, scope)
    _with_remote_data(shaped.records, raws, call)
    if not completing:
        return shaped, serving.method.partial or shaper.is_partial
    return await _completed(serving, shaped), False


async def _completed(serving: Serving, shaped: Shaped) -> Shaped:
    """Every record in full: one `get` for each, a few at a time. A record that is gone stays as the list had it."""
    method = serving.resource.methods["get"]

    async def full(record: dict[str, Any]) -> tuple[dict[str, Any], list[FieldError]]:
        if record.get("id") is None:
            return record, []
        scope = serving.scope.with_(id=record["id"])
        try:
            followed = await follow(method.sequence, scope, serving.connection, Sending())
            got = await _one_record(serving, followed)
        except NotFound:
            return record, []
        return (got.records[0], got.errors) if got else (record, [])

    results = await bounded(shaped.records, full)
    if "id" not in serving.shaper(False).fields:
        for record in shaped.records:
            record.pop("id", None)
    return Shaped([record for record, _ in results], [*shaped.errors, *(e for _, errors in results for e in errors)])


async def _single(serving: Serving) -> Outcome:
    call = serving.call
    remote_data = dict((call.body or {}).get("remote_data") or {})
    sending = Sending(
        url=None,
        more_query=dict(call.remote_query),
        more_body=remote_data or None,
        upload=call.upload,
    )
    name = serving.connection.provider.integration.name
    followed = await _found(serving, serving.method.sequence, sending)
    answer = followed.groups[-1].answer if followed.groups else None
    shaped = await _one_record(serving, followed)
    if shaped is None:
        if call.method == "get":
            raise NotFound(f"{name} has no {call.resource} record '{call.id}'")
        return Outcome(answer=answer)
    return Outcome(record=shaped.records[0], answer=answer, field_errors=shaped.errors)


async def _found(serving: Serving, steps: Sequence[Step], sending: Sending) -> Followed:
    """What came of the steps. A provider that finds the id of a read malformed has no such record."""
    call = serving.call
    try:
        return await follow(steps, serving.scope, serving.connection, sending)
    except (ProviderRefused, Unprocessable) as error:
        if call.method not in ("get", "download") or call.query or call.remote_query:
            raise
        name = serving.connection.provider.integration.name
        raise NotFound(
            f"{name} has no {call.resource} record '{call.id}': {error.message}",
            provider_status=error.provider_status,
            raw_response=error.raw_response,
            headers=error.headers,
        ) from None


async def _one_record(serving: Serving, followed: Followed) -> Shaped | None:
    """The record in the last answer, or None when there is none."""
    group = next((group for group in followed.groups if group.items), None)
    if group is None:
        return None
    raw = group.items[0]
    only = [Group(group.each, group.answer, group.scope, [raw])]
    if serving.call.format == "normalized":
        return Shaped([{"remote_data": orjson.Fragment(raw)}])
    shaper = serving.shaper(False)
    rows = await fetch_lookups(
        serving.resource.lookups, shaper.wanted, [raw], followed.scope, serving.connection, serving.kept
    )
    shaped = await shaper.shape(only, rows, followed.scope)
    _with_remote_data(shaped.records, [raw], serving.call)
    return shaped


async def _download(serving: Serving) -> Outcome:
    """A file as a stream: the steps before the last find it, the last one opens it."""
    steps = serving.method.sequence
    followed = await _found(serving, steps[:-1], Sending())
    if steps[:-1] and not any(_has_found(followed.step, group) for group in followed.groups):
        raise NotFound(f"{serving.connection.provider.integration.name} has no file '{serving.call.id}'")
    return Outcome(file=await serving.connection.open_file(steps[-1], followed.scope))


def _has_found(step: Step | None, group: Group) -> bool:
    if step is not None and (step.items or step.item):
        return bool(group.items)
    return bool(group.answer.body)


def _with_remote_data(records: list[dict[str, Any]], raws: list[bytes], call: Call) -> None:
    wanted = call.remote_data and "remote_data" not in call.exclude
    if wanted and (call.fields is None or "remote_data" in call.fields):
        for record, raw in zip(records, raws, strict=True):
            record["remote_data"] = orjson.Fragment(raw)


def _bound_to(serving: Serving) -> list[Any]:
    """What a cursor is good for: this account, resource and query, and nothing else."""
    call, connection = serving.call, serving.connection
    slug = connection.provider.integration.slug
    return [connection.credential.key, slug, call.resource, call.method, dict(call.query), dict(call.remote_query)]


@dataclass
class Engine:
    """Serves calls on integrations that were made ready; holds what they share."""

    seal: Seal
    call_timeout: float = 120.0
    kept: KeptLists = field(default_factory=KeptLists)
    _shapers: dict[tuple[Any, ...], Shaper] = field(default_factory=dict)

    async def run(self, call: Call, credential: Credential, connection: Connection) -> Outcome:
        """The outcome of a call. Raises CallError for what can't be served, ProviderError for what went wrong there."""
        resource, method = permit.offered(connection.provider.integration, call.resource, call.method)
        serving = self._serving(call, resource, method, credential, connection)
        permit.check_filters(serving.where, method, call.query)
        permit.check_required(serving.where, method, call.query, call.body)
        if call.body is not None:
            permit.check_written(serving.where, method, call.body)
        try:
            return await run(serving, self.call_timeout)
        finally:
            if not connection.repeatable:
                self.kept.forget(credential.key)

    async def proxy(self, call: Call, endpoint: Method, credential: Credential, connection: Connection) -> Outcome:
        """The outcome of one of the provider's own endpoints, in its own words: `call.body` goes there as it is."""
        if call.body is not None:
            call = replace(call, body={"remote_data": call.body})
        return await run(self._serving(call, Resource(), endpoint, credential, connection), self.call_timeout)

    def _serving(
        self, call: Call, resource: Resource, method: Method, credential: Credential, connection: Connection
    ) -> Serving:
        if call.limit is not None and not 1 <= call.limit <= MAX_LIMIT:
            raise InvalidRequest(f"limit is a whole number from 1 to {MAX_LIMIT}")
        body = None if call.body is None else dict(call.body)
        if body is not None and call.upload is not None:
            body["file"] = formats.scope_of(call.upload)
        seen = {"id": call.id, "query": dict(call.query), "body": body, "account": credential.settings}
        return Serving(
            call,
            resource,
            method,
            connection,
            self.seal,
            self.kept,
            lambda partial: self._shaper(resource, call, partial),
            Scope({name: value for name, value in seen.items() if value is not None}),
        )

    def _shaper(self, resource: Resource, call: Call, partial: bool) -> Shaper:
        model = RESOURCES[call.resource]
        fields = chosen_fields(model, call.fields, call.exclude)
        key = (id(resource), fields, partial)
        if key not in self._shapers:
            self._shapers[key] = Shaper(model, resource, fields, partial)
        return self._shapers[key]
