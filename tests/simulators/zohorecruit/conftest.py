"""The pretend Zoho Recruit on a real port, and clients of its two kinds of account."""

import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from polyhire.simulators.serve import running, sandbox

from ..asking import Answer, Client

INTEGRATIONS = Path(os.environ.get("ZOHORECRUIT_FOLDER", Path(__file__).parents[3] / "integrations"))
# A second self client, of an agency's account.
STAFFING = "1000.pretend.staffing"
MISSING = "554023001999999999"


@pytest.fixture(scope="session")
def hosted() -> Iterator[str]:
    """Give the base URL of a sandbox with Zoho Recruit alone, without rate limits."""
    with running(sandbox([INTEGRATIONS], only=["zohorecruit"], rate_limits=False)) as base:
        yield base


@pytest.fixture
def account(hosted: str) -> dict[str, str]:
    """Give the answers to the connect form, after a reset."""
    assert Client(hosted, {}).ask("POST", "/_sandbox/zohorecruit/reset").status == 204
    assert Client(hosted, {}).ask("DELETE", "/_sandbox/zohorecruit/faults").status == 204
    answers: dict[str, str] = Client(hosted, {}).get("/").json["simulators"][0]["account"]
    return answers


@pytest.fixture
def accounts(hosted: str, account: dict[str, str]) -> Client:
    """Give a client of the accounts server."""
    return Client(f"{hosted}/zohorecruit", {})


def refreshed(accounts: Client, account: dict[str, str], **changes: str) -> Answer:
    """Ask for an access token as the account's client."""
    form = {key: account[key] for key in ("client_id", "client_secret", "refresh_token")}
    return accounts.ask("POST", "/oauth/v2/token", form={"grant_type": "refresh_token", **form, **changes})


def client_of(accounts: Client, token: str) -> Client:
    """Give a client of the API with this token."""
    return Client(f"{accounts.base}/recruit/v2", {"Authorization": f"Zoho-oauthtoken {token}"})


@pytest.fixture
def zoho(accounts: Client, account: dict[str, str]) -> Client:
    """Give a client of the Corporate HR account."""
    return client_of(accounts, refreshed(accounts, account).json["access_token"])


@pytest.fixture
def agency(accounts: Client, account: dict[str, str]) -> Client:
    """Give a client of the Staffing Agency account."""
    return client_of(accounts, refreshed(accounts, account, refresh_token=STAFFING).json["access_token"])


@pytest.fixture
def credits_module() -> ModuleType:
    """Give the module of the credits, which needs nothing of its neighbours."""
    path = INTEGRATIONS / "zohorecruit" / "simulation" / "credits.py"
    spec = importlib.util.spec_from_file_location("zohorecruit_credits", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def rows(client: Client, path: str, **query: Any) -> list[Any]:
    """Give the rows of a list's first page; none for 204."""
    answer = client.get(path, **query)
    assert answer.status in (200, 204), answer.body
    return list(answer.json["data"]) if answer.status == 200 else []


def one(client: Client, path: str) -> Any:
    """Give the one record of a path."""
    (row,) = client.get(path).json["data"]
    return row


def walked(client: Client, path: str, size: int, **query: Any) -> list[Any]:
    """Give the rows of all pages."""
    found: list[Any] = []
    page = 1
    while True:
        answer = client.get(path, page=page, per_page=size, **query).json
        assert answer["info"]["count"] == len(answer["data"]) <= size
        assert (answer["info"]["page"], answer["info"]["per_page"]) == (page, size)
        found += answer["data"]
        if not answer["info"]["more_records"]:
            return found
        page += 1


def written(answer: Answer, status: int = 201) -> Any:
    """Give the one row of a write that was carried out."""
    assert answer.status == status, answer.body
    (row,) = answer.json["data"]
    assert (row["code"], row["status"]) == ("SUCCESS", "success"), row
    return row


def failed(answer: Answer, code: str, status: int = 202) -> Any:
    """Give the details of the one row of a write that was refused."""
    assert answer.status == status, answer.body
    (row,) = answer.json["data"]
    assert (row["code"], row["status"]) == (code, "error"), row
    return row["details"]


def refused(answer: Answer, status: int, code: str) -> Any:
    """Assert a refusal of the whole call, and give its details."""
    assert answer.status == status, answer.body
    assert set(answer.json) == {"code", "details", "message", "status"}
    assert (answer.json["code"], answer.json["status"]) == (code, "error")
    return answer.json["details"]


def put(client: Client, path: str, data: Any, **more: Any) -> Answer:
    """Put rows."""
    return client.ask("PUT", path, json_body={"data": data, **more})


def person(**more: Any) -> dict[str, Any]:
    """Word a new candidate."""
    return {"First_Name": "Ada", "Last_Name": "Brânză", "Email": "ada@new.example", **more}


def added(client: Client, **more: Any) -> str:
    """Make a candidate and give its id."""
    identifier: str = written(client.post("/Candidates", {"data": [person(**more)]}))["details"]["id"]
    return identifier


def open_jobs(client: Client) -> list[str]:
    """Give the ids of the jobs in progress."""
    return [
        row["id"] for row in rows(client, "/Job_Openings/search", criteria="(Job_Opening_Status:equals:In-progress)")
    ]


def application(client: Client, candidate: str, job: str) -> Any:
    """Give the application of a candidate for a job, found as clients must: by listing."""
    found = [row for row in walked(client, "/Applications", 200) if row["Candidate"]["id"] == candidate]
    return next((row for row in found if row["$Job_Opening_Id"] == job), None)
