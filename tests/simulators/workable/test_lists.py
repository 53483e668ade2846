"""What a fresh Workable shows: pages, filters and shapes."""

import re
from collections import Counter
from datetime import UTC, datetime

import pytest

from ..asking import Client
from .conftest import Workable

STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
PRECISE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@pytest.mark.parametrize(
    ("path", "name", "query", "count"),
    [
        ("/jobs", "jobs", {"limit": 7}, 40),
        ("/candidates", "candidates", {}, 615),
        ("/members", "members", {"limit": 5, "status": "all"}, 24),
        ("/events", "events", {"limit": 50, "context": "all", "include_cancelled": "true"}, 332),
        ("/requisitions", "requisitions", {"limit": 20}, None),
    ],
)
def test_pages_lose_and_repeat_nothing(
    workable: Workable, path: str, name: str, query: dict[str, object], count: int | None
) -> None:
    """Followed to the end, pages give every record once, in order of id."""
    rows = workable.walk(path, name, **query)
    ids = [int(row["id"], 16) for row in rows]
    assert ids == sorted(set(ids))
    assert count in (None, len(rows))
    assert len(rows) > 20


def test_pages_have_fifty_unless_asked(workable: Workable) -> None:
    """The default is 50 and the most 100; the last page does not speak of a next one."""
    first = workable.get("/candidates")
    assert len(first["candidates"]) == 50
    assert first["paging"]["next"].startswith(workable.http.base + "/candidates?")
    assert len(workable.get("/candidates", limit=100)["candidates"]) == 100
    assert "paging" not in workable.get("/jobs", limit=100)


def test_what_is_made_meanwhile_disturbs_no_page(workable: Workable) -> None:
    """A candidate who is made while one pages comes last; one who goes takes nobody along."""
    page = workable.get("/candidates", limit=100)
    made = workable.create()["id"]
    at = page["paging"]["next"].rpartition("since_id=")[2]
    other = next(row["shortcode"] for row in workable.get("/jobs")["jobs"] if row["state"] == "closed")
    seen = [row["id"] for row in page["candidates"]]
    assert workable.act(f"/candidates/{at}/relocate", target_job_shortcode=other).status == 201
    while following := page.get("paging", {}).get("next"):
        page = workable.get(following)
        seen += [row["id"] for row in page["candidates"]]
    assert len(seen) == len(set(seen)) == 616
    assert made in seen
    assert at not in seen


def test_a_jobs_candidates_go_on_at_the_old_path(workable: Workable) -> None:
    """`shortcode` filters; the next page is below the job, and is the same list."""
    job = workable.job()
    first = workable.get("/candidates", shortcode=job, limit=2)
    assert f"/jobs/{job}/candidates?" in first["paging"]["next"]
    assert "shortcode=" not in first["paging"]["next"]
    rows = workable.walk("/candidates", "candidates", shortcode=job, limit=2)
    assert {row["job"]["shortcode"] for row in rows} == {job}
    assert [row["id"] for row in rows] == [
        row["id"]
        for row in workable.walk("/candidates", "candidates", limit=100)
        if row.get("job", {}).get("shortcode") == job
    ]
    assert workable.get("/candidates", shortcode="NONE")["candidates"] == []


def test_candidates_are_filtered(workable: Workable) -> None:
    """By email whatever the case, by stage slug, and by when they were made or changed."""
    rows = workable.walk("/candidates", "candidates", limit=100)
    some = next(row for row in rows if row["email"])
    same = workable.walk("/candidates", "candidates", email=some["email"].upper())
    assert {row["email"] for row in same} == {some["email"]}
    assert len(same) == sum(row["email"] == some["email"] for row in rows)
    hired = workable.walk("/candidates", "candidates", stage="hired")
    assert len(hired) == sum(row["stage"] == "Hired" for row in rows) > 5
    middle = sorted(row["updated_at"] for row in rows)[300]
    wanted = [row["id"] for row in rows if row["updated_at"] > middle]
    unix = int(datetime.fromisoformat(middle).timestamp())
    for after in (middle, unix):
        assert [row["id"] for row in workable.walk("/candidates", "candidates", updated_after=after)] == wanted
    made = sorted(row["created_at"] for row in rows)[400]
    assert len(workable.walk("/candidates", "candidates", created_after=made)) == sum(
        row["created_at"] > made for row in rows
    )


