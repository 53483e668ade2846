"""What clients do to job applications: make, move, reject, take back, hire."""

from polyhire.simulators import bodies
from polyhire.simulators.kit import Ask
from polyhire.simulators.tables import Row, now

from . import checks
from .refusals import invalid_relationship
from .state import Teamtailor, stamp
from .writes import Writing, insert


def _create(teamtailor: Teamtailor, ask: Ask, given: Row) -> Row:
    # inferred: once for each job
    if teamtailor["job-applications"].find(candidate=given["candidate"], job=given["job"]):
        raise invalid_relationship("candidate", "has already applied for this job")
    stage = given.get("stage")
    if stage is None:
        stages = sorted(teamtailor["stages"].find(job=given["job"]), key=lambda row: int(row["row-order"]))
        stage = stages[0]["id"]
    _check_stage(teamtailor, given["job"], stage)
    kept = {name: value for name, value in given.items() if name != "send-user-notifications"}
    made = insert(teamtailor, APPLICATIONS, {**kept, "stage": stage, "changed-stage-at": stamp(now())})
    _note_down(teamtailor, "applied", made)
    return made


def _check_stage(teamtailor: Teamtailor, job: int, stage: int) -> None:
    if teamtailor.row("stages", stage)["job"] != job:
        raise invalid_relationship("stage", "is not a stage of this job")


def _change(teamtailor: Teamtailor, ask: Ask, row: Row, given: Row) -> None:
    changes = {name: value for name, value in given.items() if name != "send-user-notifications"}
    changes |= checks.stamped(given, "rejected-at")
    if "stage" in given:
        if given["stage"] is None:
            raise invalid_relationship("stage", "can't be blank")
        _check_stage(teamtailor, row["job"], given["stage"])
    # inferred: a reason goes with a rejection, and with the end of one
    rejected = changes.get("rejected-at", row["rejected-at"]) is not None
    if given.get("reject-reason") is not None and not rejected:
        raise invalid_relationship("reject-reason", "is for an application that is rejected")
    if not rejected:
        changes["reject-reason"] = None
    was_rejected, moved = row["rejected-at"] is not None, given.get("stage", row["stage"]) != row["stage"]
    if moved:
        changes["changed-stage-at"] = stamp(now())
    teamtailor.change("job-applications", row, changes)
    if moved:
        _note_down(teamtailor, "moved", row)
    if rejected != was_rejected:
        _note_down(teamtailor, "rejected" if rejected else "unrejected", row)


def _note_down(teamtailor: Teamtailor, code: str, row: Row) -> None:
    data = {"job_application_id": row["id"], "stage_id": row["stage"]}
    teamtailor.note_down(code, data, candidate=row["candidate"], job=row["job"])


APPLICATIONS = Writing(
    "job-applications",
    {
        **dict.fromkeys(("cover-letter", "referring-site", "referring-url"), checks.TEXT),
        **dict.fromkeys(("sourced", "send-user-notifications"), checks.FLAG),
        "rejected-at": checks.MOMENT,
        "row-order": bodies.integer,
    },
    ("candidate", "job", "stage", "reject-reason"),
    ("candidate", "job"),
    once=("candidate", "job"),
    later=("rejected-at", "row-order", "reject-reason"),
    defaults={"sourced": False},
    # There is no deleting of applications.
    methods=("POST", "PATCH"),
    create=_create,
    change=_change,
)
