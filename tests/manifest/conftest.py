"""A small integration without mistakes, and a way to break a copy of it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from polyhire.manifest.lint import lint

ACME = Path(__file__).parent / "acme"
SHORT = {
    "candidates": "resources/candidates.yaml",
    "attachments": "resources/attachments.yaml",
    "integration": "integration.yaml",
    "endpoints": "endpoints.yaml",
}

Break = Callable[..., list[str]]


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    """A copy of the integration that may be changed."""
    return Path(shutil.copytree(ACME, tmp_path / "acme"))


@pytest.fixture
def break_(acme: Path) -> Break:
    """Replace texts in one file of the copy, and lint it: the mistakes without `acme/` in front."""

    def broken(file: str, *changes: tuple[str, str]) -> list[str]:
        path = acme / SHORT[file]
        text = path.read_text()
        for old, new in changes:
            assert text.count(old) == 1, f"{old!r} is not once in {file}"
            text = text.replace(old, new)
        path.write_text(text)
        return [str(mistake).removeprefix("acme/").removeprefix("resources/") for mistake in lint(acme)]

    return broken
