"""The calls about interviews: schedules with their events, the templates, feedback and surveys."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, UnsetType

from polyhire.simulators.tables import Row

from . import forms, shapes
from .bodies import Body, CreatedAfter, Email, Id, Moment, Paged, Submissions, given
from .calls import Call, archivable, listing, made_after
from .records import Records, invalid, stamp


class _Schedules(CreatedAfter):
    application_id: Id | UnsetType = UNSET
    interview_stage_id: Id | UnsetType = UNSET


class _Interviewer(Body):
    email: Email
    feedback_required: bool = False


class _Event(Body):
    start_time: Moment
    end_time: Moment
    interviewers: Annotated[list[_Interviewer], Meta(min_length=1)]
    interview_id: Id | UnsetType = UNSET


class _ScheduleCreate(Body):
    application_id: Id
    interview_events: Annotated[list[_Event], Meta(min_length=1)]


# inferred: the sheet names interviewSchedule.update without keys; here it writes or cancels one event a call
class _EventWrite(_Event):
    interview_event_id: Id | UnsetType = UNSET


class _ScheduleUpdate(Body):
    interview_schedule_id: Id
    interview_event: _EventWrite | UnsetType = UNSET
    interview_event_id_to_cancel: Id | UnsetType = UNSET


class _ScheduleCancel(Body):
    id: Id
    allow_reschedule: bool = False


class _Events(Paged, kw_only=True):
    interview_schedule_id: Id


class _ById(Body):
    id: Id


class _Feedback(CreatedAfter):
    application_id: Id | UnsetType = UNSET


class _FeedbackSubmit(Body):
    feedback_form: Submissions
    form_definition_id: Id
    application_id: Id
    user_id: Id
    interview_event_id: Id | UnsetType = UNSET


class _Surveys(Paged, kw_only=True):
    survey_type: Literal["CandidateExperience", "Questionnaire"]


def _schedules(records: Records, body: _Schedules) -> Iterable[Row]:
    records.check("application", body.application_id)
    records.check("stage", body.interview_stage_id)
    wanted = given(applicationId=body.application_id, interviewStageId=body.interview_stage_id)
    return made_after(records.find("schedule", **wanted), body)


def _create_schedule(records: Records, body: _ScheduleCreate) -> Any:
    application = records.get("application", body.application_id)
    # inferred: nobody meets an applicant whose application has ended
    if application["status"] in ("Hired", "Archived"):
        raise invalid(f"The application is {application['status']}")
    meetings = [_meeting(records, each) for each in body.interview_events]
    moment = records.moment()
    row = {
        "status": "Scheduled",
        "applicationId": application["id"],
        "candidateId": application["candidateId"],
        "interviewStageId": application["stageId"],
        "scheduledByUserId": None,
        "createdAt": moment,
        "updatedAt": moment,
        "canReschedule": False,
    }
    made = records.add("schedule", row)
    for meeting in meetings:
        _add_event(records, made["id"], meeting)
    return shapes.schedule(records, made)


def _meeting(records: Records, body: _Event) -> Row:
    if body.end_time <= body.start_time:
        raise invalid("endTime must be after startTime")
    records.check("interview", body.interview_id)
    return {
        "interviewId": body.interview_id or None,
        "panel": _panel(records, body.interviewers),
        "startTime": stamp(body.start_time),
        "endTime": stamp(body.end_time),
    }


def _panel(records: Records, wanted: Sequence[_Interviewer]) -> list[Row]:
    known = {row["email"].lower(): row["id"] for row in records.rows("user") if row["isEnabled"]}
    strangers = [each for each in wanted if each.email.lower() not in known]
    if strangers:
        raise invalid("Every interviewer must be the email of an enabled user")
    return [{"userId": known[each.email.lower()], "isFeedbackRequired": each.feedback_required} for each in wanted]


def _add_event(records: Records, schedule_id: str, meeting: Row) -> None:
    moment = records.moment()
    dates = {"createdAt": moment, "updatedAt": moment}
    row = {"interviewScheduleId": schedule_id, **meeting, "location": None, "meetingLink": None, **dates}
    made = records.add("event", row)
    made["feedbackLink"] = f"https://app.ashbyhq.com/interview-briefings/{made['id']}/feedback"


def _update_schedule(records: Records, body: _ScheduleUpdate) -> Any:
    row = records.get("schedule", body.interview_schedule_id)
    if row["status"] == "Cancelled" and not row["canReschedule"]:
        raise invalid("The schedule is cancelled, and may not be rescheduled")
    if (body.interview_event is UNSET) == (body.interview_event_id_to_cancel is UNSET):
        raise invalid("Give either interviewEvent or interviewEventIdToCancel")
    if body.interview_event is not UNSET:
        _write_event(records, row["id"], body.interview_event)
    elif body.interview_event_id_to_cancel is not UNSET:
        _own_event(records, row["id"], body.interview_event_id_to_cancel)
        records.remove("event", body.interview_event_id_to_cancel)
    status = "Scheduled" if records.of("event", row["id"]) else "NeedsScheduling"
    return shapes.schedule(records, records.change("schedule", row["id"], status=status))


def _write_event(records: Records, schedule_id: str, body: _EventWrite) -> None:
    meeting = _meeting(records, body)
    if body.interview_event_id is UNSET:
        _add_event(records, schedule_id, meeting)
    else:
        _own_event(records, schedule_id, body.interview_event_id)
        records.change("event", body.interview_event_id, **meeting)


def _own_event(records: Records, schedule_id: str, event_id: str) -> None:
    if records.get("event", event_id)["interviewScheduleId"] != schedule_id:
        raise invalid("The event belongs to another schedule")


def _cancel_schedule(records: Records, body: _ScheduleCancel) -> Any:
    if records.get("schedule", body.id)["status"] == "Cancelled":
        raise invalid("The schedule is cancelled already")
    changes = {"status": "Cancelled", "canReschedule": body.allow_reschedule}
    return shapes.schedule(records, records.change("schedule", body.id, **changes))


def _events(records: Records, body: _Events) -> Iterable[Row]:
    records.check("schedule", body.interview_schedule_id)
    return records.of("event", body.interview_schedule_id)


def _interview_info(records: Records, body: _ById) -> Any:
    return shapes.interview(records, records.get("interview", body.id))


def _feedback(records: Records, body: _Feedback) -> Iterable[Row]:
    records.check("application", body.application_id)
    return made_after(records.find("feedback", **given(applicationId=body.application_id)), body)


def _submit_feedback(records: Records, body: _FeedbackSubmit) -> Any:
    form = records.get("feedback_form", body.form_definition_id)
    records.check("application", body.application_id)
    records.check("user", body.user_id)
    moment = records.moment()
    stays = records.of("history", body.application_id)
    row = {
        "applicationId": body.application_id,
        "interviewId": None,
        "interviewEventId": body.interview_event_id or None,
        "feedbackFormDefinitionId": form["id"],
        "applicationHistoryId": stays[-1]["id"],
        "createdAt": moment,
        "submittedAt": moment,
        "userId": body.user_id,
        "submittedValues": forms.submitted(form["sections"], body.feedback_form),
    }
    if body.interview_event_id is not UNSET:
        row["interviewId"] = _interview_of(records, body.interview_event_id, body.application_id)
    return shapes.feedback(records, records.add("feedback", row))


def _interview_of(records: Records, event_id: str, application_id: str) -> str | None:
    event = records.get("event", event_id)
    if records.get("schedule", event["interviewScheduleId"])["applicationId"] != application_id:
        raise invalid("The interview event belongs to another application")
    interview_id: str | None = event["interviewId"]
    return interview_id


def _surveys(records: Records, body: _Surveys) -> Iterable[Row]:
    return records.find("survey", surveyType=body.survey_type)


def _survey(records: Records, row: Row) -> Any:
    return row


READ, WRITE = "interviewsRead", "interviewsWrite"
CALLS = (
    listing("interviewSchedule.list", READ, _Schedules, _schedules, shapes.schedule),
    Call("interviewSchedule.create", WRITE, _ScheduleCreate, _create_schedule),
    Call("interviewSchedule.update", WRITE, _ScheduleUpdate, _update_schedule),
    Call("interviewSchedule.cancel", WRITE, _ScheduleCancel, _cancel_schedule),
    listing("interviewEvent.list", READ, _Events, _events, shapes.event),
    archivable("interview.list", READ, "interview", shapes.interview),
    Call("interview.info", READ, _ById, _interview_info),
    listing("applicationFeedback.list", "candidatesRead", _Feedback, _feedback, shapes.feedback),
    Call("applicationFeedback.submit", "candidatesWrite", _FeedbackSubmit, _submit_feedback),
    listing("surveySubmission.list", "candidatesRead", _Surveys, _surveys, _survey),
)
