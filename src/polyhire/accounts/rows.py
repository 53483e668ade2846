"""Between rows and the things they describe; an account's secrets and state are sealed on the way in."""

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import Row

from polyhire.accounts.account import Account, ApiToken, Environment
from polyhire.accounts.vault import KeyRing
from polyhire.errors import UnknownAccount, shorten


def environment_of(row: Row[Any]) -> Environment:
    return Environment(row.id, row.name, row.created_at)


def token_of(row: Row[Any]) -> ApiToken:
    return ApiToken(
        id=row.id,
        environment_id=row.environment_id,
        name=row.name,
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
        scopes=frozenset(row.scopes.split()),
    )


def account_of(row: Row[Any], keys: KeyRing) -> Account:
    """Open an account's row; SettingsError when a sealed column is not this row's, or its key is missing."""
    return Account(
        id=row.id,
        environment_id=row.environment_id,
        integration=row.integration,
        connect=row.connect,
        tenant_id=row.tenant_id,
        name=row.name,
        status=row.status,
        settings=row.settings,
        secrets=orjson.loads(keys.decrypt(row.secrets, place(row.id, "secrets"))),
        state=orjson.loads(keys.decrypt(row.state, place(row.id, "state"))),
        last_error=row.last_error,
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=row.version,
    )


def row_of(account: Account, keys: KeyRing) -> dict[str, Any]:
    """The columns of an account, sealed with the newest key."""
    return {
        "id": account.id,
        "environment_id": account.environment_id,
        "integration": account.integration,
        "connect": account.connect,
        "tenant_id": account.tenant_id,
        "name": account.name,
        "status": account.status,
        "settings": dict(account.settings),
        "key_id": keys.newest_id,
        "secrets": keys.encrypt(orjson.dumps(dict(account.secrets)), place(account.id, "secrets")),
        "state": keys.encrypt(orjson.dumps(dict(account.state)), place(account.id, "state")),
        "last_error": account.last_error,
        "created_at": account.created_at,
        "updated_at": account.updated_at,
        "version": account.version,
    }


def place(account_id: str, column: str) -> str:
    return f"accounts:{account_id}:{column}"


def as_json(state: Mapping[str, Any]) -> bytes:
    """The state as it is stored, so that two of them can be compared."""
    return orjson.dumps(dict(state), option=orjson.OPT_SORT_KEYS)


def unknown(account_id: str) -> UnknownAccount:
    """What to raise when an environment has no such account."""
    return UnknownAccount(
        f"There is no account '{shorten(account_id, 40)}' in this environment. It may have been removed, or "
        "belong to another environment; list the accounts to find its id."
    )
