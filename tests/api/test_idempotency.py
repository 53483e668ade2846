"""`Idempotency-Key` over HTTP: one request to the provider, however often a write is sent."""

import asyncio
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from tests.api.conftest import Answered, Client, Running

PEOPLE = "/unified/ats/candidates"
ADA = {"first_name": "Ada"}


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


def reached(running: Running) -> int:
    """How many writes the provider has seen."""
    return sum(verb not in ("GET", "HEAD") for verb, *_ in running.provider.seen)


def form() -> aiohttp.FormData:
    """A form with a file, whose boundary is made up anew each time."""
    parts = aiohttp.FormData()
    parts.add_field("candidate[id]", "1")
    parts.add_field("file", b"%PDF", filename="cv.pdf", content_type="application/pdf")
    return parts


def replayed(answer: Answered) -> bool:
    return bool(answer.headers.get("Idempotency-Replayed") == "true")


async def test_twins_at_the_same_moment_create_once(call: Client, running: Running) -> None:
    """Of concurrent identical creates one reaches the provider, and all get its answer."""
    headers = key()
    answers = await asyncio.gather(*(call("POST", PEOPLE, json=ADA, headers=headers) for _ in range(5)))
    assert reached(running) == 1
    assert {(answer.status, answer.body) for answer in answers} == {(200, answers[0].body)}
    assert answers[0].json["first_name"] == "Ada"
    assert sorted(replayed(answer) for answer in answers) == [False, True, True, True, True]


async def test_without_a_key_every_write_counts(call: Client, running: Running) -> None:
    """Nothing is taken for a repetition that does not say so."""
    for _ in range(2):
        assert not replayed(await call("POST", PEOPLE, json=ADA))
    assert reached(running) == 2


@pytest.mark.parametrize(
    ("verb", "path", "sent"),
    [
        ("POST", PEOPLE, {"json": ADA}),
        ("PATCH", f"{PEOPLE}/1", {"json": ADA}),
        ("DELETE", f"{PEOPLE}/1", {}),
        ("POST", f"{PEOPLE}/add-tag", {"json": {"candidate_id": "1", "tag": "new"}}),
        ("POST", "/proxy/things", {"json": {"a": 1}}),
        ("POST", "/proxy/things/polish", {"json": {"a": 1}}),
        ("POST", "/custom/echo/x", {"data": b"<some/>"}),
    ],
)
async def test_every_write_can_be_repeated(
    call: Client, running: Running, verb: str, path: str, sent: dict[str, Any]
) -> None:
    """Whatever the address: the second answer is the first one, with its status and its type."""
    headers = key()
    first = await call(verb, path, headers=headers, **sent)
    second = await call(verb, path, headers=headers, **sent)
    assert first.status < 300
    assert (replayed(first), replayed(second)) == (False, True)
    assert (second.status, second.body) == (first.status, first.body)
    assert second.headers.get("Content-Type") == first.headers.get("Content-Type")
    assert reached(running) == 1


async def test_a_form_is_the_same_whatever_its_boundary(call: Client, running: Running) -> None:
    """Clients make up a new boundary for each attempt; the parts are what counts."""
    headers = key()
    for again in (False, True):
        answer = await call("POST", "/unified/ats/attachments", data=form(), headers=headers)
        assert (answer.status, replayed(answer)) == (200, again)
    assert reached(running) == 1


@pytest.mark.parametrize(
    ("path", "query", "body"),
    [
        (PEOPLE, "", {"first_name": "Grace"}),
        ("/proxy/things", "", ADA),
        (PEOPLE, "response_format=raw", ADA),
    ],
)
async def test_another_request_under_the_key_is_refused(
    call: Client, running: Running, path: str, query: str, body: dict[str, Any]
) -> None:
    """Another body, address or query is a mistake of the caller's, and is not carried out."""
    headers = key()
    await call("POST", PEOPLE, json=ADA, headers=headers)
    refused = await call("POST", path, query, json=body, headers=headers)
    assert (refused.status, refused.json["code"]) == (422, "idempotency_conflict")
    assert reached(running) == 1


@pytest.mark.parametrize(
    ("fault", "status", "again"), [("422", 422, 1), ("409", 409, 1), ("429", 429, 2), ("500", 502, 2)]
)
async def test_a_refusal_is_kept_and_a_failure_is_not(
    call: Client, running: Running, fault: str, status: int, again: int
) -> None:
    """What the provider refused for good is answered from store; after a failure it is asked again."""
    headers = key()
    query = f"remote_query[fault]={fault}"
    answers = [await call("PATCH", f"{PEOPLE}/1", query, json=ADA, headers=headers) for _ in range(2)]
    assert [answer.status for answer in answers] == [status, status]
    assert replayed(answers[1]) == (again == 1)
    assert reached(running) == again
    assert answers[1].json["is_remote_error"] is True


async def test_what_we_refuse_ourselves_frees_the_key(call: Client, running: Running) -> None:
    """A body mended after our own validation may go under the same key: the provider never saw the first."""
    headers = key()
    assert (await call("POST", PEOPLE, json={}, headers=headers)).status == 400
    assert (await call("POST", PEOPLE, json=ADA, headers=headers)).status == 200
    assert reached(running) == 1


async def test_a_replay_says_nothing_of_the_moment(call: Client) -> None:
    """It has a request id of its own, and no rate headers from back then."""
    headers = key()
    body = {"candidate_id": "1", "tag": "new"}
    first = await call("POST", f"{PEOPLE}/add-tag", json=body, headers=headers)
    second = await call("POST", f"{PEOPLE}/add-tag", json=body, headers=headers)
    assert first.headers["ratelimit-remaining"] == "41"
    assert "ratelimit-remaining" not in second.headers
    assert second.headers.getall("X-Request-Id") != first.headers.getall("X-Request-Id")


async def test_a_read_takes_no_key(call: Client) -> None:
    """The header means nothing on a read, which is always fresh."""
    headers = key()
    for _ in range(2):
        assert not replayed(await call("GET", PEOPLE, headers=headers))


async def test_a_malformed_key_is_refused(call: Client, running: Running) -> None:
    """The write is not carried out under a key that can't be kept."""
    refused = await call("POST", PEOPLE, json=ADA, headers={"Idempotency-Key": "two words"})
    assert (refused.status, refused.json["code"]) == (400, "invalid_request")
    assert reached(running) == 0


@pytest.mark.parametrize(
    ("headers", "account", "code"),
    [({"Authorization": "Bearer ph_nobody"}, True, "unauthorized"), ({}, False, "missing_required_query_parameters")],
)
async def test_a_key_opens_no_doors(call: Client, headers: dict[str, str], account: bool, code: str) -> None:
    """A stored answer is for those only who may make the call."""
    stored = key()
    await call("POST", PEOPLE, json=ADA, headers=stored)
    refused = await call("POST", PEOPLE, account=account, json=ADA, headers={**stored, **headers})
    assert refused.json["code"] == code


async def test_a_huge_answer_is_not_kept(call: Client, running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer is read whole to be kept; one beyond the limit says so, and how to go without."""
    small = running.gateway.settings.model_copy(update={"max_answer_bytes": 10})
    monkeypatch.setattr(running.gateway, "settings", small)
    refused = await call("POST", "/custom/echo/x", data=b"more than ten bytes", headers=key())
    assert (refused.status, refused.json["code"]) == (502, "provider_failed")
    assert "without an Idempotency-Key" in refused.json["message"]
