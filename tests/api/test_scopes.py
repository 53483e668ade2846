"""What a token may do: every address wants one scope, and EEOC answers one of their own."""

import time
from collections.abc import AsyncIterator, Iterable
from typing import Any

import aiohttp
import pytest
from starlette.routing import Route

from polyhire.accounts.account import SCOPES
from polyhire.api.app import ROUTES
from tests.api.conftest import Answered, Client, Running
from tests.api.provider import KEY

PUBLIC = ("/integration", "/openapi.json", "/docs", "/ping", "/health", "/metrics", "/connect-account")
"""Addresses, and all below them, that want no token."""
DATA = ("/unified/", "/proxy/", "/custom/")
SOMETHING = "0198c5f0-0000-7000-8000-000000000000"


def addresses() -> list[tuple[str, str]]:
    """Every verb and path of the API that wants a token."""
    found = []
    for route in ROUTES:
        assert isinstance(route, Route)
        is_public = "/meta/" in route.path or any(f"{route.path}/".startswith(f"{public}/") for public in PUBLIC)
        if not is_public:
            found += [(verb, route.path) for verb in sorted(route.methods or ()) if verb != "HEAD"]
    return found


def wanted(verb: str, path: str) -> str:
    """The scope that an address wants; nothing for one that is open to every token."""
    if path == "/me":
        return ""
    if path.endswith("/capabilities"):
        return "read"
    if path == "/unified/ats/attachments/download":
        return "read"
    if path.startswith(DATA) or path == "/integrated-account/me":
        return "read" if verb == "GET" else "write"
    return "admin"


def filled(path: str) -> str:
    """A path with something in each of its places."""
    for name, value in (("{resource}", "candidates"), ("{path:path}", "v1/things"), ("{delivery_id}", SOMETHING)):
        path = path.replace(name, value)
    return path.replace("{id}", "add-tag" if path == "/unified/ats/candidates/{id}" else SOMETHING)


@pytest.fixture
async def bearing(running: Running) -> AsyncIterator[Any]:
    """Sends a request with another token: `await bearing(token, "GET", "/me")`."""
    async with aiohttp.ClientSession() as session:

        async def send(token: str | None, verb: str, path: str, query: str = "", **given: Any) -> Answered:
            headers = {"Authorization": token and f"Bearer {token}", **given.pop("headers", {})}
            return await Client(running, session)(verb, path, query, account=False, headers=headers, **given)

        yield send


def token_of(running: Running, *scopes: str) -> str:
    """A token with these scopes."""
    text: str = running.do(running.gateway.store.create_token(running.environment_id, "scoped", scopes=scopes))[0]
    return text


def missing(answered: Answered) -> Any:
    """The scopes that a refusal names."""
    if answered.status != 403 or answered.json["code"] != "forbidden":
        return []
    return answered.json["error_insight"]["forbidden_error"]["missing_scopes"]


@pytest.mark.parametrize(("verb", "path"), addresses(), ids=str)
async def test_every_address_wants_its_scope(running: Running, bearing: Any, verb: str, path: str) -> None:
    """Without a token it answers 401; with every scope but the one it wants 403, naming it; with that one neither."""
    scope = wanted(verb, path)
    query = f"integrated_account_id={SOMETHING}" if path.startswith(DATA) else ""
    assert (await bearing(None, verb, filled(path), query)).status == 401
    if not scope:
        assert (await bearing(token_of(running, "eeo"), verb, filled(path), query)).status == 200
        return
    without = await bearing(
        token_of(running, *(other for other in SCOPES if other != scope)), verb, filled(path), query
    )
    assert missing(without) == [scope]
    assert f"'{scope}'" in without.json["message"]
    alone = await bearing(token_of(running, scope), verb, filled(path), query)
    assert missing(alone) == [] and alone.status != 401


@pytest.fixture
def frank(running: Running) -> Iterable[str]:
    """An account of the integration that has EEOC answers."""
    store = running.gateway.store
    adding = running.gateway.add_account(running.environment_id, "frank", {"api_key": KEY}, tenant_id="frank")
    account = running.do(adding)
    yield f"integrated_account_id={account.id}"
    running.do(store.remove_account(running.environment_id, account.id))


EEO_ONLY = [
    ("GET", "/unified/ats/eeocs", ""),
    ("GET", "/unified/ats/eeocs/1", ""),
    ("GET", "/unified/ats/eeocs", "response_format=raw"),
    ("GET", "/unified/ats/candidates/1", "response_format=raw"),
    ("GET", "/unified/ats/candidates/1", "response_format=debug"),
    ("GET", "/unified/ats/candidates/1", "response_format=raw&ignore_remote_data=true"),
    ("GET", "/proxy/survey", ""),
    ("GET", "/proxy/people/1", ""),
    ("GET", "/custom/echo/survey", ""),
    ("GET", "/custom/echo/survey/7", ""),
    ("GET", "/custom/echo/./SURVEY;v=1", ""),
    ("GET", "/custom/echo/surv%65y", ""),
    ("GET", "/custom//echo//survey", ""),
    ("GET", "/custom/people/1", ""),
    ("GET", "/custom/echo/EEO/responses", ""),
    ("GET", "/custom/echo/demographics", ""),
]


