"""docs/reference/settings.md lists every setting, as the code has it."""

import re
from pathlib import Path

from polyhire.settings import BASE_URL_PREFIX, Settings

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
ROW = re.compile(r"\| `(POLYHIRE_\w+)` \| (.+?) \| (.+) \|")
ROWS = {name: (default, meaning) for name, default, meaning in ROW.findall(PAGE)}


def as_written(default: object) -> str:
    """A default as one would put it into the environment."""
    if default is None:
        return "none"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def test_the_page_lists_every_setting_and_no_other() -> None:
    """A new setting needs a line; the line of one that is gone has to go."""
    assert list(ROWS) == [f"POLYHIRE_{name.upper()}" for name in Settings.model_fields]


def test_defaults_and_meanings_are_those_of_the_code() -> None:
    """Each line says the setting's default, and begins with its description."""
    for name, field in Settings.model_fields.items():
        default, meaning = ROWS[f"POLYHIRE_{name.upper()}"]
        assert default == as_written(field.default), name
        assert field.description
        assert meaning.startswith(field.description), name


def test_the_overrides_of_addresses_are_told() -> None:
    """One family of variables is no field: it is described beside the table."""
    assert f"`{BASE_URL_PREFIX}<SLUG>`" in PAGE
