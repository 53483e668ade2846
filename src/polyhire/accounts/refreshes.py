"""The refresh of an account's token: one at a time over all processes, and none that fails without a reason."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from polyhire.accounts.account import Account
from polyhire.accounts.leases import REFRESH
from polyhire.accounts.store import Store
from polyhire.errors import CredentialsRejected, NeedsReauth

State = Mapping[str, Any]


class Refreshes:
    """What one credential needs of the store to refresh itself. `on_saved` hears of each account that was saved."""

    def __init__(self, store: Store, account: Account, on_saved: Callable[[Account], None]) -> None:
        self._store = store
        self._account = account
        self._state: State = account.state
        self._on_saved = on_saved

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait until nobody else, in any process, refreshes this account.

        A refusal after a refresh that was interrupted says so: the provider may have replaced the refresh token,
        and its answer never arrived.
        """
        async with self._store.lease(REFRESH, self._account.id) as lease:
            try:
                yield
            except NeedsReauth:
                lease.settle()
                raise
            except CredentialsRejected as error:
                if lease.interrupted_at is None or not holds_refresh_token(self._state):
                    lease.settle()
                    raise
                raise CredentialsRejected(
                    f"{error.message}. A refresh begun at {lease.interrupted_at:%Y-%m-%d %H:%M:%S} UTC was interrupted "
                    "before its answer was stored, and the provider's new token was lost with it. Connect it again",
                    provider_status=error.provider_status,
                    raw_response=error.raw_response,
                ) from error

    async def reload(self) -> State:
        """The state as it is stored now, also if another process has just changed it."""
        self._state = (await self._store.fresh_account(self._account.environment_id, self._account.id)).state
        return self._state

    async def save(self, state: State) -> None:
        """Store a new state, unless the account was connected anew since `reload`: that one's state is the better."""
        saved = await self._store.save_state(self._account.id, state, expected_state=self._state)
        if saved is not None:
            self._state = saved.state
            self._on_saved(saved)


def holds_refresh_token(state: State) -> bool:
    """Whether a token request with this state uses up what only its answer replaces."""
    return bool((state.get("oauth2") or {}).get("refresh_token"))
