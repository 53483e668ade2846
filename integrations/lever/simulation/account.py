"""What belongs to the whole account: users, stages, archive reasons, tags and sources, surveys, webhooks."""

import secrets
from collections import Counter
from typing import Any

from starlette.responses import Response

from polyhire.simulators import guards
from polyhire.simulators.bodies import choice, filled, items, nullable, read_json, shape
from polyhire.simulators.kit import Problem
from polyhire.simulators.tables import Row

from . import shapes
from .calls import PAGED, Call, Endpoint, gone, one, page, rows
from .identifiers import present
from .opportunities import ORIGINS
from .state import Lever, unfit

ROLES = ("super admin", "admin", "team member", "limited team member", "interviewer")
EVENTS = (
    *("applicationCreated", "candidateHired", "candidateStageChange", "candidateArchiveChange", "candidateDeleted"),
    *("interviewCreated", "interviewUpdated", "interviewDeleted", "contactCreated", "contactUpdated"),
)
USER = {
    "name": filled,
    "email": filled,
    # inferred: roles of the customer's own making have other names, of which this account has none
    "accessRole": choice(*ROLES),
    **dict.fromkeys(("jobTitle", "externalDirectoryId", "managerId"), nullable(filled)),
}


def users(call: Call) -> Response:
    """List users; those who have left only if they are asked for."""
    everyone = call.query.get("includeDeactivated", False)
    found = [each for each in call.lever.rows("user") if everyone or each["deactivatedAt"] is None]
    return rows(call, found, shapes.user)


def user(call: Call) -> Response:
    """Give one user."""
    return one(shapes.user(_user(call)))


def _user(call: Call) -> Row:
    return call.lever.get("user", call.value("id"))


def create_user(call: Call) -> Response:
    """Add a user. inferred: an interviewer, unless it is said."""
    body = read_json(call.ask, shape(USER, required=["name", "email"]))
    _check_user(call.lever, body, None)
    unknown = ("photo", "deactivatedAt", "externalDirectoryId", "linkedContactIds", "jobTitle", "managerId")
    row = {
        "name": body["name"],
        "username": body["email"].partition("@")[0],
        "accessRole": "interviewer",
        **dict.fromkeys(unknown),
        "createdAt": present(),
        **body,
    }
    return one(call.lever.add("user", row), 201)


def update_user(call: Call) -> Response:
    """Change a user. inferred: whatever is left out stays as it is."""
    row, body = _user(call), read_json(call.ask, shape(USER))
    _check_user(call.lever, body, row)
    row.update(body)
    return one(row)


def _check_user(lever: Lever, body: Row, row: Row | None) -> None:
    taken = [each["email"].lower() for each in lever.rows("user") if each is not row]
    if body.get("email", "").lower() in taken:
        raise unfit("email", "is taken")
    if body.get("managerId"):
        lever.refer("user", body["managerId"], "managerId")


def deactivate(call: Call) -> Response:
    """Close a user's login."""
    row = _user(call)
    row.update(deactivatedAt=row["deactivatedAt"] or present())
    return one(row)


def reactivate(call: Call) -> Response:
    """Open a user's login again."""
    row = _user(call)
    row.update(deactivatedAt=None)
    return one(row)


def stages(call: Call) -> Response:
    """List the stages, which are the same for all postings."""
    return rows(call, call.lever.rows("stage"), shapes.stage)


def stage(call: Call) -> Response:
    """Give one stage."""
    return one(shapes.stage(call.lever.get("stage", call.value("id"))))


def dispositions(call: Call) -> Response:
    """List the stages with their places in the pipeline."""
    return rows(call, call.lever.rows("stage"), dict)


def reasons(call: Call) -> Response:
    """List the archive reasons, all or of one type."""
    wanted = call.query.get("type")
    return rows(call, (each for each in call.lever.rows("archive reason") if wanted in (None, each["type"])), dict)


def reason(call: Call) -> Response:
    """Give one archive reason."""
    return one(call.lever.get("archive reason", call.value("id")))


def _counted(call: Call, key: str) -> Response:
    """List labels in the order of the alphabet, with how many opportunities bear each."""
    seen = [each for each in call.lever.rows("opportunity") if call.sees(each)]
    counts = Counter(label for each in seen for label in each[key])
    found = [{"text": label, "count": counts[label]} for label in sorted(counts)]
    return page(call, found, lambda row: row["text"], dict)


def tags(call: Call) -> Response:
    """List the tags of opportunities."""
    return _counted(call, "tags")


def sources(call: Call) -> Response:
    """List the sources of opportunities. inferred: as tags are; Lever has a scope for them."""
    return _counted(call, "sources")


def _surveys(call: Call) -> list[Row]:
    lever = call.lever
    return [each for each in lever.rows("survey") if call.sees(_opportunity(lever, each))]


