"""One run of the suite for one integration, in this process, and what came of each behaviour."""

import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from polyhire.conformance import plugin
from polyhire.conformance.chosen import CHOSEN, Chosen
from polyhire.conformance.measured import Results

SUITE = Path(__file__).parent / "suite"


@dataclass
class Run:
    """A pytest plugin that tells the run what it is about, and notes how each test ended."""

    chosen: Chosen
    reports: list[pytest.TestReport] = field(default_factory=list)

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Choose the integrations."""
        config.stash[CHOSEN] = self.chosen

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a test's end: its call, or what failed or was skipped before."""
        if report.when == "call" or not report.passed:
            self.reports.append(report)


def run(chosen: Chosen, keyword: str | None = None, verbose: bool = False) -> tuple[int, Run, Results]:
    """Run the suite, or the tests whose names fit a keyword; the exit status is pytest's.

    Plugins of the environment stay out; without `verbose` pytest itself prints nothing.
    """
    found, results = Run(chosen), Results(chosen)
    arguments = [str(SUITE), f"--rootdir={SUITE}", "-c", os.devnull, "-p", "no:cacheprovider"]
    arguments += ["--disable-plugin-autoload", *(("--no-header",) if verbose else ("-p", "no:terminal"))]
    arguments += ["-k", keyword.replace(" ", "_")] if keyword else []
    status = pytest.main(arguments, plugins=[plugin, found, results])
    return int(status), found, results
