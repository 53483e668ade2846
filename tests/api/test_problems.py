"""What goes wrong: one envelope, no tracebacks, nothing personal in the log."""

import asyncio

import aiohttp
import pytest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from polyhire.api.problems import answer_for
from polyhire.errors import DatabaseUnavailable, MappingError
from tests.api.conftest import Client
from tests.api.provider import KEY

CANDIDATES = "/unified/ats/candidates"


@pytest.mark.parametrize(
    ("fault", "status", "code", "insight"),
    [
        ("400", 400, "provider_refused", "remote_error"),
        ("404", 404, "record_not_found", "remote_error"),
        ("409", 409, "conflict", "remote_error"),
        ("422", 422, "unprocessable", "remote_error"),
        ("429", 429, "rate_limited", "rate_limit_error"),
        ("403", 403, "permission_denied", "forbidden_error"),
        ("500", 502, "provider_failed", "remote_error"),
        ("html", 502, "provider_failed", "remote_error"),
    ],
)
async def test_an_error_of_the_provider_is_marked_as_such(
    call: Client, fault: str, status: int, code: str, insight: str
) -> None:
    """A remote error keeps its meaning, says that it is remote, and shows what the provider answered."""
    answered = await call("GET", CANDIDATES, f"remote_query[fault]={fault}")
    problem = answered.json
    assert (answered.status, problem["statusCode"], problem["code"]) == (status, status, code)
    assert problem["truto_is_remote_error"] is problem["is_remote_error"] is True
    assert problem["raw_response"]
    assert list(problem["error_insight"]) == [insight]
    assert problem["error_insight"] == problem["truto_error_insight"]
    assert problem["docs"] == f"/docs/errors/{code}"


async def test_a_rate_limit_says_when_to_come_again(call: Client) -> None:
    """429 has Retry-After and the provider's rate headers."""
    answered = await call("GET", CANDIDATES, "remote_query[fault]=429")
    assert (answered.headers["retry-after"], answered.headers["ratelimit-remaining"]) == ("30", "0")
    assert answered.json["error_insight"]["rate_limit_error"]["retry_after"] == 30


async def test_a_missing_permission_is_named(call: Client) -> None:
    """403 lists the scopes that the provider named."""
    answered = await call("GET", CANDIDATES, "remote_query[fault]=403")
    assert answered.json["error_insight"] == {"forbidden_error": {"missing_scopes": ["people:read"]}}


async def test_refused_credentials_are_the_accounts_trouble(call: Client) -> None:
    """The provider's 401 is a remote error, and the account needs new credentials until a call works again."""
    answered = await call("GET", CANDIDATES, "remote_query[fault]=401")
    assert (answered.status, answered.json["code"]) == (401, "credentials_rejected")
    shown = f"/integrated-account/{call.running.account}"
    assert (await call("GET", shown, account=False)).json["status"] == "needs_reauth"
    assert (await call("GET", CANDIDATES, "limit=1")).status == 200
    assert (await call("GET", shown, account=False)).json["status"] == "active"


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic abc", "Bearer nope", "Bearer ph_unknown"])
async def test_a_wrong_token_is_unauthorized(call: Client, header: str | None) -> None:
    """Without a good token nothing is served, and the error is not the provider's."""
    answered = await call("GET", CANDIDATES, headers={"Authorization": header})
    assert (answered.status, answered.json["code"]) == (401, "unauthorized")
    assert answered.headers["www-authenticate"] == "Bearer" and "is_remote_error" not in answered.json


async def test_a_missing_account_is_named(call: Client) -> None:
    """Without integrated_account_id the answer says how to find one."""
    answered = await call("GET", CANDIDATES, account=False)
    assert answered.status == 400
    assert answered.json["error_insight"] == {"missing_required_query_parameters": ["integrated_account_id"]}
    assert "/integrated-account" in answered.json["message"]


@pytest.mark.parametrize("account", ["nope", "00000000-0000-4000-8000-000000000000", "%F0%9F%90%8D"])
async def test_an_unknown_account_is_not_found(call: Client, account: str) -> None:
    """An account of nobody, or of another environment, is 404."""
    answered = await call("GET", CANDIDATES, f"integrated_account_id={account}", account=False)
    assert (answered.status, answered.json["code"]) == (404, "unknown_account")


@pytest.mark.parametrize(
    ("data", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"", "application/json", 400),
        (b"[1]", "application/json", 400),
        (b'"x"', "application/json", 400),
        (b"null", "application/json", 400),
        (b'{"first_name": "\xff\xfe"}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"first_name": NaN}', "application/json", 400),
        (b'{"first_name": {"$gt": 1}}', "application/json", 400),
        (b"first_name=Ada", "application/x-www-form-urlencoded", 415),
        (b"<a/>", "application/xml", 415),
        (b'{"first_name": "Ada"}', "", 200),
        (b'{"first_name": "Ada"}', "application/vnd.api+json; charset=utf-8", 200),
    ],
)
async def test_odd_bodies_are_the_callers_mistake(call: Client, data: bytes, content_type: str, status: int) -> None:
    """Whatever a caller sends, the answer is never a 500."""
    headers = {"Content-Type": content_type} if content_type else {"Content-Type": ""}
    answered = await call("POST", CANDIDATES, data=data, headers=headers)
    assert answered.status == status, answered.json


