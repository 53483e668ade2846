"""`integration.yaml` as data."""

from typing import Any

import pytest
from pydantic import ValidationError

from polyhire.manifest.integration import Ask, IntegrationFile, OAuth2, RateLimit

LEAST: dict[str, Any] = {
    "name": "Acme",
    "docs": "https://docs.acme.example",
    "base_url": "https://acme.example",
    "connect": {"key": {"label": "Key", "apply": {"bearer": "api_key"}}},
    "check": "GET /me",
}


def test_the_least_that_is_needed() -> None:
    """A name, docs, an address, a way to connect and a check; the rest has defaults."""
    file = IntegrationFile.model_validate(LEAST)
    assert file.check.request is not None
    assert (file.check.request.verb, file.check.request.text) == ("GET", "/me")
    assert (file.format, file.pagination, file.errors.rules, file.rate_limit.budget) == ("json", None, (), None)


def test_a_check_can_say_more_than_its_line() -> None:
    """A check with a query or a body is a whole request."""
    file = IntegrationFile.model_validate({**LEAST, "check": {"request": "POST /me", "json": {"limit": 1}}})
    assert file.check.body_kind == "json"


@pytest.mark.parametrize(
    ("allow", "expected"),
    [
        ("50 per 10s", (50, 10.0)),
        ("100 per min", (100, 60.0)),
        ("5 per 2 h", (5, 7200.0)),
        ("9 per s", (9, 1.0)),
        (None, None),
    ],
)
def test_a_budget_reads_as_people_say_it(allow: str | None, expected: tuple[int, float] | None) -> None:
    """Requests, and the seconds in which they may be made."""
    assert RateLimit(allow=allow).budget == expected


def test_an_answer_matches_its_pattern_as_a_whole() -> None:
    """A pattern is not a search."""
    ask = Ask(label="User", pattern="[0-9]+")
    assert ask.accepts("42")
    assert not ask.accepts("42a")
    assert Ask(label="Any").accepts("")


def test_a_consent_needs_a_page() -> None:
    """An authorization_code grant without authorize_url is refused."""
    parts = {"grant": "authorization_code", "token_url": "https://a.example/token"}
    with pytest.raises(ValidationError, match="an authorization_code grant has an `authorize_url`"):
        OAuth2.model_validate(parts)
    assert OAuth2.model_validate({**parts, "authorize_url": "https://a.example"}).authorize_url is not None
