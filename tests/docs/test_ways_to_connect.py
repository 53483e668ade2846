"""The guide to ways to connect: each of its blocks is one that works as it stands."""

import re
import textwrap
from pathlib import Path

import pytest

from polyhire.manifest.integration import Connect, OAuth2, Session
from polyhire.manifest.lint import lint

GUIDE = (Path(__file__).parents[2] / "docs" / "guides" / "ways-to-connect.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
ACME = Path(__file__).parents[1] / "manifest" / "acme"
HEAD = "name: Example\ndocs: https://docs.example.com\nbase_url: https://api.example.com\ncheck: GET /me\n"


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.partition(":")[0])
def test_a_block_is_without_mistakes(tmp_path: Path, block: str) -> None:
    """A way to connect stands in `integration.yaml` as the guide has it."""
    (tmp_path / "integration.yaml").write_text(f"{HEAD}connect:\n{textwrap.indent(block, '  ')}")
    mistakes = [mistake for mistake in lint(tmp_path) if mistake.file.endswith("integration.yaml")]
    assert mistakes == []


@pytest.mark.parametrize("part", [Connect, OAuth2, Session])
def test_every_key_is_told(part: type[Connect | OAuth2 | Session]) -> None:
    """No key of the pipeline is left out of the guide."""
    own = part.model_fields.keys() - ({"query", "headers"} if part is Session else set())
    names = {part.model_fields[name].alias or name for name in own}
    unsaid = {"items", "pagination", "multipart", "authenticate", "help", "post_connect", "xml"}
    assert [name for name in sorted(names - unsaid) if f"{name}" not in GUIDE] == []
