"""The guide to production names settings and commands that there are."""

import re
from pathlib import Path

import typer.main

from polyhire.accounts import leases, postgresql, vault
from polyhire.cli.main import app
from polyhire.settings import Settings

GUIDE = (Path(__file__).parents[2] / "docs" / "guides" / "running-in-production.md").read_text(encoding="utf-8")


def test_its_settings_are_settings() -> None:
    """A setting that is renamed has to be renamed in the guide."""
    named = {name.lower() for name in re.findall(r"POLYHIRE_(\w+)", GUIDE)}
    assert {"database_url", "keys_command", "valkey_url"} <= named <= set(Settings.model_fields)


def test_its_commands_are_commands() -> None:
    """Each `polyhire` command of the guide exists."""
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    shown = [*re.findall(r"`(polyhire [^`]+)`", GUIDE), *re.findall(r"(?m)^(polyhire .*) --host", GUIDE)]
    assert len(shown) > 3
    for name, more in (re.findall(r"polyhire ([a-z]+)(?: ([a-z]+))?", line)[0] for line in shown):
        assert name in commands
        assert not more or more in commands[name].commands


def test_its_numbers_are_those_of_the_code() -> None:
    """Leases, connections and patience as they are."""
    assert f"renewed every {leases.RENEW_EVERY:.0f} seconds" in GUIDE
    assert re.search(rf"ends by\s+itself after {leases.LEASE:.0f}\.", GUIDE)
    most = postgresql.KEPT + postgresql.BESIDES
    assert re.search(rf"keeps up to {postgresql.KEPT} connections and opens up\s+to {most},", GUIDE)
    assert f"so that 4 workers on 2 machines need {8 * most} at most" in GUIDE
    assert f"has {vault.COMMAND_SECONDS:.0f} seconds" in GUIDE
