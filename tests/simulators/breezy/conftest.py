"""The pretend Breezy on a real port, and clients of two of its users."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from polyhire.simulators.serve import running, sandbox

from ..asking import Answer, Client

INTEGRATIONS = Path(os.environ.get("SIMULATORS", Path(__file__).parents[3] / "integrations"))
RECRUITER_KEY = "breezy_pat_pretend_recruiter"
PASSWORD = "a pretend password"
NOBODY = "00000000ffff"
STATES = ("draft", "archived", "published", "closed", "pending")


@dataclass(frozen=True)
class Breezy:
    """A client of one company of the API; paths are below the company."""

    http: Client
    company: str

    def ask(self, method: str, path: str, body: Any = ..., **query: Any) -> Answer:
        """Ask, with JSON or without."""
        found = f"/company/{self.company}{path}" + (f"?{urlencode(query)}" if query else "")
        return self.http.ask(method, found, json_body=body)

    def get(self, path: str, **query: Any) -> Any:
        """Give what there is at a path."""
        answer = self.ask("GET", path, **query)
        assert answer.status == 200, answer.body
        return answer.json

    def wrote(self, method: str, path: str, body: Any = ..., **query: Any) -> Any:
        """Write, and give the answer, None for an empty one."""
        answer = self.ask(method, path, body, **query)
        assert answer.status in (200, 201, 204), answer.body
        assert (answer.status == 204) == (not answer.body)
        return answer.json if answer.body else None

    def positions(self) -> list[Any]:
        """Give the positions of all states."""
        return [each for state in STATES for each in self.get("/positions", state=state)]

    def walk(self, position: str, **query: Any) -> list[Any]:
        """Give the candidates of a position, page by page."""
        found: list[Any] = []
        size, number = query.get("page_size", 50), 1
        while True:
            page = self.get(f"/position/{position}/candidates", page=number, **query)
            assert len(page) <= size
            found += page
            if len(page) < size:
                return found
            number += 1

    def everyone(self) -> list[tuple[str, Any]]:
        """Give the paths and the rows of all candidates."""
        return [
            (f"/position/{position['_id']}/candidate/{row['_id']}", row)
            for position in self.positions()
            for row in self.walk(position["_id"])
        ]


def refused(answer: Answer, status: int, kind: str) -> str:
    """Assert a refusal in Breezy's words, and give its message."""
    assert (answer.status, set(answer.json)) == (status, {"error"}), answer.body
    assert set(answer.json["error"]) == {"type", "message"}
    assert answer.json["error"]["type"] == kind
    message: str = answer.json["error"]["message"]
    return message


def upload(breezy: Breezy, path: str, part: str, name: str, content: bytes) -> Answer:
    """Send a file as a part of a form."""
    head = f'--edge\r\nContent-Disposition: form-data; name="{part}"; filename="{name}"\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=edge"}
    raw = head.encode() + b"Content-Type: text/plain\r\n\r\n" + content + b"\r\n--edge--\r\n"
    return breezy.http.ask("POST", f"/company/{breezy.company}{path}", raw=raw, headers=kind)


@pytest.fixture(scope="session")
def hosted() -> Iterator[str]:
    """Give the base URL of a sandbox with Breezy alone, without rate limits."""
    with running(sandbox([INTEGRATIONS], only=["breezy"], rate_limits=False)) as base:
        yield base


@pytest.fixture
def panel(hosted: str) -> Client:
    """Give the control panel, after a reset."""
    control = Client(f"{hosted}/_sandbox/breezy", {})
    assert control.ask("POST", "/reset").status == 204
    assert control.ask("DELETE", "/faults").status == 204
    return control


@pytest.fixture
def account(hosted: str, panel: Client) -> dict[str, str]:
    """Give the answers to the connect form."""
    answers: dict[str, str] = Client(hosted, {}).get("/").json["simulators"][0]["account"]
    return answers


def client_of(hosted: str, token: str) -> Client:
    """Give a client of the API with this token."""
    return Client(f"{hosted}/breezy/v3", {"Authorization": token})


@pytest.fixture
def breezy(hosted: str, account: dict[str, str]) -> Breezy:
    """Give a client of the account's company."""
    return Breezy(client_of(hosted, account["api_key"]), account["company_id"])


@pytest.fixture
def position(breezy: Breezy) -> Any:
    """Give a published position that has candidates."""
    return next(each for each in breezy.get("/positions") if breezy.walk(each["_id"]))


@pytest.fixture
def path(breezy: Breezy, position: Any) -> str:
    """Give the path of a candidate, added for the test."""
    body = {"name": "Ada Brânză", "email_address": "ada@new.example"}
    made = breezy.wrote("POST", f"/position/{position['_id']}/candidates", body)
    return f"/position/{position['_id']}/candidate/{made['_id']}"
