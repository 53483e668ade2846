"""What clients make is there afterwards, and what does not fit is refused."""

import time
from typing import Any

import pytest

from ..asking import Client
from .conftest import Account, encoded, listed, unfit

PERSON = {"first_name": "Ada", "last_name": "Brânză", "email": "ada@new.example"}
PDF = b"%PDF-1.4\n\x00\xffbytes"


def test_a_new_applicant_is_listed_and_found(jazz: Account) -> None:
    """With a job, a résumé and the facts that were sent; the rest is empty, or says that it is not known."""
    job = jazz.rows("jobs", status="open")[0]
    facts = {"phone": "+1 512 555 0100", "source": "Fair", "linkedin_url": "https://linkedin.example/ada"}
    body = {**PERSON, **facts, "eeo_gender": "Female", "desired_salary": "50000", "job": job["id"]}
    made = jazz.made("applicants", **body, **{"base64-resume": encoded(PDF), "custom_file_privacy": 1})
    row = jazz.walked("applicants")[-1]
    assert set(made) == {"prospect_id"}
    assert row["id"] == made["prospect_id"]
    assert row["id"].startswith(f"prospect_{time.strftime('%Y%m%d', time.gmtime())}")
    assert (row["prospect_phone"], row["job_id"], row["job_title"]) == (facts["phone"], job["id"], job["title"])
    detail = jazz.one("applicants", row["id"])
    assert {key: detail[key] for key in body if key != "job"} == {key: body[key] for key in body if key != "job"}
    assert (detail["address"], detail["location"][:18]) == ("Unavailable", "(No City Provided)")
    assert (detail["jobs"]["applicant_progress"], detail["jobs"]["workflow_step_id"]) == ("New", None)
    assert detail["activities"]["activity"] == "Applied"
    assert Client("", {}).ask("GET", detail["resume_link"]).body == PDF
    (link,) = [each for each in jazz.walked("applicants2jobs") if each["applicant_id"] == row["id"]]
    assert link["date"] == row["apply_date"]
    applied = listed(jazz.one("jobs", job["id"])["job_applicants"])
    assert {"prospect_id": row["id"], "apply_date": row["apply_date"]} in applied


def test_a_resume_may_be_text(jazz: Account) -> None:
    """Then it is the body of the résumé, and a file of text."""
    row = jazz.made("applicants", **PERSON, resumetext="Ada: glass ü", linkedin="https://l.example")
    detail = jazz.one("applicants", row["prospect_id"])
    assert (detail["resume_body"], detail["linkedin_url"]) == ("Ada: glass ü", "https://l.example")
    assert Client("", {}).ask("GET", detail["resume_link"]).body.decode() == "Ada: glass ü"


def test_a_bare_applicant_has_everything_empty(jazz: Account, applicant: str) -> None:
    """A detail has the same keys for everybody, and no link to a résumé that is not there."""
    detail = jazz.one("applicants", applicant)
    assert set(detail) == set(jazz.one("applicants", jazz.rows("applicants")[0]["id"]))
    assert detail["resume_link"] == detail["phone"] == ""
    assert detail["eeo_race"] is None
    nested = ("jobs", "comments", "feedback", "messages", "questionnaire", "evaluation", "categories")
    assert [detail[key] for key in nested] == [[]] * 7
    assert detail["comments_count"] == "0"


@pytest.mark.parametrize(
    ("changes", "about"),
    [
        ({"first_name": ""}, "first_name is empty"),
        ({"email": None}, "email must be a string"),
        ({"email": "nowhere"}, "email is not"),
        ({"job": "job_1"}, "job is not the id"),
        ({"colour": "red"}, "colour is not a known key"),
        ({"id": "prospect_1"}, "id is not a known key"),
        ({"phone": 512}, "phone must be a string"),
        ({"base64-resume": "no base64!"}, "base64-resume is not base64"),
        ({"base64-resume": ""}, "base64-resume is empty"),
        ({"base64-resume": "YQ==", "resumetext": "a"}, "goes without"),
        ({"custom_file_privacy": "all"}, "custom_file_privacy must be"),
    ],
)
def test_new_applicants_are_read_strictly(jazz: Account, changes: dict[str, Any], about: str) -> None:
    """What is empty, malformed or unknown is refused, and nobody is made."""
    unfit(jazz.post("applicants", **{**PERSON, **changes}), about)
    assert jazz.rows("applicants", name="Brânză", from_apply_date=time.strftime("%Y-%m-%d", time.gmtime())) == []


