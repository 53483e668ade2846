"""`polyhire conform` as people run it, and exemptions."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TINY = Path(__file__).parent / "providers" / "tiny"
WHY = "The provider names its states the other way round."


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A copy of the integration, with two values of an enum swapped."""
    copy = Path(shutil.copytree(TINY, tmp_path / "tiny"))
    jobs = copy / "resources" / "jobs.yaml"
    text = jobs.read_text()
    jobs.write_text(text.replace('{"OPEN": "open", "FILLED": "closed"', '{"OPEN": "closed", "FILLED": "open"'))
    return copy


def conform(tiny: Path, *arguments: str, before: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command on a copy, in its parent folder."""
    program = f"{before}\nfrom polyhire.cli.main import main\nmain()"
    return subprocess.run(
        [sys.executable, "-c", program, "conform", "tiny", *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=tiny.parent,
        env={**os.environ, "POLYHIRE_INTEGRATIONS": str(tiny.parent)},
        timeout=100,
    )


def test_what_fails_is_shown(tiny: Path) -> None:
    """The table tells each failure with its reason, the exit code is 1, and a part of the suite proves nothing."""
    done = conform(tiny, "-k", "jobs list")
    assert done.returncode == 1, done.stderr
    wrong = [line for line in done.stdout.splitlines() if "FAILED" in line]
    assert len(wrong) == 2
    assert wrong[0].split("FAILED")[0].split() == ["list", *["a", "case", "is", "as", "it", "was", "written"]]
    assert "a filter narrows truthfully" in wrong[1] and "'status': " in wrong[1]
    assert not (tiny.parent / ".polyhire").exists()


def test_an_exemption_is_shown_with_its_sentence(tiny: Path) -> None:
    """What is exempt does not fail the run, and its reason is printed."""
    (tiny / "conformance.yaml").write_text(f"jobs:\n  exempt:\n    a filter narrows truthfully: {WHY}\n")
    done = conform(tiny, "--folder", str(tiny.parent), "-k", "jobs list a filter")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"exempt       {WHY}" in done.stdout


def test_an_exemption_that_is_not_needed_fails(tiny: Path) -> None:
    """Whoever mends something takes its exemption out."""
    (tiny / "conformance.yaml").write_text(f"jobs:\n  exempt:\n    a record has every field: {WHY}\n")
    done = conform(tiny, "-k", "jobs list a record has every field")
    assert done.returncode == 1
    assert f"[XPASS(strict)] {WHY}" in done.stdout


def test_an_unknown_key_is_refused(tiny: Path) -> None:
    """A key that conformance.yaml has not is a mistake with its line, and the nearest key."""
    (tiny / "conformance.yaml").write_text("jobs:\n  lst: {repeats: true}\n")
    done = conform(tiny)
    assert done.returncode == 1
    assert "tiny/conformance.yaml:2:3: 'lst' does not belong here (jobs.lst); did you mean 'list'?" in done.stderr


def test_a_whole_run_is_noted_for_quality(tiny: Path) -> None:
    """What a whole run proves is written where `polyhire quality` looks for it."""
    done = conform(tiny)
    assert done.returncode == 1
    found = json.loads((tiny.parent / ".polyhire" / "conformance.json").read_text())["tiny"]["rules"]
    assert found["pages-to-the-end"] is True and found["filters-honest"] is False


def test_without_pytest_it_says_what_to_install(tiny: Path) -> None:
    """pytest is an extra: the command names it."""
    done = conform(tiny, before="import sys; sys.modules['pytest'] = None")
    assert done.returncode == 1
    assert "pip install 'polyhire[conform]'" in done.stderr
