"""The key, the paths and their segments, and how often one may ask."""

import pytest

from polyhire.simulators.serve import running, sandbox

from ..asking import Client
from .conftest import INTEGRATIONS, Account, account_of, unfit


@pytest.mark.parametrize("query", ["", "?apikey=", "?apikey=other", "?api_key=jazzhr", "?apikey=other&apikey=KEY"])
def test_reads_need_the_key_in_the_query(jazz: Account, query: str) -> None:
    """A missing or wrong key is a 401, also in a header instead, and on paths that don't exist."""
    client = Client(jazz.base, {"Authorization": f"OAuth {jazz.key}"})
    for path in ("/users", "/nothing"):
        assert client.ask("GET", path + query.replace("KEY", jazz.key)).status == 401


def test_writes_need_the_key_in_the_body(jazz: Account) -> None:
    """A key in the query does not do for a write; beside the one in the body it is harmless when right."""
    client, body = Client(jazz.base, {}), {"name": "new"}
    assert client.post("/categories", body).status == 401
    assert client.post(f"/categories?apikey={jazz.key}", body).status == 401
    assert client.post("/categories?apikey=other", {"apikey": jazz.key, **body}).status == 401
    assert client.post("/categories", {"apikey": "other", **body}).status == 401
    assert client.post("/categories", ["apikey", jazz.key]).status == 401
    assert client.post(f"/categories?apikey={jazz.key}", {"apikey": jazz.key, **body}).status == 200


def test_writes_are_json(jazz: Account) -> None:
    """A form, and what is no JSON, are refused."""
    client = Client(jazz.base, {})
    unfit(client.ask("POST", "/categories", form={"apikey": jazz.key, "name": "new"}), "application/json")
    broken = client.ask("POST", "/categories", raw=b'{"apikey":', headers={"Content-Type": "application/json"})
    unfit(broken, "JSON")


def test_filters_are_no_query(jazz: Account) -> None:
    """The query takes the key alone, and once."""
    unfit(jazz.ask("/applicants", page="2"), "apikey alone")
    row = {"apikey": jazz.key, "name": "new"}
    unfit(Client(jazz.base, {}).post("/categories?status=Active", row), "apikey alone")
    unfit(Client(jazz.base, {}).ask("GET", f"/users?apikey={jazz.key}&apikey={jazz.key}"), "apikey alone")


@pytest.mark.parametrize(
    ("path", "about"),
    [
        ("/applicants/colour/red", "colour is not a known filter"),
        ("/applicants/page/2/job_id/job_1", "after the page"),
        ("/applicants/page/1/page/2", "given twice"),
        ("/applicants/name/a/name/b", "given twice"),
        ("/applicants/page/0", "page must be"),
        ("/applicants/page/one", "page must be"),
        ("/applicants/job_id/job_1/page", "needs a value"),
        ("/applicants/name//page/1", "name must not be empty"),
        ("/applicants/from_apply_date/2024-1-40", "from_apply_date must be a date"),
        ("/applicants/rating/6", "rating must be"),
        ("/jobs/status/Open", "status must be one of"),
        ("/users/type/Boss", "type must be one of"),
        ("/files", "applicant_id is required"),
        ("/files/page/1", "applicant_id is required"),
        ("/questionnaire_questions", "questionnaire_id is required"),
    ],
)
def test_segments_are_read_strictly(jazz: Account, path: str, about: str) -> None:
    """An unknown, repeated, malformed, misplaced or missing segment is a 400."""
    unfit(jazz.ask(path), about)


@pytest.mark.parametrize("name", ["stages", "departments", "offers", "tasks/task_1", "hires/hire_1", "applicants/"])
def test_what_is_not_offered_is_not_there(jazz: Account, name: str) -> None:
    """Other collections, and records of collections that only have lists, are a 404."""
    assert jazz.ask(f"/{name}").status == 404


def test_nothing_is_changed_or_deleted(jazz: Account) -> None:
    """Only GET and POST are known, and notes can only be made."""
    row = jazz.rows("applicants")[0]
    for method in ("PUT", "PATCH", "DELETE"):
        assert Client(jazz.base, {}).ask(method, f"/applicants/{row['id']}?apikey={jazz.key}").status == 405
    assert jazz.ask("/notes").status == 405
    assert jazz.post("hires", applicant_id=row["id"]).status == 405


@pytest.mark.parametrize("name", ["applicants", "applicants2jobs", "jobs", "categories", "activities", "users"])
def test_an_unknown_id_is_answered_with_nothing(jazz: Account, name: str) -> None:
    """There is no 404 for it."""
    answer = jazz.ask(f"/{name}/none_20240101000000_X")
    assert (answer.status, answer.body) == (200, b"")


def test_one_may_ask_eighty_times_a_minute() -> None:
    """Then it is a 429, which does not say how long to wait."""
    with running(sandbox([INTEGRATIONS], only=["jazzhr"])) as base:
        jazz = account_of(base)
        answers = [jazz.ask("/categories") for _ in range(161)]
    # The minute may turn over on the way, but not twice.
    served = [each for each in answers if each.status == 200]
    refused = [each for each in answers if each.status == 429]
    assert len(served) in range(80, 161)
    assert len(served) + len(refused) == 161
    assert "retry-after" not in refused[0].headers


def test_nobody_waits_without_rate_limits(jazz: Account) -> None:
    """A sandbox may be told to refuse nobody."""
    assert {jazz.ask("/categories").status for _ in range(90)} == {200}
