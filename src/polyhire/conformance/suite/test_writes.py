"""Writes: what was written is what is read afterwards, alone and in lists; what was deleted is gone."""

from typing import Any

from polyhire.conformance.bodies import create_body, told, update_body
from polyhire.conformance.offered import offering
from polyhire.conformance.provider import Provider
from polyhire.conformance.values import without_query


@offering("create", "list")
def test_what_was_created_is_read(fresh: Provider, resource: str) -> None:
    """A created record is answered, read and listed with what was sent."""
    sent = create_body(fresh, resource)
    created = fresh.call("POST", resource, sent)
    assert created["id"]
    # The address of a file is where it was fetched from when it is sent, and where it is kept when it is read.
    shown = {name: value for name, value in sent.items() if name in created and name not in ("remote_data", "file_url")}
    if fresh.method(resource, "get"):
        read = fresh.read(resource, created)
        assert not list(told(shown, read))
        assert {name: created[name] for name in shown} == {name: read[name] for name in shown}
    assert not list(told(shown, fresh.row(resource, created)))


@offering("update", "list")
def test_what_was_changed_is_read(fresh: Provider, resource: str) -> None:
    """An update changes what was sent and nothing else of ours."""
    record = first_of(fresh, resource)
    before = fresh.read(resource, record)
    sent = update_body(fresh, resource, record)
    updated = fresh.call("PATCH", f"{resource}/{record['id']}", sent)
    assert updated["id"] == record["id"]
    after = fresh.read(resource, record)
    shown = {name: value for name, value in sent.items() if name != "remote_data"}
    shown |= fresh.fact(resource, "update", "shows") or {}
    assert not list(told(shown, after))
    assert not list(told(shown, fresh.row(resource, record)))
    moving = {
        *shown,
        *(fresh.fact(resource, "update", "moves") or ()),
        "name",
        "updated_at",
        "last_interaction_at",
        "remote_data",
    }
    still, now = ({k: without_query(v) for k, v in each.items() if k not in moving} for each in (before, after))
    assert still == now


@offering("create", "delete", "list")
def test_what_was_deleted_is_gone(fresh: Provider, resource: str) -> None:
    """A deleted record is a 404 and listed no more; where the provider archives instead, it is read as archived."""
    created = fresh.call("POST", resource, create_body(fresh, resource))
    where = fresh.where(resource, "delete", created)
    assert fresh.call("DELETE", f"{resource}/{created['id']}", **where) == {"id": created["id"]}
    archived = fresh.fact(resource, "delete", "leaves")
    if archived is not None:
        assert not list(told(archived, fresh.read(resource, created)))
        return
    assert created["id"] not in {record["id"] for record in fresh.rows(resource, created)}
    if fresh.method(resource, "get"):
        gone = fresh.call("GET", f"{resource}/{created['id']}", answers=404, **fresh.where(resource, "get", created))
        assert gone["code"] == "record_not_found"


@offering("get")
def test_what_never_was_is_not_found(seen: Provider, resource: str) -> None:
    """Reading an id that nobody has is a 404, whether it looks like an id or not."""
    record = seen.seeds(resource)[0]
    for identity in ("no-such-id", record["id"][:-4] + "0000"):
        reply = seen.ask("GET", f"/unified/ats/{resource}/{identity}", **seen.where(resource, "get", record))
        assert (reply.status, reply.json["code"]) == (404, "record_not_found"), reply.body


def first_of(provider: Provider, resource: str) -> dict[str, Any]:
    """A record that may be changed: the first, or a new one where only one's own may be."""
    if provider.fact(resource, "update", "own"):
        created: dict[str, Any] = provider.call("POST", resource, create_body(provider, resource))
        return created
    return provider.seeds(resource)[0]
