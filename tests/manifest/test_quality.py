"""The quality scale: each rule finds what is missing, and a tier is what the rules leave of it."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from polyhire.conformance import suite
from polyhire.conformance.chosen import Chosen
from polyhire.conformance.measured import MEASURED_BY, Recorder
from polyhire.errors import ManifestError
from polyhire.manifest.catalog import Catalog, shipped
from polyhire.manifest.quality import CONFORMANCE, RULES, TIERS, Finding, Quality, fingerprint, quality, read_own

TODAY = date(2026, 6, 1)
MEASURED = [rule.name for rule in RULES if rule.measured]

Change = Callable[[str, str, str], None]


@pytest.fixture
def change(acme: Path) -> Change:
    """Replace a text that is once in a file of the copy; an empty one is the whole file, new or old."""

    def changed(file: str, old: str, new: str) -> None:
        path = acme / file
        path.parent.mkdir(exist_ok=True)
        text = path.read_text() if old else ""
        assert not old or text.count(old) == 1
        path.write_text(text.replace(old, new) if old else new)

    return changed


def finding(folder: Path, rule: str, results: Path = Path("none.json")) -> Finding:
    """What became of one rule."""
    return next(each for each in quality(folder, results, TODAY).findings if each.rule == rule)


def measured(folder: Path, rules: dict[str, bool], told: str | None = None) -> Path:
    """A results file as the end-to-end suite writes it."""
    file = folder.parent / "conformance.json"
    file.write_text(json.dumps({folder.name: {"fingerprint": told or fingerprint(folder), "rules": rules}}))
    return file


@pytest.mark.parametrize(
    ("rule", "file", "old", "new", "missing"),
    [
        ("lints-clean", "resources/tags.yaml", "", "absent: none", "the reason is a sentence"),
        (
            "check-before-save",
            "integration.yaml",
            "check: GET /me",
            "check: {request: GET /me, authenticate: false}",
            "it",
        ),
        ("check-before-save", "integration.yaml", "basic: {username: api_key}", "{}", "connect.key.apply"),
        (
            "secrets-marked",
            "integration.yaml",
            "label: API key, secret: true",
            "label: API key",
            "connect.key.ask.api_key",
        ),
        ("secrets-marked", "integration.yaml", "{label: Client id}", "{label: Login token}", "'Login token'"),
        ("cited", "resources/candidates.yaml", "docs: https://docs.acme.example/candidates\n", "", "no `docs`"),
        ("accounted-for", "resources/candidates.yaml", "  delete: Acme has no route for it\n", "", "nothing of delete"),
        ("accounted-for", "resources/candidates.yaml", "  title: Acme keeps no titles\n", "", "nothing of title"),
        ("bounded", "resources/candidates.yaml", "    partial: true\n", "", "the lookup authors"),
    ],
)
def test_a_rule_finds_what_is_missing(
    acme: Path, change: Change, rule: str, file: str, old: str, new: str, missing: str
) -> None:
    """A rule passes for a sound folder, and names the file or key that breaks it."""
    if rule != "cited":  # acme cites its candidates alone
        assert finding(acme, rule) == Finding(rule, tier_of(rule), "passed")
    before = finding(acme, rule).why
    change(file, old, new)
    found = finding(acme, rule)
    assert found.state == "failed"
    assert [line for line in found.why if missing in line and line not in before], found.why


def test_what_is_no_secret_needs_no_mark(acme: Path, change: Change) -> None:
    """A word that only holds `key` or `token` inside is none."""
    change("integration.yaml", "{label: Client id}", "{label: Monkey tokeniser}")
    assert finding(acme, "secrets-marked").state == "passed"


def test_the_core_must_be_readable(acme: Path) -> None:
    """Each of the three that lacks list or get is named."""
    assert finding(acme, "core-readable").why == tuple(
        f"{name}.{method} is not offered" for name in ("jobs", "applications") for method in ("list", "get")
    )


def test_each_method_needs_its_case_and_each_written_field_its_body(acme: Path, change: Change) -> None:
    """A case of any name beyond the method's counts for the method, and for the fields that its body sends."""
    assert "cases/candidates.create.yaml is missing" in finding(acme, "cased").why
    change(
        "cases/candidates.create.full.yaml", "", "call: {body: {first_name: Jo, last_name: Li, emails: [], phones: []}}"
    )
    assert not [line for line in finding(acme, "cased").why if "candidates.create" in line]
    assert "no case of candidates.create sends tags" in finding(acme, "writes").why
    change("cases/candidates.create.tags.yaml", "", "call: {body: {tags: []}}")
    assert not [line for line in finding(acme, "writes").why if "candidates.create" in line]


