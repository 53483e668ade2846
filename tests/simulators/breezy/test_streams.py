"""What is said about candidates and to them, their files, and webhooks."""

from collections import Counter
from typing import Any

from ..asking import Client
from .conftest import NOBODY, Breezy, refused, upload


def test_streams_tell_of_notes_and_changes(breezy: Breezy) -> None:
    """Every stream begins with the adding of the candidate; events tell where they are, and who acted."""
    kinds: Counter[str] = Counter()
    for path, row in breezy.everyone()[::5]:
        events = breezy.get(f"{path}/stream")
        kinds.update(each["type"] for each in events)
        assert all(each["object"]["candidate_id"] == row["_id"] for each in events)
        moments = [each["timestamp"] for each in events]
        assert moments == sorted(moments, reverse=True)
        assert sum(each["type"] == "candidateAdded" for each in events) == 1
        for each in events:
            if each["type"] == "companyNotePosted":
                assert each["object"]["body"]
                assert set(each["object"]["acting_user"]) == {"_id", "name", "email_address"}
    assert set(kinds) == {"candidateAdded", "companyNotePosted", "candidateStatusUpdated"}


def test_a_note_is_posted(breezy: Breezy, path: str) -> None:
    """A note is the newest event of the stream, by whoever has the token."""
    made = breezy.wrote("POST", f"{path}/stream", {"body": "Keen — “very”."})
    assert made in breezy.get(f"{path}/stream")
    assert made["object"]["acting_user"]["_id"] == breezy.http.get("/user").json["_id"]
    for body in ({}, {"body": " "}):
        refused(breezy.ask("POST", f"{path}/stream", body), 400, "postNoteMissingBody")
    refused(breezy.ask("POST", f"{path}/stream", {"body": "x", "visibility": "all"}), 400, "postNoteError")


def test_conversations_are_skipped_through(breezy: Breezy) -> None:
    """Fifty messages come at a time; whoever skips on sees all of them once."""
    path = next(each for each, _ in breezy.everyone() if len(breezy.get(f"{each}/conversation")) == 50)
    first, second = (breezy.get(f"{path}/conversation", skip=skip) for skip in (0, 50))
    ids = [each["_id"] for each in first + second]
    assert 50 < len(set(ids)) == len(ids) < 100
    assert {each["type"] for each in first} == {"messageToCandidatePosted", "messageFromCandidatePosted"}
    assert all((each["object"]["acting_user"] is None) == ("From" in each["type"]) for each in first)
    assert breezy.get(f"{path}/conversation", skip=100) == []
    refused(breezy.ask("GET", f"{path}/conversation", skip=-1), 400, "getConversationError")


def test_messages_that_wait_are_shown_when_asked_for(breezy: Breezy) -> None:
    """Some messages are not sent yet."""
    paths = [each for each, _ in breezy.everyone()]
    shown = sum(len(breezy.get(f"{each}/conversation")) for each in paths)
    known = sum(len(breezy.get(f"{each}/conversation", include_delayed=1)) for each in paths)
    assert 0 < shown < known


def test_a_message_is_sent(breezy: Breezy, position: Any, path: str) -> None:
    """A message is then in the conversation; there is none to who has no address."""
    made = breezy.wrote("POST", f"{path}/conversation", {"body": "When?", "subject": "A call"})
    assert breezy.get(f"{path}/conversation") == [made]
    assert (made["type"], made["object"]["subject"]) == ("messageToCandidatePosted", "A call")
    refused(breezy.ask("POST", f"{path}/conversation", {"body": ""}), 400, "postMessageError")
    silent = breezy.wrote("POST", f"/position/{position['_id']}/candidates", {"name": "Nobody"})
    there = f"/position/{position['_id']}/candidate/{silent['_id']}/conversation"
    assert "email_address" in refused(breezy.ask("POST", there, {"body": "When?"}), 400, "postMessageError")


def test_answers_are_to_the_questionnaire_of_the_position(breezy: Breezy) -> None:
    """Who answered did so to what the position asks."""
    positions = {each["_id"]: each for each in breezy.positions()}
    seen = 0
    for path, _ in breezy.everyone()[::10]:
        for each in breezy.get(f"{path}/questionnaires"):
            seen += 1
            assert each["questionnaire_id"] == positions[path.split("/")[2]]["questionnaire_id"]
            assert all("response" in one for part in each["sections"] for one in part["questions"])
    assert seen > 10


