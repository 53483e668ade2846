"""Proxy and custom: the provider's own words, with the account's credentials."""

import orjson
import pytest

from tests.api.conftest import Client
from tests.api.provider import KEY


async def test_a_proxied_list_is_in_the_envelope(call: Client) -> None:
    """The provider's records stand in our envelope as they are; unknown parameters are the provider's."""
    answered = await call("GET", "/proxy/things", "colour=red&shape=round")
    assert answered.json["result"] == [{"id": "t1"}, {"id": "t2"}]
    assert answered.json["result_count"] == 2 and answered.json["next_cursor"] is None
    query = call.running.provider.seen[-1][2]
    assert query == {"color": "red", "shape": "round", "size": "3"}
    assert answered.headers["ratelimit-remaining"] == "41"


async def test_a_proxied_record_is_verbatim(call: Client) -> None:
    """A single answer keeps its bytes and status."""
    answered = await call("GET", "/proxy/things/t1")
    assert (answered.status, answered.body) == (200, b'{"id":"t1","raw":1.1}')
    created = await call("POST", "/proxy/things", json={"any": {"thing": 1}})
    assert (created.status, created.json) == (201, {"made": True})
    assert orjson.loads(call.running.provider.seen[-1][4]) == {"any": {"thing": 1}}


async def test_a_proxied_method_is_called_by_name(call: Client) -> None:
    """POST below a resource calls one of the endpoint's methods."""
    assert (await call("POST", "/proxy/things/polish", json={"a": 1})).json == {"shiny": True}


@pytest.mark.parametrize(
    ("verb", "path", "query", "status", "hint"),
    [
        ("GET", "/proxy/thinks", "", 404, "did you mean 'things'"),
        ("DELETE", "/proxy/things/t1", "", 405, "polish"),
        ("GET", "/proxy/things", "fields=id", 400, "unified records"),
        ("GET", "/proxy/things", "response_format=debug", 400, "raw"),
    ],
)
async def test_what_a_proxy_has_not_is_refused(
    call: Client, verb: str, path: str, query: str, status: int, hint: str
) -> None:
    """Unknown endpoints, methods and parameters are named."""
    answered = await call(verb, path, query)
    assert answered.status == status and hint in answered.json["message"]


@pytest.mark.parametrize("verb", ["GET", "POST", "PUT", "PATCH", "DELETE"])
async def test_custom_sends_any_verb_untouched(call: Client, verb: str) -> None:
    """Path, query and body arrive as they were sent, and the answer comes back as it was given."""
    sent = b"<xml>\xff</xml>" if verb != "GET" else b""
    query = "b[]=2&a=%2B%20x&b[]=1"
    headers = {
        "Content-Type": "application/xml",
        "Accept": "application/xml",
        "Cookie": "a=b",
        "X-Forwarded-For": "1.1.1.1",
    }
    answered = await call(verb, "/custom/echo/a%2Fb//c", query, data=sent or None, headers=headers)
    assert (answered.status, answered.body) == (207, sent or b"<ok/>")
    assert answered.headers["content-type"].startswith("application/xml")
    assert "x-secret" not in answered.headers and answered.headers["link"] == '</next>; rel="next"'
    seen_verb, path, _, got, body = call.running.provider.seen[-1]
    assert (seen_verb, path, body) == (verb, "/v1/echo/a%2Fb//c", sent)
    assert got["authorization"] == f"Bearer {KEY}" and got["accept"] == "application/xml"
    assert "cookie" not in got and "x-forwarded-for" not in got


async def test_custom_keeps_the_query_as_it_is(call: Client) -> None:
    """Only the account's id is taken out of the query."""
    await call("GET", "/custom/echo/q", "b=2&a=1&empty=&fields=x")
    assert call.running.provider.seen[-1][2] == {"b": "2", "a": "1", "empty": "", "fields": "x"}


@pytest.mark.parametrize(
    "path", ["/custom/../secret", "/custom/a/%2e%2e/b", "/custom/%2e%2e%2fb", "/custom/a/..;/b", "/custom/a/..%5cb"]
)
async def test_custom_can_not_go_up(call: Client, path: str) -> None:
    """A path can't leave the provider's base URL, however it is written."""
    answered = await call("GET", path)
    assert answered.status == 400 and not call.running.provider.seen


async def test_custom_errors_are_the_providers_own(call: Client) -> None:
    """A provider's refusal passes as it is; only refused credentials are an error of ours."""
    answered = await call("GET", "/custom/echo/x", "fault=422")
    assert (answered.status, answered.json) == (422, {"error": "fault 422"})
    refused = await call("GET", "/custom/echo/x", "fault=401")
    assert (refused.status, refused.json["code"]) == (401, "credentials_rejected")
    assert (await call("GET", "/unified/ats/candidates", "limit=1")).status == 200


async def test_pass_through_needs_token_and_account(call: Client) -> None:
    """Nobody reaches a provider without a token."""
    assert (await call("GET", "/custom/echo/x", headers={"Authorization": None})).status == 401
    assert (await call("GET", "/custom/echo/x", account=False)).status == 400
    assert (await call("GET", "/proxy/things", headers={"Authorization": None})).status == 401
