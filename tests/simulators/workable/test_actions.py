"""What happens to candidates, and to the account, in the name of a member."""

from typing import Any

import pytest

from ..asking import Client
from .conftest import MISSING, Workable, file, invalid, refused

CONTENT = b"\x00\xff file"


def feed(workable: Workable, candidate: str, *actions: str) -> list[Any]:
    """Give the activities of these actions."""
    return workable.walk(f"/candidates/{candidate}/activities", "activities", actions=",".join(actions))


def test_moving_goes_by_slug(workable: Workable) -> None:
    """The stage changes, and the feed tells of it by the slug; names and other jobs' stages are refused."""
    one = workable.create()["id"]
    path = f"/candidates/{one}/move"
    answer = workable.act(path, target_stage="applied")
    assert (answer.status, answer.body) == (202, b"")
    row = workable.candidate(one)
    assert (row["stage"], row["stage_kind"]) == ("Application Review", "applied")
    (told,) = feed(workable, one, "applied")
    assert told["target_stage"]["slug"] == "applied"
    assert told["action_stage"]["slug"] == "sourced"
    assert told["member"]["id"] == workable.member
    assert list(invalid(workable.act(path, target_stage="Application Review"))) == ["target_stage"]
    assert list(invalid(workable.act(path))) == ["target_stage"]


def test_hiring_is_moving_to_the_last_stage(workable: Workable) -> None:
    """In offer and hired there is a time of it; moving back takes the hire back."""
    job = workable.job()
    one = workable.create(job)["id"]
    path = f"/candidates/{one}/move"
    workable.act(path, target_stage="offer")
    assert workable.candidate(one)["moved_to_offer_at"]
    workable.act(path, target_stage="hired")
    row = workable.candidate(one)
    assert (row["stage_kind"], bool(row["hired_at"])) == ("hired", True)
    assert one in [each["id"] for each in workable.walk("/candidates", "candidates", stage="hired")]
    workable.act(path, target_stage="applied")
    assert "hired_at" not in workable.candidate(one)


def test_a_move_may_fill_a_requisition(workable: Workable) -> None:
    """A requisition of the job is filled by the candidate; one of another job is refused."""
    row = workable.get("/requisitions")["requisitions"][0]
    one = workable.create(row["job"]["shortcode"])["id"]
    path = f"/candidates/{one}/move"
    sent = {"code": row["code"], "start_date": "2027-01-01", "salary": {"amount": 5, "frequency": "yearly"}}
    assert workable.act(path, target_stage="offer", requisition=sent).status == 202
    filled = workable.get("/requisitions", job_id=row["job"]["id"])["requisitions"][0]
    assert filled["candidate"]["id"] == one
    rows = workable.walk("/requisitions", "requisitions")
    other = next(each["code"] for each in rows if each["job"] != row["job"])
    for code in ("REQ-0", other):
        wrong = workable.act(path, target_stage="hired", requisition={"code": code})
        assert list(invalid(wrong)) == ["requisition.code"]


def test_disqualifying_and_back(workable: Workable) -> None:
    """The reason shows by its words; what the candidate chose is a withdrawal; both can be taken back once."""
    reasons = workable.get("/disqualification_reasons")
    left = next(each for each in reasons if each["candidate_withdrew"])
    one = workable.create()["id"]
    path = f"/candidates/{one}"
    sent = {"disqualify_reason_id": left["id"], "disqualify_note": "é" * 256}
    answer = workable.act(f"{path}/disqualify", **sent)
    assert (answer.status, answer.body) == (200, b"")
    row = workable.candidate(one)
    assert (row["disqualified"], row["withdrew"], row["disqualification_reason"]) == (True, True, left["description"])
    assert row["disqualified_at"]
    assert feed(workable, one, "disqualified")[0]["body"] == sent["disqualify_note"]
    refused(workable.act(f"{path}/disqualify"), 422)
    refused(workable.act(f"{path}/move", target_stage="applied"), 422)
    assert workable.act(f"{path}/revert").status == 200
    row = workable.candidate(one)
    assert (row["disqualified"], row["disqualified_at"], row["disqualification_reason"]) == (False, None, None)
    assert "withdrew" not in row
    refused(workable.act(f"{path}/revert"), 422)
    assert list(invalid(workable.act(f"{path}/disqualify", disqualify_note="x" * 257))) == ["disqualify_note"]
    assert list(invalid(workable.act(f"{path}/disqualify", disqualify_reason_id=MISSING))) == ["disqualify_reason_id"]


