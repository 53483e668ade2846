"""Finding integrations by their slugs."""

import shutil
from pathlib import Path

import pytest

from polyhire.errors import ManifestError, UnknownIntegration
from polyhire.manifest import catalog
from polyhire.manifest.catalog import Catalog, shipped
from tests.manifest.conftest import ACME


def test_integrations_are_found_by_their_folders(acme: Path) -> None:
    """A folder with an integration.yaml is an integration, named like the folder; others are not."""
    (acme.parent / "notes").mkdir()
    found = Catalog([acme.parent])
    assert found.slugs == ("acme",)
    assert found.folder("acme") == acme
    assert found.integration("acme").name == "Acme"


def test_a_folder_is_read_once(acme: Path) -> None:
    """The second time the same integration comes back."""
    found = Catalog([acme.parent])
    assert found.integration("acme") is found.integration("acme")


def test_later_folders_win(acme: Path, tmp_path: Path) -> None:
    """The operator's own integration replaces the shipped one of the same name."""
    own = tmp_path / "own"
    shutil.copytree(ACME, own / "acme")
    assert Catalog([acme.parent, own]).folder("acme") == own / "acme"


def test_an_unknown_slug_is_told_the_nearest(acme: Path) -> None:
    """With the list of what there is."""
    with pytest.raises(UnknownIntegration, match="no integration 'acne'; did you mean 'acme'\\?; there are: acme"):
        Catalog([acme.parent]).integration("acne")


def test_mistakes_refuse_the_integration(acme: Path) -> None:
    """An integration with mistakes is not served; all of them are named."""
    (acme / "integration.yaml").write_text("name: Acme\n")
    (acme / "resources" / "jobs.yaml").write_text("lits: 1\n")
    with pytest.raises(ManifestError) as caught:
        Catalog([acme.parent]).integration("acme")
    assert len(caught.value.mistakes) == 5
    assert caught.value.mistakes[-1].startswith("acme/resources/jobs.yaml:1:1: 'lits' does not belong here")


def test_the_shipped_ones_lie_beside_the_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a checkout they are in its root, in a wheel inside the package."""
    assert (shipped() / "greenhouse" / "integration.yaml").is_file()
    assert "greenhouse" in Catalog().slugs
    package = tmp_path / "polyhire"
    (package / "integrations").mkdir(parents=True)
    monkeypatch.setattr(catalog, "__file__", str(package / "manifest" / "catalog.py"))
    assert shipped() == package / "integrations"
