"""Applications, and what comes of them: interviews, feedback, offers."""

from typing import Any

import pytest

from .conftest import NOBODY, Client, active_application, stage_of


async def test_create_application(ashby: Client) -> None:
    """An application starts in the first stage after the leads, and is listed with its job and candidate."""
    job = (await ashby.ask("job.list", {"status": ["Open"], "limit": 1}))[0]
    person = await ashby.ask("candidate.create", {"name": "Zoë"})
    made = await ashby.ask("application.create", {"candidateId": person["id"], "jobId": job["id"]})
    assert (made["status"], made["currentInterviewStage"]["orderInInterviewPlan"]) == ("Active", 1)
    assert len(made["applicationHistory"]) == 1
    listed, _ = await ashby.walk("application.list", {"jobId": job["id"]})
    assert listed[-1]["id"] == made["id"]
    assert (await ashby.ask("candidate.info", {"id": person["id"]}))["applicationIds"] == [made["id"]]


async def test_create_application_needs_an_open_job(ashby: Client) -> None:
    """Nobody applies for a draft, in a stage of another plan, or archived from the start."""
    draft = (await ashby.ask("job.list", {"status": ["Draft"], "limit": 1}))[0]
    person = await ashby.ask("candidate.create", {"name": "Zoë"})
    asked = {"candidateId": person["id"], "jobId": draft["id"]}
    assert await ashby.errors("application.create", asked) == ["invalid_input"]
    jobs = await ashby.ask("job.list", {"status": ["Open"]})
    asked["jobId"] = jobs[0]["id"]
    other = next(each for each in jobs if each["interviewPlanIds"] != jobs[0]["interviewPlanIds"])
    foreign = await ashby.ask("jobInterviewPlan.info", {"jobId": other["id"]})
    own = await ashby.ask("jobInterviewPlan.info", {"jobId": jobs[0]["id"]})
    for stage in (foreign["stages"][2], own["stages"][-1]):
        assert await ashby.errors("application.create", {**asked, "interviewStageId": stage["id"]}) == ["invalid_input"]
    asked["interviewPlanId"] = foreign["interviewPlanId"]
    assert await ashby.errors("application.create", asked) == ["invalid_input"]


async def test_reject_and_unreject(ashby: Client) -> None:
    """Archiving needs a reason and sets status, date and reason; moving back takes them away."""
    application = await active_application(ashby)
    stage = await stage_of(ashby, application, "Archived")
    asked = {"applicationId": application["id"], "interviewStageId": stage["id"]}
    assert await ashby.errors("application.changeStage", asked) == ["invalid_input"]
    reason = (await ashby.ask("archiveReason.list"))[0]
    await ashby.ask("application.changeStage", {**asked, "archiveReasonId": reason["id"]})
    info = await ashby.ask("application.info", {"applicationId": application["id"]})
    assert (info["status"], info["archiveReason"]) == ("Archived", reason)
    assert info["archivedAt"] > application["updatedAt"]
    assert info["updatedAt"] > application["updatedAt"]
    assert info["applicationHistory"][-1]["stageId"] == stage["id"]
    archived, _ = await ashby.walk("application.list", {"status": "Archived"})
    assert application["id"] in [each["id"] for each in archived]
    back = {**asked, "interviewStageId": application["currentInterviewStage"]["id"]}
    again = await ashby.ask("application.changeStage", back)
    assert (again["status"], again["archiveReason"], "archivedAt" in again) == ("Active", None, False)
    assert await ashby.errors("application.changeStage", {**back, "archiveReasonId": reason["id"]}) == ["invalid_input"]


async def test_hire(ashby: Client) -> None:
    """A move into the stage of type Hired hires, and leaves the stage before."""
    application = await active_application(ashby)
    stage = await stage_of(ashby, application, "Hired")
    asked = {"applicationId": application["id"], "interviewStageId": stage["id"]}
    hired = await ashby.ask("application.changeStage", asked)
    assert (hired["status"], hired["currentInterviewStage"]) == ("Hired", stage)
    left, entered = hired["applicationHistory"][-2:]
    assert left["leftStageAt"] == entered["enteredStageAt"]


