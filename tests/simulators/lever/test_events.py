"""Writes to notes, panels, interviews, feedback and files of the pretend Lever."""

from typing import Any
from urllib.parse import quote

import pytest

from ..asking import Answer
from .conftest import NOBODY, Lever

PDF = b"%PDF-1.4\n\x00\xff\r\n--edge\r\nnot the end"


def upload(
    lever: Lever, opportunity: Any, content: bytes = PDF, name: str = "cv.pdf", part: str = "file", query: str = ""
) -> Answer:
    """Send one part of a multipart form."""
    head = f'--edge-1\r\nContent-Disposition: form-data; name="{part}"; filename="{name}"\r\n'
    body = head.encode() + b"Content-Type: application/pdf\r\n\r\n" + content + b"\r\n--edge-1--\r\n"
    path = f"/opportunities/{opportunity['id']}/files?{query or f'perform_as={lever.user}'}"
    headers = {"Content-Type": "multipart/form-data; boundary=edge-1"}
    return lever.http.ask("POST", path, raw=body, headers=headers)


def first(lever: Lever, kind: str) -> tuple[str, Any]:
    """Give the path of an opportunity that has some of a kind, and the first of them."""
    for each in lever.walk("/opportunities", confidentiality="all"):
        if found := lever.get(f"/opportunities/{each['id']}/{kind}"):
            return f"/opportunities/{each['id']}", found[0]
    raise AssertionError(kind)


def scheduled(lever: Lever, opportunity: Any) -> tuple[str, Any]:
    """Make a panel and an interview."""
    path = f"/opportunities/{opportunity['id']}"
    panel = lever.wrote("POST", f"{path}/panels", {"timezone": "Europe/Lisbon"})
    template = lever.get("/feedback_templates")[0]["id"]
    body = {
        "panel": panel["id"],
        "subject": "Onsite",
        "interviewers": [{"id": lever.user, "feedbackTemplate": template}],
        "date": 4_000_000_000_000,
        "duration": 45,
        "location": "Room 1",
    }
    return path, lever.wrote("POST", f"{path}/interviews", body)


def test_notes_live_and_die(lever: Lever, opportunity: Any) -> None:
    """A note is written, read, replied to, changed and deleted."""
    path = f"/opportunities/{opportunity['id']}/notes"
    made = lever.wrote("POST", path, {"value": "Keen", "secret": True, "createdAt": 1_700_000_000_000})
    assert (made["text"], made["secret"], made["user"]) == ("Keen", True, lever.user)
    assert made["createdAt"] == 1_700_000_000_000
    assert "opportunityId" not in made
    replied = lever.wrote("POST", path, {"value": "Agreed", "note_id": made["id"], "score": 3})
    assert replied["fields"][1]["score"] == 3
    assert [each["value"] for each in replied["fields"]] == ["Keen", "Agreed"]
    assert len([each for each in lever.get(path) if each["id"] == made["id"]]) == 1
    lever.wrote("PUT", f"{path}/{made['id']}", {"value": "Very keen"})
    read = lever.get(f"{path}/{made['id']}")
    assert (read["text"], [each["value"] for each in read["fields"]]) == ("Very keen", ["Very keen", "Agreed"])
    assert "value is required" in lever.message("POST", path, {})
    assert "note_id" in lever.message("POST", path, {"value": "x", "note_id": NOBODY})
    assert lever.write("DELETE", f"{path}/{made['id']}").status == 204
    assert lever.http.get(f"{path}/{made['id']}").status == 404
    assert made["id"] not in [each["id"] for each in lever.get(path)]
    assert lever.get(f"/opportunities/{opportunity['id']}")["lastInteractionAt"] > opportunity["lastInteractionAt"]


