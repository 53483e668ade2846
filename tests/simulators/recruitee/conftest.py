"""The pretend Recruitee on a real port, and clients with the tokens of two users."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from polyhire.simulators.serve import running, sandbox

from ..asking import Answer, Client

INTEGRATIONS = Path(os.environ.get("RECRUITEE_FOLDER", Path(__file__).parents[3] / "integrations"))
COMPANY, SUBDOMAIN = "48213", "meridianworkshop"
ADMIN, REVIEWER = "recruitee-sandbox-personal-admin", "recruitee-sandbox-personal-reviewer"
NOBODY = 999_999_999
JSON = {"Accept": "application/json"}


@pytest.fixture(scope="session")
def hosted() -> Iterator[str]:
    """Give the base URL of a sandbox with Recruitee alone, without rate limits."""
    with running(sandbox([INTEGRATIONS], only=["recruitee"], rate_limits=False)) as base:
        yield base


@pytest.fixture
def account(hosted: str) -> dict[str, str]:
    """Give the answers to the connect form, after a reset."""
    assert Client(hosted, {}).ask("POST", "/_sandbox/recruitee/reset").status == 204
    answers: dict[str, str] = Client(hosted, {}).get("/").json["simulators"][0]["account"]
    return answers


@pytest.fixture
def recruitee(hosted: str, account: dict[str, str]) -> Client:
    """Give a client with the account's own token."""
    return client_of(hosted, account["api_token"], account["company_id"])


@pytest.fixture
def site(hosted: str, account: dict[str, str]) -> Client:
    """Give a client of the careers site, which has no credentials."""
    return Client(f"{hosted}/recruitee", {})


@pytest.fixture
def candidate(recruitee: Client) -> Any:
    """Give somebody new, who applied for nothing."""
    return made(recruitee.post("/candidates", {"candidate": {"name": "Grace Pike"}}), "candidate")


@pytest.fixture
def offer(recruitee: Client) -> Any:
    """Give a published job, with its pipeline."""
    first = rows(recruitee, "offers", kind="job", scope="published", limit=1)[0]
    return recruitee.get(f"/offers/{first['id']}").json["offer"]


@pytest.fixture
def placement(recruitee: Client, candidate: Any, offer: Any) -> Any:
    """Give the application of the new candidate for that job."""
    body = {"placement": {"candidate_id": candidate["id"], "offer_id": offer["id"]}}
    return made(recruitee.post("/placements", body), "placement")


def client_of(hosted: str, token: str, company: str = COMPANY) -> Client:
    """Give a client of the API with this token."""
    return Client(f"{hosted}/recruitee/c/{company}", {"Authorization": f"Bearer {token}", **JSON})


def rows(client: Client, path: str, key: str | None = None, **query: Any) -> list[Any]:
    """Give the rows of one page, which are under the last word of the path."""
    answer = client.ask("GET", f"/{path}" + (f"?{urlencode(query, doseq=True)}" if query else ""))
    assert answer.status == 200, answer.body
    found: list[Any] = answer.json[key or path.rpartition("/")[2]]
    return found


def walked(client: Client, path: str, size: int, **query: Any) -> list[Any]:
    """Give the rows of all pages: the first that is not full is the last."""
    found: list[Any] = []
    while True:
        page = rows(client, path, limit=size, offset=len(found), **query)
        found += page
        if len(page) < size:
            return found


def patch(client: Client, path: str, body: Any = ...) -> Answer:
    """Send a change."""
    return client.ask("PATCH", path, json_body=body)


def made(answer: Answer, key: str, status: int = 201) -> Any:
    """Give the record of a write that went well."""
    assert answer.status == status, answer.body
    return answer.json[key]


def changed(answer: Answer, key: str) -> Any:
    """Give the record of a change that went well."""
    return made(answer, key, 200)


def refused(answer: Answer, status: int = 422) -> Any:
    """Assert a refusal: the fields that don't fit, if there are any, else what was said."""
    assert answer.status == status, answer.body
    return answer.json.get("error_fields") or answer.json["error"]


def multipart(*parts: tuple[str, str | None, bytes]) -> tuple[bytes, dict[str, str]]:
    """Word a form of `(name, file name or None, content)`, with its header."""
    body = b""
    for name, file_name, content in parts:
        file = f'; filename="{file_name}"\r\nContent-Type: text/plain' if file_name else ""
        body += f'--cut\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + content + b"\r\n"
    return body + b"--cut--\r\n", {"Content-Type": "multipart/form-data; boundary=cut"}
