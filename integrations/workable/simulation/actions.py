"""What happens to a candidate: moved, disqualified, reverted, relocated, copied, tagged."""

from starlette.responses import JSONResponse, Response

from polyhire.simulators import bodies
from polyhire.simulators.bodies import Check, choice, filled, items, shape
from polyhire.simulators.kit import Problem, Refusal
from polyhire.simulators.tables import Row

from . import shapes
from .calls import Call, Endpoint, done, made
from .identifiers import present
from .state import Workable, unfit

LONGEST_NOTE = 256


def move(call: Call) -> Response:
    """Move a candidate to another stage of their job; to the one where people are hired, this hires."""
    row, member = call.candidate(), call.actor()
    # inferred: there is nowhere to move in the talent pool, and who is disqualified stays where they are
    if row["job"] is None or row["disqualified"]:
        raise Refusal(422, "The candidate can't be moved")
    stage = _step(call.workable, row["job"], call.body["target_stage"])
    if requisition := call.body.get("requisition"):
        _reserve(call.workable, row, requisition["code"])
    call.workable.note(row, stage["slug"], member, target=stage["slug"])
    enter(call.workable, row, stage)
    return done(202)


def _step(workable: Workable, job: str, slug: str) -> Row:
    found = next((step for step in workable.pipeline(job) if step["slug"] == slug), None)
    if found is None:
        raise unfit("target_stage", "is not the slug of a stage of the job")
    return found


def enter(workable: Workable, row: Row, stage: Row) -> None:
    """Put a candidate into a stage of their job."""
    moment, kind = present(), stage["kind"]
    changes: Row = {"stage": stage["slug"], "hired_at": moment if kind == "hired" else None}
    if kind == "offer":
        changes["moved_to_offer_at"] = moment
    workable.touch(row, **changes)


def _reserve(workable: Workable, row: Row, code: str) -> None:
    found = next((each for each in workable.rows("requisition") if each["code"] == code), None)
    if found is None or found["job"] != row["job"]:
        raise unfit("requisition.code", "is not a requisition of the job")
    found["candidate"] = row["id"]


def disqualify(call: Call) -> Response:
    """Disqualify a candidate, who stays in their stage."""
    row, member, body = call.candidate(), call.actor(), call.body
    if row["disqualified"]:
        raise Refusal(422, "The candidate is disqualified already")
    reason = None
    if "disqualify_reason_id" in body:
        reason = call.workable.refer("reason", body["disqualify_reason_id"], "disqualify_reason_id")
    call.workable.note(row, "disqualified", member, body=body.get("disqualify_note"))
    call.workable.touch(
        row,
        disqualified=True,
        disqualified_at=present(),
        disqualification_reason=reason["description"] if reason else None,
        withdrew=True if body.get("withdrew") or (reason and reason["candidate_withdrew"]) else None,
    )
    return done()


def revert(call: Call) -> Response:
    """Take a disqualification back."""
    row, member = call.candidate(), call.actor()
    if not row["disqualified"]:
        raise Refusal(422, "The candidate is not disqualified")
    call.workable.note(row, "reverted", member)
    gone = dict.fromkeys(("disqualified_at", "disqualification_reason", "withdrew"))
    call.workable.touch(row, disqualified=False, **gone)
    return done()


def relocate(call: Call) -> Response:
    """Move a candidate to another job, as a new record; the old one is gone."""
    row = call.candidate()
    other = _elsewhere(call, row)
    for kind in ("file", "activity", "event"):
        for each in call.workable.of(kind, row):
            each["candidate"] = other["id"]
    if offer := call.workable.find("offer", row["id"]):
        call.workable.remove("offer", row["id"])
        call.workable.add("offer", {**offer, "id": other["id"]})
    call.workable.remove("candidate", row["id"])
    call.workable.note(other, "relocated", call.actor())
    return _elsewhere_shown(call, other)


def copy(call: Call) -> Response:
    """Put a candidate on another job too, as a second record with the same files."""
    row = call.candidate()
    other = _elsewhere(call, row)
    other["originating_candidate_id"] = row["id"]
    for each in call.workable.of("file", row):
        twin = call.workable.add("file", {**_anew(each), "candidate": other["id"]})
        if each["id"] == row["resume"]:
            other["resume"] = twin["id"]
    call.workable.note(other, "copied", call.actor())
    return _elsewhere_shown(call, other)


def _elsewhere(call: Call, row: Row) -> Row:
    call.actor()
    job = call.workable.refer("job", call.body["target_job_shortcode"], "target_job_shortcode")
    if job["shortcode"] == row["job"]:
        raise unfit("target_job_shortcode", "is the candidate's own job")
    # inferred: without a stage, the first where people are who applied
    stage = _step(call.workable, job["shortcode"], call.body.get("target_stage", "applied"))
    moment = present()
    fresh = {"job": job["shortcode"], "stage": stage["slug"], "answers": [], "created_at": moment}
    other = call.workable.add("candidate", {**_anew(row), **fresh, "hired_at": None, "moved_to_offer_at": None})
    enter(call.workable, other, stage)
    return other


def _anew(row: Row) -> Row:
    return {key: value for key, value in row.items() if key != "id"}


def _elsewhere_shown(call: Call, row: Row) -> Response:
    return made({"candidate": {"id": row["id"], "url": shapes.url(call.workable, row)}})


def tag(call: Call) -> Response:
    """Replace all tags of a candidate."""
    # inferred: a tag is there once
    row = call.workable.touch(call.candidate(), tags=list(dict.fromkeys(call.body["tags"])))
    return JSONResponse({"tags": row["tags"]})


def _note(value: object, where: str) -> list[Problem]:
    if isinstance(value, str) and len(value) <= LONGEST_NOTE:
        return []
    return [Problem(where, f"must be a string of at most {LONGEST_NOTE} characters")]


def _action(more: dict[str, Check], *required: str) -> Check:
    return shape({"member_id": filled, **more}, required=["member_id", *required])


SALARY = shape(
    {
        "amount": bodies.number,
        "frequency": choice("yearly", "monthly", "weekly", "daily", "hourly"),
        "currency_iso": filled,
    }
)
REQUISITION = shape({"code": filled, "start_date": bodies.day, "salary": SALARY}, required=["code"])
MOVED = _action(
    {"target_stage": filled, "fill_reserved_requisition": bodies.boolean, "requisition": REQUISITION}, "target_stage"
)
DISQUALIFIED = _action({"disqualify_reason_id": filled, "disqualify_note": _note, "withdrew": bodies.boolean})
ELSEWHERE = _action({"target_job_shortcode": filled, "target_stage": filled}, "target_job_shortcode")
WRITE = ("w_candidates",)
ONE = "/candidates/{id}"
ENDPOINTS = (
    Endpoint("POST", f"{ONE}/move", WRITE, move, body=MOVED),
    Endpoint("POST", f"{ONE}/disqualify", WRITE, disqualify, body=DISQUALIFIED),
    Endpoint("POST", f"{ONE}/revert", WRITE, revert, body=_action({})),
    Endpoint("POST", f"{ONE}/relocate", WRITE, relocate, body=ELSEWHERE),
    Endpoint("POST", f"{ONE}/copy", WRITE, copy, body=ELSEWHERE),
    Endpoint("PUT", f"{ONE}/tags", WRITE, tag, body=shape({"tags": items(filled)}, required=["tags"])),
)
