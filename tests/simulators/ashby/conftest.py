"""A client of the pretend Ashby, which is asked over real HTTP as its reference says."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from polyhire.simulators.serve import running, sandbox

INTEGRATIONS = Path(__file__).parents[3] / "integrations"
KEY, READ_ONLY_KEY = "ashby-sandbox-key-meridian-workshop", "ashby-sandbox-key-read-only"
NOBODY = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Client:
    """A client of the pretend Ashby, with the demo account's key."""

    session: aiohttp.ClientSession
    base: str
    authorization: str

    async def post(self, call: str, **request: Any) -> tuple[int, Any]:
        """Send a request as it is given, and give the status and the JSON of the answer."""
        headers = {"Authorization": self.authorization, **request.pop("headers", {})}
        async with self.session.post(f"{self.base}/{call}", headers=headers, **request) as response:
            return response.status, await response.json()

    async def answer(self, call: str, body: Any = None) -> Any:
        """Make a call, and give the whole envelope."""
        status, answer = await self.post(call, json={} if body is None else body)
        assert status == 200
        return answer

    async def ask(self, call: str, body: Any = None) -> Any:
        """Make a call that succeeds, and give its results."""
        answer = await self.answer(call, body)
        assert answer["success"] is True, answer
        return answer["results"]

    async def errors(self, call: str, body: Any = None) -> list[str]:
        """Make a call that fails inside an answer of HTTP 200, and give its error codes."""
        answer = await self.answer(call, body)
        assert answer["success"] is False, answer
        assert answer["errorInfo"]["code"] == answer["errors"][0]
        assert answer["errorInfo"]["message"]
        assert answer["errorInfo"]["requestId"]
        errors: list[str] = answer["errors"]
        return errors

    async def walk(self, call: str, body: Any = None) -> tuple[list[Any], str]:
        """Walk a list to its end, and give every record and the sync token."""
        found: list[Any] = []
        asked = dict(body or {})
        while True:
            answer = await self.answer(call, asked)
            assert answer["success"] is True, answer
            found += answer["results"]
            if not answer["moreDataAvailable"]:
                assert "nextCursor" not in answer
                return found, answer["syncToken"]
            assert "syncToken" not in answer
            assert len(answer["results"]) == asked.get("limit", 100)
            asked["cursor"] = answer["nextCursor"]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running(sandbox([INTEGRATIONS], only=["ashby"], rate_limits=False)) as url:
        yield url


@pytest.fixture
async def ashby(server: str) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        await session.post(f"{server}/_sandbox/ashby/reset")
        async with session.get(server) as response:
            listed = (await response.json())["simulators"][0]
        assert listed["account"] == {"api_key": KEY}
        yield Client(session, listed["base_url"], aiohttp.encode_basic_auth(KEY, ""))


async def active_application(ashby: Client) -> Any:
    """Give the first application that is under way."""
    return (await ashby.ask("application.list", {"limit": 1, "status": "Active"}))[0]


async def stage_of(ashby: Client, application: Any, kind: str) -> Any:
    """Give the stage of this type in an application's plan."""
    plan = application["currentInterviewStage"]["interviewPlanId"]
    stages = await ashby.ask("interviewStage.list", {"interviewPlanId": plan})
    return next(each for each in stages if each["type"] == kind)
