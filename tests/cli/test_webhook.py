"""`polyhire webhook` as people run it."""

import asyncio
import re

import pytest

from polyhire.accounts import Store
from polyhire.settings import Settings
from tests.e2e.process import Shell

UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
URL = "https://example.com/hooks"


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A shell with a home of its own."""
    return Shell(tmp_path_factory.mktemp("shell"), {"COLUMNS": "200"})


def test_webhooks_are_added_listed_and_removed(shell: Shell) -> None:
    """The secret is shown once, when it is new; events and addresses that there aren't are refused in a line."""
    id, secret = shell.out("webhook", "add", URL, "--event", "integrated_account:active").splitlines()
    assert re.fullmatch(UUID, id) and secret.startswith("whsec_")
    listed = shell.out("webhook", "list")
    assert id in listed and URL in listed and "integrated_account:active" in listed
    assert secret not in listed
    rotated = shell.out("webhook", "rotate", id)
    assert rotated.startswith("whsec_") and rotated != secret
    wrong = shell.run("webhook", "add", URL, "--event", "integrated_account:activ")
    assert (wrong.returncode, wrong.stderr.count("\n")) == (1, 1)
    assert "did you mean 'integrated_account:active'" in wrong.stderr
    assert "not a public address" in shell.run("webhook", "add", "https://10.0.0.1").stderr
    assert shell.out("webhook", "remove", id) == f"removed {id}"
    assert id not in shell.out("webhook", "list")
    assert shell.run("webhook", "remove", id).stderr.startswith("polyhire: There is no webhook")


def test_what_was_missed_is_replayed(shell: Shell) -> None:
    """One delivery by its id, or all since a moment; a running server makes them. A mistyped id is told."""
    names = {"database_url": "POLYHIRE_DATABASE_URL", "keys_file": "POLYHIRE_KEYS_FILE"}
    settings = Settings.model_validate({field: shell.environment[name] for field, name in names.items()})

    async def happen() -> None:
        store = await Store.open(settings)
        await store.add_account((await store.environment()).id, "acme", "tenant-1", status="active")
        await store.close()

    asyncio.run(happen())
    id = shell.out("webhook", "add", URL).splitlines()[0]
    assert shell.out("webhook", "replay", id, "--since", "2999-01-01") == "0 to be delivered again"
    assert shell.out("webhook", "replay", id) == "2 to be delivered again"
    listed = shell.out("webhook", "deliveries", id, "--status", "pending", "--limit", "1")
    assert listed.count("integrated_account:") == 1
    [delivery, *_] = re.findall(UUID, listed)
    assert shell.out("webhook", "replay", id, delivery) == "1 to be delivered again"
    assert shell.out("webhook", "deliveries", id).count("pending") == 3
    unknown = shell.run("webhook", "replay", id, id)
    assert unknown.returncode == 1
    assert "no delivery" in unknown.stderr
