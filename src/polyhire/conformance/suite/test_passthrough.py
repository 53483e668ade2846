"""The provider's own endpoints by name, and any path of its API: with its credentials, in its own words."""

import pytest

from polyhire.conformance.offered import endpoints_with
from polyhire.conformance.provider import Provider
from polyhire.conformance.servers import Servers


@endpoints_with("list")
def test_every_endpoint_that_lists_lists(seen: Provider, endpoint: str) -> None:
    """Each list among the provider's endpoints answers the envelope of lists, page by page, in its own words."""
    query = seen.fact("endpoints", endpoint) or {}
    reply = seen.ask("GET", f"/proxy/{endpoint}", limit=3, **query)
    assert reply.status == 200, reply.body
    page = reply.json
    assert set(page) == {"result", "next_cursor", "prev_cursor", "result_count", "is_partial_response"}
    assert page["result_count"] == len(page["result"]) <= 3
    if page["next_cursor"]:
        onward = seen.ask("GET", f"/proxy/{endpoint}", limit=3, next_cursor=page["next_cursor"], **query)
        assert onward.status == 200, onward.body
        assert not [record for record in onward.json["result"] if record in page["result"]]


def test_the_proxy_shows_what_remote_data_shows(seen: Provider, servers: Servers) -> None:
    """The provider's own list of candidates has the very records that stand in `remote_data`."""
    unified = [record["remote_data"] for record in seen.call("GET", "candidates", limit=5)["result"]]
    endpoints = servers.integration(seen.slug).endpoints
    name = next(name for name in ("candidates", "candidate") if name in endpoints)
    assert seen.ask("GET", f"/proxy/{name}", limit=5).json["result"] == unified
    if "get" in endpoints[name]:
        one = seen.ask("GET", f"/proxy/{name}/{unified[0]['id']}")
        assert one.status == 200
        assert str(unified[0]["id"]).encode() in one.body


def test_an_unknown_endpoint_is_not_found(seen: Provider, servers: Servers) -> None:
    """A name that is not there is a 404 that names the ones near it; a method that is not there a 405."""
    names = list(servers.integration(seen.slug).endpoints)
    wrong = seen.ask("GET", f"/proxy/{names[0]}x")
    assert (wrong.status, wrong.json["code"]) == (404, "unknown_resource")
    assert f"did you mean '{names[0]}'" in wrong.json["message"]
    no_method = seen.ask("POST", f"/proxy/{names[0]}/nothing_like_it")
    assert (no_method.status, no_method.json["code"]) == (405, "unsupported_method")
    assert set(no_method.json["details"]["offered"]) == set(servers.integration(seen.slug).endpoints[names[0]])


@pytest.mark.parametrize("kind", ["read", "write"])
def test_any_path_is_passed_through(fresh: Provider, kind: str) -> None:
    """`/custom` sends any verb, query and body, and answers status, type and bytes as they come."""
    wanted = fresh.fact("custom", kind)
    if wanted is None:
        pytest.skip(f"conformance.yaml names no path to {kind}")
    reply = fresh.ask(wanted["verb"], f"/custom{wanted['path']}", wanted.get("body"), **wanted.get("query", {}))
    assert reply.status == wanted["status"], reply.body
    assert reply.headers["content-type"].startswith("application/json")
    assert wanted["shows"] in reply.body.decode()
    last = fresh.journal()[-1]
    assert (last["method"], last["path"]) == (wanted["verb"], wanted["path"])
    assert "integrated_account_id" not in last["query"]


def test_custom_goes_to_the_provider_alone(seen: Provider) -> None:
    """`/custom` never leaves the provider's base URL, and passes its refusals on."""
    seen.forget()
    for path in (
        "/custom/../_sandbox/x",
        "/custom/%2e%2e/%2e%2e/ping",
        "/custom//evil.example/x",
        "/custom/@evil.example",
    ):
        reply = seen.ask("GET", path)
        assert reply.status in (400, 404), reply.body
