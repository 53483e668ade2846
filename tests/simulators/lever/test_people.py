"""Writes to the opportunities, contacts and applications of the pretend Lever."""

from typing import Any

import pytest

from .conftest import NOBODY, Lever

PERSONAL = [{"name": "fullName", "value": "Grace Pike"}, {"name": "email", "value": "grace@mail.example"}]


def field_value(field: Any) -> Any:
    """Make an answer that a field of a form takes."""
    if "options" in field:
        first = field["options"][0]["text"]
        return [first] if field["type"] == "multiple-select" else first
    return "Something"


def answers(form: Any) -> list[Any]:
    """Answer all questions of a form."""
    return [
        {"id": each["id"], "fields": [{"id": one["id"], "value": field_value(one)} for one in each["fields"]]}
        for each in form["customQuestions"]
    ]


@pytest.fixture
def posting(lever: Lever) -> Any:
    """Give a posting that is open, and asks something."""
    found = lever.get("/postings", state="published")
    return next(each for each in found if lever.get(f"/postings/{each['id']}/apply")["customQuestions"])


def test_a_new_opportunity_has_a_new_contact(lever: Lever, posting: Any) -> None:
    """All that was said is then read, by id, in lists and in filters."""
    body = {
        "name": "Grace Pike",
        "headline": "Engineer, Acme",
        "stage": "lead-responded",
        "location": "Lisbon",
        "phones": [{"value": "+351 555 0100", "type": "mobile"}, {"value": "555"}],
        "emails": ["grace@mail.example"],
        "links": ["https://grace.example"],
        "tags": ["fresh tag"],
        "sources": ["Word of mouth"],
        "origin": "referred",
        "postings": [posting["id"]],
        "createdAt": 1_700_000_000_000,
    }
    answer = lever.write("POST", "/opportunities", body)
    assert answer.status == 201
    made = answer.json["data"]
    read = lever.get(f"/opportunities/{made['id']}", expand="applications")
    for key in ("name", "headline", "stage", "location", "emails", "links", "tags", "sources", "origin", "createdAt"):
        assert read[key] == body[key], key
    assert read["phones"] == [{"value": "+351 555 0100", "type": "mobile"}, {"value": "555", "type": None}]
    assert read["owner"] == lever.user
    assert [each["posting"] for each in read["applications"]] == [posting["id"]]
    assert read["applications"][0]["type"] == "user"
    assert [each["id"] for each in lever.get("/opportunities", email="GRACE@mail.example")] == [made["id"]]
    assert {"text": "fresh tag", "count": 1} in lever.walk("/tags")
    assert lever.get(f"/contacts/{made['contact']}")["location"] == {"name": "Lisbon"}


def test_an_opportunity_may_be_made_archived_and_owned(lever: Lever, posting: Any) -> None:
    """What is imported may have ended already, and may belong to the owner of its posting."""
    ended = {"reason": lever.get("/archive_reasons", type="non-hired")[0]["id"], "archivedAt": 1_700_000_000_000}
    body = {"name": "Past", "postings": [posting["id"]], "archived": ended, "followers": [lever.user]}
    made = lever.wrote("POST", "/opportunities", body, perform_as_posting_owner="true", expand="applications")
    assert (made["archived"], made["applications"][0]["archived"]) == (ended, ended)
    assert (made["owner"], made["followers"]) == (posting["owner"], [lever.user])
    assert made["owner"] != lever.user
    assert "archived.reason" in lever.message("POST", "/opportunities", {**body, "archived": {"reason": NOBODY}})


def test_contacts_are_deduplicated_by_email(lever: Lever, opportunity: Any) -> None:
    """Another opportunity for a known email is of the same contact, which keeps its name and gains what is new."""
    email = opportunity["emails"][0]
    made = lever.wrote(
        "POST", "/opportunities", {"name": "Somebody Else", "emails": [email.upper(), "second@mail.example"]}
    )
    assert made["id"] != opportunity["id"]
    assert made["contact"] == opportunity["contact"]
    assert made["name"] == opportunity["name"]
    assert made["emails"] == [*opportunity["emails"], "second@mail.example"]
    assert [each["id"] for each in lever.get("/opportunities", contact_id=made["contact"])][-1] == made["id"]


