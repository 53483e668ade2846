"""/me, /api-token, /environment and /log: who one is, who may come in, and who did what."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.api.conftest import Answered, Client, Running
from tests.api.provider import KEY


async def ask(call: Client, verb: str, path: str, query: str = "", **given: Any) -> Answered:
    return await call(verb, path, query, account=False, **given)


async def test_me_is_the_token_and_its_environment(running: Running, call: Client) -> None:
    """A token learns its name, scopes and environment, and nobody learns the token."""
    me = await ask(call, "GET", "/me")
    assert me.json["token"]["name"] == "tests" and me.json["token"]["scopes"] == ["admin", "eeo", "read", "write"]
    assert me.json["environment"]["id"] == running.environment_id == me.json["token"]["environment_id"]
    assert me.json["environment"]["name"] == "default"
    assert running.token.encode() not in me.body
    environments = await ask(call, "GET", "/environment")
    assert environments.json["result"] == [me.json["environment"]]
    assert (await ask(call, "GET", f"/environment/{running.environment_id}")).json == me.json["environment"]
    assert (await ask(call, "GET", "/environment/another")).json["code"] == "unknown_environment"
    after = await ask(call, "GET", "/environment", f"next_cursor={running.environment_id}")
    assert after.json["result"] == []


async def test_tokens_are_made_shown_and_ended_over_the_api(call: Client) -> None:
    """A new token is shown once, works as it says, and is listed without what lets in."""
    until = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    made = await ask(call, "POST", "/api-token", json={"name": "ci", "scopes": ["read"], "expires_at": until})
    assert made.status == 200
    text, id = made.json["token"], made.json["id"]
    assert made.json["scopes"] == ["read"] and made.json["expires_at"] is not None
    as_made: dict[str, Any] = {"headers": {"Authorization": f"Bearer {text}"}}
    assert (await ask(call, "GET", "/me", **as_made)).json["token"]["id"] == id
    listed = await ask(call, "GET", "/api-token", "name=ci")
    assert [token["id"] for token in listed.json["result"]] == [id] and text.encode() not in listed.body
    assert (await ask(call, "GET", f"/api-token/{id}")).json["name"] == "ci"
    assert (await ask(call, "DELETE", f"/api-token/{id}")).json["revoked_at"] is not None
    assert (await ask(call, "GET", "/me", **as_made)).status == 401
    for verb in ("GET", "DELETE"):
        assert (await ask(call, verb, "/api-token/none")).json["code"] == "unknown_token"


async def test_nobody_makes_a_token_that_may_more_than_their_own(running: Running, call: Client) -> None:
    """An administrator without `eeo` can't make a token with it."""
    text, _ = running.do(running.gateway.store.create_token(running.environment_id, "admin", scopes=["admin"]))
    as_admin: dict[str, Any] = {"headers": {"Authorization": f"Bearer {text}"}}
    for scope in ("eeo", "read", "write"):
        refused = await ask(call, "POST", "/api-token", json={"name": "more", "scopes": [scope, "admin"]}, **as_admin)
        assert refused.json["error_insight"]["forbidden_error"]["missing_scopes"] == [scope]
    assert (await ask(call, "POST", "/api-token", json={"name": "less", "scopes": ["admin"]}, **as_admin)).status == 200
    default = await ask(call, "POST", "/api-token", json={"name": "default"})
    assert default.json["scopes"] == ["admin", "read", "write"]


@pytest.mark.parametrize(
    "body",
    [
        {"name": "x", "scopes": []},
        {"name": "x", "scopes": ["root"]},
        {"name": "x", "expires_at": "2020-01-01T00:00:00Z"},
        {"name": "x", "expires_at": "2999-01-01T00:00:00"},
        {"name": "x", "expires_at": "soon"},
        {"scopes": ["read"]},
    ],
)
async def test_a_token_that_makes_no_sense_is_refused(call: Client, body: Any) -> None:
    """Scopes there are none of, moments that are past or without a zone, and no name."""
    assert (await ask(call, "POST", "/api-token", json=body)).status == 400


