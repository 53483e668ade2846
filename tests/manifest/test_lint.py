"""The linter as a whole; `checks/` has its rules one by one, with their lines and columns."""

from pathlib import Path

from polyhire.manifest.lint import lint
from tests.manifest.conftest import ACME


def test_an_integration_without_mistakes_has_none() -> None:
    """The copy that the other tests break is clean."""
    assert lint(ACME) == []


def test_every_mistake_at_once(acme: Path) -> None:
    """A broken file hides neither its own other mistakes nor those of other files; they come in order."""
    (acme / "integration.yaml").write_text("name: Acme\ndcos: x\n")
    candidates = acme / "resources" / "candidates.yaml"
    candidates.write_text(
        candidates.read_text().replace("email: query.email", "email: query.").replace("  title: Acme", "  titel: Acme")
    )
    (acme / "resources" / "jobs.yaml").write_text("list: [\n")
    (acme / "resources" / "job.yaml").write_text("absent: Acme has none\n")
    (acme / "resources" / "tags.yaml").write_text("[]\n")
    assert [str(mistake).removeprefix("acme/") for mistake in lint(acme)] == [
        "integration.yaml:1:1: 'base_url' is missing",
        "integration.yaml:1:1: 'check' is missing",
        "integration.yaml:1:1: 'connect' is missing",
        "integration.yaml:1:1: 'docs' is missing",
        "integration.yaml:2:1: 'dcos' does not belong here (dcos); did you mean 'docs'?; known here: base_url, check, "
        "connect, docs, errors, file_hosts, format, headers, name, pagination, rate_limit",
        "resources/candidates.yaml:5:18: list.query.email: not JSONata: Unexpected end of expression",
        "resources/candidates.yaml:52:1: neither in `fields` nor in `absent`: title",
        "resources/candidates.yaml:65:3: candidates has no field or method 'titel'; did you mean 'title'?",
        "resources/job.yaml:1:1: there is no resource 'job'; did you mean 'jobs'?; there are: activities, "
        "applications, attachments, candidates, departments, eeocs, interviews, job_form_fields, job_interview_stages, "
        "jobs, offers, offices, organizations, reject_reasons, scorecards, tags, users",
        "resources/jobs.yaml:2:1: not YAML: did not find expected node content; an expression that is more than a path "
        "or a call goes in quotes or in a `|` block",
        "resources/tags.yaml:1:1: the file should be a mapping: keys with values",
    ]


def test_less_is_also_an_integration(acme: Path) -> None:
    """Endpoints and pagination are optional; a list without pagination is one page."""
    (acme / "endpoints.yaml").unlink()
    text = (acme / "integration.yaml").read_text()
    start, end = text.index("pagination:"), text.index("errors:")
    (acme / "integration.yaml").write_text(text[:start] + text[end:])
    assert lint(acme) == []


def test_mistakes_are_shown_with_the_path_that_was_asked_for(acme: Path) -> None:
    """An editor can jump to a mistake when it is shown with a path that it knows."""
    (acme / "resources" / "tags.yaml").unlink()
    assert lint(acme, "here/acme")[0].file == "here/acme/resources/tags.yaml"


def test_a_folder_without_an_integration_says_so(tmp_path: Path) -> None:
    """A folder without integration.yaml is told so, among the resources that are missing."""
    found = [str(mistake) for mistake in lint(tmp_path / "nothing")]
    assert found[0] == "nothing/integration.yaml:1:1: the file is missing"
    assert len(found) == 18
