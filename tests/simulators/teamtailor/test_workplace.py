"""Writing jobs, forms, users, places and vocabularies."""

from typing import Any

import pytest

from .conftest import Teamtailor, at, code, linked, pointers, ref


@pytest.fixture
def user(teamtailor: Teamtailor) -> Any:
    return teamtailor.get("/users")["data"][0]


def test_a_new_job(teamtailor: Teamtailor, user: Any) -> None:
    """It has what was written, stages from the inbox to the hired, and links; a draft is not among the published."""
    department = ref(teamtailor.get("/departments")["data"][0])
    places = [ref(each) for each in teamtailor.get("/locations")["data"][:2]]
    given = {"title": "Größe", "body": "<p>x</p>", "min-salary": 10, "remote-status": "hybrid", "tags": ["a"]}
    related = {"user": ref(user), "department": department, "locations": places}
    made = teamtailor.create("/jobs?include=user,department,locations", given, **related)
    assert given.items() <= made["attributes"].items()
    assert {name: linked(made, name) for name in related} == related
    assert made["attributes"]["recruiter-email"] == user["attributes"]["email"]
    assert made["links"]["careersite-job-url"].startswith("https://")
    stages = [each["attributes"] for each in teamtailor.walk(f"{at(made)}/stages")]
    assert [each["row-order"] for each in stages] == [0, 1, 2, 3]
    assert (stages[0]["stage-type"], stages[-1]["stage-type"]) == ("inbox", "hired")
    assert made["id"] not in {each["id"] for each in teamtailor.walk("/jobs")}
    drafts = teamtailor.walk("/jobs", **{"filter[status]": "draft"})
    assert made["id"] in {each["id"] for each in drafts}


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"status": "open"}, "published"),
        ({"status": "archived"}, "archived"),
        ({"status": "unlisted"}, "unlisted"),
        ({"status": "open", "start-date": "2999-01-01T00:00:00Z"}, "scheduled"),
        ({"status": "open", "end-date": "2024-01-01T00:00:00Z"}, "expired"),
    ],
)
def test_the_status_of_a_job(teamtailor: Teamtailor, user: Any, changes: dict[str, str], status: str) -> None:
    """What people see follows from the status and the dates, and lists go by it."""
    made = teamtailor.create("/jobs", {"title": "x"}, user=ref(user))
    assert teamtailor.change(at(made), changes)["attributes"]["human-status"] == status
    if status != "expired":
        found = teamtailor.walk("/jobs", **{"filter[status]": status})
        assert made["id"] in {each["id"] for each in found}


def test_what_a_job_needs(teamtailor: Teamtailor, user: Any) -> None:
    """A title and a recruiter, known words, and dates in order."""
    send = teamtailor.send
    needed = ["/data/attributes/title", "/data/relationships/user"]
    assert pointers(send("POST", "/jobs", {})) == needed
    related = {"user": ref(user)}
    for attributes in (
        {"status": "temp"},
        {"remote-status": "fully-remote"},
        {"min-salary": "10"},
        {"resume-requirement": "no"},
        {"start-date": "2024-01-01"},
    ):
        (name,) = attributes
        answer = send("POST", "/jobs", {"title": "x", **attributes}, related)
        assert pointers(answer) == [f"/data/attributes/{name}"]
    turned = {"title": "x", "start-date": "2025-01-02T00:00:00Z", "end-date": "2025-01-01T00:00:00Z"}
    assert pointers(send("POST", "/jobs", turned, related)) == ["/data/attributes/end-date"]
    assert code(send("POST", "/jobs", {"title": "x", "human-status": "draft"}, related), 400) == "105"
    job = teamtailor.create("/jobs", {"title": "x"}, user=ref(user))
    assert pointers(send("PATCH", at(job), {}, {"user": None})) == ["/data/relationships/user"]
    assert pointers(send("PATCH", at(job), {"title": ""})) == ["/data/attributes/title"]
    assert code(teamtailor.http.ask("DELETE", at(job)), 404) == "404"