def test_candidates_tell_of_their_job_or_pool(workable: Workable) -> None:
    """Each has a job or is in the talent pool; the stage is a name, and its kind is told beside it."""
    rows = workable.walk("/candidates", "candidates", limit=100)
    assert all(("job" in row) != ("talent_pool" in row) for row in rows)
    pool = [row for row in rows if "talent_pool" in row]
    assert len(pool) == 27
    assert isinstance(pool[0]["talent_pool"]["talent_pool_id"], int)
    assert {row["stage"] for row in pool} == {"Sourced"}
    kinds = {row["stage"]: row["stage_kind"] for row in rows}
    assert kinds["Application Review"] == "applied"
    assert kinds["Onsite"] == kinds["Technical Interview"] == "interview"
    assert all(STAMP.fullmatch(row[key]) for row in rows for key in ("created_at", "updated_at"))
    assert Counter(row["disqualified"] for row in rows)[True] == 144
    assert all(row["disqualification_reason"] for row in rows if row["disqualified"])
    assert all(row["disqualified"] for row in rows if row.get("withdrew"))
    assert {row["stage_kind"] for row in rows if row.get("hired_at")} == {"hired"}


def test_the_anonymised_are_blank(workable: Workable) -> None:
    """Personal fields are gone, jobs and stages are not."""
    rows = [row for row in workable.walk("/candidates", "candidates", limit=100) if row["anonymized"]]
    assert rows
    for row in rows:
        found = workable.candidate(row["id"])
        for key in ("name", "firstname", "lastname", "email", "phone", "address", "headline"):
            assert found[key] is None
        assert found["tags"] == found["skills"] == found["social_profiles"] == []
        assert "resume_url" not in found
        assert found["stage"]


def test_details_tell_more_than_lists(workable: Workable) -> None:
    """All of a candidate has what the list says of them, and the rest around it."""
    rows = workable.get("/candidates", limit=60)["candidates"]
    found = [workable.candidate(row["id"]) for row in rows]
    assert all(row.items() <= each.items() for row, each in zip(rows, found, strict=True))
    keys = {"tags", "skills", "answers", "location", "social_profiles", "experience_entries", "education_entries"}
    assert all(keys <= set(each) for each in found)
    assert not any(keys & set(row) for row in rows)
    answers = [answer for each in found for answer in each["answers"]]
    assert {next(iter(each["answer"])) for each in answers} == {"body", "checked", "choices"}
    former = [each for each in found if len(each["experience_entries"]) > 1]
    assert former
    assert [entry["current"] for entry in former[0]["experience_entries"]] == [False, True]
    assert any(each["uploader_id"] for each in found)
    assert any(each["cover_letter"] for each in found)


def test_files_are_behind_signed_urls(workable: Workable) -> None:
    """Anybody may follow a URL that is signed, and nobody one that is not; list and details lead to the same bytes."""
    rows = workable.get("/candidates", limit=60)["candidates"]
    row = next(each for each in rows if "resume_metadata" in each)
    files = workable.get(f"/candidates/{row['id']}/files")["files"]
    assert set(files[0]) == {"name", "preview_url", "source", "kind"}
    resume = next(each for each in files if each["kind"] == "resume")
    bare = Client("", {})
    got = bare.get(resume["preview_url"])
    assert got.body.startswith(b"%PDF")
    assert got.headers["content-type"] == "application/pdf"
    assert bare.get(workable.candidate(row["id"])["resume_url"]).body == got.body
    assert row["resume_metadata"]["filename"] == resume["name"]
    assert bare.get(resume["preview_url"][:-1] + "x").status == 403
    kinds = {each["kind"] for other in rows[:40] for each in workable.get(f"/candidates/{other['id']}/files")["files"]}
    assert kinds == {"resume", "cover_letter", "other"}


