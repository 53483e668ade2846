"""What a whole run of this suite proves of each integration, written where `polyhire quality` reads it.

The rules of the quality scale that take running are named here with the tests that measure them.
"""

from fnmatch import fnmatchcase
from pathlib import Path

import orjson
import pytest

from polyhire.conformance.chosen import Chosen
from polyhire.manifest.quality import CONFORMANCE, fingerprint

MEASURED_BY = {
    "simulated": ["*"],
    "pages-to-the-end": [
        "test_nobody_of_the_company_is_missing*",
        "test_every_record_comes_once*",
        "test_a_failure_between_pages_is_told*",
    ],
    "fails-in-our-words": [
        "test_what_lasts_is_told_in_time*",
        "test_revoked_credentials_need_the_customer*",
        "test_what_never_was_is_not_found*",
    ],
    "waits-its-turn": ["*rate_limited*"],
    "reconnects": [
        "test_an_expired_token_is_renewed_or_told*",
        "test_revoked_credentials_need_the_customer*",
    ],
    "sparse-safe": ["test_a_record_has_every_field*"],
    "filters-honest": ["*filter*", "test_rejected_applications_are_rejected*"],
}
"""Rule -> the tests that measure it; one that runs with no integration measures nothing."""

NARROWING = ("collectonly", "keyword", "markexpr", "deselect", "ignore", "ignore_glob", "lf", "stepwise")
HOME = Path("tests/e2e")
"""Where the suite runs with all the shipped integrations, below the root of the project."""


class Results:
    """How the tests of each integration end."""

    def __init__(self, chosen: Chosen) -> None:
        self.fingerprints = {slug: fingerprint(chosen.catalog.folder(slug)) for slug in chosen.slugs}
        self.passed: dict[tuple[str, str], bool] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a test's end for every rule that it measures: one failure fails the rule."""
        slug = dict(report.user_properties).get("integration")
        if not isinstance(slug, str):
            return
        if report.failed or (report.passed and report.when == "call"):
            test = report.nodeid.rpartition("::")[2]
            for rule, patterns in MEASURED_BY.items():
                if any(fnmatchcase(test, pattern) for pattern in patterns):
                    self.passed[slug, rule] = self.passed.get((slug, rule), True) and report.passed

    def write(self, file: Path) -> None:
        """Write what was found of these integrations into a file; what it says of others stays."""
        found = orjson.loads(file.read_bytes()) if file.is_file() else {}
        for slug, told in self.fingerprints.items():
            rules = {rule: self.passed[s, rule] for s, rule in self.passed if s == slug}
            found[slug] = {"fingerprint": told, "rules": rules}
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


class Recorder(Results):
    """Writes the results down by itself when the whole suite ran, with all of its integrations."""

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Write what was found; a run of some of the tests proves nothing, and writes nothing."""
        ended = exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
        if ended and not session.shouldstop and not session.shouldfail and is_whole(session.config):
            self.write(session.config.rootpath / CONFORMANCE)


def is_whole(config: pytest.Config) -> bool:
    """Whether a run takes in the whole suite, with all of its integrations."""
    if any(config.getoption(name, None) for name in NARROWING):
        return False
    home = config.rootpath / HOME
    asked = [(config.invocation_params.dir / argument).resolve() for argument in config.args]
    return any(home.is_relative_to(path) for path in asked)