@pytest.mark.parametrize("action", ["move", "disqualify", "revert", "relocate", "copy", "comments", "ratings"])
def test_actions_need_an_active_member(workable: Workable, action: str) -> None:
    """Nobody, somebody unknown and somebody who left can't act."""
    one = workable.create()["id"]
    job = workable.job(state="closed")
    bodies: dict[str, dict[str, Any]] = {
        "move": {"target_stage": "applied"},
        "relocate": {"target_job_shortcode": job},
        "copy": {"target_job_shortcode": job},
        "comments": {"comment": {"body": "x"}},
        "ratings": {"comment": "x", "grade": 1},
    }
    rest = bodies.get(action, {})
    if action == "revert":
        workable.act(f"/candidates/{one}/disqualify")
    gone = workable.get("/members", status="inactive")["members"][0]["id"]
    path = f"/candidates/{one}/{action}"
    for actor in ({}, {"member_id": MISSING}, {"member_id": gone}):
        assert list(invalid(workable.http.post(path, {**actor, **rest}))) == ["member_id"]
    assert workable.act(path, **rest).status in (200, 201, 202)


def test_relocating_leaves_nothing_behind(workable: Workable) -> None:
    """The record is a new one on the other job, with the files and the feed; the old one is gone."""
    made = workable.create(resume=file("cv.pdf", CONTENT), tags=["t"])
    workable.act(f"/candidates/{made['id']}/comments", comment={"body": "Better there."})
    job = workable.job(state="closed")
    answer = workable.act(f"/candidates/{made['id']}/relocate", target_job_shortcode=job)
    assert answer.status == 201
    new = answer.json["candidate"]
    assert set(new) == {"id", "url"}
    refused(workable.http.get(f"/candidates/{made['id']}"), 404)
    row = workable.candidate(new["id"])
    assert (row["job"]["shortcode"], row["stage_kind"], row["tags"]) == (job, "applied", ["t"])
    assert Client("", {}).get(row["resume_url"]).body == CONTENT
    assert feed(workable, new["id"], "comment")[0]["body"] == "Better there."
    wrong = workable.act(f"/candidates/{new['id']}/relocate", target_job_shortcode="ABC")
    assert list(invalid(wrong)) == ["target_job_shortcode"]


def test_a_copy_is_a_second_candidate(workable: Workable) -> None:
    """Both are there; the copy says whose it is, has files of its own, and changes alone."""
    made = workable.create(resume=file("cv.pdf", CONTENT))
    job = workable.job(state="closed")
    path = f"/candidates/{made['id']}"
    new = workable.act(f"{path}/copy", target_job_shortcode=job, target_stage="offer").json["candidate"]
    row = workable.candidate(new["id"])
    assert (row["originating_candidate_id"], row["stage_kind"]) == (made["id"], "offer")
    assert workable.candidate(made["id"])["job"] != row["job"]
    workable.send("PUT", path, {"candidate": {"resume": file("new.pdf", b"new")}})
    assert Client("", {}).get(workable.candidate(new["id"])["resume_url"]).body == CONTENT
    assert len(workable.get("/candidates", email=made["email"])["candidates"]) == 2
    same = workable.act(f"{path}/copy", target_job_shortcode=made["job"]["shortcode"])
    assert list(invalid(same)) == ["target_job_shortcode"]


def test_comments_carry_files(workable: Workable) -> None:
    """A comment is in the feed with who may see it, and its file among the candidate's."""
    one = workable.create()["id"]
    sent = {"body": "Look — “this”.", "policy": ["simple"], "attachment": file("notes.txt", CONTENT)}
    answer = workable.act(f"/candidates/{one}/comments", comment=sent)
    assert answer.status == 201
    (told,) = feed(workable, one, "comment")
    assert answer.json == {"id": told["id"]}
    assert (told["body"], told["visibility_roles"]) == (sent["body"], ["simple"])
    assert told["member"]["id"] == workable.member
    (kept,) = workable.get(f"/candidates/{one}/files")["files"]
    assert (kept["name"], kept["kind"], kept["source"]) == ("notes.txt", "other", "comment")
    assert Client("", {}).get(kept["preview_url"]).body == CONTENT
    assert list(invalid(workable.act(f"/candidates/{one}/comments", comment={"body": " "}))) == ["comment.body"]