@pytest.mark.parametrize(("verb", "path", "query"), EEO_ONLY)
async def test_eeoc_answers_want_their_own_scope(
    running: Running, bearing: Any, frank: str, verb: str, path: str, query: str
) -> None:
    """Unified, proxied, raw or by any spelling of the provider's path: without `eeo` the provider isn't even asked."""
    query = f"{frank}&{query}" if query else frank
    running.provider.seen.clear()
    refused = await bearing(token_of(running, "read", "write", "admin"), verb, path, query)
    assert missing(refused) == ["eeo"]
    assert running.provider.seen == []
    assert missing(await bearing(token_of(running, "read", "eeo"), verb, path, query)) == []
    assert running.provider.seen


async def test_the_providers_own_record_is_withheld_where_it_may_hold_eeoc_answers(
    running: Running, bearing: Any, frank: str
) -> None:
    """`remote_data` from an address that eeocs is read from needs `eeo`; without it the rest is served, and says so."""
    reader = token_of(running, "read")
    one = await bearing(reader, "GET", "/unified/ats/candidates/1", frank)
    assert one.status == 200 and one.json["first_name"] == "Ada" and "remote_data" not in one.json
    assert one.headers["polyhire-withheld"] == "remote_data"
    asked = await bearing(reader, "GET", "/unified/ats/candidates/1", f"{frank}&fields=id,remote_data")
    assert "remote_data" not in asked.json
    listed = await bearing(reader, "GET", "/unified/ats/candidates", frank)
    assert listed.json["result"][0]["remote_data"]["id"] == 1 and "polyhire-withheld" not in listed.headers
    allowed = await bearing(token_of(running, "read", "eeo"), "GET", "/unified/ats/candidates/1", frank)
    assert allowed.json["remote_data"]["first"] == "Ada" and "polyhire-withheld" not in allowed.headers
    changed = await bearing(
        token_of(running, "write"), "PATCH", "/unified/ats/candidates/1", frank, json={"first_name": "A"}
    )
    assert changed.status == 200 and "remote_data" not in changed.json


async def test_a_stored_answer_does_not_show_what_is_withheld(running: Running, bearing: Any, frank: str) -> None:
    """Who may not see EEOC answers can't have a write repeated that was answered to who may."""
    sent = {"json": {"first_name": "Ada"}, "headers": {"Idempotency-Key": f"withheld-{time.time()}"}}
    path = "/unified/ats/candidates/1"
    first = await bearing(token_of(running, "write", "eeo"), "PATCH", path, frank, **sent)
    assert "remote_data" in first.json
    assert (await bearing(token_of(running, "write"), "PATCH", path, frank, **sent)).status == 422
    again = await bearing(token_of(running, "write", "eeo"), "PATCH", path, frank, **sent)
    assert again.json == first.json and again.headers["Idempotency-Replayed"] == "true"


async def test_an_integration_without_eeoc_answers_is_served_whole(running: Running, bearing: Any) -> None:
    """Nothing is withheld where the provider has no such answers."""
    query = f"integrated_account_id={running.account}"
    one = await bearing(token_of(running, "read"), "GET", "/unified/ats/candidates/1", query)
    assert one.json["remote_data"]["first"] == "Ada"


async def test_a_stored_answer_is_not_given_to_who_may_not_write(running: Running, bearing: Any) -> None:
    """An `Idempotency-Key` lets nobody read what another token's write was answered."""
    query, key = f"integrated_account_id={running.account}", {"Idempotency-Key": f"scopes-{time.time()}"}
    sent = {"json": {"first_name": "Ada"}, "headers": key}
    first = await bearing(token_of(running, "write"), "POST", "/unified/ats/candidates", query, **sent)
    assert first.status == 200
    assert missing(await bearing(token_of(running, "read"), "POST", "/unified/ats/candidates", query, **sent)) == [
        "write"
    ]


async def test_a_revoked_token_is_refused_at_once(running: Running, bearing: Any) -> None:
    """A token that was revoked over the API lets nobody in any more."""
    text, token = running.do(running.gateway.store.create_token(running.environment_id, "short"))
    assert (await bearing(text, "GET", "/me")).json["token"]["id"] == token.id
    assert (await bearing(running.token, "DELETE", f"/api-token/{token.id}")).json["revoked_at"] is not None
    assert (await bearing(text, "GET", "/me")).status == 401
