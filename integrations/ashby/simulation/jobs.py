"""The calls about jobs, their postings, and the plans and stages that applications go through."""

from collections.abc import Iterable
from typing import Any, Literal

from msgspec import UNSET, UnsetType

from polyhire.simulators.tables import Row

from . import shapes
from .bodies import Body, CreatedAfter, Id, Paged, Text, given
from .calls import Call, Page, archivable, listing, made_after, page
from .records import Records, invalid
from .seed_jobs import BRAND

Status = Literal["Draft", "Open", "Closed", "Archived"]


class _List(CreatedAfter):
    status: list[Status] | UnsetType = UNSET
    expand: tuple[Literal["location", "openings"], ...] = ()


class _Info(Body):
    id: Id
    expand: tuple[Literal["location", "openings"], ...] = ()


class _Search(Body):
    title: Text | UnsetType = UNSET
    requisition_id: Text | UnsetType = UNSET


class _Create(Body):
    title: Text
    team_id: Id
    location_id: Id
    # inferred: the sheet says "..." after the location
    default_interview_plan_id: Id | UnsetType = UNSET


class _Update(Body):
    # inferred: the keys of job.create, each on its own, and the requisition
    job_id: Id
    title: Text | UnsetType = UNSET
    team_id: Id | UnsetType = UNSET
    location_id: Id | UnsetType = UNSET
    default_interview_plan_id: Id | UnsetType = UNSET
    custom_requisition_id: Text | UnsetType = UNSET


class _SetStatus(Body):
    job_id: Id
    status: Status


class _OfJob(Body):
    job_id: Id


class _OfPosting(Body):
    job_posting_id: Id


class _SetPostingStatus(Body):
    job_posting_id: Id
    status: Literal["Draft", "Published"]


class _Stages(Paged, kw_only=True):
    interview_plan_id: Id


class _OfStage(Body):
    interview_stage_id: Id


def _list(records: Records, body: _List) -> Page:
    wanted = ["Open", "Closed", "Archived"] if body.status is UNSET else body.status
    rows = made_after((row for row in records.rows("job") if row["status"] in wanted), body)
    return page(records, "job.list", body, rows, lambda row: shapes.job(records, row, body.expand))


def _info(records: Records, body: _Info) -> Any:
    return shapes.job(records, records.get("job", body.id), body.expand)


def _search(records: Records, body: _Search) -> Any:
    if (body.title is UNSET) == (body.requisition_id is UNSET):
        raise invalid("Give either a title or a requisitionId")
    # inferred: a title and a requisition are compared as a whole, whatever their case
    key, wanted = ("title", body.title) if body.title else ("customRequisitionId", body.requisition_id)
    return [shapes.job(records, row) for row in records.rows("job") if (row[key] or "").lower() == str(wanted).lower()]


def _create(records: Records, body: _Create) -> Any:
    records.check("department", body.team_id)
    records.check("location", body.location_id)
    records.check("plan", body.default_interview_plan_id)
    moment = records.moment()
    plan_id = body.default_interview_plan_id or next(records.rows("plan"))["id"]
    row: Row = {
        "title": body.title,
        "confidential": False,
        "status": "Draft",
        "employmentType": "FullTime",
        "locationId": body.location_id,
        "departmentId": body.team_id,
        "defaultInterviewPlanId": plan_id,
        "interviewPlanIds": [plan_id],
        "customFields": [],
        "customRequisitionId": None,
        "brandId": BRAND,
        "hiringTeam": [],
        "authorId": None,
        "createdAt": moment,
        "updatedAt": moment,
        "openings": [],
        "compensation": {"compensationTiers": []},
    }
    return shapes.job(records, records.add("job", row))


def _update(records: Records, body: _Update) -> Any:
    row = records.get("job", body.job_id)
    records.check("department", body.team_id)
    records.check("location", body.location_id)
    records.check("plan", body.default_interview_plan_id)
    changes = given(
        title=body.title,
        departmentId=body.team_id,
        locationId=body.location_id,
        defaultInterviewPlanId=body.default_interview_plan_id,
        customRequisitionId=body.custom_requisition_id,
    )
    plan_id = body.default_interview_plan_id
    if plan_id is not UNSET and plan_id not in row["interviewPlanIds"]:
        changes["interviewPlanIds"] = [*row["interviewPlanIds"], plan_id]
    return shapes.job(records, records.change("job", row["id"], **changes))


def _set_status(records: Records, body: _SetStatus) -> Any:
    row = records.get("job", body.job_id)
    # inferred: a job that has opened can't become a draft again
    if body.status == "Draft" and row["status"] != "Draft":
        raise invalid("A job that has opened can't become a draft again")
    changes: dict[str, Any] = {"status": body.status}
    if body.status == "Open":
        changes |= {"openedAt": row.get("openedAt") or records.moment(), "closedAt": None}
    elif body.status == "Closed":
        changes["closedAt"] = records.moment()
    return shapes.job(records, records.change("job", row["id"], **changes))


def _plan_of_job(records: Records, body: _OfJob) -> Any:
    plan_id = records.get("job", body.job_id)["defaultInterviewPlanId"]
    stages = records.of("stage", plan_id)
    return {
        "jobId": body.job_id,
        "interviewPlanId": plan_id,
        "stages": [{**shapes.stage(records, each), "activities": []} for each in stages],
    }


def _stages(records: Records, body: _Stages) -> Iterable[Row]:
    records.check("plan", body.interview_plan_id)
    return records.of("stage", body.interview_plan_id)


def _stage_info(records: Records, body: _OfStage) -> Any:
    return shapes.stage(records, records.get("stage", body.interview_stage_id))


def _postings(records: Records, body: Paged) -> Iterable[Row]:
    return records.rows("posting")


def _posting_info(records: Records, body: _OfPosting) -> Any:
    return shapes.posting_in_full(records, records.get("posting", body.job_posting_id))


def _set_posting_status(records: Records, body: _SetPostingStatus) -> Any:
    changed = records.change("posting", body.job_posting_id, status=body.status, isListed=body.status == "Published")
    return shapes.posting_in_full(records, changed)


def _plan(records: Records, row: Row) -> Any:
    return shapes.known(row, "id", "title", "isArchived")


READ, WRITE = "jobsRead", "jobsWrite"
CALLS = (
    Call("job.list", READ, _List, _list),
    Call("job.info", READ, _Info, _info),
    Call("job.search", READ, _Search, _search),
    Call("job.create", WRITE, _Create, _create),
    Call("job.update", WRITE, _Update, _update),
    Call("job.setStatus", WRITE, _SetStatus, _set_status),
    # inferred: "jobPosting.list filtered by jobId" is what a client does; no such key is documented
    listing("jobPosting.list", READ, Paged, _postings, shapes.posting),
    Call("jobPosting.info", READ, _OfPosting, _posting_info),
    Call("jobPosting.setStatus", WRITE, _SetPostingStatus, _set_posting_status),
    archivable("interviewPlan.list", "interviewsRead", "plan", _plan),
    listing("interviewStage.list", "interviewsRead", _Stages, _stages, shapes.stage),
    Call("interviewStage.info", "interviewsRead", _OfStage, _stage_info),
    Call("jobInterviewPlan.info", READ, _OfJob, _plan_of_job),
)
