"""Trying again, following files, and where credentials go."""

import asyncio
import time
from typing import Any

import orjson
import pytest
from starlette.responses import RedirectResponse, Response

from polyhire.engine.exchange import Answer, FileAnswer, Outgoing
from polyhire.engine.scope import Scope
from polyhire.engine.serving import Call
from polyhire.errors import (
    CredentialsRejected,
    NotFound,
    PermissionDenied,
    ProviderFailed,
    ProviderUnreachable,
    RateLimited,
)
from tests.engine.conftest import CONNECT, Build, Tiny
from tests.engine.pretend import Pretend, broken, by, dropped, json

PEOPLE = """
list: {request: GET /people, items: body}
get: {request: 'GET /people/{id}', item: body}
create: {request: POST /people, json: {name: body.name}, item: body}
delete: {request: 'DELETE /people/{id}'}
fields: {id: id}
"""
SECRET = "secret-key-1"


async def create(tiny: Tiny) -> Any:
    return (await tiny.run(Call("candidates", "create", body={"name": "x"}))).record


@pytest.mark.parametrize("passing", [json({}, 503), json({}, 500), json({}, 502), json({}, 504), dropped])
async def test_reads_are_tried_again(build: Build, provider: Pretend, brisk: None, passing: Any) -> None:
    """A read is repeated after a failure that may pass, or a connection that was dropped."""
    provider.on("GET /v1/people", passing, passing, [{"id": 1}])
    assert (await build(candidates=PEOPLE).list()).records[0]["id"] == "1"


async def test_a_second_try_waits_a_little(build: Build, provider: Pretend) -> None:
    """There is a pause before the second try."""
    provider.on("GET /v1/people", json({}, 503), [])
    started = time.monotonic()
    await build(candidates=PEOPLE).list()
    assert 0.2 <= time.monotonic() - started < 0.6


@pytest.mark.parametrize(
    ("failing", "error", "requests"),
    [
        (json({}, 503), ProviderFailed, 3),
        (dropped, ProviderUnreachable, 6),  # the HTTP client doubles what it calls idempotent
        (json({}, 429), RateLimited, 3),
    ],
)
async def test_three_tries_are_enough(
    build: Build, provider: Pretend, brisk: None, failing: Any, error: type[Exception], requests: int
) -> None:
    """What does not pass is told after the third try."""
    provider.on("GET /v1/people", failing)
    with pytest.raises(error):
        await build(candidates=PEOPLE).list()
    assert len(provider.seen) == requests


@pytest.mark.parametrize("failing", [json({}, 503), json({}, 500), dropped])
async def test_writes_are_not_repeated(build: Build, provider: Pretend, brisk: None, failing: Any) -> None:
    """A write that may have been done is not done twice."""
    provider.on("POST /v1/people", failing)
    with pytest.raises((ProviderFailed, ProviderUnreachable)):
        await create(build(candidates=PEOPLE))
    assert len(provider.seen) == 1


async def test_a_write_that_was_refused_is_repeated(build: Build, provider: Pretend, brisk: None) -> None:
    """A write that came too soon was not done: it is sent again, the same."""
    provider.on("POST /v1/people", json({}, 429, Retry_After="0"), json({}, 429), {"id": 1})
    assert (await create(build(candidates=PEOPLE)))["id"] == "1"
    assert {seen.body for seen in provider.seen} == {b'{"name":"x"}'}
    assert len(provider.seen) == 3


async def test_too_many_requests_wait_as_told(build: Build, provider: Pretend) -> None:
    """The pause is the provider's own when it is short."""
    provider.on("GET /v1/people", json({}, 429, Retry_After="0.4"), [])
    started = time.monotonic()
    await build(candidates=PEOPLE).list()
    assert 0.4 <= time.monotonic() - started < 0.8


async def test_a_long_wait_is_the_callers(build: Build, provider: Pretend) -> None:
    """A wait longer than our patience is passed on at once."""
    provider.on("GET /v1/people", json({}, 429, Retry_After="17"))
    with pytest.raises(RateLimited) as caught:
        await build(candidates=PEOPLE).list()
    assert caught.value.retry_after == 17
    assert len(provider.seen) == 1


