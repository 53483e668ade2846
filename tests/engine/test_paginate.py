"""Pages: every style of next, limits of any size, and cursors that begin where the last page ended."""

from typing import Any

import pytest

from polyhire.engine import paginate
from polyhire.engine.cursor import Seal
from polyhire.errors import InvalidCursor, InvalidRequest, ProviderFailed
from tests.engine.conftest import KEY, Build, Tiny
from tests.engine.pretend import Pretend, by, json

TOTAL = 23


def listing(pagination: str, request: str = "GET /people", more: str = "") -> str:
    return (
        f"list:\n  request: {request}\n  items: body.people\n{more}  pagination: {{{pagination}}}\nfields: {{id: id}}\n"
    )


def page(start: int, size: int) -> list[dict[str, int]]:
    return [{"id": number} for number in range(start, min(start + size, TOTAL))]


def by_token(seen: Any) -> Any:
    start, size = int(seen.query.get("cursor", "c0")[1:]), int(seen.query["size"])
    return {"people": page(start, size), "next": f"c{start + size}" if start + size < TOTAL else None}


def by_url(seen: Any) -> Any:
    start, size = int(seen.query.get("from", "0")), int(seen.query["size"])
    more = f"/v1/people?size={size}&from={start + size}&sig=%2B"
    return {"people": page(start, size), "next": more if start + size < TOTAL else ""}


def by_number(seen: Any) -> Any:
    number, size = int(seen.query["page"]), int(seen.query["size"])
    return {"people": page((number - 1) * size, size)}


def by_offset(seen: Any) -> Any:
    return {"people": page(int(seen.query["offset"]), int(seen.query["size"])), "total": TOTAL}


def by_id(seen: Any) -> Any:
    return {"people": page(int(seen.query["since"]) + 1, int(seen.query["size"]))}


def by_header(seen: Any) -> Any:
    number, size = int(seen.query["page"]), int(seen.query["size"])
    found = by_number(seen)
    return json(found, X_Next_Page=str(number + 1)) if number * size < TOTAL else json(found)


def by_link(seen: Any) -> Any:
    found = by_url(seen)
    link = f'<{found["next"]}>; rel="next"' if found["next"] else '</v1/people>; rel="first"'
    return json({"people": found["people"]}, Link=link)


STYLES = {
    "token": ("next: body.next, query: {cursor: page.token, size: page.size}", by_token),
    "url": ("next_url: body.next, query: {size: page.size}", by_url),
    "link": ("next_url: links.next, query: {size: page.size}", by_link),
    "number": (
        "next: 'page.count = page.size ? page.token + 1', first: 1, query: {page: page.token, size: page.size}",
        by_number,
    ),
    "offset": (
        "next: 'page.token + page.count < body.total ? page.token + page.count', first: 0, "
        "query: {offset: page.token, size: page.size}",
        by_offset,
    ),
    "since": (
        "next: '$count(items) = page.size ? items[-1].id', first: -1, query: {since: page.token, size: page.size}",
        by_id,
    ),
    "header": ("next: headers.`x-next-page`, first: 1, query: {page: page.token, size: page.size}", by_header),
}


async def everything(tiny: Tiny, limits: list[int]) -> list[list[str]]:
    """Every page of a list, with these limits in turn."""
    pages: list[list[str]] = []
    cursor = None
    while True:
        outcome = await tiny.list(limit=limits[len(pages) % len(limits)], cursor=cursor)
        pages.append([record["id"] for record in outcome.records])
        cursor = outcome.next_cursor
        if cursor is None:
            return pages
        assert len(pages) < 60


@pytest.mark.parametrize("limits", [[1], [7], [12], [23], [100], [3, 8, 1]], ids=str)
@pytest.mark.parametrize("style", STYLES)
async def test_every_record_once(build: Build, provider: Pretend, style: str, limits: list[int]) -> None:
    """Whatever the style, the limit, and the limits of later pages: every record comes once, in order."""
    pagination, answer = STYLES[style]
    provider.on("GET /v1/people", by(answer))
    pages = await everything(build(candidates=listing(pagination + ", max_size: 5")), limits)
    assert [id for each in pages for id in each] == [str(number) for number in range(TOTAL)]
    for index, each in enumerate(pages[:-1]):
        assert len(each) == limits[index % len(limits)]
    assert all(int(seen.query["size"]) <= 5 for seen in provider.seen)


