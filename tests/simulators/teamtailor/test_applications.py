"""Applying, moving, rejecting, taking back, hiring."""

from datetime import UTC, datetime
from typing import Any

import pytest

from .conftest import Teamtailor, at, code, linked, pointers, ref

INCLUDE = "?include=candidate,job,stage,reject-reason"


@pytest.fixture
def job(teamtailor: Teamtailor) -> Any:
    return teamtailor.walk("/jobs")[0]


@pytest.fixture
def stages(teamtailor: Teamtailor, job: Any) -> list[Any]:
    return teamtailor.walk(f"{at(job)}/stages")


@pytest.fixture
def application(teamtailor: Teamtailor, job: Any) -> Any:
    person = teamtailor.create("/candidates", {"email": "new@mail.example"})
    return teamtailor.create(f"/job-applications{INCLUDE}", {}, candidate=ref(person), job=ref(job))


def change(teamtailor: Teamtailor, application: Any, attributes: dict[str, Any], **related: Any) -> Any:
    """Change an application, and give it as it is read afterwards."""
    teamtailor.change(at(application), attributes, **related)
    return teamtailor.get(at(application) + INCLUDE)["data"]


def test_apply(teamtailor: Teamtailor, job: Any, stages: list[Any], application: Any) -> None:
    """A new application lies in the inbox, and is listed with its candidate and job."""
    assert linked(application, "stage") == ref(stages[0])
    assert linked(application, "job") == ref(job)
    assert linked(application, "reject-reason") is None
    assert application["attributes"]["rejected-at"] is None
    person = linked(application, "candidate")
    listed = teamtailor.walk(f"/candidates/{person['id']}/job-applications")
    assert [each["id"] for each in listed] == [application["id"]]
    assert person["id"] in {each["id"] for each in teamtailor.walk(f"{at(job)}/candidates")}
    assert teamtailor.walk("/job-applications", **{"page[size]": 30})[-1]["id"] == application["id"]
    counts = teamtailor.get(at(stages[0]))["data"]["attributes"]
    assert counts["active-job-applications-count"] == stages[0]["attributes"]["active-job-applications-count"] + 1


def test_apply_with_more(teamtailor: Teamtailor, job: Any, stages: list[Any]) -> None:
    """A letter and a stage may come along; whether candidates are told is not kept."""
    person = teamtailor.create("/candidates", {"email": "new@mail.example"})
    given = {"cover-letter": "Dear all", "sourced": True, "send-user-notifications": False}
    related = {"candidate": ref(person), "job": ref(job), "stage": ref(stages[2])}
    made = teamtailor.create(f"/job-applications{INCLUDE}", given, **related)
    assert (made["attributes"]["cover-letter"], made["attributes"]["sourced"]) == ("Dear all", True)
    assert "send-user-notifications" not in made["attributes"]
    assert linked(made, "stage") == ref(stages[2])


def test_what_an_application_needs(teamtailor: Teamtailor, job: Any, application: Any) -> None:
    """A candidate, a job that it has not applied for, and a stage of that job."""
    person = linked(application, "candidate")
    other = ref(teamtailor.walk("/jobs")[1])
    wrong = ref(teamtailor.walk(f"{at(other)}/stages")[0])
    send = teamtailor.send
    path = "/job-applications"
    assert pointers(send("POST", path, {}, {"job": ref(job)})) == ["/data/relationships/candidate"]
    assert pointers(send("POST", path, {}, {"candidate": person})) == ["/data/relationships/job"]
    again = {"candidate": person, "job": ref(job)}
    assert pointers(send("POST", path, {}, again)) == ["/data/relationships/candidate"]
    somebody = ref(teamtailor.create("/candidates", {"email": "other@mail.example"}))
    misplaced = {"candidate": somebody, "job": ref(job), "stage": wrong}
    assert pointers(send("POST", path, {}, misplaced)) == ["/data/relationships/stage"]
    assert code(send("POST", path, {"rejected-at": None}, again), 400) == "105"


def test_move_and_hire(teamtailor: Teamtailor, stages: list[Any], application: Any) -> None:
    """The stage changes, and when it did; the last stage is where people are hired."""
    moved = change(teamtailor, application, {}, stage=ref(stages[1]))
    assert linked(moved, "stage") == ref(stages[1])
    hired = change(teamtailor, application, {"send-user-notifications": True}, stage=ref(stages[-1]))
    assert linked(hired, "stage") == ref(stages[-1])
    found = teamtailor.walk("/job-applications", **{"filter[stage-type]": "Hired", "page[size]": 30})
    assert application["id"] in {each["id"] for each in found}
    person = linked(application, "candidate")["id"]
    codes = [each["attributes"]["code"] for each in teamtailor.walk(f"/candidates/{person}/activities")]
    assert codes == ["created", "applied", "moved", "moved"]


