"""Several requests in order."""

import asyncio
from typing import Any

import pytest

from polyhire.engine.serving import Call
from polyhire.engine.steps import AT_ONCE
from polyhire.errors import InvalidRequest, NotFound
from tests.engine.conftest import Build
from tests.engine.pretend import Pretend, by, json

FAN = """
list:
  steps:
    - name: people
      request: GET /people
      items: body.rows
      pagination: {next: body.next, query: {c: page.token, n: page.size}}
    - {each: people, request: 'GET /people/{each.id}', item: body}
fields: {id: id}
"""


async def test_each_is_bounded_and_in_order(build: Build, provider: Pretend) -> None:
    """A step runs once for each value, a few at a time, and its results keep the values' order."""
    running, most = 0, 0

    def person(id: int) -> Any:
        async def answer(seen: Any) -> Any:
            nonlocal running, most
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.03 if id % 2 else 0.01)
            running -= 1
            return {"id": id}

        return by(answer)

    provider.on("GET /v1/people", {"rows": [{"id": n} for n in range(30)]})
    for n in range(30):
        provider.on(f"GET /v1/people/{n}", person(n))
    records = (await build(candidates=FAN).list()).records
    assert [record["id"] for record in records] == [str(n) for n in range(30)]
    assert 1 < most <= AT_ONCE == 8


async def test_the_first_step_paginates(build: Build, provider: Pretend) -> None:
    """Pages are those of the first step, whatever the later ones ask, and the caller's parameters go with it alone."""
    provider.on("GET /v1/people", {"rows": [{"id": 1}], "next": "t"}, {"rows": [{"id": 2}]})
    provider.on("GET /v1/people/1", {"id": 1})
    provider.on("GET /v1/people/2", {"id": 2})
    tiny = build(candidates=FAN)
    first = await tiny.list(limit=1, remote_query={"x": "1"})
    second = await tiny.list(limit=1, remote_query={"x": "1"}, cursor=first.next_cursor)
    assert (second.records[0]["id"], second.next_cursor) == ("2", None)
    assert provider.lines == [
        "GET /v1/people?n=1&x=1",
        "GET /v1/people/1",
        "GET /v1/people?c=t&n=1&x=1",
        "GET /v1/people/2",
    ]


async def test_the_first_error_stops_the_rest(build: Build, provider: Pretend) -> None:
    """When one of many requests fails, those that wait are not made."""
    provider.on("GET /v1/people", {"rows": [{"id": n} for n in range(60)]})
    provider.on("GET /v1/people/0", json({}, 404))
    for n in range(1, 60):
        provider.on(f"GET /v1/people/{n}", by(_slowly))
    with pytest.raises(NotFound):
        await build(candidates=FAN).list(limit=60)
    await asyncio.sleep(0.1)
    assert len(provider.seen) <= 1 + AT_ONCE + 1


async def _slowly(seen: Any) -> Any:
    await asyncio.sleep(0.05)
    return {"id": 1}


async def test_each_of_nothing(build: Build, provider: Pretend) -> None:
    """A step for each of no values makes no request and finds no records."""
    provider.on("GET /v1/people", {"rows": []})
    outcome = await build(candidates=FAN).list()
    assert (outcome.records, len(provider.seen)) == ([], 1)


async def test_each_may_be_one_value(build: Build, provider: Pretend) -> None:
    """A step for each of one thing runs for it; null is nothing."""
    provider.on("GET /v1/people/7", {"id": 7})
    resource = "list: {steps: [{each: query.email, request: 'GET /people/{each}', item: body}]}\nfields: {id: id}\n"
    tiny = build(candidates=resource)
    assert len((await tiny.list(query={"email": "7"})).records) == 1
    assert (await tiny.list()).records == []
    assert len(provider.seen) == 1