def test_jobs_are_filtered_and_told(workable: Workable) -> None:
    """By state and time; with the fields that were asked for; one job has all of them and no wrapping."""
    rows = workable.walk("/jobs", "jobs", limit=100)
    states = Counter(row["state"] for row in rows)
    assert states == {"published": 26, "closed": 5, "archived": 5, "draft": 4}
    for state, count in states.items():
        assert len(workable.walk("/jobs", "jobs", state=state)) == count
    middle = sorted(row["updated_at"] for row in rows)[20]
    assert len(workable.walk("/jobs", "jobs", updated_after=middle)) == sum(row["updated_at"] > middle for row in rows)
    (row, *_) = workable.get("/jobs", include_fields="full_description,requirements")["jobs"]
    assert {"full_description", "requirements"} <= set(row)
    assert not {"description", "employment_type"} & set(rows[0])
    one = workable.get(f"/jobs/{row['shortcode']}")
    assert row.items() <= one.items()
    assert {"description", "benefits", "employment_type", "industry", "education"} <= set(one)


def test_jobs_have_places_pay_and_departments(workable: Workable) -> None:
    """Some have two places or none, some no pay; departments are named with all they are part of."""
    rows = workable.walk("/jobs", "jobs", limit=100)
    assert {len(row["locations"]) for row in rows} == {0, 1, 2}
    assert {row["workplace_type"] for row in rows} == {"on_site", "hybrid", "remote"}
    assert all(row["location"]["telecommuting"] is (row["workplace_type"] == "remote") for row in rows)
    paid = next(row for row in rows if row["salary"])
    assert paid["salary"]["salary_currency"].islower()
    assert any(row["salary"] == {} for row in rows)
    for row in rows:
        hierarchy = [each["name"] for each in row["department_hierarchy"]]
        assert row["department"] == (hierarchy[-1] if hierarchy else None)
    assert {len(row["department_hierarchy"]) for row in rows} == {0, 1, 2}
    assert {row["full_title"] == row["title"] for row in rows} == {True, False}


def test_pipelines_go_from_sourced_to_hired(workable: Workable) -> None:
    """Every job has its own; a slug belongs to one stage of a job, an identifier to one of the account."""
    jobs = [row["shortcode"] for row in workable.walk("/jobs", "jobs", limit=100)]
    pipelines = [workable.get(f"/jobs/{job}/stages")["stages"] for job in jobs]
    for stages in pipelines:
        assert [each["position"] for each in stages] == list(range(1, len(stages) + 1))
        assert (stages[0]["kind"], stages[-1]["kind"]) == ("sourced", "hired")
        assert len({each["slug"] for each in stages}) == len(stages)
    everywhere = [each["identifier"] for stages in pipelines for each in stages]
    assert len(set(everywhere)) == len(everywhere)
    default = workable.get("/stages")["stages"]
    assert {each["slug"] for stages in pipelines for each in stages} == {each["slug"] for each in default}
    assert any(each["slug"] != each["name"].lower().replace(" ", "-") for each in default)


def test_forms_ask_every_type_of_question(workable: Workable) -> None:
    """Fields of their own, and questions; what has choices lists them with ids."""
    questions = []
    for row in workable.walk("/jobs", "jobs", limit=100):
        path = f"/jobs/{row['shortcode']}"
        form = workable.get(f"{path}/application_form")
        assert {each["key"] for each in form["form_fields"]} >= {"firstname", "lastname", "email", "resume"}
        assert form["questions"] == workable.get(f"{path}/questions")["questions"]
        questions += form["questions"]
    types = {each["type"] for each in questions}
    assert types == {"free_text", "short_text", "multiple_choice", "dropdown", "boolean", "numeric", "date", "file"}
    assert all(("choices" in each) == (each["type"] in ("multiple_choice", "dropdown")) for each in questions)
    assert {each["single_answer"] for each in questions if each["type"] == "multiple_choice"} == {True, False}


def test_members_are_filtered(workable: Workable) -> None:
    """Only the active unless asked otherwise; by role, email, part of a name, and the job they work on."""
    everybody = workable.walk("/members", "members", status="all")
    active = workable.walk("/members", "members")
    gone = workable.get("/members", status="inactive")["members"]
    assert [len(everybody), len(gone)] == [24, 2]
    assert all(row["active"] for row in active)
    assert not any(row["active"] for row in gone)
    one = active[4]
    assert workable.get("/members", email=one["email"].upper())["members"] == [one]
    assert one in workable.get("/members", name=one["name"].split()[1].lower())["members"]
    assert {row["role"] for row in workable.get("/members", role="reviewer")["members"]} == {"reviewer"}
    job = workable.job()
    team = workable.get(f"/jobs/{job}/members")["members"]
    assert {"hiring_manager", "recruiter"} <= {each["collaboration_role"] for each in team}
    ids = {row["id"] for row in workable.get("/members", shortcode=job)["members"]}
    assert ids == {each["id"] for each in team}


