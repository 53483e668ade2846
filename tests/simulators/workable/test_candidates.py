"""Candidates are made, changed and given files, and stay so."""

from typing import Any

import pytest

from ..asking import Client
from .conftest import MISSING, Workable, file, invalid, person, refused

CONTENT = bytes(range(256)) * 5


def test_a_new_candidate_is_listed(workable: Workable) -> None:
    """Sourced by default; listed, found by email and told about in the feed."""
    job = workable.job()
    made = workable.create(job, headline="Turner", tags=["a", "b"], skills=["C++"])
    assert (made["stage"], made["sourced"], made["name"]) == ("Sourced", True, "Zoë Brânză")
    assert made["skills"] == [{"name": "C++"}]
    (row,) = workable.get("/candidates", email="zoe@new.example")["candidates"]
    assert row["id"] == made["id"]
    assert row["job"]["shortcode"] == job
    assert workable.candidate(made["id"]) == made
    (told,) = workable.get(f"/candidates/{made['id']}/activities")["activities"]
    assert (told["action"], told["stage_name"]) == ("uploaded", "Sourced")
    assert made["id"] == workable.walk("/candidates", "candidates", shortcode=job)[-1]["id"]


def test_who_applied_is_not_sourced(workable: Workable) -> None:
    """`sourced: false` puts a candidate among those who applied."""
    made = workable.create(sourced=False)
    assert (made["stage"], made["stage_kind"], made["sourced"]) == ("Application Review", "applied", False)
    assert workable.get(f"/candidates/{made['id']}/activities")["activities"][0]["action"] == "applied"


def test_the_talent_pool_has_no_job(workable: Workable) -> None:
    """Who is put into the pool has no job, and nowhere to move."""
    answer = workable.http.post("/talent_pool/candidates", {"candidate": {"name": "Li Na Wu"}})
    assert answer.status == 201
    made = answer.json["candidate"]
    assert (made["firstname"], made["lastname"]) == ("Li", "Na Wu")
    assert "job" not in made
    assert made["talent_pool"]["identifier"]
    refused(workable.act(f"/candidates/{made['id']}/move", target_stage="interview"), 422)


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"lastname": None}, "candidate.lastname"),
        ({"email": "nobody"}, "candidate.email"),
        ({"phones": []}, "candidate.phones"),
        ({"social_profiles": [{"type": "linkedin"}]}, "candidate.social_profiles[0].url"),
        ({"experience_entries": [{"company": "A"}]}, "candidate.experience_entries[0].title"),
        ({"education_entries": [{"degree": "A"}]}, "candidate.education_entries[0].school"),
        ({"resume": {"name": "a.pdf", "data": "???"}}, "candidate.resume.data"),
        ({"resume": file("a.pdf", b"a"), "resume_url": "https://cv.example/a.pdf"}, "candidate.resume"),
        ({"resume_url": "a.pdf"}, "candidate.resume_url"),
        ({"recruiter_key": "nobody"}, "candidate.recruiter_key"),
        ({"answers": [{"question_key": MISSING, "body": "x"}]}, "candidate.answers[0].question_key"),
        ({"tags": [{"name": "a"}]}, "candidate.tags[0]"),
        ({"disqualified_at": "yesterday"}, "candidate.disqualified_at"),
    ],
)
def test_malformed_candidates_are_refused(workable: Workable, values: dict[str, object], wrong: str) -> None:
    """A 422 says where; nobody is made."""
    answer = workable.http.post(f"/jobs/{workable.job()}/candidates", {"candidate": person(**values)})
    assert wrong in invalid(answer)
    assert workable.get("/candidates", email="zoe@new.example")["candidates"] == []


def test_a_new_candidate_needs_names_and_a_job_that_is_out(workable: Workable) -> None:
    """First and last name, or a name; not on drafts or jobs that are not there."""
    path = f"/jobs/{workable.job()}/candidates"
    missing = invalid(workable.http.post(path, {"candidate": {"email": "a@b.example"}}))
    assert set(missing) == {"candidate.firstname", "candidate.lastname"}
    assert list(invalid(workable.http.post(path, person()))) != []
    refused(workable.http.post(f"/jobs/{workable.job(state='draft')}/candidates", {"candidate": person()}), 422)
    refused(workable.http.post("/jobs/ABC/candidates", {"candidate": person()}), 404)