async def test_when(build: Build, provider: Pretend) -> None:
    """A step whose condition is not met is skipped; the first that runs paginates, the last that runs answers."""
    resource = """
list:
  steps:
    - {when: query.email, request: GET /by-mail, items: body}
    - when: $not($exists(query.email))
      request: GET /all
      items: body
      pagination: {next: "'t'", query: {n: page.size}}
fields: {id: id}
"""
    provider.on("GET /v1/by-mail", [{"id": 1}])
    provider.on("GET /v1/all", [{"id": 2}])
    tiny = build(candidates=resource)
    assert (await tiny.list(query={"email": "x"})).records[0]["id"] == "1"
    assert (await tiny.list(limit=1)).records[0]["id"] == "2"
    assert [seen.path for seen in provider.seen] == ["/v1/by-mail", "/v1/all"]


@pytest.mark.parametrize("part", ["when", "each"])
async def test_a_step_that_can_not_be_decided(build: Build, provider: Pretend, part: str) -> None:
    """What `when` and `each` refuse is the caller's mistake, as in a request, and nothing is asked."""
    refuses = '$error("an address wants an @")'
    resource = f"list: {{steps: [{{{part}: '{refuses}', request: GET /people, items: body}}]}}\nfields: {{id: id}}\n"
    with pytest.raises(InvalidRequest, match="an address wants an @"):
        await build(candidates=resource).list()
    assert provider.seen == []


@pytest.mark.parametrize(
    ("first", "told"),
    [
        ("request: GET /a, items: body.rows", "[{'id': 1}, {'id': 2}]"),
        ("request: GET /a, item: 'body.rows[0]'", "{'id': 1}"),
        ("request: GET /a, item: body.none", "None"),
        ("request: GET /a", "{'rows': [{'id': 1}, {'id': 2}]}"),
        ("request: GET /a, each: '[1, 2]', item: 'body.rows[0]'", "[{'id': 1}, {'id': 1}]"),
        ("request: GET /a, each: '[1]'", "[{'rows': [{'id': 1}, {'id': 2}]}]"),
        ("request: GET /a, each: '[]', item: body", "[]"),
        ("request: GET /a, when: 'false'", "None"),
    ],
)
async def test_how_later_steps_see_earlier_ones(build: Build, provider: Pretend, first: str, told: str) -> None:
    """By its name a step is its records, its one record, or its answer's body; nothing when it was skipped."""
    provider.on("GET /v1/a", {"rows": [{"id": 1}, {"id": 2}]})
    provider.on("POST /v1/b", {"id": 1})
    tiny = build(
        candidates=f"get:\n  steps:\n    - {{name: first, {first}}}\n"
        "    - {request: POST /b, json: {x: first}, item: body}\n"
        "fields: {id: id}\n"
    )
    await tiny.get("1")
    assert str(provider.seen[-1].json.get("x")) == told


async def test_remote_data_goes_with_the_last_write(build: Build, provider: Pretend) -> None:
    """The caller's own data joins the last step that runs and changes something."""
    resource = """
create:
  steps:
    - {name: person, request: POST /people, json: {name: body.name}, item: body}
    - {when: body.title, request: 'PATCH /people/{person.id}', json: {title: body.title}, item: body}
    - {request: 'GET /people/{person.id}', item: body}
fields: {id: id}
"""
    provider.on("POST /v1/people", {"id": 1})
    provider.on("PATCH /v1/people/1", {"id": 1})
    provider.on("GET /v1/people/1", {"id": 1})
    tiny = build(candidates=resource)
    for body, sent in (
        ({"name": "x", "remote_data": {"a": 1}}, [b'{"name":"x","a":1}', b""]),
        ({"name": "x", "title": "t", "remote_data": {"a": 1}}, [b'{"name":"x"}', b'{"title":"t","a":1}', b""]),
    ):
        provider.seen.clear()
        await tiny.run(Call("candidates", "create", body=body))
        assert [seen.body for seen in provider.seen] == sent
