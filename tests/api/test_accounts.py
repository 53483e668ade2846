"""/integrated-account: connected, changed, blocked, refreshed and removed over the API; secrets never come back."""

import time
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import aiohttp
import pytest

from polyhire.accounts import Account
from tests.api.conftest import Answered, Client, Running
from tests.api.provider import KEY

CANARY = "sk_canary_4711"


@pytest.fixture
def account(running: Running) -> Iterator[Account]:
    """An account of this test's own."""
    adding = running.gateway.add_account(
        running.environment_id, "tiny", {"api_key": KEY}, tenant_id="temporary", name="Temporary"
    )
    added: Account = running.do(adding)
    yield added
    if any(one.id == added.id for one in running.do(running.gateway.store.list_accounts(running.environment_id))):
        running.do(running.gateway.store.remove_account(running.environment_id, added.id))


async def admin(call: Client, verb: str, path: str, query: str = "", **given: Any) -> Answered:
    return await call(verb, f"/integrated-account{path}", query, account=False, **given)


async def stored(running: Running, account: Account) -> Account:
    found: Account = running.do(running.gateway.store.get_account(running.environment_id, account.id))
    return found


@pytest.mark.parametrize("integration", ["tiny", {"name": "tiny"}])
@pytest.mark.parametrize("parts", [{"context": {"api_key": KEY, "region": "us"}}, {"credentials": {"api_key": KEY}}])
async def test_an_account_is_connected_over_the_api(call: Client, integration: Any, parts: dict[str, Any]) -> None:
    """Answers stand in context or credentials; the account comes back active, without its secret."""
    made = await admin(call, "POST", "", json={"tenant_id": "t-9", "integration": integration, "name": "N", **parts})
    assert made.status == 200
    assert (made.json["status"], made.json["tenant_id"], made.json["integration"]) == (
        "active",
        "t-9",
        {"name": "tiny"},
    )
    assert made.json["context"] == {"region": parts.get("context", {}).get("region", "eu")}
    assert KEY.encode() not in made.body
    again = await admin(call, "GET", f"/{made.json['id']}")
    assert again.json == made.json
    assert (await admin(call, "DELETE", f"/{made.json['id']}")).json == {"id": made.json["id"]}
    assert (await admin(call, "GET", f"/{made.json['id']}")).status == 404


@pytest.mark.parametrize(
    ("body", "path", "hint"),
    [
        ({}, "body.tenant_id", "required"),
        ({"tenant_id": "t", "integration": "tiny", "tenat": 1}, "body.tenat", "did you mean 'tenant_id'"),
        ({"tenant_id": "", "integration": "tiny"}, "body.tenant_id", "at least 1"),
        ({"tenant_id": "a\u0000b", "integration": "tiny"}, "body.tenant_id", "pattern"),
        ({"tenant_id": 7, "integration": "tiny"}, "body.tenant_id", "string"),
        ({"tenant_id": "t", "integration": "tiny", "context": {"region": "eu"}}, "api_key", "API key is missing"),
        ({"tenant_id": "t", "integration": "tiny", "context": {"api_key": KEY, "x": "y"}}, "x", "does not ask"),
    ],
)
async def test_a_body_that_does_not_fit_is_told_where(call: Client, body: Any, path: str, hint: str) -> None:
    """Each mistake has its path and its reason."""
    refused = await admin(call, "POST", "", json=body)
    assert (refused.status, refused.json["code"]) == (400, "invalid_body")
    told = {failure["path"]: failure["message"] for failure in refused.json["details"]["failures"]}
    assert hint in told[path]


async def test_credentials_that_the_provider_refuses_connect_nothing(running: Running, call: Client) -> None:
    """The provider's refusal comes through, without the key; no account is made."""
    before = running.do(running.gateway.store.list_accounts(running.environment_id))
    body = {"tenant_id": "t", "integration": "tiny", "context": {"api_key": CANARY}}
    refused = await admin(call, "POST", "", json=body)
    assert (refused.status, refused.json["code"]) == (401, "credentials_rejected")
    assert CANARY.encode() not in refused.body
    assert running.do(running.gateway.store.list_accounts(running.environment_id)) == before


