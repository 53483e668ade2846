"""Lists to their ends: cursors, sync tokens, dates."""

from datetime import datetime

import pytest

from .conftest import Client, stage_of


@pytest.mark.parametrize("limit", [7, 50, 100])
@pytest.mark.parametrize("call", ["candidate.list", "application.list", "offer.list"])
async def test_paging(ashby: Client, call: str, limit: int) -> None:
    """Walking a list with any limit gives every record once, in one order."""
    whole, _ = await ashby.walk(call)
    found, _ = await ashby.walk(call, {"limit": limit})
    assert found == whole
    assert len({each["id"] for each in found}) == len(found) > 100


async def test_paging_beside_writes(ashby: Client) -> None:
    """What is changed or made during a walk neither hides nor repeats a record."""
    before = [each["id"] for each in (await ashby.walk("application.list", {"status": "Active"}))[0]]
    first = await ashby.answer("application.list", {"status": "Active", "limit": 20})
    moved = first["results"][0]
    hired = await stage_of(ashby, moved, "Hired")
    await ashby.ask("application.changeStage", {"applicationId": moved["id"], "interviewStageId": hired["id"]})
    rest, _ = await ashby.walk("application.list", {"status": "Active", "cursor": first["nextCursor"]})
    assert [each["id"] for each in first["results"] + rest] == before


async def test_cursor_belongs_to_its_query(ashby: Client) -> None:
    """A cursor is refused by another list, and by the same one with another filter."""
    cursor = (await ashby.answer("application.list", {"limit": 10, "status": "Active"}))["nextCursor"]
    assert await ashby.errors("candidate.list", {"cursor": cursor}) == ["invalid_input"]
    assert await ashby.errors("application.list", {"cursor": cursor, "status": "Hired"}) == ["invalid_input"]
    assert await ashby.ask("application.list", {"cursor": cursor, "status": "Active", "limit": 20})


async def test_created_after(ashby: Client) -> None:
    """`createdAfter` is an integer of milliseconds, and leaves out what is not younger."""
    whole, _ = await ashby.walk("candidate.list")
    middle = sorted(each["createdAt"] for each in whole)[150]
    since = round(datetime.fromisoformat(middle).timestamp() * 1000)
    young, _ = await ashby.walk("candidate.list", {"createdAfter": since})
    assert [each["id"] for each in young] == [each["id"] for each in whole if each["createdAt"] > middle]
    assert len(young) == 149


async def test_sync_token(ashby: Client) -> None:
    """With the token of a finished walk, only what changed since comes back, and a new token with it."""
    whole, token = await ashby.walk("candidate.list")
    nothing, token = await ashby.walk("candidate.list", {"syncToken": token})
    assert nothing == []
    changed = await ashby.ask("candidate.update", {"candidateId": whole[5]["id"], "name": "Somebody Else"})
    made = await ashby.ask("candidate.create", {"name": "Somebody New"})
    page = await ashby.answer("candidate.list", {"syncToken": token, "limit": 1})
    assert page["results"] == [changed]
    rest = await ashby.answer("candidate.list", {"syncToken": token, "limit": 1, "cursor": page["nextCursor"]})
    assert rest["results"] == [made]
    assert (await ashby.walk("candidate.list", {"syncToken": rest["syncToken"]}))[0] == []


async def test_sync_token_stands_for_the_beginning_of_a_walk(ashby: Client) -> None:
    """A record that changed behind the back of a walk is told by the next one."""
    first = await ashby.answer("candidate.list", {"limit": 100})
    changed = await ashby.ask("candidate.update", {"candidateId": first["results"][0]["id"], "name": "Somebody Else"})
    _, token = await ashby.walk("candidate.list", {"limit": 100, "cursor": first["nextCursor"]})
    assert (await ashby.walk("candidate.list", {"syncToken": token}))[0] == [changed]


async def test_sync_token_expires(server: str, ashby: Client) -> None:
    """A token that was made up, is of another list, or outlived its account has expired."""
    await ashby.ask("candidateTag.create", {"title": "new"})
    _, tags = await ashby.walk("candidateTag.list")
    for call, token in (("candidateTag.list", "made up"), ("candidate.list", tags)):
        assert await ashby.errors(call, {"syncToken": token}) == ["sync_token_expired"]
    await ashby.session.post(f"{server}/_sandbox/ashby/reset")
    assert await ashby.errors("candidateTag.list", {"syncToken": tags}) == ["sync_token_expired"]
