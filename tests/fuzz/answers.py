"""The raw answers to lists and gets that the golden cases hold, each with the rows of its lookups."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from polyhire.manifest.catalog import Catalog, shipped
from polyhire.manifest.document import read
from polyhire.manifest.integration import Integration
from polyhire.manifest.resource import Request

CATALOG = Catalog([shipped()])
READS = ("list", "get")
_NO_FILTERS = '{"query": {}}'


@dataclass(frozen=True)
class Raw:
    """A provider's answer to one method, and what a mapping sees beside it."""

    slug: str
    resource: str
    method: str
    case: str
    id: str | None
    body: Any
    lookups: Mapping[str, Any] = field(default_factory=dict)

    @property
    def integration(self) -> Integration:
        """Whose answer it is."""
        return CATALOG.integration(self.slug)

    @property
    def account(self) -> dict[str, str]:
        """The answers that an account of it gives when connecting."""
        return {name: "fuzz" for way in self.integration.file.connect.values() for name in way.ask}

    @property
    def where(self) -> Request:
        """The request that it answers, for a call without filters."""
        steps = self.integration.resources[self.resource].methods[self.method].sequence
        running = [step for step in steps if step.when is None or step.when.evaluate_text(_NO_FILTERS) == "true"]
        return running[-1] if running else steps[-1]


@cache
def raw_answers() -> tuple[Raw, ...]:
    """All of them, in order."""
    return tuple(_all())


def _all() -> Iterator[Raw]:
    for file in sorted(shipped().glob("*/cases/*.yaml")):
        spec: dict[str, Any] = read(file, file.name)[0].data
        if spec["call"]["method"] in READS and "error" not in spec["expect"]:
            found = _raw(file, spec)
            if found is not None and found.body:
                yield found


def _raw(file: Path, spec: Mapping[str, Any]) -> Raw | None:
    call = spec["call"]
    raw = Raw(file.parent.parent.name, call["resource"], call["method"], file.stem, call.get("id"), None)
    exchange = list(spec["exchange"])
    answer = _taken(exchange, raw.where)
    if answer is None:
        return None
    lookups: dict[str, Any] = {}
    for name, lookup in raw.integration.resources[raw.resource].lookups.items():
        if (rows := _taken(exchange, lookup)) is not None:
            lookups[name] = rows
    return Raw(raw.slug, raw.resource, raw.method, raw.case, raw.id, answer, lookups)


def _taken(exchange: list[Mapping[str, Any]], request: Request) -> Any:
    """The JSON that a case answers this request with; it is taken out of the exchange."""
    line = request.request
    assert line is not None
    # The base URL may have a path of its own before the line's.
    pieces = (re.escape(piece) if isinstance(piece, str) else "[^/]+" for piece in line.pieces)
    path = re.compile("(/[^/]+)*?" + "".join(pieces))
    for entry in exchange:
        asked = entry["request"]
        if asked["method"] == line.verb and path.fullmatch(asked["path"]) and "json" in entry["response"]:
            exchange.remove(entry)
            return entry["response"]["json"]
    return None