@pytest.mark.parametrize(
    "malformed",
    [
        b'{"id": 1',
        b"<html>Maintenance</html>",
        b"[1,]",
        b'[{"id": "\xff\xe9"}]',
        b'[{"id": "\\ud800"}]',
        Response("<h1>Hello</h1>", media_type="text/html"),
        Response(b"[]", headers={"Content-Type": "application/json; charset=nonsense"}),
        Response(b"[\xff]", headers={"Content-Type": "application/json; charset=utf-16"}),
    ],
    ids=lambda value: str(value) if isinstance(value, str | int | float | bytes) else None,
)
async def test_answers_nobody_can_read(build: Build, provider: Pretend, brisk: None, malformed: Any) -> None:
    """A broken or foreign answer is the provider's failure, and asking again would not help."""
    provider.on("GET /v1/people", malformed)
    with pytest.raises(ProviderFailed, match=r"Tiny answered 200, but not in json|broke off"):
        await build(candidates=PEOPLE).list()
    assert len(provider.seen) == 1


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        (b'\xef\xbb\xbf[{"id": "\xc3\xa9"}]', "application/json", "é"),
        ('[{"id": "é"}]'.encode("latin-1"), "application/json; charset=iso-8859-1", "é"),
        (b'[{"id": "\xc3\xa9"}]', "text/plain", "é"),
        (b'[{"id": "\xc3\xa9"}]', "application/json; charset=UTF8", "é"),
        (b'[{"id": "\\u00e9"}]', "application/json; charset=us-ascii", "é"),
    ],
)
async def test_odd_encodings(build: Build, provider: Pretend, body: bytes, kind: str, expected: str) -> None:
    """A byte order mark, another charset and a wrong content type are no obstacle."""
    provider.on("GET /v1/people", Response(body, headers={"Content-Type": kind}))
    assert (await build(candidates=PEOPLE).list()).records[0]["id"] == expected


async def test_empty_answers(build: Build, provider: Pretend) -> None:
    """A 204 is no records, no record, or a delete that is done; an empty 200 where records should be is a failure."""
    provider.on("GET /v1/people", Response(b"", 204), Response(b"", media_type="application/json"))
    provider.on("DELETE /v1/people/1", Response(b"", 200))
    provider.on("GET /v1/people/1", Response(b"", 204), b" ")
    tiny = build(candidates=PEOPLE)
    assert (await tiny.list()).records == []
    assert (await tiny.run(Call("candidates", "delete", id="1"))).record is None
    with pytest.raises(NotFound, match="Tiny has no candidates record '1'"):
        await tiny.get("1")
    for asking in (tiny.list(), tiny.get("1")):
        with pytest.raises(ProviderFailed, match="Tiny answered 200 without a body"):
            await asking


async def test_an_answer_that_breaks_off_is_asked_for_again(build: Build, provider: Pretend, brisk: None) -> None:
    """A read gets the whole of it the next time, or says that it broke off."""
    provider.on("GET /v1/people", broken(b'[{"id": 1}, ', 500), b'[{"id": 1}]')
    tiny = build(candidates=PEOPLE)
    assert [record["id"] for record in (await tiny.list()).records] == ["1"]
    provider.on("GET /v1/people", broken(b'[{"id": 1}, ', 500))
    with pytest.raises(ProviderFailed, match="broke off before its end"):
        await tiny.list()


async def test_a_write_may_answer_in_plain_text(build: Build, provider: Pretend) -> None:
    """An answer in which nothing is looked for may be anything but broken JSON."""
    provider.on("DELETE /v1/people/1", Response("done", media_type="text/plain"))
    provider.on("DELETE /v1/people/2", Response("{done", media_type="application/json"))
    tiny = build(candidates=PEOPLE)
    assert (await tiny.run(Call("candidates", "delete", id="1"))).record is None
    with pytest.raises(ProviderFailed):
        await tiny.run(Call("candidates", "delete", id="2"))


async def test_redirects_are_not_followed(build: Build, provider: Pretend, stranger: Pretend, brisk: None) -> None:
    """An API call that is sent elsewhere is a failure, and nobody else is asked."""
    provider.on("GET /v1/people", RedirectResponse(stranger.base + "/v1/people"))
    with pytest.raises(ProviderFailed, match="HTTP 307"):
        await build(candidates=PEOPLE).list()
    assert stranger.seen == []
    assert len(provider.seen) == 1


