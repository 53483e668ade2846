"""The forms of an answer, chosen fields, and cursors that fit only where they were made."""

import json
from base64 import b64encode
from typing import Any
from urllib.parse import quote

import pytest

from polyhire.conformance.offered import in_one_request
from polyhire.conformance.provider import Provider
from polyhire.conformance.servers import Servers
from polyhire.conformance.values import anything_in, without_query


@in_one_request
def test_raw_is_the_providers_own_answer(seen: Provider, resource: str) -> None:
    """`raw` and `stream` give the provider's bytes, `normalized` its records in our envelope."""
    raw = seen.ask("GET", f"/unified/ats/{resource}", limit=3, response_format="raw")
    stream = seen.ask("GET", f"/unified/ats/{resource}", limit=3, response_format="stream")
    normalized = seen.call("GET", resource, limit=3, truto_response_format="normalized")
    unified = seen.call("GET", resource, limit=3)
    assert raw.status == stream.status == 200
    assert normalized["result"] == [record["remote_data"] for record in unified["result"]]
    for record in normalized["result"]:
        assert record in anything_in(raw.json)
        assert record in anything_in(stream.json)
    assert raw.headers["polyhire-next-cursor"]
    assert set(normalized) == set(unified)


def test_debug_holds_no_secret(seen: Provider) -> None:
    """`debug` shows every request and answer, and no credential in any encoding."""
    first = seen.seeds(seen.main)[0]["id"]
    for path in (seen.main, *([f"{seen.main}/{first}"] if seen.method(seen.main, "get") else [])):
        reply = seen.ask("GET", f"/unified/ats/{path}", response_format="debug")
        assert reply.status == 200
        shown = reply.json["debug"]["exchanges"]
        assert shown and all(each["requestUrl"].startswith("http") and each["responseStatus"] for each in shown)
        secrets = [
            form
            for secret in seen.secrets
            for form in (
                secret,
                quote(secret),
                b64encode(secret.encode()).decode(),
                b64encode(f"{secret}:".encode()).decode(),
            )
        ]
        assert not [secret for secret in secrets if secret in reply.body.decode()]
        for exchange in shown:
            headers = {name.lower(): value for name, value in exchange["requestOptions"]["headers"].items()}
            assert headers.get("authorization", "[redacted]") == "[redacted]"


def test_debug_of_a_sign_in_holds_no_token(faulty: Provider) -> None:
    """A token that is got during a debugged call is not shown either."""
    faulty.reset()
    reply = faulty.ask("GET", f"/unified/ats/{faulty.main}", response_format="debug", limit=1)
    assert reply.status == 200
    shown = json.dumps(reply.json["debug"])
    assert not [secret for secret in faulty.secrets if secret in shown]
    for exchange in reply.json["debug"]["exchanges"]:
        data = exchange["data"]
        if isinstance(data, dict) and "access_token" in data:
            assert data["access_token"] == "[redacted]"


def test_fields_are_chosen(seen: Provider) -> None:
    """`fields`, `exclude_fields`, `ignore_remote_data` and `key_by` shape records in the order of the model."""
    plain = seen.call("GET", seen.main, limit=5)["result"]
    assert len(plain) == 5
    field = next(name for name in seen.capabilities[seen.main]["fields"] if name != "id")
    only_one: dict[str, Any] = {"fields[]": field, "truto_ignore_remote_data": "true"}
    few = seen.call("GET", seen.main, limit=5, **only_one)["result"]
    assert [set(record) - {"id"} for record in few] == [{field}] * 5
    without = seen.call("GET", seen.main, limit=5, exclude_fields=f"{field},remote_data")["result"]
    assert without_query(without) == without_query(
        [{k: v for k, v in each.items() if k not in (field, "remote_data")} for each in plain]
    )
    ignored = seen.call("GET", seen.main, limit=5, ignore_remote_data="true")["result"]
    assert all("remote_data" not in record and len(record) == len(plain[0]) - 1 for record in ignored)
    keyed = seen.call("GET", seen.main, limit=5, key_by="id")
    assert without_query(keyed["result"]) == without_query({record["id"]: record for record in plain})
    assert keyed["result_count"] == 5


@pytest.mark.parametrize(
    "wrong",
    [
        {"fields": "nmae"},
        {"limit": "0"},
        {"limit": "ten"},
        {"response_format": "rwa"},
        {"key_by": "emails"},
        {"nxt_cursor": "x"},
        {"next_cursor": "not-a-cursor"},
        {"created_at[gte]": "yesterday"},
    ],
    ids=str,
)
def test_a_wrong_parameter_is_explained(seen: Provider, wrong: dict[str, Any]) -> None:
    """A parameter that can't be read is a 400 that names it, before the provider is asked."""
    seen.forget()
    reply = seen.ask("GET", f"/unified/ats/{seen.main}", **wrong)
    assert reply.status == 400, reply.body
    assert next(iter(wrong)).partition("[")[0] in reply.json["message"]
    assert seen.journal() == []


def test_a_cursor_fits_only_where_it_was_made(seen: Provider, servers: Servers) -> None:
    """A cursor that was altered, or is of another account, resource or query, is refused; another limit is fine."""
    cursor = seen.call("GET", seen.main, limit=4, fields="id")["next_cursor"]
    changed = cursor[:-3] + ("A" if cursor[-3] != "A" else "B") + cursor[-2:]
    other = next(name for name in seen.capabilities if name != seen.main and seen.method(name, "list"))
    elsewhere: list[tuple[str, dict[str, Any]]] = [
        (seen.main, {"next_cursor": changed}),
        (seen.main, {"next_cursor": cursor[:20]}),
        (seen.main, {"next_cursor": cursor, "integrated_account_id": servers.accounts(seen.slug).other}),
        *((seen.main, {"next_cursor": cursor, **narrower}) for narrower in a_filter(seen)),
        (other, {"next_cursor": cursor, **seen.queries(other)[0]}),
    ]
    seen.forget()
    for resource, query in elsewhere:
        reply = seen.ask("GET", f"/unified/ats/{resource}", limit=4, **query)
        assert (reply.status, reply.json["code"]) == (400, "invalid_cursor"), (resource, query)
    assert seen.journal() == []
    onward = seen.call("GET", seen.main, limit=9, fields="id", next_cursor=cursor)
    assert [each["id"] for each in onward["result"]] == [each["id"] for each in seen.seeds(seen.main)[4:13]]
    assert seen.call("GET", seen.main, limit=4, fields="id", next_cursor="")["next_cursor"]


def a_filter(provider: Provider) -> list[dict[str, str]]:
    """A query with a filter of the main list, where it has any."""
    declared = provider.capabilities[provider.main]["methods"]["list"]["filters"].items()
    return [{f"{name}[{operators[0]}]": "2020-01-01" for name, operators in declared if operators}]
