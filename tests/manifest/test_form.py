"""Forms: what may be answered when connecting, and once connected."""

from collections.abc import Mapping
from typing import Any

import pytest

from polyhire.errors import InvalidBody
from polyhire.manifest.form import questions
from polyhire.manifest.integration import Connect

WAY = Connect.model_validate(
    {
        "label": "Key",
        "ask": {"api_key": {"label": "Key", "secret": True}},
        "apply": {"bearer": "api_key"},
        "post_connect": {
            "team": {"label": "Team", "options_from": {"request": "GET /teams", "items": "body", "value": "id"}},
            "language": {"label": "Language", "options": ["en", "de"], "default": "en"},
            "user": {"label": "User", "optional": True, "pattern": "u[0-9]+"},
        },
    }
)
OFFERED = {"team": ["7", "8"]}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"team": "7"}, {"team": "7", "language": "en"}),
        ({"team": "8", "language": "de", "user": "u1"}, {"team": "8", "language": "de", "user": "u1"}),
        ({"team": "7", "user": ""}, {"team": "7", "language": "en"}),
    ],
)
def test_answers_are_taken_with_defaults(given: Mapping[str, Any], expected: Mapping[str, str]) -> None:
    """What is optional may be left out."""
    assert questions(WAY, given, OFFERED) == expected


def test_everything_wrong_is_told_at_once() -> None:
    """A name that is not asked, a row the provider has not, a word that is no option, and what does not match."""
    with pytest.raises(InvalidBody) as error:
        questions(WAY, {"team": "9", "language": "fr", "user": "ada", "teams": "7"}, OFFERED)
    assert [failure.path for failure in error.value.failures] == ["teams", "team", "language", "user"]
    with pytest.raises(InvalidBody, match="Team is missing"):
        questions(WAY, {}, OFFERED)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"post_connect": {"api_key": {"label": "Key"}}}, "asked twice"),
        ({"post_connect": {"pin": {"label": "PIN", "secret": True}}}, "Input should be False"),
    ],
)
def test_a_question_is_its_own_and_no_secret(changes: dict[str, Any], expected: str) -> None:
    """It has a name that the form has not; secrets are asked in the form, where they go to the vault."""
    parts = {"label": "Key", "ask": {"api_key": {"label": "Key", "secret": True}}, "apply": {}, **changes}
    with pytest.raises(ValueError, match=expected):
        Connect.model_validate(parts)
