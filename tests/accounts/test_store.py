"""Environments and accounts, seen from one process and from several."""

import asyncio
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from blockbuster import blockbuster_ctx
from sqlalchemy import event

from polyhire.accounts import Account, Environment, Store
from polyhire.errors import InvalidRequest, SettingsError, UnknownAccount

from .conftest import Behind, Clock, OpenStore

SECRETS = {"api_key": "canary-key-4711"}
STATE = {"oauth2": {"access_token": "canary-access-4711", "scopes": ["a", "b"]}, "session": None}


async def add(store: Store, environment: Environment, **changes: Any) -> Account:
    arguments: dict[str, Any] = {"integration": "greenhouse", "tenant_id": "acme", "secrets": SECRETS, "state": STATE}
    return await store.add_account(environment.id, **(arguments | changes))


def queries(store: Store) -> list[str]:
    """The statements that the store sends from now on."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(store._database.engine.sync_engine, "before_cursor_execute", note)
    return sent


async def test_an_environment_is_made_once(store: Store, open_store: OpenStore) -> None:
    """A name means the same environment in every process, also when several make it at the same moment."""
    other = await open_store()
    made = await asyncio.gather(*(one.environment("staging") for one in (store, other) * 3))
    assert len(set(made)) == 1
    assert made[0].name == "staging"
    assert (await store.environment()).id not in {made[0].id}


async def test_an_account_comes_back_as_it_was_added(
    store: Store, open_store: OpenStore, environment: Environment
) -> None:
    """Every field survives the database, with its moment and its types."""
    account = await add(store, environment, name="Acme", status="active", settings={"region": "eu"})
    assert (account.version, account.last_error, account.created_at) == (1, None, account.updated_at)
    assert await store.get_account(environment.id, account.id) == account
    assert await (await open_store()).get_account(environment.id, account.id) == account
    assert (account.secrets, account.state, account.settings) == (SECRETS, STATE, {"region": "eu"})


async def test_a_bare_account_is_connecting_and_empty(store: Store, environment: Environment) -> None:
    """Only the integration and the tenant have to be known at first."""
    account = await store.add_account(environment.id, "greenhouse", "acme")
    assert await store.get_account(environment.id, account.id) == account
    assert (account.status, account.name) == ("connecting", None)
    assert (account.settings, account.secrets, account.state) == ({}, {}, {})


async def test_an_account_is_unknown_in_another_environment(store: Store, environment: Environment) -> None:
    """A token of one environment reaches no account of another, known to the process or not."""
    account = await add(store, environment)
    staging = await store.environment("staging")
    for _ in range(2):
        with pytest.raises(UnknownAccount, match=f"no account '{account.id}' in this environment"):
            await store.get_account(staging.id, account.id)
        await store.get_account(environment.id, account.id)
    with pytest.raises(UnknownAccount):
        await store.get_account(environment.id, "nowhere")
    with pytest.raises(UnknownAccount):
        await store.remove_account(staging.id, account.id)
    assert await store.get_account(environment.id, account.id) == account


async def test_the_hot_path_asks_the_database_nothing(store: Store, environment: Environment, clock: Clock) -> None:
    """After the first call of an account, calls are answered from memory, but for one look each half second."""
    plaintext, _ = await store.create_token(environment.id, "ci")
    account = await add(store, environment)
    await store.authenticate(plaintext)
    await store.get_account(environment.id, account.id)
    await asyncio.sleep(0.05)
    sent = queries(store)
    for _ in range(100):
        await store.authenticate(plaintext)
        assert await store.get_account(environment.id, account.id) is await store.get_account(
            environment.id, account.id
        )
    assert sent == []
    clock.forward(0.6)
    await asyncio.gather(*(store.get_account(environment.id, account.id) for _ in range(50)))
    assert len(sent) == 1 and "revision" in sent[0]


async def test_other_accounts_stay_in_memory_when_this_process_writes(
    store: Store, environment: Environment, clock: Clock
) -> None:
    """A refreshed token of one account does not make all the others be read again."""
    busy, quiet = await add(store, environment), await add(store, environment)
    await store.get_account(environment.id, quiet.id)
    await store.save_state(busy.id, {"n": 1})
    clock.forward(1)
    sent = queries(store)
    await store.get_account(environment.id, quiet.id)
    assert not [statement for statement in sent if "accounts" in statement]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "New"},
        {"tenant_id": "other"},
        {"status": "blocked", "last_error": "by hand"},
        {"settings": {"region": "us"}},
        {"secrets": {"api_key": "canary-second"}},
        {"state": {"session": "canary-session"}},
    ],
    ids=lambda changes: next(iter(changes)),
)
async def test_a_change_is_seen_at_once_here_and_soon_elsewhere(
    store: Store, open_store: OpenStore, environment: Environment, clock: Clock, changes: Any
) -> None:
    """Each part can be changed alone; version and time move; another process follows within half a second."""
    other = await open_store()
    account = await add(store, environment)
    for one in (store, other):
        await one.get_account(environment.id, account.id)
    changed = await store.update_account(account.id, **changes)
    assert await store.get_account(environment.id, account.id) == changed
    assert changed.version == 2
    assert changed.updated_at > account.updated_at
    expected = vars(account) | changes | {"version": 2, "updated_at": changed.updated_at}
    assert vars(changed) == expected
    clock.forward(0.5)
    assert await other.get_account(environment.id, account.id) == changed


async def test_concurrent_changes_all_count(store: Store, open_store: OpenStore, environment: Environment) -> None:
    """Two processes that change different parts at once lose neither change."""
    other = await open_store()
    account = await add(store, environment)
    await asyncio.gather(
        *(store.update_account(account.id, settings={"n": str(n)}) for n in range(5)),
        *(other.update_account(account.id, name=f"name {n}") for n in range(5)),
    )
    (after,) = await store.list_accounts(environment.id)
    assert after.version == 11
    assert after.name is not None and after.settings
    assert after.state == STATE


async def test_only_one_of_two_refreshers_saves(store: Store, open_store: OpenStore, environment: Environment) -> None:
    """Of two processes that refreshed from the same version, the second saves nothing and is told so."""
    other = await open_store()
    account = await add(store, environment)
    saved = await asyncio.gather(
        *(one.save_state(account.id, {"by": by}, expected_version=1) for by, one in enumerate((store, other)))
    )
    winners = [one for one in saved if one is not None]
    assert len(winners) == 1
    assert await (await open_store()).get_account(environment.id, account.id) == winners[0]
    assert winners[0].secrets == SECRETS
    later = await store.save_state(account.id, {"by": "force"})
    assert later is not None and (later.version, later.state) == (3, {"by": "force"})


async def test_a_status_is_written_once(store: Store, environment: Environment) -> None:
    """Repeating the same news changes nothing, so that a failing account does not disturb the others."""
    account = await add(store, environment)
    first = await store.set_status(account.id, "needs_reauth", "401 from the provider")
    again = await store.set_status(account.id, "needs_reauth", "401 from the provider")
    assert again == first == await store.get_account(environment.id, account.id)
    assert (first.status, first.last_error, first.version) == ("needs_reauth", "401 from the provider", 2)
    healed = await store.set_status(account.id, "active")
    assert (healed.status, healed.last_error, healed.version) == ("active", None, 3)


async def test_an_unknown_status_is_refused(store: Store, environment: Environment) -> None:
    """A status that isn't one is not stored, nor asked for."""
    account = await add(store, environment)
    word: Any = "bloked"
    attempts: list[Callable[[], Any]] = [
        lambda: add(store, environment, status=word),
        lambda: store.update_account(account.id, status=word),
        lambda: store.set_status(account.id, word),
        lambda: store.list_accounts(environment.id, status=word),
    ]
    for attempt in attempts:
        with pytest.raises(InvalidRequest, match="did you mean 'blocked'"):
            await attempt()
    assert await store.list_accounts(environment.id) == (account,)


