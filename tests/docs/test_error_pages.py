"""Every error code has a page in docs/errors, and every page is of an error code."""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

import polyhire
from polyhire.api.problems import unexpected
from polyhire.errors import PolyhireError

FOLDER = Path(__file__).parents[2] / "docs" / "errors"
HEADINGS = ["## What it means", "## What to do"]


def tree(kind: type[PolyhireError]) -> Iterator[type[PolyhireError]]:
    yield kind
    for inner in kind.__subclasses__():
        yield from tree(inner)


def statuses() -> dict[str, set[int]]:
    """Every code an answer may carry, in whatever module its class is, and its HTTP status."""
    for module in pkgutil.walk_packages(polyhire.__path__, "polyhire."):
        # Those are run by Alembic, and can't be imported otherwise.
        if ".migrations." not in module.name:
            importlib.import_module(module.name)
    found: dict[str, set[int]] = {}
    for error in tree(PolyhireError):
        if error.__module__.startswith("polyhire."):
            found.setdefault(error.code, set()).add(error.status)
    unforeseen = orjson.loads(bytes(unexpected(ValueError(), {"type": "http"}).body))
    found.setdefault(unforeseen["code"], set()).add(unforeseen["statusCode"])
    return found


STATUSES = statuses()


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    """A new error needs a page; a page of an error that is gone has to go too."""
    assert {file.stem for file in FOLDER.iterdir()} == set(STATUSES)


@pytest.mark.parametrize("code", sorted(STATUSES))
def test_a_page_has_its_form(code: str) -> None:
    """Title, HTTP status, what it means, what to do; nothing left empty."""
    lines = (FOLDER / f"{code}.md").read_text(encoding="utf-8").splitlines()
    assert lines[0] == f"# {code}"
    assert lines[2] == f"HTTP status: {' or '.join(map(str, sorted(STATUSES[code])))}"
    assert [line for line in lines if line in HEADINGS] == HEADINGS
    for heading in HEADINGS:
        assert len(lines[lines.index(heading) + 2]) > 20


@pytest.mark.parametrize("code", sorted(STATUSES))
def test_an_example_is_one_of_this_error(code: str) -> None:
    """An example is JSON, with the code and the status of its page."""
    _, fence, rest = (FOLDER / f"{code}.md").read_text(encoding="utf-8").partition("```json\n")
    if fence:
        example = orjson.loads(rest.partition("```")[0])
        assert (example["code"], {example["statusCode"]}) == (code, STATUSES[code])