def test_a_contact_may_be_named(lever: Lever, opportunity: Any) -> None:
    """With `contact`, the opportunity is that person's."""
    made = lever.wrote("POST", "/opportunities", {"contact": opportunity["contact"]})
    assert made["contact"] == opportunity["contact"]
    assert (made["stage"], made["applications"]) == ("lead-new", [])


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({}, "name"),
        ({"name": "A", "firstName": "B"}, "firstName is not a known key"),
        ({"name": "A", "emails": "a@b.example"}, "emails must be a list"),
        ({"name": "A", "phones": ["555"]}, "phones[0] must be an object"),
        ({"name": "A", "stage": "no-stage"}, "stage"),
        ({"name": "A", "origin": "elsewhere"}, "origin"),
        ({"name": "A", "postings": [NOBODY]}, "postings"),
        ({"name": "A", "postings": [NOBODY, NOBODY]}, "postings must have at most 1"),
        ({"name": "A", "owner": NOBODY}, "owner"),
        ({"contact": NOBODY}, "contact"),
        ({"name": "A", "createdAt": "2024-01-01"}, "createdAt must be an integer"),
    ],
)
def test_malformed_opportunities_leave_nothing_behind(lever: Lever, body: Any, why: str) -> None:
    """What does not fit is refused by its name, and nothing is kept of it."""
    before = len(lever.walk("/opportunities", confidentiality="all"))
    assert why in lever.message("POST", "/opportunities", body)
    assert len(lever.walk("/opportunities", confidentiality="all")) == before


def test_writes_need_an_acting_user(lever: Lever, opportunity: Any) -> None:
    """Without `perform_as`, with somebody unknown, or with somebody who left, nothing is written."""
    path = f"/opportunities/{opportunity['id']}"
    gone = next(each["id"] for each in lever.walk("/users", includeDeactivated="true") if each["deactivatedAt"])
    for target, method, body in (
        ("/opportunities", "POST", {"name": "A"}),
        (f"{path}/stage", "PUT", {"stage": "offer"}),
        (f"{path}/archived", "PUT", {"reason": None}),
        (f"{path}/addTags", "POST", {"tags": ["x"]}),
        (f"{path}/notes", "POST", {"value": "x"}),
        (f"{path}/panels", "POST", {"timezone": "UTC"}),
        ("/postings", "POST", {"text": "A"}),
    ):
        answer = lever.http.ask(method, target, json_body=body)
        assert answer.status == 400
        assert "perform_as is required" in answer.json["message"]
        assert "perform_as" in lever.message(method, target, body, perform_as=NOBODY)
        assert "deactivated" in lever.message(method, target, body, perform_as=gone)
    assert lever.get(path) == opportunity


def test_bodies_must_be_json(lever: Lever, opportunity: Any) -> None:
    """Another content type, and what is not JSON, are refused."""
    path = f"/opportunities/{opportunity['id']}/stage?perform_as={lever.user}"
    assert lever.http.ask("PUT", path, form={"stage": "offer"}).status == 400
    headers = {"Content-Type": "application/json"}
    assert lever.http.ask("PUT", path, raw=b"{stage: offer}", headers=headers).status == 400
    assert lever.get(f"/opportunities/{opportunity['id']}") == opportunity


def test_a_move_is_remembered(lever: Lever, opportunity: Any) -> None:
    """A move changes the stage, adds to its history, and is a change of the opportunity."""
    moved = lever.wrote("PUT", f"/opportunities/{opportunity['id']}/stage", {"stage": "offer"})
    assert moved["stage"] == "offer"
    assert moved["stageChanges"][:-1] == opportunity["stageChanges"]
    assert moved["stageChanges"][-1]["userId"] == lever.user
    assert moved["lastAdvancedAt"] > opportunity["lastAdvancedAt"]
    changed = lever.get("/opportunities", updated_at_start=moved["updatedAt"])
    assert [each["id"] for each in changed] == [opportunity["id"]]
    assert "stage" in lever.message("PUT", f"/opportunities/{opportunity['id']}/stage", {"stage": "nowhere"})
    assert "stage" in lever.message("PUT", f"/opportunities/{opportunity['id']}/stage", {})