@pytest.mark.parametrize(
    ("name", "body", "missing"),
    [
        ("applicants", PERSON, ["first_name", "last_name", "email"]),
        ("applicants2jobs", {"applicant_id": "a", "job_id": "b"}, ["applicant_id", "job_id"]),
        (
            "jobs",
            {"title": "a", "hiring_lead_id": "b", "description": "c"},
            ["title", "hiring_lead_id", "description"],
        ),
        ("notes", {"applicant_id": "a", "contents": "b"}, ["applicant_id", "contents"]),
        ("categories", {"name": "a"}, ["name"]),
        ("categories2applicants", {"applicant_id": "a", "category_id": "b"}, ["applicant_id", "category_id"]),
        (
            "files",
            {"applicant_id": "a", "filename": "b", "file_data": "YQ=="},
            ["applicant_id", "filename", "file_data"],
        ),
    ],
)
def test_what_is_required_must_be_there(jazz: Account, name: str, body: dict[str, str], missing: list[str]) -> None:
    """Left out or empty, it is named."""
    for key in missing:
        unfit(jazz.post(name, **{each: body[each] for each in body if each != key}), f"{key} is required")
        unfit(jazz.post(name, **{**body, key: ""}), f"{key} is empty")
    unfit(jazz.post(name, **body, colour="red"), "colour is not a known key")


def test_links_are_made_once(jazz: Account, applicant: str) -> None:
    """A link has no step and no date, and a second one for the same job is refused."""
    job = jazz.rows("jobs")[0]["id"]
    made = jazz.made("applicants2jobs", applicant_id=applicant, job_id=job)
    link = jazz.one("applicants2jobs", made["projob_id"])
    assert link == jazz.walked("applicants2jobs")[-1]
    assert (link["applicant_id"], link["job_id"], link["date"]) == (applicant, job, "0000-00-00")
    assert jazz.walked("applicants", job_id=job)[-1]["id"] == applicant
    unfit(jazz.post("applicants2jobs", applicant_id=applicant, job_id=job), "already")
    unfit(jazz.post("applicants2jobs", applicant_id="prospect_1", job_id=job), "applicant_id is not the id")
    unfit(jazz.post("applicants2jobs", applicant_id=applicant, job_id="job_1"), "job_id is not the id")
    jazz.made("applicants2jobs", applicant_id=applicant, job_id=jazz.rows("jobs")[1]["id"])
    assert len(jazz.one("applicants", applicant)["jobs"]) == 2
    assert jazz.walked("applicants")[-1]["job_id"] == jazz.rows("jobs")[1]["id"]


def test_a_new_job_is_a_draft(jazz: Account) -> None:
    """It is listed and found, and its lead must be a user."""
    lead = jazz.rows("users", type="Manager")[0]["id"]
    made = jazz.made("jobs", title="Glassblower", hiring_lead_id=lead, description="<p>Blow</p>")
    job = jazz.walked("jobs")[-1]
    assert job["id"] == made["job_id"]
    assert (job["title"], job["hiring_lead"], job["description"]) == ("Glassblower", lead, "<p>Blow</p>")
    assert (job["status"], job["original_open_date"]) == ("Drafting", "0000-00-00")
    assert set(job) == set(jazz.rows("jobs")[0])
    assert jazz.rows("jobs", board_code=job["board_code"]) == [job]
    assert jazz.one("jobs", job["id"])["job_applicants"] == []
    unfit(jazz.post("jobs", title="a", hiring_lead_id="usr_1", description="b"), "hiring_lead_id is not the id")


def test_notes_become_comments(jazz: Account, applicant: str) -> None:
    """By a user or by nobody; the count and the list of the applicant have them."""
    user = jazz.rows("users")[2]
    made = jazz.made("notes", applicant_id=applicant, contents="Keen <b>ü</b>", user_id=user["id"], security=1)
    comment = jazz.one("applicants", applicant)["comments"]
    assert comment["id"] == made["comment_id"]
    assert (comment["text"], comment["author_id"]) == ("Keen <b>ü</b>", user["id"])
    assert comment["author_name"] == f"{user['first_name']} {user['last_name']}"
    assert set(comment) == {"id", "author_id", "author_name", "text", "date", "time"}
    jazz.made("notes", applicant_id=applicant, contents="Again", user_id="usr_anonymous", security="1")
    jazz.made("notes", applicant_id=applicant, contents="Again")
    detail = jazz.one("applicants", applicant)
    assert detail["comments_count"] == "3"
    assert [each["author_id"] for each in detail["comments"]] == [user["id"], "usr_anonymous", "usr_anonymous"]
    unfit(jazz.post("notes", applicant_id=applicant, contents="a", security=7), "security must be")
    unfit(jazz.post("notes", applicant_id=applicant, contents="a", user_id="usr_1"), "user_id is not the id")
    unfit(jazz.post("notes", applicant_id="prospect_1", contents="a"), "applicant_id is not the id")


