"""Which of a provider's addresses hand out answers on equal employment opportunity: those that `eeocs` is read from."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import unquote

from polyhire.manifest.integration import Integration
from polyhire.manifest.resource import Method, Request, Resource

RESOURCE = "eeocs"

ANYTHING = "*"
"""Stands for a segment of a path that varies."""

# What providers call it in paths that no mapping names: some have `eeo`, others `demographics`.
_WORDS = re.compile(r"eeo|demographic", re.IGNORECASE)
_HOLE = re.compile(r"\{[^{}]*\}")

Path = tuple[str, ...]


def eeo_paths(integration: Integration) -> tuple[Path, ...]:
    """The paths that the integration reads or writes `eeocs` at, by their segments; none where it has no `eeocs`."""
    mapping = integration.resources.get(RESOURCE)
    return () if mapping is None else tuple(_paths(requests_of(mapping)))


def reveals_eeo(integration: Integration, requests: Iterable[Request]) -> bool:
    """Whether any of these requests goes where `eeocs` comes from, so that its raw answer may hold the same."""
    sources = eeo_paths(integration)
    return bool(sources) and any(_overlap(path, source) for path in _paths(requests) for source in sources)


def path_reveals_eeo(integration: Integration, path: str) -> bool:
    """Whether a path as a caller wrote it is, or lies below, one that `eeocs` comes from, or is called like that."""
    decoded = unquote(path.partition("?")[0])
    given = _segments(decoded)
    if _WORDS.search(decoded):
        return True
    return any(_overlap(given[: len(source)], source) for source in eeo_paths(integration))


def requests_of(mapping: Resource, method: Method | None = None) -> tuple[Request, ...]:
    """Every request that a resource, or one method of it, may send; lookups are of all its methods."""
    methods = mapping.methods.values() if method is None else (method,)
    return (*(step for each in methods for step in each.sequence), *mapping.lookups.values())


def _paths(requests: Iterable[Request]) -> Iterator[Path]:
    for request in requests:
        line = request.request
        # A line that is a whole address out of an answer says nothing about where it leads.
        if line is not None and not line.whole:
            yield _path(line.text)


@lru_cache(maxsize=4096)
def _path(line: str) -> Path:
    return _segments(_HOLE.sub(ANYTHING, line.partition("?")[0]))


def _segments(path: str) -> Path:
    """The segments of a path as a server may read it: without parameters, repeated slashes, dots and capitals."""
    parts = (part.partition(";")[0].casefold() for part in path.split("/"))
    return tuple(part for part in parts if part not in ("", "."))


def _overlap(one: Path, other: Path) -> bool:
    """Whether some address fits both."""
    return len(one) == len(other) and all(
        a == b or ANYTHING in a or ANYTHING in b for a, b in zip(one, other, strict=True)
    )