async def test_stage_of_another_plan(ashby: Client) -> None:
    """An application moves within its plan only; another job's plan needs a transfer."""
    application = await active_application(ashby)
    plan_id = application["currentInterviewStage"]["interviewPlanId"]
    jobs = await ashby.ask("job.list", {"status": ["Open"]})
    job = next(each for each in jobs if each["defaultInterviewPlanId"] != plan_id)
    plan = await ashby.ask("jobInterviewPlan.info", {"jobId": job["id"]})
    asked = {"applicationId": application["id"], "interviewStageId": plan["stages"][1]["id"]}
    assert await ashby.errors("application.changeStage", asked) == ["invalid_input"]
    target = {**asked, "jobId": job["id"], "interviewPlanId": plan["interviewPlanId"]}
    moved = await ashby.ask("application.transfer", target)
    assert (moved["job"]["id"], moved["currentInterviewStage"]["id"]) == (job["id"], plan["stages"][1]["id"])
    assert "appliedViaJobPostingId" not in moved


async def test_update_application(ashby: Client) -> None:
    """Source, credit and date of an application can be changed."""
    application = await active_application(ashby)
    sources, user = await ashby.ask("source.list"), (await ashby.ask("user.list"))[3]
    asked = {"applicationId": application["id"]}
    changes = {"sourceId": sources[1]["id"], "creditedToUserId": user["id"], "createdAt": "2025-01-01T00:00:00Z"}
    changed = await ashby.ask("application.update", {**asked, **changes})
    assert (changed["source"], changed["creditedToUser"]) == (sources[1], user)
    assert changed["createdAt"] == "2025-01-01T00:00:00.000Z"
    assert changed["updatedAt"] > application["updatedAt"]
    again = await ashby.ask("application.changeSource", {**asked, "sourceId": sources[2]["id"]})
    assert again["source"] == sources[2]


async def test_schedule(ashby: Client) -> None:
    """A schedule is made with its events, moved, emptied, and cancelled; nobody unknown may be asked to it."""
    application = await active_application(ashby)
    template = (await ashby.ask("interview.list"))[0]
    event = {
        "startTime": "2026-05-04T09:00:00Z",
        "endTime": "2026-05-04T10:00:00Z",
        "interviewers": [{"email": "user1@meridian.example", "feedbackRequired": True}],
        "interviewId": template["id"],
    }
    made = await ashby.ask("interviewSchedule.create", {"applicationId": application["id"], "interviewEvents": [event]})
    listed = await ashby.ask("interviewSchedule.list", {"applicationId": application["id"]})
    assert listed[-1] == made
    meeting = made["interviewEvents"][0]
    assert (made["status"], meeting["startTime"]) == ("Scheduled", "2026-05-04T09:00:00.000Z")
    assert meeting["interviewers"][0]["isFeedbackRequired"] is True
    assert meeting["interview"]["title"] == template["title"]
    asked = {"interviewScheduleId": made["id"]}
    later = {**event, "endTime": "2026-05-04T11:00:00Z", "interviewEventId": meeting["id"]}
    moved = await ashby.ask("interviewSchedule.update", {**asked, "interviewEvent": later})
    assert moved["interviewEvents"][0]["endTime"] == "2026-05-04T11:00:00.000Z"
    assert await ashby.ask("interviewEvent.list", asked) == moved["interviewEvents"]
    emptied = await ashby.ask("interviewSchedule.update", {**asked, "interviewEventIdToCancel": meeting["id"]})
    assert (emptied["status"], emptied["interviewEvents"]) == ("NeedsScheduling", [])
    assert (await ashby.ask("interviewSchedule.cancel", {"id": made["id"]}))["status"] == "Cancelled"
    assert await ashby.errors("interviewSchedule.update", {**asked, "interviewEvent": event}) == ["invalid_input"]


@pytest.mark.parametrize(
    "changes",
    [
        {"endTime": "2026-05-04T08:00:00Z"},
        {"startTime": "2026-05-04T09:00:00"},
        {"interviewers": []},
        {"interviewers": [{"email": "stranger@mail.example"}]},
        {"interviewers": [{"userId": NOBODY}]},
    ],
)
async def test_schedule_is_strict(ashby: Client, changes: dict[str, Any]) -> None:
    """An event has an end after its start, in a time zone, and interviewers who are users."""
    application = await active_application(ashby)
    event = {
        "startTime": "2026-05-04T09:00:00Z",
        "endTime": "2026-05-04T10:00:00Z",
        "interviewers": [{"email": "user1@meridian.example"}],
        **changes,
    }
    asked = {"applicationId": application["id"], "interviewEvents": [event]}
    assert await ashby.errors("interviewSchedule.create", asked) == ["invalid_input"]


