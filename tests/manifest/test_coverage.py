"""What is offered is counted, and held against the floor."""

from pathlib import Path

import pytest

from polyhire.errors import ManifestError
from polyhire.manifest.capabilities import capabilities
from polyhire.manifest.catalog import Catalog, shipped
from polyhire.manifest.coverage import NO_FOLDER, Cell, cells, markdown, read_floor, totals

ROOT = Path(__file__).parents[2]


def shipped_cells() -> list[Cell]:
    """The cells of the shipped integrations and their floor."""
    catalog = Catalog()
    return list(cells({slug: capabilities(catalog.integration(slug)) for slug in catalog.slugs}, read_floor(shipped())))


def test_no_shipped_integration_misses_a_cell_of_its_floor() -> None:
    """Whatever folder is there offers all that its floor asks for."""
    assert [cell for cell in shipped_cells() if cell.missing and cell.reason != NO_FOLDER] == []


def test_a_floor_without_a_folder_is_missing_whole(tmp_path: Path) -> None:
    """An integration that is not there misses every cell of its floor, and only those."""
    (tmp_path / "_floor.yaml").write_text("acme:\n  jobs: [list, get]\n", encoding="utf-8")
    found = list(cells({}, read_floor(tmp_path)))
    assert [(cell.resource, cell.method, cell.missing) for cell in found] == [
        ("jobs", "list", True),
        ("jobs", "get", True),
    ]
    assert (totals(found).absent, totals(found).missing) == (0, 2)


def test_a_floor_that_names_what_the_model_lacks_is_refused(tmp_path: Path) -> None:
    """A slip in the floor is a mistake with its line, not a cell that nobody can offer."""
    (tmp_path / "_floor.yaml").write_text("acme:\n  jobs: [list]\n  tags: [fetch]\n", encoding="utf-8")
    with pytest.raises(ManifestError, match=r"_floor\.yaml:3:3: the model has no tags\.fetch"):
        read_floor(tmp_path)


def test_no_floor_asks_for_nothing(tmp_path: Path) -> None:
    """A folder of one's own integrations needs no floor."""
    assert read_floor(tmp_path) == {}


def test_an_absent_method_has_its_reason() -> None:
    """Every cell is offered, or says in a sentence why it is not."""
    for cell in shipped_cells():
        assert cell.offered or len((cell.reason or "").split()) > 2, cell


def test_the_coverage_page_is_fresh() -> None:
    """docs/reference/coverage.md is what `polyhire coverage --markdown` prints now."""
    page = (ROOT / "docs/reference/coverage.md").read_text(encoding="utf-8")
    assert page.endswith(markdown(shipped_cells())), "run: polyhire coverage --markdown, and put it on the page"