def test_the_guide_speaks_of_everything_that_is_asked(acme: Path, change: Change) -> None:
    """A label counts only where it stands in the section, in any case."""
    assert finding(acme, "setup-guide").why == ("README.md has no section 'Getting credentials'",)
    change(
        "README.md",
        "",
        "# Acme\n\n## Getting credentials\n\nThe client ID, its client secret.\n\n## Limits\n\nSubdomain\n",
    )
    assert finding(acme, "setup-guide").why == (
        "README.md does not say where 'Subdomain' comes from",
        "README.md does not say where 'API key' comes from",
    )


def test_files_and_changes_are_asked_for(acme: Path, change: Change) -> None:
    """Downloads and uploads, and lists by the time of change."""
    assert "candidates.list" not in " ".join(finding(acme, "incremental").why)
    change("resources/candidates.yaml", "    since: query.updated_at.gte\n", "")
    assert "candidates.list has no filter updated_at[gte]" in finding(acme, "incremental").why
    assert finding(acme, "files").state == "passed"
    change("resources/attachments.yaml", "", "absent: Acme keeps no files")
    assert finding(acme, "files").why == (
        "attachments.download is not offered",
        "attachments.create does not take a `file`",
    )


def test_a_resource_without_a_file_is_missing(acme: Path) -> None:
    """One line with the reason is enough, none is not."""
    assert finding(acme, "every-resource").state == "passed"
    (acme / "resources" / "tags.yaml").unlink()
    assert finding(acme, "every-resource").why == ("resources/tags.yaml is missing",)


def test_what_takes_running_is_not_guessed(acme: Path, change: Change) -> None:
    """Without results, with those of other files, or without the rule among them, a rule is not measured."""
    assert finding(acme, "simulated") == Finding(
        "simulated", "bronze", "not measured", ("not measured here: run `polyhire conform acme`",)
    )
    results = measured(acme, {"simulated": True, "reconnects": False})
    assert finding(acme, "simulated", results).state == "passed"
    assert finding(acme, "reconnects", results).state == "failed"
    assert finding(acme, "sparse-safe", results).state == "not measured"
    assert finding(acme, "webhooks", results).why == ("nothing measures this yet",)
    change("quality.yaml", "", "owner: Ada Lovelace")
    assert finding(acme, "simulated", results).state == "passed"
    change("integration.yaml", "check: GET /me", "check: GET /us")
    assert finding(acme, "simulated", results).why == (
        "the files have changed since it was measured: run `polyhire conform acme`",
    )


@pytest.mark.parametrize(
    ("on", "state"),
    [("2026-06-01", "passed"), ("2025-06-01", "passed"), ("2025-05-31", "failed"), ("2026-06-02", "failed")],
)
def test_an_attestation_holds_for_a_while(acme: Path, change: Change, on: str, state: str) -> None:
    """From its day on, until it expires."""
    assert finding(acme, "limits-known").state == "failed"
    change(
        "quality.yaml", "", f"attestations: {{limits-known: {{on: {on}, by: Ada, saw: The limits in the README file}}}}"
    )
    assert finding(acme, "limits-known").state == state


def test_an_exemption_is_shown_with_its_reason(acme: Path, change: Change) -> None:
    """It lets the tier stand, and is told apart from passing."""
    change("quality.yaml", "", "exemptions: {core-readable: Acme knows candidates alone}")
    found = finding(acme, "core-readable")
    assert (found.state, found.why, found.counts) == ("exempt", ("Acme knows candidates alone",), True)


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("owner: ''", "quality.yaml:1:1: owner: "),
        ("tier: gold", "quality.yaml:1:1: tier: "),
        ("exemptions: {files: no}", "quality.yaml:1:14: exemptions.files: "),
        ("exemptions: {fiels: Acme has no files at all}", "exemptions has no rule 'fiels'; did you mean 'files'?"),
        ("exemptions: {verified-live: Nobody has an account there}", "exemptions has no rule 'verified-live'"),
        ("attestations: {files: {on: 2026-06-01, by: Ada, saw: Files went up and down}}", "attestations has no rule"),
        ("attestations: {limits-known: {by: Ada, saw: The limits in the README}}", "attestations.limits-known"),
    ],
)
def test_quality_yaml_says_only_what_it_may(acme: Path, change: Change, text: str, mistake: str) -> None:
    """No tier, no attested computation, no exemption without a sentence or from proof; each mistake has its place."""
    change("quality.yaml", "", text)
    with pytest.raises(ManifestError) as caught:
        read_own(acme)
    assert mistake in caught.value.message


