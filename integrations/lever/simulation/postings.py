"""Postings and requisitions."""

from starlette.responses import Response

from polyhire.simulators import bodies, guards
from polyhire.simulators.bodies import choice, filled, items, nullable, number, read_json, shape
from polyhire.simulators.tables import Row

from . import shapes
from .calls import HIDDEN, OPEN, PAGED, Call, Endpoint, confidential, gone, one, period, rows, within, words
from .identifiers import present
from .opportunities import CONFIDENTIALITY
from .state import Lever, unfit

STATES = ("published", "internal", "closed", "draft", "pending", "rejected")
CHANNELS = ("public", "internal")
WORKPLACES = ("unspecified", "on-site", "remote", "hybrid")
FILED = ("team", "department", "location", "commitment")
EXPAND = {"expand": words("user", "owner", "hiringManager", "followers")}
SHOWN = {**EXPAND, "include": words("followers", "content")}
FILTERS = {
    "state": guards.one_of(*STATES),
    "distributionChannel": guards.one_of(*CHANNELS),
    **period("updated_at"),
    **dict.fromkeys((*FILED, "tag"), guards.text),
    "confidentiality": CONFIDENTIALITY,
    # inferred: one of the categories; the answer is the same list
    "group": guards.one_of(*FILED),
}
MAYBE = nullable(filled)
CATEGORIES = shape({**dict.fromkeys((*FILED, "level"), MAYBE), "allLocations": items(filled)})
CONTENT = shape(
    {
        **dict.fromkeys(("description", "descriptionHtml", "closing", "closingHtml"), bodies.text),
        "lists": items(shape({"text": filled, "content": bodies.text}, required=["text", "content"])),
    }
)
SALARY = shape(
    {"min": number, "max": number, "currency": filled, "interval": filled}, required=["min", "max", "currency"]
)
# inferred: whatever a posting shows can be written, but for its id, its addresses and its times
POSTING = {
    "text": filled,
    "state": choice(*STATES),
    "distributionChannels": nullable(items(choice(*CHANNELS))),
    **dict.fromkeys(("owner", "hiringManager"), MAYBE),
    "confidentiality": choice(OPEN, HIDDEN),
    "categories": CATEGORIES,
    "content": CONTENT,
    "country": MAYBE,
    **dict.fromkeys(("followers", "tags", "requisitionCodes"), items(filled)),
    "reqCode": MAYBE,
    "salaryRange": SALARY,
    **dict.fromkeys(("salaryDescription", "salaryDescriptionHtml"), bodies.text),
    "workplaceType": choice(*WORKPLACES),
}
BLANK_CATEGORIES: Row = {**dict.fromkeys((*FILED, "level")), "allLocations": []}
BLANK_CONTENT: Row = {**dict.fromkeys(("description", "descriptionHtml", "closing", "closingHtml"), ""), "lists": []}


def _kept(call: Call, row: Row) -> bool:
    query = call.query
    return (
        confidential(query, row)
        and call.sees(row)
        and within(query, "updated_at", row["updatedAt"])
        and query.get("state") in (None, row["state"])
        and ("tag" not in query or query["tag"] in row["tags"])
        and ("distributionChannel" not in query or query["distributionChannel"] in (row["distributionChannels"] or ()))
        and all(row["categories"][name] == query[name] for name in FILED if name in query)
    )


def find(call: Call) -> Response:
    """List postings. inferred: their content must be asked for."""
    content = "content" in call.query.get("include", ())
    found = (row for row in call.lever.rows("posting") if _kept(call, row))
    return rows(call, found, lambda row: shapes.posting(call, row, content=content))


def read(call: Call) -> Response:
    """Give one posting."""
    return one(shapes.posting(call, call.posting()))


def create(call: Call) -> Response:
    """Make a posting. inferred: a draft, unless it is said."""
    body = read_json(call.ask, shape(POSTING, required=["text"]))
    _check_users(call.lever, body)
    codes = body.get("requisitionCodes", [])
    row = {
        "text": body["text"],
        "state": "draft",
        "distributionChannels": None,
        "user": call.user,
        "owner": call.user,
        "hiringManager": None,
        "confidentiality": OPEN,
        "country": None,
        "followers": [],
        "tags": [],
        "reqCode": codes[0] if codes else None,
        "requisitionCodes": codes,
        "workplaceType": "unspecified",
        **body,
        "categories": {**BLANK_CATEGORIES, **body.get("categories", {})},
        "content": {**BLANK_CONTENT, **body.get("content", {})},
        **dict.fromkeys(("createdAt", "updatedAt"), present()),
        "customQuestions": [],
    }
    return one(shapes.posting(call, call.lever.add("posting", row)), 201)