def test_a_resume_is_behind_the_token(breezy: Breezy, path: str) -> None:
    """An uploaded résumé comes back byte for byte, by way of an address that is signed; the last one counts."""
    refused(breezy.ask("GET", f"{path}/resume"), 404, "resumeNotFound")
    seen = []
    for content in (b"one", b"two \x00\xff"):
        made = upload(breezy, f"{path}/resume", "file", "résumé.txt", content)
        assert (made.status, made.json["file_name"]) == (201, "résumé.txt")
        seen.append(made.json["_id"])
        assert breezy.get(path)["resume"] == made.json
        sent_on = breezy.http.get(made.json["url"])
        assert sent_on.status == 302
        assert Client("", {}).get(sent_on.headers["location"]).body == content
        refused(Client("", {}).get(made.json["pdf_url"]), 400, "missingAccessToken")
    assert seen[0] != seen[1]


def test_seeded_resumes_are_there(breezy: Breezy) -> None:
    """Every résumé that a row tells of can be fetched; some have no id, and some an error."""
    rows = [row["resume"] for _, row in breezy.everyone() if row["resume"]]
    for each in rows[:5]:
        content = Client("", {}).get(breezy.http.get(each["url"]).headers["location"])
        assert content.body.startswith(b"%PDF")
        assert content.headers["content-type"] == "application/pdf"
    assert any("_id" not in each for each in rows) and any("error" in each for each in rows)


def test_documents_are_uploaded_and_listed(breezy: Breezy, path: str) -> None:
    """Documents come back byte for byte from signed addresses, which can't be forged."""
    made = upload(breezy, f"{path}/documents", "data", "letter.txt", b"Dear \xc3\xa9").json
    (listed,) = breezy.get(f"{path}/documents")
    assert (listed["_id"], listed["file_name"]) == (made["_id"], "letter.txt")
    answer = Client("", {}).get(listed["url"])
    assert (answer.status, answer.body) == (200, b"Dear \xc3\xa9")
    assert Client("", {}).get(listed["url"][:-1] + "_").status == 403
    assert breezy.get(path)["resume"] is None
    seeded = [each for one, _ in breezy.everyone()[::3] for each in breezy.get(f"{one}/documents")]
    assert len(seeded) > 10
    assert Client("", {}).get(seeded[0]["url"]).status == 200


def test_uploads_must_fit(breezy: Breezy, path: str) -> None:
    """The part has its name, and a file with something in it."""
    refused(upload(breezy, f"{path}/resume", "data", "a.txt", b"x"), 400, "uploadResumeError")
    refused(upload(breezy, f"{path}/documents", "file", "a.txt", b"x"), 400, "uploadDocumentError")
    refused(upload(breezy, f"{path}/resume", "file", "a.txt", b""), 400, "uploadResumeError")
    refused(breezy.ask("POST", f"{path}/documents", {"data": "x"}), 400, "uploadDocumentError")
    assert breezy.get(f"{path}/documents") == []


def test_webhooks_are_kept(breezy: Breezy) -> None:
    """A webhook tells its secret once, can be changed, paused, resumed and deleted."""
    before = breezy.get("/webhook_endpoints")
    body = {"url": "https://hooks.example/1", "events": ["candidateAdded"], "description": "Mine"}
    made = breezy.wrote("POST", "/webhook_endpoints", body)
    secret = made.pop("secret")
    assert secret.startswith("whsec_") and secret.startswith(made["secret_prefix"])
    assert {key: made[key] for key in body} == body
    path = f"/webhook_endpoint/{made['id']}"
    assert breezy.get(path) == made
    after = breezy.get("/webhook_endpoints")
    assert after["data"] == [*before["data"], made]
    assert after["meta"]["total"] == after["meta"]["quota"]["current"] == before["meta"]["total"] + 1
    assert breezy.wrote("PUT", path, {"events": ["companyNotePosted"]})["events"] == ["companyNotePosted"]
    for action, status in (("pause", "paused"), ("resume", "active")):
        shown = breezy.wrote("POST", f"{path}/{action}")
        assert (shown["status"], shown["enabled"]) == (status, status == "active")
    assert breezy.wrote("DELETE", path) is None
    refused(breezy.ask("GET", path), 404, "webhookNotFound")
    assert breezy.get("/webhook_endpoints") == before


def test_webhooks_must_fit(breezy: Breezy) -> None:
    """An https address, known events, and no more than ten."""
    good = {"url": "https://hooks.example/1", "events": ["candidateAdded"]}
    changes: list[dict[str, Any]] = [
        {"url": "http://hooks.example"},
        {"events": []},
        {"events": ["hired"]},
        {"secret": "mine"},
    ]
    for change in changes:
        refused(breezy.ask("POST", "/webhook_endpoints", {**good, **change}), 400, "createWebhookError")
    meta = breezy.get("/webhook_endpoints")["meta"]
    for _ in range(meta["quota"]["limit"] - meta["total"]):
        breezy.wrote("POST", "/webhook_endpoints", good)
    assert "10" in refused(breezy.ask("POST", "/webhook_endpoints", good), 400, "createWebhookError")
    refused(breezy.ask("DELETE", f"/webhook_endpoint/{NOBODY}"), 404, "webhookNotFound")
