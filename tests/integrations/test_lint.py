"""Every integration that is shipped lints clean."""

from pathlib import Path

import pytest

from polyhire.manifest.catalog import shipped
from polyhire.manifest.lint import lint

FOLDERS = sorted(file.parent for file in shipped().glob("*/integration.yaml"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.name))
def test_it_has_no_mistakes(folder: Path) -> None:
    """Every field and method is accounted for, and every expression reads what there is."""
    assert [str(mistake) for mistake in lint(folder, f"integrations/{folder.name}")] == []


def test_there_are_some() -> None:
    """An empty folder would pass in silence."""
    assert FOLDERS
