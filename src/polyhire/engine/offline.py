"""A provider's raw answer in our words, with no server and no account: for people who write mappings."""

from collections.abc import Mapping, Sequence

import orjson

from polyhire.engine import formats, permit
from polyhire.engine.exchange import Answer
from polyhire.engine.items import items_of
from polyhire.engine.scope import Scope
from polyhire.engine.shape import Shaped, Shaper, chosen_fields
from polyhire.engine.steps import Group
from polyhire.errors import InvalidRequest
from polyhire.expressions import ABSENT, Expression
from polyhire.manifest.integration import Integration
from polyhire.manifest.resource import Step
from polyhire.model.resources import resource as model_of
from polyhire.suggest import did_you_mean, one_of


async def map_answer(
    integration: Integration,
    resource: str,
    method: str,
    body: bytes,
    *,
    id: str | None = None,
    account: Mapping[str, str] | None = None,
    lookups: Mapping[str, bytes] | None = None,
) -> Shaped:
    """The records in a method's raw answer. `lookups` are raw answers too, by the lookup's name.

    Raises InvalidRequest when a body is not what the provider's API speaks, or a lookup is not known.
    """
    found, offered = permit.offered(integration, resource, method)
    model = model_of(resource)
    scope = Scope({"id": id if id is not None else ABSENT, "query": {}, "account": dict(account or {})})
    step = _answering(offered.sequence, scope)
    group = _group(integration, step.items or step.item, body, scope)
    given = lookups or {}
    for name in given:
        if name not in found.lookups:
            near = did_you_mean(name, found.lookups)
            raise InvalidRequest(f"{resource} has no lookup '{name}'{near}; it has: {one_of(found.lookups)}")
    rows = {name: _group(integration, found.lookups[name].items, raw, scope).items for name, raw in given.items()}
    shaped = await Shaper(model, found, chosen_fields(model, None, ()), partial=False).shape([group], rows, scope)
    for record, item in zip(shaped.records, group.items, strict=True):
        record["remote_data"] = orjson.Fragment(item)
    return shaped


def _answering(steps: Sequence[Step], scope: Scope) -> Step:
    """The step whose answer is the method's, for a call without filters."""
    running = [step for step in steps if step.when is None or scope.evaluate(step.when)]
    return running[-1] if running else steps[-1]


def _group(integration: Integration, where: Expression | None, body: bytes, scope: Scope) -> Group:
    data = formats.json_of(body, "", None, integration.file.format)
    if data is None:
        raise InvalidRequest(f"the answer is not {integration.file.format}: {len(body)} bytes that can't be read")
    answer = Answer(200, {}, data, "", "")
    told = scope.with_(status=200, headers={}, links={}, body=answer.json)
    return Group(ABSENT, answer, told, items_of(where, told, data) if where is not None else [])
