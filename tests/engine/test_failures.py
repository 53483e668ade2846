"""What an answer's failure stands for."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from multidict import CIMultiDict

from polyhire.engine.failures import RAISES, rate_headers, retry_after
from polyhire.errors import (
    Conflict,
    CredentialsRejected,
    NotFound,
    PermissionDenied,
    PolyhireError,
    ProviderError,
    ProviderFailed,
    ProviderRefused,
    RateLimited,
    Unprocessable,
)
from tests.engine.conftest import Build
from tests.engine.pretend import Pretend, json

LIST = "list: {request: GET /people, items: body}\nfields: {id: id}\n"


async def failing(build: Build, provider: Pretend, answer: Any, settings: str = "") -> ProviderError:
    provider.on("GET /v1/people", answer)
    with pytest.raises(ProviderError) as caught:
        await build(settings, candidates=LIST).list()
    return caught.value


@pytest.mark.parametrize(
    ("status", "error", "says"),
    [
        (400, ProviderRefused, "Tiny found the request invalid"),
        (401, CredentialsRejected, "Tiny refused the credentials"),
        (402, ProviderRefused, "invalid"),
        (403, PermissionDenied, "lack a permission"),
        (404, NotFound, "has no such record"),
        (405, ProviderRefused, "invalid"),
        (409, Conflict, "present state"),
        (410, NotFound, "has no such record"),
        (418, ProviderRefused, "invalid"),
        (422, Unprocessable, "refused the contents"),
        (429, RateLimited, "too many requests"),
        (304, ProviderFailed, "failed"),
        (501, ProviderFailed, "failed"),
        (503, ProviderFailed, "failed"),
    ],
)
async def test_statuses(
    build: Build, provider: Pretend, brisk: None, status: int, error: type[PolyhireError], says: str
) -> None:
    """Every status that is no success is one of our errors, with the provider's own status kept."""
    found = await failing(build, provider, json({"why": 1}, status))
    assert type(found) is error
    assert found.provider_status == status
    assert says in found.message
    assert f"HTTP {status}" in found.message
    assert found.raw_response == ({"why": 1} if status != 304 else None)


RULES = """
errors:
  message: body.errors.message ?? body.message
  missing_scopes: body.scopes
  rules:
    - {when: body.code = "a", raise: not_found}
    - {when: body.code = "b" or $number(body.code) > 0, raise: conflict}
    - {when: status = 400 and body.code = "c", raise: rate_limited}
    - {when: headers.`x-error` = "yes", raise: provider_failed}
    - {when: body.code = "perm", raise: not_permitted}
rate_limit: {retry_after: body.wait}
"""


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (json({"code": "a"}), NotFound),
        (json({"code": "b"}), Conflict),
        (json({"code": "a"}, 500), NotFound),
        (json({"code": "c"}, 400), RateLimited),
        (json({"code": "d"}, 400), ProviderRefused),
        (json({"code": "d"}, X_Error="yes"), ProviderFailed),
    ],
)
async def test_rules(build: Build, provider: Pretend, brisk: None, answer: Any, error: type[PolyhireError]) -> None:
    """Rules are tried on every answer, the first that fits wins, and one that can't be evaluated does not fit."""
    assert type(await failing(build, provider, answer, RULES)) is error


async def test_no_rule_no_failure(build: Build, provider: Pretend) -> None:
    """A good answer to which no rule fits is good."""
    provider.on("GET /v1/people", [{"id": 1}])
    assert len((await build(RULES, candidates=LIST).list()).records) == 1


@pytest.mark.parametrize("word", RAISES)
async def test_rules_raise_all_kinds(build: Build, provider: Pretend, brisk: None, word: str) -> None:
    """Each word that a rule may raise is the error of that meaning."""
    settings = f"errors: {{rules: [{{when: 'true', raise: {word}}}]}}"
    found = await failing(build, provider, json({}), settings)
    assert type(found) is RAISES[word]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"message": "no such job"}, ": no such job"),
        ({"errors": [{"message": "one"}, {"message": "two"}, {"message": None}]}, ": one; two"),
        ({"message": ""}, ""),
        ({"message": {"odd": 1}}, ": {'odd': 1}"),
        ({"message": "x" * 600}, ": " + "x" * 499 + "…"),
        ({}, ""),
    ],
)
async def test_messages(build: Build, provider: Pretend, body: Any, said: str) -> None:
    """What the provider says is passed on, in one line of a bounded length."""
    found = await failing(build, provider, json(body, 400), RULES)
    assert found.message == f"Tiny found the request invalid (HTTP 400){said}"


