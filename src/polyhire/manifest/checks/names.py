"""Expressions that read what nothing provides at their place."""

from collections.abc import Iterator, Mapping

from polyhire.expressions import Reads
from polyhire.manifest.checks.known import Known
from polyhire.manifest.checks.sight import Site
from polyhire.manifest.checks.source import is_called, is_traceable, is_used, position_of_path, position_of_variable
from polyhire.manifest.checks.words import FUNCTION_NAMES
from polyhire.manifest.document import Mistake
from polyhire.suggest import did_you_mean, one_of


def check(site: Site) -> Iterator[Mistake]:
    """Every name and variable that an expression reads and nothing provides."""
    yield from _variables(site)
    source, sight = site.expression.source, site.sight
    reads = site.expression.inputs
    if sight.names is None:
        if (at := position_of_variable(source, "$")) is not None:
            yield _mistake(site, "`$$` is the whole page here; the record is `$`, or just its fields' names", at)
        if is_used(source, "each") and (at := position_of_variable(source, "each")) is not None:
            yield _mistake(site, "$each is a function; what the request was for is $parent", at)
        return
    unknown = site.expression.variables.keys() - sight.variables.keys()
    if isinstance(reads, bool):
        # An unknown function is taken to read everything, and is a mistake of its own.
        query = sight.names.get("query")
        if not unknown and sight.is_filtered and query is not None and query.whole and reads:
            yield _mistake(site, query.whole, None)
    elif is_traceable(source):
        seen = Known(sight.names, refused=sight.refused)
        yield from _reads(site, seen, reads, ())


def _variables(site: Site) -> Iterator[Mistake]:
    source, sight = site.expression.source, site.sight
    for name, reads in site.expression.variables.items():
        if name in sight.variables:
            known = sight.variables[name]
            if not isinstance(reads, bool):
                yield from _reads(site, known, reads, (f"${name}",))
            continue
        if is_called(source, name):
            what, near = "function", did_you_mean(f"${name}", [f"${known}" for known in FUNCTION_NAMES])
        elif sight.names is not None:
            what, near = "variable", did_you_mean(name, sight.names)
            near += f"; names stand without `$` here: {one_of(sight.names)}"
        else:
            what, near = "variable", did_you_mean(f"${name}", [f"${known}" for known in sight.variables])
            near += f"; there are: {one_of(f'${known}' for known in sight.variables)}"
        yield _mistake(site, f"there is no {what} '${name}'{near}", position_of_variable(source, name))


def _reads(site: Site, known: Known, reads: Reads, path: tuple[str, ...]) -> Iterator[Mistake]:
    """Compare what is read below a path with what is known there."""
    if known.keys is None:
        return
    for name, inner in reads.items():
        below = (*path, name)
        if name in known.refused:
            yield _mistake(site, known.refused[name], _at(site, below))
        elif name not in known.keys:
            yield _mistake(site, _lacking(known, name, path), _at(site, below))
        elif isinstance(inner, Mapping):
            yield from _reads(site, known.keys[name], inner, below)
        elif known.keys[name].whole:
            yield _mistake(site, known.keys[name].whole or "", _at(site, below))


def _lacking(known: Known, name: str, path: tuple[str, ...]) -> str:
    names = known.keys or {}
    if not path:
        return f"nothing provides '{name}' here{did_you_mean(name, names)}; there are: {one_of(names)}"
    if not names and not known.lacking:
        return f"{'.'.join(path)} is a single value, it has no '{name}'"
    return f"{known.lacking} '{name}'{did_you_mean(name, names)}; there are: {one_of(names)}"


def _at(site: Site, path: tuple[str, ...]) -> int | None:
    source = site.expression.source
    if path[0].startswith("$"):
        start = position_of_variable(source, path[0][1:]) or 0
        inner = position_of_path(source[start + 1 :], (path[0][1:], *path[1:]))
        return start if inner is None else start + 1 + inner
    return position_of_path(source, path)


def _mistake(site: Site, message: str, position: int | None) -> Mistake:
    return site.document.mistake(site.path, message, site.offset + (position or 0))