async def test_a_whole_url_of_a_stranger_is_refused(build: Build, provider: Pretend, stranger: Pretend) -> None:
    """A request to an address that the provider gave never takes credentials to another origin."""
    provider.on("GET /v1/people", [{"url": stranger.base + "/list"}])
    resource = """
list:
  steps:
    - {name: found, request: GET /people, items: body}
    - {each: found, request: 'GET {each.url}', items: body}
fields: {id: id}
"""
    tiny = build("file_hosts: ['*']", candidates=resource, transport={"private": True})
    with pytest.raises(ProviderFailed, match=r"pointed to 127\.0\.0\.1, which is not one of its hosts"):
        await tiny.list()
    assert stranger.seen == []


FILES = """
download:
  returns: file
  steps:
    - {name: file, request: 'GET /files/{id}', item: body}
    - {request: 'GET {file.url}', authenticate: false}
get: {request: 'GET /files/{id}', item: body}
fields: {id: id}
"""
DIRECT = "download: {returns: file, request: 'GET /files/{id}/content'}\nfields: {id: id}\n"
PDF = Response(b"%PDF", media_type="application/pdf", headers={"Content-Disposition": 'attachment; filename="cv.pdf"'})


async def download(tiny: Tiny, id: str = "1") -> FileAnswer:
    file = (await tiny.run(Call("attachments", "download", id=id))).file
    assert file is not None
    return file


async def content(file: FileAnswer) -> bytes:
    return b"".join([chunk async for chunk in file.chunks])


async def test_a_file_of_the_provider(build: Build, provider: Pretend) -> None:
    """A file comes with its type, name and size, fetched with the account's credentials."""
    provider.on("GET /v1/files/1/content", PDF)
    file = await download(build(attachments=DIRECT))
    assert (file.content_type, file.name, file.size) == ("application/pdf", "cv.pdf", 4)
    assert await content(file) == b"%PDF"
    assert provider.seen[0].headers["authorization"] == f"Bearer {SECRET}"


async def test_a_file_without_a_name(build: Build, provider: Pretend) -> None:
    """A file that does not say its name or type has none."""
    provider.on("GET /v1/files/1/content", Response(b"x"))
    file = await download(build(attachments=DIRECT))
    assert (file.content_type, file.name) == ("application/octet-stream", None)
    assert await content(file) == b"x"


async def test_files_of_a_file_host(build: Build, provider: Pretend, stranger: Pretend) -> None:
    """A file on one of the integration's file hosts is fetched there, without credentials."""
    provider.on("GET /v1/files/1", {"url": stranger.base + "/f?sig=a%2Bb"})
    stranger.on("GET /f", PDF)
    tiny = build("file_hosts: ['127.0.0.1']", attachments=FILES, transport={"private": True})
    assert await content(await download(tiny)) == b"%PDF"
    assert stranger.lines == ["GET /f?sig=a%2Bb"]
    assert SECRET not in str(stranger.seen)


async def test_files_of_other_hosts_are_refused(build: Build, provider: Pretend, stranger: Pretend) -> None:
    """A file on a host that the integration does not name is not fetched."""
    provider.on("GET /v1/files/1", {"url": stranger.base + "/f"})
    tiny = build("file_hosts: ['*.amazonaws.com']", attachments=FILES, transport={"private": True})
    with pytest.raises(ProviderFailed, match="not one of its hosts"):
        await download(tiny)
    assert stranger.seen == []


async def test_file_redirects_are_followed(build: Build, provider: Pretend, stranger: Pretend) -> None:
    """A file that moved is fetched from where it is, without credentials from there on."""
    provider.on("GET /v1/files/1/content", RedirectResponse("/elsewhere/1", 302))
    provider.on("GET /elsewhere/1", RedirectResponse(stranger.base + "/f", 303))
    stranger.on("GET /f", PDF)
    tiny = build("file_hosts: ['127.0.0.1']", attachments=DIRECT, transport={"private": True})
    assert await content(await download(tiny)) == b"%PDF"
    assert ["authorization" in seen.headers for seen in provider.seen] == [True, False]
    assert SECRET not in str(stranger.seen)