def test_short_lists_come_bare_or_wrapped(workable: Workable) -> None:
    """Departments and reasons are bare arrays, the rest have a name around them."""
    departments = workable.get("/departments")
    known = {row["id"] for row in departments}
    assert {row["parent_id"] for row in departments if row["parent_id"]} < known
    reasons = workable.get("/disqualification_reasons")
    assert [row["position"] for row in reasons] == list(range(1, 9))
    assert {row["candidate_withdrew"] for row in reasons} == {True, False}
    for path in ("recruiters", "custom_attributes", "permission_sets", "legal_entities"):
        assert workable.get(f"/{path}")[path]
    job = workable.job(confidential=False)
    assert workable.get(f"/jobs/{job}/recruiters")["recruiters"]
    assert workable.get(f"/jobs/{job}/custom_attributes")["custom_attributes"]


def test_requisitions_are_filtered(workable: Workable) -> None:
    """By state, job and planned date; people, job and place are shown, not only their ids."""
    rows = workable.walk("/requisitions", "requisitions")
    assert len({row["code"] for row in rows}) == len(rows)
    row = rows[0]
    assert row["hiring_manager"]["name"]
    assert row["location"]["workplace_type"]
    states = Counter(row["state"] for row in rows)
    assert len(states) > 3
    for state, count in states.items():
        assert len(workable.walk("/requisitions", "requisitions", state=state)) == count
    of_job = workable.get("/requisitions", job_id=row["job"]["id"])["requisitions"]
    assert {each["job"]["shortcode"] for each in of_job} == {row["job"]["shortcode"]}
    day = sorted(each["plan_date"] for each in rows)[10]
    planned = workable.walk("/requisitions", "requisitions", plan_date_from=day, plan_date_to=day)
    assert {each["plan_date"] for each in planned} == {day}


def test_events_are_filtered(workable: Workable) -> None:
    """By type, candidate, job, member and time; the cancelled and other people's only when asked for."""
    rows = workable.walk("/events", "events", limit=100, context="all", include_cancelled="true")
    assert {row["type"] for row in rows} == {"CallEvent", "InterviewEvent", "MeetingEvent"}
    assert PRECISE.fullmatch(rows[0]["starts_at"])
    assert workable.get(f"/events/{rows[5]['id']}") == rows[5]
    assert {bool(row.get("conference")) for row in rows} == {True, False}
    assert {each["status"] for row in rows for each in row["members"]} == {
        "accepted", "needs-action", "declined", "tentative",
    }  # fmt: skip
    kept = [row for row in rows if not row["cancelled"]]
    assert len(workable.walk("/events", "events", context="all")) == len(kept) < len(rows)
    mine = workable.walk("/events", "events")
    assert 0 < len(mine) < len(kept)
    assert all(workable.member in [each["id"] for each in row["members"]] for row in mine)
    row = kept[10]
    of_person = workable.get("/events", context="all", candidate_id=row["candidate"]["id"])["events"]
    assert row in of_person
    assert {each["candidate"]["id"] for each in of_person} == {row["candidate"]["id"]}
    of_job = workable.walk("/events", "events", context="all", shortcode=row["job"]["shortcode"])
    assert {each["job"]["shortcode"] for each in of_job} == {row["job"]["shortcode"]}
    guest = row["members"][0]["id"]
    assert [each["id"] for each in workable.walk("/events", "events", member_id=guest)] == [
        each["id"] for each in kept if guest in [member["id"] for member in each["members"]]
    ]
    calls = workable.walk("/events", "events", context="all", type="call")
    assert {each["type"] for each in calls} == {"CallEvent"}
    day = row["starts_at"][:10]
    that_day = workable.walk("/events", "events", context="all", start_date=day, end_date=day)
    assert [each["id"] for each in that_day] == [each["id"] for each in kept if each["starts_at"].startswith(day)]
    before = workable.walk("/events", "events", context="all", end_date=row["starts_at"])
    assert [each["id"] for each in before] == [each["id"] for each in kept if each["starts_at"] < row["starts_at"]]


