"""From a call to the HTTP request that a provider receives."""

import re
from email.parser import BytesParser
from typing import Any

import pytest

from polyhire.engine.exchange import Upload
from polyhire.engine.request import merged, moved
from polyhire.engine.serving import Call
from polyhire.errors import InvalidRequest
from tests.engine.conftest import Build
from tests.engine.pretend import Pretend

GET = """
get:
  request: GET /people/{id}
  item: body
fields: {id: id}
"""


@pytest.mark.parametrize(
    ("id", "path"),
    [
        ("7", "/v1/people/7"),
        ("a b/c?d#e%f", "/v1/people/a%20b%2Fc%3Fd%23e%25f"),
        ("é:@", "/v1/people/%C3%A9%3A%40"),
        ("...", "/v1/people/..."),
    ],
)
async def test_holes_are_quoted(build: Build, provider: Pretend, id: str, path: str) -> None:
    """What fills a hole of a path is one segment of it, whatever it holds."""
    provider.on(f"GET {path}", {"id": 1})
    await build(candidates=GET).get(id)
    assert provider.seen[0].path == path


@pytest.mark.parametrize("id", ["..", "."])
async def test_a_hole_never_goes_up(build: Build, provider: Pretend, id: str) -> None:
    """An id of dots, which servers take for another path, is refused before anything is sent."""
    with pytest.raises(InvalidRequest, match="id"):
        await build(candidates=GET).get(id)
    assert provider.seen == []


@pytest.mark.parametrize("id", [None, ""])
async def test_an_empty_hole_is_refused(build: Build, provider: Pretend, id: str | None) -> None:
    """A request line whose hole stays empty is not sent."""
    with pytest.raises(InvalidRequest, match="'id' is needed for /people/"):
        await build(candidates=GET).run(Call("candidates", "get", id=id))
    assert provider.seen == []


async def query_of(build: Build, provider: Pretend, mapped: str, **given: Any) -> Any:
    provider.on("GET /v1/people", [])
    tiny = build(candidates=f"list:\n  request: GET /people\n  query: {mapped}\n  items: body\nfields: {{id: id}}\n")
    await tiny.list(**given)
    return provider.seen[0]


async def test_query_values(build: Build, provider: Pretend) -> None:
    """Lists repeat a name, mappings nest, booleans and whole numbers are written as the web has them."""
    seen = await query_of(
        build,
        provider,
        """{list: '["a", null, 2]', nested: '{"b": {"c": 1.0}, "d": true}', no: 'false', half: '0.5', """
        """each: '[{"x": 1}]', none: account.nothing, clear: 'null', text: '"a b&c=d+é"'}""",
    )
    assert seen.lists == {
        "list": ["a", "2"],
        "nested[b][c]": ["1"],
        "nested[d]": ["true"],
        "no": ["false"],
        "half": ["0.5"],
        "each": ['{"x":1}'],
        "text": ["a b&c=d+é"],
    }
    assert "a%20b%26c%3Dd%2B%C3%A9" in seen.raw_query


async def test_filters_reach_the_query(build: Build, provider: Pretend) -> None:
    """Filters are sent under the provider's names, and left out when they are not given."""
    seen = await query_of(build, provider, "{mail: query.email, job: query.job.id}", query={"email": "a@b.org"})
    assert seen.query == {"mail": "a@b.org"}


async def test_a_query_in_the_line_is_kept(build: Build, provider: Pretend) -> None:
    """Parameters in the request line stay, and others are added to them."""
    provider.on("GET /v1/people", [])
    resource = "list: {request: 'GET /people?kind=all', query: {size: '5'}, items: body}\nfields: {id: id}\n"
    await build(candidates=resource).list()
    assert provider.seen[0].raw_query == "kind=all&size=5"


async def test_remote_query_of_a_get(build: Build, provider: Pretend) -> None:
    """The caller's own parameters go along untouched and win over the mapping's."""
    seen = await query_of(build, provider, "{a: '1', b: '2'}", remote_query={"b": "x y", "c": ["1", "2"]})
    assert seen.lists == {"a": ["1"], "b": ["x y"], "c": ["1", "2"]}


async def test_remote_query_of_a_read_over_post(build: Build, provider: Pretend) -> None:
    """A provider that reads over POST gets the caller's parameters in the JSON body, typed."""
    provider.on("POST /v1/people.list", [])
    resource = "list: {request: POST /people.list, json: {a: '1'}, items: body}\nfields: {id: id}\n"
    await build(candidates=resource).list(
        remote_query={"flag": "true", "count": "5", "ids": '["a"]', "word": "hello", "many": ["1"]}
    )
    seen = provider.seen[0]
    assert seen.raw_query == ""
    assert seen.json == {"a": 1, "flag": True, "count": 5, "ids": ["a"], "word": "hello", "many": ["1"]}


