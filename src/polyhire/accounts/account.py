"""The three things this room remembers: an environment, a token of our API, and an integrated account."""

import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypedDict, get_args
from uuid import UUID

from polyhire.errors import InvalidRequest, shorten
from polyhire.suggest import did_you_mean

Status = Literal["connecting", "active", "post_install_error", "validation_error", "needs_reauth", "blocked"]
STATUSES: tuple[Status, ...] = get_args(Status)

Scope = Literal["read", "write", "admin", "eeo"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
USUAL_SCOPES: tuple[Scope, ...] = ("read", "write", "admin")
"""What a token may do when nothing else is said: all but reading what candidates said of race and disability."""


@dataclass(frozen=True)
class Environment:
    """A separate world of tokens and accounts, such as `default` or `staging`."""

    id: str
    name: str
    created_at: datetime


@dataclass(frozen=True)
class ApiToken:
    """What is known of a token; the token itself is shown once, when it is created."""

    id: str
    environment_id: str
    name: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None
    scopes: frozenset[Scope] = frozenset(USUAL_SCOPES)


@dataclass(frozen=True)
class Account:
    """One customer's connection to one provider; shared by concurrent calls, so never change its mappings.

    `connect` names the way it was connected, where the integration has several. `settings` are the answers
    that are not secret, `secrets` the others; `state` is what connecting yielded (OAuth tokens, a session).
    `version` grows with every change.
    """

    id: str
    environment_id: str
    integration: str
    connect: str | None
    tenant_id: str
    name: str | None
    status: Status
    settings: Mapping[str, str]
    secrets: Mapping[str, str] = field(repr=False)
    state: Mapping[str, Any] = field(repr=False)
    last_error: str | None
    created_at: datetime
    updated_at: datetime
    version: int


class AccountChanges(TypedDict, total=False):
    """What may change in an account."""

    tenant_id: str
    name: str | None
    connect: str | None
    status: Status
    settings: Mapping[str, str]
    secrets: Mapping[str, str]
    state: Mapping[str, Any]
    last_error: str | None


def as_status(word: str) -> Status:
    """The status of this name; InvalidRequest when there is none."""
    for status in STATUSES:
        if word == status:
            return status
    raise InvalidRequest(
        f"An account has no status '{shorten(word, 40)}'{did_you_mean(word, STATUSES)} "
        f"Its statuses are: {', '.join(STATUSES)}."
    )


def as_scopes(words: Iterable[str]) -> frozenset[Scope]:
    """The scopes of these names; InvalidRequest for one that is none, and for no scope at all."""
    given = frozenset(words)
    for word in given.difference(SCOPES):
        raise InvalidRequest(
            f"A token has no scope '{shorten(word, 40)}'{did_you_mean(word, SCOPES) or '.'} "
            f"Its scopes are: {', '.join(SCOPES)}."
        )
    if not given:
        raise InvalidRequest(f"A token needs at least one scope: {', '.join(SCOPES)}.")
    return frozenset(scope for scope in SCOPES if scope in given)


def new_id() -> str:
    """A UUID of version 7: ids sort by the millisecond of their creation, so lists by id are oldest first."""
    milliseconds = time.time_ns() // 1_000_000
    number = milliseconds << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    return str(UUID(int=number))
