"""Lists in the bodies of writes."""

from pathlib import Path

import pytest

from polyhire.manifest.lint import lint
from tests.manifest.conftest import Break

LIST_OF_ONE = "is a list, and a list of one is sent as a single thing here: end it in `[]`"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("body.emails.email", f"18: body.emails {LIST_OF_ONE}"),
        ("body.emails.{'v': email}", f"18: body.emails {LIST_OF_ONE}"),
        ("$map(body.emails, function($e) {$e.email})", f"23: body.emails {LIST_OF_ONE}"),
        ("body.emails[type = 'work'].email", f"18: body.emails {LIST_OF_ONE}"),
        ("body.emails[type = 'personal'].email", f"18: body.emails {LIST_OF_ONE}"),
        ("$number(body.first_name) & body.emails.email", None),  # it fails with any sample: nothing to tell
        ("$exists(body.tags) ? {'them': body.tags.name}", f"26: body.tags {LIST_OF_ONE}"),
        ("$exists(body.tags) ? {'them': body.tags.name[]}", None),
        ("body.emails.email[]", None),
        ("body.emails[].email", None),
        ("[body.emails.email]", None),
        ("body.emails[0].email", None),
        ("$join(body.emails.email, ', ')", None),
        ("$count(body.emails)", None),
        ("body.emails", None),
        ("body.first_name", None),
        ("body", None),
    ],
)
def test_a_list_of_one_stays_a_list(break_: Break, expression: str, expected: str | None) -> None:
    """An expression in a body that makes a list of several and a single thing of one is told to end in `[]`."""
    found = break_("candidates", ("first: body.first_name", f'first: "{expression}"'))
    assert found == ([] if expected is None else [f"candidates.yaml:15:{expected}"])


def test_a_list_inside_a_list_stays_one(acme: Path) -> None:
    """Lists inside the entries of a list are looked at too."""
    candidates = acme / "resources" / "candidates.yaml"
    text = candidates.read_text()
    new = "\"body.applications.{'files': attachments.file_name}[]\""
    candidates.write_text(text.replace("first: body.first_name", f"first: {new}"))
    assert [str(mistake) for mistake in lint(acme)] == [
        f"acme/resources/candidates.yaml:15:41: body.applications.attachments {LIST_OF_ONE}"
    ]
