"""A pretend Ashby: RPC over POST, JSON bodies read strictly, and most errors inside an answer of HTTP 200.

Written from Ashby's reference and guides alone (developers.ashbyhq.com). What they leave open is marked `inferred`,
and decided on the strict side.
"""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from starlette.responses import JSONResponse, Response

from polyhire.simulators.company import Company
from polyhire.simulators.files import SignedFiles
from polyhire.simulators.guards import basic_credentials
from polyhire.simulators.kit import Ask, Handler, Refusal, Route, Simulator, World
from polyhire.simulators.limits import RateWindow

from .simulation import applications, candidates, files, interviews, jobs, offers, organization, seed
from .simulation.bodies import Body
from .simulation.calls import Call, Linked, Page, read
from .simulation.records import Records

API_KEY = "ashby-sandbox-key-meridian-workshop"
READ_ONLY_KEY = "ashby-sandbox-key-read-only"
MODULES = (
    "candidates",
    "jobs",
    "interviews",
    "offers",
    "hiringProcessMetadata",
    "organization",
)
READING = ("apiKeysRead", *(f"{module}Read" for module in MODULES))
SCOPES = {API_KEY: (*READING, *(f"{module}Write" for module in MODULES)), READ_ONLY_KEY: READING}
FILE_LIFETIME = 300
# What the answers that are not 200 say; the words of 401, 403 and 404 are inferred.
WORDS = {
    401: "unauthorized",
    403: "missing_endpoint_permission",
    404: "not_found",
    429: "Rate limit exceeded",
}


def simulator(company: Company) -> Simulator:
    """Make a pretend Ashby for this company; the account's one answer is its API key."""
    seeded = seed.rows(company)
    return Simulator("ashby", {"api_key": API_KEY}, lambda: _world(Records(seeded)))


def _world(records: Records) -> World:
    signed = SignedFiles(lambda file_id: files.stored(records, file_id), lifetime=FILE_LIFETIME)
    calls = (
        Call("apiKey.info", "apiKeysRead", Body, _key_info),
        *candidates.CALLS,
        *files.calls(signed),
        *applications.CALLS,
        *organization.CALLS,
        *jobs.CALLS,
        *interviews.CALLS,
        *offers.CALLS,
    )
    # inferred: the sheet takes 1000 a minute for each key as a soft limit
    window = RateWindow(1000, 60)
    return World(
        routes=[*_routes(records, calls), signed.route, _uploads(records)],
        guard=lambda ask: _guard(ask, window),
        refuse=_refuse,
    )


def _guard(ask: Ask, window: RateWindow) -> None:
    given = basic_credentials(ask)
    if given is None or given[0] not in SCOPES or given[1]:
        raise Refusal(401, "The API key is not valid")
    allowance = window.take(given[0])
    if ask.rate_limits and allowance.refused:
        raise Refusal(429, "Rate limit exceeded")


def _refuse(ask: Ask, refusal: Refusal) -> Response:
    # inferred: an endpoint answers to POST alone, and to nothing else is there one
    status = 404 if refusal.status == 405 else refusal.status
    code = refusal.code or WORDS.get(status, "internal_server_error")
    answer: dict[str, Any] = {"success": False, "errors": [code]}
    if status == 200:
        answer["errorInfo"] = {"code": code, "message": refusal.message, "requestId": str(uuid4())}
    return JSONResponse(answer, status)


def _routes(records: Records, calls: Iterable[Call]) -> list[Route]:
    return [Route("POST", f"/{call.name}", _handler(records, call)) for call in calls]


def _handler(records: Records, call: Call) -> Handler:
    def answer(ask: Ask) -> Response:
        if call.scope not in SCOPES[_key(ask)]:
            raise Refusal(403, f"The API key lacks {call.scope}")
        answered = call.answer(records, read(ask, call))
        return JSONResponse({"success": True, **_envelope(answered, ask)})

    return answer


def _envelope(answered: Any, ask: Ask) -> dict[str, Any]:
    match answered:
        case Page(results, next_cursor, sync_token):
            tokens = {"nextCursor": next_cursor, "syncToken": sync_token}
            shown = {key: value for key, value in tokens.items() if value}
            return {"results": results, "moreDataAvailable": bool(next_cursor), **shown}
        case Linked(results):
            return {"results": results(ask)}
        case _:
            return {"results": answered}


def _key(ask: Ask) -> str:
    given = basic_credentials(ask)
    assert given is not None
    return given[0]


def _key_info(records: Records, body: Body) -> Linked:
    def described(ask: Ask) -> dict[str, Any]:
        key = _key(ask)
        title = "Sandbox" if key == API_KEY else "Sandbox, read only"
        return {"title": title, "createdAt": "2024-01-08T09:00:00.000Z", "scopes": list(SCOPES[key])}

    return Linked(described)


def _uploads(records: Records) -> Route:
    return Route("PUT", "/_uploads/{id}", lambda ask: files.take_upload(records, ask), open=True)
