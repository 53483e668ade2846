"""Opportunities: lists and their filters, creation, and the ways through the pipeline."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from starlette.responses import Response

from polyhire.simulators import bodies, guards
from polyhire.simulators.bodies import choice, filled, items, nullable, read_json, shape
from polyhire.simulators.tables import Row

from . import shapes
from .calls import ALL, HIDDEN, OPEN, PAGED, Call, Endpoint, confidential, one, period, rows, within, words
from .contacts import CONTACT_DETAILS, contact_for
from .identifiers import present
from .state import Lever, unfit

ORIGINS = ("agency", "applied", "internal", "referred", "sourced", "university")
EXPAND = words("applications", "stage", "owner", "followers", "sourcedBy", "contact")
SHOWN = {"expand": EXPAND, "include": words("followers")}
PERIODS = {"created_at": "createdAt", "updated_at": "updatedAt", "advanced_at": "lastAdvancedAt"}
CONFIDENTIALITY = guards.one_of(OPEN, HIDDEN, ALL)
FILTERS = {
    **{name: reading for each in (*PERIODS, "archived_at") for name, reading in period(each).items()},
    "archived": guards.flag,
    "snoozed": guards.flag,
    "origin": guards.one_of(*ORIGINS),
    "confidentiality": CONFIDENTIALITY,
    **dict.fromkeys(("archive_reason_id", "stage_id", "posting_id", "archived_posting_id"), guards.text),
    **dict.fromkeys(("tag", "source", "email", "contact_id"), guards.text),
}


def _archived(row: Row, key: str) -> Any:
    return row["archived"][key] if row["archived"] else None


def _applied(lever: Lever, row: Row, archived: bool) -> set[str]:
    """Give the postings that were applied for, in applications that are archived, or in those that are not."""
    return {
        each["posting"] for each in lever.of("application", row["id"]) if (each["archived"] is not None) == archived
    }


KEEPS: Mapping[str, Callable[[Lever, Row, Any], bool]] = {
    "archived": lambda lever, row, wanted: (row["archived"] is not None) == wanted,
    "snoozed": lambda lever, row, wanted: ((row["snoozedUntil"] or 0) > present()) == wanted,
    "origin": lambda lever, row, wanted: row["origin"] == wanted,
    "archive_reason_id": lambda lever, row, wanted: _archived(row, "reason") == wanted,
    "stage_id": lambda lever, row, wanted: row["stage"] == wanted,
    "posting_id": lambda lever, row, wanted: wanted in _applied(lever, row, False),
    "archived_posting_id": lambda lever, row, wanted: wanted in _applied(lever, row, True),
    "tag": lambda lever, row, wanted: wanted in row["tags"],
    "source": lambda lever, row, wanted: wanted in row["sources"],
    "email": lambda lever, row, wanted: (
        wanted.lower() in [each.lower() for each in lever.get("contact", row["contact"])["emails"]]
    ),
    "contact_id": lambda lever, row, wanted: row["contact"] == wanted,
}


def _kept(call: Call, row: Row) -> bool:
    query = call.query
    return (
        confidential(query, row)
        and call.sees(row)
        and within(query, "archived_at", _archived(row, "archivedAt"))
        and all(within(query, name, row[key]) for name, key in PERIODS.items())
        and all(KEEPS[name](call.lever, row, query[name]) for name in KEEPS if name in query)
    )


def find(call: Call) -> Response:
    """List opportunities; those that are confidential only for whoever asks for them and may."""
    found = (row for row in call.lever.rows("opportunity") if _kept(call, row))
    return rows(call, found, partial(shapes.opportunity, call))


def read(call: Call) -> Response:
    """Give one opportunity."""
    return one(shapes.opportunity(call, call.opportunity()))


def deleted(kind: str, call: Call) -> Response:
    """List what was deleted, with when."""
    found = [row for row in call.lever.rows(f"deleted {kind}") if within(call.query, "deleted_at", row["deletedAt"])]
    return rows(call, found, dict)


NEW = shape(
    {
        **CONTACT_DETAILS,
        "location": nullable(bodies.text),
        "stage": filled,
        **dict.fromkeys(("links", "tags", "sources", "followers"), items(filled)),
        # inferred: an opportunity is for one posting at most, as it has one application in practice
        "postings": items(filled),
        "origin": choice(*ORIGINS),
        "owner": filled,
        "createdAt": bodies.integer,
        "archived": shape({"reason": filled, "archivedAt": bodies.integer}, required=["reason"]),
        "contact": filled,
    }
)


def create(call: Call) -> Response:
    """Make an opportunity, for the contact that is named or has one of the emails, else for a new one."""
    lever, body = call.lever, read_json(call.ask, NEW)
    if not any(body.get(key) for key in ("name", "emails", "contact")):
        raise unfit("name", "is required without emails and contact")
    if len(body.get("postings", ())) > 1:
        raise unfit("postings", "must have at most 1 items")
    postings = [lever.refer("posting", each, "postings") for each in body.get("postings", ())]
    archived = _given_archive(lever, body)
    owner = body.get("owner", call.user)
    for where, each in [("owner", owner), *(("followers", each) for each in body.get("followers", ()))]:
        lever.refer("user", each, where)
    if call.query.get("perform_as_posting_owner") and postings:
        owner = postings[0]["owner"] or owner
    stage = lever.refer("stage", body.get("stage", "lead-new"), "stage")
    moment = body.get("createdAt", present())
    person = contact_for(lever, body)
    hidden = any(each["confidentiality"] == HIDDEN for each in postings)
    made = lever.add(
        "opportunity",
        {
            "contact": person["id"],
            "stage": stage["id"],
            "confidentiality": HIDDEN if hidden else OPEN,
            "archived": archived,
            **dict.fromkeys(("createdAt", "updatedAt", "lastInteractionAt", "lastAdvancedAt"), moment),
            "snoozedUntil": None,
            "stageChanges": [_change(stage, moment, call.user)],
            "owner": owner,
            **{key: body.get(key, []) for key in ("tags", "sources", "links", "followers")},
            # inferred: whoever is added by a colleague was sourced
            "origin": body.get("origin", "sourced"),
            "sourcedBy": call.user,
        },
    )
    for each in postings:
        apply(lever, made, each, user=call.user)
    return one(shapes.opportunity(call, made), 201)


def _change(stage: Row, moment: int, user: str | None) -> Row:
    return {"toStageId": stage["id"], "toStageIndex": stage["rank"], "updatedAt": moment, "userId": user}


def _given_archive(lever: Lever, body: Row) -> Row | None:
    if "archived" not in body:
        return None
    reason = lever.refer("archive reason", body["archived"]["reason"], "archived.reason")
    return {"reason": reason["id"], "archivedAt": body["archived"].get("archivedAt", present())}


def apply(lever: Lever, opportunity: Row, posting: Row, *, user: str | None, **given: Any) -> Row:
    """Make an application: by a colleague (`user`), or through the posting's form with what was `given`."""
    blank = ("name", "email", "phone", "company", "comments", "requisitionForHire")
    return lever.add(
        "application",
        {
            "opportunityId": opportunity["id"],
            "type": "user" if user else "posting",
            "posting": posting["id"],
            "postingHiringManager": posting["hiringManager"],
            "postingOwner": posting["owner"],
            "user": user,
            **dict.fromkeys(blank),
            "links": [],
            "customQuestions": [],
            "createdAt": opportunity["createdAt"],
            "archived": opportunity["archived"],
            **dict.fromkeys(("referer", "ipAddress", "userAgent")),
            **given,
        },
    )