async def test_file_redirects_to_strangers_are_not(build: Build, provider: Pretend, stranger: Pretend) -> None:
    """A file that moved to a host that the integration does not name is not fetched."""
    provider.on("GET /v1/files/1/content", RedirectResponse(stranger.base + "/f"))
    with pytest.raises(ProviderFailed, match="not one of its hosts"):
        await download(build(attachments=DIRECT, transport={"private": True}))
    assert stranger.seen == []


async def test_a_file_that_moves_in_circles(build: Build, provider: Pretend) -> None:
    """A file that is sent round and round is given up after three redirects."""
    provider.on("GET /v1/files/1/content", RedirectResponse("/v1/files/1/content"))
    with pytest.raises(ProviderFailed, match="more than 3 corners"):
        await download(build(attachments=DIRECT))
    assert len(provider.seen) == 4


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (json({}, 404), NotFound),
        (json({}, 403), PermissionDenied),
        (Response(b"", 302), ProviderFailed),
        (Response(b"", 304), ProviderFailed),
        (Response("<html>", 500, media_type="text/html"), ProviderFailed),
    ],
)
async def test_a_file_that_is_refused(
    build: Build, provider: Pretend, brisk: None, answer: Response, error: type[Exception]
) -> None:
    """What a provider says instead of a file is the error that it stands for."""
    provider.on("GET /v1/files/1/content", answer)
    with pytest.raises(error):
        await download(build(attachments=DIRECT))


async def test_a_file_is_asked_for_again(build: Build, provider: Pretend, brisk: None) -> None:
    """Opening a file is repeated like any read."""
    provider.on("GET /v1/files/1/content", json({}, 503), dropped, PDF)
    assert await content(await download(build(attachments=DIRECT))) == b"%PDF"


@pytest.mark.parametrize("found", [None, {}])
async def test_a_file_that_is_not_there(build: Build, provider: Pretend, found: Any) -> None:
    """When the steps before find no record there is no file, whatever else they answered."""
    provider.on("GET /v1/files/1", {"items": [found] if found else []})
    resource = FILES.replace("item: body}\n    - {request", "item: 'body.items[0]'}\n    - {request")
    with pytest.raises(NotFound, match="Tiny has no file '1'"):
        await download(build(attachments=resource))
    assert len(provider.seen) == 1


KEYS = """
connect:
  key:
    label: Key
    ask: {api_key: {label: Key, secret: true}, other: {label: Other, secret: true, optional: true}}
    apply: {query: {key: api_key, other: other}, headers: {X-Key: api_key}}
"""
PAGED = """
list:
  request: GET /people
  items: body.people
  pagination: {next_url: body.next}
fields: {id: id}
"""


async def test_keys_in_the_query(build: Build, provider: Pretend) -> None:
    """A credential may be a query parameter, quoted, beside whatever else is asked, and on the next page too."""
    resource = PAGED.replace("items: body.people", "items: body.people\n  query: {a: '\"b/c\"'}")
    provider.on("GET /v1/people", {"people": [{"id": 1}], "next": "/v1/more?p=%2B2"})
    provider.on("GET /v1/more", {"people": [{"id": 2}]})
    await build(connect=KEYS, asked={"api_key": "k&=+ é"}, candidates=resource).list()
    assert provider.seen[0].query == {"a": "b/c", "key": "k&=+ é"}
    assert provider.seen[1].query == {"p": "+2", "key": "k&=+ é"}
    assert "p=%2B2&" in provider.seen[1].raw_query


async def test_a_next_page_on_another_origin(build: Build, provider: Pretend, stranger: Pretend) -> None:
    """A next page elsewhere is not followed: credentials stay with the provider."""
    provider.on("GET /v1/people", {"people": [{"id": 1}], "next": stranger.base + "/v1/people?page=2"})
    with pytest.raises(ProviderFailed, match="next page on another host"):
        await build(candidates=PAGED, transport={"private": True}).list()
    assert stranger.seen == []


