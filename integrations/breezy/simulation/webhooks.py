"""The webhook endpoints of a company; what they are told is not simulated."""

import secrets
from typing import Any

from starlette.responses import JSONResponse, Response

from polyhire.simulators.bodies import choice, filled, items, nullable, shape, text
from polyhire.simulators.kit import Problem
from polyhire.simulators.tables import Row

from .calls import COMPANY, Call, Endpoint, gone
from .identifiers import present
from .seed_account import EVENTS, webhook
from .state import unfit

QUOTA = 10


def _https(value: Any, where: str) -> list[Problem]:
    return filled(value, where) or ([] if value.startswith("https://") else [Problem(where, "must be an https URL")])


FIELDS = {"url": _https, "description": nullable(text), "events": items(choice(*EVENTS), least=1)}
NEW, CHANGES = shape(FIELDS, required=["url", "events"]), shape(FIELDS)


def _mine(call: Call) -> list[Row]:
    return call.breezy.of("webhook", call.company()["_id"])


def _shown(row: Row) -> Row:
    hidden = ("_id", "company", "secret")
    prefix = row["secret"][:10]
    return {"id": row["_id"], **{key: row[key] for key in row if key not in hidden}, "secret_prefix": prefix}


def find(call: Call) -> Response:
    """List the webhooks, and how many there may be."""
    found = _mine(call)
    meta = {"total": len(found), "quota": {"current": len(found), "limit": QUOTA}}
    return JSONResponse({"data": [_shown(each) for each in found], "meta": meta})


def create(call: Call) -> Response:
    """Make a webhook, and tell its secret this once."""
    body = call.body(NEW)
    # inferred: what is over the quota is refused so
    if len(_mine(call)) >= QUOTA:
        raise unfit("", f"There are {QUOTA} webhooks already")
    row = webhook(body["url"], body["events"], body.get("description"), present())
    secret = "whsec_" + secrets.token_hex(16)
    made = call.breezy.add("webhook", {**row, "company": call.company()["_id"], "secret": secret})
    return JSONResponse({**_shown(made), "secret": secret}, 201)


def _one(call: Call) -> Row:
    return call.breezy.get("webhook", call.value("id"), call.company()["_id"])


def read(call: Call) -> Response:
    """Give one webhook."""
    return JSONResponse(_shown(_one(call)))


def update(call: Call) -> Response:
    """Change a webhook."""
    row = _one(call)
    row.update(call.body(CHANGES), updated_at=present())
    return JSONResponse(_shown(row))


def delete(call: Call) -> Response:
    """Delete a webhook."""
    call.breezy.remove("webhook", _one(call))
    return gone()


def pause(call: Call) -> Response:
    """Stop telling a webhook anything."""
    return _switch(call, "paused")


def resume(call: Call) -> Response:
    """Tell a webhook again."""
    return _switch(call, "active")


def _switch(call: Call, status: str) -> Response:
    row = _one(call)
    row.update(status=status, enabled=status == "active", updated_at=present())
    return JSONResponse(_shown(row))


ALL, ONE = f"{COMPANY}/webhook_endpoints", f"{COMPANY}/webhook_endpoint/{{id}}"
ENDPOINTS = (
    Endpoint("GET", ALL, find, "getWebhooksError"),
    Endpoint("POST", ALL, create, "createWebhookError"),
    Endpoint("GET", ONE, read, "getWebhookError"),
    Endpoint("PUT", ONE, update, "updateWebhookError"),
    Endpoint("DELETE", ONE, delete, "deleteWebhookError"),
    Endpoint("POST", f"{ONE}/pause", pause, "updateWebhookError"),
    Endpoint("POST", f"{ONE}/resume", resume, "updateWebhookError"),
)
