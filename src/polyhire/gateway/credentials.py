"""Integrations made ready, and credentials for them: an account's own, or one that lives while somebody connects."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import structlog

from polyhire.accounts.account import Account
from polyhire.accounts.locks import one_at_a_time
from polyhire.accounts.refreshes import Refreshes
from polyhire.accounts.store import Store
from polyhire.engine.authenticate import Authenticator
from polyhire.engine.connection import Connection, Provider
from polyhire.engine.credential import Client, Credential, State
from polyhire.engine.request import Plans, moved
from polyhire.engine.scope import Scope
from polyhire.engine.throttle import Throttle
from polyhire.engine.transport import Transport, host_and_port
from polyhire.errors import AccountBlocked, PolyhireError, SettingsError
from polyhire.manifest import form
from polyhire.manifest.catalog import Catalog
from polyhire.manifest.integration import Integration
from polyhire.settings import Settings

log = structlog.get_logger("polyhire.gateway")


class Credentials:
    """What calls and connecting both begin with. Made once per process: credentials are kept, decrypted, in memory."""

    def __init__(self, settings: Settings, store: Store, catalog: Catalog) -> None:
        self._settings = settings
        self._store = store
        self._catalog = catalog
        self._overrides = checked_overrides(settings)
        self.transport = Transport(
            timeout=settings.request_timeout,
            max_bytes=settings.max_answer_bytes,
            open_hosts=[host_and_port(url) for url in self._overrides.values()],
            private=settings.allow_private_hosts,
        )
        self._throttle = Throttle()
        self._providers: dict[str, Provider] = {}
        self._kept: dict[str, tuple[int, Credential]] = {}

    async def close(self) -> None:
        """Wait for the refreshes that are under way, and close the connections to providers."""
        for provider in self._providers.values():
            await provider.authenticator.close()
        await self.transport.close()

    def provider(self, slug: str) -> Provider:
        """An integration made ready. Raises UnknownIntegration or ManifestError."""
        if slug not in self._providers:
            integration = self._catalog.integration(slug)
            plans = Plans(integration.file)
            override = self._overrides.get(slug)

            def place(url: str) -> str:
                return moved(url, override)

            authenticator = Authenticator(integration, plans, place)
            self._providers[slug] = Provider(
                integration, plans, authenticator, self.transport, self._throttle, self._settings.retry_pause
            )
        return self._providers[slug]

    def of(self, account: Account) -> Credential:
        """The account's credential, made once per version of the account."""
        version, credential = self._kept.get(account.id, (None, None))
        if credential is None or version != account.version:
            credential = self._new_credential(account)
            self._kept[account.id] = (account.version, credential)
        return credential

    def forget(self, account_id: str) -> None:
        """Make the account's credential anew when it is next asked for."""
        self._kept.pop(account_id, None)

    def _new_credential(self, account: Account) -> Credential:
        _, connect = form.way_of(self._catalog.integration(account.integration), account.connect)

        def saved(changed: Account) -> None:
            self._kept[changed.id] = (changed.version, credential)

        refreshes = Refreshes(self._store, account, saved)
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

    def passing(
        self, environment_id: str, slug: str, connect: str | None, given: Mapping[str, Any], state: State | None
    ) -> tuple[str, Credential]:
        """A way to connect, and a credential of it that lives in memory only. Raises InvalidBody."""
        integration = self._catalog.integration(slug)
        way, parts = form.way_of(integration, connect)

        async def keep(changed: State) -> None:
            credential.state = changed

        async def kept() -> State:
            return credential.state

        credential = Credential(
            f"new {slug}",
            parts,
            form.answers(integration, parts, given),
            state or {},
            lambda: one_at_a_time(object()),
            kept,
            keep,
            lambda: self._client(environment_id, slug),
        )
        return way, credential

    async def _client(self, environment_id: str, slug: str) -> Client:
        """The environment's own OAuth app for an integration."""
        app = await self._store.apps.of(environment_id, slug)
        return Client(app.client_id or "", app.client_secret or "", app.scopes)

    async def check(self, integration: Integration, credential: Credential) -> None:
        """See at the provider that a credential works. Raises a ProviderError or NeedsReauth."""
        connection = Connection(self.provider(integration.slug), credential, repeatable=True)
        await connection.send(integration.file.check, Scope({"account": credential.settings}))

    async def rejected(self, account: Account, error: PolyhireError) -> None:
        """Remember that the provider refuses the account's credentials, and why."""
        log.warning("credentials rejected", account=account.id, integration=account.integration)
        await self._store.set_status(account.id, "needs_reauth", error.message)


def check_not_blocked(account: Account) -> None:
    """Raise AccountBlocked for an account that an administrator blocked."""
    if account.status == "blocked":
        raise AccountBlocked(f"account {account.id} is blocked; an administrator can set it active again")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def checked_overrides(settings: Settings) -> dict[str, str]:
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
