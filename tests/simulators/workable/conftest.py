"""The pretend Workable on a real port, and clients with its account tokens."""

import os
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from polyhire.simulators.company import story
from polyhire.simulators.serve import running, sandbox

from ..asking import Answer, Client

INTEGRATIONS = Path(os.environ.get("WORKABLE_FOLDER", Path(__file__).parents[3] / "integrations"))
READING, JOBS_ONLY = "workable-sandbox-reading", "workable-sandbox-jobs-only"
MISSING = "0abc123"


@dataclass(frozen=True)
class Workable:
    """A client of SPI v3, with the member it acts as."""

    http: Client
    member: str

    def get(self, path: str, **query: Any) -> Any:
        """Give what a path that there is answers."""
        answer = self.http.get(path, **query)
        assert answer.status == 200, answer.body
        return answer.json

    def walk(self, path: str, name: str, **query: Any) -> list[Any]:
        """Follow the URLs of next pages to the end, and give all records."""
        page = self.get(path, **query)
        found: list[Any] = page[name]
        while following := page.get("paging", {}).get("next"):
            page = self.get(following)
            assert page[name]
            found += page[name]
        return found

    def send(self, method: str, path: str, body: Any = ...) -> Answer:
        """Send JSON."""
        return self.http.ask(method, path, json_body=body)

    def act(self, path: str, **body: Any) -> Answer:
        """Post as the member."""
        return self.http.post(path, {"member_id": self.member, **body})

    def candidate(self, identifier: str) -> Any:
        """Give all of a candidate."""
        return self.get(f"/candidates/{identifier}")["candidate"]

    def job(self, **having: Any) -> str:
        """Give the shortcode of the first job that has these values; by default a published one."""
        wanted = having or {"state": "published"}
        rows = self.walk("/jobs", "jobs", limit=100)
        code: str = next(row["shortcode"] for row in rows if all(row[key] == each for key, each in wanted.items()))
        return code

    def create(self, job: str | None = None, *, sourced: bool | None = None, **values: Any) -> Any:
        """Add a candidate to a job, and give all of it."""
        more = {} if sourced is None else {"sourced": sourced}
        body = {"candidate": person(**values), **more}
        answer = self.http.post(f"/jobs/{job or self.job()}/candidates", body)
        assert answer.status == 201, answer.body
        assert answer.json["status"] == "created"
        return answer.json["candidate"]


def person(**more: Any) -> dict[str, Any]:
    """Word a new candidate."""
    return {"firstname": "Zoë", "lastname": "Brânză", "email": "zoe@new.example", **more}


def file(name: str, content: bytes) -> dict[str, str]:
    """Word a file."""
    return {"name": name, "data": b64encode(content).decode()}


def invalid(answer: Answer) -> Mapping[str, list[str]]:
    """Say where a 422 found something wrong."""
    assert answer.status == 422, answer.body
    assert answer.json["error"]
    found: Mapping[str, list[str]] = answer.json["validation_errors"]
    assert all(each and isinstance(each, list) for each in found.values())
    return found


def refused(answer: Answer, status: int) -> str:
    """Assert a refusal, and give its words."""
    assert answer.status == status, answer.body
    words: str = answer.json["error"]
    assert words
    return words


def client(hosted: str, key: str, member: str = "") -> Workable:
    """Give a client with this token."""
    return Workable(Client(f"{hosted}/workable/spi/v3", {"Authorization": f"Bearer {key}"}), member)


@pytest.fixture(scope="session")
def hosted() -> Iterator[str]:
    """Give the base URL of a sandbox with Workable alone, without rate limits."""
    with running(sandbox([INTEGRATIONS], only=["workable"], rate_limits=False)) as base:
        yield base


@pytest.fixture(scope="session")
def told() -> Iterator[Workable]:
    """Give a client of the Workable of the small story."""
    with running(sandbox([INTEGRATIONS], only=["workable"], people=story(), rate_limits=False)) as base:
        account = Client(base, {}).get("/").json["simulators"][0]["account"]
        yield client(base, account["access_token"], account["member_id"])


@pytest.fixture
def control(hosted: str) -> Client:
    """Give the control panel, after a reset."""
    panel = Client(f"{hosted}/_sandbox/workable", {})
    assert panel.ask("POST", "/reset").status == 204
    return panel


@pytest.fixture
def account(hosted: str, control: Client) -> dict[str, str]:
    """Give the answers to the connect form."""
    answers: dict[str, str] = Client(hosted, {}).get("/").json["simulators"][0]["account"]
    return answers


@pytest.fixture
def workable(hosted: str, account: dict[str, str]) -> Workable:
    """Give a client with the demo account's token."""
    return client(hosted, account["access_token"], account["member_id"])