def test_nothing_refers_to_another_opportunity(lever: Lever, opportunity: Any) -> None:
    """Notes, panels, interviews and applications of another one can't be written to."""
    path, interview = scheduled(lever, opportunity)
    other = next(each for each in lever.get("/opportunities") if each["id"] != opportunity["id"])
    elsewhere = f"/opportunities/{other['id']}"
    foreign = lever.wrote("POST", f"{elsewhere}/notes", {"value": "x"})["id"]
    assert "another" in lever.message("POST", f"{path}/notes", {"value": "x", "note_id": foreign})
    held = {"subject": "One", "interviewers": [{"id": lever.user}], "date": 1_000, "duration": 30}
    panel = lever.wrote("POST", f"{elsewhere}/panels", {"timezone": "UTC"})["id"]
    assert "another" in lever.message("POST", f"{path}/interviews", {**held, "panel": panel})
    assert "duration" in lever.message(
        "POST", f"{path}/interviews", {**held, "panel": interview["panel"], "duration": 0}
    )
    mine = lever.wrote("POST", f"{path}/panels", {"timezone": "UTC"})["id"]
    template = lever.get("/feedback_templates")[0]["id"]
    body = {"baseTemplateId": template, "fieldValues": [], "interview": interview["id"], "panel": mine}
    assert "another panel" in lever.message("POST", f"{path}/feedback", body)
    stranger = {"timezone": "UTC", "applications": other["applications"] or [NOBODY]}
    assert "applications" in lever.message("POST", f"{path}/panels", stranger)
    assert lever.http.get(f"{elsewhere}/interviews/{interview['id']}").status == 404
    assert lever.write("DELETE", f"{elsewhere}/panels/{mine}").status == 404


def test_some_notes_are_told_in_fields_alone(lever: Lever) -> None:
    """There are notes without a text, whose fields have it."""
    seen: dict[bool, Any] = {}
    for each in lever.walk("/opportunities")[:60]:
        for note in lever.get(f"/opportunities/{each['id']}/notes") if len(seen) < 2 else ():
            seen[note["text"] is None] = note
            assert note["fields"][0]["type"] == "note"
            assert note["fields"][0]["value"]
    assert set(seen) == {True, False}


def test_interviews_live_and_die(lever: Lever, opportunity: Any) -> None:
    """An interview of a panel of one's own is made, read, changed and deleted."""
    path, made = scheduled(lever, opportunity)
    read = lever.get(f"{path}/interviews/{made['id']}")
    assert read["opportunityId"] == opportunity["id"]
    assert (read["date"], read["duration"], read["timezone"]) == (4_000_000_000_000, 45, "Europe/Lisbon")
    assert read["interviewers"][0]["email"] == "user1@meridian.example"
    listed = [each for each in lever.get(f"{path}/interviews") if each["id"] == made["id"]]
    assert listed == [{key: value for key, value in read.items() if key != "opportunityId"}]
    assert lever.get(f"{path}/panels/{made['panel']}")["end"] == 4_000_000_000_000 + 45 * 60_000
    body = {key: read[key] for key in ("panel", "date", "duration")}
    body |= {"subject": "Later", "interviewers": [{"id": lever.user}]}
    assert lever.wrote("PUT", f"{path}/interviews/{made['id']}", body)["subject"] == "Later"
    assert lever.get(f"{path}/interviews/{made['id']}")["location"] is None
    assert "interviewers is required" in lever.message("PUT", f"{path}/interviews/{made['id']}", {"subject": "x"})
    assert lever.write("DELETE", f"{path}/interviews/{made['id']}").status == 204
    assert lever.http.get(f"{path}/interviews/{made['id']}").status == 404


def test_lever_keeps_its_own_interviews(lever: Lever) -> None:
    """An interview of a panel that Lever manages can't be changed, deleted or added to."""
    for each in lever.walk("/opportunities"):
        path = f"/opportunities/{each['id']}"
        own = [row for row in lever.get(f"{path}/panels") if not row["externallyManaged"]]
        if own:
            break
    interview = own[0]["interviews"][0]
    assert "externally managed" in lever.message("DELETE", f"{path}/interviews/{interview['id']}")
    assert "externally managed" in lever.message("DELETE", f"{path}/panels/{own[0]['id']}")
    body = {"panel": own[0]["id"], "subject": "x", "interviewers": [{"id": lever.user}], "date": 1, "duration": 1}
    assert "externally managed" in lever.message("POST", f"{path}/interviews", body)
    assert "externally managed" in lever.message("PUT", f"{path}/panels/{own[0]['id']}", {"timezone": "UTC"})
    mine = lever.wrote("POST", f"{path}/panels", {"timezone": "UTC"})["id"]
    moved = {**body, "panel": mine}
    assert "externally managed" in lever.message("PUT", f"{path}/interviews/{interview['id']}", moved)
    assert lever.get(f"{path}/interviews/{interview['id']}")["subject"] == interview["subject"]


