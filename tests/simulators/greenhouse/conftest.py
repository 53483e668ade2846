"""The pretend Greenhouse on a real port, and a client that acts as its service account."""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from polyhire.simulators.serve import running, sandbox

from ..asking import Answer, Client

INTEGRATIONS = Path(__file__).parents[3] / "integrations"


@pytest.fixture(scope="session")
def hosted() -> Iterator[str]:
    """Give the base URL of a sandbox with Greenhouse alone, without rate limits."""
    with running(sandbox([INTEGRATIONS], only=["greenhouse"], rate_limits=False)) as base:
        yield base


@pytest.fixture
def account(hosted: str) -> dict[str, str]:
    """Give the answers to the connect form, after a reset."""
    assert Client(hosted, {}).ask("POST", "/_sandbox/greenhouse/reset").status == 204
    answers: dict[str, str] = Client(hosted, {}).get("/").json["simulators"][0]["account"]
    return answers


def request_token(hosted: str, client: str, secret: str, **form: str) -> Answer:
    """Ask the token server as a client."""
    basic = "Basic " + b64encode(f"{client}:{secret}".encode()).decode()
    return Client(f"{hosted}/greenhouse", {"Authorization": basic}).ask("POST", "/token", form=form)


def client_of(hosted: str, token: str) -> Client:
    """Give a client of v3 with this token."""
    return Client(f"{hosted}/greenhouse/v3", {"Authorization": f"Bearer {token}"})


@pytest.fixture
def greenhouse(hosted: str, account: dict[str, str]) -> Client:
    """Give a client of v3 that acts as a Site Admin."""
    answer = request_token(hosted, account["client_id"], account["client_secret"], grant_type="client_credentials")
    return client_of(hosted, answer.json["access_token"])


def one(client: Client, kind: str, identifier: int) -> Any:
    """Give the row of a list with this id."""
    (row,) = client.get(f"/{kind}", ids=identifier).json
    return row


def first(client: Client, kind: str, **query: Any) -> Any:
    """Give the first row of a list."""
    return client.get(f"/{kind}", per_page=1, **query).json[0]
