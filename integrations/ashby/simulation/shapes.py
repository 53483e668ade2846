"""Rows as Ashby shows them: references become the objects they stand for, and what is unknown is left out."""

from collections.abc import Sequence
from typing import Any

from polyhire.simulators.tables import Row

from .records import Records

Shown = dict[str, Any]


def known(row: Row, *keys: str) -> Shown:
    """Copy these keys, leaving out those whose value is missing or None: Ashby has no nulls for them."""
    return {key: row[key] for key in keys if row.get(key) is not None}


def user(records: Records, row: Row) -> Shown:
    return known(row, "id", "firstName", "lastName", "email", "globalRole", "isEnabled", "updatedAt", "managerId")


def user_by_id(records: Records, user_id: str | None) -> Shown | None:
    return user(records, records.get("user", user_id)) if user_id else None


def team_member(records: Records, member: Row) -> Shown:
    person = records.get("user", member["userId"])
    return {"userId": person["id"], **known(person, "firstName", "lastName", "email"), "role": member["role"]}


def source(records: Records, row: Row) -> Shown:
    return known(row, "id", "title", "isArchived", "sourceType")


def _source_by_id(records: Records, source_id: str | None) -> Shown | None:
    return source(records, records.get("source", source_id)) if source_id else None


def tag(records: Records, row: Row) -> Shown:
    return known(row, "id", "title", "isArchived")


def file_handle(records: Records, file_id: str) -> Shown:
    return known(records.get("file", file_id), "id", "name", "handle")


def candidate(records: Records, row: Row) -> Shown:
    """Show a candidate; there is no first or last name."""
    resume = row.get("resumeFileId")
    return {
        **known(row, "id", "createdAt", "updatedAt", "name"),
        **_contacts(row),
        "emailAddresses": row["emailAddresses"],
        "phoneNumbers": row["phoneNumbers"],
        "socialLinks": row["socialLinks"],
        "tags": [tag(records, records.get("tag", each)) for each in row["tagIds"]],
        **known(row, "position", "company", "school"),
        "applicationIds": row["applicationIds"],
        **({"resumeFileHandle": file_handle(records, resume)} if resume else {}),
        "fileHandles": [file_handle(records, each) for each in row["fileIds"]],
        "customFields": row["customFields"],
        "profileUrl": f"https://app.ashbyhq.com/candidate-searches/new/right-side/candidates/{row['id']}",
        "source": _source_by_id(records, row["sourceId"]),
        "creditedToUser": user_by_id(records, row["creditedToUserId"]),
        "timezone": row["timezone"],
        **known(row, "location"),
        "fraudStatus": None,
    }


def _contacts(row: Row) -> Shown:
    first = {
        "primaryEmailAddress": next((each for each in row["emailAddresses"] if each["isPrimary"]), None),
        "primaryPhoneNumber": next((each for each in row["phoneNumbers"] if each["isPrimary"]), None),
    }
    return known(first, *first)


def stage(records: Records, row: Row) -> Shown:
    return {
        **known(row, "id", "title", "type", "orderInInterviewPlan"),
        "interviewStageGroupId": row["interviewStageGroupId"],
        "interviewPlanId": row["interviewPlanId"],
    }


def archive_reason(records: Records, row: Row) -> Shown:
    return known(row, "id", "text", "reasonType", "isArchived", "customFields")


def application(records: Records, row: Row, expand: Sequence[str] = ()) -> Shown:
    """Show an application as lists do; `openings` only when asked for."""
    person, job_row = records.get("candidate", row["candidateId"]), records.get("job", row["jobId"])
    reason, resume = row["archiveReasonId"], person.get("resumeFileId")
    return {
        **known(row, "id", "createdAt", "updatedAt", "archivedAt", "status"),
        "candidate": {**known(person, "id", "name"), **_contacts(person)},
        "job": known(job_row, "id", "title", "locationId", "departmentId", "brandId"),
        "currentInterviewStage": stage(records, records.get("stage", row["stageId"])),
        "source": _source_by_id(records, row["sourceId"]),
        "creditedToUser": user_by_id(records, row["creditedToUserId"]),
        "archiveReason": archive_reason(records, records.get("archive_reason", reason)) if reason else None,
        "hiringTeam": [team_member(records, each) for each in job_row["hiringTeam"]],
        **known(row, "appliedViaJobPostingId"),
        "customFields": row["customFields"],
        "submitterClientIp": None,
        "submitterUserAgent": None,
        **({"resumeFileHandle": file_handle(records, resume)} if resume else {}),
        **({"openings": job_row["openings"]} if "openings" in expand else {}),
    }


def application_in_full(records: Records, row: Row, expand: Sequence[str]) -> Shown:
    """Show an application as `application.info` does: with its history, and what else was asked for."""
    shown = application(records, row, expand)
    shown["applicationHistory"] = [history_item(records, each) for each in records.of("history", row["id"])]
    if "applicationFormSubmissions" in expand:
        shown["applicationFormSubmissions"] = row["formSubmissions"]
    if "referrals" in expand:
        shown["referrals"] = []
    return shown