def test_panels_live_and_die(lever: Lever, opportunity: Any) -> None:
    """A panel is made with its interviews, changed, and deleted with them; a bad one leaves nothing behind."""
    path = f"/opportunities/{opportunity['id']}"
    before = lever.get(f"{path}/panels")
    held = {"subject": "One", "interviewers": [{"id": lever.user}], "date": 1_000, "duration": 30}
    bad = {"timezone": "UTC", "interviews": [held, {**held, "interviewers": [{"id": NOBODY}]}]}
    assert "interviewers" in lever.message("POST", f"{path}/panels", bad)
    assert "timezone is required" in lever.message("POST", f"{path}/panels", {})
    assert lever.get(f"{path}/panels") == before
    made = lever.wrote("POST", f"{path}/panels", {"timezone": "UTC", "interviews": [held, {**held, "date": 9_000}]})
    assert (made["start"], made["end"]) == (1_000, 9_000 + 30 * 60_000)
    assert [each["panel"] for each in made["interviews"]] == [made["id"]] * 2
    changed = lever.wrote("PUT", f"{path}/panels/{made['id']}", {"timezone": "Asia/Tokyo", "interviews": [held]})
    assert len(changed["interviews"]) == 1
    assert lever.get(f"{path}/panels/{made['id']}")["timezone"] == "Asia/Tokyo"
    interview = changed["interviews"][0]["id"]
    assert lever.write("DELETE", f"{path}/panels/{made['id']}").status == 204
    assert lever.http.get(f"{path}/interviews/{interview}").status == 404
    assert lever.get(f"{path}/panels") == before


def test_archiving_may_clean_interviews(lever: Lever, opportunity: Any) -> None:
    """What is still to come is canceled when it is asked for, and not otherwise."""
    path, made = scheduled(lever, opportunity)
    reason = lever.get("/archive_reasons", type="non-hired")[0]["id"]
    lever.wrote("PUT", f"{path}/archived", {"reason": reason})
    assert lever.get(f"{path}/interviews/{made['id']}")["canceledAt"] is None
    lever.wrote("PUT", f"{path}/archived", {"reason": reason, "cleanInterviews": True})
    assert lever.get(f"{path}/interviews/{made['id']}")["canceledAt"] is not None


def test_feedback_lives_and_dies(lever: Lever, opportunity: Any) -> None:
    """Feedback on an interview is written, finished and deleted; its interview knows of it."""
    path, interview = scheduled(lever, opportunity)
    template = lever.get("/feedback_templates")[0]
    assert lever.get(f"/feedback_templates/{template['id']}") == template
    rating = next(each for each in template["fields"] if each["type"] == "score-system")
    takeaways = next(each for each in template["fields"] if each["text"] == "Takeaways")
    body = {
        "baseTemplateId": template["id"],
        "interview": interview["id"],
        "fieldValues": [{"id": takeaways["id"], "value": "Good"}],
    }
    made = lever.wrote("POST", f"{path}/feedback", body)
    assert (made["completedAt"], made["panel"], made["user"]) == (None, interview["panel"], lever.user)
    assert lever.get(f"{path}/interviews/{interview['id']}")["feedbackForms"] == [made["id"]]
    target = f"{path}/feedback/{made['id']}"
    assert "Rating is required" in lever.message("PUT", target, {"completedAt": 5})
    wrong = {"fieldValues": [{"id": rating["id"], "value": "5 - Hero"}]}
    assert "must be one of" in lever.message("PUT", target, wrong)
    assert "no field" in lever.message("PUT", target, {"fieldValues": [{"id": "x", "value": 1}]})
    chosen = rating["options"][2]["text"]
    lever.wrote("PUT", target, {"completedAt": 5, "fieldValues": [{"id": rating["id"], "value": chosen}]})
    read = lever.get(target)
    values = {each["text"]: each["value"] for each in read["fields"]}
    assert (values["Rating"], values["Takeaways"], read["completedAt"]) == (chosen, "Good", 5)
    assert lever.write("DELETE", target).status == 204
    assert lever.http.get(target).status == 404
    assert lever.get(f"{path}/interviews/{interview['id']}")["feedbackForms"] == []
    other = next(each for each in lever.get("/opportunities") if each["id"] != opportunity["id"])
    _, foreign = scheduled(lever, other)
    assert "another opportunity" in lever.message("POST", f"{path}/feedback", {**body, "interview": foreign["id"]})


