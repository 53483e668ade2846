"""The path of one call: follow the method's requests, collect pages, find the records, give them in our words."""

import asyncio
from collections.abc import Sequence
from typing import Any

from polyhire.engine.cursor import Position
from polyhire.engine.exchange import Answer
from polyhire.engine.paginate import collect, first_position, next_position, page_of
from polyhire.engine.records import shaped_list, shaped_record
from polyhire.engine.serving import DEFAULT_LIMIT, Outcome, Serving
from polyhire.engine.steps import Followed, Group, Sending, follow
from polyhire.errors import NotFound, ProviderRefused, ProviderUnreachable, Unprocessable
from polyhire.manifest.resource import Step


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
    shaped, partial = await shaped_list(serving, groups, pages[-1].scope)
    return Outcome(
        records=shaped.records,
        answer=_first_answer(pages),
        next_cursor=serving.seal.close(rest, bound_to) if rest is not None else None,
        partial=partial,
        field_errors=shaped.errors,
    )


def _first_answer(pages: Sequence[Followed]) -> Answer | None:
    return next((group.answer for page in pages for group in page.groups), None)


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
    shaped = await shaped_record(serving, followed)
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


def _bound_to(serving: Serving) -> list[Any]:
    """What a cursor is good for: this account, resource and query, and nothing else."""
    call, connection = serving.call, serving.connection
    slug = connection.provider.integration.slug
    return [connection.credential.key, slug, call.resource, call.method, dict(call.query), dict(call.remote_query)]
