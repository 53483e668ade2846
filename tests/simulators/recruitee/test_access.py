"""Tokens, companies, limits, and how the pretend Recruitee words what it refuses."""

from collections.abc import Iterator
from typing import Any

import pytest

from polyhire.simulators.company import story
from polyhire.simulators.serve import running, sandbox

from ..asking import Client
from .conftest import ADMIN, INTEGRATIONS, JSON, REVIEWER, SUBDOMAIN, client_of, patch, refused, rows, walked


@pytest.fixture(scope="module")
def limited() -> Iterator[str]:
    """Give a sandbox that counts requests, over the small company."""
    with running(sandbox([INTEGRATIONS], only=["recruitee"], people=story())) as base:
        yield base


def test_a_token_is_needed(hosted: str, recruitee: Client) -> None:
    """Without a token it is 401, an unknown one is a 400 with a code, and a known one tells who one is."""
    bare = Client(recruitee.base, JSON)
    assert refused(bare.get("/admin"), 401) == ["Unauthorized"]
    wrong = client_of(hosted, "made-up").get("/admin")
    assert (wrong.status, wrong.json) == (400, {"error": "Token not found.", "error_code": "invalid_token"})
    me = recruitee.get("/admin").json["admin"]
    assert me in rows(recruitee, "admins")
    assert me["role"] == "admin"


def test_a_token_is_for_one_company(hosted: str) -> None:
    """The company is named by its number or its subdomain, never by its host, and is the token's own."""
    assert client_of(hosted, ADMIN, SUBDOMAIN).get("/admin").status == 200
    host = client_of(hosted, ADMIN, f"{SUBDOMAIN}.recruitee.com").get("/admin")
    assert refused(host) == ["Company id is invalid"]
    assert refused(client_of(hosted, ADMIN, "48214").get("/admin"), 403) == ["Forbidden"]
    assert Client(f"{hosted}/recruitee", {"Authorization": f"Bearer {ADMIN}"}).get("/admin").status == 404


def test_a_token_acts_with_its_users_role(hosted: str, recruitee: Client, candidate: Any) -> None:
    """A reviewer reads all and changes nothing."""
    reviewer = client_of(hosted, REVIEWER)
    assert reviewer.get("/admin").json["admin"]["role"] == "reviewer"
    assert reviewer.get(f"/candidates/{candidate['id']}").status == 200
    for method, path in (("DELETE", f"/candidates/{candidate['id']}"), ("POST", "/departments"), ("PATCH", "/x")):
        answer = reviewer.ask(method, path, json_body={})
        assert (answer.status, answer.json) == (403, {"error": ["Forbidden"]})
    assert recruitee.get(f"/candidates/{candidate['id']}").status == 200


def test_only_json_is_spoken(recruitee: Client, candidate: Any) -> None:
    """Who accepts no JSON gets nothing, and what is not JSON is refused with a bare string."""
    assert recruitee.ask("GET", "/admin", headers={"Accept": "text/html"}).status == 406
    assert recruitee.ask("GET", "/admin", headers={"Accept": "*/*"}).status == 200
    path = f"/candidates/{candidate['id']}"
    assert isinstance(refused(recruitee.ask("PATCH", path, form={"name": "A"}), 400), str)
    headers = {"Content-Type": "application/json"}
    assert isinstance(refused(recruitee.ask("PATCH", path, raw=b"{name: 1}", headers=headers), 400), str)
    assert refused(patch(recruitee, path, {"name": "A"}), 400) == "param is missing or the value is empty: candidate"


@pytest.mark.parametrize("path", ["/candidates/1", "/offers/1", "/nowhere", "/interview/candidates/1/results"])
def test_what_is_not_there(recruitee: Client, path: str) -> None:
    """Unknown ids and paths, and methods that a path has not, are 404 with a list."""
    answer = recruitee.get(path)
    assert answer.status == 404
    assert len(answer.json["error"]) == 1


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/candidates?limit=101", "limit"),
        ("/candidates?limit=x", "limit"),
        ("/candidates?updated_after=2024-01-01T00:00:00Z", "updated_after"),
        ("/candidates?created_after=yesterday", "created_after"),
        ("/candidates?sort=by_name", "sort"),
        ("/offers?scope=open", "scope"),
        ("/offers?statuses[]=open", "statuses[]"),
        ("/departments?limit=5", "limit"),
        ("/candidates/check_presence", "email"),
        ("/interview/events?date_from=soon", "date_from"),
    ],
)
def test_queries_are_read_strictly(recruitee: Client, path: str, name: str) -> None:
    """Unknown, malformed and missing parameters are refused by their name."""
    assert set(refused(recruitee.get(path))) == {name}


def test_blank_is_said_as_rails_says_it(recruitee: Client) -> None:
    """A refusal lists the words, and beside them the fields."""
    answer = recruitee.post("/candidates", {"candidate": {"emails": []}})
    assert (answer.status, answer.json) == (
        422,
        {"error": ["Name can't be blank"], "error_fields": {"name": ["can't be blank"]}},
    )


def test_haste_is_refused(limited: str) -> None:
    """Whoever asks too often is told how long to wait, and only with this token."""
    hasty = client_of(limited, ADMIN)
    answers = [hasty.get("/admin") for _ in range(102)]
    late = next(each for each in answers if each.status != 200)
    assert (late.status, late.json) == (429, {"error": ["Too many requests"]})
    assert 1 <= int(late.headers["retry-after"]) <= 10
    assert client_of(limited, REVIEWER).get("/admin").status == 200


def test_the_small_company_is_told(limited: str) -> None:
    """The story has one job with four stages, and three people who stand where the story leaves them."""
    client = client_of(limited, REVIEWER)
    (job,) = rows(client, "offers", kind="job")
    stages = client.get(f"/offers/{job['id']}").json["offer"]["pipeline_template"]["stages"]
    assert [each["name"] for each in stages] == ["Application Review", "Phone Screen", "Onsite", "Offer"]
    names = {each["id"]: each["name"] for each in stages}
    people = {each["name"]: each["placements"] for each in walked(client, "candidates", 2)}
    standing = {name: (names[one["stage_id"]], one.get("disqualify_reason")) for name, (one,) in people.items()}
    assert standing == {
        "Clara Nunes": ("Onsite", None),
        "Dov Baruch": ("Phone Screen", "Lacking skill(s) or qualification(s)"),
        "Ewa Żółkowska": ("Offer", None),
    }


def test_users_who_left_are_not_listed(recruitee: Client) -> None:
    """Some who are named as authors are not among the users, and still have names beside the rows."""
    staff = {each["id"] for each in rows(recruitee, "admins")}
    about = [each["id"] for each in walked(recruitee, "candidates", 100) if each["notes_count"]]
    for each in about:
        beside = recruitee.get(f"/candidates/{each}/notes").json["references"]
        gone = [one for one in beside if one["type"] == "Admin" and one["id"] not in staff]
        if gone:
            assert gone[0]["first_name"]
            return
    raise AssertionError("nobody who left wrote any note")