@pytest.mark.parametrize(
    "query", ["%ff=1", "email=%ff", "a" * 5 + "[b]" * 50 + "=1", "&".join(["x=1"] * 600), "a=1&a[b]=2"]
)
async def test_odd_queries_are_the_callers_mistake(call: Client, query: str) -> None:
    """Wrong UTF-8, depth, number and contradiction are refused."""
    assert (await call("GET", CANDIDATES, query)).status == 400


async def test_odd_paths_are_the_callers_mistake(call: Client) -> None:
    """A control character in a path is refused; wrong UTF-8 finds nothing."""
    assert (await call("GET", f"{CANDIDATES}/%00")).status == 400
    assert (await call("GET", f"{CANDIDATES}/%ff")).status in (400, 404)


async def test_what_nobody_foresaw_is_told_without_details(call: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug answers 500 in the envelope; its text, which may hold anything, is neither told nor logged."""

    async def fail(*_: object) -> None:
        raise RuntimeError("ada@example.org")

    monkeypatch.setattr(call.running.gateway, "serve", fail)
    with capture_logs() as logs:
        answered = await call("GET", CANDIDATES)
    assert (answered.status, answered.json["code"]) == (500, "internal_error")
    assert b"ada@" not in answered.body and b"Traceback" not in answered.body
    told = next(entry for entry in logs if entry["event"] == "unexpected error")
    assert told["type"] == "RuntimeError" and any("unified.py" in line for line in told["at"])
    assert "ada@" not in str(logs)


async def test_a_mapping_that_fails_is_told_as_such(call: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """An integration's own mistake answers 502 with the expression's place."""

    async def fail(*_: object) -> None:
        raise MappingError("no such thing", field="candidates.name", expression="$wrong()")

    monkeypatch.setattr(call.running.gateway, "serve", fail)
    answered = await call("GET", CANDIDATES)
    assert (answered.status, answered.json["code"]) == (502, "mapping_failed")


async def test_a_request_id_is_taken_or_made(call: Client) -> None:
    """A sane X-Request-Id is kept and echoed; any other is replaced. It stands in errors too."""
    given = await call("GET", "/ping", account=False, headers={"X-Request-Id": "trace-1.2_3"})
    assert given.headers["x-request-id"] == "trace-1.2_3"
    made = await call("GET", "/nowhere", account=False, headers={"X-Request-Id": "no spaces please"})
    assert len(made.headers["x-request-id"]) == 32
    assert made.json["request_id"] == made.headers["x-request-id"]


async def test_the_log_has_the_route_and_nothing_personal(call: Client) -> None:
    """A request's one line has the route's template and what came of it; ids, queries, tokens and keys stay out."""
    with capture_logs(processors=[merge_contextvars]) as logs:
        await call("GET", f"{CANDIDATES}/personal-id", "remote_query[mail]=ada@example.org")
        await call("GET", "/ping", account=False)  # the line of a request is written once its answer is out
        await asyncio.sleep(0.05)
    line = next(entry for entry in logs if entry["event"] == "request")
    assert (line["route"], line["status"], line["method"]) == ("/unified/ats/{resource}/{id}", 404, "GET")
    assert (line["resource"], line["call"], line["result"]) == ("candidates", "get", "record_not_found")
    told = str(logs)
    for secret in ("personal-id", "ada@example.org", call.running.token, KEY):
        assert secret not in told


async def test_a_caller_who_hangs_up_early_breaks_nothing(call: Client) -> None:
    """A request that is cut off in its body is no error of the server."""
    host, port = call.running.url.removeprefix("http://").split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"POST {CANDIDATES} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n".encode())
    writer.write(f"Authorization: Bearer {call.running.token}\r\n\r\n{{".encode())
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert (await call("GET", "/ping", account=False)).status == 200


async def test_no_answer_is_to_be_kept(call: Client) -> None:
    """People's data stays out of caches, and browsers do not guess at its type."""
    headers = (await call("GET", CANDIDATES, "limit=1")).headers
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")


async def test_head_has_no_body(call: Client) -> None:
    """HEAD answers like GET, without the body."""
    async with aiohttp.ClientSession() as session, session.head(f"{call.running.url}/ping") as response:
        assert response.status == 200 and await response.read() == b""


def test_a_database_that_is_away_may_be_asked_again() -> None:
    """The answer says when: nothing was done."""
    answer = answer_for(DatabaseUnavailable("away"), {"type": "http"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
