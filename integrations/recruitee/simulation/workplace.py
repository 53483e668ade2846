"""What a company has of its own: users, departments, locations, tags, sources and reasons."""

from starlette.responses import Response

from polyhire.simulators.bodies import filled, integer, items, nullable, shape, text
from polyhire.simulators.tables import Row, iso, now

from .calls import Call, Endpoint, answer, body, gone


def me(call: Call) -> Response:
    """Give the user whose token it is."""
    return answer({"admin": _admin(call.state.get("admin", call.actor))})


def admins(call: Call) -> Response:
    """List the users who have not left."""
    return answer({"admins": [_admin(each) for each in call.state.rows("admin") if each["active"]]})


def _admin(row: Row) -> Row:
    return {key: value for key, value in row.items() if key != "active"}


def departments(call: Call) -> Response:
    """List the departments with how many offers they have."""
    return answer({"departments": [_department(call, each) for each in call.state.rows("department")]})


def _department(call: Call, row: Row) -> Row:
    count = sum(each["department_id"] == row["id"] for each in call.state.rows("offer"))
    return {"id": row["id"], "name": row["name"], "offers_count": count, "status": row["status"]}


def create_department(call: Call) -> Response:
    """Make a department."""
    given = body(call, shape({"name": filled}, required=["name"]), "department")
    return answer({"department": _department(call, call.state.add("department", {"status": None, **given}))}, 201)


def delete_department(call: Call) -> Response:
    """Delete a department; its offers then have none."""
    row = call.named("department")
    for each in call.state.rows("offer"):
        if each["department_id"] == row["id"]:
            call.state.change(each, department_id=None)
    call.state.remove("department", row)
    return gone()


def locations(call: Call) -> Response:
    """List the locations."""
    return answer({"locations": [_location(call, each) for each in call.state.rows("location")]})


def _location(call: Call, row: Row) -> Row:
    active = sum(
        row["id"] in each["location_ids"] and each["status"] in ("internal", "published")
        for each in call.state.rows("offer")
    )
    words = [row[key] for key in ("street", "postal_code", "city", "state_name", "country_code")]
    shown = ("id", "name", "country_code", "state_name", "state_code", "city", "created_at", "updated_at")
    return {
        **{key: row[key] for key in shown},
        "full_address": ", ".join(each for each in words if each),
        "archived_at": row["archived_at"],
        "active_offers_count": active,
    }


ADDRESS = ("country_code", "state_name", "state_code", "city", "street", "postal_code")


def create_location(call: Call) -> Response:
    """Make a location. inferred: from the keys that it is shown with, wrapped."""
    known = {"name": filled, **dict.fromkeys(ADDRESS, nullable(text))}
    given = body(call, shape(known, required=["name"]), "location")
    row = call.state.add("location", {**dict.fromkeys((*ADDRESS, "archived_at")), **given})
    return answer({"location": _location(call, row)}, 201)


def delete_location(call: Call) -> Response:
    """Delete a location, which offers then no longer show."""
    call.state.remove("location", call.named("location"))
    return gone()


def sources(call: Call) -> Response:
    """List the sources."""
    return answer({"sources": list(call.state.rows("source"))})


def reasons(call: Call) -> Response:
    """List the reasons to disqualify."""
    return answer({"disqualify_reasons": [_reason(each) for each in call.state.rows("reason")]})


def _reason(row: Row) -> Row:
    return {key: row[key] for key in ("id", "name", "position")}


REASON = {"name": filled, "position": integer}


def create_reason(call: Call) -> Response:
    """Make a reason, the last unless it says otherwise."""
    given = body(call, shape(REASON, required=["name"]), "disqualify_reason")
    last = max((each["position"] for each in call.state.rows("reason")), default=0)
    return answer({"disqualify_reason": _reason(call.state.add("reason", {"position": last + 1, **given}))}, 201)


def update_reason(call: Call) -> Response:
    """Change a reason; whoever was disqualified for it keeps the words."""
    row = call.named("reason")
    call.state.change(row, **body(call, shape(REASON), "disqualify_reason"))
    return answer({"disqualify_reason": _reason(row)})


def delete_reason(call: Call) -> Response:
    """Delete a reason."""
    call.state.remove("reason", call.named("reason"))
    return gone()


def tags(call: Call) -> Response:
    """List the tags with how many candidates have them."""
    return answer({"tags": [_tag(call, each) for each in call.state.rows("tag")]})


def _tag(call: Call, row: Row) -> Row:
    count = sum(row["id"] in each["tag_ids"] for each in call.state.rows("candidate"))
    return {"id": row["id"], "name": row["name"], "taggings_count": count}


def _add_tags(call: Call, candidate: Row, names: list[str]) -> None:
    found = [call.state.named("tag", each) or call.state.add("tag", {"name": each}) for each in names]
    kept = dict.fromkeys([*candidate["tag_ids"], *(each["id"] for each in found)])
    call.state.change(candidate, tag_ids=list(kept), last_activity_at=iso(now()))


def add_tags(call: Call) -> Response:
    """Add tags to a candidate, making those that are missing. inferred: what is answered."""
    candidate = call.named("candidate")
    given = body(call, shape({"tags": items(filled, least=1)}, required=["tags"]))
    _add_tags(call, candidate, given["tags"])
    return answer({"tags": [_tag(call, call.state.get("tag", each)) for each in candidate["tag_ids"]]}, 201)


def add_tags_to_all(call: Call) -> Response:
    """Add tags to several candidates. inferred: all of them are answered."""
    known = {"candidates": items(integer, least=1), "tags": items(filled, least=1)}
    given = body(call, shape(known, required=list(known)))
    candidates = [call.state.refer("candidate", each, "candidates") for each in given["candidates"]]
    for each in candidates:
        _add_tags(call, each, given["tags"])
    return answer({"candidates": [{"id": each["id"]} for each in candidates]})


def searchable_fields(call: Call) -> Response:
    """List the profile fields that may be searched. inferred: in which shape."""
    known = {(each["kind"], each.get("name")) for row in call.state.rows("candidate") for each in row["fields"]}
    return answer({"fields": [{"kind": kind, "name": name} for kind, name in sorted(known, key=str)]})


ENDPOINTS = (
    Endpoint("GET", "/admin", me),
    Endpoint("GET", "/admins", admins),
    Endpoint("GET", "/departments", departments),
    Endpoint("POST", "/departments", create_department),
    Endpoint("DELETE", "/departments/{id:int}", delete_department),
    Endpoint("GET", "/locations", locations),
    Endpoint("POST", "/locations", create_location),
    Endpoint("DELETE", "/locations/{id:int}", delete_location),
    Endpoint("GET", "/sources", sources),
    Endpoint("GET", "/disqualify_reasons", reasons),
    Endpoint("POST", "/disqualify_reasons", create_reason),
    Endpoint("PATCH", "/disqualify_reasons/{id:int}", update_reason),
    Endpoint("DELETE", "/disqualify_reasons/{id:int}", delete_reason),
    Endpoint("GET", "/tags", tags),
    Endpoint("POST", "/candidates/{id:int}/tags", add_tags),
    Endpoint("PATCH", "/bulk/candidates/tags", add_tags_to_all),
    Endpoint("GET", "/custom_fields/fields/searchable", searchable_fields),
)