async def test_filters_and_pages(running: Running, call: Client) -> None:
    """Bracket filters narrow the list, and the cursor leads through all of it, once each."""
    ids = []
    for n in range(5):
        adding = running.gateway.store.add_account(
            running.environment_id, "tiny", f"page-{n % 2}", name=None if n else "First", status="active"
        )
        ids.append(running.do(adding).id)

    async def found(query: str) -> list[str]:
        answered = await admin(call, "GET", "", query)
        assert answered.status == 200, answered.json
        return [one["id"] for one in answered.json["result"] if one["id"] in ids]

    assert await found("tenant_id[eq]=page-1") == [ids[1], ids[3]] == await found("tenant_id=page-1")
    assert (
        await found("tenant_id[in]=page-0,page-1")
        == ids
        == await found("tenant_id[in][]=page-0&tenant_id[in][]=page-1")
    )
    assert await found("tenant_id[ne]=page-1&limit=1000") == [ids[0], ids[2], ids[4]]
    assert await found("name[ne]=First&limit=1000") == ids[1:]
    assert await found("integration.name=tiny&tenant_id=page-0") == [ids[0], ids[2], ids[4]]
    assert await found("integration[name][eq]=tiny&tenant_id=page-1") == [ids[1], ids[3]]
    assert await found("integration[ne]=tiny") == []
    moment = running.do(running.gateway.store.get_account(running.environment_id, ids[2])).created_at
    text = moment.isoformat()
    assert await found(f"created_at[lt]={text}&tenant_id[in]=page-0,page-1") == ids[:2]
    assert await found(f"created_at[gte]={text.replace('+', '%2B')}&tenant_id[in]=page-0,page-1") == ids[2:]
    assert await found(f"created_at={text}") == [ids[2]]
    pages, cursor = [], ""
    while True:
        page = await admin(call, "GET", "", f"tenant_id[in]=page-0,page-1&limit=2{cursor}")
        pages.append([one["id"] for one in page.json["result"]])
        assert page.json["result_count"] == len(pages[-1])
        if page.json["next_cursor"] is None:
            break
        cursor = f"&next_cursor={page.json['next_cursor']}"
    assert pages == [ids[:2], ids[2:4], ids[4:]]
    for id in ids:
        running.do(running.gateway.store.remove_account(running.environment_id, id))


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("tenant_id[like]=x", "can't be compared by 'like'"),
        ("created_at[gte]=yesterday", "is a moment like"),
        ("created_at[gte]=0001-01-01T00:00:00%2B14:00", "is a moment like"),
        ("status[in]=active,bloked", "did you mean 'blocked'"),
        ("tenant_id[eq][]=a&tenant_id[eq][]=b", "one value"),
        ("tenant_id[][x]=a", "one value"),
        ("next_cursor[a]=x", "takes one value"),
        ("limit=1001", "from 1 to 1000"),
    ],
)
async def test_filters_that_make_no_sense_are_refused(call: Client, query: str, hint: str) -> None:
    """A filter is applied or refused, never ignored."""
    refused = await admin(call, "GET", "", query)
    assert refused.status == 400 and hint in refused.json["message"]


async def test_an_account_is_changed(running: Running, call: Client, account: Account) -> None:
    """Tenant and name change at once; nothing else does, and nothing is asked of the provider."""
    running.provider.seen.clear()
    changed = await admin(call, "PATCH", f"/{account.id}", json={"tenant_id": "moved", "name": None})
    assert changed.status == 200 and (changed.json["tenant_id"], changed.json["name"]) == ("moved", None)
    now = await stored(running, account)
    assert (now.secrets, now.settings, now.status) == (account.secrets, account.settings, "active")
    assert running.provider.seen == []


async def test_an_account_is_blocked_and_allowed_again(running: Running, call: Client, account: Account) -> None:
    """A blocked account serves nothing; other statuses are not for administrators to set."""
    query = f"integrated_account_id={account.id}"
    assert (await admin(call, "PATCH", f"/{account.id}", json={"status": "blocked"})).json["status"] == "blocked"
    assert (await call("GET", "/unified/ats/candidates", query, account=False)).status == 503
    for verb, path, body in (
        ("POST", "/refresh-credentials", {"id": account.id}),
        ("POST", "/run-post-install-actions", {"id": account.id}),
        ("PATCH", f"/{account.id}/credentials", {"api_key": KEY}),
    ):
        assert (await admin(call, verb, path, json=body)).json["code"] == "account_blocked", path
    assert (await admin(call, "PATCH", f"/{account.id}", json={"status": "needs_reauth"})).status == 400
    assert (await admin(call, "PATCH", f"/{account.id}", json={"status": "active"})).json["status"] == "active"
    assert (await call("GET", "/unified/ats/candidates", query, account=False)).status == 200


