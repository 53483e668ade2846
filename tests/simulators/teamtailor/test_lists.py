"""Lists: paging, filters, order, what is included, and what is refused."""

from datetime import datetime
from typing import Any

import pytest

from ..asking import Client
from .conftest import ADMIN, Teamtailor, at, client, code, linked, ref

SIZES = {
    "candidates": 300,
    "job-applications": 588,
    "job-offers": 148,
    "stages": 247,
    "users": 24,
    "departments": 12,
    "locations": 7,
    "reject-reasons": 8,
    "roles": 12,
    "questions": 6,
    "requisitions": 4,
}
EMPTY = ("nps-responses", "partner-results", "referrals", "todos")


@pytest.mark.parametrize("size", [7, 30])
@pytest.mark.parametrize("kind", ["candidates", "job-applications", "notes", "uploads", "stages"])
def test_paging_loses_and_repeats_nothing(teamtailor: Teamtailor, kind: str, size: int) -> None:
    """Following `links.next` gives every record once, whatever the page's size, in order of id."""
    found = [int(each["id"]) for each in teamtailor.walk(f"/{kind}", **{"page[size]": size})]
    assert found == sorted(set(found))
    assert len(found) == SIZES.get(kind, len(found)) > 2 * size


@pytest.mark.parametrize("kind", SIZES)
def test_every_list(teamtailor: Teamtailor, kind: str) -> None:
    """Records have a type, an id of digits, links of their own, and no linkage unasked."""
    records = teamtailor.walk(f"/{kind}", **{"page[size]": 30})
    assert len(records) == SIZES[kind]
    for each in records:
        assert each["type"] == kind
        assert each["id"].isdecimal()
        assert each["links"]["self"].endswith(f"/teamtailor/v1/{kind}/{each['id']}")
        assert all(set(relation) == {"links"} for relation in each.get("relationships", {}).values())
    assert teamtailor.get(at(records[-1]))["data"] == records[-1]


@pytest.mark.parametrize("kind", EMPTY)
def test_lists_that_are_empty(teamtailor: Teamtailor, kind: str) -> None:
    """An empty list is one empty page."""
    page = teamtailor.get(f"/{kind}")
    assert page["data"] == []
    assert page["meta"]["record-count"] == 0
    assert "next" not in page["links"]


@pytest.mark.parametrize("path", ["/activities", "/answers", "/team-memberships", "/tags", "/interviews", "/companies"])
def test_lists_that_there_are_not(teamtailor: Teamtailor, path: str) -> None:
    """They are a 404."""
    assert code(teamtailor.http.get(path), 404) == "404"


def test_pages_by_number(teamtailor: Teamtailor) -> None:
    """A page has 10 records unasked, and links to its neighbours, the first and the last."""
    page = teamtailor.get("/users")
    assert len(page["data"]) == 10
    assert set(page["links"]) == {"first", "next", "last"}
    assert page["meta"]["page-count"] == 3
    last = teamtailor.get(page["links"]["last"])
    assert len(last["data"]) == 4
    assert set(last["links"]) == {"first", "prev", "last"}
    assert teamtailor.get(last["links"]["prev"])["data"] == teamtailor.get("/users", **{"page[number]": 2})["data"]
    assert teamtailor.get("/users", **{"page[number]": 9})["data"] == []


def test_pages_by_cursor(hosted: str, teamtailor: Teamtailor) -> None:
    """Candidates go on by cursor, forwards and backwards; older versions number their pages."""
    first = teamtailor.get("/candidates")
    second = teamtailor.get(first["links"]["next"])
    assert "page%5Bafter%5D" in first["links"]["next"]
    assert teamtailor.get(second["links"]["prev"])["data"] == first["data"]
    assert "last" not in first["links"]
    assert code(teamtailor.http.get("/candidates", **{"page[number]": 1}), 400) == "105"
    assert code(teamtailor.http.get("/candidates", **{"page[after]": "x"}), 400) == "118"
    cursor = first["links"]["next"].partition("?")[2]
    assert code(teamtailor.http.get(f"/job-applications?{cursor}"), 400) == "118"
    older = client(hosted, ADMIN, "20210218").get("/candidates", **{"page[number]": 2})
    assert older["data"] == second["data"]