async def test_a_removed_account_is_gone_everywhere(
    store: Store, open_store: OpenStore, environment: Environment, clock: Clock, behind: Behind
) -> None:
    """Its row is deleted; another process serves it for half a second at most."""
    other = await open_store()
    account = await add(store, environment)
    await other.get_account(environment.id, account.id)
    await store.get_account(environment.id, account.id)
    await store.remove_account(environment.id, account.id)
    clock.forward(0.5)
    assert await behind("SELECT * FROM accounts") == []
    for gone in (
        store.get_account(environment.id, account.id),
        other.get_account(environment.id, account.id),
        store.update_account(account.id, name="x"),
        store.save_state(account.id, {}),
        store.set_status(account.id, "active"),
        store.remove_account(environment.id, account.id),
    ):
        with pytest.raises(UnknownAccount):
            await gone


async def test_accounts_are_listed_by_page_and_filter(store: Store, environment: Environment) -> None:
    """Filters narrow, pages follow each other without loss or repeat, other environments stay out."""
    staging = await store.environment("staging")
    made = [
        await add(store, environment, integration=integration, tenant_id=tenant, status=status)
        for integration in ("greenhouse", "lever")
        for tenant in ("acme", "globex")
        for status in ("active", "blocked")
    ]
    await add(store, staging)
    expected = sorted(account.id for account in made)
    pages: list[list[str]] = [[]]
    while not pages[1:] or pages[-1]:
        after = pages[-1][-1] if pages[-1] else None
        pages.append([one.id for one in await store.list_accounts(environment.id, limit=3, after=after)])
    assert [len(page) for page in pages] == [0, 3, 3, 2, 0]
    assert [id for page in pages for id in page] == expected

    async def found(**filters: Any) -> set[str]:
        return {account.id for account in await store.list_accounts(environment.id, **filters)}

    assert await found(integration="lever") == {one.id for one in made if one.integration == "lever"}
    assert await found(tenant_id="globex") == {one.id for one in made if one.tenant_id == "globex"}
    assert await found(status="blocked") == {one.id for one in made if one.status == "blocked"}
    assert len(await found(integration="lever", tenant_id="acme", status="active")) == 1


