"""/log: who did what in this environment."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from polyhire.accounts.audit import Entry
from polyhire.api.answers import json_answer
from polyhire.api.caller import authenticate, gateway_of
from polyhire.api.lists import Filter, envelope, read_wanted

FILTERS = {
    "actor": Filter("actor"),
    "actor_id": Filter("actor_id"),
    "action": Filter("action"),
    "subject_id": Filter("subject_id"),
    "created_at": Filter("created_at", "moment"),
}


async def list_entries(request: Request) -> Response:
    """The trail, newest first."""
    caller = await authenticate(request, "admin")
    wanted = read_wanted(request, FILTERS)
    found = await gateway_of(request).store.audit.list(
        caller.environment_id, wanted.conditions, limit=wanted.limit + 1, after=wanted.after
    )
    return json_answer(envelope(found, wanted, shown))


ROUTES = [Route("/log", list_entries)]


def shown(entry: Entry) -> dict[str, Any]:
    """An entry as callers see it."""
    return {
        "id": entry.id,
        "created_at": entry.created_at,
        "actor": entry.actor,
        "actor_id": entry.actor_id,
        "action": entry.action,
        "subject_id": entry.subject_id,
        "fields": entry.fields,
    }
