"""`polyhire quality`."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from polyhire.cli.quality import quality
from polyhire.manifest.catalog import Catalog
from polyhire.manifest.quality import RULES

SLUGS = Catalog().slugs
app = typer.Typer()
app.command("quality")(quality)


@pytest.fixture(autouse=True)
def nothing_was_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The current directory holds no results of the end-to-end suite."""
    monkeypatch.chdir(tmp_path)


def test_every_rule_is_a_line() -> None:
    """The tier first, then each rule with its state; what was not measured says so and keeps the tier away."""
    result = CliRunner().invoke(app, [SLUGS[0]])
    assert result.exit_code == 0
    first, *lines = result.stdout.splitlines()
    assert first == f"{SLUGS[0]}: no tier yet"
    told = [line.split()[1] for line in lines if not line.startswith(" " * 10)]
    assert told == [rule.name for rule in RULES]
    way_out = f"not measured here: run `polyhire conform {SLUGS[0]}`"
    assert f"  bronze    simulated           not measured  {way_out}" in lines


def test_json_has_the_same_for_programs() -> None:
    """Every integration with its tier and rules."""
    report = json.loads(CliRunner().invoke(app, ["--json"]).stdout)
    assert set(report) == set(SLUGS)
    for held in report.values():
        assert held["tier"] is None
        assert [rule["rule"] for rule in held["rules"]] == [rule.name for rule in RULES]
        assert {"rule": "lints-clean", "tier": "bronze", "state": "passed", "why": []} in held["rules"]
