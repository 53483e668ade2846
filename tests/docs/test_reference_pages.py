"""Docs and code are bound together: what exists is documented, and what is documented works."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer.main

from polyhire.cli.main import app
from polyhire.expressions.functions import FUNCTIONS
from polyhire.expressions.prelude import PRELUDE
from polyhire.manifest.catalog import Catalog
from polyhire.manifest.load import load
from polyhire.simulators.faults import PARAMETERS

ROOT = Path(__file__).parents[2]


def page(name: str) -> str:
    """A page of the project's docs."""
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted({*FUNCTIONS, *PRELUDE}))
def test_every_function_is_on_the_functions_page(name: str) -> None:
    """Whoever writes a mapping finds every function that we add to JSONata."""
    assert f"`${name}(" in page("docs/reference/functions.md")


def commands(name: str, command: Any) -> list[tuple[str, Any]]:
    """Every command of the CLI, by its full name."""
    if hasattr(command, "commands"):
        return [found for inner, sub in command.commands.items() for found in commands(f"{name} {inner}", sub)]
    return [(name, command)]


@pytest.mark.parametrize(("name", "command"), commands("polyhire", typer.main.get_command(app)))
def test_every_command_and_option_is_on_the_commands_page(name: str, command: Any) -> None:
    """Each command has its section, and each of its options a row in it."""
    sections = re.split(r"^## ", page("docs/reference/cli.md"), flags=re.MULTILINE)
    section = next((text for text in sections if re.match(rf"`{re.escape(name)}[ `]", text)), "")
    assert section, f"docs/reference/cli.md has no section `{name}`"
    for parameter in command.params:
        if parameter.param_type_name == "option" and parameter.name != "help":
            assert parameter.opts[0] in section, f"{name} {parameter.opts[0]}"


@pytest.mark.parametrize("slug", Catalog().slugs)
def test_every_integration_is_in_the_readme(slug: str) -> None:
    """The README lists each integration, with a link to its own page, which exists."""
    assert f"integrations/{slug}/README.md" in page("README.md")
    assert page(f"integrations/{slug}/README.md").strip()


@pytest.mark.parametrize("kind", PARAMETERS)
def test_every_fault_is_in_the_sandbox_guide(kind: str) -> None:
    """Each kind of fault that the sandbox injects is explained."""
    assert f"| `{kind}` |" in page("docs/guides/sandbox.md")


def test_the_guide_to_integrations_shows_valid_files(tmp_path: Path) -> None:
    """The two files of the guide load as they stand."""
    blocks = re.findall(r"```yaml\n(.*?)```", page("docs/guides/writing-an-integration.md"), flags=re.DOTALL)
    folder = tmp_path / "example"
    (folder / "resources").mkdir(parents=True)
    (folder / "integration.yaml").write_text(blocks[0], encoding="utf-8")
    (folder / "resources" / "candidates.yaml").write_text(blocks[1], encoding="utf-8")
    integration, _, mistakes = load(folder)
    assert mistakes == []
    assert integration is not None
    assert set(integration.resources["candidates"].methods) == {"list", "get", "create"}


@pytest.mark.parametrize("file", ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"])
def test_links_lead_somewhere(file: str) -> None:
    """A relative link in a page at the root points to a file that exists."""
    for target in re.findall(r"\]\((?!https?://)([^)#]+)", page(file)):
        assert (ROOT / target).exists(), f"{file} links to {target}"


@pytest.mark.parametrize("command", re.findall(r"^make ([a-z]+)", page("README.md"), flags=re.MULTILINE))
def test_readme_commands_exist(command: str) -> None:
    """Every make command that the README names is in the Makefile."""
    assert re.search(rf"^{command}:", page("Makefile"), flags=re.MULTILINE)