async def test_no_secret_is_on_disk_in_clear(store: Store, environment: Environment, behind: Behind) -> None:
    """Neither the database nor its write-ahead log holds a secret, a token or a state."""
    plaintext, _ = await store.create_token(environment.id, "ci")
    account = await add(store, environment, settings={"region": "seen-in-clear"})
    await store.save_state(account.id, {"access_token": "canary-refreshed-4711"})
    everything = await behind.on_disk()
    assert b"seen-in-clear" in everything
    for secret in (b"canary", b"key-4711", b"access-4711", b"refreshed-4711", plaintext.encode()):
        assert secret not in everything


@pytest.mark.parametrize("column", ["secrets", "state"])
async def test_a_ciphertext_moved_to_another_row_does_not_open(
    store: Store, environment: Environment, behind: Behind, column: str
) -> None:
    """Who can write to the database can't lend one account's credentials to another."""
    victim, thief = await add(store, environment), await add(store, environment, secrets={}, state={})
    move = f"UPDATE accounts SET {column} = (SELECT {column} FROM accounts WHERE id = '{victim.id}')"
    await behind(f"{move} WHERE id = '{thief.id}'")
    with pytest.raises(SettingsError, match=f"accounts:{thief.id}:{column} can't be decrypted") as caught:
        await store.get_account(environment.id, thief.id)
    assert "canary" not in "".join(traceback.format_exception(caught.value))
    assert await store.get_account(environment.id, victim.id) == victim
    await store.remove_account(environment.id, thief.id)
    assert await store.list_accounts(environment.id) == (victim,)


async def test_secrets_and_state_cannot_trade_places(store: Store, environment: Environment, behind: Behind) -> None:
    """A ciphertext is bound to its column, too: `state` may be seen where `secrets` may not."""
    account = await add(store, environment)
    await behind("UPDATE accounts SET state = secrets")
    with pytest.raises(SettingsError, match=":state can't be decrypted"):
        await store.get_account(environment.id, account.id)


async def test_cancelled_calls_leave_no_connection_behind(store: Store, environment: Environment, clock: Clock) -> None:
    """Callers that go away at any moment break neither the store nor a write of others."""
    account = await add(store, environment)
    for delay in range(30):
        clock.forward(1)
        store._accounts.forget_all()
        calls = [
            asyncio.create_task(store.get_account(environment.id, account.id)),
            asyncio.create_task(store.update_account(account.id, name=str(delay))),
        ]
        await asyncio.sleep(delay / 5000)
        for call in calls:
            call.cancel()
        for call in calls:
            with suppress(asyncio.CancelledError):
                await call
    clock.forward(1)
    await asyncio.gather(*store._database._under_way)
    async with asyncio.timeout(2):
        changed = await store.update_account(account.id, name="last")
    assert await store.get_account(environment.id, account.id) == changed
    assert store._database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # QueuePool's own


async def test_a_write_once_begun_outlives_its_caller(store: Store, environment: Environment) -> None:
    """A caller that gives up does not lose the token that the provider has just replaced."""
    account = await add(store, environment)
    saving = asyncio.create_task(store.save_state(account.id, {"refresh_token": "second"}))
    await asyncio.sleep(0)
    saving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await saving
    await store.set_status(account.id, "active")
    assert (await store.get_account(environment.id, account.id)).state == {"refresh_token": "second"}


async def test_a_crowd_of_writers_waits_its_turn(store: Store, open_store: OpenStore, environment: Environment) -> None:
    """Hundreds of writes at once, of two processes, all succeed."""
    other = await open_store()
    account = await add(store, environment)
    await asyncio.gather(*(one.save_state(account.id, {"n": n}) for n in range(100) for one in (store, other)))
    (after,) = await other.list_accounts(environment.id)
    assert after.version == 201


async def test_nothing_blocks_the_event_loop(store: Store, environment: Environment, clock: Clock) -> None:
    """No call waits for the disk on the loop's own thread."""
    with blockbuster_ctx("polyhire") as blocking:
        # asyncpg looks for a file of passwords whenever it connects.
        blocking.functions["os.stat"].can_block_in("asyncpg/connect_utils.py", {"_read_password_file"})
        plaintext, _ = await store.create_token(environment.id, "ci")
        account = await add(store, environment)
        clock.forward(1)
        await store.authenticate(plaintext)
        await store.save_state(account.id, {})
        await store.get_account(environment.id, account.id)
        await store.remove_account(environment.id, account.id)


async def test_the_first_call_of_many_reads_once(store: Store, environment: Environment) -> None:
    """A crowd asking for one account that isn't in memory makes one query."""
    account = await add(store, environment)
    sent = queries(store)
    await asyncio.gather(*(store.get_account(environment.id, account.id) for _ in range(50)))
    assert len([statement for statement in sent if "FROM accounts" in statement]) == 1
