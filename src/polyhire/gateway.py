"""The one door: an account, a call, an answer. API and CLI come through here, and nothing goes round it."""

import re
import time
from collections.abc import Awaitable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

import structlog
from prometheus_client import Counter, Histogram

from polyhire.accounts.account import Account
from polyhire.accounts.leases import REFRESH
from polyhire.accounts.locks import one_at_a_time
from polyhire.accounts.refreshes import Refreshes
from polyhire.accounts.store import Store
from polyhire.engine import consent, debug
from polyhire.engine.authenticate import Authenticator
from polyhire.engine.choices import Choice, choices
from polyhire.engine.connection import Connection, Provider
from polyhire.engine.consent import Consented
from polyhire.engine.credential import Client, Credential, State
from polyhire.engine.cursor import Seal
from polyhire.engine.engine import Engine
from polyhire.engine.exchange import Answer, FileAnswer, Outgoing
from polyhire.engine.request import Plans, moved
from polyhire.engine.scope import Scope
from polyhire.engine.serving import Call, Outcome
from polyhire.engine.throttle import Throttle
from polyhire.engine.transport import Transport, host_and_port
from polyhire.errors import (
    AccountBlocked,
    CredentialsRejected,
    InvalidRequest,
    NeedsReauth,
    NotPermittedHere,
    PolyhireError,
    SettingsError,
    UnknownResource,
    UnsupportedMethod,
)
from polyhire.manifest import form
from polyhire.manifest.catalog import Catalog, shipped
from polyhire.manifest.integration import Connect, Integration
from polyhire.manifest.resource import Method
from polyhire.settings import Settings
from polyhire.suggest import did_you_mean, one_of

log = structlog.get_logger("polyhire.gateway")

CALLS = Counter("polyhire_calls_total", "Calls served", ["integration", "resource", "method", "result"])
SECONDS = Histogram("polyhire_call_seconds", "Seconds per call, the provider's included", ["integration", "method"])

Came = TypeVar("Came")

READS = frozenset({"list", "get", "download"})


@dataclass
class Served:
    """What came of a call: the outcome, the provider's rate headers, and the exchanges when they were asked for."""

    outcome: Outcome
    rates: Mapping[str, str] = field(default_factory=dict)
    exchanges: list[dict[str, Any]] = field(default_factory=list)