def test_questions_and_forms(teamtailor: Teamtailor, user: Any) -> None:
    """A question is made, changed, and picked for a job once."""
    given = {"title": "Which?", "question-type": "Choice", "alternatives": [{"title": "é"}], "multiple": True}
    question = teamtailor.create("/questions", given)
    assert given.items() <= question["attributes"].items()
    assert teamtailor.change(at(question), {"title": "What?"})["attributes"]["title"] == "What?"
    emptied = teamtailor.send("PATCH", at(question), {"alternatives": []})
    assert pointers(emptied) == ["/data/attributes/alternatives"]
    bare = {"title": "x", "question-type": "Choice"}
    assert pointers(teamtailor.send("POST", "/questions", bare)) == ["/data/attributes/alternatives"]
    wrong = {"title": "x", "question-type": "Date"}
    assert pointers(teamtailor.send("POST", "/questions", wrong)) == ["/data/attributes/question-type"]
    job = teamtailor.create("/jobs", {"title": "x"}, user=ref(user))
    related = {"job": ref(job), "question": ref(question)}
    picked = teamtailor.create("/picked-questions", {"mandatory": True}, **related)
    assert picked["attributes"] == {"mandatory": True, "row-order": 0}
    again = teamtailor.send("POST", "/picked-questions", {}, related)
    assert pointers(again) == ["/data/relationships/question"]
    teamtailor.change(at(picked), {"mandatory": False})
    (listed,) = teamtailor.get(f"{at(job)}/picked-questions", include="question")["data"]
    assert listed["attributes"]["mandatory"] is False
    assert linked(listed, "question") == ref(question)
    assert [each["id"] for each in teamtailor.walk(f"{at(job)}/questions")] == [question["id"]]


@pytest.mark.parametrize(
    ("kind", "attributes", "changes"),
    [
        ("departments", {"name": "Ops"}, {"name": "Opération"}),
        ("locations", {"city": "Lisbon", "lat": "38.7", "headquarters": True}, {"name": "HQ", "lat": None}),
        ("reject-reasons", {"reason": "No", "rejected-by-company": False}, {"reason": "Never"}),
        ("users", {"name": "Ada", "email": "ada@meridian.example", "role": "recruiter"}, {"role": "no_access"}),
    ],
)
def test_making_changing_and_deleting(
    teamtailor: Teamtailor, kind: str, attributes: dict[str, Any], changes: dict[str, Any]
) -> None:
    """What is made is listed last; changes stay; what is deleted is gone."""
    made = teamtailor.create(f"/{kind}", attributes)
    assert attributes.items() <= made["attributes"].items()
    assert teamtailor.walk(f"/{kind}", **{"page[size]": 30})[-1] == made
    teamtailor.change(at(made), changes)
    seen = teamtailor.get(at(made))["data"]["attributes"]
    assert (attributes | changes).items() <= seen.items()
    assert teamtailor.http.ask("DELETE", at(made)).status == 204
    assert code(teamtailor.http.get(at(made)), 404) == "404"


def test_users(teamtailor: Teamtailor, user: Any) -> None:
    """An address belongs to one user, who needs it and a name; roles are known words."""
    send = teamtailor.send
    assert pointers(send("POST", "/users", {})) == ["/data/attributes/name", "/data/attributes/email"]
    given = {"name": "Ada", "email": user["attributes"]["email"].upper()}
    assert pointers(send("POST", "/users", given)) == ["/data/attributes/email"]
    assert pointers(send("PATCH", at(user), {"role": "boss"})) == ["/data/attributes/role"]
    assert teamtailor.change(at(user), {"email": user["attributes"]["email"]})["id"] == user["id"]
    renamed = teamtailor.change(at(user), {"email": "new@meridian.example"})["attributes"]
    assert renamed["login-email"] == "new@meridian.example"
    roles = {each["attributes"]["role"] for each in teamtailor.walk("/users")}
    assert roles == {"admin", "recruiter", "user", "no_access"}


def test_what_mentioned_a_deleted_record_forgets_it(teamtailor: Teamtailor) -> None:
    """A job whose department and places are deleted stays without them."""
    job = teamtailor.get("/jobs", include="department,locations")["data"][0]
    places = linked(job, "locations")
    assert linked(job, "department")
    assert places
    for each in (linked(job, "department"), places[0]):
        assert teamtailor.http.ask("DELETE", at(each)).status == 204
    seen = teamtailor.get(at(job), include="department,location,locations")["data"]
    assert linked(seen, "department") is None
    assert linked(seen, "location") is None
    assert linked(seen, "locations") == places[1:]


def test_notes_of_a_deleted_user_stay(teamtailor: Teamtailor) -> None:
    """They have no author any more."""
    note = teamtailor.get("/notes", include="user")["data"][0]
    assert teamtailor.http.ask("DELETE", at(linked(note, "user"))).status == 204
    seen = teamtailor.get(at(note), include="user")["data"]
    assert (linked(seen, "user"), seen["attributes"]["user-id"]) == (None, None)


def test_the_company(teamtailor: Teamtailor) -> None:
    """It is changed without an id in the path."""
    company = teamtailor.get("/company")["data"]
    answer = teamtailor.send(
        "PATCH", "/company", {"website": "https://new.example"}, type="companies", id=company["id"]
    )
    assert answer.status == 200, answer.body
    changed = teamtailor.get("/company")["data"]
    assert changed["id"] == company["id"]
    assert changed["attributes"] == {**company["attributes"], "website": "https://new.example"}
