"""Paging, filters and shapes of everything that is listed."""

import pytest

from polyhire.simulators.company import company

from .conftest import PAGE, Account, listed

APPLICANT_ROW = {"id", "first_name", "last_name", "prospect_phone", "apply_date", "job_id", "job_title"}
SHAPES = {
    "applicants": APPLICANT_ROW,
    "applicants2jobs": {"id", "applicant_id", "job_id", "rating", "workflow_step_id", "date"},
    "hires": {
        "id", "applicant_id", "job_id", "workflow_step_id", "workflow_step_name", "hired_date", "hired_time",
    },
    "jobs": {
        "id", "team_id", "title", "country_id", "city", "state", "zip", "department", "description",
        "minimum_salary", "maximum_salary", "notes", "original_open_date", "type", "status", "send_to_job_boards",
        "hiring_lead", "board_code", "internal_code", "questionnaire",
    },
    "categories": {"id", "name", "status", "created_by", "date_created"},
    "categories2applicants": {"id", "applicant_id", "category_id"},
    "activities": {"id", "category", "team_id", "user_id", "object_id", "action", "date", "time"},
    "users": {"id", "type", "first_name", "last_name", "email", "date_created"},
    "tasks": {
        "id", "object_id", "owner_id", "opener_name", "assignee_id", "assignee_name", "status", "description",
        "notes", "date_due", "due_whenever", "date_created", "time_created",
    },
}  # fmt: skip

