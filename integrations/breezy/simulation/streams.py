"""What is said about and to candidates: streams with notes, conversations, scorecards, answers to questions."""

from starlette.responses import JSONResponse, Response

from polyhire.simulators import guards
from polyhire.simulators.bodies import filled, shape, text
from polyhire.simulators.kit import Refusal
from polyhire.simulators.pages import page
from polyhire.simulators.tables import Row

from . import shapes
from .calls import CANDIDATE, Call, Endpoint
from .files import attachments
from .identifiers import present
from .seed_events import NOTE, TO
from .state import touch, unfit

STEP = 50
NOTED = shape({"body": text})
# inferred: a message may have a subject
SAID = shape({"body": filled, "subject": filled}, required=["body"])
CONVERSATION = {"include_delayed": guards.one_of("0", "1"), "skip": guards.integer(0)}


def _newest_first(rows: list[Row]) -> list[Row]:
    # inferred: the order
    return sorted(rows, key=lambda row: row["timestamp"], reverse=True)


def stream(call: Call) -> Response:
    """List what happened to a candidate."""
    rows = _newest_first(call.breezy.of("event", call.candidate()["_id"]))
    return JSONResponse([shapes.event(call.breezy, each) for each in rows])


def add_note(call: Call) -> Response:
    """Post a note to the stream. inferred: the answer is its event."""
    row, body = call.candidate(), call.body(NOTED)
    if not body.get("body", "").strip():
        raise Refusal(400, "body is required", code="postNoteMissingBody")
    event = {"candidate": row["_id"], "type": NOTE, "user": call.user["_id"], "timestamp": present()}
    made = call.breezy.add("event", {**event, "body": body["body"]})
    touch(row)
    return JSONResponse(shapes.event(call.breezy, made), 201)


def conversation(call: Call) -> Response:
    """List fifty messages; those that wait to be sent only if they are asked for."""
    rows = call.breezy.of("message", call.candidate()["_id"])
    if call.query.get("include_delayed") != "1":
        rows = [each for each in rows if not each["delayed"]]
    shown, _ = page(_newest_first(rows), call.query.get("skip", 0), STEP)
    return JSONResponse([_message(call, each) for each in shown])


def _message(call: Call, row: Row) -> Row:
    return shapes.message(call.breezy, row, attachments(call, row))


def send_message(call: Call) -> Response:
    """Write to a candidate. inferred: the answer is the message."""
    row, body = call.candidate(), call.body(SAID)
    if row["email_address"] is None:
        raise unfit("email_address", "of the candidate is not known")
    made = call.breezy.add(
        "message",
        {
            "candidate": row["_id"],
            "type": TO,
            "body": body["body"],
            "subject": body.get("subject"),
            "user": call.user["_id"],
            "attachments": [],
            "delayed": False,
            "timestamp": present(),
        },
    )
    touch(row)
    return JSONResponse(_message(call, made), 201)


def scorecards(call: Call) -> Response:
    """List the scorecards of a candidate."""
    return _of("scorecard", call)


def answers(call: Call) -> Response:
    """List the questionnaires that a candidate has answered."""
    return _of("answers", call)


def _of(kind: str, call: Call) -> Response:
    return JSONResponse([shapes.plain(kind, each) for each in call.breezy.of(kind, call.candidate()["_id"])])


ENDPOINTS = (
    Endpoint("GET", f"{CANDIDATE}/stream", stream, "getStreamError"),
    Endpoint("POST", f"{CANDIDATE}/stream", add_note, "postNoteError"),
    Endpoint("GET", f"{CANDIDATE}/conversation", conversation, "getConversationError", CONVERSATION),
    Endpoint("POST", f"{CANDIDATE}/conversation", send_message, "postMessageError"),
    Endpoint("GET", f"{CANDIDATE}/scorecards", scorecards, "getScorecardsError"),
    Endpoint("GET", f"{CANDIDATE}/questionnaires", answers, "getQuestionnairesError"),
)
