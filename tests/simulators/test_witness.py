"""A simulator must not know the code that it is a witness of."""

import ast
from pathlib import Path

import pytest

INTEGRATIONS = Path(__file__).parents[2] / "integrations"
MODULES = sorted([*INTEGRATIONS.glob("*/simulator.py"), *INTEGRATIONS.glob("*/simulation/**/*.py")])


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(INTEGRATIONS)))
def test_it_imports_nothing_of_polyhire_but_the_kit(path: Path) -> None:
    """Of polyhire only `polyhire.simulators`, and never our YAML."""
    text = path.read_text()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            assert not any(alias.name.split(".")[0] == "polyhire" for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            room = node.module.split(".")
            assert room[0] != "polyhire" or room[1:2] == ["simulators"], node.module
    assert ".yaml" not in text
