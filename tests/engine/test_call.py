"""The path of one call: what is permitted, lists made complete, deadlines, XML, and mapping offline."""

from typing import Any

import orjson
import pytest
from starlette.responses import Response

from polyhire.engine.formats import text
from polyhire.engine.offline import map_answer
from polyhire.engine.serving import Call
from polyhire.errors import (
    InvalidBody,
    InvalidRequest,
    MissingBodyFields,
    MissingFilter,
    NotFound,
    ProviderFailed,
    ProviderRefused,
    ProviderUnreachable,
    UnknownResource,
    Unprocessable,
    UnsupportedFilter,
    UnsupportedMethod,
)
from tests.engine.conftest import Build
from tests.engine.pretend import Pretend, json, slow

RESOURCE = """
list:
  request: GET /people
  query: {after: query.created_at.gte, mail: query.email, job: query.job.id}
  required: [job|email]
  items: body
get: {request: 'GET /people/{id}', item: body}
create:
  request: POST /people
  json: {name: body.name, mails: body.emails.email, jobs: body.applications.job.id}
  required: [name, "emails|applications.job.id"]
  item: body
absent: {delete: Tiny keeps everyone forever}
fields: {id: id}
"""


async def test_what_is_not_offered(build: Build, provider: Pretend) -> None:
    """A resource or method that is not offered is refused with the reason and what is offered instead."""
    tiny = build(
        candidates=RESOURCE, tags="absent: Tiny has no tags at all\n", offices="absent: {name: no name here}\n"
    )
    for resource, says in (
        ("tags", "tiny offers no tags: Tiny has no tags at all. It offers: candidates"),
        ("offices", "tiny offers no offices: it has no such thing"),
        ("jobs", "tiny offers no jobs: it has no such thing"),
    ):
        with pytest.raises(UnknownResource, match=says):
            await tiny.list(resource)
    with pytest.raises(
        UnsupportedMethod, match=r"Tiny keeps everyone forever[.] It offers: create, get, list"
    ) as caught:
        await tiny.run(Call("candidates", "delete", id="1"))
    assert set(caught.value.offered) == {"create", "get", "list"}
    with pytest.raises(UnsupportedMethod, match=r"update on candidates\. It offers"):
        await tiny.run(Call("candidates", "update", id="1", body={}))
    assert provider.seen == []


@pytest.mark.parametrize(
    ("query", "path", "says"),
    [
        ({"name": "x"}, "query.name", "can't be filtered by 'name'.*It can be filtered by: created_at, email, job"),
        ({"emial": "x"}, "query.emial", "did you mean 'email'"),
        ({"created_at": {"lt": "2026"}}, "query.created_at.lt", r"created_at\[lt\]; created_at has: gte"),
    ],
)
async def test_filters_are_applied_or_refused(
    build: Build, provider: Pretend, query: Any, path: str, says: str
) -> None:
    """A filter that the provider can't apply is refused, never ignored."""
    with pytest.raises(UnsupportedFilter, match=f"tiny candidates.list.*{says}") as caught:
        await build(candidates=RESOURCE).list(query=query)
    assert [failure.path for failure in caught.value.failures] == [path]


async def test_required_filters(build: Build, provider: Pretend) -> None:
    """What a provider requires is one of its choices, and empty is missing."""
    provider.on("GET /v1/people", [])
    tiny = build(candidates=RESOURCE)
    for query in ({}, {"email": ""}):
        with pytest.raises(MissingFilter, match="requires job or email in the query"):
            await tiny.list(query=query)
    await tiny.list(query={"email": "x", "created_at": {"gte": "2026"}})
    await tiny.list(query={"job": {"id": "1"}})
    assert provider.lines == ["GET /v1/people?after=2026&mail=x", "GET /v1/people?job=1"]


@pytest.mark.parametrize(
    ("body", "error", "says"),
    [
        ({}, MissingBodyFields, "requires name, emails or applications.job.id in the body"),
        ({"name": "x", "emails": []}, MissingBodyFields, "requires emails or applications.job.id"),
        ({"name": "x", "applications": []}, MissingBodyFields, "requires emails"),
        ({"name": "x", "applications": ["odd"]}, MissingBodyFields, "requires emails"),
        ({"name": "x", "emails": [{"email": "a"}], "title": "t"}, InvalidBody, "does not write 'title'.*remote_data"),
    ],
)
async def test_bodies(build: Build, provider: Pretend, body: Any, error: type[Exception], says: str) -> None:
    """What a write needs is there, and what it does not write is refused."""
    with pytest.raises(error, match=says):
        await build(candidates=RESOURCE).run(Call("candidates", "create", body=body))
    assert provider.seen == []


async def test_a_body_that_fits(build: Build, provider: Pretend) -> None:
    """A required value may stand inside a list, and remote_data is always taken."""
    provider.on("POST /v1/people", {"id": 1})
    body = {"name": "x", "applications": [{"job": {"id": "5"}}], "remote_data": {"a": 1}}
    outcome = await build(candidates=RESOURCE).run(Call("candidates", "create", body=body))
    assert (outcome.record or {})["id"] == "1"
    assert provider.seen[0].json == {"name": "x", "jobs": "5", "a": 1}


