"""Mistakes planted in a small integration: each is caught by the behaviours that are about it, and by no others."""

import shutil
from pathlib import Path

import pytest

from polyhire.conformance.chosen import Chosen
from polyhire.conformance.report import Line, lines_of
from polyhire.conformance.run import run

TINY = Path(__file__).parent / "providers" / "tiny"
SLOW = ("what lasts is told in time", "what passes is not noticed", "a write is not sent twice")
CASES = "a case is as it was written"


def failed(folder: Path, *only: str, slow: bool = False) -> dict[str, set[str]]:
    """What fails in a copy of the integration, of all or of some behaviours: behaviour -> the resources."""

    def wanted(name: str) -> bool:
        return any(each in name for each in only) if only else slow or not any(each in name for each in SLOW)

    _, found, _ = run(Chosen(folder, ("tiny",)), wanted)
    lines: list[Line] = list(lines_of(found.reports))
    assert only or len(lines) > 40
    together: dict[str, set[str]] = {}
    for line in lines:
        if line.state == "FAILED":
            together.setdefault(line.behaviour, set()).add(line.resource)
    return together


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A copy of the integration that may be spoilt."""
    return Path(shutil.copytree(TINY, tmp_path / "tiny"))


def test_without_a_mistake_all_of_it_passes(tiny: Path) -> None:
    """What the planted mistakes are compared with: everything passes, slow providers and failing ones too."""
    assert failed(tiny.parent, slow=True) == {}


ALL = {"attachments", "candidates", "jobs", "tags"}
NO_RULES = "  message: body.message\n"
NAMES = "json: {given: body.first_name, family: body.last_name}\n"
PLANTED = {
    "a field is dropped": (
        ("resources/candidates.yaml", "last_name: family", "last_name: famly"),
        {
            "a mapped field is told": {"candidates"},
            "what was created is read": {"candidates"},
            "what was changed is read": {"candidates"},
            CASES: {"candidates"},
        },
    ),
    "two values are swapped": (
        ("resources/jobs.yaml", '{"OPEN": "open", "FILLED": "closed"', '{"OPEN": "closed", "FILLED": "open"'),
        {"a filter narrows truthfully": {"jobs"}, CASES: {"jobs"}},
    ),
    "the last page is lost": (
        ("integration.yaml", "body.more ? page.token + 1", "body.more and page.token < 3 ? page.token + 1"),
        {
            "nobody of the company is missing": {""},
            "every record comes once": ALL,
            "a filter narrows truthfully": {"candidates"},
            "a cursor fits only where it was made": {""},
        },
    ),
    "a record comes twice": (
        ("resources/tags.yaml", "items: body.items", "items: $append(body.items, body.items[0])"),
        {"every record comes once": {"tags"}, CASES: {"tags"}},
    ),
    "a filter is ignored": (
        ("resources/jobs.yaml", "query.status)", "query.status)[false]"),
        {"a filter narrows truthfully": {"jobs"}},
    ),
    "an error is told wrongly": (
        ("integration.yaml", NO_RULES, f"{NO_RULES}  rules: [{{when: status = 404, raise: conflict}}]\n"),
        {"what never was is not found": ALL, "a file that is not there is not found": {"attachments"}},
    ),
    "a write sends nothing": (
        ("resources/candidates.yaml", NAMES, NAMES.replace("_name", '_name[false]"').replace("body.", '"body.')),
        {"what was changed is read": {"candidates"}, CASES: {"candidates"}},
    ),
    "a download has other bytes": (
        ("resources/attachments.yaml", "/files/{id}/content", "/files/{id}"),
        {"a file is what was sent in": {"attachments"}, CASES: {"attachments"}},
    ),
}


def plant(tiny: Path, file: str, old: str, new: str) -> None:
    """Replace a text that is once in a file."""
    text = (tiny / file).read_text()
    assert text.count(old) == 1
    (tiny / file).write_text(text.replace(old, new))


@pytest.mark.parametrize("mistake", PLANTED)
def test_a_planted_mistake_is_caught(tiny: Path, mistake: str) -> None:
    """A mistake fails what it breaks, and nothing else."""
    change, expected = PLANTED[mistake]
    plant(tiny, *change)
    assert failed(tiny.parent) == expected


def test_a_forgotten_header_is_caught(tiny: Path) -> None:
    """The simulator refuses every request then: no account can be connected, and no case finds its request."""
    plant(tiny, "integration.yaml", "headers: {X-Version: '\"2\"'}\n", "")
    found = failed(tiny.parent, CASES, "every record comes once")
    assert found == {CASES: ALL, "every record comes once": ALL}
