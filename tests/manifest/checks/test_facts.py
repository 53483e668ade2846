"""conformance.yaml in the linter: facts are about what is offered."""

from pathlib import Path

import pytest

from polyhire.manifest.lint import lint


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("candidats: {}\n", "1:1: 'candidats' does not belong here (candidats); did you mean 'candidates'?"),
        ("jobs:\n  delete: {leaves: {}}\n", "2:3: jobs.delete is not offered"),
        ("candidates:\n  list: {nothing_by: [emial]}\n", "there is no filter 'emial'; did you mean 'email'?"),
        ("candidates:\n  create: {without: [titel]}\n", "there is no field 'titel'"),
        ("endpoints: {poeple: {}}\n", "there is no endpoint 'poeple'"),
        ("candidates:\n  exempt: {every record comes once: too short}\n", "at least 20 characters"),
    ],
)
def test_a_wrong_fact_is_a_mistake(acme: Path, text: str, mistake: str) -> None:
    """Unknown keys, methods that are not offered, filters and fields that are not there, and missing sentences."""
    (acme / "conformance.yaml").write_text(text)
    found = [str(each) for each in lint(acme)]
    assert len(found) == 1
    assert found[0].startswith("acme/conformance.yaml:")
    assert mistake in found[0]