async def test_answers_are_changed_through_the_context(running: Running, call: Client, account: Account) -> None:
    """Those of the connect form are checked first; values of your own are kept beside them, and null removes one."""
    running.provider.seen.clear()
    changed = await admin(
        call, "PATCH", f"/{account.id}", json={"context": {"region": "us", "plan": "gold", "seats": 7, "vip": True}}
    )
    assert changed.json["context"] == {"region": "us", "plan": "gold", "seats": "7", "vip": "true"}
    assert running.provider.seen[0][:2] == ("GET", "/v1/me")
    changed = await admin(call, "PATCH", f"/{account.id}", json={"context": {"plan": None, "seats": 8}})
    assert changed.json["context"] == {"region": "us", "seats": "8", "vip": "true"}
    refused = await admin(call, "PATCH", f"/{account.id}", json={"context": {"region": "mars"}, "name": "No"})
    assert refused.status == 400 and "eu, us" in refused.json["message"]
    now = await stored(running, account)
    assert (now.name, now.settings["region"], now.secrets) == ("Temporary", "us", {"api_key": KEY})


@pytest.mark.parametrize(
    "wrap", [lambda given: given, lambda given: {"credentials": given}, lambda given: {"context": given}]
)
async def test_credentials_are_replaced_once_they_work(
    running: Running, call: Client, account: Account, wrap: Any
) -> None:
    """New credentials are checked at the provider; refused ones leave the old in place, and are shown nowhere."""
    refused = await admin(call, "PATCH", f"/{account.id}/credentials", json=wrap({"api_key": CANARY}))
    assert (refused.status, refused.json["is_remote_error"]) == (401, True)
    assert CANARY.encode() not in refused.body
    assert (await stored(running, account)).secrets == {"api_key": KEY}
    assert (await stored(running, account)).status == "active"
    running.do(running.gateway.store.update_account(account.id, secrets={"api_key": "old"}, status="needs_reauth"))
    replaced = await admin(call, "PATCH", f"/{account.id}/credentials", json=wrap({"api_key": KEY}))
    assert (replaced.status, replaced.json["status"], replaced.json["last_error"]) == (200, "active", None)
    assert KEY.encode() not in replaced.body
    assert (await stored(running, account)).secrets == {"api_key": KEY}


@pytest.mark.parametrize(
    "body", [{}, {"credentials": {}}, {"credentials": "x"}, {"api_key": {"a": 1}}, {"api_key": [1]}]
)
async def test_credentials_have_to_be_named(call: Client, account: Account, body: Any) -> None:
    """An empty body, or one that nests, is refused."""
    assert (await admin(call, "PATCH", f"/{account.id}/credentials", json=body)).json["code"] == "invalid_body"


@pytest.mark.parametrize("path", ["/refresh-credentials", "/run-post-install-actions"])
async def test_an_account_is_looked_at_again(running: Running, call: Client, account: Account, path: str) -> None:
    """The provider is asked; the account is active when it agrees, and needs_reauth when it refuses."""
    running.do(running.gateway.store.set_status(account.id, "needs_reauth", "it was refused"))
    looked = await admin(call, "POST", path, json={"id": account.id})
    assert (looked.status, looked.json["status"], looked.json["last_error"]) == (200, "active", None)
    running.do(running.gateway.store.update_account(account.id, secrets={"api_key": CANARY}))
    refused = await admin(call, "POST", path, json={"id": account.id})
    assert refused.status == 401 and CANARY.encode() not in refused.body
    assert (await stored(running, account)).status == "needs_reauth"
    assert (await admin(call, "POST", path, json={"id": "nobody"})).status == 404
    assert (await admin(call, "POST", path, json={})).status == 400


class Holder:
    """Whoever has an account's own token."""

    def __init__(self, call: Client, token: str) -> None:
        self._call = call
        self._headers = {"Authorization": f"Bearer {token}"}

    async def __call__(self, verb: str, path: str, query: str = "", **given: Any) -> Answered:
        return await self._call(verb, path, query, account=False, headers=self._headers, **given)


async def holder_of(call: Client, account: Account) -> Holder:
    made = await admin(call, "POST", "/token", json={"integrated_account_id": account.id})
    assert made.status == 200, made.json
    assert made.json["expires_in"] == 900 and made.json["scopes"] == ["eeo", "read", "write"]
    return Holder(call, made.json["token"])


async def test_an_account_token_is_for_one_account(running: Running, call: Client, account: Account) -> None:
    """It needs no integrated_account_id, and is good for nothing but calls on its account."""
    holder = await holder_of(call, account)
    for path in ("/unified/ats/candidates", "/proxy/things", "/custom/echo/x"):
        assert (await holder("GET", path)).status < 300, path
        assert (await holder("GET", path, f"integrated_account_id={account.id}")).status < 300, path
        other = await holder("GET", path, f"integrated_account_id={running.account}")
        assert other.status == 403 and "another account" in other.json["message"]
    for verb, path in (
        ("GET", "/integrated-account"),
        ("GET", f"/integrated-account/{account.id}"),
        ("PATCH", f"/integrated-account/{account.id}/credentials"),
        ("POST", "/integrated-account/token"),
        ("GET", "/me"),
        ("GET", "/log"),
        ("GET", "/api-token"),
        ("GET", "/environment-integration"),
        ("GET", "/webhook"),
    ):
        assert (await holder(verb, path)).status == 403, path


