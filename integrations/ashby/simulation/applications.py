"""The `application.*` calls: who is considered for what, how far they have got, and why it ended."""

from collections.abc import Iterable
from typing import Any, Literal

from msgspec import UNSET, UnsetType

from polyhire.simulators.tables import Row

from . import shapes
from .bodies import Body, CreatedAfter, Id, Moment, Paged, given
from .calls import Call, Page, listing, made_after, page
from .records import Records, invalid
from .seed_people import status_in


class _List(CreatedAfter):
    status: Literal["Lead", "Active", "Hired", "Archived"] | UnsetType = UNSET
    job_id: Id | UnsetType = UNSET
    expand: tuple[Literal["openings"], ...] = ()


class _Info(Body):
    application_id: Id
    expand: tuple[Literal["openings", "applicationFormSubmissions", "referrals"], ...] = ()


class _Create(Body):
    candidate_id: Id
    job_id: Id
    interview_plan_id: Id | UnsetType = UNSET
    interview_stage_id: Id | UnsetType = UNSET
    source_id: Id | UnsetType = UNSET
    credited_to_user_id: Id | UnsetType = UNSET
    created_at: Moment | UnsetType = UNSET


class _Update(Body):
    application_id: Id
    source_id: Id | UnsetType = UNSET
    credited_to_user_id: Id | UnsetType = UNSET
    created_at: Moment | UnsetType = UNSET
    send_notifications: bool = True


class _ArchiveEmail(Body):
    communication_template_id: Id
    send_at: Moment | UnsetType = UNSET


class _ChangeStage(Body):
    application_id: Id
    interview_stage_id: Id
    archive_reason_id: Id | UnsetType = UNSET
    archive_email: _ArchiveEmail | UnsetType = UNSET


class _Transfer(Body):
    application_id: Id
    job_id: Id
    interview_plan_id: Id
    interview_stage_id: Id


class _ChangeSource(Body):
    application_id: Id
    source_id: Id


class _History(Paged, kw_only=True):
    application_id: Id


def _list(records: Records, body: _List) -> Page:
    records.check("job", body.job_id)
    wanted = given(status=body.status, jobId=body.job_id)
    rows = made_after(records.find("application", **wanted), body)
    return page(records, "application.list", body, rows, lambda row: shapes.application(records, row, body.expand))


def _info(records: Records, body: _Info) -> Any:
    row = records.get("application", body.application_id)
    return shapes.application_in_full(records, row, body.expand)


def _shown(records: Records, row: Row) -> Any:
    return shapes.application_in_full(records, row, ())


def _create(records: Records, body: _Create) -> Any:
    person, job = records.get("candidate", body.candidate_id), records.get("job", body.job_id)
    records.check("source", body.source_id)
    records.check("user", body.credited_to_user_id)
    # inferred: what is not open yet, or put away for good, can't be applied for
    if job["status"] in ("Draft", "Archived"):
        raise invalid(f"The job is {job['status']}")
    stage = _first_stage(records, job, body)
    row = {
        "createdAt": records.moment(body.created_at),
        "updatedAt": records.moment(),
        "archivedAt": None,
        "status": status_in(stage),
        "candidateId": person["id"],
        "jobId": job["id"],
        "stageId": stage["id"],
        "sourceId": body.source_id or person["sourceId"],
        "creditedToUserId": body.credited_to_user_id or None,
        "archiveReasonId": None,
        "customFields": [],
        "formSubmissions": [],
    }
    made = records.add("application", row)
    _enter(records, made, stage)
    records.change("candidate", person["id"], applicationIds=[*person["applicationIds"], made["id"]])
    return _shown(records, made)


def _first_stage(records: Records, job: Row, body: _Create) -> Row:
    plan_id = body.interview_plan_id or job["defaultInterviewPlanId"]
    _check_plan(records, job, plan_id)
    if isinstance(body.interview_stage_id, str):
        stage = _stage_in(records, plan_id, body.interview_stage_id)
    else:
        stages = sorted(records.of("stage", plan_id), key=lambda each: each["orderInInterviewPlan"])
        stage = next(each for each in stages if each["type"] != "Lead")
    if stage["type"] == "Archived":
        raise invalid("An application can't start out archived")
    return stage