def test_a_walk_beside_changes(teamtailor: Teamtailor) -> None:
    """What is deleted and made during a walk by cursor hides no record and repeats none."""
    before = [each["id"] for each in teamtailor.walk("/candidates", **{"page[size]": 30})]
    first = teamtailor.get("/candidates", **{"page[size]": 30})
    assert teamtailor.http.ask("DELETE", f"/candidates/{before[3]}").status == 204
    made = teamtailor.create("/candidates", {"email": "new@mail.example"})
    page, seen = first, [each["id"] for each in first["data"]]
    while "next" in page["links"]:
        page = teamtailor.get(page["links"]["next"])
        seen += [each["id"] for each in page["data"]]
    assert seen == [*before, made["id"]]


def test_order(teamtailor: Teamtailor) -> None:
    """By creation, either way, across pages."""
    for kind in ("candidates", "notes"):
        up = teamtailor.walk(f"/{kind}", sort="created-at", **{"page[size]": 30})
        down = teamtailor.walk(f"/{kind}", sort="-created-at", **{"page[size]": 30})
        assert [each["id"] for each in up] == [each["id"] for each in down][::-1]
        moments = [each["attributes"]["created-at"] for each in up]
        assert moments == sorted(moments)


def test_dates_have_an_offset_and_milliseconds(teamtailor: Teamtailor) -> None:
    """As in 2024-03-01T09:30:00.123+01:00."""
    written = teamtailor.get("/candidates")["data"][0]["attributes"]["created-at"]
    assert written.endswith("+01:00")
    assert len(written) == len("2024-03-01T09:30:00.123+01:00")


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("candidates", "created-at"),
        ("candidates", "updated-at"),
        ("job-applications", "changed-stage-at"),
        ("job-applications", "updated-at"),
        ("jobs", "updated-at"),
    ],
)
def test_since_and_until(teamtailor: Teamtailor, kind: str, name: str) -> None:
    """`from` and `to` bound an instant, and both take the bound itself."""
    query = {"page[size]": 30} | ({"filter[status]": "all"} if kind == "jobs" else {})
    moments = [each["attributes"][name] for each in teamtailor.walk(f"/{kind}", **query)]
    known = sorted(each for each in moments if each)
    low, high = known[len(known) // 3], known[len(known) // 2]
    bounds = {f"filter[{name}][from]": low, f"filter[{name}][to]": high}
    found = [each["attributes"][name] for each in teamtailor.walk(f"/{kind}", **query, **bounds)]
    assert sorted(found) == [each for each in known if low <= each <= high]
    assert 1 < len(found) < len(known)


def test_filters_of_candidates(teamtailor: Teamtailor) -> None:
    """By e-mail in any case, by what they are connected to, by flag."""

    def ids(**query: Any) -> list[str]:
        return [each["id"] for each in teamtailor.walk("/candidates", **{"page[size]": 30, **query})]

    records = teamtailor.walk("/candidates", include="department,locations", **{"page[size]": 30})
    person = records[4]
    assert ids(**{"filter[email]": person["attributes"]["email"].upper()}) == [person["id"]]
    department = next(linked(each, "department") for each in records if linked(each, "department"))
    assert ids(**{"filter[department]": department["id"]}) == [
        each["id"] for each in records if linked(each, "department") == department
    ]
    location = next(linked(each, "locations")[0] for each in records if linked(each, "locations"))
    assert ids(**{"filter[locations]": location["id"]}) == [
        each["id"] for each in records if location in linked(each, "locations")
    ]
    connected = [each["id"] for each in records if each["attributes"]["connected"]]
    assert ids(**{"filter[connected]": "true"}) == connected
    assert connected
    assert ids(**{"filter[division]": "9"}) == []


def test_filters_of_jobs(teamtailor: Teamtailor) -> None:
    """Unless asked for, only published jobs are there."""
    jobs = teamtailor.walk("/jobs", **{"filter[status]": "all", "page[size]": 30})
    statuses = {each["id"]: each["attributes"]["human-status"] for each in jobs}
    assert set(statuses.values()) == {
        "published",
        "unlisted",
        "archived",
        "draft",
        "scheduled",
        "expired",
        "unsaved",
    }
    for wanted in ("published", "unlisted", "archived", "draft", "scheduled"):
        found = teamtailor.walk("/jobs", **{"filter[status]": wanted})
        assert [each["id"] for each in found] == [key for key, status in statuses.items() if status == wanted]
    assert teamtailor.walk("/jobs") == teamtailor.walk("/jobs", **{"filter[status]": "published"})
    everything = {"filter[status]": "all", "page[size]": 30}
    public = teamtailor.walk("/jobs", **everything, **{"filter[feed]": "public"})
    assert [each["id"] for each in public] == [each["id"] for each in jobs if not each["attributes"]["internal"]]
    with_department = teamtailor.get("/jobs", include="department")["data"][0]
    mine = linked(with_department, "department")["id"]
    found = teamtailor.walk("/jobs", include="department", **{"filter[department]": mine})
    assert {linked(each, "department")["id"] for each in found} == {mine}


def test_filters_of_applications(teamtailor: Teamtailor) -> None:
    """Inbox, in process and hired share out all who have a stage."""
    query: dict[str, Any] = {"include": "stage", "page[size]": 30}
    found = {
        kind: teamtailor.walk("/job-applications", **query, **{"filter[stage-type]": kind})
        for kind in ("Inbox", "In process", "Hired")
    }
    staged = [each for each in teamtailor.walk("/job-applications", **query) if linked(each, "stage")]
    assert sum(map(len, found.values())) == len(staged) < SIZES["job-applications"]
    hired = teamtailor.get(f"/stages/{linked(found['Hired'][0], 'stage')['id']}")["data"]["attributes"]
    assert hired["stage-type"] == "hired"
    assert code(teamtailor.http.get("/job-applications", **{"filter[stage-type]": "hired"}), 400) == "103"


def test_filters_of_users_and_uploads(teamtailor: Teamtailor) -> None:
    """Users by e-mail and external id, uploads by job."""
    user = teamtailor.get("/users")["data"][0]
    for name in ("email", "external-id"):
        found = teamtailor.get("/users", **{f"filter[{name}]": user["attributes"][name]})["data"]
        assert found == [user]
    uploads = teamtailor.walk("/uploads", include="job", **{"page[size]": 30})
    job = next(linked(each, "job") for each in uploads if linked(each, "job"))
    found = teamtailor.walk("/uploads", **{"filter[job]": job["id"]})
    assert [each["id"] for each in found] == [each["id"] for each in uploads if linked(each, "job") == job]


def test_included(teamtailor: Teamtailor) -> None:
    """Everything that the linkage names is included, once, and nothing else."""
    page = teamtailor.get("/job-applications", include="candidate,job.department,stage,reject-reason")
    named = {
        (each["type"], each["id"])
        for record in page["data"]
        for name in ("candidate", "job", "stage", "reject-reason")
        if (each := linked(record, name))
    }
    jobs = [each for each in page["included"] if each["type"] == "jobs"]
    named |= {("departments", each["id"]) for job in jobs if (each := linked(job, "department"))}
    included = [(each["type"], each["id"]) for each in page["included"]]
    assert len(included) == len(set(included))
    assert set(included) == named
    assert "included" not in teamtailor.get("/job-applications")


def test_fields(teamtailor: Teamtailor) -> None:
    """Only the members that are asked for, for the type that they are asked of."""
    query = {"fields[candidates]": "first-name,uploads", "include": "uploads"}
    record = teamtailor.get("/candidates", **query)["data"][0]
    assert set(record["attributes"]) == {"first-name"}
    assert set(record["relationships"]) == {"uploads"}
    assert code(teamtailor.http.get("/candidates", **{"fields[candidates]": "name"}), 400) == "104"
    assert code(teamtailor.http.get("/candidates", **{"fields[people]": "name"}), 400) == "101"


def test_related(teamtailor: Teamtailor) -> None:
    """The links of a relationship lead to the same records as its linkage."""
    application = teamtailor.get("/job-applications", include="candidate,reject-reason")["data"][0]
    relation = application["relationships"]["candidate"]
    assert teamtailor.get(relation["links"]["self"])["data"] == relation["data"]
    assert ref(teamtailor.get(relation["links"]["related"])["data"]) == relation["data"]
    assert linked(application, "reject-reason") is None
    assert teamtailor.get(f"{at(application)}/reject-reason")["data"] is None
    person = teamtailor.get(f"/candidates/{relation['data']['id']}", include="job-applications,activities")["data"]
    assert ref(application) in linked(person, "job-applications")
    for name in ("job-applications", "activities", "uploads", "answers", "questions", "custom-field-values"):
        links = person["relationships"][name]["links"]
        assert [ref(each) for each in teamtailor.walk(links["related"])] == teamtailor.get(links["self"])["data"]


def test_lists_below_records(teamtailor: Teamtailor) -> None:
    """A job has its stages and its form, a candidate its notes, a user what they did."""
    job = next(each for each in teamtailor.walk("/jobs") if len(teamtailor.walk(f"{at(each)}/questions")) > 3)
    stages = teamtailor.walk(f"{at(job)}/stages")
    assert [each["attributes"]["row-order"] for each in stages] == list(range(len(stages)))
    assert (stages[0]["attributes"]["stage-type"], stages[-1]["attributes"]["stage-type"]) == ("inbox", "hired")
    picked = teamtailor.get(f"{at(job)}/picked-questions", include="question")
    asked = [ref(each) for each in teamtailor.walk(f"{at(job)}/questions")]
    assert [linked(each, "question") for each in picked["data"]] == asked == [ref(each) for each in picked["included"]]
    note = teamtailor.get("/notes", include="candidate,user")["data"][0]
    person = linked(note, "candidate")
    assert note["id"] in {each["id"] for each in teamtailor.walk(f"/candidates/{person['id']}/notes")}
    author = linked(note, "user")["id"]
    done = teamtailor.walk(f"/users/{author}/activities", include="user,candidate", **{"page[size]": 30})
    assert {linked(each, "user")["id"] for each in done} == {author}
    assert person in [linked(each, "candidate") for each in done]
    assert isinstance(done[0]["attributes"]["data"], str)
    assert teamtailor.get(at(done[0]))["data"]["attributes"] == done[0]["attributes"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/candidates?page[size]=31", "118"),
        ("/candidates?page[size]=0", "118"),
        ("/users?page[number]=0", "118"),
        ("/users?page[after]=x", "105"),
        ("/candidates?per_page=3", "105"),
        ("/candidates?filter[name]=x", "102"),
        ("/candidates?filter[created-at]=2024-01-01", "102"),
        ("/candidates?filter[created-at][from]=yesterday", "103"),
        ("/candidates?filter[created-at][gte]=2024-01-01T00:00:00Z", "102"),
        ("/candidates?filter[connected]=yes", "103"),
        ("/job-applications?filter[candidate]=1", "102"),
        ("/jobs?filter[status]=open", "103"),
        ("/jobs?include=notes", "112"),
        ("/jobs?sort=title", "114"),
        ("/departments?sort=created-at", "114"),
        ("/users?sort=created-at&sort=created-at", "105"),
        ("/jobs?include=", "106"),
        ("/company?page[size]=1", "105"),
    ],
)
def test_strange_queries_are_refused(teamtailor: Teamtailor, path: str, expected: str) -> None:
    """A parameter that there is not, or a value that it can't have, is a 400."""
    assert code(teamtailor.http.get(path), 400) == expected


@pytest.mark.parametrize("path", ["/candidates/1", "/candidates/abc", "/jobs/1/stages", "/v2/jobs"])
def test_unknown_records(teamtailor: Teamtailor, path: str) -> None:
    """They are a 404."""
    assert code(teamtailor.http.get(path), 404) == "404"


def test_reset_forgets(teamtailor: Teamtailor, control: Client) -> None:
    """What clients made is gone after a reset."""
    made = teamtailor.create("/departments", {"name": "New"})
    assert teamtailor.get(at(made))["data"]["attributes"] == {"name": "New"}
    control.ask("POST", "/reset")
    assert code(teamtailor.http.get(at(made)), 404) == "404"


def test_the_past_is_not_after_the_present(teamtailor: Teamtailor) -> None:
    """No application was changed before it was made."""
    for each in teamtailor.walk("/job-applications", **{"page[size]": 30}):
        moments = each["attributes"]
        assert datetime.fromisoformat(moments["created-at"]) <= datetime.fromisoformat(moments["updated-at"])
