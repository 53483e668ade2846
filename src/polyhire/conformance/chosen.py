"""Which integrations a run of the suite is about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from polyhire.conformance.offered import Offer, Select
from polyhire.manifest.capabilities import capabilities
from polyhire.manifest.catalog import Catalog, shipped
from polyhire.manifest.conformance import read_facts


@dataclass(frozen=True)
class Chosen:
    """The folder in which integrations lie, and those of them that are tried (all, where none is named)."""

    folder: Path
    only: tuple[str, ...] = ()
    _offers: dict[str, Offer] = field(default_factory=dict)
    _facts: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    @cached_property
    def catalog(self) -> Catalog:
        """The integrations of the folder."""
        return Catalog([self.folder])

    @property
    def slugs(self) -> tuple[str, ...]:
        """Those that are tried."""
        return self.only or self.catalog.slugs

    @property
    def own(self) -> Path | None:
        """The folder, where it is not that of the shipped integrations."""
        return None if self.folder == shipped() else self.folder

    def offer(self, slug: str) -> Offer:
        """An integration, and what it can do."""
        if slug not in self._offers:
            integration = self.catalog.integration(slug)
            self._offers[slug] = Offer(integration, capabilities(integration))
        return self._offers[slug]

    def facts(self, slug: str) -> Mapping[str, Any]:
        """What an integration's conformance.yaml says."""
        if slug not in self._facts:
            self._facts[slug] = read_facts(self.catalog.folder(slug))
        return self._facts[slug]

    def exempt(self, slug: str, resource: str, behaviour: str, parameters: str) -> str | None:
        """Why an integration is exempt from a behaviour, if it is: `name` or `name [parameters]` says so."""
        facts = self.facts(slug)
        said = (facts.get(resource) or {} if resource else {}).get("exempt", {}) | facts.get("exempt", {})
        why: str | None = said.get(f"{behaviour} [{parameters}]", said.get(behaviour))
        return why

    def parameters(self, argument: str | None, select: Select | None) -> Iterator[Any]:
        """The parameters of a test: an integration's slug, and a value for the argument where there is one."""
        for slug in self.slugs:
            found = list(select(self.offer(slug))) if select is not None else [""]
            if argument is None:
                yield from (pytest.param(slug, id=slug) for _ in found[:1])
            else:
                yield from (pytest.param(slug, value, id=f"{slug}-{value}") for value in found)


CHOSEN = pytest.StashKey[Chosen]()
"""Where a run's configuration keeps its choice; without one the suite runs with every shipped integration."""
