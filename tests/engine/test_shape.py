"""From the provider's records to ours."""

import asyncio
import threading
from typing import Any

import orjson
import pytest

from polyhire.engine import shape as shape_module
from polyhire.engine.shape import chosen_fields
from polyhire.errors import MappingError
from polyhire.expressions import Expression, Limits
from polyhire.model.resources import RESOURCES
from tests.engine.conftest import Build
from tests.engine.pretend import Pretend


def mapped(fields: str, steps: str = "request: GET /people, items: body") -> str:
    return f"list: {{{steps}}}\nget: {{request: 'GET /people/{{id}}', item: body}}\nfields: {fields}\n"


async def test_a_field_that_fails_is_null(build: Build, provider: Pretend) -> None:
    """A field that can't be evaluated for some records is null there; other fields and records are whole."""
    provider.on("GET /v1/people", [{"id": 1, "n": "5"}, {"id": 2, "n": "five"}, {"id": 3, "n": "x"}])
    outcome = await build(candidates=mapped("{id: id, title: $string($number(n)), company: \"'c'\"}")).list()
    assert [(r["id"], r["title"], r["company"]) for r in outcome.records] == [
        ("1", "5", "c"),
        ("2", None, "c"),
        ("3", None, "c"),
    ]
    [error] = outcome.field_errors
    assert (error.field, error.records) == ("title", 2)
    assert "candidates.title" in error.message
    assert "$string($number(n))" in error.message
    assert [orjson.loads(orjson.dumps(r["remote_data"]))["n"] for r in outcome.records] == ["5", "five", "x"]


async def test_a_field_of_several_parts_that_fails(build: Build, provider: Pretend) -> None:
    """A tree of expressions fails as one field, and a field without any expression can't."""
    provider.on("GET /v1/people", [{"id": 1, "n": "x"}])
    fields = "{id: id, emails: [{email: $number(n)}], can_email: true}"
    outcome = await build(candidates=mapped(fields)).list()
    assert [error.field for error in outcome.field_errors] == ["emails"]
    assert (outcome.records[0]["emails"], outcome.records[0]["can_email"]) == ([], True)