async def test_a_body_that_goes_whole(build: Build, provider: Pretend) -> None:
    """A request that sends the whole body takes every field."""
    provider.on("POST /v1/people", {"id": 1})
    tiny = build(candidates="create: {request: POST /people, json: body, item: body}\nfields: {id: id}\n")
    await tiny.run(Call("candidates", "create", body={"title": "t"}))
    assert provider.seen[0].json == {"title": "t"}


@pytest.mark.parametrize("status", [400, 422])
async def test_a_malformed_id_is_no_record(build: Build, provider: Pretend, status: int) -> None:
    """When the id is all that was sent, a provider that finds it invalid has no such record."""
    provider.on("GET /v1/people/x", json({"m": 1}, status))
    tiny = build(candidates=RESOURCE)
    with pytest.raises(NotFound, match="Tiny has no candidates record 'x'") as caught:
        await tiny.get("x")
    assert caught.value.provider_status == status
    with pytest.raises((ProviderRefused, Unprocessable)):
        await tiny.get("x", remote_query={"a": "1"})


PARTIAL = """
list: {request: GET /people, items: body, partial: true}
get: {request: 'GET /people/{id}', item: body}
lookups:
  notes: {request: 'GET /people/{each}/notes', each: items.id, items: body, by: id, on: id, partial: true}
fields: {id: id, title: title, company: $notes.text}
"""


async def test_complete_lists(build: Build, provider: Pretend) -> None:
    """A list whose rows lack something says so, and is made complete record by record when asked to."""
    provider.on("GET /v1/people", [{"id": 1}, {"title": "row"}, {"id": 3, "title": "gone"}])
    provider.on("GET /v1/people/1", {"id": 1, "title": "full"})
    provider.on("GET /v1/people/1/notes", [{"id": 1, "text": "note"}])
    provider.on("GET /v1/people/3/notes", [])
    tiny = build(candidates=PARTIAL)
    outcome = await tiny.list()
    assert (outcome.partial, len(provider.seen)) == (True, 1)
    outcome = await tiny.list(complete=True)
    assert not outcome.partial
    assert [(r["id"], r["title"], r["company"]) for r in outcome.records] == [
        ("1", "full", "note"),
        (None, "row", None),
        ("3", "gone", None),
    ]
    assert orjson.loads(orjson.dumps(outcome.records[0]["remote_data"]))["title"] == "full"


async def test_complete_lists_of_some_fields(build: Build, provider: Pretend) -> None:
    """Records are completed whether their id was asked for or not, and hold nothing that was not asked for."""
    provider.on("GET /v1/people", [{"id": 1}, {"id": 2, "title": "gone"}])
    provider.on("GET /v1/people/1", {"id": 1, "title": "full"})
    outcome = await build(candidates=PARTIAL).list(complete=True, fields=("title",))
    assert outcome.records == [{"title": "full"}, {"title": "gone"}]


async def test_a_completed_record_that_is_empty(build: Build, provider: Pretend) -> None:
    """A get that answers no record leaves the row, and its failed fields are told."""
    resource = PARTIAL.replace("title: title", "title: $number(title)").replace("item: body}", "item: body.person}")
    provider.on("GET /v1/people", [{"id": 1, "title": "1"}, {"id": 2, "title": "2"}])
    provider.on("GET /v1/people/1", {})
    provider.on("GET /v1/people/2", {"person": {"id": 2, "title": "x"}})
    outcome = await build(candidates=resource).list(complete=True, exclude=("company",))
    assert [record["title"] for record in outcome.records] == ["1", None]
    assert [error.field for error in outcome.field_errors] == ["title"]


async def test_a_call_has_a_deadline(build: Build, provider: Pretend) -> None:
    """All requests of a call together may take so long."""
    provider.on("GET /v1/people/1", slow(0.4, {"id": 1}))
    with pytest.raises(ProviderUnreachable, match=r"Tiny took longer than 0\.1 s in all \(POLYHIRE_CALL_TIMEOUT\)"):
        await build(candidates=RESOURCE, call_timeout=0.1).get("1")


XML = b"""<?xml version="1.0"?><p:people xmlns:p="urn:x">
<p:person id="1"><p:name lang="en">Ada</p:name></p:person><person id="2"><name>Alan</name></person></p:people>"""
XML_RESOURCE = """
list: {request: GET /people, items: body.people.person}
fields: {id: "`@id`", name: "name.`#text` ?? name"}
"""


async def test_xml(build: Build, provider: Pretend) -> None:
    """XML is read like JSON: elements by name, without namespaces, attributes and text beside them."""
    provider.on("GET /v1/people", Response(XML, media_type="application/xml"))
    tiny = build("format: xml", candidates=XML_RESOURCE)
    assert [(r["id"], r["name"]) for r in (await tiny.list()).records] == [("1", "Ada"), ("2", "Alan")]
    one = b"<people><person id='1'><name>Ada</name></person></people>"
    provider.on("GET /v1/people", Response(one, media_type="text/xml"))
    assert len((await tiny.list()).records) == 1
    provider.on("GET /v1/people", Response(b"<people><person></people>", media_type="text/xml"))
    with pytest.raises(ProviderFailed, match="not in xml"):
        await tiny.list()
    provider.on("GET /v1/people", Response(b'{"people": {"person": {"@id": "3"}}}', media_type="application/json"))
    assert (await tiny.list()).records[0]["id"] == "3"