class Gateway:
    """Serves calls of accounts. Open it once per process; every setting comes in at the start."""

    connect_of = staticmethod(form.way_of)
    answers = staticmethod(form.answers)

    def __init__(self, settings: Settings, store: Store, catalog: Catalog) -> None:
        self.settings = settings
        self.store = store
        self.catalog = catalog
        self._overrides = _checked_overrides(settings)
        self._transport = Transport(
            timeout=settings.request_timeout,
            max_bytes=settings.max_answer_bytes,
            open_hosts=[host_and_port(url) for url in self._overrides.values()],
            private=settings.allow_private_hosts,
        )
        self._throttle = Throttle()
        self._engine = Engine(Seal([key for _, key in store.keys.derive("cursor")]), settings.call_timeout)
        self._providers: dict[str, Provider] = {}
        self._credentials: dict[str, tuple[int, Credential]] = {}

    @classmethod
    async def open(cls, settings: Settings) -> "Gateway":
        """The gateway on the database and integrations that the settings name. Raises SettingsError."""
        folders: list[Path] = [shipped()]
        if settings.integrations is not None:
            if not settings.integrations.is_dir():
                raise SettingsError(f"POLYHIRE_INTEGRATIONS: there is no folder {settings.integrations}")
            folders.append(settings.integrations)
        _checked_overrides(settings)  # before there is a database to close again
        return cls(settings, await Store.open(settings), Catalog(folders))

    async def close(self) -> None:
        """Close the connections to providers and the database."""
        await self._transport.close()
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

    async def add_account(
        self,
        environment_id: str,
        slug: str,
        given: Mapping[str, Any],
        *,
        tenant_id: str,
        name: str | None = None,
        connect: str | None = None,
        state: State | None = None,
        more: Mapping[str, str] | None = None,
    ) -> Account:
        """Connect an account: its answers are checked at the provider before anything is saved as active.

        `state` is what a consent yielded, where one was needed; `more` are values of the caller's own, kept with the
        settings. Where something has to be asked once connected, the account is `connecting` until `settle`.
        """
        await self._check_offered(environment_id, slug)
        way, credential = self._passing(environment_id, slug, connect, given, state)
        await self._check(self.catalog.integration(slug), credential)
        settings, secrets = credential.parted()
        return await self.store.add_account(
            environment_id,
            slug,
            tenant_id,
            name=name,
            status="active" if is_settled(credential.connect, {}) else "connecting",
            connect=way,
            settings={**(more or {}), **settings},
            secrets=secrets,
            state=credential.state,
        )

    async def keep_unchecked(
        self,
        environment_id: str,
        slug: str,
        given: Mapping[str, Any],
        reason: str,
        *,
        tenant_id: str,
        connect: str | None = None,
        state: State,
    ) -> Account:
        """Remember an account that was consented to, but does not work: `validation_error`, with the reason."""
        way, credential = self._passing(environment_id, slug, connect, given, state)
        settings, secrets = credential.parted()
        account = await self.store.add_account(
            environment_id, slug, tenant_id, connect=way, settings=settings, secrets=secrets, state=credential.state
        )
        return await self.store.set_status(account.id, "validation_error", reason)

    async def choices(self, account: Account) -> dict[str, tuple[Choice, ...]]:
        """The provider's options for what is asked once connected; the account is `post_install_error` without them."""
        connection = Connection(self.provider(account.integration), self._credential(account), repeatable=True)
        asked = connection.credential.connect.post_connect
        try:
            return {
                name: await choices(question.options_from, connection)
                for name, question in asked.items()
                if question.options_from is not None
            }
        except PolyhireError as error:
            await self.store.set_status(account.id, "post_install_error", error.message)
            raise

    async def settle(
        self, account: Account, given: Mapping[str, Any], offered: Mapping[str, Collection[str]]
    ) -> Account:
        """Store what was asked once connected; the account is active then. Raises InvalidBody."""
        _, way = self.connect_of(self.catalog.integration(account.integration), account.connect)
        found = form.questions(way, given, offered)
        others = {name: value for name, value in account.settings.items() if name not in way.post_connect}
        return await self.store.update_account(
            account.id, settings={**others, **found}, status="active", last_error=None
        )

    async def reconnect(
        self,
        account: Account,
        given: Mapping[str, Any],
        *,
        connect: str | None = None,
        state: State | None = None,
        more: Mapping[str, str] | None = None,
    ) -> Account:
        """New answers for an account, beside those it keeps, checked like those of a new one; its state begins anew.

        `more` takes the place of the settings that nobody asks for; without it they stay.
        """
        _check_not_blocked(account)
        slug = account.integration
        way, parts = self.connect_of(self.catalog.integration(slug), connect or account.connect)
        kept = {name: value for name, value in {**account.settings, **account.secrets}.items() if name in parts.ask}
        _, credential = self._passing(account.environment_id, slug, way, {**kept, **given}, state)
        await self._check(self.catalog.integration(slug), credential)
        settings, secrets = credential.parted()
        later = {name: value for name, value in account.settings.items() if name in parts.post_connect}
        if more is None:
            more = {name: value for name, value in account.settings.items() if name not in (*parts.ask, *later)}
        async with self.store.lease(REFRESH, account.id):  # a refresh under way would be for nothing
            return await self.store.update_account(
                account.id,
                connect=way,
                settings={**more, **later, **settings},
                secrets=secrets,
                state=credential.state,
                status="active" if is_settled(parts, later) else "connecting",
                last_error=None,
            )

    def needs_consent(self, slug: str, given: Mapping[str, Any], *, connect: str | None = None) -> bool:
        """Whether a person has to consent on the provider's page before such an account can be added."""
        return consent.is_needed(self._passing("", slug, connect, given, None)[1])

    async def consent_url(
        self,
        environment_id: str,
        slug: str,
        given: Mapping[str, Any],
        *,
        connect: str | None = None,
        redirect_uri: str,
        state: str,
        challenge: str | None = None,
        scopes: Sequence[str] | None = None,
    ) -> str:
        """The provider's consent page for these answers; `scopes` go before all others.

        Raises InvalidBody, MissingApp.
        """
        _, credential = self._passing(environment_id, slug, connect, given, None)
        if scopes is not None:
            own = replace(await credential.client(), scopes=tuple(scopes))
            credential.client = partial(_this, own)
        provider = self.provider(slug)
        return await consent.consent_url(
            credential,
            provider.authenticator,
            redirect_uri=redirect_uri,
            state=state,
            challenge=challenge,
            send=Connection(provider, credential, repeatable=False).send_raw,
        )

    async def redeem(
        self,
        environment_id: str,
        slug: str,
        given: Mapping[str, Any],
        answered: Mapping[str, str],
        *,
        connect: str | None = None,
        redirect_uri: str,
        verifier: str | None = None,
    ) -> Consented:
        """What came back from the consent, traded for a token: what to add or reconnect an account with.

        Raises ConsentDenied, MissingApp, InvalidRequest or a ProviderError.
        """
        _, credential = self._passing(environment_id, slug, connect, given, None)
        provider = self.provider(slug)
        await consent.redeem(
            credential,
            provider.authenticator,
            answered,
            redirect_uri=redirect_uri,
            verifier=verifier,
            send=Connection(provider, credential, repeatable=False).send_raw,
        )
        return Consented(credential.asked, credential.state)

    def _passing(
        self, environment_id: str, slug: str, connect: str | None, given: Mapping[str, Any], state: State | None
    ) -> tuple[str, Credential]:
        """A way to connect, and a credential of it that lives in memory only. Raises InvalidBody."""
        integration = self.catalog.integration(slug)
        way, parts = self.connect_of(integration, connect)

        async def keep(changed: State) -> None:
            credential.state = changed

        async def kept() -> State:
            return credential.state

        credential = Credential(
            f"new {slug}",
            parts,
            self.answers(integration, parts, given),
            state or {},
            lambda: one_at_a_time(object()),
            kept,
            keep,
            lambda: self._client(environment_id, slug),
        )
        return way, credential

    async def _check_offered(self, environment_id: str, slug: str) -> None:
        if not (await self.store.apps.of(environment_id, self.catalog.integration(slug).slug)).enabled:
            raise NotPermittedHere(
                f"{slug} is disabled in this environment: no account can be connected. An administrator can enable it."
            )

    async def _client(self, environment_id: str, slug: str) -> Client:
        """The environment's own OAuth app for an integration."""
        app = await self.store.apps.of(environment_id, slug)
        return Client(app.client_id or "", app.client_secret or "", app.scopes)

    async def refresh_credentials(self, account: Account) -> Account:
        """Get a new token or session now, and see that it works. Raises CredentialsRejected or NeedsReauth."""
        _check_not_blocked(account)
        provider, credential = self.provider(account.integration), self._credential(account)
        send = Connection(provider, credential, repeatable=False).send_raw
        try:
            await provider.authenticator.renew(credential, credential.state, send)
        except (CredentialsRejected, NeedsReauth) as error:
            self._credentials.pop(account.id, None)
            await self._rejected(account, error)
            raise
        await self.store.audit.record(account.environment_id, "integrated_account.refreshed", account.id)
        return await self.check_account(account)

    async def check_account(self, account: Account) -> Account:
        """Ask the provider whether the account's credentials work, and remember the answer. Raises AccountBlocked."""
        _check_not_blocked(account)
        credential = self._credential(account)
        try:
            await self._check(self.catalog.integration(account.integration), credential)
        except (CredentialsRejected, NeedsReauth) as error:
            await self._rejected(account, error)
            raise
        return await self.store.set_status(account.id, "active")

    async def _check(self, integration: Integration, credential: Credential) -> None:
        connection = Connection(self.provider(integration.slug), credential, repeatable=True)
        await connection.send(integration.file.check, Scope({"account": credential.settings}))

    def provider(self, slug: str) -> Provider:
        """An integration made ready. Raises UnknownIntegration or ManifestError."""
        if slug not in self._providers:
            integration = self.catalog.integration(slug)
            plans = Plans(integration.file)
            override = self._overrides.get(slug)

            def place(url: str) -> str:
                return moved(url, override)

            authenticator = Authenticator(integration, plans, place)
            self._providers[slug] = Provider(
                integration, plans, authenticator, self._transport, self._throttle, self.settings.retry_pause
            )
        return self._providers[slug]

    def _connection(self, account: Account, call: Call) -> Connection:
        _check_not_blocked(account)
        trace: list[Any] | None = [] if call.format == "debug" else None
        return Connection(
            self.provider(account.integration), self._credential(account), repeatable=call.method in READS, trace=trace
        )

    def _credential(self, account: Account) -> Credential:
        """The account's credential, made once per version of the account."""
        version, credential = self._credentials.get(account.id, (None, None))
        if credential is None or version != account.version:
            credential = self._new_credential(account)
            self._credentials[account.id] = (account.version, credential)
        return credential

    def _new_credential(self, account: Account) -> Credential:
        _, connect = self.connect_of(self.catalog.integration(account.integration), account.connect)

        def saved(changed: Account) -> None:
            self._credentials[changed.id] = (changed.version, credential)

        refreshes = Refreshes(self.store, account, saved)
        answered = {**account.settings, **account.secrets}
        credential = Credential(
            account.id,
            connect,
            # Values of the caller's own are kept with the account, and are nothing for an integration.
            {name: value for name, value in answered.items() if name in connect.ask or name in connect.post_connect},
            account.state,
            refreshes.turn,
            refreshes.reload,
            refreshes.save,
            lambda: self._client(account.environment_id, account.integration),
        )
        return credential

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
                await self._rejected(account, error)
            raise
        finally:
            seconds = time.perf_counter() - started
            CALLS.labels(account.integration, call.resource, call.method, result).inc()
            SECONDS.labels(account.integration, call.method).observe(seconds)
            structlog.contextvars.bind_contextvars(  # told in the one line of the request
                account=account.id,
                integration=account.integration,
                resource=call.resource,
                call=call.method,
                result=result,
            )

    async def _rejected(self, account: Account, error: PolyhireError) -> None:
        log.warning("credentials rejected", account=account.id, integration=account.integration)
        await self.store.set_status(account.id, "needs_reauth", error.message)


async def _this(client: Client) -> Client:
    return client


def is_settled(connect: Connect, settings: Mapping[str, str]) -> bool:
    """Whether nothing has to be asked any more of what can only be asked once connected."""
    asked = connect.post_connect.items()
    return all(question.optional or question.default is not None or name in settings for name, question in asked)


def _check_not_blocked(account: Account) -> None:
    if account.status == "blocked":
        raise AccountBlocked(f"account {account.id} is blocked; an administrator can set it active again")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _checked_overrides(settings: Settings) -> dict[str, str]:
    """Where integrations were pointed to. Raises SettingsError for anything but loopback, unless that is allowed."""
    overrides = settings.base_url_overrides()
    for slug, url in overrides.items():
        host = urlsplit(url).hostname or ""
        if not url.startswith(("http://", "https://")) or not host:
            raise SettingsError(f"POLYHIRE_BASE_URL_{slug.upper()} is not a URL: {url}")
        if not settings.allow_private_hosts and not _is_loopback(host):
            raise SettingsError(
                f"POLYHIRE_BASE_URL_{slug.upper()} points to {host}, which is not this machine; "
                "set POLYHIRE_ALLOW_PRIVATE_HOSTS=true if you mean it"
            )
    return overrides
