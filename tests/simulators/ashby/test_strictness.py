"""Who is let in, and what is refused."""

from typing import Any

import aiohttp
import pytest

from .conftest import KEY, NOBODY, READ_ONLY_KEY, Client


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        f"Bearer {KEY}",
        aiohttp.encode_basic_auth("another key", ""),
        aiohttp.encode_basic_auth(KEY, "password"),
        aiohttp.encode_basic_auth("", KEY),
    ],
)
async def test_credentials(ashby: Client, authorization: str) -> None:
    """Only the API key as user name, with an empty password, is let in."""
    status, answer = await ashby.post("apiKey.info", json={}, headers={"Authorization": authorization})
    assert (status, answer["success"]) == (401, False)


async def test_key_info(ashby: Client) -> None:
    """A key tells its title and what it may do."""
    info = await ashby.ask("apiKey.info")
    assert set(info) == {"title", "createdAt", "scopes"}
    assert {"candidatesRead", "candidatesWrite", "apiKeysRead"} <= set(info["scopes"])


async def test_permissions(ashby: Client) -> None:
    """A key without the permission to write gets 403 for a write, and reads all the same."""
    headers = {"Authorization": aiohttp.encode_basic_auth(READ_ONLY_KEY, "")}
    status, answer = await ashby.post("candidate.create", json={"name": "Ada Abara"}, headers=headers)
    assert (status, answer["success"]) == (403, False)
    status, answer = await ashby.post("candidate.list", json={}, headers=headers)
    assert (status, answer["success"]) == (200, True)


async def test_unknown_endpoint(ashby: Client) -> None:
    """There is nothing under another name, nor under another method than POST."""
    assert (await ashby.post("candidate.delete", json={}))[0] == 404
    async with ashby.session.get(
        f"{ashby.base}/candidate.list", headers={"Authorization": ashby.authorization}
    ) as response:
        assert response.status == 404


@pytest.mark.parametrize(
    "request_",
    [
        {"data": b"{}", "headers": {"Content-Type": "text/plain"}},
        {"data": {"limit": "1"}},
        {"data": b"", "headers": {"Content-Type": "application/json"}},
        {"data": b"{", "headers": {"Content-Type": "application/json"}},
        {"json": []},
        {"json": None},
        {"json": "limit"},
    ],
)
async def test_body_is_an_object(ashby: Client, request_: dict[str, Any]) -> None:
    """A body that is not a JSON object sent as JSON is invalid input, with HTTP 200."""
    if request_.get("json", ...) is None:
        request_ = {"data": b"null", "headers": {"Content-Type": "application/json"}}
    status, answer = await ashby.post("candidate.list", **request_)
    assert (status, answer["success"], answer["errors"]) == (200, False, ["invalid_input"])


@pytest.mark.parametrize(
    ("call", "body"),
    [
        ("apiKey.info", {"verbose": True}),
        ("candidate.list", {"limit": "10"}),
        ("candidate.list", {"limit": 0}),
        ("candidate.list", {"limit": 101}),
        ("candidate.list", {"limit": 10.5}),
        ("candidate.list", {"limit": None}),
        ("candidate.list", {"per_page": 10}),
        ("candidate.list", {"cursor": "made up"}),
        ("candidate.list", {"cursor": 2}),
        ("candidate.list", {"createdAfter": "1735689600000"}),
        ("candidate.list", {"createdAfter": "2025-01-01T00:00:00Z"}),
        ("candidate.list", {"createdAfter": True}),
        ("candidate.list", {"includeArchived": True}),
        ("candidate.info", {}),
        ("candidate.info", {"candidateId": NOBODY}),
        ("candidate.info", {"id": 7}),
        ("candidate.info", {"id": "7"}),
        ("candidate.search", {}),
        ("candidate.search", {"name": "Ada", "limit": 10}),
        ("candidate.create", {"email": "ada@mail.example"}),
        ("candidate.create", {"name": "Ada", "email": "ada"}),
        ("candidate.create", {"name": "Ada", "websiteUrl": "https://ada.example"}),
        ("candidate.create", {"name": "Ada", "createdAt": 1735689600000}),
        ("candidate.create", {"name": "Ada", "location": {"country": "PT", "street": "Rua"}}),
        ("candidate.createNote", {"candidateId": NOBODY, "note": {"type": "text/plain", "value": "x"}}),
        ("application.list", {"status": "Rejected"}),
        ("application.list", {"expand": ["referrals"]}),
        ("archiveReason.list", {"limit": 10}),
        ("job.list", {"status": "Open"}),
        ("jobPosting.list", {"jobId": NOBODY}),
        ("interviewStage.list", {}),
        ("user.list", {"includeDeactivated": "true"}),
    ],
)
async def test_keys_and_types(ashby: Client, call: str, body: dict[str, Any]) -> None:
    """Unknown keys, missing ones, and values of another type are invalid input."""
    assert await ashby.errors(call, body) == ["invalid_input"]


@pytest.mark.parametrize(
    ("call", "key", "code"),
    [
        ("candidate.info", "id", "candidate_not_found"),
        ("application.info", "applicationId", "application_not_found"),
        ("job.info", "id", "job_not_found"),
        ("jobPosting.info", "jobPostingId", "posting_not_found"),
        ("offer.info", "offerId", "offer_not_found"),
        ("user.info", "userId", "user_not_found"),
        ("department.info", "departmentId", "department_not_found"),
        ("location.info", "locationId", "location_not_found"),
        ("interviewStage.info", "interviewStageId", "stage_not_found"),
        ("interview.info", "id", "interview_not_found"),
    ],
)
async def test_unknown_ids(ashby: Client, call: str, key: str, code: str) -> None:
    """An id that stands for nothing is an error of its own, with HTTP 200."""
    assert await ashby.errors(call, {key: NOBODY}) == [code]


async def test_rate_limit(server: str, ashby: Client) -> None:
    """The thousandth call in a minute is answered, a later one with 429 and Ashby's words."""
    await ashby.session.put(f"{server}/_sandbox/ashby/settings", json={"rate_limits": True})
    try:
        # A minute may end meanwhile: two thousand calls can't all fit into two.
        answers = [await ashby.post("apiKey.info", json={}) for _ in range(2001)]
    finally:
        await ashby.session.put(f"{server}/_sandbox/ashby/settings", json={"rate_limits": False})
    refused = [answer for status, answer in answers if status == 429]
    assert {status for status, _ in answers[:900]} == {200}
    assert refused[0] == {"success": False, "errors": ["Rate limit exceeded"]}
