"""Writes to the postings, requisitions, users and webhooks of the pretend Lever."""

from .conftest import NOBODY, Lever


def test_postings_are_made_and_changed(lever: Lever) -> None:
    """A posting begins as a draft; what is changed inside its categories leaves the others alone."""
    body = {
        "text": "Engineer",
        "categories": {"team": "Tools", "location": "Lisbon"},
        "content": {"descriptionHtml": "<p>x</p>"},
    }
    made = lever.wrote("POST", "/postings", body)
    assert (made["state"], made["user"], made["owner"]) == ("draft", lever.user, lever.user)
    path = f"/postings/{made['id']}"
    changes = {"state": "published", "categories": {"team": "Platform"}}
    answer = lever.http.ask("PUT", path, json_body=changes)
    assert answer.status == 200
    read = lever.get(path)
    assert (read["state"], read["text"]) == ("published", "Engineer")
    assert (read["categories"]["team"], read["categories"]["location"]) == ("Platform", "Lisbon")
    assert read["content"]["descriptionHtml"] == "<p>x</p>"
    assert read["updatedAt"] > made["updatedAt"]
    assert made["id"] in [each["id"] for each in lever.walk("/postings", team="Platform", state="published")]
    assert lever.write("PUT", path, {"text": "Senior Engineer"}).status == 200
    assert lever.get(f"{path}/apply")["customQuestions"] == []


def test_malformed_postings_are_refused(lever: Lever) -> None:
    """A posting needs a title, a known state and known people."""
    assert "text is required" in lever.message("POST", "/postings", {"state": "draft"})
    assert "state" in lever.message("POST", "/postings", {"text": "A", "state": "open"})
    assert "owner" in lever.message("POST", "/postings", {"text": "A", "owner": NOBODY})
    assert "followers" in lever.message("POST", "/postings", {"text": "A", "followers": [NOBODY]})
    assert "title" in lever.message("POST", "/postings", {"text": "A", "title": "A"})


def test_requisitions_live_and_die(lever: Lever) -> None:
    """A requisition is opened, closed with a time, and deleted; its code is its own."""
    body = {"requisitionCode": "NEW-1", "name": "New", "headcountTotal": 2}
    made = lever.http.post("/requisitions", body).json["data"]
    assert (made["status"], made["headcountHired"], made["closedAt"]) == ("open", 0, None)
    assert lever.http.post("/requisitions", body).status == 400
    assert lever.http.post("/requisitions", {"name": "New"}).status == 400
    unknown = {"requisitionCode": "NEW-2", "name": "New", "headcountTotal": 2, "postings": [NOBODY]}
    assert lever.http.post("/requisitions", unknown).status == 400
    path = f"/requisitions/{made['id']}"
    assert lever.http.ask("PUT", path, json_body={"status": "closed"}).json["data"]["closedAt"] is not None
    assert lever.get(path)["status"] == "closed"
    assert made["id"] in [each["id"] for each in lever.walk("/requisitions")]
    assert lever.http.ask("DELETE", path).status == 204
    assert lever.http.get(path).status == 404


def test_users_come_and_go(lever: Lever) -> None:
    """A user is added, changed, deactivated and let back in; an email is one user's."""
    body = {"name": "Ann Field", "email": "ann@meridian.example", "accessRole": "admin", "managerId": lever.user}
    answer = lever.http.post("/users", body)
    assert answer.status == 201
    path = f"/users/{answer.json['data']['id']}"
    assert lever.http.ask("PUT", path, json_body={"jobTitle": "Chief"}).status == 200
    read = lever.get(path)
    assert {**read, **body, "jobTitle": "Chief"} == read
    assert lever.http.post("/users", {**body, "email": "ANN@meridian.example"}).status == 400
    assert lever.http.post("/users", {"name": "A"}).status == 400
    assert lever.http.post("/users", {**body, "email": "b@meridian.example", "accessRole": "boss"}).status == 400
    assert lever.http.ask("POST", f"{path}/deactivate").json["data"]["deactivatedAt"] is not None
    assert read["id"] not in [each["id"] for each in lever.walk("/users")]
    assert lever.http.ask("POST", f"{path}/reactivate").json["data"]["deactivatedAt"] is None
    assert read["id"] in [each["id"] for each in lever.walk("/users")]


def test_a_signature_token_is_told_once(lever: Lever) -> None:
    """A webhook's token is in the answer to its making, and nowhere else."""
    conditions = {"origins": ["applied", "sourced"]}
    body = {
        "event": "candidateHired",
        "url": "https://hooks.example/lever",
        "configuration": {"conditions": conditions},
    }
    made = lever.http.post("/webhooks", body).json["data"]
    assert len(made["configuration"]["signatureToken"]) == 64
    path = f"/webhooks/{made['id']}"
    assert lever.get(path)["configuration"] == {"conditions": conditions}
    assert [each["id"] for each in lever.get("/webhooks")] == [made["id"]]
    changed = lever.http.ask("PUT", path, json_body={"url": "https://hooks.example/other"}).json["data"]
    assert (changed["url"], changed["event"]) == ("https://hooks.example/other", "candidateHired")
    assert changed["configuration"] == {"conditions": conditions}
    assert lever.http.post("/webhooks", {**body, "event": "hired"}).status == 400
    assert lever.http.post("/webhooks", {**body, "url": "http://hooks.example"}).status == 400
    assert lever.http.ask("DELETE", path).status == 204
    assert lever.get("/webhooks") == []