async def test_the_holder_of_an_account_sees_and_names_it(running: Running, call: Client, account: Account) -> None:
    """/integrated-account/me shows the account; its name and answers may change, its tenant and status may not."""
    holder = await holder_of(call, account)
    mine = await holder("GET", "/integrated-account/me")
    assert (mine.json["id"], mine.json["tenant_id"]) == (account.id, "temporary") and KEY.encode() not in mine.body
    renamed = await holder("PATCH", "/integrated-account/me", json={"name": "Ours", "context": {"color": "red"}})
    assert (renamed.json["name"], renamed.json["context"]) == ("Ours", {"region": "eu", "color": "red"})
    colored = await holder("PATCH", "/integrated-account/me", json={"context": {"color": "blue"}})
    assert (colored.json["name"], colored.json["context"]["color"]) == ("Ours", "blue")
    for forbidden in ({"tenant_id": "x"}, {"status": "blocked"}):
        assert (await holder("PATCH", "/integrated-account/me", json=forbidden)).status == 400
    with_api_token = await admin(call, "GET", "/me")
    assert with_api_token.status == 403 and "/integrated-account/{id}" in with_api_token.json["message"]


async def test_an_account_token_ends(running: Running, call: Client, account: Account) -> None:
    """After 15 minutes, with the account's block or removal, with its maker's token, and when it is tampered with."""
    holder = await holder_of(call, account)
    with patch("polyhire.accounts.account_tokens.time.time", return_value=time.time() + 901):
        assert "expired" in (await holder("GET", "/integrated-account/me")).json["message"]
    assert (await holder("GET", "/integrated-account/me")).status == 200
    await admin(call, "PATCH", f"/{account.id}", json={"status": "blocked"})
    assert (await holder("GET", "/integrated-account/me")).status == 503
    await admin(call, "PATCH", f"/{account.id}", json={"status": "active"})
    text, token = running.do(running.gateway.store.create_token(running.environment_id, "maker"))
    made = await admin(
        call, "POST", "/token", json={"integrated_account_id": account.id}, headers={"Authorization": f"Bearer {text}"}
    )
    assert made.json["scopes"] == ["read", "write"]
    short = Holder(call, made.json["token"])
    assert (await short("GET", "/integrated-account/me")).status == 200
    running.do(running.gateway.store.revoke_token(running.environment_id, token.id))
    assert (await short("GET", "/integrated-account/me")).status == 401
    await admin(call, "DELETE", f"/{account.id}")
    removed = await holder("GET", "/integrated-account/me")
    assert removed.status == 401 and "was removed" in removed.json["message"]


@pytest.mark.parametrize("token", ["pha_", "pha_AAAA", "pha_!!!", "pha_" + "A" * 200, "pha_é", "pha_AbCx\u00ff"])
async def test_a_forged_account_token_is_refused(running: Running, token: str) -> None:
    """Nothing but our own seal lets in."""
    async with aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bearer {token}"}
        async with session.get(f"{running.url}/integrated-account/me", headers=headers) as response:
            assert response.status == 401


async def test_what_is_asked_once_connected_is_answered_over_the_api(running: Running, call: Client) -> None:
    """It stands in the context like every answer; the provider's options are the only ones, and settle the account."""
    body = {"tenant_id": "t", "integration": "frank", "authentication_method": "asking", "context": {"api_key": KEY}}
    made = await admin(call, "POST", "", json=body)
    path = f"/{made.json['id']}"
    assert made.json["status"] == "connecting"
    refused = await admin(call, "PATCH", path, json={"context": {"thing": "t9"}})
    assert refused.status == 400 and "Thing is not one of those that the provider has" in refused.json["message"]
    settled = await admin(call, "PATCH", path, json={"context": {"thing": "t2", "plan": "gold"}})
    assert (settled.json["status"], settled.json["context"]) == ("active", {"thing": "t2", "plan": "gold"})
    renewed = await admin(call, "PATCH", f"{path}/credentials", json={"api_key": KEY})
    assert (renewed.json["status"], renewed.json["context"]) == ("active", {"thing": "t2", "plan": "gold"})
    await admin(call, "DELETE", path)