@pytest.mark.parametrize(("limit", "size", "requests"), [(5, 5, 1), (6, 3, 2), (7, 4, 2), (11, 4, 3), (1, 1, 1)])
async def test_a_limit_takes_the_fewest_even_pages(
    build: Build, provider: Pretend, limit: int, size: int, requests: int
) -> None:
    """A limit above the page size is served with as few requests as can be, of about the same size."""
    provider.on("GET /v1/people", by(by_token))
    outcome = await build(candidates=listing(STYLES["token"][0] + ", max_size: 5")).list(limit=limit)
    assert len(outcome.records) == limit
    assert [seen.query["size"] for seen in provider.seen] == [str(size)] * requests


async def test_without_a_largest_page_the_limit_is_the_size(build: Build, provider: Pretend) -> None:
    """A provider without a largest page is asked for what is wanted: fifty unless the caller says."""
    provider.on("GET /v1/people", by(by_token))
    tiny = build(candidates=listing(STYLES["token"][0]))
    await tiny.list()
    await tiny.list(limit=400)
    assert [seen.query["size"] for seen in provider.seen] == ["50", "400"]


async def test_sizes_and_tokens_in_body_and_headers(build: Build, provider: Pretend) -> None:
    """What carries the page may be JSON and headers, and the request's own values win."""
    provider.on("POST /v1/people", {"people": [{"id": 1}], "next": "n"}, {"people": []})
    pagination = "next: body.next, json: {cursor: page.token, limit: page.size, a: '1'}, headers: {X-Size: page.size}"
    more = "  json: {a: '2'}\n  headers: {X-Other: '3'}\n"
    tiny = build(candidates=listing(pagination, "POST /people", more))
    await tiny.list(limit=3)
    assert [seen.json for seen in provider.seen] == [{"a": 2, "limit": 3}, {"a": 2, "limit": 3, "cursor": "n"}]
    assert (provider.seen[0].headers["x-size"], provider.seen[0].headers["x-other"]) == ("3", "3")


async def test_the_integrations_pagination(build: Build, provider: Pretend) -> None:
    """A request without pagination of its own takes the integration's, and `none` switches it off."""
    provider.on("GET /v1/people", by(by_token))
    settings = f"pagination: {{{STYLES['token'][0]}}}"
    resource = "list: {request: GET /people, items: body.people}\nfields: {id: id}\n"
    assert (await build(settings, candidates=resource).list(limit=2)).next_cursor is not None
    provider.on("GET /v1/people", {"people": [{"id": 1}], "next": "more"})
    off = build(settings, candidates=resource.replace("items:", "pagination: none, items:"))
    assert (await off.list(limit=2)).next_cursor is None
    assert provider.seen[-1].raw_query == ""


async def test_a_list_without_pages_is_cut(build: Build, provider: Pretend) -> None:
    """A provider that answers everything at once is read again for the rest, skipping what was given."""
    provider.on("GET /v1/people", {"people": page(0, 5)})
    tiny = build(candidates="list: {request: GET /people, items: body.people}\nfields: {id: id}\n")
    assert await everything(tiny, [2]) == [["0", "1"], ["2", "3"], ["4"]]


async def test_a_page_that_shrank(build: Build, provider: Pretend) -> None:
    """Records that vanished since the cursor was made don't break the list."""
    provider.on("GET /v1/people", {"people": page(0, 5)}, {"people": page(0, 1)})
    tiny = build(candidates="list: {request: GET /people, items: body.people}\nfields: {id: id}\n")
    cursor = (await tiny.list(limit=2)).next_cursor
    outcome = await tiny.list(limit=2, cursor=cursor)
    assert (outcome.records, outcome.next_cursor) == ([], None)


async def test_larger_pages_than_asked_for(build: Build, provider: Pretend) -> None:
    """A provider that sends more than the size it was asked for loses none of them."""
    provider.on(
        "GET /v1/people",
        by(lambda seen: {"people": page(0, 20)} if "cursor" not in seen.query else {"people": page(20, 3)}),
    )
    pagination = "next: '$exists(page.token) ? null : \"c\"', query: {cursor: page.token, size: page.size}"
    pages = await everything(build(candidates=listing(pagination)), [6])
    assert [len(each) for each in pages] == [6, 6, 6, 5]


