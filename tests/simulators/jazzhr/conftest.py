"""The pretend JazzHR on a real port, and a client with its key."""

import os
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from polyhire.simulators.company import story
from polyhire.simulators.serve import running, sandbox

from ..asking import Answer, Client

INTEGRATIONS = Path(os.environ.get("JAZZHR_FOLDER", Path(__file__).parents[3] / "integrations"))
PAGE = 100


@dataclass(frozen=True)
class Account:
    """A client of one account."""

    base: str
    key: str

    def ask(self, path: str, **query: str) -> Answer:
        """Ask for a path with the key."""
        return Client(self.base, {}).get(path, apikey=self.key, **query)

    def post(self, name: str, /, **body: Any) -> Answer:
        """Post a body with the key in it."""
        return Client(self.base, {}).post(f"/{name}", {"apikey": self.key, **body})

    def made(self, name: str, /, **body: Any) -> Any:
        """Post a body that is taken, and give what came back."""
        answer = self.post(name, **body)
        assert answer.status == 200, answer.body
        return answer.json

    def one(self, name: str, row_id: str) -> Any:
        """Give one record."""
        return self.ask(f"/{name}/{row_id}").json

    def rows(self, name: str, /, **filters: object) -> list[Any]:
        """Give the first page of a list."""
        segments = "".join(f"/{each}/{quote(str(value), safe='')}" for each, value in filters.items())
        answer = self.ask(f"/{name}{segments}")
        assert answer.status == 200, answer.body
        return listed(answer.json)

    def walked(self, name: str, /, **filters: object) -> list[Any]:
        """Give all pages of a list."""
        found: list[Any] = []
        page = 1
        while len(found) == (page - 1) * PAGE:
            found += self.rows(name, **filters, page=page)
            page += 1
        return found


def listed(value: Any) -> list[Any]:
    """Give a list from what stands for it, which for one row is the row."""
    if isinstance(value, dict):
        return [value]
    assert isinstance(value, list)
    assert len(value) != 1
    return value


def encoded(content: bytes) -> str:
    """Give base64."""
    return b64encode(content).decode()


@pytest.fixture(scope="session")
def hosted() -> Iterator[str]:
    """Give the base URL of a sandbox with JazzHR alone, without rate limits."""
    with running(sandbox([INTEGRATIONS], only=["jazzhr"], rate_limits=False)) as base:
        yield base


@pytest.fixture(scope="session")
def small() -> Iterator[Account]:
    """Give a client of the account that tells the story, which nobody writes to."""
    with running(sandbox([INTEGRATIONS], only=["jazzhr"], people=story(), rate_limits=False)) as base:
        yield account_of(base)


def account_of(base: str) -> Account:
    """Give a client of the account of a sandbox."""
    answers = Client(base, {}).get("/").json["simulators"][0]["account"]
    return Account(f"{base}/jazzhr/v1", answers["api_key"])


@pytest.fixture
def jazz(hosted: str) -> Account:
    """Give a client of an account just reset."""
    assert Client(hosted, {}).ask("POST", "/_sandbox/jazzhr/reset").status == 204
    return account_of(hosted)


@pytest.fixture
def applicant(jazz: Account) -> str:
    """Give the id of somebody new, who applied for nothing."""
    identifier: str = jazz.made("applicants", first_name="Grace", last_name="Pike", email="grace@new.example")[
        "prospect_id"
    ]
    return identifier


def unfit(answer: Answer, about: str) -> None:
    """Assert a 400 that names what is wrong."""
    assert answer.status == 400, answer.body
    assert about in answer.body.decode()