@pytest.mark.parametrize("target", ["//{host}/v1/people", "https://{host}/v1/people", "http://user@{host}/v1"])
async def test_a_next_page_in_disguise(build: Build, provider: Pretend, stranger: Pretend, target: str) -> None:
    """No way of writing another address gets round that."""
    told = target.format(host=stranger.base.removeprefix("http://"))
    provider.on("GET /v1/people", {"people": [{"id": 1}], "next": told})
    with pytest.raises(ProviderFailed):
        await build(candidates=PAGED, transport={"private": True}).list()
    assert stranger.seen == []


async def test_pass_through(build: Build, provider: Pretend) -> None:
    """A caller's own request goes below the base URL with the account's credentials and comes back as it is."""
    provider.on("PUT /v1/odd/path", PDF)
    outgoing = Outgoing("PUT", "/odd/path?x=%2F&y", {"X-Mine": "1", "authorization": "Bearer mine"}, b"body")
    answer = await build().connection(repeatable=False).pass_through(outgoing)
    assert isinstance(answer, FileAnswer)
    assert await content(answer) == b"%PDF"
    seen = provider.seen[0]
    assert (seen.verb, seen.raw_query, seen.body) == ("PUT", "x=%2F&y", b"body")
    assert (seen.headers["x-mine"], seen.headers["authorization"]) == ("1", f"Bearer {SECRET}")


async def test_pass_through_tells_failures_as_they_are(build: Build, provider: Pretend, stranger: Pretend) -> None:
    """What the provider refuses or sends elsewhere is answered as it came."""
    provider.on("GET /v1/a", json({"why": 1}, 422))
    provider.on("GET /v1/b", RedirectResponse(stranger.base + "/x"))
    connection = build(transport={"private": True}).connection()
    refused = await connection.pass_through(Outgoing("GET", "/a", {}))
    assert isinstance(refused, Answer)
    assert (refused.status, orjson.loads(refused.body)) == (422, {"why": 1})
    moved = await connection.pass_through(Outgoing("GET", "/b", {}))
    assert isinstance(moved, Answer)
    assert moved.status == 307
    assert stranger.seen == []


async def test_pass_through_with_wrong_credentials(build: Build, provider: Pretend) -> None:
    """A 401 on a caller's own request is about the account."""
    provider.on("GET /v1/a", json({"why": "key expired"}, 401))
    with pytest.raises(CredentialsRejected, match="key expired"):
        await build("errors: {message: body.why}").connection().pass_through(Outgoing("GET", "/a", {}))


async def test_pass_through_can_not_leave(build: Build, provider: Pretend, stranger: Pretend) -> None:
    """A path that would change the host is refused."""
    connection = build(base_url="https://api.tiny.example", transport={"private": True}).connection()
    with pytest.raises(ProviderFailed):
        await connection.pass_through(Outgoing("GET", "@" + stranger.base.removeprefix("http://"), {}))
    assert stranger.seen == []


async def test_rate_headers_are_noted(build: Build, provider: Pretend) -> None:
    """The provider's last word on the budget is kept with the call, and not lost by an answer that says nothing."""
    provider.on("GET /v1/people", json([], 200, X_RateLimit_Limit="100", X_RateLimit_Remaining="7"), [])
    connection = build(candidates=PEOPLE).connection()
    step = build(candidates=PEOPLE).integration.resources["candidates"].methods["list"].sequence[0]
    await connection.send(step, Scope({}))
    await connection.send(step, Scope({}))
    assert connection.rates == {"ratelimit-limit": "100", "ratelimit-remaining": "7"}


async def test_the_budget_is_the_accounts(build: Build, provider: Pretend) -> None:
    """Every request of an account counts against the integration's budget."""
    provider.on("GET /v1/people", [])
    tiny = build("rate_limit: {allow: 2 per 1h}", candidates=PEOPLE)
    await tiny.list()
    await tiny.list()
    with pytest.raises(RateLimited) as caught:
        await tiny.list()
    assert caught.value.retry_after == pytest.approx(3600, abs=5)
    assert len(provider.seen) == 2
    await tiny.other().list()
    assert len(provider.seen) == 3