def test_resumes_come_back_byte_by_byte(workable: Workable) -> None:
    """A résumé that was sent is in details, in the list and among the files; a new one takes its place."""
    made = workable.create(resume=file("Zoë.docx", CONTENT))
    bare = Client("", {})
    assert bare.get(made["resume_url"]).body == CONTENT
    assert made["resume_metadata"]["filename"] == "Zoë.docx"
    assert made["resume_metadata"]["filetype"] == "docx"
    path = f"/candidates/{made['id']}"
    (listed,) = workable.get(f"{path}/files")["files"]
    assert (listed["name"], listed["kind"]) == ("Zoë.docx", "resume")
    assert bare.get(listed["preview_url"]).body == CONTENT
    changed = workable.send("PUT", path, {"candidate": {"resume_url": "https://cv.example/new%20one.pdf"}})
    assert changed.status == 200
    (listed,) = workable.get(f"{path}/files")["files"]
    assert listed["name"] == "new one.pdf"
    assert bare.get(made["resume_url"]).body == CONTENT
    assert workable.candidate(made["id"])["resume_url"] != made["resume_url"]


def test_all_that_is_said_is_kept(workable: Workable) -> None:
    """Entries, profiles, letters and the disqualification of a new candidate show as they were sent."""
    sent: dict[str, Any] = {
        "headline": "Turner",
        "summary": "Turns.",
        "address": "Rua 1, Porto",
        "phone": "+351 1",
        "cover_letter": "Dear\nall",
        "domain": "turners.example",
        "education_entries": [{"school": "U", "start_date": "2019-01-01"}],
        "experience_entries": [{"title": "T", "company": "C", "current": True}],
        "social_profiles": [{"type": "github", "url": "https://github.com/zoe", "username": "zoe"}],
        "disqualified": True,
        "disqualification_reason": "Overqualified",
        "disqualified_at": "2026-01-02T03:04:05+01:00",
        "image": file("me.png", b"png"),
        "recruiter_key": "talentwave-7c1d",
    }
    made = workable.create(**sent)
    for key in ("headline", "summary", "address", "phone", "cover_letter", "domain", "disqualification_reason"):
        assert made[key] == sent[key]
    assert (made["disqualified"], made["disqualified_at"]) == (True, "2026-01-02T02:04:05Z")
    (education,), (work,), (profile,) = (
        made[key] for key in ("education_entries", "experience_entries", "social_profiles")
    )
    assert education["school"] == "U"
    assert education["degree"] is None
    assert (work["company"], work["current"]) == ("C", True)
    assert work["id"] != education["id"]
    assert profile["username"] == "zoe"
    assert made["image_url"].endswith("me.png")


