"""Several requests in order: a step sees the ones before it, may be skipped, and may run once for each of several."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

import orjson

from polyhire.engine.connection import Connection
from polyhire.engine.exchange import Answer, Upload
from polyhire.engine.items import items_of, joined
from polyhire.engine.request import unusable
from polyhire.engine.scope import Scope
from polyhire.errors import MappingError
from polyhire.expressions import ABSENT, Expression
from polyhire.manifest.resource import Step

Value = TypeVar("Value")
Result = TypeVar("Result")

_WRITING = frozenset({"POST", "PUT", "PATCH"})
_OF_THE_CALL = frozenset({"id", "query", "body", "account"})

AT_ONCE = 8
"""Requests of one call that run at the same time; the account's throttle bounds all its calls together."""


@dataclass(frozen=True)
class Group:
    """One answer of a step: what it was for (`each`), what came, and the records in it."""

    each: Any
    answer: Answer
    scope: Scope
    items: list[bytes] = field(default_factory=list)


@dataclass(frozen=True)
class Followed:
    """What came of a method's steps: the last one's groups are the answer, the first one's tells of more."""

    groups: list[Group]
    step: Step | None
    first: Group | None
    scope: Scope


@dataclass(frozen=True)
class Sending:
    """What goes along with a method's requests beside what its expressions say."""

    paginated: bool = False
    url: str | None = None
    more_query: dict[str, Any] | None = None
    more_body: dict[str, Any] | None = None
    upload: Upload | None = None


async def follow(steps: Sequence[Step], scope: Scope, connection: Connection, sending: Sending) -> Followed:
    """Run the steps in order. The first that runs is the one that paginates."""
    groups: list[Group] = []
    first: Group | None = None
    done: Step | None = None
    writing = _writing(steps, scope) if sending.more_body else None
    for step in steps:
        if step.when is not None and not _said(step.when, scope):
            continue
        eaches = [ABSENT] if step.each is None else many(_said(step.each, scope))
        along = sending if first is None else Sending(upload=sending.upload)
        if sending.more_body is not None:
            along = replace(along, more_body=sending.more_body if step is writing else None)
        groups = await bounded(eaches, partial(_one, step, scope, connection, along))
        first = first or (groups[0] if groups else None)
        done = step
        if step.name is not None:
            scope = scope.with_(**{step.name: _seen(step, groups)})
    return Followed(groups, done, first, scope)


def _writing(steps: Sequence[Step], scope: Scope) -> Step | None:
    """The step that a caller's own `remote_data` goes with: the last one that runs and changes something."""
    changing = [step for step in steps if step.request.verb in _WRITING or step.body_kind is not None]
    running = [step for step in changing if step.when is None or _may_run(step.when, scope)]
    return running[-1] if running else None


def _may_run(when: Expression, scope: Scope) -> bool:
    """Whether a step will run, as far as the call alone tells; one that depends on earlier steps may."""
    known = isinstance(when.inputs, bool) or all(name in _OF_THE_CALL for name in when.inputs)
    return not known or bool(_said(when, scope))


def _said(expression: Expression, scope: Scope) -> Any:
    """What `when` or `each` finds. Raises InvalidRequest where it fails, as the step's request would."""
    try:
        return scope.evaluate(expression)
    except MappingError as error:
        raise unusable(error) from None


async def _one(step: Step, scope: Scope, connection: Connection, along: Sending, each: Any) -> Group:
    here = scope.with_(each=each)
    answer, told = await connection.send(
        step,
        here,
        paginated=along.paginated and step.each is None,
        url=along.url,
        more_query=along.more_query,
        more_body=along.more_body,
        upload=along.upload,
    )
    where = step.items or step.item
    found = items_of(where, told, answer.body) if where is not None else []
    return Group(each, answer, told, found)


def _seen(step: Step, groups: Sequence[Group]) -> Any:
    """How later steps see a step: its records, its one record, or its answer's body."""
    records = [record for group in groups for record in group.items]
    if step.items is not None:
        return joined(records)
    if step.each is not None:
        return joined(records) if step.item is not None else [group.answer.json for group in groups]
    if step.item is not None:
        return orjson.Fragment(records[0]) if records else ABSENT
    return groups[0].answer.json if groups else ABSENT


async def bounded(values: Sequence[Value], work: Callable[[Value], Awaitable[Result]]) -> list[Result]:
    """The work on every value, at most AT_ONCE at a time, results in order. The first error stops the rest."""
    if len(values) == 1:
        return [await work(values[0])]
    gate = asyncio.Semaphore(AT_ONCE)

    async def guarded(value: Value) -> Result:
        async with gate:
            return await work(value)

    tasks = [asyncio.create_task(guarded(value)) for value in values]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()


def many(found: Any) -> list[Any]:
    """What an expression found as a list: nothing, one thing or several."""
    if found is ABSENT or found is None:
        return []
    return found if isinstance(found, list) else [found]
