"""Single entries of a candidate's profile: where they worked and learned, and custom attributes.

inferred: the paths. An entry replaces the one of the same company, school or name.
"""

from functools import partial

from starlette.responses import JSONResponse, Response

from polyhire.simulators import bodies
from polyhire.simulators.bodies import filled, nullable, shape, text

from . import shapes
from .calls import CANDIDATE, Call, Endpoint
from .state import touch

SPAN = dict.fromkeys(("start_year", "end_year"), nullable(bodies.integer))
MONTHS = dict.fromkeys(("start_month", "end_month"), nullable(bodies.integer))
WORK = {"company_name": filled, "title": nullable(text), "summary": nullable(text), **SPAN, **MONTHS}
EDUCATION = {"school_name": filled, "field_of_study": nullable(text), **SPAN}
CUSTOM_ATTRIBUTE = {"name": filled, "value": text}
KINDS = {
    "work-history": ("work_history", "company_name", shape(WORK, required=["company_name"])),
    "education": ("education", "school_name", shape(EDUCATION, required=["school_name"])),
    "custom-attribute": ("custom_attributes", "name", shape(CUSTOM_ATTRIBUTE, required=["name", "value"])),
}


def put(kind: str, call: Call) -> Response:
    """Add an entry in front, or put it where the one with the same key is. inferred: the answer is the candidate."""
    field, key, check = KINDS[kind]
    row, entry = call.candidate(), call.body(check)
    kept = list(row[field])
    place = next((number for number, each in enumerate(kept) if each[key] == entry[key]), None)
    if place is None:
        kept.insert(0, entry)
    else:
        kept[place] = entry
    return JSONResponse(shapes.full(call.breezy, call.ask, touch(row, **{field: kept})))


ENDPOINTS = tuple(
    Endpoint(method, f"{CANDIDATE}/{kind}", partial(put, kind), "updateCandidateError")
    for kind in KINDS
    for method in ("POST", "PUT")
)
