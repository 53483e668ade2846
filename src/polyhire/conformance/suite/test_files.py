"""Files: what is uploaded is listed, and comes back byte by byte."""

import random
from base64 import b64encode
from typing import Any

import pytest

from polyhire.conformance.bodies import create_body
from polyhire.conformance.client import form
from polyhire.conformance.offered import offering
from polyhire.conformance.provider import Provider
from polyhire.conformance.servers import Servers
from polyhire.simulators.company import document

SAMPLE = 3
SMALL = "Zoë’s résumé\n".encode() * 3
LARGE = random.Random(1).randbytes(5_000_000)


@offering("create", "download", "list")
@pytest.mark.parametrize("content", [SMALL, LARGE], ids=["small", "5MB"])
def test_a_file_comes_back_as_it_was(fresh: Provider, resource: str, content: bytes) -> None:
    """An uploaded file is listed by its name, and downloaded byte by byte."""
    by_address_alone(fresh, resource)
    fields = {name: value for name, value in create_body(fresh, resource).items() if name != "file"}
    flat = {
        name if not isinstance(value, dict) else f"{name}[id]": value if not isinstance(value, dict) else value["id"]
        for name, value in fields.items()
    }
    body, content_type = form(flat, "zoë ødegård.bin", "application/octet-stream", content)
    reply = fresh.ask("POST", f"/unified/ats/{resource}", body, headers={"Content-Type": content_type})
    assert reply.status == 200, reply.body[:1000]
    uploaded = listed(fresh, resource, reply.json)
    assert uploaded["file_name"] == "zoë ødegård.bin"
    assert downloaded(fresh, resource, uploaded["id"]) == content


@offering("create", "download", "list")
def test_a_file_in_json_comes_back_as_it_was(fresh: Provider, resource: str) -> None:
    """A file may also be sent as base64 inside a JSON body."""
    by_address_alone(fresh, resource)
    file = {"name": "cv.txt", "content_type": "text/plain", "content": b64encode(SMALL).decode()}
    created = fresh.call("POST", resource, {**create_body(fresh, resource), "file": file})
    uploaded = listed(fresh, resource, created)
    assert uploaded["file_name"] == "cv.txt"
    assert downloaded(fresh, resource, uploaded["id"]) == SMALL


@offering("download", "list")
def test_a_file_that_is_not_there_is_not_found(seen: Provider, resource: str) -> None:
    """Downloading an id that nobody has is a 404 in the envelope."""
    for identity in ("no-such-id", seen.seeds(resource)[0]["id"][:-4] + "0000"):
        reply = seen.ask("GET", f"/unified/ats/{resource}/download", id=identity)
        assert (reply.status, reply.json["code"]) == (404, "record_not_found"), reply.body


@offering("download", "list")
def test_a_file_is_what_was_sent_in(seen: Provider, servers: Servers, resource: str) -> None:
    """The files of the company's candidates come back byte by byte, each under its own id."""
    sent: dict[str, set[bytes]] = {}
    for each in servers.people.attachments:
        sent.setdefault(each.file_name, set()).add(document(each).content)
    kept = [record for record in seen.seeds(resource) if record["file_name"] in sent]
    assert kept, "no file of the company is listed"
    for record in kept[:: max(1, len(kept) // SAMPLE)]:
        assert downloaded(seen, resource, record["id"]) in sent[record["file_name"]], record["file_name"]


def by_address_alone(provider: Provider, resource: str) -> None:
    """Skip what sends bytes where the provider takes a file by its public address alone."""
    create = provider.method(resource, "create")
    if create is not None and "file" not in create["writes"]:
        pytest.skip(f"{provider.slug} takes files by their address")


def downloaded(provider: Provider, resource: str, identity: str) -> bytes:
    """The bytes of a file; both ways of asking for it must agree."""
    got = provider.ask("GET", f"/unified/ats/{resource}/download", id=identity)
    assert got.status == 200, got.body[:1000]
    assert got.headers["content-length"] == str(len(got.body))
    posted = provider.ask("POST", f"/unified/ats/{resource}/download", {"id": identity})
    assert posted.body == got.body
    return got.body


def listed(provider: Provider, resource: str, created: dict[str, Any]) -> dict[str, Any]:
    """The newest row with the created record's id, or of its candidate where uploading names no id."""
    candidate = (created.get("candidate") or {}).get("id")
    query = {"candidate_id": candidate} if candidate else {"application_id": created["application"]["id"]}
    rows = provider.all(resource, **query)
    return next(row for row in rows if row["id"] == created["id"])
