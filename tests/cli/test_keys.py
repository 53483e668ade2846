"""`polyhire keys` as people run it."""

import asyncio
import re
from pathlib import Path

import pytest

from polyhire.accounts import Store
from polyhire.settings import Settings
from tests.e2e.process import Shell


def ring(shell: Shell) -> Path:
    """The key file of a shell."""
    return shell.home / "keys"


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A shell in which an account was added, sealed with the key that the first start made."""
    shell = Shell(tmp_path, {"COLUMNS": "200"})

    async def add() -> None:
        address = f"sqlite+aiosqlite:///{shell.home}/polyhire.db"
        store = await Store.open(Settings.model_validate({"database_url": address, "keys_file": ring(shell)}))
        await store.add_account((await store.environment()).id, "greenhouse", "acme", secrets={"api_key": "canary"})
        await store.close()

    asyncio.run(add())
    return shell


def test_a_key_is_replaced(shell: Shell) -> None:
    """From a fresh key to a ring without the old one, as the guide tells it."""
    old = ring(shell).read_text().splitlines()[-1]
    new = shell.out("keys", "new")
    assert re.fullmatch(r"[0-9a-f]{8}:[A-Za-z0-9+/]{43}=", new)
    old_id, new_id = old.split(":")[0], new.split(":")[0]
    ring(shell).write_text(f"{old}\n{new}\n")
    assert re.search(rf"{old_id} +│ encrypts │ +2 ", shell.out("keys", "list"))
    ring(shell).write_text(f"{new}\n{old}\n")
    listed = shell.out("keys", "list")
    assert re.search(rf"{new_id} +│ encrypts +│ +0 ", listed)
    assert re.search(rf"{old_id} +│ decrypts +│ +2 ", listed)
    assert new.split(":")[1] not in listed
    assert shell.out("keys", "rotate").splitlines() == [
        f"2 values were encrypted anew with the key '{new_id}'",
        "Every other key can be taken out of the ring",
    ]
    ring(shell).write_text(f"{new}\n")
    assert "acme" in shell.out("account", "list")


def test_a_ring_that_does_not_fit_is_told_in_a_line(shell: Shell) -> None:
    """No command goes on with a key that can't open what is stored, and no part of a key is shown."""
    other = shell.out("keys", "new")
    ring(shell).write_text(f"{other}\n")
    for command in (["keys", "list"], ["account", "list"], ["serve"]):
        refused = shell.run(*command)
        assert refused.returncode != 0
        assert "Every process needs the same key ring" in refused.stderr, command
        assert other.split(":")[1] not in refused.stderr + refused.stdout