def test_rejecting_and_taking_back(lever: Lever, opportunity: Any) -> None:
    """A reason archives the opportunity and its application; null brings both back."""
    path = f"/opportunities/{opportunity['id']}"
    reasons = lever.get("/archive_reasons", type="non-hired")
    reason = reasons[0]["id"]
    archived = lever.wrote("PUT", f"{path}/archived", {"reason": reason})
    assert archived["archived"]["reason"] == reason
    assert lever.get(f"{path}/applications")[0]["archived"] == archived["archived"]
    assert opportunity["id"] in [each["id"] for each in lever.walk("/opportunities", archive_reason_id=reason)]
    back = lever.wrote("PUT", f"{path}/archived", {"reason": None})
    assert back["archived"] is None
    assert lever.get(f"{path}/applications")[0]["archived"] is None
    assert "reason is required" in lever.message("PUT", f"{path}/archived", {})
    assert "reason" in lever.message("PUT", f"{path}/archived", {"reason": NOBODY})
    inactive = next(each["id"] for each in reasons if each["status"] == "inactive")
    assert "inactive" in lever.message("PUT", f"{path}/archived", {"reason": inactive})


def test_a_hire_fills_a_requisition(lever: Lever, opportunity: Any) -> None:
    """A reason of type hired takes a place of the requisition, which unarchiving gives back."""
    path = f"/opportunities/{opportunity['id']}"
    requisition = lever.get("/requisitions", limit=1)[0]
    hired = lever.get("/archive_reasons", type="hired")[0]["id"]
    other = lever.get("/archive_reasons", type="non-hired")[0]["id"]
    named = {"requisitionId": requisition["id"]}
    assert "requisitionId" in lever.message("PUT", f"{path}/archived", {"reason": other, **named})
    lever.wrote("PUT", f"{path}/archived", {"reason": hired, **named})
    held = lever.get(f"{path}/applications")[0]["requisitionForHire"]
    assert (held["id"], held["requisitionCode"]) == (requisition["id"], requisition["requisitionCode"])
    count = requisition["headcountHired"]
    assert lever.get(f"/requisitions/{requisition['id']}")["headcountHired"] == count + 1
    lever.wrote("PUT", f"{path}/archived", {"reason": None})
    assert lever.get(f"{path}/applications")[0]["requisitionForHire"] is None
    assert lever.get(f"/requisitions/{requisition['id']}")["headcountHired"] == count


@pytest.mark.parametrize("key", ["links", "tags", "sources"])
def test_labels_are_added_and_removed(lever: Lever, opportunity: Any, key: str) -> None:
    """Adding adds once, removing removes, and what is left stays in order."""
    path, verb = f"/opportunities/{opportunity['id']}", key.title()
    new = ["https://one.example", "https://two.example"]
    lever.wrote("POST", f"{path}/add{verb}", {key: new})
    assert lever.wrote("POST", f"{path}/add{verb}", {key: new[:1]})[key] == [*opportunity[key], *new]
    assert lever.wrote("POST", f"{path}/remove{verb}", {key: new[:1]})[key] == [*opportunity[key], new[1]]
    assert lever.get(path)[key] == [*opportunity[key], new[1]]
    assert key in lever.message("POST", f"{path}/add{verb}", {key: []})
    assert "known" in lever.message("POST", f"{path}/add{verb}", {key: new, "other": 1})


def test_a_contact_is_changed_once_for_all(lever: Lever, opportunity: Any) -> None:
    """All opportunities of a contact show the change; what is left out stays."""
    path = f"/contacts/{opportunity['contact']}"
    body = {"name": "Renamed", "location": {"name": "Porto"}, "phones": [{"value": "1"}]}
    changed = lever.http.ask("PUT", path, json_body=body).json["data"]
    assert changed["phones"] == [{"type": None, "value": "1"}]
    shown = lever.walk("/opportunities", contact_id=opportunity["contact"], confidentiality="all")
    assert {(each["name"], each["location"], *each["emails"]) for each in shown} == {
        ("Renamed", "Porto", *opportunity["emails"])
    }
    assert all(each["updatedAt"] > opportunity["updatedAt"] for each in shown)
    assert lever.http.ask("PUT", path, json_body={"location": "Porto"}).status == 400
    assert lever.http.ask("PUT", path, json_body={"tags": []}).status == 400


def test_applying_through_a_posting(lever: Lever, posting: Any) -> None:
    """The form that is filled in becomes an application of a new opportunity."""
    form = lever.get(f"/postings/{posting['id']}/apply")
    body = {
        "personalInformation": [*PERSONAL, {"name": "phone", "value": "+1 555"}],
        "customQuestions": answers(form),
        "urls": [{"name": "LinkedIn", "value": "https://www.linkedin.com/in/grace"}],
        "source": "Careers page",
    }
    answer = lever.http.ask("POST", f"/postings/{posting['id']}/apply?send_confirmation_email=true", json_body=body)
    assert answer.status == 200
    assert set(answer.json["data"]) == {"applicationId"}
    (made,) = lever.get("/opportunities", email="grace@mail.example", expand="applications")
    assert (made["stage"], made["origin"], made["sources"]) == ("applicant-new", "applied", ["Careers page"])
    application = made["applications"][0]
    assert application["id"] == answer.json["data"]["applicationId"]
    assert (application["posting"], application["type"], application["user"]) == (posting["id"], "posting", None)
    assert (application["name"], application["phone"]["value"]) == ("Grace Pike", "+1 555")
    asked = {one["id"]: field_value(one) for each in form["customQuestions"] for one in each["fields"]}
    assert {one["id"]: one["value"] for each in application["customQuestions"] for one in each["fields"]} == asked


