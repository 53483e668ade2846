"""Every rule of the quality scale has a page in docs/quality, and every page is of a rule."""

import re
from pathlib import Path

import pytest

from polyhire.manifest.quality import RULES, TIERS, Rule

FOLDER = Path(__file__).parents[2] / "docs" / "quality"
SCALE = (FOLDER / "README.md").read_text(encoding="utf-8")
SUITE = "[conformance suite](../guides/conformance.md)"
HEADINGS = ["## Reasoning", "## Example", "## Exceptions"]


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    """A new rule needs a page; the page of one that is gone has to go."""
    assert sorted(file.stem for file in FOLDER.iterdir() if file.name != "README.md") == sorted(r.name for r in RULES)


def test_the_scale_lists_each_tier_with_its_rules() -> None:
    """The table has the tiers from the lowest up, and every rule in its own, linked to its page."""
    rows = re.findall(r"(?m)^\| \*\*(\w+)\*\*: (.+?) \|.*?\| (.*) \|$", SCALE)
    assert [(tier.lower(), says) for tier, says, _ in rows] == list(TIERS.items())
    for tier, _, linked in rows:
        named = re.findall(r"\[([a-z-]+)\]\(([a-z-]+)\.md\)", linked)
        assert named == [(rule.name, rule.name) for rule in RULES if rule.tier == tier.lower()]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.name))
def test_a_page_has_its_form(rule: Rule) -> None:
    """Title, tier and source in the first line, then Reasoning, Example and Exceptions with something in each."""
    text = (FOLDER / f"{rule.name}.md").read_text(encoding="utf-8")
    lines = text.splitlines()
    assert lines[0] == f"# {rule.name}"
    assert re.match(rf"{re.escape(rule.tier.capitalize() + source(rule))}\. \S", lines[2]), lines[2]
    assert [line for line in lines if line.startswith("## ")] == HEADINGS
    assert all(part.strip() for part in re.split(r"(?m)^## \w+\n", text))


def source(rule: Rule) -> str:
    """How a page says where the rule's answer comes from."""
    if rule.check is not None:
        return ", computed from the folder"
    if rule.days is not None:
        return f", attested for {rule.days} days"
    return f", measured by the {SUITE} against the simulator" if rule.measured else ""