def test_seeded_feedback_may_be_a_draft(lever: Lever) -> None:
    """There is feedback that was finished, and feedback that was not."""
    found: list[Any] = []
    for each in lever.walk("/opportunities")[:250]:
        found += lever.get(f"/opportunities/{each['id']}/feedback")
    assert {each["completedAt"] is None for each in found} == {True, False}
    ratings = {one["value"] for each in found for one in each["fields"] if one["type"] == "score-system"}
    assert ratings == {None, "1 - Strong No Hire", "2 - No Hire", "3 - Hire", "4 - Strong Hire"}


@pytest.mark.parametrize("name", ["cv.pdf", "résumé final.PDF", "noextension"])
def test_an_upload_comes_back_byte_for_byte(lever: Lever, opportunity: Any, name: str) -> None:
    """A file is uploaded, listed, described and downloaded with credentials alone, then deleted."""
    answer = upload(lever, opportunity, name=name)
    assert answer.status == 201
    made, path = answer.json["data"], f"/opportunities/{opportunity['id']}/files"
    assert (made["name"], made["size"]) == (name, len(PDF))
    assert made["ext"] == ("pdf" if "." in name else None)
    assert made in lever.get(path)
    assert lever.get(f"{path}/{made['id']}") == made
    assert made["downloadUrl"].endswith(f"/v1{path}/{made['id']}/download")
    sent = lever.http.ask("GET", made["downloadUrl"])
    assert (sent.body, sent.headers["content-type"]) == (PDF, "application/pdf")
    assert quote(name) in sent.headers["content-disposition"]
    assert lever.http.ask("GET", made["downloadUrl"], headers={"Authorization": "Basic x"}).status == 401
    assert lever.write("DELETE", f"{path}/{made['id']}").status == 204
    assert lever.http.ask("GET", made["downloadUrl"]).status == 404
    assert made not in lever.get(path)


def test_uploads_are_strict(lever: Lever, opportunity: Any) -> None:
    """The form has one part, `file`, with content; JSON is no form; somebody must act."""
    before = lever.get(f"/opportunities/{opportunity['id']}/files")
    assert upload(lever, opportunity, part="document").status == 400
    assert upload(lever, opportunity, content=b"").status == 400
    assert upload(lever, opportunity, query="limit=1").status == 400
    assert "multipart" in lever.message("POST", f"/opportunities/{opportunity['id']}/files", {"file": "x"})
    too_large = upload(lever, opportunity, content=bytes(30 * 1024 * 1024 + 1))
    assert (too_large.status, too_large.json["code"]) == (400, "BadRequest")
    assert "30 MB" in too_large.json["message"]
    assert lever.get(f"/opportunities/{opportunity['id']}/files") == before


def test_resumes_hold_a_file(lever: Lever) -> None:
    """A résumé is described by its file, whose address gives a PDF of that size."""
    path, resume = first(lever, "resumes")
    assert lever.get(f"{path}/resumes/{resume['id']}") == resume
    sent = lever.http.ask("GET", resume["file"]["downloadUrl"])
    assert sent.body.startswith(b"%PDF")
    assert len(sent.body) == resume["file"]["size"]
    assert resume["file"]["ext"] == "pdf"
