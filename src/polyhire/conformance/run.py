"""One run of the suite for one integration, in this process, and what came of each behaviour."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from polyhire.conformance import plugin
from polyhire.conformance.chosen import CHOSEN, Chosen
from polyhire.conformance.measured import Results

SUITE = Path(__file__).parent / "suite"


@dataclass
class Run:
    """A pytest plugin that tells the run what it is about, picks tests, and notes how each ended."""

    chosen: Chosen
    wanted: Callable[[str], bool] = lambda name: True
    reports: list[pytest.TestReport] = field(default_factory=list)

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Choose the integrations."""
        config.stash[CHOSEN] = self.chosen

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out the tests that are not wanted."""
        items[:] = [item for item in items if self.wanted(name_of(plugin.about(item)))]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a test's end: its call, or what failed or was skipped before."""
        if report.when == "call" or not report.passed:
            self.reports.append(report)


def name_of(told: Mapping[str, str]) -> str:
    """What a test is called: resource, method, behaviour and parameters."""
    return " ".join(told.get(part, "") for part in ("resource", "method", "behaviour", "parameters"))


def run(
    chosen: Chosen, wanted: Callable[[str], bool] = lambda name: True, verbose: bool = False
) -> tuple[int, Run, Results]:
    """Run the suite, or the tests whose names are wanted; the exit status is pytest's.

    Plugins of the environment stay out; without `verbose` pytest itself prints nothing.
    """
    found, results = Run(chosen, wanted), Results(chosen)
    arguments = [str(SUITE), f"--rootdir={SUITE}", "-c", os.devnull, "-p", "no:cacheprovider"]
    arguments += ["--disable-plugin-autoload", *(("--no-header",) if verbose else ("-p", "no:terminal"))]
    status = pytest.main(arguments, plugins=[plugin, found, results])
    return int(status), found, results
