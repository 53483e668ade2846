"""What is remembered, and what may be shown of it."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from polyhire.accounts.account import STATUSES, Account, as_status, new_id
from polyhire.errors import InvalidRequest


def test_repr_hides_secrets_and_state() -> None:
    """An account can be logged: its answers and tokens don't show."""
    now = datetime.now(UTC)
    account = Account(
        id="1",
        environment_id="e",
        integration="greenhouse",
        connect=None,
        tenant_id="t",
        name=None,
        status="active",
        settings={"region": "eu"},
        secrets={"api_key": "canary-1"},
        state={"oauth2": {"access_token": "canary-2"}},
        last_error=None,
        created_at=now,
        updated_at=now,
        version=1,
    )
    assert "greenhouse" in repr(account)
    assert "canary" not in repr(account) + str(account)


def test_statuses_are_recognised() -> None:
    """Each status is itself; another word is refused with the nearest and the list."""
    assert tuple(map(as_status, STATUSES)) == STATUSES
    with pytest.raises(InvalidRequest, match=r"no status 'actve'; did you mean 'active'\? .* connecting, active,"):
        as_status("actve")


def test_ids_are_uuids_in_the_order_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids are version 7 UUIDs, never twice the same, and sort by their millisecond."""
    instants = [1_000, 1_000, 2_000_000_000_000_000_000]
    times = iter(instants)
    monkeypatch.setattr("time.time_ns", lambda: next(times))
    ids = [new_id() for _ in instants]
    assert {(UUID(id).version, UUID(id).variant) for id in ids} == {(7, "specified in RFC 4122")}
    assert len(set(ids)) == 3
    assert ids[2] > max(ids[:2])
    assert UUID(ids[2]).int >> 80 == 2_000_000_000_000