async def test_missing_scopes(build: Build, provider: Pretend) -> None:
    """The permissions that are missing are named for a refusal of permission, and for nothing else."""
    found = await failing(build, provider, json({"scopes": ["a", "b", None]}, 403), RULES)
    assert found.missing_scopes == ("a", "b")
    found = await failing(build, provider, json({"scopes": "a"}, 400), RULES)
    assert found.missing_scopes == ()


async def test_a_large_refusal_is_cut(build: Build, provider: Pretend) -> None:
    """What is kept of a refusal is bounded."""
    found = await failing(build, provider, json({"text": "x" * 30_000}, 400))
    assert len(found.raw_response) == 20_000


async def test_waits_and_budgets_come_along(build: Build, provider: Pretend) -> None:
    """The provider's wait and budget are part of the error; a refusal that time won't cure has no wait."""
    headers = {"Retry_After": "30", "X_RateLimit_Remaining": "0"}
    found = await failing(build, provider, json({}, 429, **headers))
    assert (found.retry_after, found.headers) == (30, {"ratelimit-remaining": "0"})
    assert (await failing(build, provider, json({}, 400, **headers))).retry_after is None
    assert (await failing(build, provider, json({"wait": 12.5}, 429, **headers), RULES)).retry_after == 12.5


def http_date(seconds: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("headers", "said", "expected"),
    [
        ({}, None, None),
        ({"retry-after": "5"}, None, 5.0),
        ({"Retry-After": " 1.5 "}, None, 1.5),
        ({"Retry-After": "999999999"}, None, 86400.0),
        ({"Retry-After": "soon"}, None, None),
        ({"Retry-After": "-5"}, None, None),
        ({"Retry-After": "²"}, None, None),
        ({"Retry-After": "Mon, 02 Nov 2026 10:00:00 -0000"}, None, None),
        ({"Retry-After": "5"}, 7, 7.0),
        ({"Retry-After": "5"}, -7, 0.0),
        ({"Retry-After": "5"}, 10**9, 86400.0),
        ({"Retry-After": "5"}, "7", 5.0),
        ({"Retry-After": "5"}, True, 5.0),
        ({"X-RateLimit-Reset": "9"}, None, 9.0),
        ({"X-RateLimit-Reset": "0"}, None, 0.0),
    ],
)
def test_retry_after(headers: dict[str, str], said: Any, expected: float | None) -> None:
    """Seconds to wait come from the integration, the header as seconds or date, or the budget's reset; bounded."""
    assert retry_after(CIMultiDict(headers), said) == expected


@pytest.mark.parametrize(("ahead", "expected"), [(30, 30.0), (-30, 0.0), (10**7, 86400.0)])
def test_retry_after_as_a_date(ahead: float, expected: float) -> None:
    """A date is seconds from now, never negative, at most a day."""
    assert retry_after(CIMultiDict({"Retry-After": http_date(ahead)})) == pytest.approx(expected, abs=1.5)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, {}),
        ({"RateLimit-Limit": "100, 100;w=60"}, {"ratelimit-limit": "100"}),
        ({"x-ratelimit-remaining": "7"}, {"ratelimit-remaining": "7"}),
        ({"X-Rate-Limit-Reset": "9.6"}, {"ratelimit-reset": "10"}),
        ({"RateLimit-Remaining": "1", "X-RateLimit-Remaining": "2"}, {"ratelimit-remaining": "1"}),
        ({"RateLimit-Remaining": "many", "X-RateLimit-Remaining": "2"}, {"ratelimit-remaining": "2"}),
        ({"RateLimit-Remaining": "²"}, {}),
        ({"X-RateLimit-Reset": "{seconds}"}, {"ratelimit-reset": "60"}),
        ({"X-RateLimit-Reset": "{milliseconds}"}, {"ratelimit-reset": "60"}),
        ({"X-RateLimit-Reset": "1500000000"}, {"ratelimit-reset": "0"}),
    ],
)
def test_rate_headers(headers: dict[str, str], expected: dict[str, str]) -> None:
    """The usual spellings of a budget are one; a reset is in seconds from now, whether it was told so or since 1970."""
    now = datetime.now(UTC).timestamp() + 60
    given = {
        name: text.format(seconds=round(now), milliseconds=round(now * 1000)) if "{" in text else text
        for name, text in headers.items()
    }
    found = rate_headers(CIMultiDict(given))
    assert found.keys() == expected.keys()
    for name, text in expected.items():
        assert int(found[name]) == pytest.approx(int(text), abs=1)
