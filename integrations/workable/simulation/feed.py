"""The feeds of candidates and jobs, and what one adds to them: comments and ratings."""

from collections.abc import Iterable
from datetime import datetime

from starlette.responses import Response

from polyhire.simulators import bodies, guards
from polyhire.simulators.bodies import choice, filled, items, shape, text
from polyhire.simulators.kit import Refusal
from polyhire.simulators.tables import Row, iso, now

from . import shapes
from .calls import PAGED, Call, Endpoint, done, made, moment, page
from .files import FILE, received
from .state import Workable, unfit

# inferred: the words for who may see a comment
ROLES = ("admin", "simple", "reviewer")
GRADES = {"thumbs": 2, "stars": 4, "numbers": 9}
SCORES = ("negative", "positive", "definite")


def of_candidate(call: Call) -> Response:
    """List the feed of a candidate."""
    row = call.candidate()
    return _page(call, call.workable.of("activity", row), among_others=False)


def of_job(call: Call) -> Response:
    """List the feed of a job, which says whom each is about."""
    job = call.job()["shortcode"]
    return _page(call, (row for row in call.workable.rows("activity") if row["job"] == job), among_others=True)


def _page(call: Call, rows: Iterable[Row], *, among_others: bool) -> Response:
    since: datetime | None = call.query.get("updated_after")
    actions = call.query.get("actions")
    kept = (
        row
        for row in rows
        if (actions is None or row["action"] in actions)
        and (since is None or datetime.fromisoformat(row["updated_at"]) > since)
    )
    return page(call, "activities", kept, lambda row: _shown(call.workable, row, among_others=among_others))


def _shown(workable: Workable, row: Row, *, among_others: bool) -> Row:
    stage = workable.stage(row["job"], row["stage"]) if row["stage"] else None
    target = workable.stage(row["job"], row["target"]) if row.get("target") else None
    member = workable.find("member", row["member"]) if row["member"] else None
    person = workable.find("candidate", row["candidate"]) if among_others and row["candidate"] else None
    shown = {
        "id": row["id"],
        "action": row["action"],
        "stage_name": stage["name"] if stage else None,
        "action_stage": _stage(stage),
        "target_stage": _stage(target),
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "member": {"id": member["id"], "name": member["name"], "type": member["type"]} if member else None,
        "candidate": shapes.small(person) if person else None,
        **{key: row.get(key) for key in ("body", "rating", "visibility_roles")},
    }
    return {key: value for key, value in shown.items() if value is not None}


def _stage(stage: Row | None) -> Row | None:
    return {key: stage[key] for key in ("id", "identifier", "name", "slug")} if stage else None


def comment(call: Call) -> Response:
    """Comment on a candidate, with a file if need be."""
    row, member, sent = call.candidate(), call.actor(), call.body["comment"]
    if "attachment" in sent:
        call.workable.keep("other", row["id"], "comment", received(sent["attachment"]))
    more = {"visibility_roles": sent["policy"]} if sent.get("policy") else {}
    made_now = call.workable.note(row, "comment", member, body=sent["body"], **more)
    call.workable.touch(row)
    return made({"id": made_now["id"]})


def rate(call: Call) -> Response:
    """Rate a candidate. inferred: 201."""
    row, member, values = call.candidate(), call.actor(), _rating(call)
    call.workable.note(row, "rating", member, **values)
    call.workable.touch(row)
    return done(201)


def change_rating(call: Call) -> Response:
    """Change the last rating that a member gave to a candidate."""
    row, member, values = call.candidate(), call.actor(), _rating(call)
    given = [each for each in call.workable.of("activity", row) if each["action"] == "rating"]
    mine = [each for each in given if each["member"] == member["id"]]
    if not mine:
        raise Refusal(404, "Rating not found")
    mine[-1].update(values, updated_at=iso(now()))
    call.workable.touch(row)
    return done()


def _rating(call: Call) -> Row:
    body, row = call.body, call.candidate()
    # inferred: without a scale, thumbs
    scale, grade = body.get("scale", "thumbs"), body["grade"]
    if not 0 <= grade <= GRADES[scale]:
        raise unfit("grade", f"must be between 0 and {GRADES[scale]} for {scale}")
    # inferred: thumbs show as the scores there were before
    rating = {"score": SCORES[grade]} if scale == "thumbs" else {"scale": scale, "grade": grade}
    values: Row = {"body": body["comment"], "rating": rating}
    if "stage_id" in body:
        steps = {step["id"]: step["slug"] for step in call.workable.pipeline(row["job"] or "")}
        if body["stage_id"] not in steps:
            raise unfit("stage_id", "is not a stage of the job")
        values["stage"] = steps[body["stage_id"]]
    return values


QUESTION = shape({"id": filled, "body": text, "score": bodies.anything, "note": text}, required=["body"])
TRAIT = shape(
    {"id": filled, "name": filled, "score": bodies.anything, "note": text, "questions": items(QUESTION)},
    required=["name"],
)
SECTION = shape({"id": filled, "name": filled, "traits": items(TRAIT)}, required=["name", "traits"])
SETTINGS = shape({"questions_rateable": bodies.boolean})
RATED = shape(
    {
        "member_id": filled,
        "comment": text,
        "grade": bodies.integer,
        "scale": choice(*GRADES),
        "stage_id": bodies.integer,
        "score_card": shape({"settings": SETTINGS, "sections": items(SECTION)}, required=["sections"]),
    },
    required=["member_id", "comment", "grade"],
)
COMMENT = shape({"body": filled, "policy": items(choice(*ROLES)), "attachment": FILE}, required=["body"])
SAID = shape({"member_id": filled, "comment": COMMENT}, required=["member_id", "comment"])
QUERY = {**PAGED, "actions": guards.listed(guards.text), "updated_after": moment}
READ, WRITE = ("r_candidates",), ("w_candidates",)
ONE = "/candidates/{id}"
ENDPOINTS = (
    Endpoint("GET", f"{ONE}/activities", READ, of_candidate, QUERY),
    Endpoint("GET", "/jobs/{shortcode}/activities", ("r_jobs", "r_candidates"), of_job, QUERY),
    Endpoint("POST", f"{ONE}/comments", WRITE, comment, body=SAID),
    Endpoint("POST", f"{ONE}/ratings", WRITE, rate, body=RATED),
    Endpoint("PUT", f"{ONE}/ratings", WRITE, change_rating, body=RATED),
)
