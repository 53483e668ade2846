"""What is shown, and what is hidden."""

import pytest

from .conftest import Client


@pytest.mark.parametrize(
    "call",
    [
        "archiveReason.list",
        "candidateTag.list",
        "department.list",
        "location.list",
        "source.list",
        "interview.list",
        "interviewPlan.list",
    ],
)
async def test_archived_is_hidden(ashby: Client, call: str) -> None:
    """What is archived is shown on request alone."""
    shown = await ashby.ask(call)
    everything = await ashby.ask(call, {"includeArchived": True})
    assert {each["isArchived"] for each in shown} == {False}
    assert [each for each in everything if not each["isArchived"]] == shown
    assert len(everything) == len(shown) + 1


async def test_deactivated_users_are_hidden(ashby: Client) -> None:
    """Users who have left are shown on request alone."""
    assert {each["isEnabled"] for each in await ashby.ask("user.list")} == {True}
    everybody = await ashby.ask("user.list", {"includeDeactivated": True})
    assert {each["isEnabled"] for each in everybody} == {True, False}


async def test_drafts_are_hidden(ashby: Client) -> None:
    """Jobs that are drafts are listed when their status is asked for."""
    assert {each["status"] for each in await ashby.ask("job.list")} == {"Open", "Closed", "Archived"}
    drafts = await ashby.ask("job.list", {"status": ["Draft"]})
    assert {each["status"] for each in drafts} == {"Draft"}


async def test_candidate_shape(ashby: Client) -> None:
    """Unknown values are absent, but for the few that are null; first and last name don't exist."""
    everybody, _ = await ashby.walk("candidate.list")
    nulls = {key for each in everybody for key, value in each.items() if value is None}
    assert nulls == {"source", "creditedToUser", "timezone", "fraudStatus"}
    always = set.intersection(*(set(each) for each in everybody))
    sometimes = set.union(*(set(each) for each in everybody)) - always
    assert sometimes == {
        "primaryEmailAddress",
        "primaryPhoneNumber",
        "position",
        "company",
        "school",
        "resumeFileHandle",
        "location",
    }
    assert not {"firstName", "lastName"} & (always | sometimes)


async def test_form_and_text_only_in_info(ashby: Client) -> None:
    """A posting's text and form come with `jobPosting.info` alone, a job's postings by id."""
    listed = (await ashby.ask("jobPosting.list"))[0]
    assert not {"descriptionHtml", "descriptionPlain", "applicationFormDefinition"} & set(listed)
    info = await ashby.ask("jobPosting.info", {"jobPostingId": listed["id"]})
    assert info["descriptionHtml"].startswith("<p>")
    fields = [each for section in info["applicationFormDefinition"]["sections"] for each in section["fields"]]
    assert {"_systemfield_name", "_systemfield_email"} <= {each["field"]["path"] for each in fields}
    job = await ashby.ask("job.info", {"id": listed["jobId"]})
    assert listed["id"] in job["jobPostingIds"]


async def test_expand(ashby: Client) -> None:
    """Openings, locations and form submissions come when they are asked for."""
    job = (await ashby.ask("job.list", {"limit": 1}))[0]
    assert not {"openings", "location"} & set(job)
    more = await ashby.ask("job.info", {"id": job["id"], "expand": ["openings", "location"]})
    assert more["location"]["id"] == job["locationId"]
    assert more["openings"][0]["latestVersion"]["identifier"]
    application = (await ashby.ask("application.list", {"limit": 1, "expand": ["openings"]}))[0]
    assert application["openings"]
    asked = {"applicationId": application["id"], "expand": ["applicationFormSubmissions", "referrals"]}
    info = await ashby.ask("application.info", asked)
    assert info["applicationFormSubmissions"][0]["submittedValues"]
    assert "openings" not in info


async def test_history_in_info(ashby: Client) -> None:
    """`application.info` holds the history that `application.listHistory` lists; lists don't."""
    application = (await ashby.ask("application.list", {"limit": 1, "status": "Hired"}))[0]
    assert "applicationHistory" not in application
    asked = {"applicationId": application["id"]}
    history = await ashby.ask("application.listHistory", asked)
    assert history == (await ashby.ask("application.info", asked))["applicationHistory"]
    assert history[-1]["stageId"] == application["currentInterviewStage"]["id"]
    assert [each["leftStageAt"] for each in history[:-1]] == [each["enteredStageAt"] for each in history[1:]]
    assert "leftStageAt" not in history[-1]


async def test_references_hold(ashby: Client) -> None:
    """What records refer to exists: stages of plans, jobs of applications, events of feedback."""
    jobs = {each["id"]: each for each in await ashby.ask("job.list")}
    applications, _ = await ashby.walk("application.list")
    people = {each["id"]: each for each in (await ashby.walk("candidate.list"))[0]}
    for each in applications:
        assert each["currentInterviewStage"]["interviewPlanId"] in jobs[each["job"]["id"]]["interviewPlanIds"]
        assert each["id"] in people[each["candidate"]["id"]]["applicationIds"]
        assert (each["status"] == "Archived") == ("archivedAt" in each) == (each["archiveReason"] is not None)
    schedules, _ = await ashby.walk("interviewSchedule.list")
    events = {event["id"] for each in schedules for event in each["interviewEvents"]}
    feedback, _ = await ashby.walk("applicationFeedback.list")
    assert {each["interviewEventId"] for each in feedback} <= events
    plan = await ashby.ask("jobInterviewPlan.info", {"jobId": applications[0]["job"]["id"]})
    stages = await ashby.ask("interviewStage.list", {"interviewPlanId": plan["interviewPlanId"]})
    assert [{**each, "activities": []} for each in stages] == plan["stages"]


async def test_both_vocabularies_of_recommendations(ashby: Client) -> None:
    """Feedback recommends by number or in words, as its own form defines."""
    feedback, _ = await ashby.walk("applicationFeedback.list")
    seen = set()
    for each in feedback:
        fields = [field for section in each["formDefinition"]["sections"] for field in section["fields"]]
        verdict = next(field["field"] for field in fields if field["field"]["path"] == "overall_recommendation")
        value = each["submittedValues"]["overall_recommendation"]
        assert value in [choice["value"] for choice in verdict["selectableValues"]]
        seen.add(value)
    assert {"4", "1", "strong_hire", "no_hire"} <= seen