def answers_by_token(good: str) -> Any:
    def answer(seen: Any) -> Any:
        return [{"id": 1}] if seen.headers.get("authorization") == f"Bearer {good}" else json({}, 401)

    return by(answer)


OAUTH = """
connect:
  app:
    label: App
    ask: {client: {label: Client}, secret: {label: Secret, secret: true}}
    oauth2:
      grant: client_credentials
      token_url: https://login.tiny.example/token
      client_id: client
      client_secret: secret
    apply: {bearer: oauth2.access_token}
"""


async def test_a_refused_token_is_renewed_once(build: Build, provider: Pretend) -> None:
    """A 401 gets a new token and asks again."""
    provider.on("POST /token", {"access_token": "new", "expires_in": 3600})
    provider.on("GET /v1/people", answers_by_token("new"))
    tiny = build(
        connect=OAUTH,
        asked={"client": "id", "secret": "hush"},
        state={"oauth2": {"access_token": "old"}},
        candidates=PEOPLE,
    )
    assert len((await tiny.list()).records) == 1
    assert provider.lines == ["GET /v1/people", "POST /token", "GET /v1/people"]


async def test_a_new_token_that_is_refused_too(build: Build, provider: Pretend) -> None:
    """A second 401 is the end: no more tokens are asked for."""
    provider.on("POST /token", {"access_token": "new"})
    provider.on("GET /v1/people", json({}, 401))
    tiny = build(connect=OAUTH, asked={"client": "id", "secret": "hush"}, candidates=PEOPLE)
    with pytest.raises(CredentialsRejected):
        await tiny.list()
    assert provider.lines == ["POST /token", "GET /v1/people"] * 2


async def test_a_token_renewed_on_the_last_try_is_used(build: Build, provider: Pretend, brisk: None) -> None:
    """A 401 after two failures that passed still leads to one more try."""
    provider.on("POST /token", {"access_token": "new"})
    provider.on("GET /v1/people", json({}, 503), json({}, 503), answers_by_token("new"))
    tiny = build(
        connect=OAUTH,
        asked={"client": "id", "secret": "hush"},
        state={"oauth2": {"access_token": "old"}},
        candidates=PEOPLE,
    )
    assert len((await tiny.list()).records) == 1


async def test_many_refused_calls_renew_once(build: Build, provider: Pretend) -> None:
    """Fifty calls whose token is refused cause one token request, however their refusals arrive."""
    numbers = iter(range(100))

    async def token(seen: Any) -> Any:
        await asyncio.sleep(0.02)
        return {"access_token": f"token-{next(numbers)}"}

    async def people(seen: Any) -> Any:
        refused = seen.headers["authorization"] == "Bearer old"
        await asyncio.sleep((len(provider.seen) % 10) * 0.01)
        return json({}, 401) if refused else [{"id": 1}]

    provider.on("POST /token", by(token))
    provider.on("GET /v1/people", by(people))
    tiny = build(
        connect=OAUTH,
        asked={"client": "id", "secret": "hush"},
        state={"oauth2": {"access_token": "old"}},
        candidates=PEOPLE,
    )
    await asyncio.gather(*(tiny.list() for _ in range(50)))
    assert len(provider.asked("/token")) == 1


async def test_a_key_that_is_refused(build: Build, provider: Pretend) -> None:
    """A plain key can't be renewed: a 401 is told at once."""
    provider.on("GET /v1/people", json({"message": "bad key"}, 401))
    with pytest.raises(CredentialsRejected, match="Tiny refused the credentials"):
        await build(connect=CONNECT, candidates=PEOPLE).list()
    assert len(provider.seen) == 1


async def test_a_refused_client_is_asked_once(build: Build, provider: Pretend) -> None:
    """When the token server itself refuses, asking again is no use."""
    provider.on("POST /token", {"access_token": "t", "expires_in": 61}, json({"error": "invalid_client"}, 401))
    provider.on("GET /v1/people", [])
    tiny = build(connect=OAUTH, asked={"client": "id", "secret": "hush"}, candidates=PEOPLE)
    await tiny.list()
    await asyncio.sleep(1.1)
    with pytest.raises(CredentialsRejected, match="invalid_client"):
        await tiny.list()
    assert len(provider.asked("/token")) == 2
