"""The pretend Lever on a real port, and a client with an API key."""

import os
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from polyhire.simulators.serve import running, sandbox

from ..asking import Answer, Client

INTEGRATIONS = Path(os.environ.get("SIMULATORS", Path(__file__).parents[3] / "integrations"))
KEY, READ_ONLY_KEY = "lever-sandbox-key-meridian-workshop", "lever-sandbox-key-read-only"
NOBODY = "00000000-0000-4000-8000-000000000000"


def basic(key: str, password: str = "") -> str:
    """Word an API key as Basic credentials."""
    return "Basic " + b64encode(f"{key}:{password}".encode()).decode()


@dataclass(frozen=True)
class Lever:
    """A client of the Data API that writes on behalf of one user."""

    http: Client
    user: str

    def get(self, path: str, **query: Any) -> Any:
        """Give the data of a path that there is."""
        answer = self.http.get(path, **query)
        assert answer.status == 200, answer.body
        return answer.json["data"]

    def walk(self, path: str, **query: Any) -> list[Any]:
        """Follow `next` to the end, and give all records."""
        found: list[Any] = []
        offset: dict[str, Any] = {}
        while True:
            answer = self.http.get(path, **query, **offset)
            assert answer.status == 200, answer.body
            page = answer.json
            found += page["data"]
            if not page["hasNext"]:
                assert set(page) == {"data", "hasNext"}
                return found
            assert len(page["data"]) == query.get("limit", 100)
            offset = {"offset": page["next"]}

    def write(self, method: str, path: str, body: Any = ..., **query: Any) -> Answer:
        """Send JSON on behalf of the user."""
        return self.http.ask(method, f"{path}?{urlencode({'perform_as': self.user, **query})}", json_body=body)

    def wrote(self, method: str, path: str, body: Any = ..., **query: Any) -> Any:
        """Send JSON on behalf of the user, and give the data of an answer that is well."""
        answer = self.write(method, path, body, **query)
        assert answer.status in (200, 201), answer.body
        return answer.json["data"]

    def message(self, method: str, path: str, body: Any = ..., **query: Any) -> str:
        """Send JSON that is refused with 400, and give why."""
        answer = self.write(method, path, body, **query)
        assert (answer.status, answer.json["code"]) == (400, "BadRequest"), answer.body
        message: str = answer.json["message"]
        return message


@pytest.fixture(scope="session")
def hosted() -> Iterator[str]:
    """Give the base URL of a sandbox with Lever alone, without rate limits."""
    with running(sandbox([INTEGRATIONS], only=["lever"], rate_limits=False)) as base:
        yield base


@pytest.fixture
def account(hosted: str) -> dict[str, str]:
    """Give the answers to the connect form, after a reset."""
    assert Client(hosted, {}).ask("POST", "/_sandbox/lever/reset").status == 204
    answers: dict[str, str] = Client(hosted, {}).get("/").json["simulators"][0]["account"]
    return answers


@pytest.fixture
def lever(hosted: str, account: dict[str, str]) -> Lever:
    """Give a client with the key that may do all, which acts as the first user."""
    assert account["api_key"] == KEY
    client = Client(f"{hosted}/lever/v1", {"Authorization": basic(KEY)})
    return Lever(client, client.get("/users", limit=1).json["data"][0]["id"])


@pytest.fixture
def reader(hosted: str, lever: Lever) -> Lever:
    """Give a client whose key may only read, and nothing that is confidential."""
    return Lever(Client(f"{hosted}/lever/v1", {"Authorization": basic(READ_ONLY_KEY)}), lever.user)


@pytest.fixture
def opportunity(lever: Lever) -> Any:
    """Give the first opportunity that is under way, and has an application."""
    found = lever.get("/opportunities", archived="false")
    return next(each for each in found if each["applications"])