async def test_remote_query_beside_a_body_that_is_a_list(build: Build, provider: Pretend) -> None:
    """A JSON body that is no object can't take parameters: they go into the query."""
    provider.on("POST /v1/people.list", [])
    resource = "list: {request: POST /people.list, json: ['1'], items: body}\nfields: {id: id}\n"
    await build(candidates=resource).list(remote_query={"a": "b"})
    assert provider.seen[0].raw_query == "a=b"
    assert provider.seen[0].json == [1]


def create(part: str, head: str = "") -> str:
    return f"create:\n  request: POST /people\n  item: body\n  {part}\n{head}fields: {{id: id}}\n"


async def created(build: Build, provider: Pretend, part: str, body: dict[str, Any], **given: Any) -> Any:
    provider.on("POST /v1/people", {"id": 1})
    await build(candidates=create(part)).run(Call("candidates", "create", body=body, **given))
    return provider.seen[0]


async def test_null_is_kept_and_absent_left_out(build: Build, provider: Pretend) -> None:
    """A null that the caller gave reaches the provider; what was not given does not."""
    seen = await created(
        build,
        provider,
        "json: {first: body.first_name, last: body.last_name, inner: {title: body.title}, fixed: true}",
        {"first_name": None},
    )
    assert seen.json == {"first": None, "fixed": True}
    assert seen.headers["content-type"] == "application/json"


async def test_remote_data_joins_the_body(build: Build, provider: Pretend) -> None:
    """The body's `remote_data` is merged into the request's body, over what the mapping says."""
    seen = await created(
        build,
        provider,
        "json: {first: body.first_name, last: body.last_name}",
        {"first_name": "Ada", "last_name": "L", "remote_data": {"last": "Lovelace", "own": [1]}},
    )
    assert seen.json == {"first": "Ada", "last": "Lovelace", "own": [1]}


async def test_remote_data_alone_makes_a_body(build: Build, provider: Pretend) -> None:
    """A write without a body of its own sends the caller's `remote_data` as JSON."""
    seen = await created(build, provider, "query: {name: body.name}", {"name": "x", "remote_data": {"a": 1}})
    assert seen.json == {"a": 1}
    assert seen.headers["content-type"] == "application/json"


async def test_an_empty_json_body_is_an_object(build: Build, provider: Pretend) -> None:
    """A body in which nothing was found is still a body."""
    assert (await created(build, provider, "json: {first: body.first_name}", {})).json == {}


async def test_headers(build: Build, provider: Pretend) -> None:
    """Headers of the integration and the request are sent; the request's win, and an absent one is left out."""
    provider.on("GET /v1/people/1", {"id": 1})
    tiny = build(
        """headers: {X-Company: account.company, X-Version: '2', X-None: account.none}""",
        candidates=GET.replace("item: body", "item: body\n  headers: {X-Version: 'true', X-Null: null}"),
    )
    await tiny.get("1")
    headers = provider.seen[0].headers
    assert headers["x-company"] == "acme"
    assert headers["x-version"] == "true"
    assert "x-none" not in headers
    assert "x-null" not in headers
    assert headers["accept"] == "application/json"
    assert headers["user-agent"] == "polyhire"
    assert headers["authorization"] == "Bearer secret-key-1"


async def test_a_manifest_may_set_accept_and_content_type(build: Build, provider: Pretend) -> None:
    """What the integration says about types is not overruled."""
    seen = await created(
        build,
        provider,
        """headers: {Accept: '"application/vnd.api+json"', Content-Type: '"application/vnd.api+json"'}
  json: {a: 1}""",
        {},
    )
    assert seen.headers["accept"] == seen.headers["content-type"] == "application/vnd.api+json"


async def test_form_body(build: Build, provider: Pretend) -> None:
    """A form is URL-encoded."""
    seen = await created(
        build, provider, "form: {name: body.name, tags: '[1, 2]', none: body.title}", {"name": "Ada é&L"}
    )
    assert seen.headers["content-type"] == "application/x-www-form-urlencoded"
    assert seen.body == b"name=Ada+%C3%A9%26L&tags=1&tags=2"


async def test_xml_body(build: Build, provider: Pretend) -> None:
    """A tree becomes XML."""
    seen = await created(build, provider, "xml: {Person: {Name: body.name, '@id': '7'}}", {"name": "Ada <L>"})
    assert seen.headers["content-type"] == "application/xml"
    assert seen.body == b'<?xml version="1.0" encoding="utf-8"?>\n<Person id="7"><Name>Ada &lt;L&gt;</Name></Person>'


UPLOAD = Upload("cv é.pdf", "application/pdf", b"%PDF \x00\xff\r\n--x")


