"""The engine: serves calls of every account, on integrations that were made ready."""

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from polyhire.engine import formats, permit
from polyhire.engine.call import run
from polyhire.engine.connection import Connection
from polyhire.engine.credential import Credential
from polyhire.engine.cursor import Seal
from polyhire.engine.lookups import KeptLists
from polyhire.engine.scope import Scope
from polyhire.engine.serving import MAX_LIMIT, Call, Outcome, Serving
from polyhire.engine.shape import Shaper, chosen_fields
from polyhire.errors import InvalidRequest
from polyhire.manifest.resource import Method, Resource
from polyhire.model.resources import RESOURCES


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
            partial(self._shaper, resource, call),
            Scope({name: value for name, value in seen.items() if value is not None}),
        )

    def _shaper(self, resource: Resource, call: Call, is_partial: bool, also: tuple[str, ...] = ()) -> Shaper:
        model = RESOURCES[call.resource]
        fields = (*also, *chosen_fields(model, call.fields, call.exclude))
        key = (id(resource), fields, is_partial)
        if key not in self._shapers:
            self._shapers[key] = Shaper(model, resource, fields, is_partial)
        return self._shapers[key]
