"""The audit trail: written with the act, or not at all; names only, never values."""

import asyncio
from contextvars import copy_context
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from polyhire.accounts import Environment, Store
from polyhire.accounts.audit import ACTING, Actor, Entry
from polyhire.accounts.listing import Condition
from tests.accounts.conftest import Behind


async def trail(store: Store, environment: Environment) -> list[tuple[str, str | None, tuple[str, ...]]]:
    """The entries of an environment, oldest first."""
    entries = await store.audit.list(environment.id, limit=1000)
    return [(entry.action, entry.subject_id, entry.fields) for entry in reversed(entries)]


async def test_every_act_leaves_a_line(store: Store, environment: Environment) -> None:
    """Tokens, accounts, apps and the environment itself."""
    _, token = await store.create_token(environment.id, "Ada's token", scopes=["read"])
    await store.revoke_token(environment.id, token.id)
    account = await store.add_account(environment.id, "acme", "t", secrets={"api_key": "canary"})
    await store.update_account(account.id, name="Ada", secrets={"api_key": "canary"})
    await store.remove_account(environment.id, account.id)
    app = await store.apps.add(environment.id, "acme", client_secret="canary")
    await store.apps.change(environment.id, "acme", enabled=False)
    await store.apps.remove(environment.id, "acme")
    await store.audit.record(environment.id, "something.looked_at", "it")
    assert await trail(store, environment) == [
        ("environment.created", environment.id, ()),
        ("token.created", token.id, ("read",)),
        ("token.revoked", token.id, ()),
        ("integrated_account.created", account.id, ()),
        ("integrated_account.updated", account.id, ("name", "secrets")),
        ("integrated_account.deleted", account.id, ()),
        ("environment_integration.created", app.id, ("client_secret",)),
        ("environment_integration.updated", app.id, ("enabled",)),
        ("environment_integration.deleted", app.id, ()),
        ("something.looked_at", "it", ()),
    ]


async def test_nothing_personal_and_no_secret_is_in_it(store: Store, environment: Environment) -> None:
    """Names of people and credentials that pass through an act do not stay."""
    account = await store.add_account(environment.id, "acme", "Ada", name="Ada", secrets={"key": "canary"})
    await store.update_account(account.id, name="Ada L", tenant_id="Ada", settings={"who": "Ada"})
    await store.create_token(environment.id, "Ada")
    assert "Ada" not in str(await store.audit.list(environment.id))
    assert "canary" not in str(await store.audit.list(environment.id))


async def test_what_polyhire_does_by_itself_is_no_act(store: Store, environment: Environment) -> None:
    """A refreshed token and a changed status leave no line."""
    account = await store.add_account(environment.id, "acme", "t")
    before = await trail(store, environment)
    await store.save_state(account.id, {"oauth2": {}})
    await store.set_status(account.id, "needs_reauth", "refused")
    assert await trail(store, environment) == before


async def test_an_act_and_its_line_are_one(store: Store, environment: Environment, behind: Behind) -> None:
    """Where the line can't be written, nothing is done."""
    await behind.break_down("INSERT", "audit")
    with pytest.raises(DBAPIError):
        await store.add_account(environment.id, "acme", "t")
    assert await store.list_accounts(environment.id) == ()


async def test_an_act_that_fails_leaves_no_line(store: Store, environment: Environment) -> None:
    """Refused acts were not done."""
    staging = await store.environment("staging")
    account = await store.add_account(staging.id, "acme", "t")
    before = await trail(store, environment)
    for work in (store.remove_account(environment.id, account.id), store.revoke_token(environment.id, "none")):
        with pytest.raises(Exception, match="There is no"):
            await work
    assert await trail(store, environment) == before


async def test_whoever_acts_is_named(store: Store, environment: Environment) -> None:
    """Each caller's acts are its own, also when several act at once."""

    async def act(actor: Actor) -> None:
        ACTING.set(actor)
        await asyncio.sleep(0)
        await store.add_account(environment.id, "acme", str(actor.id))

    actors = [Actor("api_token", f"id-{n}") for n in range(5)]
    await asyncio.gather(*(asyncio.create_task(act(actor), context=copy_context()) for actor in actors))
    by_token = [Condition("actor", "eq", ("api_token",))]
    found: tuple[Entry, ...] = await store.audit.list(environment.id, by_token)
    tenants = {account.id: account.tenant_id for account in await store.list_accounts(environment.id)}
    assert len(found) == 5
    assert all(tenants[str(entry.subject_id)] == entry.actor_id for entry in found)


@pytest.mark.parametrize(("where", "expected"), [([], 4), ([Condition("action", "eq", ("environment.created",))], 1)])
async def test_newest_first_page_by_page(store: Store, environment: Environment, where: Any, expected: int) -> None:
    """A cursor leads on to older entries, and ends."""
    for n in range(3):
        await store.audit.record(environment.id, f"test.{n}")
    seen: list[Entry] = []
    while page := await store.audit.list(environment.id, where, limit=2, after=seen[-1].id if seen else None):
        seen += page
    assert len(seen) == expected
    assert [entry.id for entry in seen] == sorted((entry.id for entry in seen), reverse=True)