def _check_plan(records: Records, job: Row, plan_id: str) -> None:
    records.check("plan", plan_id)
    if plan_id not in job["interviewPlanIds"]:
        raise invalid("The interview plan does not belong to the job")


def _stage_in(records: Records, plan_id: str, stage_id: str) -> Row:
    stage = records.get("stage", stage_id)
    if stage["interviewPlanId"] != plan_id:
        raise invalid("The interview stage does not belong to the interview plan")
    return stage


def _enter(records: Records, application: Row, stage: Row) -> None:
    moment = records.moment()
    before = records.of("history", application["id"])
    if before:
        records.change("history", before[-1]["id"], leftStageAt=moment)
    records.add(
        "history",
        {
            "applicationId": application["id"],
            "stageId": stage["id"],
            "title": stage["title"],
            "stageNumber": stage["orderInInterviewPlan"],
            "enteredStageAt": moment if before else application["createdAt"],
        },
    )


def _update(records: Records, body: _Update) -> Any:
    row = records.get("application", body.application_id)
    records.check("source", body.source_id)
    records.check("user", body.credited_to_user_id)
    changes = given(sourceId=body.source_id, creditedToUserId=body.credited_to_user_id)
    if body.created_at is not UNSET:
        changes["createdAt"] = records.moment(body.created_at)
    return _shown(records, records.change("application", row["id"], **changes))


def _change_stage(records: Records, body: _ChangeStage) -> Any:
    row = records.get("application", body.application_id)
    plan_id = records.get("stage", row["stageId"])["interviewPlanId"]
    stage = _stage_in(records, plan_id, body.interview_stage_id)
    if stage["type"] == "Archived":
        if body.archive_reason_id is UNSET:
            raise invalid("archiveReasonId is required for a stage of type Archived")
        # inferred: a reason that was archived can't be given any more
        if records.get("archive_reason", body.archive_reason_id)["isArchived"]:
            raise invalid("The archive reason is archived")
    elif body.archive_reason_id is not UNSET or body.archive_email is not UNSET:
        # inferred: what belongs to archiving is refused elsewhere
        raise invalid("archiveReasonId and archiveEmail are only for a stage of type Archived")
    return _shown(records, _move(records, row, stage, given(archiveReasonId=body.archive_reason_id)))


def _move(records: Records, row: Row, stage: Row, changes: dict[str, Any]) -> Row:
    archived = stage["type"] == "Archived"
    outcome = {
        "archiveReasonId": None,
        "archivedAt": records.moment() if archived else None,
        "status": status_in(stage),
        "stageId": stage["id"],
    }
    _enter(records, row, stage)
    return records.change("application", row["id"], **(outcome | changes))


def _transfer(records: Records, body: _Transfer) -> Any:
    row, job = records.get("application", body.application_id), records.get("job", body.job_id)
    if job["status"] in ("Draft", "Archived"):
        raise invalid(f"The job is {job['status']}")
    _check_plan(records, job, body.interview_plan_id)
    stage = _stage_in(records, body.interview_plan_id, body.interview_stage_id)
    if stage["type"] == "Archived":
        raise invalid("An application can't be transferred into an archived stage")
    return _shown(records, _move(records, row, stage, {"jobId": job["id"], "appliedViaJobPostingId": None}))


def _change_source(records: Records, body: _ChangeSource) -> Any:
    row = records.get("application", body.application_id)
    records.check("source", body.source_id)
    return _shown(records, records.change("application", row["id"], sourceId=body.source_id))


def _history(records: Records, body: _History) -> Iterable[Row]:
    records.check("application", body.application_id)
    return records.of("history", body.application_id)


READ, WRITE = "candidatesRead", "candidatesWrite"
CALLS = (
    Call("application.list", READ, _List, _list),
    Call("application.info", READ, _Info, _info),
    Call("application.create", WRITE, _Create, _create),
    Call("application.update", WRITE, _Update, _update),
    Call("application.changeStage", WRITE, _ChangeStage, _change_stage),
    Call("application.transfer", WRITE, _Transfer, _transfer),
    Call("application.changeSource", WRITE, _ChangeSource, _change_source),
    listing("application.listHistory", READ, _History, _history, shapes.history_item),
)
