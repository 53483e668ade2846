"""What may be answered once connected: the rows of a provider's list."""

import pytest

from polyhire.engine import choices as choices_module
from polyhire.engine.choices import Choice, choices
from polyhire.engine.connection import Connection
from polyhire.errors import ProviderFailed
from polyhire.manifest.integration import Question
from tests.engine.conftest import Build, Tiny
from tests.engine.pretend import Pretend, by

CONNECT = """
connect:
  api_key:
    label: API key
    ask: {api_key: {label: API key, secret: true}, region: {label: Region, default: eu}}
    apply: {bearer: api_key}
    post_connect:
      team:
        label: Team
        options_from:
          request: GET /teams
          query: {region: account.region}
          items: body.teams
          value: id
          label: title & " in " & city
"""
PAGED = "pagination: {next: body.next, query: {from: page.token, size: page.size}, max_size: 2}\n"


def question(tiny: Tiny, name: str = "team") -> Question:
    return tiny.credential.connect.post_connect[name]


async def chosen(tiny: Tiny) -> tuple[Choice, ...]:
    options = question(tiny).options_from
    assert options is not None
    connection: Connection = tiny.connection()
    return await choices(options, connection)


async def test_rows_become_choices(build: Build, provider: Pretend) -> None:
    """With the account's settings in the request; a row without a value, or with one that was there, is left out."""
    rows = [
        {"id": 7, "title": "A", "city": "X"},
        {"title": "?"},
        {"id": 7, "title": "again"},
        {"id": "b", "title": "B"},
    ]
    provider.on("GET /v1/teams", {"teams": rows})
    tiny = build(connect=CONNECT, asked={"api_key": "k_1234", "region": "us"})
    assert await chosen(tiny) == (Choice("7", "A in X"), Choice("b", "B in "))
    assert provider.lines == ["GET /v1/teams?region=us"]


async def test_every_page_is_read_up_to_what_one_can_choose_from(
    build: Build, provider: Pretend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages are followed to the end, or to the most that anybody looks through."""
    provider.on(
        "GET /v1/teams",
        by(lambda seen: {"teams": [{"id": n, "title": n} for n in (int(seen.query.get("from", 0)), -1)],
                         "next": int(seen.query.get("from", 0)) + 1 if int(seen.query.get("from", 0)) < 5 else None}),
    )  # fmt: skip
    tiny = build(PAGED, connect=CONNECT, asked={"api_key": "k_1234"})
    assert [choice.value for choice in await chosen(tiny)] == ["0", "-1", "1", "2", "3", "4", "5"]
    monkeypatch.setattr(choices_module, "MOST", 4)
    assert [choice.value for choice in await chosen(tiny)] == ["0", "-1", "1"]


async def test_long_numbers_are_kept_whole(build: Build, provider: Pretend) -> None:
    """An id of nineteen digits is not rounded on its way."""
    provider.on("GET /v1/teams", {"teams": [{"id": 1234567890123456789, "title": "A", "city": "X"}]})
    assert [choice.value for choice in await chosen(build(connect=CONNECT, asked={"api_key": "k_1234"}))] == [
        "1234567890123456789"
    ]


async def test_a_list_that_can_not_be_read_is_an_error(build: Build, provider: Pretend) -> None:
    """Nobody is shown an empty list instead."""
    provider.on("GET /v1/teams", b"<html>")
    with pytest.raises(ProviderFailed):
        await chosen(build(connect=CONNECT, asked={"api_key": "k_1234"}))