def test_a_tier_needs_all_below_it() -> None:
    """The highest whose rules, and all below, pass; what is not measured does not count."""

    def tier(**states: str) -> str | None:
        findings = (Finding(f"of-{name}", name, states.get(name, "passed")) for name in TIERS)  # type: ignore[arg-type]  # states are given as text
        return Quality("acme", tuple(findings)).tier

    assert tier() == "platinum"
    assert tier(gold="failed") == "silver"
    assert tier(silver="not measured") == "bronze"
    assert tier(silver="exempt", platinum="failed") == "gold"
    assert tier(bronze="failed") is None


@pytest.mark.parametrize("slug", Catalog().slugs)
def test_a_shipped_integration_is_owned(slug: str) -> None:
    """Each has a quality.yaml that reads, and names who looks after it."""
    assert read_own(Catalog().folder(slug)).owner


def test_each_measured_rule_has_tests_that_are_there() -> None:
    """The suite's table names exactly the measured rules, and each of its patterns finds a test."""
    assert list(MEASURED_BY) == MEASURED
    names = list(suite.tests())
    for patterns in MEASURED_BY.values():
        for pattern in patterns:
            start = pattern.split("*")[0]
            assert any(name.startswith(start) for name in names), pattern


def report(test: str, outcome: str, slug: str | None = "acme", when: str = "call") -> pytest.TestReport:
    """A test's report, as pytest makes it."""
    properties = [] if slug is None else [("integration", slug)]
    return pytest.TestReport(
        f"tests/e2e/test_conformance.py::{test}",
        ("", 0, ""),
        {},
        outcome,  # type: ignore[arg-type]  # one of three words
        None,
        when,  # type: ignore[arg-type]  # one of three words
        user_properties=properties,
    )


def test_one_failure_fails_its_rules() -> None:
    """A failed test counts for its own integration and rules, in whatever phase; skipped ones count for none."""
    recorder = Recorder(Chosen(shipped()))
    for each in (
        report("test_a_filter_narrows_truthfully[acme]", "passed"),
        report("test_every_record_comes_once[acme]", "passed"),
        report("test_every_record_comes_once[acme-2]", "failed", when="teardown"),
        report("test_b[apex]", "passed", slug="apex"),
        report("test_c[apex-rate_limited-1]", "skipped", slug="apex"),
        report("test_d", "failed", slug=None),
    ):
        recorder.pytest_runtest_logreport(each)
    assert recorder.passed == {
        ("acme", "simulated"): False,
        ("acme", "filters-honest"): True,
        ("acme", "pages-to-the-end"): False,
        ("apex", "simulated"): True,
    }


@pytest.mark.parametrize(
    ("arguments", "options", "status", "written"),
    [
        (["tests"], {}, 0, True),
        (["tests/e2e"], {}, 1, True),
        (["tests/e2e/test_lists.py"], {}, 0, False),
        (["tests/e2e::test_a"], {}, 0, False),
        (["tests/manifest"], {}, 0, False),
        (["tests"], {"keyword": "lists"}, 0, False),
        (["tests"], {"lf": True}, 0, False),
        (["tests"], {"collectonly": True}, 0, False),
        (["tests"], {}, 2, False),
    ],
)
def test_only_a_whole_run_is_written(
    tmp_path: Path, arguments: list[str], options: dict[str, object], status: int, written: bool
) -> None:
    """A run of some of the tests, or one that was interrupted, leaves the results of the last whole one alone."""
    config = SimpleNamespace(
        getoption=options.get,
        invocation_params=SimpleNamespace(dir=tmp_path),
        args=arguments,
        rootpath=tmp_path,
    )
    session = cast(pytest.Session, SimpleNamespace(config=config, shouldstop=False, shouldfail=False))
    recorder = Recorder(Chosen(shipped()))
    slug = Catalog().slugs[0]
    recorder.pytest_runtest_logreport(report("test_a_filter_narrows_truthfully[x]", "passed", slug=slug))
    recorder.pytest_sessionfinish(session, status)
    file = tmp_path / CONFORMANCE
    assert file.exists() == written
    if written:
        states = {each.rule: each.state for each in quality(Catalog().folder(slug), file).findings}
        assert (states["filters-honest"], states["reconnects"]) == ("passed", "not measured")


def tier_of(name: str) -> str:
    """The tier that a rule belongs to."""
    return next(rule.tier for rule in RULES if rule.name == name)
