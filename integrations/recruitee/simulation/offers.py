"""Jobs and talent pools, which Recruitee calls offers, with their pipelines."""

from functools import partial
from typing import Any

from starlette.responses import Response

from polyhire.simulators import bodies, guards
from polyhire.simulators.bodies import choice, filled, integer, items, nullable, number, shape
from polyhire.simulators.tables import Row, iso, now

from . import shapes
from .calls import PAGED, Call, Endpoint, answer, body, cut, gone
from .identifiers import identifier
from .seed_workplace import POOL, blank
from .state import COMPANY_ID

STATUSES = ("draft", "internal", "published", "closed", "archived")
# inferred: what is active is for somebody to see
SCOPES = {
    "archived": ("archived",),
    "active": ("internal", "published"),
    "not_archived": STATUSES[:-1],
    "published": ("published",),
}
FILTERS = {
    "kind": guards.one_of("job", "talent_pool"),
    "scope": guards.one_of(*SCOPES),
    "view_mode": guards.one_of("default", "brief"),
    "statuses[]": guards.listed(guards.one_of(*STATUSES)),
}
BRIEF = ("id", "title", "kind", "slug", "status", "department", "department_id", "location", "created_at")
PLAIN = (
    *("id", "guid", "slug", "title", "kind", "status", "description", "department_id", "employment_type", "remote"),
    *("min_hours", "max_hours", "experience", "education", "category", "salary", "recruiter_id", "hiring_manager_id"),
    *("number_of_openings", "offer_tags", "created_at", "updated_at", "published_at", "closed_at"),
)


def find(call: Call) -> Response:
    """List offers, as brief as is asked."""
    query = call.query
    statuses = set(SCOPES[query["scope"]]) if "scope" in query else set(STATUSES)
    statuses &= set(query.get("statuses[]", STATUSES))
    kinds = (query["kind"],) if "kind" in query else ("job", "talent_pool")
    kept = [row for row in call.state.rows("offer") if row["status"] in statuses and row["kind"] in kinds]
    rows = [offer_row(call, each) for each in cut(call, kept)]
    if query.get("view_mode") == "brief":
        rows = [{key: each[key] for key in BRIEF} for each in rows]
    return answer({"offers": rows, "references": _references(call, rows)})


def _references(call: Call, rows: list[Row]) -> list[Row]:
    people = [each.get(key) for each in rows for key in ("recruiter_id", "hiring_manager_id")]
    return shapes.references(call, admin=people, department=[each["department_id"] for each in rows])


def offer_row(call: Call, row: Row) -> Row:
    """Show an offer as lists do: without requirements and pipeline."""
    state, site = call.state, f"https://{call.state.subdomain}.recruitee.com"
    department = state.find("department", row["department_id"])
    return {
        **{key: row[key] for key in PLAIN},
        **place_of(call, row),
        "department": department["name"] if department else None,
        "careers_url": f"{site}/o/{row['slug']}",
        "url": f"{site}/api/offers/{row['slug']}",
        "adminapp_url": f"{shapes.APP}/offers/{row['id']}?company={COMPANY_ID}",
        "mailbox_email": f"job.{row['guid']}@{state.subdomain}.recruitee.com",
        **_counts(state.of("placement", "offer_id", row["id"])),
        "enabled_languages": [{"code": "en", "name": "English", "native_name": "English"}],
        "followers": [each for each in (row["recruiter_id"],) if each],
        "pipeline": True,
        "pipeline_template_id": row["template_id"],
        "example": False,
        "position": row["id"] - identifier("offer", 0),
        "eeo_settings": None,
        "job_scheduler": None,
        "enabled_for_referrals": True,
        "has_active_campaign": False,
    }


def place_of(call: Call, row: Row) -> Row:
    """Show where an offer's first location is."""
    keys = ("city", "street", "postal_code", "country_code", "state_code", "state_name")
    found = next((each for each in map(partial(call.state.find, "location"), row["location_ids"]) if each), None)
    if found is None:
        return {"location": "", **dict.fromkeys(keys)}
    words = [each for each in (found["city"], found["state_name"], found["country_code"]) if each]
    return {"location": ", ".join(words), **{key: found[key] for key in keys}}


def _counts(placed: list[Row]) -> Row:
    out = sum(each["disqualified_at"] is not None for each in placed)
    return {
        "candidates_count": len(placed),
        "qualified_candidates_count": len(placed) - out,
        "disqualified_candidates_count": out,
        "hired_candidates_count": sum(each["hired_at"] is not None for each in placed),
    }


def _one(call: Call, row: Row, status: int = 200) -> Response:
    placed = call.state.of("placement", "offer_id", row["id"])
    pipeline = shapes.template(call, call.state.get("template", row["template_id"]), placed)
    offer = {**offer_row(call, row), "requirements": row["requirements"], "pipeline_template": pipeline}
    return answer({"offer": offer, "references": _references(call, [offer])}, status)


def read(call: Call) -> Response:
    """Give one offer with its pipeline."""
    return _one(call, call.named("offer"))