async def test_submit_feedback(ashby: Client) -> None:
    """Feedback is kept by the paths of its form, and marks the event it is about."""
    schedules, _ = await ashby.walk("interviewSchedule.list")
    schedule = next(each for each in schedules if each["status"] == "Scheduled" and each["interviewEvents"])
    event = schedule["interviewEvents"][0]
    assert event["hasSubmittedFeedback"] is False
    submissions: list[dict[str, Any]] = [
        {"path": "overall_recommendation", "value": "strong_hire"},
        {"path": "craft", "value": {"score": 4}},
    ]
    worded = await ashby.ask("interview.list")
    form_id = next(each for each in worded if each["title"] == "Phone Screen")["feedbackFormDefinitionId"]
    asked = {
        "feedbackForm": {"fieldSubmissions": submissions},
        "formDefinitionId": form_id,
        "applicationId": schedule["applicationId"],
        "userId": event["interviewerUserIds"][0],
        "interviewEventId": event["id"],
    }
    made = await ashby.ask("applicationFeedback.submit", asked)
    assert made["submittedValues"] == {"overall_recommendation": "strong_hire", "craft": {"score": 4}}
    about = {"applicationId": schedule["applicationId"]}
    assert (await ashby.ask("applicationFeedback.list", about))[-1] == made
    events = await ashby.ask("interviewEvent.list", {"interviewScheduleId": schedule["id"]})
    assert events[0]["hasSubmittedFeedback"] is True
    for wrong in ([], [*submissions, {"path": "luck", "value": "1"}], [{**submissions[0], "value": "great"}]):
        refused = {**asked, "feedbackForm": {"fieldSubmissions": wrong}}
        assert await ashby.errors("applicationFeedback.submit", refused) == ["invalid_input"]


async def test_surveys(ashby: Client) -> None:
    """Surveys are listed by their type, which must be given."""
    assert await ashby.ask("surveySubmission.list", {"surveyType": "CandidateExperience"})
    assert await ashby.ask("surveySubmission.list", {"surveyType": "Questionnaire"}) == []
    assert await ashby.errors("surveySubmission.list") == ["invalid_input"]


async def test_offer(ashby: Client) -> None:
    """An offer is made in a started process from a started form, changed, approved, and listed."""
    application = await active_application(ashby)
    process = await ashby.ask("offerProcess.start", {"applicationId": application["id"]})
    asked = {
        "offerProcessId": process["id"],
        "offerFormId": NOBODY,
        "offerForm": {
            "fieldSubmissions": [
                {"path": "salary", "value": {"currencyCode": "EUR", "value": 60000}},
                {"path": "start_date", "value": "2026-09-01"},
            ]
        },
    }
    assert await ashby.errors("offer.create", asked) == ["invalid_input"]
    form = await ashby.ask("offer.start", {"offerProcessId": process["id"]})
    made = await ashby.ask("offer.create", {**asked, "offerFormId": form["id"]})
    assert (made["acceptanceStatus"], made["decidedAt"]) == ("Created", None)
    assert made["latestVersion"]["startDate"] == "2026-09-01"
    later = {"fieldSubmissions": [{"path": "start_date", "value": "2026-10-01"}]}
    changed = await ashby.ask("offer.update", {"offerId": made["id"], "offerForm": later})
    assert changed["latestVersion"]["startDate"] == "2026-10-01"
    assert changed["latestVersion"]["salary"] == made["latestVersion"]["salary"]
    version = {"offerVersionId": changed["latestVersion"]["id"]}
    approved = await ashby.ask("offer.approve", version)
    assert approved["latestVersion"]["approvalStatus"] == "Approved"
    assert approved["offerStatus"] == "WaitingOnCandidateResponse"
    assert await ashby.errors("offer.approve", version) == ["invalid_input"]
    wanted = {"applicationId": application["id"], "offerStatus": ["WaitingOnCandidateResponse"]}
    assert approved in await ashby.ask("offer.list", wanted)
    assert await ashby.ask("offer.list", {**wanted, "acceptanceStatus": ["Declined"]}) == []
