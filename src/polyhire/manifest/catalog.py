"""Find and load integrations: the shipped ones and the operator's own."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from polyhire.errors import ManifestError, UnknownIntegration
from polyhire.manifest.integration import Integration
from polyhire.manifest.load import load
from polyhire.suggest import did_you_mean, one_of


def shipped() -> Path:
    """The folder of the integrations that come with polyhire: in the wheel, or in a checkout."""
    package = Path(__file__).resolve().parent.parent
    in_wheel = package / "integrations"
    return in_wheel if in_wheel.is_dir() else package.parent.parent / "integrations"


class Catalog:
    """Integrations by slug; a folder is read when it is first asked for. Later folders win over earlier ones."""

    def __init__(self, folders: Sequence[Path] | None = None) -> None:
        self.folders = tuple(folders) if folders is not None else (shipped(),)
        self._loaded: dict[str, Integration] = {}

    @cached_property
    def _found(self) -> dict[str, Path]:
        files = (file for folder in self.folders for file in sorted(folder.glob("*/integration.yaml")))
        return {file.parent.name: file.parent for file in files}

    @property
    def slugs(self) -> tuple[str, ...]:
        """Every integration's slug, in order."""
        return tuple(sorted(self._found))

    def folder(self, slug: str) -> Path:
        """Where an integration lies. Raises UnknownIntegration with the nearest name."""
        if slug not in self._found:
            near = did_you_mean(slug, self.slugs)
            raise UnknownIntegration(f"there is no integration '{slug}'{near}; there are: {one_of(self.slugs)}")
        return self._found[slug]

    def integration(self, slug: str) -> Integration:
        """One integration. Raises ManifestError with every mistake when its files don't fit."""
        if slug not in self._loaded:
            integration, _, mistakes = load(self.folder(slug))
            if integration is None or mistakes:
                raise ManifestError([str(mistake) for mistake in mistakes])
            self._loaded[slug] = integration
        return self._loaded[slug]
