"""The data path: records of a real provider server, through a real API server."""

import orjson
import pytest

from tests.api.conftest import Client

CANDIDATES = "/unified/ats/candidates"


async def test_a_list_has_an_envelope_and_a_cursor_to_its_end(call: Client) -> None:
    """Pages of any size lead through every record once, and end with a null cursor."""
    found, cursor = [], ""
    while True:
        page = (await call("GET", CANDIDATES, f"limit=4&next_cursor={cursor}")).json
        assert set(page) == {"result", "next_cursor", "prev_cursor", "result_count", "is_partial_response"}
        assert page["result_count"] == len(page["result"]) and page["prev_cursor"] is None
        found += [record["id"] for record in page["result"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == ["1", "2", "3", "4", "5", "6", "7"]


async def test_a_record_has_every_field_and_the_providers_own_bytes(call: Client) -> None:
    """A record is bare, whole, and its `remote_data` is not a digit off."""
    answered = await call("GET", f"{CANDIDATES}/2")
    assert answered.status == 200
    record = answered.json
    assert (record["id"], record["first_name"], record["phones"]) == ("2", "Grace", [])
    assert record["emails"][0]["email"] == "grace@example.org"
    assert record["title"] is None
    assert b'"remote_data":{"id":2' in answered.body and b'"price":1.1' in answered.body


async def test_rate_headers_of_the_provider_are_passed_on(call: Client) -> None:
    """Every data answer tells the provider's budget in one notation."""
    headers = (await call("GET", CANDIDATES, "limit=1")).headers
    assert (headers["ratelimit-limit"], headers["ratelimit-remaining"], headers["ratelimit-reset"]) == (
        "100",
        "42",
        "7",
    )


@pytest.mark.parametrize(
    "query",
    ["fields=id,first_name", "fields[]=id&fields[]=first_name", "truto_fields[0]=id&truto_fields[1]=first_name"],
)
async def test_fields_in_any_notation_are_all_there_is(call: Client, query: str) -> None:
    """`fields` leaves everything else out, `remote_data` too."""
    records = (await call("GET", CANDIDATES, query)).json["result"]
    assert all(set(record) == {"id", "first_name"} for record in records)


async def test_exclude_fields_and_ignore_remote_data(call: Client) -> None:
    """What is excluded is not there; the rest is."""
    query = "truto_exclude_fields[]=emails&truto_ignore_remote_data=true"
    record = (await call("GET", f"{CANDIDATES}/1", query)).json
    assert "emails" not in record and "remote_data" not in record and record["id"] == "1"


async def test_key_by_makes_an_object_of_the_result(call: Client) -> None:
    """Records stand under the value of the field; those without one are left out and still counted."""
    page = (await call("GET", CANDIDATES, "limit=3&key_by=first_name")).json
    assert list(page["result"]) == ["Ada", "Grace", "Alan"]
    assert page["result"]["Grace"]["id"] == "2"
    page = (await call("GET", CANDIDATES, "limit=3&key_by=title")).json
    assert (page["result"], page["result_count"]) == ({}, 3)


async def test_filters_reach_the_provider(call: Client) -> None:
    """A filter is applied by the provider, in the form that its mapping says."""
    page = (await call("GET", CANDIDATES, "email=alan@example.org&created_at[gte]=2026-01-31")).json
    assert [record["id"] for record in page["result"]] == ["3"]
    assert call.running.provider.seen[-1][2]["since"].startswith("2026-01-31")


async def test_remote_query_goes_along_untouched(call: Client) -> None:
    """What stands in `remote_query` is sent as it is."""
    await call("GET", CANDIDATES, "limit=1&remote_query[x]=%20y%26z")
    assert call.running.provider.seen[-1][2]["x"] == " y&z"


@pytest.mark.parametrize(
    ("query", "code", "path", "hint"),
    [
        ("name=Ada", "unsupported_filter", "query.name", "email"),
        ("emial=a@b.org", "unsupported_filter", "query.emial", "did you mean 'email'"),
        ("limt=3", "unsupported_filter", "query.limt", "did you mean 'limit'"),
        ("created_at[lt]=2026-01-01", "unsupported_filter", "query.created_at.lt", "gte"),
        ("created_at=2026-01-01", "invalid_request", "query.created_at", "operator"),
        ("limit=0", "invalid_request", "query.limit", "1 to"),
        ("limit=1&limit=2", "invalid_request", "query.limit", "1 to"),
        ("fields=id,frist_name", "invalid_request", "query.fields", "did you mean 'first_name'"),
        ("exclude_fields[]=emial", "invalid_request", "query.exclude_fields", "did you mean"),
        ("key_by=emails", "invalid_request", "query.key_by", "single values"),
        ("key_by=id&fields=name", "invalid_request", "query.key_by", "leave out"),
        ("key_by=id&response_format=raw", "invalid_request", "query.key_by", "raw"),
        ("response_format=unifid", "invalid_request", "query.response_format", "did you mean 'unified'"),
        ("ignore_remote_data=maybe", "invalid_request", "query.ignore_remote_data", "true or false"),
        ("a[b=1", "invalid_request", "query.a[b", "malformed"),
        ("email=%00", "invalid_request", "query.email", "control"),
        ("next_cursor=forged", "invalid_cursor", None, ""),
    ],
)
async def test_a_wrong_query_is_refused_by_name(call: Client, query: str, code: str, path: str, hint: str) -> None:
    """Nothing in a query is ignored: it is applied, or the answer names it and the way out."""
    answered = await call("GET", CANDIDATES, query)
    assert (answered.status, answered.json["code"]) == (400, code)
    assert hint in answered.json["message"]
    if path:
        assert answered.json["details"]["failures"][0]["path"] == path
    assert not call.running.provider.seen


@pytest.mark.parametrize("query", ["limit=3", "key_by=id", "complete=true", "next_cursor=x", "email=a@b.org", "foo=1"])
async def test_what_belongs_to_lists_is_refused_elsewhere(call: Client, query: str) -> None:
    """A single record takes no filters, cursors or limits."""
    assert (await call("GET", f"{CANDIDATES}/1", query)).status == 400


async def test_raw_is_the_providers_own_answer(call: Client) -> None:
    """`raw` gives the provider's bytes and content type; the cursor stands in a header."""
    answered = await call("GET", CANDIDATES, "limit=2&response_format=raw")
    assert orjson.loads(answered.body)["people"][0]["first"] == "Ada"
    assert answered.headers["content-type"] == "application/json"
    cursor = answered.headers["polyhire-next-cursor"]
    onward = await call("GET", CANDIDATES, f"limit=2&response_format=raw&next_cursor={cursor}")
    assert orjson.loads(onward.body)["people"][0]["first"] == "Alan"


async def test_normalized_has_our_envelope_and_their_records(call: Client) -> None:
    """`normalized` gives the provider's records as they are, in the envelope; a single one is bare."""
    page = (await call("GET", CANDIDATES, "limit=1&truto_response_format=normalized")).json
    assert page["result"][0]["first"] == "Ada" and page["result_count"] == 1
    assert (await call("GET", f"{CANDIDATES}/1", "response_format=normalized")).json["first"] == "Ada"


async def test_debug_shows_exchanges_without_the_secret(call: Client) -> None:
    """`debug` shows every request and answer; the credential is nowhere in it."""
    answered = await call("GET", CANDIDATES, "limit=4&response_format=debug")
    debug = answered.json["debug"]
    assert len(answered.json["result"]) == 4 and len(debug["exchanges"]) == 2
    assert debug["requestUrl"].partition("?")[0].endswith("/v1/people")
    assert debug["requestOptions"]["headers"]["Authorization"] == "[redacted]"
    assert debug["data"]["people"] and debug["responseHeaders"]
    assert b"correct_horse" not in answered.body
    single = (await call("GET", f"{CANDIDATES}/1", "response_format=debug")).json
    assert single["result"]["id"] == "1" and single["debug"]["responseStatus"] == 200


async def test_a_field_that_fails_is_null_and_named_in_a_header(call: Client) -> None:
    """A mapping that fails on one record leaves the others whole; the header names the field, not its value."""
    answered = await call("GET", CANDIDATES, "remote_query[odd]=1")
    assert [record["company"] for record in answered.json["result"]] == [None, "0"]
    assert answered.headers["polyhire-field-errors"] == "company"


async def test_writes_answer_the_record(call: Client) -> None:
    """Create answers the bare record; the body reaches the provider in its own words."""
    body = {"first_name": "Ada", "emails": ["ada@example.org"]}
    answered = await call("POST", CANDIDATES, json=body)
    assert (answered.status, answered.json["id"], answered.json["first_name"]) == (200, "99", "Ada")
    assert orjson.loads(call.running.provider.seen[-1][4]) == {"first": "Ada", "emails": ["ada@example.org"]}


@pytest.mark.parametrize("verb", ["PATCH", "PUT"])
async def test_update_by_either_verb(call: Client, verb: str) -> None:
    """PATCH and PUT both change the given fields."""
    answered = await call(verb, f"{CANDIDATES}/3", json={"first_name": "A."})
    assert (answered.status, answered.json["id"]) == (200, "3")
    assert call.running.provider.seen[-1][0] == "PATCH"


async def test_a_change_that_is_not_shown_answers_the_id(call: Client) -> None:
    """A provider that answers a change with nothing leaves the id to tell."""
    answered = await call("PATCH", f"{CANDIDATES}/silent", json={"first_name": "A."})
    assert (answered.status, answered.json) == (200, {"id": "silent"})
    raw = await call("PATCH", f"{CANDIDATES}/silent", "response_format=raw", json={"first_name": "A."})
    assert (raw.status, raw.body) == (204, b"")


async def test_a_large_body_is_read_like_any_other(call: Client) -> None:
    """A body that is checked beside the event loop comes to the same end."""
    emails = [f"{number}@example.org" for number in range(3000)]
    remote = {"note": "x" * 100_000}
    answered = await call("POST", CANDIDATES, json={"first_name": "Ada", "emails": emails, "remote_data": remote})
    assert (answered.status, answered.json["id"]) == (200, "99")
    assert orjson.loads(call.running.provider.seen[-1][4])["emails"] == emails


async def test_delete_answers_the_id(call: Client) -> None:
    """Delete answers the id and nothing else."""
    answered = await call("DELETE", f"{CANDIDATES}/3")
    assert (answered.status, answered.json) == (200, {"id": "3"})


async def test_a_custom_method_takes_its_id_from_the_body(call: Client) -> None:
    """A custom method answers `{result}`."""
    answered = await call("POST", f"{CANDIDATES}/add-tag", json={"candidate_id": 1, "tag": "remote"})
    assert (answered.status, answered.json["result"]["id"]) == (200, "1")
    assert call.running.provider.seen[-1][1] == "/v1/people/1/tags"


@pytest.mark.parametrize(
    ("body", "status", "path"),
    [
        ({"first_name": "Ada", "frist_name": "x"}, 400, "body.frist_name"),
        ({"first_name": "Ada", "title": "x"}, 400, "body.title"),
        ({"last_name": "x"}, 400, "body.first_name"),
        ({"first_name": "Ada", "emails": [{"email": "no address"}]}, 400, "body.emails[0].email"),
    ],
)
async def test_a_wrong_body_is_refused_by_path(call: Client, body: dict[str, object], status: int, path: str) -> None:
    """Unknown, unwritable and missing fields are named with their path; the provider is not asked."""
    answered = await call("POST", CANDIDATES, json=body)
    assert (answered.status, answered.json["details"]["failures"][0]["path"]) == (status, path)
    assert not call.running.provider.seen


async def test_missing_body_fields_have_their_insight(call: Client) -> None:
    """What the provider requires and the body lacks is listed for programs."""
    insight = (await call("POST", CANDIDATES, json={"last_name": "x"})).json["error_insight"]
    assert insight == {"missing_required_body_fields": ["first_name"]}


async def test_missing_filters_have_their_insight(call: Client) -> None:
    """A filter that the provider requires is listed for programs; with it, a partial list says so."""
    answered = await call("GET", "/unified/ats/attachments")
    assert answered.status == 400
    assert answered.json["truto_error_insight"] == {"missing_required_query_parameters": ["candidate_id"]}
    page = (await call("GET", "/unified/ats/attachments", "candidate_id=1")).json
    assert page["is_partial_response"] is True
    assert call.running.provider.seen[-1][2]["person"] == "1"


async def test_a_method_that_is_not_offered_says_why_and_what_is(call: Client) -> None:
    """405 carries the reason, the methods that are offered, and an Allow header."""
    answered = await call("POST", f"{CANDIDATES}/remove-tag", json={"candidate_id": 1, "tag": "x"})
    assert (answered.status, answered.json["code"]) == (405, "unsupported_method")
    assert "Tags stay once they are given" in answered.json["message"]
    assert "add-tag" in answered.json["details"]["offered"]
    deleted = await call("DELETE", "/unified/ats/attachments/5")
    assert deleted.status == 405 and deleted.headers["allow"] == ""


@pytest.mark.parametrize(
    ("verb", "path", "status", "hint"),
    [
        ("GET", "/unified/ats/candidats", 404, "did you mean 'candidates'"),
        ("GET", "/unified/ats/eeocs", 404, "asks no such questions"),
        ("POST", "/unified/ats/candidates/add-tagg", 405, "did you mean 'add-tag'"),
        ("POST", "/unified/ats/candidates/list", 405, "names a method"),
        ("POST", "/unified/ats/offices/4", 405, "has none"),
        ("GET", "/unified/candidates", 404, "/unified/ats/"),
        ("GET", "/nowhere", 404, "/docs"),
        ("PATCH", "/unified/ats/candidates", 405, "GET"),
    ],
)
async def test_wrong_addresses_get_hints(call: Client, verb: str, path: str, status: int, hint: str) -> None:
    """An address that is not there answers the envelope with a way out."""
    answered = await call(verb, path)
    assert (answered.status, answered.json["statusCode"]) == (status, status)
    assert hint in answered.json["message"]
    assert set(answered.json) >= {"error", "code", "docs", "request_id"}


async def test_duplicate_and_trailing_slashes_do_no_harm(call: Client) -> None:
    """`//unified//ats/candidates/` is the same address."""
    assert (await call("GET", "//unified//ats/candidates/", "limit=1")).status == 200
