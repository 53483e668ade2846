"""Connecting: what is entered, consented to, checked and asked before an account works, and when it works no more."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from polyhire.accounts.account import Account
from polyhire.accounts.leases import REFRESH
from polyhire.accounts.store import Store
from polyhire.engine import consent
from polyhire.engine.choices import Choice, choices
from polyhire.engine.connection import Connection
from polyhire.engine.consent import Consented
from polyhire.engine.credential import Client, State
from polyhire.errors import CredentialsRejected, NeedsReauth, NotPermittedHere, PolyhireError
from polyhire.gateway.credentials import Credentials, check_not_blocked
from polyhire.manifest import form
from polyhire.manifest.catalog import Catalog
from polyhire.manifest.integration import Connect


class Connecting:
    """Accounts from their first form to their last refresh."""

    connect_of = staticmethod(form.way_of)
    answers = staticmethod(form.answers)

    def __init__(self, store: Store, catalog: Catalog, credentials: Credentials) -> None:
        self.store = store
        self.catalog = catalog
        self.credentials = credentials

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
        way, credential = self.credentials.passing(environment_id, slug, connect, given, state)
        await self.credentials.check(self.catalog.integration(slug), credential)
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
        way, credential = self.credentials.passing(environment_id, slug, connect, given, state)
        settings, secrets = credential.parted()
        account = await self.store.add_account(
            environment_id, slug, tenant_id, connect=way, settings=settings, secrets=secrets, state=credential.state
        )
        return await self.store.set_status(account.id, "validation_error", reason)

    async def choices(self, account: Account) -> dict[str, tuple[Choice, ...]]:
        """The provider's options for what is asked once connected. Raises a ProviderError.

        Without them an account that is not active yet is `post_install_error`.
        """
        connection = Connection(
            self.credentials.provider(account.integration), self.credentials.of(account), repeatable=True
        )
        asked = connection.credential.connect.post_connect
        try:
            return {
                name: await choices(question.options_from, connection)
                for name, question in asked.items()
                if question.options_from is not None
            }
        except PolyhireError as error:
            if account.status in ("connecting", "post_install_error"):
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
        check_not_blocked(account)
        slug = account.integration
        way, parts = self.connect_of(self.catalog.integration(slug), connect or account.connect)
        kept = {name: value for name, value in {**account.settings, **account.secrets}.items() if name in parts.ask}
        _, credential = self.credentials.passing(account.environment_id, slug, way, {**kept, **given}, state)
        await self.credentials.check(self.catalog.integration(slug), credential)
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
        return consent.is_needed(self.credentials.passing("", slug, connect, given, None)[1])

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
        _, credential = self.credentials.passing(environment_id, slug, connect, given, None)
        if scopes is not None:
            own = replace(await credential.client(), scopes=tuple(scopes))
            credential.client = partial(_this, own)
        provider = self.credentials.provider(slug)
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
        _, credential = self.credentials.passing(environment_id, slug, connect, given, None)
        provider = self.credentials.provider(slug)
        await consent.redeem(
            credential,
            provider.authenticator,
            answered,
            redirect_uri=redirect_uri,
            verifier=verifier,
            send=Connection(provider, credential, repeatable=False).send_raw,
        )
        return Consented(credential.asked, credential.state)

    async def refresh_credentials(self, account: Account) -> Account:
        """Get a new token or session now, and see that it works. Raises CredentialsRejected or NeedsReauth."""
        check_not_blocked(account)
        provider, credential = self.credentials.provider(account.integration), self.credentials.of(account)
        send = Connection(provider, credential, repeatable=False).send_raw
        try:
            await provider.authenticator.renew(credential, credential.state, send)
        except (CredentialsRejected, NeedsReauth) as error:
            self.credentials.forget(account.id)
            await self.credentials.rejected(account, error)
            raise
        await self.store.audit.record(account.environment_id, "integrated_account.refreshed", account.id)
        return await self.check_account(account)

    async def check_account(self, account: Account) -> Account:
        """Ask the provider whether the account's credentials work, and remember the answer. Raises AccountBlocked."""
        check_not_blocked(account)
        credential = self.credentials.of(account)
        try:
            await self.credentials.check(self.catalog.integration(account.integration), credential)
        except (CredentialsRejected, NeedsReauth) as error:
            await self.credentials.rejected(account, error)
            raise
        return await self.store.set_status(account.id, "active")

    async def _check_offered(self, environment_id: str, slug: str) -> None:
        if not (await self.store.apps.of(environment_id, self.catalog.integration(slug).slug)).enabled:
            raise NotPermittedHere(
                f"{slug} is disabled in this environment: no account can be connected. An administrator can enable it."
            )


async def _this(client: Client) -> Client:
    return client


def is_settled(connect: Connect, settings: Mapping[str, str]) -> bool:
    """Whether nothing has to be asked any more of what can only be asked once connected."""
    asked = connect.post_connect.items()
    return all(question.optional or question.default is not None or name in settings for name, question in asked)
