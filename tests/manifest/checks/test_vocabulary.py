"""Fields and methods of a resource, against the model."""

from pathlib import Path
from typing import Any

import pytest

from polyhire.manifest.lint import lint
from tests.manifest.conftest import Break

VOCABULARY = [
    (
        ("  first_name: first\n", "  frist_name: first\n"),
        "candidates.yaml:52:1: neither in `fields` nor in `absent`: first_name",
        "candidates.yaml:54:3: candidates has no field 'frist_name'; did you mean 'first_name'?",
    ),
    (
        ("  title: Acme keeps no titles\n  is_private: Acme keeps nothing private\n", ""),
        "candidates.yaml:52:1: neither in `fields` nor in `absent`: title, is_private",
    ),
    (
        ("  title: Acme", "  titel: Acme"),
        "candidates.yaml:52:1: neither in `fields` nor in `absent`: title",
        "candidates.yaml:65:3: candidates has no field or method 'titel'; did you mean 'title'?",
    ),
    (
        ("  phones: phone\n", "  phones: phone\n  title: headline\n"),
        "candidates.yaml:66:3: 'title' is mapped in `fields` and absent at once",
    ),
    (
        ("  update: Acme has no route for it\n  delete: Acme has no route for it\n", ""),
        "candidates.yaml:64:1: methods neither offered nor in `absent`: update, delete",
    ),
    (
        ("  remove-tag: Acme", "  add-tag: Acme has no route for it\n  remove-tag: Acme"),
        "candidates.yaml:77:3: 'add-tag' is offered and absent at once",
    ),
    (
        ("add-tag:", "hire:"),
        "candidates.yaml:22:1: candidates has no method 'hire'; it has: add-tag, create, delete, get, list, "
        "remove-tag, update",
        "candidates.yaml:64:1: methods neither offered nor in `absent`: add-tag",
    ),
    (
        ("docs: https://docs.acme.example/candidates\n", ""),
        "candidates.yaml:21:1: candidates has no `docs`: the provider's page that says all this",
    ),
]


@pytest.mark.parametrize("case", VOCABULARY, ids=lambda case: case[0][1].strip()[:30] or case[0][0].strip()[:30])
def test_every_field_and_method_is_accounted_for(break_: Break, case: tuple[Any, ...]) -> None:
    """What the model does not have, what is neither there nor absent, and what is both."""
    change, *expected = case
    assert break_("candidates", change) == expected


def test_a_resource_is_absent_or_offered(acme: Path) -> None:
    """A reason for the whole resource leaves no room for methods and fields."""
    jobs = acme / "resources" / "jobs.yaml"
    jobs.write_text(
        "list:\n  request: GET /jobs\n  items: body\nfields: {id: id}\nabsent: Acme has none\ndocs: http://a.b\n"
    )
    assert [str(mistake) for mistake in lint(acme)] == [
        "acme/resources/jobs.yaml:5:1: jobs is absent and offered at once: fields, list"
    ]


def test_every_resource_has_a_file(acme: Path) -> None:
    """A missing file is a mistake: a resource that the provider has not says so."""
    (acme / "resources" / "tags.yaml").unlink()
    assert [str(mistake) for mistake in lint(acme)] == [
        "acme/resources/tags.yaml:1:1: the file is missing; a resource that the provider has not is one line: "
        "`absent: why`"
    ]