def test_answers_may_come_in_the_order_of_the_form(lever: Lever, posting: Any) -> None:
    """Without their ids, the values of fields are as many as there are fields, in their order."""
    path, form = f"/postings/{posting['id']}/apply", lever.get(f"/postings/{posting['id']}/apply")
    sent = [
        {"id": each["id"], "fields": [{"value": field_value(one)} for one in each["fields"]]}
        for each in form["customQuestions"]
    ]
    body = {"personalInformation": PERSONAL, "customQuestions": sent}
    short = [{**each, "fields": each["fields"][1:] + each["fields"] + each["fields"]} for each in sent]
    assert "fields must be" in lever.http.post(path, {**body, "customQuestions": short}).json["message"]
    assert lever.http.post(path, body).status == 200
    (made,) = lever.get("/opportunities", email="grace@mail.example", expand="applications")
    kept = [
        one["value"]
        for each in made["applications"][0]["customQuestions"]
        for one in each["fields"]
        if each["id"] == form["customQuestions"][0]["id"]
    ]
    assert kept == [field_value(one) for one in form["customQuestions"][0]["fields"]]


def test_choices_are_checked(lever: Lever) -> None:
    """An answer to a question with options is one of them, or a list of them where several may be chosen."""
    forms = [lever.get(f"/postings/{each['id']}/apply") for each in lever.walk("/postings", state="closed")]
    types = {"yes-no", "multiple-choice", "multiple-select"}
    form = next(
        each for each in forms if types <= {one["type"] for part in each["customQuestions"] for one in part["fields"]}
    )
    assert lever.http.ask("PUT", f"/postings/{form['id']}", json_body={"state": "published"}).status == 200
    good = answers(form)
    kinds = {one["id"]: one["type"] for part in form["customQuestions"] for one in part["fields"]}
    for kind, wrong in (
        ("yes-no", "Perhaps"),
        ("multiple-choice", 3),
        ("multiple-select", "English"),
        ("multiple-select", ["Klingon"]),
    ):
        sent = [
            {**part, "fields": [{**one, "value": wrong} if kinds[one["id"]] == kind else one for one in part["fields"]]}
            for part in good
        ]
        body = {"personalInformation": PERSONAL, "customQuestions": sent}
        answer = lever.http.post(f"/postings/{form['id']}/apply", body)
        assert (answer.status, "customQuestions" in answer.json["message"]) == (400, True), (kind, wrong)
    body = {"personalInformation": PERSONAL, "customQuestions": good}
    assert lever.http.post(f"/postings/{form['id']}/apply", body).status == 200


def test_the_form_is_checked(lever: Lever, posting: Any) -> None:
    """Missing answers, unknown names and wrong choices are refused; so is a posting that is not open."""
    path, form = f"/postings/{posting['id']}/apply", lever.get(f"/postings/{posting['id']}/apply")
    good = {"personalInformation": PERSONAL, "customQuestions": answers(form)}

    def refused(changes: Any) -> str:
        answer = lever.http.post(path, {**good, **changes})
        assert answer.status == 400
        message: str = answer.json["message"]
        return message

    assert "email is required" in refused({"personalInformation": PERSONAL[:1]})
    assert "does not have shoeSize" in refused({"personalInformation": [*PERSONAL, {"name": "shoeSize", "value": "1"}]})
    assert "is required" in refused({"customQuestions": []})
    assert "no form" in refused({"customQuestions": [{"id": NOBODY, "fields": []}]})
    closed = lever.get("/postings", state="closed")[0]["id"]
    ended = lever.http.post(f"/postings/{closed}/apply", {"personalInformation": PERSONAL})
    assert (ended.status, ended.json["message"]) == (400, "posting is closed")
    assert lever.get("/opportunities", email="grace@mail.example") == []
    assert lever.http.post(path, good).status == 200
