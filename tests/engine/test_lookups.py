"""Joins: rows of other lists, fetched when a field that was asked for needs them."""

import time
from typing import Any

import pytest

from polyhire.engine import lookups as lookups_module
from polyhire.engine.serving import Call
from polyhire.errors import NotFound, ProviderFailed
from tests.engine.conftest import Build
from tests.engine.pretend import Pretend, by, json, slow

PEOPLE = [{"id": 1, "job": 7}, {"id": 2, "job": 8}, {"id": 3, "job": 7}, {"id": 4}]


def joined(lookup: str, *, fields: str = "{id: id, title: $jobs.title}", more: str = "") -> str:
    return (
        "list: {request: GET /people, items: body}\n"
        "get: {request: 'GET /people/{id}', item: body}\n"
        "create: {request: POST /people, json: {name: body.name}, item: body}\n"
        f"lookups:\n  jobs: {{{lookup}, by: id, on: job}}\n{more}fields: {fields}\n"
    )


BY_IDS = "request: GET /jobs, query: {ids: $idList(items.job)}, items: body"
ALL = "request: GET /jobs, items: body"


def jobs(seen: Any) -> Any:
    ids = seen.query.get("ids", "7,8,9").split(",")
    return [{"id": int(id), "title": f"Job {id}", "secret": "s", "dept": int(id) + 10} for id in ids]


def titles(outcome: Any) -> list[Any]:
    return [record["title"] for record in outcome.records]


def told(provider: Pretend, people: Any = PEOPLE) -> None:
    provider.on("GET /v1/people", people)
    provider.on("GET /v1/people/1", {"id": 1, "job": 7})
    provider.on("POST /v1/people", {"id": 1, "job": 7})
    provider.on("GET /v1/jobs", by(jobs))


async def test_rows_are_joined(build: Build, provider: Pretend) -> None:
    """One request brings the rows of a whole page, each record gets its own, and who has none gets none."""
    told(provider)
    assert titles(await build(candidates=joined(BY_IDS)).list()) == ["Job 7", "Job 8", "Job 7", None]
    assert provider.lines == ["GET /v1/people", "GET /v1/jobs?ids=7%2C8"]


async def test_only_when_needed(build: Build, provider: Pretend) -> None:
    """No field that needs it, no request; and none for an empty page."""
    told(provider)
    tiny = build(candidates=joined(BY_IDS))
    await tiny.list(fields=("id",))
    await tiny.list(exclude=("title",))
    provider.on("GET /v1/people", [])
    await tiny.list()
    assert provider.asked("/v1/jobs") == []


async def test_nothing_to_ask(build: Build, provider: Pretend) -> None:
    """When no record refers to any row, the request that would ask for everything is not made."""
    told(provider, [{"id": 4}])
    assert titles(await build(candidates=joined(BY_IDS)).list()) == [None]
    body = "request: POST /jobs, json: {filter: {ids: 'items.job[]'}}, items: body"
    assert titles(await build(candidates=joined(body)).list()) == [None]
    assert provider.asked("/v1/jobs") == []


async def test_what_does_not_depend_on_the_records_is_not_essential(build: Build, provider: Pretend) -> None:
    """A parameter that is the account's may be missing without the lookup losing its point."""
    told(provider)
    lookup = "request: GET /jobs, query: {ids: $idList(items.job), of: account.nothing}, items: body"
    assert titles(await build(candidates=joined(lookup)).list())[0] == "Job 7"


async def test_one_record(build: Build, provider: Pretend) -> None:
    """A single record has its rows too, those that are one request per record among them."""
    told(provider)
    assert (await build(candidates=joined(BY_IDS + ", partial: true")).get("1")).record["title"] == "Job 7"  # type: ignore[index]


async def test_batches(build: Build, provider: Pretend) -> None:
    """Records go in batches of the given size, one request for each."""
    told(provider, [{"id": n, "job": n % 7 + 1} for n in range(7)])
    await build(candidates=joined(BY_IDS + ", batch: 3")).list()
    asked = sorted(seen.query["ids"] for seen in provider.asked("/v1/jobs"))
    assert asked == ["1,2,3", "4,5,6", "7"]


