"""`polyhire lint` and `polyhire schema`."""

import json
import shutil
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from polyhire.cli.lint import lint
from polyhire.cli.schema import schema
from polyhire.errors import SettingsError, UnknownIntegration
from polyhire.manifest.catalog import Catalog
from tests.manifest.conftest import ACME

app = typer.Typer()
app.command("lint")(lint)
app.command("schema")(schema)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two integrations, below the current directory."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ACME, tmp_path / "own" / "acme")
    shutil.copytree(ACME, tmp_path / "own" / "apex")
    return tmp_path / "own"


def test_sound_integrations_pass(folder: Path) -> None:
    """Nothing on stdout, a summary on stderr, exit code 0."""
    result = CliRunner().invoke(app, ["lint", "--folder", str(folder)])
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "2 integrations, no mistakes\n")
    result = CliRunner().invoke(app, ["lint", "acme", "--folder", str(folder)])
    assert result.stderr == "1 integration, no mistakes\n"


def test_mistakes_are_printed_where_an_editor_finds_them(folder: Path) -> None:
    """`path:line:column: message` with a path from the current directory; exit code 1."""
    (folder / "acme" / "resources" / "tags.yaml").unlink()
    (folder / "acme" / "resources" / "jobs.yaml").write_text("absent: none\n")
    result = CliRunner().invoke(app, ["lint", "--folder", str(folder)])
    assert result.exit_code == 1
    assert result.stdout.split("\n") == [
        "own/acme/resources/jobs.yaml:1:1: absent: the reason is a sentence, not 'none'",
        "own/acme/resources/tags.yaml:1:1: the file is missing; a resource that the provider has not is one line: "
        "`absent: why`",
        "",
    ]
    assert result.stderr == "2 mistakes in 1 integration\n"
    assert CliRunner().invoke(app, ["lint", "apex", "--folder", str(folder)]).exit_code == 0


def test_a_folder_elsewhere_keeps_its_own_path(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Outside the current directory the path is shown as it was given."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    shutil.copytree(ACME, elsewhere / "acme")
    (elsewhere / "acme" / "resources" / "tags.yaml").unlink()
    result = CliRunner().invoke(app, ["lint", "--folder", str(elsewhere)])
    assert result.stdout.startswith(f"{elsewhere}/acme/resources/tags.yaml:1:1: ")


def test_what_is_not_there_is_said(folder: Path) -> None:
    """An unknown slug, and a folder without integrations."""
    result = CliRunner().invoke(app, ["lint", "acne", "--folder", str(folder)])
    assert isinstance(result.exception, UnknownIntegration)
    result = CliRunner().invoke(app, ["lint", "--folder", str(folder / "acme")])
    assert isinstance(result.exception, SettingsError)


def test_the_shipped_ones_are_meant_without_a_folder() -> None:
    """Every shipped integration is looked at, and there are some."""
    result = CliRunner().invoke(app, ["lint", Catalog().slugs[0]])
    assert result.stderr.endswith(("no mistakes\n", "in 1 integration\n"))


def test_schemas_are_written_and_named(folder: Path) -> None:
    """Into the folder that is named, one line per file."""
    result = CliRunner().invoke(app, ["schema", "made"])
    kinds = ("integration", "resource", "endpoints", "conformance")
    assert result.stdout.split() == [f"made/{kind}.json" for kind in kinds]
    assert json.loads((folder.parent / "made" / "resource.json").read_text())["title"] == "resources/<resource>.yaml"