NESTED = {
    "comments": ("id", "author_id", "author_name", "text", "date", "time"),
    "feedback": ("id", "author_id", "text", "date", "time", "privacy", "is_external"),
    "activities": ("id", "activity", "date", "time"),
    "messages": (
        "comm_id", "comm_subject", "comm_text", "comm_author_email", "comm_to", "comm_cc", "comm_bcc",
        "comm_datetime_sent",
    ),
    "evaluation": ("id", "name", "category", "rating", "comment"),
    "categories": ("category_id", "name", "date_created", "status"),
    "jobs": (
        "job_id", "job_title", "hiring_lead_rating", "average_rating", "workflow_step_id", "applicant_progress",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", list(SHAPES))
def test_pages_hold_every_row_once(jazz: Account, name: str) -> None:
    """Pages of a hundred, none of them lost or repeated, nothing behind the last, and every value text or null."""
    rows = jazz.walked(name)
    assert len({row["id"] for row in rows}) == len(rows) > 5
    assert jazz.rows(name) == rows[:PAGE]
    assert jazz.rows(name, page=len(rows) // PAGE + 2) == []
    assert {frozenset(row) for row in rows} == {frozenset(SHAPES[name])}
    nullable = {"workflow_step_id"} if name == "applicants2jobs" else set()
    for row in rows:
        assert all(isinstance(value, str) or (value is None and key in nullable) for key, value in row.items())


def test_there_is_more_than_a_page(jazz: Account) -> None:
    """Applicants and their links fill several pages, and nobody is a contact."""
    assert len(jazz.walked("applicants")) == 300
    assert jazz.rows("contacts") == []
    assert len(jazz.walked("applicants2jobs")) > 5 * PAGE


def test_a_single_row_stands_for_itself(small: Account) -> None:
    """The one job of the story comes as an object, and an empty list as a list."""
    job = small.ask("/jobs").json
    assert job["title"] == "Glassblower"
    assert small.ask("/jobs/page/2").json == []
    assert small.ask("/hires").json == []
    applicants = small.ask("/applicants").json
    assert [row["first_name"] for row in applicants] == ["Clara", "Dov", "Ewa"]
    assert small.ask("/applicants/name/clara").json == applicants[0]
    detail = small.one("applicants", applicants[0]["id"])
    assert detail["jobs"]["job_id"] == job["id"]
    assert detail["comments"]["text"] == "Called her back: she is free from May."
    assert detail["feedback"] == detail["messages"] == []
    assert len(detail["categories"]) == len(detail["evaluation"]) == 2


@pytest.mark.parametrize(
    ("name", "segment", "key"),
    [
        ("jobs", "title", "title"),
        ("jobs", "board_code", "board_code"),
        ("jobs", "department", "department"),
        ("jobs", "hiring_lead", "hiring_lead"),
        ("jobs", "team_id", "team_id"),
        ("jobs", "state", "state"),
        ("jobs", "city", "city"),
        ("users", "email", "email"),
        ("users", "type", "type"),
        ("categories", "name", "name"),
        ("categories", "status", "status"),
        ("activities", "user_id", "user_id"),
        ("activities", "team_id", "team_id"),
        ("activities", "object_id", "object_id"),
        ("activities", "category", "category"),
        ("applicants", "apply_date", "apply_date"),
        ("questionnaire_answers", "applicant_id", "applicant_id"),
    ],
)
def test_filters_keep_what_they_name(jazz: Account, name: str, segment: str, key: str) -> None:
    """Exactly the rows with that value, whatever characters it has, and neither all nor none."""
    rows = jazz.walked(name)
    value = next(row[key] for row in reversed(rows) if row[key])
    wanted = [row for row in rows if row[key] == value]
    assert jazz.walked(name, **{segment: value}) == wanted
    assert 0 < len(wanted) < len(rows)
    assert jazz.rows(name, **{segment: "2001-01-01" if segment == "apply_date" else value}) != rows


def test_jobs_are_found_by_status_and_team(jazz: Account) -> None:
    """The status is written in lower case; there are jobs of nearly every status, and the flags tell jobs apart."""
    jobs = jazz.walked("jobs")
    found = {status: jazz.rows("jobs", status=status) for status in ("open", "on hold", "drafting", "needs approval")}
    for status, rows in found.items():
        assert rows == [job for job in jobs if job["status"].lower() == status] != []
    for flag in ("confidential", "private"):
        split = [jazz.rows("jobs", **{flag: value}) for value in "10"]
        assert all(split)
        assert sum(map(len, split)) == len(jobs)
    assert jazz.rows("jobs", private="1") != jazz.rows("jobs", confidential="1")
    assert 0 < len(jazz.rows("jobs", recruiter=jazz.rows("users", type="Recruiter")[0]["id"])) < len(jobs)
    lead = jobs[0]["hiring_lead"]
    both = jazz.rows("jobs", hiring_lead=lead, status="open")
    assert both == [job for job in jobs if job["hiring_lead"] == lead and job["status"] == "Open"]


@pytest.mark.parametrize(
    ("name", "segment", "key"),
    [("jobs", "open_date", "original_open_date"), ("applicants", "apply_date", "apply_date")],
)
def test_dates_include_both_ends(jazz: Account, name: str, segment: str, key: str) -> None:
    """From a day to a day, both included; rows without a date are on neither side."""
    rows = jazz.walked(name)
    days = sorted(row[key] for row in rows if row[key] != "0000-00-00")
    first, last = days[len(days) // 3], days[len(days) // 2]
    between = {f"from_{segment}": first, f"to_{segment}": last}
    assert jazz.walked(name, **between) == [row for row in rows if first <= row[key] <= last]
    assert len(jazz.walked(name, **{f"to_{segment}": last})) == len([day for day in days if day <= last])


def test_applicants_are_found_by_their_jobs(jazz: Account) -> None:
    """By job, by its title and by the step there; the row then shows that job."""
    links = jazz.walked("applicants2jobs")
    job, step = links[7]["job_id"], links[7]["workflow_step_id"]
    of_job = {link["applicant_id"] for link in links if link["job_id"] == job}
    found = jazz.walked("applicants", job_id=job)
    assert {row["id"] for row in found} == of_job
    assert {row["job_id"] for row in found} == {job}
    at_step = {link["applicant_id"] for link in links if (link["job_id"], link["workflow_step_id"]) == (job, step)}
    assert {row["id"] for row in jazz.walked("applicants", job_id=job, status=step)} == at_step != of_job
    title = jazz.one("jobs", job)["title"]
    titled = {each["id"] for each in jazz.walked("jobs", title=title)}
    by_title = {row["id"] for row in jazz.walked("applicants", job_title=title)}
    assert by_title == {link["applicant_id"] for link in links if link["job_id"] in titled}


def test_applicants_are_found_by_what_they_are(jazz: Account) -> None:
    """By city, recruiter, rating and name, of which the list shows only the last."""
    row = jazz.rows("applicants", city="Austin")[0]
    detail = jazz.one("applicants", row["id"])
    assert detail["location"].startswith("Austin ")
    mine = jazz.walked("applicants", recruiter_id=detail["recruiter_id"])
    assert row in mine
    assert 0 < len(mine) < 300
    rated = jazz.walked("applicants", rating=5)
    assert 0 < len(rated) < 300
    assert jazz.one("applicants", rated[0]["id"])["rating"] == "5"
    full = f"{row['first_name']} {row['last_name']}"
    assert row in jazz.rows("applicants", name=full)


def test_applicants_without_a_job_are_listed(jazz: Account) -> None:
    """Their row names no job, and their detail has an empty list."""
    rows = [row for row in jazz.walked("applicants") if not row["job_id"]]
    assert rows
    assert jazz.one("applicants", rows[0]["id"])["jobs"] == []


def test_everyone_has_left_a_trace_of_their_own(jazz: Account) -> None:
    """The log is about applicants, jobs and users; one has lost résumé and name."""
    categories = {row["category"] for row in jazz.walked("activities")}
    assert categories == {"resume_add", "resume_status", "resume_delete", "job_open", "logins"}
    (deleted,) = jazz.rows("activities", category="resume_delete")
    detail = jazz.one("applicants", deleted["object_id"])
    lost = ("first_name", "last_name", "email", "phone", "resume_link", "resume_body")
    assert {detail[key] for key in lost} == {""}
    assert jazz.one("activities", deleted["id"]) == deleted
    types = {row["type"] for row in jazz.walked("users")}
    assert types == {"Administrator", "Manager", "User", "Recruiter", "Employee", "Deactivated", "Deleted"}


def test_users_show_what_they_did(jazz: Account) -> None:
    """The detail adds the log of the user, of which a single row stands for itself."""
    users = jazz.rows("users")
    admin, other = jazz.one("users", users[0]["id"]), jazz.one("users", users[1]["id"])
    assert {key: admin[key] for key in users[0]} == users[0]
    assert [row["category"] for row in admin["user_activity"]] == ["resume_delete", "logins"]
    assert other["user_activity"]["category"] == "logins"


def test_jobs_show_their_applicants_and_questions(jazz: Account) -> None:
    """The detail adds who applied; the questionnaire of the job has its questions in order."""
    job = jazz.rows("jobs", status="open")[0]
    detail = jazz.one("jobs", job["id"])
    applicants = listed(detail.pop("job_applicants"))
    assert detail == job
    linked = [row["applicant_id"] for row in jazz.walked("applicants2jobs") if row["job_id"] == job["id"]]
    assert [row["prospect_id"] for row in applicants] == linked
    questions = jazz.rows("questionnaire_questions", questionnaire_id=job["questionnaire"])
    assert [row["question_order"] for row in questions] == [str(place) for place in range(1, len(questions) + 1)]
    assert {row["question_mandatory"] for row in questions} == {"Yes", "No"}
    assert set(questions[0]) == {
        *("questionnaire_id", "questionnaire_code", "question_text", "question_answers", "question_format"),
        *("question_order", "question_mandatory", "question_correct_answer", "question_status"),
    }
    assert jazz.rows("questionnaire_questions", questionnaire_id="questionnaire_1") == []


def test_drafts_have_no_date_and_no_questionnaire(jazz: Account) -> None:
    """A job that never opened has a date of zeros."""
    drafts = jazz.rows("jobs", status="drafting")
    assert {(row["original_open_date"], row["questionnaire"]) for row in drafts} == {("0000-00-00", "")}


def test_links_often_have_no_date(jazz: Account) -> None:
    """About half have a date of zeros, some have no step yet, and hires are at the last one."""
    links = jazz.walked("applicants2jobs")
    undated = [row for row in links if row["date"] == "0000-00-00"]
    assert len(links) / 3 < len(undated) < len(links) * 2 / 3
    assert any(row["workflow_step_id"] is None for row in links)
    hire = jazz.rows("hires")[0]
    link = next(row for row in links if (row["applicant_id"], row["job_id"]) == (hire["applicant_id"], hire["job_id"]))
    assert link["workflow_step_id"] == hire["workflow_step_id"]
    assert jazz.one("applicants2jobs", link["id"]) == link
    jobs = listed(jazz.one("applicants", hire["applicant_id"])["jobs"])
    assert hire["workflow_step_name"] in {job["applicant_progress"] for job in jobs}


def test_questionnaires_have_a_column_an_answer(jazz: Account) -> None:
    """Twenty answers and whether they are right, and some questionnaires are of no job."""
    rows = jazz.walked("questionnaire_answers")
    assert {len([key for key in row if key.startswith("answer_value_")]) for row in rows} == {20}
    assert "id" not in rows[0]
    assert any(row["job_id"] is None for row in rows)
    answered = listed(jazz.one("applicants", rows[0]["applicant_id"])["questionnaire"])
    assert rows[0]["answer_value_00"] == answered[0]["answer"]
    assert set(answered[0]) == {"question", "answer"}


def test_applicants_carry_all_that_was_said(jazz: Account) -> None:
    """Some have emails, comments, feedback and verdicts, with the keys of each; some emails have copies."""
    details = [jazz.one("applicants", row["id"]) for row in jazz.rows("applicants")[::3]]
    told = {key: [each for detail in details for each in listed(detail[key])] for key in NESTED}
    assert {key: {frozenset(each) for each in rows} for key, rows in told.items()} == {
        key: {frozenset(keys)} for key, keys in NESTED.items()
    }
    assert {bool(each["comm_cc"]) for each in told["messages"]} == {True, False}
    assert {each["privacy"] for each in told["feedback"]} == {"2", "3"}
    people = company()
    shown = {each.id for each in people.candidates[:PAGE:3]}
    notes = [each for each in people.activities if each.kind == "note" and each.candidate_id in shown]
    assert len(told["comments"]) == len([each for each in notes if each.visibility == "public"])
    assert len(told["feedback"]) == len([each for each in notes if each.visibility != "public"])
    applied = {each.id for each in people.applications if each.candidate_id in shown}
    verdicts = [each for each in people.scorecards if each.application_id in applied and each.submitted_at]
    assert len([each for each in told["evaluation"] if each["name"] == "Overall"]) == len(verdicts)
    assert {each["rating"] for each in told["evaluation"]} <= set("012345")
    assert all(detail["comments_count"] == str(len(listed(detail["comments"]))) for detail in details)


def test_names_may_have_stray_quotes(jazz: Account) -> None:
    """A few first names are between double quotes."""
    quoted = [row for row in jazz.walked("applicants") if row["first_name"].startswith('"')]
    assert 0 < len(quoted) < 10