def history_item(records: Records, row: Row) -> Shown:
    return known(row, "id", "stageId", "title", "stageNumber", "enteredStageAt", "leftStageAt", "actorId")


def department(records: Records, row: Row) -> Shown:
    return {
        **known(row, "id", "name"),
        "externalName": row["externalName"],
        "isArchived": row["isArchived"],
        "parentId": row["parentId"],
        **known(row, "createdAt", "updatedAt"),
        "extraData": {},
    }


def location(records: Records, row: Row) -> Shown:
    return known(
        row,
        "id",
        "name",
        "externalName",
        "isArchived",
        "isRemote",
        "workplaceType",
        "parentLocationId",
        "type",
        "address",
    )


def _author(records: Records, row: Row) -> Shown:
    # inferred: what is written through the API has no author, since a key is nobody
    author = user_by_id(records, row["authorId"])
    return {"author": author} if author else {}


def job(records: Records, row: Row, expand: Sequence[str] = ()) -> Shown:
    """Show a job; `location` and `openings` only when asked for."""
    place = row.get("locationId")
    return {
        **known(row, "id", "title", "confidential", "status", "employmentType", "locationId"),
        **known(row, "secondaryLocationIds", "departmentId", "defaultInterviewPlanId", "interviewPlanIds"),
        "jobPostingIds": [each["id"] for each in records.of("posting", row["id"])],
        "customFields": row["customFields"],
        "customRequisitionId": row["customRequisitionId"],
        **known(row, "brandId"),
        "hiringTeam": [team_member(records, each) for each in row["hiringTeam"]],
        **_author(records, row),
        **known(row, "createdAt", "updatedAt", "openedAt", "closedAt"),
        **({"openings": row["openings"]} if "openings" in expand else {}),
        **({"location": location(records, records.get("location", place))} if "location" in expand and place else {}),
        "compensation": row["compensation"],
    }


def posting(records: Records, row: Row) -> Shown:
    """Show a job posting as lists do: without its text and its form."""
    return {
        **known(row, "id", "title", "jobId", "departmentName", "teamName", "locationName", "locationIds"),
        "workplaceType": row["workplaceType"],
        **known(row, "isRemote", "employmentType", "isListed", "status", "publishedDate", "updatedAt"),
        "applicationDeadline": None,
        **known(row, "externalLink", "applyLink", "compensation", "linkedData"),
    }


def posting_in_full(records: Records, row: Row) -> Shown:
    return posting(records, row) | known(row, "descriptionHtml", "descriptionPlain", "applicationFormDefinition")


def interview(records: Records, row: Row) -> Shown:
    return known(row, "id", "title", "isArchived", "isDebrief", "instructionsPlain", "feedbackFormDefinitionId")


def event(records: Records, row: Row) -> Shown:
    """Show one meeting of an interview schedule."""
    panel = [
        {
            **user(records, records.get("user", each["userId"])),
            "trainingRole": "Trained",
            "isFeedbackRequired": each["isFeedbackRequired"],
        }
        for each in row["panel"]
    ]
    template = records.get("interview", row["interviewId"]) if row["interviewId"] else None
    submitted = records.of("feedback", row["id"])
    return {
        **known(row, "id", "interviewId", "interviewScheduleId"),
        "interviewerUserIds": [each["userId"] for each in row["panel"]],
        "interviewers": panel,
        **known(row, "startTime", "endTime", "feedbackLink"),
        "location": row["location"],
        "meetingLink": row["meetingLink"],
        "hasSubmittedFeedback": bool(submitted),
        **({"interview": interview(records, template)} if template else {}),
        **known(row, "createdAt", "updatedAt"),
    }


def schedule(records: Records, row: Row) -> Shown:
    return {
        **known(row, "id", "status", "applicationId", "candidateId", "interviewStageId"),
        "scheduledBy": user_by_id(records, row["scheduledByUserId"]),
        **known(row, "createdAt", "updatedAt"),
        "interviewEvents": [event(records, each) for each in records.of("event", row["id"])],
    }


def offer(records: Records, row: Row) -> Shown:
    version = row["latestVersion"]
    return {
        **known(row, "id", "applicationId"),
        "decidedAt": row["decidedAt"],
        **known(row, "acceptanceStatus", "offerStatus"),
        "latestVersion": {
            **known(version, "id", "startDate", "salary", "createdAt", "openingId"),
            "customFields": [],
            "fileHandles": [],
            **_author(records, version),
            "approvalStatus": version["approvalStatus"],
        },
    }


def feedback(records: Records, row: Row) -> Shown:
    form = records.get("feedback_form", row["feedbackFormDefinitionId"])
    return {
        **known(row, "id", "applicationId", "interviewId", "interviewEventId", "feedbackFormDefinitionId"),
        **known(row, "applicationHistoryId", "submittedAt"),
        "submittedByUser": user_by_id(records, row["userId"]),
        "formDefinition": {"sections": form["sections"]},
        "submittedValues": row["submittedValues"],
    }


def note(records: Records, row: Row) -> Shown:
    author = {key: known(each, "id", "firstName", "lastName", "email") for key, each in _author(records, row).items()}
    return {**known(row, "id", "createdAt", "content", "isPrivate"), **author}
