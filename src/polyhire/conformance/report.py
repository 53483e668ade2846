"""`polyhire conform`: one run of the suite as a table of resource, method and behaviour."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from polyhire.conformance.chosen import Chosen
from polyhire.conformance.run import run
from polyhire.manifest.catalog import Catalog, shipped
from polyhire.manifest.conformance import read_facts
from polyhire.manifest.quality import CONFORMANCE
from polyhire.settings import Settings


@dataclass(frozen=True)
class Line:
    """What came of a behaviour of a method: how often it was tried, and each distinct reason that it is not there."""

    resource: str
    method: str
    behaviour: str
    state: str
    tried: int
    why: tuple[str, ...]


def conform(slug: str, folder: Path | None, keyword: str | None, verbose: bool) -> int:
    """Run the suite for one integration and print what came of it; the exit code of the command."""
    chosen = Chosen(_home(slug, folder), (slug,))
    chosen.catalog.integration(slug)
    read_facts(chosen.catalog.folder(slug))
    status, found, results = run(chosen, lambda name: keyword is None or keyword in name, verbose)
    lines = list(lines_of(found.reports))
    sys.stdout.write("".join(f"{text}\n" for text in table(slug, lines)))
    if keyword is None and status in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        results.write(CONFORMANCE)
    return 0 if status == pytest.ExitCode.OK else 1


def _home(slug: str, folder: Path | None) -> Path:
    """The folder in which an integration lies. Raises UnknownIntegration with the nearest name."""
    own = folder or Settings.load().integrations
    catalog = Catalog([folder] if folder is not None else [shipped(), *([own] if own else [])])
    return catalog.folder(slug).parent.resolve()


def lines_of(reports: Iterable[pytest.TestReport]) -> Iterator[Line]:
    """The tests' ends, those of one behaviour of one method together, in the order of their resources."""
    together: dict[tuple[str, str, str], list[pytest.TestReport]] = {}
    for report in reports:
        told = dict(report.user_properties)
        key = (str(told.get("resource", "")), str(told.get("method", "")), str(told.get("behaviour", report.nodeid)))
        together.setdefault(key, []).append(report)
    for key in sorted(together, key=lambda key: key[:2]):
        ended = together[key]
        yield Line(*key, _state(ended), len(ended), tuple(reasons(ended)))


def _state(ended: list[pytest.TestReport]) -> str:
    if any(each.failed for each in ended):
        return "FAILED"
    if any(hasattr(each, "wasxfail") for each in ended):
        return "exempt"
    return "passed" if any(each.passed for each in ended) else "not there"


def reasons(ended: list[pytest.TestReport]) -> Iterator[str]:
    """Each distinct reason why tests failed, were exempt or were skipped, with the parameters that they ran with."""
    found: dict[str, list[str]] = {}
    for report in ended:
        if not report.passed:
            found.setdefault(reason(report), []).append(str(dict(report.user_properties).get("parameters", "")))
    for told, parameters in found.items():
        named = ", ".join(filter(None, parameters))
        yield f"[{named}] {told}" if named else told


def reason(report: pytest.TestReport) -> str:
    """Why a test failed, was exempt or was skipped."""
    if hasattr(report, "wasxfail"):
        return str(report.wasxfail).removeprefix("reason: ")
    if report.skipped and isinstance(report.longrepr, tuple):
        return report.longrepr[2].removeprefix("Skipped: ")
    crash = getattr(report.longrepr, "reprcrash", None)
    return str(crash.message if crash is not None else report.longreprtext)


def table(slug: str, lines: list[Line]) -> Iterator[str]:
    """The lines in columns, and a sum below."""
    width = max((len(line.behaviour) for line in lines), default=0)
    shown = None
    for line in lines:
        if line.resource != shown:
            shown = line.resource
            yield shown or slug
        tried = f" ({line.tried})" if line.tried > 1 else ""
        first, *more = [text for why in line.why for text in why.splitlines()[:8]] or [""]
        yield f"  {line.method:<12} {line.behaviour:<{width}}  {line.state + tried:<12} {first}".rstrip()
        for text in more:
            yield f"{'':<{width + 31}}{text}".rstrip()
    count = {state: sum(line.state == state for line in lines) for state in ("passed", "exempt", "FAILED", "not there")}
    yield f"{slug}: " + ", ".join(f"{number} {state.lower()}" for state, number in count.items() if number)