def test_categories_are_made_and_given(jazz: Account, applicant: str) -> None:
    """A category is new, an applicant gets it once, and both lists have it."""
    category = jazz.made("categories", name="glass ü", status="Inactive")["category_id"]
    row = jazz.one("categories", category)
    assert row == jazz.rows("categories", name="GLASS ü", status="Inactive")[0] == jazz.rows("categories")[-1]
    assert (row["name"], row["status"]) == ("glass ü", "Inactive")
    made = jazz.made("categories2applicants", applicant_id=applicant, category_id=category)
    link = {"id": made["pro2cat_id"], "applicant_id": applicant, "category_id": category}
    assert jazz.walked("categories2applicants")[-1] == link
    shown = jazz.one("applicants", applicant)["categories"]
    assert (shown["category_id"], shown["name"], shown["status"]) == (category, "glass ü", "Inactive")
    unfit(jazz.post("categories2applicants", applicant_id=applicant, category_id=category), "already")
    unfit(jazz.post("categories2applicants", applicant_id=applicant, category_id="category_1"), "category_id is not")
    unfit(jazz.post("categories", name="Glass Ü"), "already")
    unfit(jazz.post("categories", name="other", status="odd"), "status must be")


def test_files_come_back_as_they_were(jazz: Account, applicant: str) -> None:
    """An upload is listed with its facts, and its URL gives the same bytes without a key."""
    made = jazz.made("files", applicant_id=applicant, filename="ü b.pdf", file_data=encoded(PDF), file_privacy="1")
    (row,) = jazz.rows("files", applicant_id=applicant)
    assert row["id"] == made["file_id"]
    assert (row["filename"], row["mime_type"], row["file_size"]) == ("ü b.pdf", "application/pdf", str(len(PDF)))
    assert (row["user_id"], row["file_privacy"], row["applicant_id"]) == (None, "1", applicant)
    assert set(row) == {
        *("id", "applicant_id", "filename", "mime_type", "user_id", "file_privacy", "file_size"),
        *("date_loaded", "time_loaded", "file_url"),
    }
    answer = Client("", {}).ask("GET", row["file_url"])
    assert (answer.status, answer.body, answer.headers["content-type"]) == (200, PDF, "application/pdf")
    forged = row["file_url"].replace("expires=1", "expires=2")
    assert Client("", {}).ask("GET", forged).status == 403
    unfit(jazz.post("files", applicant_id=applicant, filename="a", file_data="?"), "file_data is not base64")
    unfit(jazz.post("files", applicant_id="prospect_1", filename="a", file_data="YQ=="), "applicant_id is not the id")
    assert [each["id"] for each in jazz.rows("files", applicant_id=applicant)] == [row["id"]]


def test_resumes_are_no_files(small: Account) -> None:
    """The one of the story is a link in the detail of its applicant, and nobody else has one."""
    details = [small.one("applicants", row["id"]) for row in small.rows("applicants")]
    assert [bool(each["resume_link"]) for each in details] == [True, False, False]
    answer = Client("", {}).ask("GET", details[0]["resume_link"])
    assert answer.body.startswith(b"%PDF")
    assert "clara-nunes.pdf" in answer.headers["content-disposition"]
    assert details[0]["resume_body"].startswith("Clara Nunes")
    assert small.rows("files", applicant_id=details[0]["id"]) == []


def test_a_reset_forgets_what_was_made(jazz: Account, hosted: str, applicant: str) -> None:
    """Also what hangs on records that stay."""
    old = jazz.rows("applicants")[0]["id"]
    before = jazz.one("applicants", old)["comments_count"]
    jazz.made("notes", applicant_id=old, contents="new")
    assert Client(hosted, {}).ask("POST", "/_sandbox/jazzhr/reset").status == 204
    assert jazz.ask(f"/applicants/{applicant}").body == b""
    assert jazz.one("applicants", old)["comments_count"] == before
