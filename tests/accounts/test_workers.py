"""Several processes on one database: none of them goes on with what another one has ended."""

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest

from polyhire.accounts import Store
from polyhire.errors import Unauthorized, UnknownAccount
from polyhire.gateway import Gateway
from polyhire.settings import Settings

from . import processes


async def watch(gateway: Gateway, token: str, account_id: str, folder: Path) -> None:
    """Use a token and an account all the time, and note when the account changed, and when each was refused."""
    ends = {"changed": False, "removed": False, "revoked": False}
    environment_id = (await gateway.store.authenticate(token)).environment_id
    await asyncio.to_thread((folder / "watching").write_text, "yes")
    while not all(ends.values()):
        try:
            await gateway.store.authenticate(token)
        except Unauthorized:
            note(ends, folder, "revoked")
        try:
            account = await gateway.store.get_account(environment_id, account_id)
            if account.name == "changed":
                note(ends, folder, "changed")
        except UnknownAccount:
            note(ends, folder, "removed")
        await asyncio.sleep(0.01)


def note(ends: dict[str, bool], folder: Path, what: str) -> None:
    if not ends[what]:
        ends[what] = True
        (folder / what).write_text(str(time.time()))


@pytest.mark.parametrize("told", [False, True], ids=["by looking", "by Valkey"])
async def test_what_one_process_ends_is_over_in_all_within_a_second(
    store: Store, settings: Settings, valkey: str, tmp_path: Path, told: bool
) -> None:
    """A token that is revoked, and an account that is changed or removed, while another process uses them."""
    environment = await store.environment()
    plaintext, token = await store.create_token(environment.id, "ci")
    account = await store.add_account(environment.id, "greenhouse", "acme")
    values: dict[str, Any] = {"database_url": settings.database_url, "keys_file": settings.keys_file}
    if told:
        values["valkey_url"] = valkey
        await store.close()
        store = await Store.open(Settings.model_validate(values))
    process = await asyncio.to_thread(processes.start, watch, values, plaintext, account.id, tmp_path)
    with processes.all_ended([process]):
        await appeared(tmp_path / "watching")
        for what, work in {
            "changed": store.update_account(account.id, name="changed"),
            "revoked": store.revoke_token(environment.id, token.id),
            "removed": store.remove_account(environment.id, account.id),
        }.items():
            await work
            done = time.time()
            assert float(await appeared(tmp_path / what)) - done < 1
        await asyncio.to_thread(process.join, 20)
        assert process.exitcode == 0
    if told:
        await store.close()


async def appeared(file: Path) -> str:
    """What a file holds, once it is there."""
    async with asyncio.timeout(20):
        while not (text := await asyncio.to_thread(read, file)):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        return text


def read(file: Path) -> str:
    return file.read_text() if file.exists() else ""
