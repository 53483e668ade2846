"""What there is and what it can do: for programs, for people, and for those who watch."""

import orjson
import pytest
from openapi_spec_validator import validate

from polyhire.model.resources import RESOURCES
from tests.api.conftest import Client
from tests.api.provider import KEY


async def test_integrations_are_listed_with_their_forms(call: Client) -> None:
    """Each integration shows how to connect; one with mistakes shows these and takes none down."""
    found = (await call("GET", "/integration", account=False, headers={"Authorization": None})).json["result"]
    by_slug = {entry["slug"]: entry for entry in found}
    ask = by_slug["tiny"]["connect"]["api_key"]["ask"]
    assert ask["api_key"]["secret"] is True and ask["api_key"]["placeholder"] == "tk_..."
    assert (ask["region"]["options"], ask["region"]["default"]) == (["eu", "us"], "eu")
    assert "did you mean 'base_url'" in str(by_slug["broken"]["error"]["mistakes"])
    broken = await call("GET", "/integration/broken", account=False)
    assert (broken.status, broken.json["code"]) == (500, "manifest_invalid") and broken.json["details"]["mistakes"]
    assert (await call("GET", "/integration/tinny", account=False)).status == 404


async def test_capabilities_say_what_is_and_why_not(call: Client) -> None:
    """Methods, filters, fields and reasons come from the integration's files."""
    found = (await call("GET", "/integration/tiny/capabilities", account=False)).json["resources"]
    assert set(found) == set(RESOURCES)
    candidates = found["candidates"]
    listing = candidates["methods"]["list"]
    assert listing["filters"] == {"created_at": ["gte"], "email": []}
    assert (listing["permission"], listing["note"]) == ("people:read", "Archived people are left out.")
    assert candidates["methods"]["create"]["writes"] == ["first_name", "last_name", "emails"]
    assert candidates["methods"]["create"]["required"] == ["first_name"]
    assert candidates["methods"]["remove-tag"] == {"offered": False, "reason": "Tags stay once they are given."}
    assert candidates["absent_fields"]["title"] == "The provider keeps no titles of people."
    assert "first_name" in candidates["fields"]
    assert found["attachments"]["methods"]["list"]["partial"] is True
    assert found["eeocs"] == {"offered": False, "reason": "The provider asks no such questions."}
    mine = await call("GET", f"/integrated-account/{call.running.account}/capabilities", account=False)
    assert mine.json["resources"] == found


async def test_what_is_read_as_a_whole_is_supported_as_a_whole(call: Client) -> None:
    """A mapping that sends all of a query, a filter or a body along has every filter, operator or field of it."""
    found = (await call("GET", "/integration/tiny/capabilities", account=False)).json["resources"]
    every = ["gt", "gte", "lt", "lte"]
    assert found["users"]["methods"]["list"]["filters"] == {"created_at": every}
    tags = found["tags"]["methods"]
    assert tags["list"]["filters"] == {"created_at": every, "updated_at": every}
    assert tags["create"]["writes"] == ["name", "custom_fields"]


async def test_meta_shows_schemas_and_mapping(call: Client) -> None:
    """The model's schemas, and how an integration fills them."""
    meta = (await call("GET", "/unified/ats/candidates/meta/list", account=False)).json
    assert set(meta["query_schema"]["properties"]["created_at"]["properties"]) == {"gt", "gte", "lt", "lte"}
    assert "first_name" in meta["response_schema"]["properties"] and meta["body_schema"] is None
    mapping = (await call("GET", "/unified/ats/candidates/tiny/meta/list", account=False)).json
    (request,) = mapping["requests"]
    assert request["request"] == "GET /people" and request["items"] == "body.people"
    assert request["query"] == {"email": "query.email", "since": "query.created_at.gte"}
    assert mapping["fields"]["first_name"] == "first"
    refused = await call("GET", "/unified/ats/candidates/tiny/meta/remove-tag", account=False)
    assert refused.status == 405 and "Tags stay" in refused.json["message"]


async def test_accounts_are_shown_without_secrets(call: Client) -> None:
    """An account shows its settings; the key that it was connected with never comes back."""
    listed = await call("GET", "/integrated-account", "integration.name=tiny&tenant_id=acme", account=False)
    account = listed.json["result"][0]
    assert (account["id"], account["context"], account["status"]) == (call.running.account, {"region": "eu"}, "active")
    assert account["integration"] == {"name": "tiny"} and listed.json["next_cursor"] is None
    shown = await call("GET", f"/integrated-account/{account['id']}", account=False)
    for answered in (listed, shown):
        assert KEY.encode() not in answered.body
    nobody = await call("GET", "/integrated-account", "integration[name]=other", account=False)
    assert nobody.json["result"] == []


