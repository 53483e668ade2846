"""Calls of accounts: unified ones, the provider's own endpoints, and any path below its base URL."""

import re
import time
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

import structlog
from prometheus_client import Counter, Histogram

from polyhire.accounts.account import Account
from polyhire.accounts.store import Store
from polyhire.engine import debug
from polyhire.engine.connection import Connection
from polyhire.engine.cursor import Seal
from polyhire.engine.engine import Engine
from polyhire.engine.exchange import Answer, FileAnswer, Outgoing
from polyhire.engine.serving import Call, Outcome
from polyhire.errors import (
    CredentialsRejected,
    InvalidRequest,
    NeedsReauth,
    PolyhireError,
    SettingsError,
    UnknownResource,
    UnsupportedMethod,
)
from polyhire.gateway.connecting import Connecting
from polyhire.gateway.credentials import Credentials, check_not_blocked, checked_overrides
from polyhire.manifest.catalog import Catalog, shipped
from polyhire.manifest.resource import Method
from polyhire.settings import Settings
from polyhire.suggest import did_you_mean, one_of

log = structlog.get_logger("polyhire.gateway")

CALLS = Counter("polyhire_calls_total", "Calls served", ["integration", "resource", "method", "result"])
SECONDS = Histogram("polyhire_call_seconds", "Seconds per call, the provider's included", ["integration", "method"])

_counter = lru_cache(maxsize=4096)(CALLS.labels)
_histogram = lru_cache(maxsize=1024)(SECONDS.labels)

Came = TypeVar("Came")

READS = frozenset({"list", "get", "download"})


@dataclass
class Served:
    """What came of a call: the outcome, the provider's rate headers, and the exchanges when they were asked for."""

    outcome: Outcome
    rates: Mapping[str, str] = field(default_factory=dict)
    exchanges: list[dict[str, Any]] = field(default_factory=list)


class Gateway(Connecting):
    """Connects accounts and serves their calls. Open it once per process; every setting comes in at the start."""

    def __init__(self, settings: Settings, store: Store, catalog: Catalog) -> None:
        super().__init__(store, catalog, Credentials(settings, store, catalog))
        self.settings = settings
        self._engine = Engine(Seal([key for _, key in store.keys.derive("cursor")]), settings.call_timeout)

    @classmethod
    async def open(cls, settings: Settings) -> "Gateway":
        """The gateway on the database and integrations that the settings name. Raises SettingsError."""
        folders: list[Path] = [shipped()]
        if settings.integrations is not None:
            if not settings.integrations.is_dir():
                raise SettingsError(f"POLYHIRE_INTEGRATIONS: there is no folder {settings.integrations}")
            folders.append(settings.integrations)
        checked_overrides(settings)  # before there is a database to close again
        return cls(settings, await Store.open(settings), Catalog(folders))

    async def close(self) -> None:
        """Close the connections to providers and the database."""
        await self.credentials.close()
        await self.store.close()

    async def serve(self, account: Account, call: Call) -> Served:
        """One unified call. Raises CallError, AccountError or ProviderError."""
        connection = self._connection(account, call)
        running = self._engine.run(call, connection.credential, connection)
        return self._served(account, call, connection, await self._timed(account, call, running))

    async def proxy(self, account: Account, call: Call) -> Served:
        """One of the provider's own endpoints, by its name in the integration's `endpoints.yaml`."""
        endpoint = self._endpoint(account.integration, call)
        connection = self._connection(account, call)
        running = self._engine.proxy(call, endpoint, connection.credential, connection)
        return self._served(account, call, connection, await self._timed(account, call, running))

    async def custom(self, account: Account, outgoing: Outgoing) -> Answer | FileAnswer:
        """Any verb and path (`outgoing.url`) under the provider's base URL, with its auth, answered as it comes."""
        if ".." in re.split(r"[/\\]", unquote(outgoing.url.split("?")[0])):
            raise InvalidRequest("a path can't go up with '..'")
        call = Call("custom", outgoing.verb)
        return await self._timed(account, call, self._connection(account, call).pass_through(outgoing))

    def _connection(self, account: Account, call: Call) -> Connection:
        check_not_blocked(account)
        trace: list[Any] | None = [] if call.format == "debug" else None
        return Connection(
            self.credentials.provider(account.integration),
            self.credentials.of(account),
            repeatable=call.method in READS,
            trace=trace,
        )

    def _endpoint(self, slug: str, call: Call) -> Method:
        endpoints = self.catalog.integration(slug).endpoints
        if call.resource not in endpoints:
            near = did_you_mean(call.resource, endpoints)
            raise UnknownResource(f"{slug} has no endpoint '{call.resource}'{near}; it has: {one_of(endpoints)}")
        methods = endpoints[call.resource]
        if call.method not in methods:
            raise UnsupportedMethod(
                f"{slug} has no {call.method} on endpoint '{call.resource}'; it has: {one_of(methods)}",
                offered=tuple(methods),
            )
        return methods[call.method]

    def _served(self, account: Account, call: Call, connection: Connection, outcome: Outcome) -> Served:
        for failed in outcome.field_errors:
            log.warning("field failed", integration=account.integration, resource=call.resource, field=failed.field)
        exchanges = debug.render(connection.trace, connection.credential) if connection.trace is not None else []
        return Served(outcome, connection.rates, exchanges)

    async def _timed(self, account: Account, call: Call, running: Awaitable[Came]) -> Came:
        """What comes of a call, counted; the account's status follows what the provider says of its credentials."""
        started = time.perf_counter()
        result = "ok"
        try:
            came = await running
            if account.status == "needs_reauth":
                await self.store.set_status(account.id, "active")
            return came
        except PolyhireError as error:
            result = error.code
            if isinstance(error, CredentialsRejected | NeedsReauth):
                await self.credentials.rejected(account, error)
            raise
        finally:
            seconds = time.perf_counter() - started
            _counter(account.integration, call.resource, call.method, result).inc()
            _histogram(account.integration, call.method).observe(seconds)
            structlog.contextvars.bind_contextvars(  # told in the one line of the request
                account=account.id,
                integration=account.integration,
                resource=call.resource,
                call=call.method,
                result=result,
            )