def _opportunity(lever: Lever, survey: Row) -> Row:
    return lever.get("opportunity", lever.get("application", survey["applicationId"])["opportunityId"])


def anonymous(call: Call) -> Response:
    """List the answers to surveys. inferred: their shape, which is that of linked ones without whose they are."""
    return rows(call, _surveys(call), lambda row: {"id": row["id"], **row["answers"]})


def linked(call: Call) -> Response:
    """List the answers to surveys with who gave them."""
    return rows(call, _surveys(call), lambda row: _linked(call.lever, row))


def _linked(lever: Lever, row: Row) -> Row:
    application, opportunity = lever.get("application", row["applicationId"]), _opportunity(lever, row)
    return {
        "id": row["id"],
        "applicationId": application["id"],
        "opportunityId": opportunity["id"],
        "contact": opportunity["contact"],
        "posting": application["posting"],
        "appliedAt": application["createdAt"],
        "currentStage": opportunity["stage"],
        "origin": opportunity["origin"],
        "sources": opportunity["sources"],
        "eeoSurveyRespondedAt": row["eeoSurveyRespondedAt"],
        **row["answers"],
    }


def _https(value: Any, where: str) -> list[Problem]:
    # inferred: Lever sends webhooks to https alone
    return filled(value, where) or ([] if value.startswith("https://") else [Problem(where, "must be an https URL")])


WEBHOOK = {
    "event": choice(*EVENTS),
    "url": _https,
    "configuration": shape({"conditions": shape({"origins": items(choice(*ORIGINS))})}),
}


def webhooks(call: Call) -> Response:
    """List the webhooks, without their signature tokens."""
    return rows(call, call.lever.rows("webhook"), dict)


def webhook(call: Call) -> Response:
    """Give one webhook."""
    return one(_webhook(call))


def _webhook(call: Call) -> Row:
    return call.lever.get("webhook", call.value("id"))


def create_webhook(call: Call) -> Response:
    """Make a webhook, and tell its signature token this once."""
    body = read_json(call.ask, shape(WEBHOOK, required=["event", "url"]))
    row = {
        "event": body["event"],
        "url": body["url"],
        "configuration": {"conditions": {}, **body.get("configuration", {})},
        **dict.fromkeys(("createdAt", "updatedAt"), present()),
    }
    made = call.lever.add("webhook", row)
    return one({**made, "configuration": {**made["configuration"], "signatureToken": secrets.token_hex(32)}}, 201)


def update_webhook(call: Call) -> Response:
    """Change a webhook."""
    row, body = _webhook(call), read_json(call.ask, shape(WEBHOOK))
    configuration = {**row["configuration"], **body.get("configuration", {})}
    row.update({**body, "configuration": configuration}, updatedAt=max(present(), row["updatedAt"] + 1))
    return one(row)


def delete_webhook(call: Call) -> Response:
    """Delete a webhook."""
    call.lever.remove("webhook", _webhook(call))
    return gone()


ENDPOINTS = (
    Endpoint("GET", "/users", "users", users, {**PAGED, "includeDeactivated": guards.flag}),
    Endpoint("POST", "/users", "users", create_user),
    Endpoint("GET", "/users/{id}", "users", user),
    Endpoint("PUT", "/users/{id}", "users", update_user),
    Endpoint("POST", "/users/{id}/deactivate", "users", deactivate),
    Endpoint("POST", "/users/{id}/reactivate", "users", reactivate),
    Endpoint("GET", "/stages", "stages", stages, PAGED),
    Endpoint("GET", "/stages/{id}", "stages", stage),
    Endpoint("GET", "/disposition_stages", "stages", dispositions, PAGED),
    Endpoint(
        "GET",
        "/archive_reasons",
        "archive_reasons",
        reasons,
        {**PAGED, "type": guards.one_of("hired", "non-hired")},
    ),
    Endpoint("GET", "/archive_reasons/{id}", "archive_reasons", reason),
    Endpoint("GET", "/tags", "tags", tags, PAGED),
    Endpoint("GET", "/sources", "sources", sources, PAGED),
    Endpoint("GET", "/eeo/responses", "eeo_responses", anonymous, PAGED),
    Endpoint("GET", "/eeo/responses/pii", "eeo_responses_pii", linked, PAGED),
    Endpoint("GET", "/webhooks", "webhooks", webhooks, PAGED),
    Endpoint("POST", "/webhooks", "webhooks", create_webhook),
    Endpoint("GET", "/webhooks/{id}", "webhooks", webhook),
    Endpoint("PUT", "/webhooks/{id}", "webhooks", update_webhook),
    Endpoint("DELETE", "/webhooks/{id}", "webhooks", delete_webhook),
)
