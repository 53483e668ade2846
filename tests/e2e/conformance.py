"""What a whole run of this suite proves of each integration, written where `polyhire quality` reads it.

The rules of the quality scale that take running are named here with the tests that measure them.
"""

from fnmatch import fnmatchcase
from pathlib import Path

import orjson
import pytest

from polyhire.manifest.catalog import Catalog, shipped
from polyhire.manifest.quality import CONFORMANCE, fingerprint

MEASURED_BY = {
    "simulated": ["*"],
    "pages-to-the-end": [
        "test_lists.py::test_every_candidate_comes_once*",
        "test_lists.py::test_every_record_comes_once*",
        "test_faults.py::test_a_failure_between_pages_is_told*",
    ],
    "fails-in-our-words": [
        "test_faults.py::test_what_lasts_is_told_in_time*",
        "test_access.py::test_revoked_credentials_need_the_customer*",
        "test_writes.py::test_what_never_was_is_not_found*",
    ],
    "waits-its-turn": ["test_faults.py::*rate_limited*"],
    "reconnects": [
        "test_faults.py::test_an_expired_token_is_renewed_or_told*",
        "test_access.py::test_revoked_credentials_need_the_customer*",
    ],
    "sparse-safe": ["test_lists.py::test_a_record_has_every_field*"],
    "filters-honest": ["test_filters.py::*"],
}
"""Rule -> the tests in this folder that measure it; a test that runs with no integration measures nothing."""

SUITE = "tests/e2e/"
NARROWING = ("collectonly", "keyword", "markexpr", "deselect", "ignore", "ignore_glob", "lf", "stepwise")


class Recorder:
    """Notes how the tests of each integration end, and writes it down when all of them ran."""

    def __init__(self) -> None:
        catalog = Catalog([shipped()])
        self.fingerprints = {slug: fingerprint(catalog.folder(slug)) for slug in catalog.slugs}
        self.passed: dict[tuple[str, str], bool] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a test's end for every rule that it measures: one failure fails the rule."""
        slug = dict(report.user_properties).get("integration")
        if not isinstance(slug, str) or not report.nodeid.startswith(SUITE):
            return
        if report.failed or (report.passed and report.when == "call"):
            test = report.nodeid.removeprefix(SUITE)
            for rule, patterns in MEASURED_BY.items():
                if any(fnmatchcase(test, pattern) for pattern in patterns):
                    self.passed[slug, rule] = self.passed.get((slug, rule), True) and report.passed

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Write what was found; a run of some of the tests proves nothing, and writes nothing."""
        ended = exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
        if not ended or session.shouldstop or session.shouldfail or not is_whole(session.config):
            return
        found = {
            slug: {"fingerprint": told, "rules": {rule: self.passed[s, rule] for s, rule in self.passed if s == slug}}
            for slug, told in self.fingerprints.items()
        }
        file = session.config.rootpath / CONFORMANCE
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def is_whole(config: pytest.Config) -> bool:
    """Whether a run takes in this whole suite."""
    if any(config.getoption(name, None) for name in NARROWING):
        return False
    suite = Path(__file__).parent
    asked = [(config.invocation_params.dir / argument).resolve() for argument in config.args]
    return any(suite.is_relative_to(path) for path in asked)