async def test_accounts_are_listed_page_by_page(call: Client) -> None:
    """The cursor leads on to the next account, and ends."""
    store = call.running.gateway.store
    second = call.running.do(store.add_account(call.running.environment_id, "tiny", "other", connect="api_key"))
    try:
        first = (await call("GET", "/integrated-account", "limit=1", account=False)).json
        query = f"limit=1&next_cursor={first['next_cursor']}"
        rest = (await call("GET", "/integrated-account", query, account=False)).json
    finally:
        call.running.do(store.remove_account(call.running.environment_id, second.id))
    assert [first["result"][0]["id"], rest["result"][0]["id"]] == [call.running.account, second.id]
    assert rest["next_cursor"] is None


async def test_account_lists_refuse_what_they_do_not_know(call: Client) -> None:
    """Unknown filters, statuses and limits are named."""
    hints = {"tenent_id=x": "did you mean 'tenant_id'", "status=dead": "one of: connecting, active", "limit=0": "1 to"}
    for query, hint in hints.items():
        answered = await call("GET", "/integrated-account", query, account=False)
        assert answered.status == 400 and hint in answered.json["message"]
    assert (await call("GET", "/integrated-account", headers={"Authorization": None}, account=False)).status == 401


async def test_the_openapi_document_is_valid_and_complete(call: Client) -> None:
    """Every method of every resource is an operation, and what integrations support stands at each."""
    answered = await call("GET", "/openapi.json", account=False, headers={"Authorization": None})
    document = orjson.loads(answered.body)
    validate(document)
    operations = sum(len(verbs) for path, verbs in document["paths"].items() if path.startswith("/unified/ats/"))
    assert operations == sum(len(model.methods) for model in RESOURCES.values()) + 2
    listing = document["paths"]["/unified/ats/candidates"]["get"]
    assert "tiny" in listing["x-integrations"] and "Archived people are left out." in listing["description"]
    filters = {parameter.get("name"): parameter.get("x-integrations") for parameter in listing["parameters"]}
    assert "tiny" in filters["created_at[gte]"] and "tiny" not in filters["created_at[lt]"]
    fields = document["components"]["schemas"]["Candidate"]["properties"]
    assert "tiny" in fields["first_name"]["x-integrations"] and "tiny" not in fields["title"]["x-integrations"]
    identifiers = [verb["operationId"] for verbs in document["paths"].values() for verb in verbs.values()]
    assert len(identifiers) == len(set(identifiers))


async def test_the_reference_page_loads_nothing_from_elsewhere(call: Client) -> None:
    """The page, its scripts and its policy are this server's own."""
    page = await call("GET", "/docs", account=False, headers={"Authorization": None})
    assert page.status == 200 and b"//" not in page.body.replace(b"<!doctype", b"")
    assert "default-src 'self'" in page.headers["content-security-policy"]
    for script in ("scalar.js", "reference.js"):
        answered = await call("GET", f"/docs/{script}", account=False)
        assert answered.status == 200 and "javascript" in answered.headers["content-type"]


async def test_every_error_code_has_a_page(call: Client) -> None:
    """The address in an error's `docs` leads somewhere; an unknown code gets the nearest one."""
    page = await call("GET", "/docs/errors/rate_limited", account=False)
    assert page.status == 200 and b"rate_limited" in page.body
    unknown = await call("GET", "/docs/errors/rate_limit", account=False)
    assert unknown.status == 404 and "did you mean 'rate_limited'" in unknown.json["message"]


async def test_the_server_says_how_it_is(call: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Alive, well but for one integration, and counted."""
    assert (await call("GET", "/ping", account=False)).json == {"ping": "pong"}
    health = await call("GET", "/health", account=False)
    assert (health.status, health.json["status"], health.json["database"]) == (200, "degraded", "ok")
    assert health.json["integrations"]["broken"] == ["broken"]
    with monkeypatch.context() as patch:
        patch.setattr(call.running.gateway.store, "list_accounts", None)
        down = await call("GET", "/health", account=False)
    assert (down.status, down.json["status"]) == (503, "down")
    await call("GET", "/unified/ats/candidates", "limit=1")
    counted = (await call("GET", "/metrics", account=False)).body.decode()
    assert 'polyhire_calls_total{integration="tiny",method="list",resource="candidates",result="ok"}' in counted
