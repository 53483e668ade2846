"""The pretend Teamtailor on a real port, and a client with an Admin key."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from polyhire.simulators.serve import running, sandbox

from ..asking import Answer, Client

INTEGRATIONS = Path(os.environ.get("SIMULATORS", Path(__file__).parents[3] / "integrations"))
MEDIA_TYPE = "application/vnd.api+json"
ADMIN = "teamtailor-sandbox-admin-meridian-workshop"


@dataclass(frozen=True)
class Teamtailor:
    """A client that speaks JSON:API."""

    http: Client

    def get(self, path: str, **query: Any) -> Any:
        """Give the document of a path that there is."""
        answer = self.http.get(path, **query)
        assert answer.status == 200, answer.body
        assert answer.headers["content-type"] == MEDIA_TYPE
        return answer.json

    def walk(self, path: str, **query: Any) -> list[Any]:
        """Follow next links to the end, and give all records."""
        found: list[Any] = []
        page = self.get(path, **query)
        while True:
            found += page["data"]
            if "next" not in page["links"]:
                assert page["meta"]["record-count"] == len(found)
                return found
            page = self.get(page["links"]["next"])

    def send(
        self,
        method: str,
        path: str,
        attributes: Mapping[str, Any] | None = None,
        related: Mapping[str, Any] | None = None,
        **members: Any,
    ) -> Answer:
        """Send a document about the record, or the kind of record, that a path names."""
        kind, _, identifier = path.removeprefix("/").partition("?")[0].partition("/")
        data = {"type": kind, "attributes": dict(attributes or {}), **({"id": identifier} if identifier else {})}
        if related:
            data["relationships"] = {name: {"data": value} for name, value in related.items()}
        return self.http.ask(
            method, path, json_body={"data": {**data, **members}}, headers={"Content-Type": MEDIA_TYPE}
        )

    def create(self, path: str, attributes: Mapping[str, Any] | None = None, **related: Any) -> Any:
        """Make a record, and give it."""
        answer = self.send("POST", path, attributes, {key.replace("_", "-"): each for key, each in related.items()})
        assert answer.status == 201, answer.body
        return answer.json["data"]

    def change(self, path: str, attributes: Mapping[str, Any] | None = None, **related: Any) -> Any:
        """Change a record, and give it."""
        answer = self.send("PATCH", path, attributes, {key.replace("_", "-"): each for key, each in related.items()})
        assert answer.status == 200, answer.body
        return answer.json["data"]


def at(record: Any) -> str:
    """Give the path of a record."""
    return f"/{record['type']}/{record['id']}"


def ref(record: Any) -> dict[str, str]:
    """Name a record."""
    return {"type": record["type"], "id": record["id"]}


def linked(record: Any, name: str) -> Any:
    """Give the linkage of a relationship."""
    return record["relationships"][name]["data"]


def pointers(answer: Answer) -> list[str]:
    """Say where a 422 found something wrong."""
    assert answer.status == 422, answer.body
    return [each["source"]["pointer"] for each in answer.json["errors"]]


def code(answer: Answer, status: int) -> str:
    """Give the code of the one error of a refusal with this status."""
    assert answer.status == status, answer.body
    (error,) = answer.json["errors"]
    assert error["status"] == str(status)
    assert error["title"]
    assert error["detail"]
    found: str = error["code"]
    return found


def client(hosted: str, key: str, version: str = "20240904") -> Teamtailor:
    """Give a client with this key."""
    headers = {"Authorization": f"Token token={key}", "X-Api-Version": version, "Accept": MEDIA_TYPE}
    return Teamtailor(Client(f"{hosted}/teamtailor/v1", headers))


@pytest.fixture(scope="session")
def hosted() -> Iterator[str]:
    """Give the base URL of a sandbox with Teamtailor alone, without rate limits."""
    with running(sandbox([INTEGRATIONS], only=["teamtailor"], rate_limits=False)) as base:
        yield base


@pytest.fixture
def control(hosted: str) -> Client:
    """Give the control panel, after a reset."""
    panel = Client(f"{hosted}/_sandbox/teamtailor", {})
    assert panel.ask("POST", "/reset").status == 204
    return panel


@pytest.fixture
def teamtailor(hosted: str, control: Client) -> Teamtailor:
    """Give a client with the demo account's key."""
    account = Client(hosted, {}).get("/").json["simulators"][0]["account"]
    assert account["api_key"] == ADMIN
    return client(hosted, account["api_key"])