async def test_each(build: Build, provider: Pretend) -> None:
    """One request for each different value; for none of them, none."""
    told(provider)
    provider.on("GET /v1/jobs/7", [{"id": 7, "title": "Seven"}])
    provider.on("GET /v1/jobs/8", [{"id": 8, "title": "Eight"}])
    lookup = "request: 'GET /jobs/{each}', each: items.job, items: body"
    tiny = build(candidates=joined(lookup))
    assert titles(await tiny.list()) == ["Seven", "Eight", "Seven", None]
    assert sorted(provider.lines[1:]) == ["GET /v1/jobs/7", "GET /v1/jobs/8"]
    for people, requests in (([{"id": 4}], 0), ([{"id": 1, "job": 7}], 1)):
        provider.seen.clear()
        provider.on("GET /v1/people", people)
        await tiny.list()
        assert len(provider.seen) == 1 + requests


async def test_pages_of_a_lookup(build: Build, provider: Pretend, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lookup reads on to the last page, and stops at a great many rows."""
    told(provider)
    provider.on(
        "GET /v1/jobs",
        by(lambda seen: {"rows": [{"id": int(seen.query["p"]) + 6, "title": "T" + seen.query["p"]}], "more": 1}),
    )
    paged = "next: 'page.token < 5 ? page.token + 1', first: 1, query: {p: page.token, size: page.size}, max_size: 30"
    lookup = f"request: GET /jobs, items: body.rows, pagination: {{{paged}}}"
    tiny = build(candidates=joined(lookup))
    assert titles(await tiny.list())[:2] == ["T1", "T2"]
    assert [seen.query for seen in provider.asked("/v1/jobs")] == [{"p": str(n), "size": "30"} for n in range(1, 6)]
    provider.seen.clear()
    monkeypatch.setattr(lookups_module, "MOST_ROWS", 2)
    await tiny.list()
    assert len(provider.asked("/v1/jobs")) == 2


KEPT = ALL + ", keep: {minutes: 10, only: [id, title]}"


async def test_kept_lists(build: Build, provider: Pretend, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list that may be kept is asked for once per account while it is fresh, and only its named keys are kept."""
    told(provider)
    tiny = build(candidates=joined(KEPT, fields="{id: id, title: $jobs.title, company: $jobs.secret}"))
    for _ in range(2):
        assert titles(await tiny.list())[:2] == ["Job 7", "Job 8"]
    assert len(provider.asked("/v1/jobs")) == 1
    assert b"secret" not in str(tiny.engine.kept).encode()
    assert (await tiny.list()).records[0]["company"] is None
    await tiny.other().list()
    assert len(provider.asked("/v1/jobs")) == 2
    clock = time.monotonic() + 601
    monkeypatch.setattr(time, "monotonic", lambda: clock)
    await tiny.list(limit=1)
    assert len(provider.asked("/v1/jobs")) == 3


async def test_a_write_forgets_kept_lists(build: Build, provider: Pretend) -> None:
    """After a write of the account, even one that failed, kept lists are asked for again; others' stay."""
    told(provider)
    tiny = build(candidates=joined(KEPT))
    other = tiny.other()
    await tiny.list()
    await other.list()
    await tiny.run(Call("candidates", "create", body={"name": "x"}, fields=("id",)))
    await tiny.list()
    assert len(provider.asked("/v1/jobs")) == 3
    provider.on("POST /v1/people", json({}, 500))
    with pytest.raises(ProviderFailed):
        await tiny.run(Call("candidates", "create", body={"name": "x"}))
    await tiny.list()
    await other.list()
    assert len(provider.asked("/v1/jobs")) == 4


CHAIN = """
  depts: {request: GET /depts, query: {ids: $idList(jobs.dept)}, items: body, by: id, on: "$jobs.dept"}
  unused: {request: GET /unused, items: body, by: id, on: id}
"""


async def test_chained_lookups(build: Build, provider: Pretend) -> None:
    """A lookup may build on the rows of an earlier one, which then is fetched for it."""
    told(provider)
    provider.on("GET /v1/depts", [{"id": 17, "name": "Research"}, {"id": 18, "name": "Sales"}])
    tiny = build(candidates=joined(BY_IDS, fields="{id: id, title: $depts.name}", more=CHAIN.lstrip("\n")))
    assert titles(await tiny.list()) == ["Research", "Sales", "Research", None]
    assert provider.lines == ["GET /v1/people", "GET /v1/jobs?ids=7%2C8", "GET /v1/depts?ids=17%2C18"]


async def test_lookups_run_together(build: Build, provider: Pretend) -> None:
    """Lookups that don't build on each other don't wait for each other, and one that fails fails the call."""
    told(provider)
    more = "  depts: {request: GET /depts, items: body, by: id, on: job}\n"
    order: list[str] = []

    async def depts(seen: Any) -> Any:
        order.append("depts")
        return [{"id": 7, "name": "D"}]

    provider.on("GET /v1/jobs", slow(0.1, [{"id": 7, "title": "J"}]))
    provider.on("GET /v1/depts", by(depts))
    tiny = build(candidates=joined(ALL, fields="{id: id, title: $jobs.title, company: $depts.name}", more=more))
    assert (await tiny.list()).records[0]["company"] == "D"
    provider.on("GET /v1/jobs", json({}, 404))
    provider.on("GET /v1/depts", slow(0.05, json({}, 404)))
    with pytest.raises(NotFound):
        await tiny.list()


PARTIAL = "request: 'GET /people/{each}/notes', each: items.id, items: body, partial: true"


async def test_costly_lookups(build: Build, provider: Pretend) -> None:
    """A lookup of one request per record runs on lists only when they are to be complete, and its lack is told."""
    told(provider, [{"id": 1, "job": 7}])
    provider.on("GET /v1/people/1/notes", [{"id": 7, "title": "Note"}])
    tiny = build(candidates=joined(PARTIAL))
    outcome = await tiny.list()
    assert (titles(outcome), outcome.partial, len(provider.seen)) == ([None], True, 1)
    assert not (await tiny.list(fields=("id",))).partial
    outcome = await tiny.list(complete=True)
    assert (titles(outcome), outcome.partial) == (["Note"], False)


async def test_keys_match_whatever_their_type(build: Build, provider: Pretend) -> None:
    """Rows are found by text or number alike, beyond what a float can tell apart, several for one record."""
    provider.on("GET /v1/people", b'[{"id": 1, "job": [9007199254740993, "9007199254740992", null]}]')
    provider.on(
        "GET /v1/jobs",
        b'[{"id": "9007199254740993", "title": "odd"}, {"id": 9007199254740992, "title": "even"}, {"id": null},'
        b' {"title": "none"}, {"id": 9007199254740992, "title": "twin"}]',
    )
    tiny = build(candidates=joined(ALL, fields="{id: id, tags: '$jobs.{\"name\": title}'}"))
    names = [tag["name"] for tag in (await tiny.list()).records[0]["tags"]]
    assert names == ["odd", "even", "twin"]


async def test_a_key_that_fails(build: Build, provider: Pretend) -> None:
    """A join that can't be evaluated for a record leaves the fields that use it empty there, and says so."""
    told(provider, [{"id": 1, "job": 7}, {"id": 2, "job": "x"}])
    provider.on("GET /v1/jobs", [{"id": 7, "title": "J"}])
    resource = joined(ALL).replace("on: job", "on: $number(job)")
    outcome = await build(candidates=resource).list()
    assert [record["id"] for record in outcome.records] == ["1", "2"]
    assert titles(outcome) == ["J", None]
    assert {error.field for error in outcome.field_errors} >= {"title"}