SALARY = shape({"min": nullable(number), "max": nullable(number), "period": filled, "currency": filled})
KNOWN: dict[str, bodies.Check] = {
    "title": filled,
    "kind": choice("job", "talent_pool"),
    "department_id": nullable(integer),
    "location_ids": items(integer),
    **dict.fromkeys(("employment_type", "experience", "education", "category"), nullable(filled)),
    "remote": bodies.boolean,
    **dict.fromkeys(("description", "requirements"), bodies.text),
    **dict.fromkeys(("min_hours", "max_hours", "recruiter_id", "hiring_manager_id"), nullable(integer)),
    "salary": nullable(SALARY),
    "number_of_openings": integer,
}
REFERRED = {"department_id": "department", "recruiter_id": "admin", "hiring_manager_id": "admin"}


def _given(call: Call, check: bodies.Check) -> Row:
    given = body(call, check, "offer")
    for key, kind in REFERRED.items():
        if given.get(key) is not None:
            call.state.refer(kind, given[key], key)
    for each in given.get("location_ids", ()):
        call.state.refer("location", each, "location_ids")
    return given


def create(call: Call) -> Response:
    """Make a draft with the default pipeline."""
    given = _given(call, shape(KNOWN, required=["title"]))
    row = call.state.add("offer", {**blank(0, given["title"]), **given})
    made = blank(row["id"], row["title"])
    pool = {"template_id": identifier("template", POOL)} if row["kind"] == "talent_pool" else {}
    row.update(guid=made["guid"], slug=made["slug"], **pool)
    return _one(call, row, 201)


def update(call: Call) -> Response:
    """Change what is given of an offer. inferred: its kind stays what it is."""
    row = call.named("offer")
    known = {key: check for key, check in KNOWN.items() if key != "kind"}
    call.state.change(row, **_given(call, shape(known)))
    call.state.note_down("offer_updated", call.actor, offer_id=row["id"])
    return _one(call, row)


# inferred: where unpublish and unarchive lead to
STATES = {
    "publish": "published",
    "unpublish": "internal",
    "close": "closed",
    "archive": "archived",
    "unarchive": "draft",
    "draft": "draft",
}


def turn(verb: str, call: Call) -> Response:
    """Bring an offer into another state."""
    row = call.named("offer")
    bodies.read_json(call.ask, shape({}), empty={})
    moment = iso(now())
    changes: dict[str, Any] = {"status": STATES[verb]}
    if verb == "publish":
        changes |= {"published_at": row["published_at"] or moment, "closed_at": None}
    if verb in ("close", "archive"):
        changes["closed_at"] = row["closed_at"] or moment
    call.state.change(row, **changes)
    call.state.note_down(f"offer_{verb}", call.actor, offer_id=row["id"])
    return _one(call, row)


def delete(call: Call) -> Response:
    """Delete an offer with its applications; meetings stay."""
    row = call.named("offer")
    for each in call.state.rows("event"):
        if each["offer_id"] == row["id"]:
            call.state.change(each, offer_id=None)
    call.state.remove("offer", row)
    return gone()


def tags(call: Call) -> Response:
    """List the tags of an offer. inferred: by name."""
    return answer({"offer_tags": [{"name": each} for each in call.named("offer")["offer_tags"]]})


def tag(call: Call) -> Response:
    """Add tags to an offer. inferred: as they are added to candidates."""
    row = call.named("offer")
    given = body(call, shape({"tags": items(filled, least=1)}, required=["tags"]))
    call.state.change(row, offer_tags=list(dict.fromkeys([*row["offer_tags"], *given["tags"]])))
    return answer({"offer_tags": [{"name": each} for each in row["offer_tags"]]}, 201)


def pipelines(call: Call) -> Response:
    """List the pipelines with their stages."""
    rows = [shapes.template(call, each) for each in call.state.rows("template")]
    return answer({"pipeline_templates": rows})


def pipeline(call: Call) -> Response:
    """Give one pipeline with its stages."""
    return answer({"pipeline_template": shapes.template(call, call.named("template"))})


def available(call: Call) -> Response:
    """List the pipelines that an offer could have, without stages."""
    row = call.named("offer")
    rows = [each for each in call.state.rows("template") if each["default"] or each["id"] == row["template_id"]]
    return answer({"pipeline_templates": [shapes.row_of(each) for each in rows]})


ONE = "/offers/{id:int}"
ENDPOINTS = (
    Endpoint("GET", "/offers", find, {**PAGED, **FILTERS}),
    Endpoint("POST", "/offers", create),
    Endpoint("GET", ONE, read),
    Endpoint("PATCH", ONE, update),
    Endpoint("DELETE", ONE, delete),
    *(Endpoint("PATCH", f"{ONE}/{verb}", partial(turn, verb)) for verb in STATES),
    Endpoint("GET", f"{ONE}/offer_tags", tags),
    Endpoint("POST", f"{ONE}/offer_tags", tag),
    Endpoint("GET", f"{ONE}/pipeline_templates", available),
    Endpoint("GET", "/pipeline_templates", pipelines),
    Endpoint("GET", "/pipeline_templates/{id:int}", pipeline),
)
