"""Coverage: every integration x resource x method as offered or absent, held against the floor."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from polyhire.errors import ManifestError
from polyhire.manifest.capabilities import ResourceSupport
from polyhire.manifest.document import read
from polyhire.model.resources import RESOURCES

FLOOR_FILE = "_floor.yaml"

NO_FOLDER = "There is no such integration yet"

Floor = Mapping[str, Mapping[str, Sequence[str]]]
"""Integration -> resource -> the methods that it must offer."""


@dataclass(frozen=True)
class Cell:
    """One method of one resource of one integration: offered, or absent with the `reason`."""

    integration: str
    resource: str
    method: str
    reason: str | None
    on_floor: bool

    @property
    def offered(self) -> bool:
        """Whether it is there."""
        return self.reason is None

    @property
    def missing(self) -> bool:
        """Whether the floor asks for it and it is not there."""
        return self.on_floor and not self.offered


def read_floor(folder: Path) -> Floor:
    """The floor that lies beside the integrations, if any. Raises ManifestError when it names what is not there."""
    file = folder / FLOOR_FILE
    if not file.is_file():
        return {}
    document, mistakes = read(file, FLOOR_FILE)
    wrong = [str(mistake) for mistake in mistakes]
    for slug, resources in document.data.items():
        for resource, methods in resources.items():
            known = RESOURCES[resource].method_names if resource in RESOURCES else ()
            wrong += [
                str(document.mistake((slug, resource), f"the model has no {resource}.{method}"))
                for method in methods
                if method not in known
            ]
    if wrong:
        raise ManifestError(wrong)
    floor: Floor = document.data
    return floor


def cells(supports: Mapping[str, Mapping[str, ResourceSupport]], floor: Floor) -> Iterator[Cell]:
    """Every cell of the integrations that are there, and the floor's cells of those that are not."""
    for slug, resources in supports.items():
        for name, resource in resources.items():
            wanted = floor.get(slug, {}).get(name, ())
            for method, support in resource.methods.items():
                yield Cell(slug, name, method, support.reason, method in wanted)
    for slug, wanted_resources in floor.items():
        if slug not in supports:
            for name, methods in wanted_resources.items():
                yield from (Cell(slug, name, method, NO_FOLDER, on_floor=True) for method in methods)


def markdown(found: Sequence[Cell]) -> str:
    """A table of integrations by resources, each cell the methods that are offered."""
    slugs = list(dict.fromkeys(cell.integration for cell in found if cell.reason != NO_FOLDER))
    lines = [f"| resource | {' | '.join(slugs)} |", f"| --- |{' --- |' * len(slugs)}"]
    for resource in RESOURCES:
        row = [
            ", ".join(c.method for c in found if (c.integration, c.resource, c.offered) == (slug, resource, True))
            or "–"
            for slug in slugs
        ]
        lines.append(f"| {resource} | {' | '.join(row)} |")
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Totals:
    """How many cells are offered, absent with a reason, and on the floor but missing."""

    offered: int
    absent: int
    floor: int
    missing: int


def totals(found: Sequence[Cell]) -> Totals:
    """The cells, counted."""
    return Totals(
        offered=sum(cell.offered for cell in found),
        absent=sum(not cell.offered and cell.reason != NO_FOLDER for cell in found),
        floor=sum(cell.on_floor for cell in found),
        missing=sum(cell.missing for cell in found),
    )