async def test_empty_pages_are_passed(build: Build, provider: Pretend) -> None:
    """An empty page that is not the last is never the answer."""
    tokens = iter(range(100))
    provider.on(
        "GET /v1/people",
        *[by(lambda seen: {"people": [], "next": next(tokens)})] * 5,
        {"people": [{"id": 1}], "next": "x"},
    )
    outcome = await build(candidates=listing("next: body.next, query: {c: page.token}")).list(limit=1)
    assert len(outcome.records) == 1
    assert len(provider.seen) == 6


async def test_empty_pages_without_end(build: Build, provider: Pretend) -> None:
    """A provider that sends nothing but empty pages has lost its way."""
    provider.on("GET /v1/people", by(lambda seen: {"people": [], "next": int(seen.query.get("c", 0)) + 1}))
    with pytest.raises(ProviderFailed, match="Tiny sent 500 empty pages in a row"):
        await build(candidates=listing("next: body.next, query: {c: page.token}")).list()
    assert len(provider.seen) == paginate.EMPTY_PAGES == 500


@pytest.mark.parametrize("way", ["next: body.next", "next_url: body.next"])
async def test_the_same_page_again(build: Build, provider: Pretend, way: str) -> None:
    """A next page that is this one is a failure, not an endless list."""
    provider.on("GET /v1/people", {"people": [{"id": 1}], "next": "/v1/people?x=1"})
    with pytest.raises(ProviderFailed, match="names the same page as the next one again"):
        await build(candidates=listing(way)).list(limit=9)
    assert len(provider.seen) == 2


@pytest.mark.parametrize(
    ("told", "line"),
    [
        ("/v1/other?page=2", "GET /v1/other?page=2"),
        ("?page=2", "GET /v1/people?page=2"),
        ("people?page=2&sig=a%2Bb", "GET /v1/people?page=2&sig=a%2Bb"),
        ("{base}/v1/x?p=%20", "GET /v1/x?p=%20"),
    ],
)
async def test_next_addresses(build: Build, provider: Pretend, told: str, line: str) -> None:
    """A next address may be whole or relative to the request's, and goes out as it came."""
    told = told.replace("{base}", provider.base)
    provider.on("GET /v1/people", {"people": [{"id": 1}], "next": told}, {"people": []})
    provider.on(line.partition("?")[0], {"people": []}) if "people" not in line else None
    tiny = build(candidates=listing("next_url: body.next"))
    cursor = (await tiny.list(limit=1, remote_query={"mine": "1"})).next_cursor
    await tiny.list(limit=1, cursor=cursor, remote_query={"mine": "1"})
    assert provider.lines == ["GET /v1/people?mine=1", line]


async def test_cursors_are_bound(build: Build, provider: Pretend) -> None:
    """A cursor is refused by another account, resource or query, with other remote parameters, altered or invented."""
    provider.on("GET /v1/people", by(by_token))
    resource = listing(STYLES["token"][0], more="  query: {mail: query.email, name: query.name}\n")
    tiny = build(candidates=resource, jobs=resource)
    query = {"email": "a@b.org"}
    cursor = (await tiny.list(limit=2, query=query)).next_cursor
    assert cursor is not None
    assert (await tiny.list(limit=2, query=query, cursor=cursor)).records[0]["id"] == "2"
    asked = len(provider.seen)
    for work in (
        tiny.list(limit=2, cursor=cursor),
        tiny.list(limit=2, query={"email": "b@b.org"}, cursor=cursor),
        tiny.list(limit=2, query=query, remote_query={"x": "1"}, cursor=cursor),
        tiny.list("jobs", limit=2, query={}, cursor=cursor),
        tiny.other().list(limit=2, query=query, cursor=cursor),
        tiny.list(limit=2, query=query, cursor=cursor[:-2] + ("AA" if cursor[-2:] != "AA" else "BB")),
        tiny.list(limit=2, query=query, cursor="garbage"),
    ):
        with pytest.raises(InvalidCursor):
            await work
    assert len(provider.seen) == asked
    tiny.engine.seal = Seal([b"n" * 32, KEY])
    assert (await tiny.list(limit=2, query=query, cursor=cursor)).records[0]["id"] == "2"


@pytest.mark.parametrize("limit", [0, -1, 10_001])
async def test_limits_are_bounded(build: Build, provider: Pretend, limit: int) -> None:
    """A limit out of range is refused before anything is asked."""
    with pytest.raises(InvalidRequest, match="from 1 to 10000"):
        await build(candidates=listing("next: body.next")).list(limit=limit)
    assert provider.seen == []