def update(call: Call) -> Response:
    """Change a posting. inferred: whatever is left out stays as it is, and perform_as is not needed."""
    row, body = call.posting(), read_json(call.ask, shape(POSTING))
    _check_users(call.lever, body)
    merged = {key: {**row[key], **body[key]} for key in ("categories", "content") if key in body}
    row.update({**body, **merged}, updatedAt=max(present(), row["updatedAt"] + 1))
    return one(shapes.posting(call, row))


def _check_users(lever: Lever, body: Row) -> None:
    for where in ("owner", "hiringManager"):
        if body.get(where):
            lever.refer("user", body[where], where)
    for each in body.get("followers", ()):
        lever.refer("user", each, "followers")


# inferred: as for postings
REQUISITION = {
    **dict.fromkeys(("requisitionCode", "name"), filled),
    "status": choice("open", "onHold", "closed", "draft"),
    **dict.fromkeys(("headcountTotal", "headcountHired"), bodies.integer),
    "backfill": bodies.boolean,
    **dict.fromkeys(("owner", "hiringManager"), MAYBE),
    **dict.fromkeys(("employmentStatus", "location", "team", "department"), MAYBE),
    "compensationBand": nullable(
        shape({"currency": filled, "interval": filled, "min": number, "max": number}, required=["currency"])
    ),
    "postings": items(filled),
    "customFields": bodies.anything,
}


def create_requisition(call: Call) -> Response:
    """Open a requisition."""
    required = ["requisitionCode", "name", "headcountTotal"]
    body = read_json(call.ask, shape(REQUISITION, required=required))
    _check_requisition(call.lever, body, None)
    unknown = ("owner", "hiringManager", "employmentStatus", "location", "team", "department", "compensationBand")
    row = {
        "status": "open",
        "headcountHired": 0,
        "backfill": False,
        "creator": None,
        **dict.fromkeys((*unknown, "approval", "closedAt")),
        "postings": [],
        "offerIds": [],
        "customFields": {},
        **dict.fromkeys(("createdAt", "updatedAt"), present()),
        **body,
    }
    return one(call.lever.add("requisition", row), 201)


def update_requisition(call: Call) -> Response:
    """Change a requisition."""
    row, body = call.lever.get("requisition", call.value("id")), read_json(call.ask, shape(REQUISITION))
    _check_requisition(call.lever, body, row)
    status = body.get("status", row["status"])
    closed = row["closedAt"] or present() if status == "closed" else None
    row.update(body, closedAt=closed, updatedAt=max(present(), row["updatedAt"] + 1))
    return one(row)


def _check_requisition(lever: Lever, body: Row, row: Row | None) -> None:
    _check_users(lever, body)
    for each in body.get("postings", ()):
        lever.refer("posting", each, "postings")
    taken = [each["requisitionCode"] for each in lever.rows("requisition") if each is not row]
    if body.get("requisitionCode") in taken:
        raise unfit("requisitionCode", "is taken")


def delete_requisition(call: Call) -> Response:
    """Delete a requisition."""
    call.lever.remove("requisition", call.lever.get("requisition", call.value("id")))
    return gone()


def _requisitions(call: Call) -> Response:
    return rows(call, call.lever.rows("requisition"), dict)


def _requisition(call: Call) -> Response:
    return one(call.lever.get("requisition", call.value("id")))


ACTED = {**EXPAND, "perform_as": guards.text}
ENDPOINTS = (
    Endpoint("GET", "/postings", "postings", find, {**PAGED, **FILTERS, **SHOWN}),
    Endpoint("POST", "/postings", "postings", create, EXPAND, acts=True),
    Endpoint("GET", "/postings/{pid}", "postings", read, SHOWN),
    Endpoint("PUT", "/postings/{pid}", "postings", update, ACTED),
    Endpoint("GET", "/requisitions", "requisitions", _requisitions, PAGED),
    Endpoint("POST", "/requisitions", "requisitions", create_requisition),
    Endpoint("GET", "/requisitions/{id}", "requisitions", _requisition),
    Endpoint("PUT", "/requisitions/{id}", "requisitions", update_requisition),
    Endpoint("DELETE", "/requisitions/{id}", "requisitions", delete_requisition),
)