def test_ratings_are_given_and_changed(workable: Workable) -> None:
    """Thumbs show as scores, other scales as grades; a member changes their own, and nobody else's."""
    one = workable.create()["id"]
    path = f"/candidates/{one}/ratings"
    body = {"member_id": workable.member, "comment": "Good"}
    refused(workable.send("PUT", path, {**body, "grade": 1}), 404)
    answer = workable.http.post(path, {**body, "grade": 2})
    assert (answer.status, answer.body) == (201, b"")
    assert feed(workable, one, "rating")[0]["rating"] == {"score": "definite"}
    traits = [{"name": "Craft", "score": 3, "note": "n"}]
    card = {"settings": {"questions_rateable": True}, "sections": [{"name": "A", "traits": traits}]}
    changed = workable.send("PUT", path, {**body, "grade": 3, "scale": "stars", "score_card": card})
    assert (changed.status, changed.body) == (200, b"")
    (told,) = feed(workable, one, "rating")
    assert (told["rating"], told["body"]) == ({"scale": "stars", "grade": 3}, "Good")
    other = workable.get("/members")["members"][-1]["id"]
    refused(workable.send("PUT", path, {**body, "member_id": other, "grade": 1}), 404)
    for scale, grade in (("thumbs", 3), ("stars", 5), ("numbers", 10), ("numbers", -1)):
        assert list(invalid(workable.http.post(path, {**body, "scale": scale, "grade": grade}))) == ["grade"]
    assert list(invalid(workable.http.post(path, {**body, "grade": 1, "stage_id": 1}))) == ["stage_id"]


def test_departments_are_made_moved_and_merged(workable: Workable) -> None:
    """New ones are listed; what is merged hands its jobs and parts on; what has parts is not deleted."""
    rows = {row["name"]: row for row in workable.get("/departments")}
    top = rows["Engineering"]["id"]
    direct = workable.job(department="Engineering")
    made = workable.http.post("/departments", {"name": "Tooling", "parent_id": top})
    assert made.status == 201
    assert made.json in workable.get("/departments")
    assert list(invalid(workable.http.post("/departments", {"name": "X", "parent_id": MISSING}))) == ["parent_id"]
    moved = {"departments": [{"id": made.json["id"], "name": "Tools", "parent_id": rows["Product"]["id"]}]}
    assert workable.send("PUT", "/departments", moved).status == 200
    assert {"name": "Tools", "parent_id": rows["Product"]["id"]}.items() <= next(
        row for row in workable.get("/departments") if row["id"] == made.json["id"]
    ).items()
    loop = {"departments": [{"id": top, "parent_id": rows["Platform"]["id"]}]}
    assert invalid(workable.send("PUT", "/departments", loop))
    refused(workable.send("DELETE", f"/departments/{top}"), 422)
    merge = workable.http.post(f"/departments/{top}/merge", {"target_department_id": made.json["id"]})
    assert merge.status == 200
    jobs = workable.walk("/jobs", "jobs", limit=100)
    assert workable.get(f"/jobs/{direct}")["department"] == "Tools"
    hierarchies = [[each["name"] for each in row["department_hierarchy"]] for row in jobs]
    assert ["Product", "Tools", "Platform"] in hierarchies
    assert workable.send("DELETE", f"/departments/{rows['Finance']['id']}").status == 204
    assert "Finance" not in [row["department"] for row in workable.walk("/jobs", "jobs", limit=100)]


def test_members_come_and_go(workable: Workable) -> None:
    """Invited members are inactive until enabled; who is deactivated is no longer listed, nor works on jobs."""
    invited = workable.act("/members/invite", email="new@meridian.example", roles=["ats.reviewer"])
    assert invited.status == 201
    one = invited.json["id"]
    assert (invited.json["active"], invited.json["role"]) == (False, "reviewer")
    assert list(invalid(workable.act("/members/invite", email="NEW@meridian.example", roles=["ats.admin"]))) == [
        "email"
    ]
    assert one not in [row["id"] for row in workable.get("/members")["members"]]
    assert workable.send("POST", f"/members/{one}/enable").json["active"] is True
    refused(workable.send("POST", f"/members/{one}/enable"), 422)
    changed = workable.send("PUT", "/members", {"id": one, "roles": ["ats.simple"], "member_id": workable.member})
    assert changed.json["role"] == "simple"
    assert workable.get("/members", email="new@meridian.example")["members"] == [changed.json]
    team = workable.get(f"/jobs/{workable.job()}/members")["members"]
    assert workable.send("DELETE", f"/members/{team[0]['id']}").status == 204
    refused(workable.send("DELETE", f"/members/{team[0]['id']}"), 422)
    assert team[0]["id"] not in [row["id"] for row in workable.get(f"/jobs/{workable.job()}/members")["members"]]
    assert team[0]["id"] in [row["id"] for row in workable.get("/members", status="inactive")["members"]]
