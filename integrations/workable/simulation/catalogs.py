"""Short lists that nobody changes through the API: external recruiters, custom attributes, permissions, entities."""

from collections.abc import Callable, Sequence

from starlette.responses import JSONResponse, Response

from polyhire.simulators.tables import Row

from .calls import Call, Endpoint

# inferred: the shapes of all of these
RECRUITERS: tuple[Row, ...] = (
    {
        "id": "1f00a1",
        "key": "talentwave-7c1d",
        "name": "Talentwave Agency",
        "email": "desk@talentwave.example",
    },
    {"id": "1f00b2", "key": "heron-52ab", "name": "Heron Search", "email": "hello@heron.example"},
)
ATTRIBUTES: tuple[Row, ...] = (
    {"id": "2a0011", "key": "notice_period", "label": "Notice period", "type": "text", "entity": "candidate"},
    {"id": "2a0022", "key": "desired_salary", "label": "Desired salary", "type": "numeric", "entity": "candidate"},
    {"id": "2a0033", "key": "cost_centre", "label": "Cost centre", "type": "text", "entity": "job"},
)
PERMISSION_SETS: tuple[Row, ...] = (
    {"id": "2b0011", "name": "Recruiting admin"},
    {"id": "2b0022", "name": "Standard member"},
    {"id": "2b0033", "name": "Reviewer"},
)
LEGAL_ENTITIES: tuple[Row, ...] = (
    {"id": "2c0011", "name": "Meridian Workshop Lda", "country_code": "PT"},
    {"id": "2c0022", "name": "Meridian Workshop Inc.", "country_code": "US"},
)


def _given(name: str, rows: Sequence[Row]) -> Callable[[Call], Response]:
    return lambda call: JSONResponse({name: list(rows)})


def of_job(call: Call) -> Response:
    """List the external recruiters of a job: the first alone works on jobs that are not confidential."""
    return JSONResponse({"recruiters": [] if call.job()["confidential"] else list(RECRUITERS[:1])})


def attributes_of_job(call: Call) -> Response:
    """List the custom attributes of a job."""
    call.job()
    return JSONResponse({"custom_attributes": [each for each in ATTRIBUTES if each["entity"] == "candidate"]})


JOBS, STAFF = ("r_jobs",), ("r_employees",)
ENDPOINTS = (
    Endpoint("GET", "/recruiters", JOBS, _given("recruiters", RECRUITERS)),
    Endpoint("GET", "/jobs/{shortcode}/recruiters", JOBS, of_job),
    Endpoint("GET", "/custom_attributes", JOBS, _given("custom_attributes", ATTRIBUTES)),
    Endpoint("GET", "/jobs/{shortcode}/custom_attributes", JOBS, attributes_of_job),
    Endpoint("GET", "/permission_sets", STAFF, _given("permission_sets", PERMISSION_SETS)),
    Endpoint("GET", "/legal_entities", STAFF, _given("legal_entities", LEGAL_ENTITIES)),
)
