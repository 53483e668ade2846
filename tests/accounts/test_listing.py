"""Conditions of lists, on both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from polyhire.accounts import Environment, Store
from polyhire.accounts.listing import Condition

NAMES = (None, "a", "b", "c")


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Condition("name", "eq", ("a",)), ["a"]),
        (Condition("name", "ne", ("a",)), [None, "b", "c"]),
        (Condition("name", "in", ("a", "c", "x")), ["a", "c"]),
        (Condition("name", "in", ()), []),
        (Condition("name", "eq", ("' OR 1=1 --",)), []),
    ],
)
async def test_texts(store: Store, environment: Environment, condition: Condition, expected: list[str]) -> None:
    """A text is equal, different (a missing one too), or one of several."""
    for name in NAMES:
        await store.add_account(environment.id, "acme", "t", name=name)
    found = await store.list_accounts(environment.id, where=[condition])
    assert sorted(account.name or "" for account in found) == sorted(name or "" for name in expected)


@pytest.mark.parametrize(
    ("operator", "expected"), [("gt", [2]), ("gte", [1, 2]), ("lt", [0]), ("lte", [0, 1]), ("eq", [1])]
)
async def test_moments(store: Store, environment: Environment, operator: str, expected: list[int]) -> None:
    """A moment is compared as what it is, whatever zone it is written in."""
    accounts = [await store.add_account(environment.id, "acme", "t") for _ in range(3)]
    accounts.sort(key=lambda account: account.created_at)
    middle = accounts[1].created_at.astimezone(timezone(timedelta(hours=-7)))
    assert middle.tzinfo is not UTC and isinstance(middle, datetime)
    condition = Condition("created_at", operator, (middle,))  # type: ignore[arg-type]  # any operator there is
    found = {account.id for account in await store.list_accounts(environment.id, where=[condition])}
    assert found == {accounts[n].id for n in expected}


async def test_conditions_add_up(store: Store, environment: Environment) -> None:
    """Every one of several has to be true."""
    for tenant in ("x", "y"):
        for name in ("a", "b"):
            await store.add_account(environment.id, "acme", tenant, name=name)
    where = [Condition("tenant_id", "eq", ("x",)), Condition("name", "ne", ("a",))]
    (found,) = await store.list_accounts(environment.id, where=where)
    assert (found.tenant_id, found.name) == ("x", "b")
