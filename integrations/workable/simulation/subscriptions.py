"""Subscriptions to what happens. Nothing is ever sent: a simulator must not reach out."""

from starlette.responses import JSONResponse, Response

from polyhire.simulators.bodies import choice, shape, text
from polyhire.simulators.kit import Problem, Refusal
from polyhire.simulators.tables import Row

from .applying import address
from .calls import Call, Endpoint, done, made
from .identifiers import present
from .state import unfit

RECRUITING = ("candidate_created", "candidate_moved", "candidate_deleted")
STAFF = ("employee_created", "employee_updated", "employee_published", "onboarding_completed", "timeoff_updated")


def find(call: Call) -> Response:
    """List all subscriptions."""
    return JSONResponse({"subscriptions": list(call.workable.rows("subscription"))})


def create(call: Call) -> Response:
    """Subscribe an address that is not yet subscribed to anything."""
    body = call.body
    scope = "r_candidates" if body["event"] in RECRUITING else "r_employees"
    if scope not in call.credential.scopes:
        raise Refusal(403, f"The token lacks the scope {scope}")
    if any(row["target"] == body["target"] for row in call.workable.rows("subscription")):
        raise Refusal(409, "The target is subscribed already")
    row: Row = {"event": body["event"], "target": body["target"], "valid_until": None, "created_at": present()}
    made_now = call.workable.add("subscription", row | _narrowed(call))
    return made({"id": made_now["id"]})


def _narrowed(call: Call) -> Row:
    arguments = call.body.get("args")
    if arguments is None or call.body["event"] not in RECRUITING:
        return {}
    missing = [Problem(f"args.{key}", "is required") for key in ("job_shortcode", "stage_slug") if key not in arguments]
    if missing:
        raise Refusal(422, "Unprocessable entity", problems=missing)
    job, stage = arguments["job_shortcode"], arguments["stage_slug"]
    if job:
        call.workable.refer("job", job, "args.job_shortcode")
    if stage and stage not in [each["slug"] for each in call.workable.pipeline(job)]:
        raise unfit("args.stage_slug", "is not a stage")
    return {key: value for key, value in (("stage_slug", stage), ("job_shortcode", job)) if value}


def delete(call: Call) -> Response:
    """End a subscription."""
    row = call.workable.get("subscription", call.ask.values["id"])
    call.workable.remove("subscription", row["id"])
    return done()


NEW = shape(
    {
        "target": address,
        "event": choice(*RECRUITING, *STAFF),
        "args": shape({"account_id": text, "job_shortcode": text, "stage_slug": text}),
    },
    required=["target", "event"],
)
SCOPES = ("r_candidates", "r_employees")
ENDPOINTS = (
    Endpoint("GET", "/subscriptions", SCOPES, find),
    Endpoint("POST", "/subscriptions", SCOPES, create, body=NEW),
    Endpoint("DELETE", "/subscriptions/{id:int}", SCOPES, delete),
)
