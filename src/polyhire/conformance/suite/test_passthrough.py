"""The provider's own endpoints by name, and any path of its API: with its credentials, in its own words."""

import pytest

from polyhire.conformance.offered import endpoint_of, endpoints_with, proxied, runs
from polyhire.conformance.provider import Provider
from polyhire.conformance.servers import Servers
from polyhire.conformance.values import without_query


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


@runs("resource", proxied, "proxy")
def test_the_proxy_shows_what_remote_data_shows(seen: Provider, servers: Servers, resource: str) -> None:
    """The provider's own list has the very records that stand in `remote_data`."""
    unified = [record["remote_data"] for record in seen.call("GET", resource, limit=5)["result"]]
    name = endpoint_of(servers.integration(seen.slug), resource)
    assert without_query(seen.ask("GET", f"/proxy/{name}", limit=5).json["result"]) == without_query(unified)


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
    path, headers = f"/custom{wanted['path']}", wanted.get("headers")
    reply = fresh.ask(wanted["verb"], path, wanted.get("body"), headers=headers, **wanted.get("query", {}))
    assert reply.status == wanted["status"], reply.body
    assert "json" in reply.headers["content-type"]
    assert wanted["shows"] in reply.body.decode()
    last = fresh.journal()[-1]
    assert last["method"] == wanted["verb"]
    assert last["path"].endswith(wanted["path"])  # below a path of the base URL's own
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