async def test_a_mapping_beyond_its_limits(build: Build, provider: Pretend, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mapping that takes too much is stopped, and the field at fault is named."""
    monkeypatch.setattr(shape_module, "LIMITS", Limits(timeout=0.3))
    provider.on("GET /v1/people", [{"id": 1}])
    endless = "'($f := function($n) { $f($n + 1) }; $f(0))'"
    with pytest.raises(MappingError, match=r"candidates\.title") as caught:
        await build(candidates=mapped(f"{{id: id, title: {endless}}}")).list()
    assert caught.value.over_limit


async def test_what_only_the_whole_page_exceeds(
    build: Build, provider: Pretend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When no field alone is at fault the mapping as a whole is named."""
    monkeypatch.setattr(shape_module, "LIMITS", Limits(steps=200))
    provider.on("GET /v1/people", [{"id": n} for n in range(500)])
    with pytest.raises(MappingError, match=r"candidates\.fields"):
        await build(candidates=mapped("{id: id}")).list()


async def test_what_fields_see(build: Build, provider: Pretend) -> None:
    """Fields see the answer, what a step ran for, the call and the account; not secrets."""
    provider.on("GET /v1/people", [{"id": 9}])
    provider.on("GET /v1/people/9/files", {"files": [{"n": 1}], "total": 4})
    resource = """
list:
  steps:
    - {name: people, request: GET /people, query: {x: query.email}, items: body}
    - {each: people, request: 'GET /people/{each.id}/files', items: body.files}
fields:
  id: n
  name: $parent.id
  title: $response.body.total
  first_name: $response.headers.`content-type`
  last_name: $string($response.status)
  company: $account.company
  locations: '$exists($account.api_key) ? [{"city": "leak"}]'
  emails: '[$call.query.email]'
"""
    [record] = (await build(candidates=resource).list(query={"email": "a@b.org"})).records
    found = {name: record[name] for name in ("id", "name", "title", "first_name", "last_name", "company", "locations")}
    assert found == {
        "id": "1",
        "name": "9",
        "title": "4",
        "first_name": "application/json",
        "last_name": "200",
        "company": "acme",
        "locations": [],
    }
    assert record["emails"][0]["email"] == "a@b.org"


async def test_the_id_of_the_call(build: Build, provider: Pretend) -> None:
    """A record that does not say its own id may take the one that was asked for."""
    provider.on("GET /v1/people/7", {"name": "x"})
    assert (await build(candidates=mapped("{id: $call.id}")).get("7")).record["id"] == "7"  # type: ignore[index]


async def test_big_numbers_are_exact(build: Build, provider: Pretend) -> None:
    """Ids beyond what a float can hold keep every digit, and the provider's record is given byte by byte."""
    body = b'[{"id": 9007199254740993, "n":1.10,"big":123456789012345678901234567890,"s":0.8333333333333334}]'
    provider.on("GET /v1/people", body)
    [record] = (await build(candidates=mapped("{id: id, title: $string(s)}")).list()).records
    assert record["id"] == "9007199254740993"
    assert record["title"].startswith("0.83333333333333")
    assert orjson.dumps(record["remote_data"]) == body[1:-1]


async def test_large_pages_leave_the_loop(build: Build, provider: Pretend, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small page is shaped where it is, a large one in a thread, with the same result."""
    threads: list[int] = []
    evaluate = Expression.evaluate_text

    def watched(self: Expression, *given: Any) -> Any:
        if self.where == "candidates.fields":
            threads.append(threading.get_ident())
        return evaluate(self, *given)

    monkeypatch.setattr(Expression, "evaluate_text", watched)
    tiny = build(candidates=mapped("{id: id}"))
    for text in ("x", "x" * shape_module.INLINE):
        provider.on("GET /v1/people", [{"id": 1, "text": text}, {"id": 2}])
        assert [record["id"] for record in (await tiny.list()).records] == ["1", "2"]
    assert threads[0] == threading.get_ident()
    assert threads[1] != threading.get_ident()
    await asyncio.get_running_loop().shutdown_default_executor()


async def test_records_that_are_no_objects(build: Build, provider: Pretend) -> None:
    """Whatever a provider calls a record makes one record of ours."""
    provider.on("GET /v1/people", ["a", 5, [1, 2], {"id": 1}])
    outcome = await build(candidates=mapped("{id: '$type($) = \"string\" ? $ : id'}")).list()
    assert outcome.records[0]["id"] == "a"
    assert len(outcome.records) == 4


async def test_chosen_fields(build: Build, provider: Pretend) -> None:
    """Fields are the ones that were asked for, less the excluded; the provider's record only when it is wanted."""
    provider.on("GET /v1/people", [{"id": 1, "name": "x"}])
    tiny = build(candidates=mapped("{id: id, name: name, title: name}"))

    async def keys(**given: Any) -> set[str]:
        return set((await tiny.list(**given)).records[0])

    assert await keys(fields=("id", "title")) == {"id", "title"}
    assert await keys(fields=("id", "remote_data")) == {"id", "remote_data"}
    assert await keys(fields=("id", "title"), exclude=("title",)) == {"id"}
    whole = await keys()
    assert whole == {*RESOURCES["candidates"].field_names, "custom_fields", "remote_data"}
    assert whole - await keys(exclude=("remote_data", "name")) == {"remote_data", "name"}
    assert whole - await keys(remote_data=False) == {"remote_data"}


def test_fields_are_in_the_models_order() -> None:
    """The order in which fields are asked for is not the order in which they come."""
    model = RESOURCES["tags"]
    assert chosen_fields(model, ("name", "id"), ()) == ("id", "name")
    assert chosen_fields(model, None, ("id",))[-1] == "custom_fields"


async def test_normalized_records(build: Build, provider: Pretend) -> None:
    """The provider's own records may be asked for alone, in lists and one by one."""
    provider.on("GET /v1/people", b'[{"id": 1.0}]')
    provider.on("GET /v1/people/1", b'{"id": 1.0}')
    tiny = build(candidates=mapped("{id: id}"))
    assert orjson.dumps((await tiny.list(format="normalized")).records) == b'[{"remote_data":{"id": 1.0}}]'
    assert orjson.dumps((await tiny.get("1", format="normalized")).record) == b'{"remote_data":{"id": 1.0}}'


async def test_records_that_vanish(build: Build, provider: Pretend) -> None:
    """A record in which nothing can be found is an empty one, beside the others."""
    provider.on("GET /v1/people", [[], {"id": 1}])
    outcome = await build(candidates=mapped("{id: id}")).list()
    assert [record["id"] for record in outcome.records] == [None, "1"]
