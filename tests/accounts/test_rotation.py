"""Sealing everything with a new key, beside stores that read and write."""

from typing import Any

import pytest

from polyhire.accounts import Store, StoredAnswer, rotation
from polyhire.accounts.ring import sealed_columns
from polyhire.accounts.vault import KeyRing, key_id_of
from polyhire.errors import SettingsError
from polyhire.settings import Settings

from .conftest import Behind
from .test_ring import STATE, fresh_key, with_keys

ANSWER = StoredAnswer(201, "application/json", b"{}", {})


async def fill(store: Store) -> str:
    """A row in each table that has sealed columns; the environment of all."""
    environment = await store.environment()
    await store.add_account(environment.id, "greenhouse", "acme", secrets={"k": "v"}, state=STATE)
    async with store.idempotency.claim(environment.id, "a", "key", "POST /x", "digest") as claim:
        await claim.store(ANSWER)
    await store.apps.add(environment.id, "lever", client_id="c", client_secret="canary")
    _, link = await store.links.create(environment.id, "acme", context={"a": "b"})
    await store.links.begin(link, {"answers": {"a": "b"}})
    await store.webhooks.add(environment.id, "https://example.com")
    return environment.id


async def test_every_value_is_sealed_anew(settings: Settings, behind: Behind) -> None:
    """After a rotation nothing needs the old key, whatever table it is in, and everything still opens."""
    old, new = fresh_key("old"), fresh_key("new")
    store = await Store.open(with_keys(settings, old))
    environment_id = await fill(store)
    accounts = await store.list_accounts(environment_id)
    await store.close()
    store = await Store.open(with_keys(settings, new, old))
    before = await store.rotation.counts()
    assert before["new"] == 0 and before["old"] >= len(list(sealed_columns()))
    rotated = await store.rotation.run()
    assert (rotated.resealed, rotated.left, rotated.damaged) == (before["old"], {}, ())
    assert await store.rotation.counts() == {"new": before["old"], "old": 0}
    await store.close()
    for column in sealed_columns():
        rows = await behind(f"SELECT {column.name} FROM {column.table.name} WHERE {column.name} IS NOT NULL")
        assert {key_id_of(row[0]) for row in rows} == {"new"}, str(column)
        if "key_id" in column.table.c:
            assert await behind(f"SELECT DISTINCT key_id FROM {column.table.name}") == [("new",)]
    store = await Store.open(with_keys(settings, new))
    assert await store.list_accounts(environment_id) == accounts
    assert (await store.apps.of(environment_id, "lever")).client_secret == "canary"
    async with store.idempotency.claim(environment_id, "a", "key", "POST /x", "digest") as claim:
        assert claim.answer == ANSWER
    await store.close()
    with pytest.raises(SettingsError, match="set up with the key new"):
        await Store.open(with_keys(settings, old))


async def test_beside_a_server_that_writes(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a server writes between a look at a row and its change is not lost, and is found the next time."""
    monkeypatch.setattr(rotation, "BATCH", 3)
    monkeypatch.setattr(rotation, "PASSES", 1)
    old, new = fresh_key("old"), fresh_key("new")
    server = await Store.open(with_keys(settings, old, new))
    environment = await server.environment()
    accounts = [await server.add_account(environment.id, "greenhouse", "acme", state={"n": 0}) for _ in range(7)]
    rotating = await Store.open(with_keys(settings, new, old))
    reseal = rotating.rotation._reseal
    written: list[str] = []

    async def reseal_late(table: Any, columns: Any, rows: Any, damaged: Any) -> int:
        if table.name == "accounts":
            written.append(rows[0].id)
            await server.save_state(rows[0].id, {"n": 1})
        return await reseal(table, columns, rows, damaged)

    monkeypatch.setattr(rotating.rotation, "_reseal", reseal_late)
    first = await rotating.rotation.run()
    assert (first.resealed, first.left, first.damaged) == (2 * (7 - 3), {"old": 2 * 3}, ())
    assert written == [accounts[at].id for at in (0, 3, 6)]
    monkeypatch.undo()
    assert (await rotating.rotation.run()).left == {}
    found = {account.id: account.state["n"] for account in await rotating.list_accounts(environment.id)}
    assert found == {account.id: int(account.id in written) for account in accounts}
    await server.close()
    await rotating.close()


async def test_what_cannot_be_read_is_told_and_left(settings: Settings, behind: Behind) -> None:
    """A damaged value stops no rotation; a key that is missing is told by its name, with how much needs it."""
    old, new, lost = fresh_key("old"), fresh_key("new"), fresh_key("lost")
    store = await Store.open(with_keys(settings, old))
    environment = await store.environment()
    good, moved, gone = [await store.add_account(environment.id, "greenhouse", name) for name in "abc"]
    await store.close()
    sealed = KeyRing.parse(lost, "lost").encrypt(b"{}", "elsewhere").hex()
    literal = f"X'{sealed}'" if "sqlite" in settings.database_url else f"'\\x{sealed}'::bytea"
    await behind(f"UPDATE accounts SET state = secrets WHERE id = '{moved.id}'")
    await behind(f"UPDATE accounts SET secrets = {literal} WHERE id = '{gone.id}'")
    store = await Store.open(with_keys(settings, new, old))
    assert await store.rotation.counts() == {"new": 0, "old": 5, "lost": 1}
    rotated = await store.rotation.run()
    assert rotated.resealed == 2
    assert rotated.left == {"old": 3, "lost": 1}
    assert len(rotated.damaged) == 2
    assert any(f"accounts:{moved.id}:state can't be decrypted" in reason for reason in rotated.damaged)
    assert any("'lost', which is not in" in reason for reason in rotated.damaged)
    assert (await store.get_account(environment.id, good.id)).tenant_id == "a"
    await store.close()


async def test_values_that_name_no_key_are_counted(settings: Settings, behind: Behind) -> None:
    """Bytes that were never sealed end no count in a loop."""
    store = await Store.open(with_keys(settings, fresh_key("k")))
    environment = await store.environment()
    await store.add_account(environment.id, "greenhouse", "acme")
    await behind("UPDATE accounts SET state = " + ("X'01'" if "sqlite" in settings.database_url else "'\\x01'::bytea"))
    assert await store.rotation.counts() == {"k": 1, "damaged": 1}
    await store.close()