def test_feeds_tell_what_happened(workable: Workable) -> None:
    """A candidate's feed is filtered by action and time; a job's tells whom each is about."""
    job = workable.job()
    feed = workable.walk(f"/jobs/{job}/activities", "activities")
    assert feed[0]["action"] == "opened" or any(row["action"] == "opened" for row in feed)
    seen = Counter(row["action"] for row in feed)
    assert {"applied", "uploaded", "comment", "message", "rating", "event", "disqualified"} <= set(seen)
    moved = [row for row in feed if "target_stage" in row]
    assert moved
    assert all(row["action"] == row["target_stage"]["slug"] for row in moved)
    row = next(each for each in feed if each["action"] == "comment")
    own = workable.walk(f"/candidates/{row['candidate']['id']}/activities", "activities")
    assert {key: value for key, value in row.items() if key != "candidate"} in own
    assert PRECISE.fullmatch(row["updated_at"])
    said = workable.walk(f"/jobs/{job}/activities", "activities", actions="comment,rating", limit=3)
    assert Counter(each["action"] for each in said) == {key: seen[key] for key in ("comment", "rating")}
    middle = feed[len(feed) // 2]["updated_at"]
    late = workable.walk(f"/jobs/{job}/activities", "activities", updated_after=middle)
    assert [each["id"] for each in late] == [each["id"] for each in feed if each["updated_at"] > middle]


def test_ratings_come_in_all_scales(workable: Workable) -> None:
    """Old scores, and grades of stars and numbers."""
    rows = [
        row["rating"]
        for job in workable.walk("/jobs", "jobs", limit=100)
        for row in workable.walk(f"/jobs/{job['shortcode']}/activities", "activities", actions="rating", limit=100)
    ]
    assert {row["score"] for row in rows if "score" in row} == {"negative", "positive", "definite"}
    assert {row["scale"] for row in rows if "scale" in row} == {"stars", "numbers"}


def test_a_candidate_has_one_offer_or_none(workable: Workable) -> None:
    """Without an offer, only the candidate is told."""
    rows = workable.walk("/candidates", "candidates", stage="hired") + workable.walk(
        "/candidates", "candidates", stage="offer"
    )
    offers = [workable.get(f"/candidates/{row['id']}/offer") for row in rows]
    states = {each["state"] for each in offers}
    assert states == {"accepted", "draft", "pending", "approved", "sent", "rejected"}
    assert {each["key"] for each in offers[0]["document_variables"]} == {"salary", "currency", "start_date"}
    pool = next(row for row in workable.walk("/candidates", "candidates", limit=100) if "talent_pool" in row)
    assert set(workable.get(f"/candidates/{pool['id']}/offer")) == {"candidate"}


def test_the_small_story_is_told(told: Workable) -> None:
    """Clara is to be met again, Dov was rejected, Ewa has an offer."""
    clara, dov, ewa = told.get("/candidates")["candidates"]
    assert [clara["stage"], dov["stage"], ewa["stage"]] == ["Onsite", "Phone Screen", "Offer"]
    assert [clara["disqualified"], dov["disqualified"]] == [False, True]
    assert dov["disqualification_reason"] == "Lacking skill(s) or qualification(s)"
    assert told.candidate(dov["id"])["disqualified_at"] == "2026-03-07T15:00:00Z"
    assert told.candidate(clara["id"])["tags"] == ["relocation", "été"]
    offer = told.get(f"/candidates/{ewa['id']}/offer")
    assert (offer["state"], offer["created_at"]) == ("sent", "2026-03-09T09:00:00Z")
    feed = told.get(f"/candidates/{clara['id']}/activities", actions="comment,rating")["activities"]
    assert [row["action"] for row in feed] == ["rating", "comment"]
    assert feed[0]["rating"] == {"score": "positive"}
    assert feed[1]["body"] == "Called her back: she is free from May."
    first, second = told.get("/events", context="all")["events"]
    assert (first["starts_at"], second["starts_at"]) == ("2026-03-05T10:00:00.000Z", "2026-12-27T13:00:00.000Z")
    assert datetime.fromisoformat(second["ends_at"]).astimezone(UTC).hour == 14
    (job,) = told.get("/jobs")["jobs"]
    stages = told.get(f"/jobs/{job['shortcode']}/stages")["stages"]
    assert [each["name"] for each in stages] == [
        "Sourced", "Application Review", "Phone Screen", "Onsite", "Offer", "Hired",
    ]  # fmt: skip
