"""A key ring that does not fit what is stored is told at the start."""

import asyncio
import base64
import os
import sys

import pytest
from sqlalchemy import LargeBinary

from polyhire.accounts import Account, Environment, KeyRing, Store
from polyhire.accounts.tables import Sealed, keys, metadata
from polyhire.errors import SettingsError
from polyhire.settings import Settings

from .conftest import Behind

STATE = {"oauth2": {"access_token": "a", "refresh_token": "r"}}


def fresh_key(id: str) -> str:
    return f"{id}:{base64.b64encode(os.urandom(32)).decode()}"


def with_keys(settings: Settings, *entries: str) -> Settings:
    return settings.model_copy(update={"keys": ",".join(entries)})


async def with_account(settings: Settings) -> tuple[Environment, Account]:
    store = await Store.open(settings)
    environment = await store.environment()
    account = await store.add_account(environment.id, "greenhouse", "acme", secrets={"k": "v"}, state=STATE)
    await store.close()
    return environment, account


async def test_a_lost_key_file_is_not_replaced(settings: Settings) -> None:
    """A missing key stops the start, and no new key hides the loss."""
    await with_account(settings)
    settings.keys_file.unlink()
    with pytest.raises(SettingsError, match=r"key file .*keys is missing"):
        await Store.open(settings)
    assert not settings.keys_file.exists()


async def test_a_wrong_key_stops_the_start(settings: Settings) -> None:
    """Another key of the same id, or a ring without the key in use, is said at start and not at the first call."""
    first = fresh_key("k1")
    await with_account(with_keys(settings, first))
    with pytest.raises(SettingsError, match="can't be decrypted with the key 'k1'"):
        await Store.open(with_keys(settings, fresh_key("k1")))
    with pytest.raises(SettingsError, match="set up with the key k1, and none such is in POLYHIRE_KEYS"):
        await Store.open(with_keys(settings, fresh_key("k2")))


async def test_a_second_machine_cannot_begin_with_a_key_of_its_own(settings: Settings) -> None:
    """Nothing is sealed yet, and still the one that comes second is told: later it would be too late."""
    await (await Store.open(with_keys(settings, fresh_key("a")))).close()
    with pytest.raises(SettingsError, match=r"set up with the key a, .* Every process needs the same key ring"):
        await Store.open(with_keys(settings, fresh_key("b")))
    with pytest.raises(SettingsError, match="is missing"):
        await Store.open(settings)
    assert not settings.keys_file.exists()


async def test_of_two_machines_that_start_at_once_one_is_told(settings: Settings) -> None:
    """Each with a key of its own, on a database that knows none yet: one goes on, the other hears why it can't."""
    results = await asyncio.gather(
        *(Store.open(with_keys(settings, fresh_key(id))) for id in ("a", "b")), return_exceptions=True
    )
    stores = [result for result in results if isinstance(result, Store)]
    for store in stores:
        await store.close()
    assert sorted(type(result).__name__ for result in results) == ["SettingsError", "Store"]


async def test_a_database_of_before_is_taken_on(settings: Settings, behind: Behind) -> None:
    """Accounts of a version that knew no proofs are tried, and the proof is made up for."""
    first, second = fresh_key("k1"), fresh_key("k2")
    await with_account(with_keys(settings, first))
    await behind("DELETE FROM keys")
    with pytest.raises(SettingsError, match=r"accounts:.*:secrets is encrypted with the key 'k1', which is not in"):
        await Store.open(with_keys(settings, second))
    with pytest.raises(SettingsError, match=r"accounts:.*:secrets can't be decrypted with the key 'k1'"):
        await Store.open(with_keys(settings, fresh_key("k1")))
    await (await Store.open(with_keys(settings, first))).close()
    assert await behind("SELECT id FROM keys") == [("k1",)]


async def test_an_old_key_is_missed_while_anything_needs_it(settings: Settings) -> None:
    """After a new key is put in front, each change seals with it; the old one may go when nothing is left of it."""
    old, new = fresh_key("old"), fresh_key("new")
    environment, account = await with_account(with_keys(settings, old))
    store = await Store.open(with_keys(settings, new, old))
    assert await store.get_account(environment.id, account.id) == account
    second = await store.add_account(environment.id, "greenhouse", "acme")
    with pytest.raises(SettingsError, match="'old', which is not in"):
        await Store.open(with_keys(settings, new))
    changed = await store.save_state(account.id, STATE)
    await store.close()
    store = await Store.open(with_keys(settings, new))
    assert await store.list_accounts(environment.id) == (changed, second)
    assert isinstance(store.keys, KeyRing)
    await store.close()


async def test_a_ring_from_a_command(settings: Settings) -> None:
    """What a command prints is the ring, as a key file would hold it: the way to a KMS."""
    entry = fresh_key("kms")
    command = f'{sys.executable} -c \'print("# from the KMS"); print("{entry}")\''
    store = await Store.open(settings.model_copy(update={"keys_command": command}))
    assert store.keys.newest_id == "kms"
    await store.close()
    assert not settings.keys_file.exists()


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("/nowhere/hunter2", "can't be started: No such file"),
        ("", "can't be started: it is empty"),
        ("sh -c 'exit 3'", "ended with status 3"),
        ("printf '\\377'", "not text"),
        ("echo 'hunter2", "quotes are not closed"),
        ("true", "There is no key in what POLYHIRE_KEYS_COMMAND prints"),
        ("sleep 9", "did not end within 0 seconds"),
    ],
)
async def test_a_command_that_fails_is_told(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, command: str, message: str
) -> None:
    """The reason is told, the command is not: it may hold a secret."""
    monkeypatch.setattr("polyhire.accounts.vault.COMMAND_SECONDS", 0.3 if command.startswith("sleep") else 9.0)
    with pytest.raises(SettingsError, match=message) as caught:
        await Store.open(settings.model_copy(update={"keys_command": command}))
    assert "hunter2" not in str(caught.value)


def test_every_sealed_column_says_so() -> None:
    """Rotation finds sealed columns by their type: bytes of another type would be left behind with the old key."""
    plain = [
        str(column)
        for table in metadata.sorted_tables
        for column in table.c
        if isinstance(column.type, LargeBinary) and not isinstance(column.type, Sealed)
    ]
    assert plain == [str(keys.c.proof)]
