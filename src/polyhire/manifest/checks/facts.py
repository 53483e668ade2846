"""Checks of conformance.yaml: facts are about what the integration offers."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from polyhire.manifest.capabilities import MethodSupport, capabilities
from polyhire.manifest.conformance import facts_in
from polyhire.manifest.document import Document, Mistake
from polyhire.manifest.integration import Integration
from polyhire.manifest.load import Parts
from polyhire.suggest import did_you_mean, one_of


def check(folder: Path, shown: str, parts: Parts) -> Iterator[Mistake]:
    """What is wrong with a folder's conformance.yaml, if it has one."""
    facts, document, mistakes = facts_in(folder, shown)
    yield from mistakes
    if facts is None or document is None or parts.file is None or not isinstance(document.data, dict):
        return
    endpoints = parts.endpoints or {}
    yield from _known(document, ("endpoints",), document.data.get("endpoints") or {}, endpoints, "endpoint")
    integration = Integration(folder.name, folder, parts.file, parts.resources, endpoints)
    for name, support in capabilities(integration).items():
        for method, said in (document.data.get(name) or {}).items():
            if method == "exempt":
                continue
            offered = support.methods.get(method)
            if offered is None or not offered.offered:
                yield document.mistake(
                    (name, method), f"{name}.{method} is not offered, so nothing is to be told of it"
                )
            else:
                yield from _of_method(document, (name, method), said, offered, support.fields)


def _of_method(
    document: Document, path: tuple[str, str], said: Mapping[str, Any], offered: MethodSupport, fields: Any
) -> Iterator[Mistake]:
    yield from _known(document, (*path, "nothing_by"), said.get("nothing_by", ()), offered.filters, "filter")
    yield from _known(document, (*path, "empty"), said.get("empty", {}), fields, "field")
    yield from _known(document, (*path, "without"), said.get("without", ()), offered.writes, "field")


def _known(document: Document, path: tuple[str, ...], names: Any, known: Any, noun: str) -> Iterator[Mistake]:
    for index, name in enumerate(names):
        if name not in known:
            where = (*path, name if isinstance(names, dict) else index)
            yield document.mistake(
                where, f"there is no {noun} '{name}'{did_you_mean(name, known)}; there are: {one_of(known)}"
            )