def test_only_a_move_changes_when_the_stage_changed(teamtailor: Teamtailor) -> None:
    """The same stage again is no move."""
    seeded = teamtailor.get(f"/job-applications{INCLUDE}")["data"][0]
    stage = linked(seeded, "stage")
    stages = [ref(each) for each in teamtailor.walk(f"/jobs/{linked(seeded, 'job')['id']}/stages")]
    same = change(teamtailor, seeded, {"row-order": 3}, stage=stage)
    assert same["attributes"]["changed-stage-at"] == seeded["attributes"]["changed-stage-at"]
    before = datetime.now(UTC)
    moved = change(teamtailor, seeded, {}, stage=next(each for each in stages if each != stage))
    assert (before - datetime.fromisoformat(moved["attributes"]["changed-stage-at"])).total_seconds() < 0.01


def test_a_stage_of_another_job_is_refused(teamtailor: Teamtailor, application: Any) -> None:
    """So are no stage, another job and another candidate."""
    other = teamtailor.walk("/jobs")[1]
    wrong = ref(teamtailor.walk(f"{at(other)}/stages")[0])
    for stage in (wrong, None):
        answer = teamtailor.send("PATCH", at(application), related={"stage": stage})
        assert pointers(answer) == ["/data/relationships/stage"]
    assert code(teamtailor.send("PATCH", at(application), related={"job": ref(other)}), 400) == "105"
    assert linked(teamtailor.get(at(application) + INCLUDE)["data"], "stage") == linked(application, "stage")


def test_reject_and_take_back(teamtailor: Teamtailor, stages: list[Any], application: Any) -> None:
    """A rejection has a moment and a reason, leaves the stage, and both go when it is taken back."""
    reason = ref(teamtailor.get("/reject-reasons")["data"][2])
    moment = "2025-05-06T07:08:09.123Z"
    rejected = change(teamtailor, application, {"rejected-at": moment}, reject_reason=reason)
    assert datetime.fromisoformat(rejected["attributes"]["rejected-at"]) == datetime.fromisoformat(moment)
    assert linked(rejected, "reject-reason") == reason
    assert linked(rejected, "stage") == ref(stages[0])
    counts = teamtailor.get(at(stages[0]))["data"]["attributes"]
    assert counts["rejected-job-applications-count"] == stages[0]["attributes"]["rejected-job-applications-count"] + 1
    back = change(teamtailor, application, {"rejected-at": None})
    assert back["attributes"]["rejected-at"] is None
    assert linked(back, "reject-reason") is None


def test_a_reason_needs_a_rejection(teamtailor: Teamtailor, application: Any) -> None:
    """Alone it is a 422, and a moment must be one."""
    reason = ref(teamtailor.get("/reject-reasons")["data"][0])
    alone = teamtailor.send("PATCH", at(application), related={"reject-reason": reason})
    assert pointers(alone) == ["/data/relationships/reject-reason"]
    wrong = teamtailor.send("PATCH", at(application), {"rejected-at": "today"})
    assert pointers(wrong) == ["/data/attributes/rejected-at"]


def test_applications_can_not_be_deleted(teamtailor: Teamtailor, application: Any) -> None:
    """There is no such request."""
    assert code(teamtailor.http.ask("DELETE", at(application)), 404) == "404"


def test_the_seeded_applications_are_consistent(teamtailor: Teamtailor) -> None:
    """A rejection has a reason, a stage is of the application's job, and one that nobody approved has none."""
    stages = {
        each["id"]: linked(each, "job")
        for each in teamtailor.walk("/stages", include="job", **{"page[size]": 30, "fields[jobs]": "title"})
    }
    include = INCLUDE.removeprefix("?include=")
    found = teamtailor.walk("/job-applications", include=include, **{"page[size]": 30, "fields[stages]": "name"})
    for each in found:
        assert bool(each["attributes"]["rejected-at"]) == bool(linked(each, "reject-reason"))
        if linked(each, "stage"):
            assert stages[linked(each, "stage")["id"]] == linked(each, "job")
    assert 0 < sum(not linked(each, "stage") for each in found) < 10


def test_offers(teamtailor: Teamtailor) -> None:
    """They belong to an application and a user, and can only be read."""
    offers = teamtailor.walk("/job-offers", include="job-application,user", **{"page[size]": 30})
    assert {each["attributes"]["status"].lower() for each in offers} == {"draft", "sent", "accepted", "rejected"}
    for each in offers:
        assert set(each["attributes"]) == {"status", "response", "sent-at", "answered-at", "created-at", "details"}
        assert linked(each, "job-application")
        assert linked(each, "user")
        assert bool(each["attributes"]["answered-at"]) == bool(each["attributes"]["response"])
    assert code(teamtailor.send("POST", "/job-offers", {}), 404) == "404"
