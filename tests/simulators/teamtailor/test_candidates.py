"""Writing candidates, notes, answers and files."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from ..asking import Client
from .conftest import Teamtailor, at, code, linked, pointers, ref

PERSON = {
    "first-name": "Zoë",
    "last-name": "O’Brien",
    "email": "zoe@mail.example",
    "phone": "+351 21 555 0101",
    "pitch": "Hello",
    "linkedin-url": "https://www.linkedin.com/in/zoe",
    "tags": ["python", "été"],
    "referring-site": "LinkedIn",
}


def test_a_new_candidate_is_kept(teamtailor: Teamtailor) -> None:
    """It comes back as it was written, is found by its address, and is the last of the list."""
    department = ref(teamtailor.get("/departments")["data"][0])
    place = ref(teamtailor.get("/locations")["data"][0])
    made = teamtailor.create(
        "/candidates?include=department,locations", PERSON, department=department, locations=[place]
    )
    assert {name: made["attributes"][name] for name in PERSON} == PERSON
    assert (linked(made, "department"), linked(made, "locations")) == (department, [place])
    assert made["attributes"]["sourced"] is False
    found = teamtailor.get("/candidates", **{"filter[email]": "ZOE@mail.example"})["data"]
    assert [each["id"] for each in found] == [made["id"]]
    assert teamtailor.walk("/candidates", **{"page[size]": 30})[-1]["id"] == made["id"]
    assert teamtailor.walk(f"{at(made)}/activities")[0]["attributes"]["code"] == "created"


def test_a_new_record_says_where_it_is(teamtailor: Teamtailor) -> None:
    """`Location` leads to it."""
    answer = teamtailor.send("POST", "/candidates", PERSON)
    assert teamtailor.get(answer.headers["location"])["data"] == answer.json["data"]


def test_an_address_is_taken_once_unless_merged(teamtailor: Teamtailor) -> None:
    """A second candidate with it is a 422; with `merge`, the first one is changed."""
    made = teamtailor.create("/candidates", PERSON)
    again = {"email": "Zoe@Mail.example", "pitch": "Hello again"}
    assert pointers(teamtailor.send("POST", "/candidates", again)) == ["/data/attributes/email"]
    merged = teamtailor.create("/candidates", {**again, "merge": True})
    assert merged["id"] == made["id"]
    assert (merged["attributes"]["pitch"], merged["attributes"]["first-name"]) == ("Hello again", "Zoë")
    other = teamtailor.create("/candidates", {"email": "other@mail.example"})
    taken = teamtailor.send("PATCH", at(other), {"email": "zoe@mail.example"})
    assert pointers(taken) == ["/data/attributes/email"]
    assert teamtailor.change(at(made), {"email": "zoe@mail.example"})["id"] == made["id"]


def test_only_the_sourced_may_lack_an_address(teamtailor: Teamtailor) -> None:
    """Anybody else without an e-mail is a 422."""
    assert pointers(teamtailor.send("POST", "/candidates", {"first-name": "Nobody"})) == ["/data/attributes/email"]
    made = teamtailor.create("/candidates", {"first-name": "Nobody", "sourced": True})
    assert made["attributes"]["email"] is None


def test_a_change_is_kept(teamtailor: Teamtailor) -> None:
    """Tags are replaced as a whole, null empties, the rest stays, and the time is noted."""
    made = teamtailor.create("/candidates", PERSON)
    before = datetime.now(UTC)
    changed = teamtailor.change(at(made), {"tags": ["new"], "phone": None})
    seen = teamtailor.get(at(made))["data"]["attributes"]
    assert (seen["tags"], seen["phone"], seen["pitch"]) == (["new"], None, "Hello")
    assert seen == changed["attributes"]
    assert (before - datetime.fromisoformat(seen["updated-at"])).total_seconds() < 0.01
    assert seen["created-at"] == made["attributes"]["created-at"]


def test_a_deleted_candidate_is_gone(teamtailor: Teamtailor) -> None:
    """So are the applications, notes and files that belong to it."""
    application = teamtailor.get("/job-applications", include="candidate")["data"][0]
    person = f"/candidates/{linked(application, 'candidate')['id']}"
    resume = teamtailor.get(person)["data"]["attributes"]["resume"]
    notes = teamtailor.walk(f"{person}/notes")
    assert teamtailor.http.ask("DELETE", person).status == 204
    for path in (person, at(application), f"{person}/uploads", *map(at, notes)):
        assert code(teamtailor.http.get(path), 404) == "404"
    assert Client("", {}).get(resume).status == 404
    assert code(teamtailor.http.ask("DELETE", person), 404) == "404"


@pytest.mark.parametrize(
    ("attributes", "pointer"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": 3}, "email"),
        ({"first-name": 3}, "first-name"),
        ({"tags": "python"}, "tags"),
        ({"tags": [""]}, "tags[0]"),
        ({"sourced": "yes"}, "sourced"),
        ({"resume": "file.pdf"}, "resume"),
        ({"consent-future-jobs-at": "2024-01-01"}, "consent-future-jobs-at"),
    ],
)
def test_values_that_do_not_fit(teamtailor: Teamtailor, attributes: dict[str, object], pointer: str) -> None:
    """Each is a 422 that points to it, and nothing is kept."""
    answer = teamtailor.send("POST", "/candidates", {"email": "a@mail.example", **attributes})
    assert pointers(answer) == [f"/data/attributes/{pointer}"]
    assert teamtailor.get("/candidates", **{"filter[email]": "a@mail.example"})["data"] == []


@pytest.mark.parametrize(
    "attribute", ["created-at", "original-resume", "first_name", "name", "connected", "linkedin-profile"]
)
def test_attributes_that_nobody_writes(teamtailor: Teamtailor, attribute: str) -> None:
    """Those that are only read, and those that there are not, are a 400."""
    given = {"email": "a@mail.example", attribute: "x"}
    assert code(teamtailor.send("POST", "/candidates", given), 400) == "105"


def test_documents_that_are_none(teamtailor: Teamtailor) -> None:
    """A body must be a JSON:API document of the kind that the path names, and relationships lead to records."""
    made = teamtailor.create("/candidates", PERSON)
    send = teamtailor.send
    media = {"Content-Type": "application/vnd.api+json"}
    assert code(teamtailor.http.ask("POST", "/candidates", raw=b"{", headers=media), 400) == "400"
    strange: list[Any] = [{}, [], {"data": []}, {"first-name": "Zoë"}]
    for body in strange:
        assert code(teamtailor.http.ask("POST", "/candidates", json_body=body, headers=media), 400) == "106"
    assert code(send("POST", "/candidates", PERSON, type="people"), 400) == "101"
    assert code(send("POST", "/candidates", PERSON, id="1"), 400) == "105"
    assert code(send("POST", "/candidates", PERSON, meta={}), 400) == "105"
    assert code(send("PATCH", at(made), PERSON, id="1"), 400) == "110"
    assert code(send("PATCH", at(made), PERSON, id=int(made["id"])), 400) == "110"
    assert code(send("PATCH", at(made), {"merge": True}), 400) == "105"
    assert code(send("PATCH", at(made), related={"department": {"type": "departments", "id": 3}}), 400) == "115"
    assert code(send("PATCH", at(made), related={"department": {"type": "roles", "id": "3"}}), 400) == "101"
    assert code(send("PATCH", at(made), related={"locations": {"type": "locations", "id": "3"}}), 400) == "115"
    assert code(send("PATCH", at(made), related={"job-applications": []}), 400) == "105"
    nowhere = send("PATCH", at(made), related={"department": {"type": "departments", "id": "3"}})
    assert pointers(nowhere) == ["/data/relationships/department"]
    assert code(send("PATCH", "/candidates/1", {"pitch": "x"}), 404) == "404"


def test_notes(teamtailor: Teamtailor) -> None:
    """They are written, listed, changed and deleted; their author and candidate stay."""
    user, person = (ref(teamtailor.get(f"/{kind}")["data"][0]) for kind in ("users", "candidates"))
    made = teamtailor.create("/notes", {"note": "Très bien"}, candidate=person, user=user)
    attributes = made["attributes"]
    assert (attributes["note"], attributes["created-by-trigger"]) == ("Très bien", False)
    assert (str(attributes["user-id"]), str(attributes["candidate-id"])) == (user["id"], person["id"])
    assert teamtailor.walk(f"/candidates/{person['id']}/notes")[-1]["id"] == made["id"]
    activity = teamtailor.walk(f"/candidates/{person['id']}/activities")[-1]["attributes"]
    assert (activity["code"], json.loads(activity["data"])) == ("note", {"note_id": int(made["id"])})
    assert teamtailor.change(at(made), {"note": "Better"})["attributes"]["note"] == "Better"
    assert teamtailor.walk("/notes", **{"page[size]": 30})[-1]["attributes"]["note"] == "Better"
    assert code(teamtailor.send("PATCH", at(made), related={"user": user}), 400) == "105"
    assert pointers(teamtailor.send("PATCH", at(made), {"note": " "})) == ["/data/attributes/note"]
    assert teamtailor.http.ask("DELETE", at(made)).status == 204
    assert code(teamtailor.http.get(at(made)), 404) == "404"
    bare = teamtailor.send("POST", "/notes", {"note": "x"})
    assert pointers(bare) == ["/data/relationships/candidate", "/data/relationships/user"]


def test_answers(teamtailor: Teamtailor) -> None:
    """A question takes one answer of its own type from a candidate."""
    person = teamtailor.create("/candidates", PERSON)
    questions = {each["attributes"]["question-type"]: ref(each) for each in teamtailor.walk("/questions")}
    assert set(questions) == {"Boolean", "Choice", "Text", "Range", "Video"}
    values: dict[str, dict[str, Any]] = {
        "Boolean": {"boolean": False},
        "Choice": {"choices": ["A friend"]},
        "Range": {"range": 7},
    }
    for kind, value in values.items():
        made = teamtailor.create("/answers", value, candidate=ref(person), question=questions[kind])
        assert value.items() <= made["attributes"].items()
    assert len(teamtailor.walk(f"{at(person)}/answers")) == 3
    assert [ref(each) for each in teamtailor.walk(f"{at(person)}/questions")] == sorted(
        (questions[kind] for kind in values), key=lambda each: each["id"]
    )
    related = {"candidate": ref(person), "question": questions["Range"]}
    assert pointers(teamtailor.send("POST", "/answers", {"range": 8}, related)) == ["/data/relationships/question"]
    related["question"] = questions["Text"]
    assert pointers(teamtailor.send("POST", "/answers", {"range": 8}, related)) == ["/data/attributes/text"]


def test_files_are_downloaded_without_a_key(teamtailor: Teamtailor) -> None:
    """A signed URL gives the file by itself, and nothing once it is altered."""
    upload = teamtailor.get("/uploads")["data"][0]
    url = upload["attributes"]["url"]
    answer = Client("", {}).get(url)
    assert answer.status == 200
    assert answer.body.startswith(b"%PDF-")
    assert answer.headers["content-type"] == "application/pdf"
    assert code(Client("", {}).get(url.replace("expires=", "expires=9")), 403) == "403"


def test_uploads_are_kept_byte_for_byte(teamtailor: Teamtailor) -> None:
    """What a URL gave is what the new file gives, under the name that was asked for."""
    resume = teamtailor.get("/candidates")["data"][0]["attributes"]["resume"]
    wanted = Client("", {}).get(resume).body
    person = ref(teamtailor.create("/candidates", PERSON))
    given = {"url": resume, "file-name": "Žofia’s CV.pdf", "internal": True}
    made = teamtailor.create("/uploads?include=candidate", given, candidate=person)
    assert (made["attributes"]["file-name"], made["attributes"]["internal"]) == ("Žofia’s CV.pdf", True)
    assert linked(made, "candidate") == person
    (listed,) = teamtailor.walk(f"/candidates/{person['id']}/uploads")
    answer = Client("", {}).get(listed["attributes"]["url"])
    assert answer.body == wanted
    assert answer.headers["content-disposition"].endswith("%C5%BDofia%E2%80%99s%20CV.pdf")
    gone = {"url": resume.replace("expires=", "expires=9"), "file-name": "x.pdf"}
    assert pointers(teamtailor.send("POST", "/uploads", gone, {"candidate": person})) == ["/data/attributes/url"]
    for missing, where in (({"file-name": "x"}, "/data/attributes/url"), ({"url": "x"}, "/data/attributes/url")):
        assert pointers(teamtailor.send("POST", "/uploads", missing, {"candidate": person})) == [where]
    assert code(teamtailor.http.ask("DELETE", at(made)), 404) == "404"


def test_a_resume_is_kept_and_converted(teamtailor: Teamtailor) -> None:
    """The original gives the bytes that came; what is no PDF is converted into one."""
    uploads = teamtailor.walk("/uploads", **{"page[size]": 30})
    letter = next(each for each in uploads if each["attributes"]["file-name"].endswith(".txt"))
    url = letter["attributes"]["url"]
    made = teamtailor.create("/candidates", {**PERSON, "resume": url})["attributes"]
    browser = Client("", {})
    assert browser.get(made["original-resume"]).body == browser.get(url).body
    converted = browser.get(made["resume"])
    assert converted.headers["content-type"] == "application/pdf"
    assert converted.body.startswith(b"%PDF-")
    assert urlsplit(made["resume"]).path.endswith(".pdf")
    other = teamtailor.create("/candidates", {"email": "b@mail.example"})
    assert other["attributes"]["resume"] is None
    changed = teamtailor.change(at(other), {"resume": "https://files.example/cv.pdf"})["attributes"]
    assert browser.get(changed["resume"]).body == b"from https://files.example/cv.pdf"