def test_answers_fit_their_questions(workable: Workable) -> None:
    """Each type of question takes its own key; choices are ids, and files come back."""
    fit: dict[str, dict[str, Any]] = {
        "free_text": {"body": "Because"},
        "short_text": {"body": "Zo"},
        "boolean": {"checked": True},
        "numeric": {"number": 4},
        "date": {"date": "2027-01-01"},
        "file": {"file": file("work.png", CONTENT)},
    }
    seen = set()
    for row in workable.walk("/jobs", "jobs", state="published", limit=100)[:12]:
        questions = workable.get(f"/jobs/{row['shortcode']}/questions")["questions"]
        answers = [{"question_key": each["id"], **fit.get(each["type"], {})} for each in questions]
        for each, answer in zip(questions, answers, strict=True):
            if "choices" in each:
                answer["choices"] = [each["choices"][1]["id"]]
        made = workable.create(row["shortcode"], answers=answers)
        assert [each["question"]["body"] for each in made["answers"]] == [each["body"] for each in questions]
        for each, shown in zip(questions, made["answers"], strict=True):
            seen.add(each["type"])
            if "choices" in each:
                assert shown["answer"]["choices"] == [each["choices"][1]]
            elif each["type"] == "file":
                assert Client("", {}).get(shown["answer"]["file"]["url"]).body == CONTENT
            else:
                assert shown["answer"] == fit[each["type"]]
        path = f"/jobs/{row['shortcode']}/candidates"
        wrong = {"question_key": questions[0]["id"], "checked": True, "body": "x"}
        assert list(invalid(workable.http.post(path, {"candidate": person(answers=[wrong])}))) == [
            "candidate.answers[0]"
        ]
        stray = f"/jobs/{workable.job(state='closed')}/candidates"
        refusal = invalid(workable.http.post(stray, {"candidate": person(answers=answers)}))
        assert list(refusal) == ["candidate.answers[0].question_key"]
        one = next((each for each in questions if each.get("single_answer")), None)
        if one:
            both = {"question_key": one["id"], "choices": [each["id"] for each in one["choices"][:2]]}
            assert invalid(workable.http.post(path, {"candidate": person(answers=[both])}))
    assert seen == {*fit, "multiple_choice", "dropdown"}


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_candidate_changes_in_what_is_named(workable: Workable, method: str) -> None:
    """What the body names is replaced, tags and skills wholly; the rest stays."""
    made = workable.create(tags=["a", "b"], skills=["x"], phone="+1 5", headline="Old")
    path = f"/candidates/{made['id']}"
    change = {"firstname": "Zo", "tags": ["c"], "phone": None, "social_profiles": [], "texting_consent": "given"}
    answer = workable.send(method, path, {"candidate": change})
    assert answer.status == 200
    after = workable.candidate(made["id"])
    assert answer.json["candidate"] == after
    assert (after["name"], after["tags"], after["phone"]) == ("Zo Brânză", ["c"], None)
    assert (after["headline"], after["skills"], after["email"]) == ("Old", [{"name": "x"}], made["email"])
    assert after["updated_at"] >= made["updated_at"]
    assert list(invalid(workable.send(method, path, {"candidate": {"firstname": None}}))) == ["candidate.firstname"]
    assert "firstname" in invalid(workable.send(method, path, change))
    refused(workable.send(method, f"/candidates/{MISSING}", {"candidate": {}}), 404)


def test_a_change_is_seen_by_who_polls(workable: Workable) -> None:
    """Whatever is done to a candidate moves `updated_at`."""
    rows = workable.walk("/candidates", "candidates", limit=100)
    since = max(row["updated_at"] for row in rows)
    active = [row["id"] for row in rows if not row["disqualified"] and row.get("job")]
    first, second, third, fourth = active[:4]
    assert workable.send("PUT", f"/candidates/{first}", {"candidate": {"headline": "New"}}).status == 200
    assert workable.send("PUT", f"/candidates/{second}/tags", {"tags": ["new"]}).status == 200
    assert workable.act(f"/candidates/{third}/disqualify").status == 200
    assert workable.act(f"/candidates/{fourth}/comments", comment={"body": "Hm."}).status == 201
    seen = [row["id"] for row in workable.walk("/candidates", "candidates", updated_after=since)]
    assert seen == sorted((first, second, third, fourth))


def test_tags_are_replaced(workable: Workable) -> None:
    """The answer and the candidate have the new tags and no others, each once."""
    made = workable.create(tags=["old"])
    answer = workable.send("PUT", f"/candidates/{made['id']}/tags", {"tags": ["été", "été", "C++"]})
    assert (answer.status, answer.json) == (200, {"tags": ["été", "C++"]})
    assert workable.candidate(made["id"])["tags"] == ["été", "C++"]
    assert list(invalid(workable.send("PUT", f"/candidates/{made['id']}/tags", {}))) == ["tags"]


def test_a_reset_forgets_it_all(workable: Workable, control: Client) -> None:
    """After a reset, candidates are as they were, and those who were made are gone."""
    row = workable.get("/candidates")["candidates"][0]
    before = workable.candidate(row["id"])
    assert workable.send("PUT", f"/candidates/{row['id']}", {"candidate": {"headline": "Other"}}).status == 200
    made = workable.create()
    assert control.ask("POST", "/reset").status == 204
    after = workable.candidate(row["id"])
    assert (after["headline"], after["updated_at"]) == (before["headline"], before["updated_at"])
    refused(workable.http.get(f"/candidates/{made['id']}"), 404)