def move(call: Call) -> Response:
    """Move an opportunity to another stage."""
    row, body = call.opportunity(), read_json(call.ask, shape({"stage": filled}, required=["stage"]))
    stage = call.lever.refer("stage", body["stage"], "stage")
    moment = present()
    changes = [*row["stageChanges"], _change(stage, moment, call.user)]
    call.lever.stir(row, stage=stage["id"], stageChanges=changes, lastAdvancedAt=moment)
    return one(shapes.opportunity(call, row))


ARCHIVE = shape(
    {"reason": nullable(filled), "cleanInterviews": bodies.boolean, "requisitionId": nullable(filled)},
    required=["reason"],
)


def archive(call: Call) -> Response:
    """Archive an opportunity with a reason, which also hires; or with none bring it back."""
    lever, row, body = call.lever, call.opportunity(), read_json(call.ask, ARCHIVE)
    if body["reason"] is None:
        archived = requisition = None
        if body.get("requisitionId"):
            raise unfit("requisitionId", "is for a reason of type hired")
    else:
        reason = lever.refer("archive reason", body["reason"], "reason")
        # inferred: a reason that is no longer in use can't be given
        if reason["status"] != "active":
            raise unfit("reason", "is inactive")
        requisition = _requisition(lever, body, reason)
        archived = {"reason": reason["id"], "archivedAt": present()}
    lever.stir(row, archived=archived)
    for each in lever.of("application", row["id"]):
        _release(lever, each)
        each.update(archived=archived, requisitionForHire=_hire(requisition) if requisition else None)
    if body.get("cleanInterviews"):
        _clean(lever, row)
    return one(shapes.opportunity(call, row))


