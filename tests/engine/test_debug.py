"""What debug shows: everything but secrets."""

from typing import Any

import orjson
import pytest

from polyhire.engine import debug
from polyhire.engine.exchange import Upload
from polyhire.engine.serving import Call
from polyhire.errors import ProviderError
from tests.engine.conftest import Build, Tiny
from tests.engine.pretend import Pretend, by, dropped, json

SECRET = 'a/b+c= "d"&:1<'
RESOURCE = """
list: {request: GET /people, query: {mail: query.email}, items: body}
create: {request: POST /people, json: {name: body.name}, item: body}
update: {request: 'PATCH /people/{id}', form: {name: body.name}, item: body}
fields: {id: id}
"""


def traced(build: Build, apply: str, **given: Any) -> Tiny:
    connect = f"connect:\n  key:\n    label: K\n    ask: {{api_key: {{label: K, secret: true}}}}\n    apply: {apply}\n"
    tiny = build(connect=connect, asked={"api_key": SECRET}, candidates=RESOURCE, **given)
    tiny.trace = []
    return tiny


async def test_an_exchange(build: Build, provider: Pretend) -> None:
    """Request and answer are shown whole: address, verb, headers, bodies, time."""
    provider.on("POST /v1/people", json({"id": 1}, 201, X_Odd="1"))
    tiny = traced(build, "{bearer: api_key}")
    await tiny.run(Call("candidates", "create", body={"name": "Ada"}))
    [shown] = debug.render(tiny.trace or [], tiny.credential)
    assert shown["requestUrl"] == provider.base + "/v1/people"
    assert shown["requestOptions"]["method"] == "POST"
    assert shown["requestOptions"]["headers"]["Content-Type"] == "application/json"
    assert shown["requestOptions"]["body"] == '{"name":"Ada"}'
    assert (shown["responseStatus"], shown["data"]) == (201, {"id": 1})
    assert shown["responseHeaders"]["x-odd"] == "1"
    assert shown["milliseconds"] > 0


@pytest.mark.parametrize(
    "apply",
    [
        "{bearer: api_key}",
        "{basic: {username: api_key}}",
        "{query: {key: api_key}}",
        "{headers: {X-Key: $urlEncode(api_key)}}",
    ],
)
async def test_secrets_are_nowhere(build: Build, provider: Pretend, apply: str) -> None:
    """A secret does not show in an address, a header or a body, sent or received, however it is written there."""

    def echo(seen: Any) -> Any:
        told = {"id": 1, "query": seen.raw_query, "headers": dict(seen.headers), "body": seen.body.decode()}
        told["json"] = orjson.dumps({"k": SECRET}).decode()
        told["nested"] = [{"plain": SECRET, "token": "x", "access_token": "y"}]
        return told if seen.verb != "GET" else [told]

    for line in ("GET /v1/people", "POST /v1/people", "PATCH /v1/people/1"):
        provider.on(line, by(echo))
    tiny = traced(build, apply)
    await tiny.list(query={"email": SECRET})
    await tiny.run(Call("candidates", "create", body={"name": SECRET}))
    await tiny.run(Call("candidates", "update", id="1", body={"name": SECRET}))
    shown = debug.render(tiny.trace or [], tiny.credential)
    text = orjson.dumps(shown).decode()
    for piece in ("a/b+c", "a%2Fb", "a/b%2B", "a%2fb", "YS9iK2M", "c%3D"):
        assert piece not in text, piece
    assert text.count(debug.REDACTED) > 8
    nested = shown[0]["data"][0]["nested"][0]
    assert nested == {"plain": debug.REDACTED, "token": debug.REDACTED, "access_token": debug.REDACTED}
    assert provider.seen[0].query["mail"] == SECRET


async def test_cookies_and_short_words(build: Build, provider: Pretend) -> None:
    """Cookies are secret by their name; a word of three letters is not hunted for."""
    provider.on("GET /v1/people", json([{"id": "key"}], Set_Cookie="s=1"))
    tiny = traced(build, "{bearer: api_key}")
    tiny.credential.asked = {"api_key": "key"}
    await tiny.list()
    [shown] = debug.render(tiny.trace or [], tiny.credential)
    assert {name.lower(): text for name, text in shown["responseHeaders"].items()}["set-cookie"] == debug.REDACTED
    assert shown["requestOptions"]["headers"]["Authorization"] == debug.REDACTED
    assert shown["data"] == [{"id": "key"}]


async def test_a_request_without_an_answer(build: Build, provider: Pretend, brisk: None) -> None:
    """A request that was not answered is shown too, and one that was not even authenticated."""
    provider.on("POST /v1/people", dropped)
    tiny = traced(build, "{bearer: api_key}")
    with pytest.raises(ProviderError):
        await tiny.run(Call("candidates", "create", body={"name": "x"}))
    tiny.credential.applied = None
    [shown] = debug.render(tiny.trace or [], tiny.credential)
    assert (shown["responseStatus"], shown["responseHeaders"], shown["data"]) == (None, {}, None)
    assert "a/b+c" not in str(shown)


async def test_files_are_not_shown(build: Build, provider: Pretend) -> None:
    """The content of a file is shown neither on its way up nor down."""
    provider.on("POST /v1/files", {"id": 1})
    provider.on("GET /v1/files/1", b"%PDF")
    resource = (
        "create: {request: POST /files, multipart: {f: body.file}, item: body}\n"
        "download: {request: 'GET /files/{id}', returns: file}\nfields: {id: id}\n"
    )
    tiny = build(attachments=resource)
    tiny.trace = []
    await tiny.run(Call("attachments", "create", body={}, upload=Upload("a", "b/c", b"hush")))
    file = (await tiny.run(Call("attachments", "download", id="1"))).file
    assert file is not None
    assert b"".join([chunk async for chunk in file.chunks]) == b"%PDF"
    up, down = debug.render(tiny.trace, tiny.credential)
    assert (up["requestOptions"]["body"], down["data"], down["responseStatus"]) == (None, None, 200)
    assert debug.render([], build(asked={}).credential) == []