async def test_upload_as_base64(build: Build, provider: Pretend) -> None:
    """An uploaded file's content becomes base64 in JSON, anywhere in the body; its name, type and size are known."""
    seen = await created(
        build,
        provider,
        """json: {files: [{content: body.file.content, name: body.file.name, type: body.file.content_type,
         size: body.file.size}], note: '"x"', n: 1}""",
        {},
        upload=UPLOAD,
    )
    assert seen.json == {
        "files": [{"content": "JVBERiAA/w0KLS14", "name": "cv é.pdf", "type": "application/pdf", "size": 12}],
        "note": "x",
        "n": 1,
    }


async def test_upload_as_multipart(build: Build, provider: Pretend) -> None:
    """An uploaded file is a part with its name, type and very bytes; other values are parts of text."""
    seen = await created(
        build, provider, "multipart: {file: body.file, kind: body.attachment_type, n: 5}", {}, upload=UPLOAD
    )
    parts = parts_of(seen)
    assert [name for name, _, _, _ in parts] == ["file", "n"]
    assert parts[0] == ("file", "cv é.pdf", "application/pdf", UPLOAD.content)
    assert parts[1][3] == b"5"


async def test_a_file_name_can_not_break_out(build: Build, provider: Pretend) -> None:
    """Quotes and line breaks in a file's name stay inside the name."""
    upload = Upload('a".pdf\r\nX-Evil: 1', "application/pdf", b"x")
    seen = await created(build, provider, "multipart: {file: body.file}", {}, upload=upload)
    assert [name for _, name, _, _ in parts_of(seen)] == ["a%22.pdf%0D%0AX-Evil: 1"]


async def test_multipart_without_a_file(build: Build, provider: Pretend) -> None:
    """A multipart body may hold nothing but text, nested like a form."""
    seen = await created(build, provider, "multipart: {a: '{\"b\": body.name}', c: body.title}", {"name": "x"})
    assert [(name, content) for name, _, _, content in parts_of(seen)] == [("a[b]", b"x")]


def parts_of(seen: Any) -> list[tuple[Any, Any, str, Any]]:
    head = b"Content-Type: " + seen.headers["content-type"].encode() + b"\r\n\r\n"
    names = {n.decode(): f.decode() for n, f in re.findall(rb'name="([^"]*)"; filename="([^"]*)"', seen.body)}
    message = BytesParser().parsebytes(head + seen.body)
    parts: Any = message.get_payload()
    return [
        (
            part.get_param("name", header="content-disposition"),
            names.get(part.get_param("name", header="content-disposition")),
            part.get_content_type(),
            part.get_payload(decode=True),
        )
        for part in parts
    ]


async def test_a_value_that_does_not_fit_is_the_callers(build: Build, provider: Pretend) -> None:
    """An expression that can't take what the caller gave is an invalid request that names it."""
    with pytest.raises(InvalidRequest, match=r"candidates\.create\.json.*\$number"):
        await created(build, provider, "json: {n: $number(body.name)}", {"name": "many"})
    assert provider.seen == []


async def test_requests_are_compiled_once(build: Build, provider: Pretend) -> None:
    """The same request has one plan, and another one when it is paginated."""
    tiny = build(candidates=GET)
    step = tiny.integration.resources["candidates"].methods["get"].sequence[0]
    plans = tiny.provider.plans
    assert plans.plan(step) is plans.plan(step)
    assert plans.plan(step, paginated=True) is not plans.plan(step)


async def test_a_base_url_with_holes(build: Build, provider: Pretend) -> None:
    """The base URL may depend on what was asked, quoted like a path."""
    provider.on("GET /v1/a%2Fb/people/1", {"id": 1})
    tiny = build(
        candidates=GET,
        base_url="https://api.tiny.example/v1/{account.company}/",
        asked={"api_key": "secret-key-1", "company": "a/b"},
    )
    assert (await tiny.get("1")).record is not None


@pytest.mark.parametrize(
    ("url", "override", "expected"),
    [
        ("https://a.example/v1", None, "https://a.example/v1"),
        ("https://a.example/v1?x=1", "http://127.0.0.1:9/tiny/", "http://127.0.0.1:9/tiny/v1?x=1"),
        ("https://a.example", "http://127.0.0.1:9", "http://127.0.0.1:9"),
    ],
)
def test_a_url_is_moved_with_its_path(url: str, override: str | None, expected: str) -> None:
    """An integration that is pointed elsewhere keeps its paths."""
    assert moved(url, override) == expected


def test_a_callers_own_values_go_into_ours() -> None:
    """`remote_data` reaches into nested objects without taking what is beside them away; lists are replaced."""
    ours = {"data": {"type": "people", "attributes": {"name": "Ada"}}, "tags": ["a"]}
    theirs = {"data": {"attributes": {"merge": True}}, "tags": ["b"], "extra": None}
    assert merged(ours, theirs) == {
        "data": {"type": "people", "attributes": {"name": "Ada", "merge": True}},
        "tags": ["b"],
        "extra": None,
    }