def _requisition(lever: Lever, body: Row, reason: Row) -> Row | None:
    if body.get("requisitionId") is None:
        return None
    # inferred: only a hire fills a requisition
    if reason["type"] != "hired":
        raise unfit("requisitionId", "is for a reason of type hired")
    return lever.refer("requisition", body["requisitionId"], "requisitionId")


def _hire(requisition: Row) -> Row:
    requisition.update(headcountHired=requisition["headcountHired"] + 1, updatedAt=present())
    return {
        "id": requisition["id"],
        "requisitionCode": requisition["requisitionCode"],
        "hiringManagerOnHire": requisition["hiringManager"],
    }


def _release(lever: Lever, application: Row) -> None:
    """Give the place of somebody who was hired back to the requisition."""
    held = application["requisitionForHire"]
    requisition = lever.find("requisition", held["id"]) if held else None
    if requisition:
        requisition.update(headcountHired=requisition["headcountHired"] - 1, updatedAt=present())


def _clean(lever: Lever, opportunity: Row) -> None:
    """Cancel what is still to come."""
    for each in lever.of("interview", opportunity["id"]):
        if each["canceledAt"] is None and each["date"] > present():
            each.update(canceledAt=present())


def edit(key: str, add: bool, call: Call) -> Response:
    """Add to, or remove from, the links, tags or sources. inferred: whatever is there already is not added twice."""
    row, body = call.opportunity(), read_json(call.ask, shape({key: items(filled, least=1)}, required=[key]))
    kept = [each for each in row[key] if add or each not in body[key]]
    added = [each for each in dict.fromkeys(body[key]) if each not in row[key]] if add else []
    call.lever.stir(row, **{key: [*kept, *added]})
    return one(shapes.opportunity(call, row))


def applications(call: Call) -> Response:
    """List the applications of an opportunity."""
    return rows(call, call.lever.of("application", call.opportunity()["id"]), shapes.application)


def application(call: Call) -> Response:
    """Give one application."""
    return one(shapes.application(call.child("application")))


ONE = "/opportunities/{oid}"
DELETED = {**PAGED, **period("deleted_at")}
NEW_QUERY = {**SHOWN, "parse": guards.flag, "perform_as_posting_owner": guards.flag}
ENDPOINTS = (
    Endpoint("GET", "/opportunities", "opportunities", find, {**PAGED, **FILTERS, **SHOWN}),
    Endpoint("POST", "/opportunities", "opportunities", create, NEW_QUERY, acts=True),
    Endpoint("GET", "/opportunities/deleted", "opportunities", partial(deleted, "opportunity"), DELETED),
    Endpoint("GET", "/applications/deleted", "applications", partial(deleted, "application"), DELETED),
    Endpoint("GET", "/postings/deleted", "postings", partial(deleted, "posting"), DELETED),
    Endpoint("GET", ONE, "opportunities", read, SHOWN),
    Endpoint("PUT", f"{ONE}/stage", "opportunities", move, SHOWN, acts=True),
    Endpoint("PUT", f"{ONE}/archived", "opportunities", archive, SHOWN, acts=True),
    *(
        Endpoint(
            "POST", f"{ONE}/{verb}{key.title()}", "opportunities", partial(edit, key, verb == "add"), {}, acts=True
        )
        for verb in ("add", "remove")
        for key in ("links", "tags", "sources")
    ),
    Endpoint("GET", f"{ONE}/applications", "applications", applications, PAGED),
    Endpoint("GET", f"{ONE}/applications/{{id}}", "applications", application),
)