async def test_the_log_tells_who_did_what(running: Running, call: Client) -> None:
    """Each act has its actor, its subject and the names of what was set; no value of them is kept."""
    secrets = {"tenant_id": "Ada Lovelace", "name": "ada@example.org", "context": {"api_key": KEY, "region": "us"}}
    made = await ask(call, "POST", "/integrated-account", json={"integration": "tiny", **secrets})
    id = made.json["id"]
    await ask(call, "PATCH", f"/integrated-account/{id}", json={"name": "grace@example.org", "status": "blocked"})
    await ask(call, "PATCH", f"/integrated-account/{id}", json={"status": "active"})
    await ask(call, "POST", "/integrated-account/refresh-credentials", json={"id": id})
    await ask(call, "POST", "/integrated-account/token", json={"integrated_account_id": id})
    await ask(call, "DELETE", f"/integrated-account/{id}")
    log = await ask(call, "GET", "/log", f"subject_id={id}")
    told = [(entry["action"].partition(".")[2], entry["fields"]) for entry in reversed(log.json["result"])]
    assert told == [
        ("created", []),
        ("updated", ["name", "status"]),
        ("updated", ["status"]),
        ("refreshed", []),
        ("created", []),
        ("deleted", []),
    ]
    me = (await ask(call, "GET", "/me")).json["token"]["id"]
    assert {(entry["actor"], entry["actor_id"]) for entry in log.json["result"]} == {("api_token", me)}
    for value in ("Ada", "ada@", "grace@", KEY, "us"):
        assert f'"{value}' not in log.body.decode() and KEY not in log.body.decode()


async def test_the_log_is_filtered_and_paged(running: Running, call: Client) -> None:
    """Newest first; the cursor goes on to older ones; filters are those of every list."""
    for n in range(3):
        made = await ask(call, "POST", "/environment-integration", json={"integration": "tiny", "client_id": f"c{n}"})
        await ask(call, "PATCH", "/environment-integration/tiny", json={"client_id": "x", "is_enabled": True})
        await ask(call, "DELETE", f"/environment-integration/{made.json['id']}")
    query = "action[in]=environment_integration.created,environment_integration.deleted&limit=4"
    first = await ask(call, "GET", "/log", query)
    second = await ask(call, "GET", "/log", f"{query}&next_cursor={first.json['next_cursor']}&limit=2")
    second = await ask(call, "GET", "/log", f"{query.replace('4', '2')}&next_cursor={first.json['next_cursor']}")
    entries = first.json["result"] + second.json["result"]
    assert [entry["action"].partition(".")[2] for entry in entries] == ["deleted", "created"] * 3
    assert [entry["id"] for entry in entries] == sorted((entry["id"] for entry in entries), reverse=True)
    oldest = entries[-1]
    newer = await ask(call, "GET", "/log", f"created_at[gt]={oldest['created_at'].replace('+', '%2B')}&limit=1000")
    assert oldest["id"] not in {entry["id"] for entry in newer.json["result"]}
    assert {entry["id"] for entry in entries[:-1]} <= {entry["id"] for entry in newer.json["result"]}
    updated = await ask(call, "GET", "/log", "action=environment_integration.updated&limit=1")
    assert updated.json["result"][0]["fields"] == ["client_id", "enabled"]


async def test_what_a_call_does_by_itself_is_nobodys_act(running: Running, call: Client) -> None:
    """A provider that refuses makes an account needs_reauth: that is an event, and no entry in the log."""
    adding = running.gateway.store.add_account(
        running.environment_id, "tiny", "t", connect="api_key", status="active", secrets={"api_key": "bad"}
    )
    account = running.do(adding)
    refused = await call("GET", "/unified/ats/candidates", f"integrated_account_id={account.id}", account=False)
    assert refused.status == 401
    log = await ask(call, "GET", "/log", f"subject_id={account.id}")
    running.do(running.gateway.store.remove_account(running.environment_id, account.id))
    assert [(entry["action"], entry["actor"]) for entry in log.json["result"]] == [
        ("integrated_account.created", "server")
    ]