LOOKED_UP = """
list:
  steps:
    - {when: query.email, request: GET /by-mail, items: body.none}
    - {request: GET /people, items: body.rows}
get: {request: 'GET /people/{id}'}
lookups:
  jobs: {request: GET /jobs, items: body.jobs, by: id, on: job}
fields: {id: id, title: $jobs.title, company: $account.company, name: $call.id}
"""


async def test_mapping_offline(build: Build) -> None:
    """A raw answer is mapped without any server, with raw answers for its lookups."""
    integration = build(candidates=LOOKED_UP).integration
    shaped = await map_answer(
        integration,
        "candidates",
        "list",
        b'{"rows": [{"id": 1, "job": 7}]}',
        id="5",
        account={"company": "acme"},
        lookups={"jobs": b'{"jobs": [{"id": 7, "title": "Smith"}]}'},
    )
    [record] = shaped.records
    assert (record["id"], record["title"], record["company"], record["name"]) == ("1", "Smith", "acme", "5")
    assert orjson.dumps(record["remote_data"]) == b'{"id": 1, "job": 7}'
    assert (await map_answer(integration, "candidates", "get", b'{"id": 1}')).records == []
    with pytest.raises(InvalidRequest, match="no lookup 'job'; did you mean 'jobs'"):
        await map_answer(integration, "candidates", "list", b"{}", lookups={"job": b"{}"})
    with pytest.raises(InvalidRequest, match="the answer is not json: 5 bytes"):
        await map_answer(integration, "candidates", "list", b"<html")
    with pytest.raises(UnsupportedMethod):
        await map_answer(integration, "candidates", "delete", b"{}")


async def test_mapping_offline_of_a_step_that_is_skipped(build: Build) -> None:
    """When no step would run without filters, the answer is taken for the last one's."""
    resource = "list: {steps: [{when: query.email, request: GET /p, items: body}]}\nfields: {id: id}\n"
    shaped = await map_answer(build(candidates=resource).integration, "candidates", "list", b'[{"id": 1}]')
    assert shaped.records[0]["id"] == "1"


PAGED = """
list: {request: GET /people, items: body.rows, pagination: {next: body.next, query: {c: page.token}}}
download: {returns: file, steps: [{request: 'GET /people/{id}'}, {request: 'GET /people/{id}/file'}]}
fields: {id: id}
"""


@pytest.mark.parametrize("format", ["raw", "stream"])
async def test_raw_lists_are_one_page(build: Build, provider: Pretend, format: Any) -> None:
    """A raw list is one page as the provider sent it, with a cursor to the next."""
    provider.on("GET /v1/people", {"rows": [1, 2], "next": "t"}, {"rows": [3]})
    tiny = build(candidates=PAGED)
    first = await tiny.list(limit=9, format=format)
    assert first.answer is not None
    assert first.answer.data == {"rows": [1, 2], "next": "t"}
    second = await tiny.list(limit=9, format=format, cursor=first.next_cursor)
    assert (second.answer and second.answer.data, second.next_cursor) == ({"rows": [3]}, None)
    assert provider.lines == ["GET /v1/people", "GET /v1/people?c=t"]


async def test_a_file_after_a_step_that_looks_for_nothing(build: Build, provider: Pretend) -> None:
    """A step before a file that names no record has found something when it was answered at all."""
    provider.on("GET /v1/people/1", {"a": 1}, Response(b"", 204))
    provider.on("GET /v1/people/1/file", b"x")
    tiny = build(attachments=PAGED)
    file = (await tiny.run(Call("attachments", "download", id="1"))).file
    assert file is not None
    assert b"".join([chunk async for chunk in file.chunks]) == b"x"
    with pytest.raises(NotFound):
        await tiny.run(Call("attachments", "download", id="1"))


async def test_a_large_body_arrives(build: Build, provider: Pretend) -> None:
    """A body of any size is sent whole, with its length, and again when it has to be."""
    provider.on("POST /v1/people", json({}, 429, Retry_After="0"), {"id": 1})
    tiny = build(candidates="create: {request: POST /people, json: body, item: body}\nfields: {id: id}\n")
    await tiny.run(Call("candidates", "create", body={"title": "x" * 300_000}))
    assert [len(seen.json["title"]) for seen in provider.seen] == [300_000, 300_000]
    assert int(provider.seen[1].headers["content-length"]) > 300_000


@pytest.mark.parametrize(("value", "written"), [(2.0, "2"), (2.5, "2.5"), (True, "true"), ({"a": 1}, '{"a":1}')])
def test_values_as_text(value: Any, written: str) -> None:
    """Values stand in addresses and headers as the web writes them."""
    assert text(value) == written
