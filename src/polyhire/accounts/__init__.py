"""Who is connected: environments, API tokens and integrated accounts, their secrets encrypted."""

from polyhire.accounts.account import (
    STATUSES,
    Account,
    AccountChanges,
    ApiToken,
    Environment,
    Status,
    as_status,
)
from polyhire.accounts.idempotency import Claim, Idempotency, StoredAnswer
from polyhire.accounts.locks import one_at_a_time
from polyhire.accounts.store import Store
from polyhire.accounts.vault import KeyRing

__all__ = [
    "STATUSES",
    "Account",
    "AccountChanges",
    "ApiToken",
    "Claim",
    "Environment",
    "Idempotency",
    "KeyRing",
    "Status",
    "Store",
    "StoredAnswer",
    "as_status",
    "one_at_a_time",
]
