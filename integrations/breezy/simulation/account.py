"""What belongs to the user who asks, or to a whole company."""

from starlette.responses import JSONResponse, Response

from polyhire.simulators.tables import Row

from . import shapes
from .calls import COMPANY, Call, Endpoint
from .seed_workplace import CATEGORIES


def companies(call: Call) -> Response:
    """List the companies of who asks."""
    return JSONResponse(call.server.access.companies(call.user))


def company(call: Call) -> Response:
    """Give one company."""
    return JSONResponse(call.company())


def user(call: Call) -> Response:
    """Give who asks."""
    return JSONResponse(shapes.user(call.user))


def details(call: Call) -> Response:
    """Give who asks, and the companies. inferred: how these are shown."""
    mine = call.server.access.companies(call.user)
    shown = [{**{key: each[key] for key in ("_id", "name", "friendly_id")}, "role": call.user["role"]} for each in mine]
    return JSONResponse({**shapes.user(call.user), "companies": shown})


def _all(kind: str, call: Call) -> list[Row]:
    return [shapes.plain(kind, each) for each in call.breezy.of(kind, call.company()["_id"])]


def departments(call: Call) -> Response:
    """List the departments."""
    return JSONResponse(_all("department", call))


def categories(call: Call) -> Response:
    """List the categories of positions, which are Breezy's own."""
    return JSONResponse(CATEGORIES)


def templates(call: Call) -> Response:
    """List the templates of messages."""
    return JSONResponse(_all("template", call))


def candidate_attributes(call: Call) -> Response:
    """List the custom attributes of candidates."""
    return _attributes(call, "candidate")


def position_attributes(call: Call) -> Response:
    """List the custom attributes of positions."""
    return _attributes(call, "position")


def _attributes(call: Call, of: str) -> Response:
    found = [each for each in _all("custom attribute", call) if each.pop("of") == of]
    return JSONResponse(found)


def questionnaires(call: Call) -> Response:
    """List the questionnaires."""
    return JSONResponse(_all("questionnaire", call))


def questionnaire(call: Call) -> Response:
    """Give one questionnaire."""
    return _one("questionnaire", call)


def pipelines(call: Call) -> Response:
    """Give the pipelines as an object: the default under that name, each other under its id."""
    found = _all("pipeline", call)
    return JSONResponse({"default" if each["type"] == "default" else each["_id"]: each for each in found})


def pipeline(call: Call) -> Response:
    """Give one pipeline."""
    return _one("pipeline", call)


def _one(kind: str, call: Call) -> Response:
    return JSONResponse(shapes.plain(kind, call.breezy.get(kind, call.value("id"), call.company()["_id"])))


ENDPOINTS = (
    Endpoint("GET", "/companies", companies, "getCompaniesError"),
    Endpoint("GET", COMPANY, company, "getCompanyError"),
    Endpoint("GET", "/user", user, "getUserError"),
    Endpoint("GET", "/user/details", details, "getUserError"),
    Endpoint("GET", f"{COMPANY}/departments", departments, "getDepartmentsError"),
    Endpoint("GET", f"{COMPANY}/categories", categories, "getCategoriesError"),
    Endpoint("GET", f"{COMPANY}/templates", templates, "getTemplatesError"),
    Endpoint("GET", f"{COMPANY}/custom-attributes/candidate", candidate_attributes, "getCustomAttributesError"),
    Endpoint("GET", f"{COMPANY}/custom-attributes/position", position_attributes, "getCustomAttributesError"),
    Endpoint("GET", f"{COMPANY}/questionnaires", questionnaires, "getQuestionnairesError"),
    Endpoint("GET", f"{COMPANY}/questionnaires/{{id}}", questionnaire, "getQuestionnaireError"),
    Endpoint("GET", f"{COMPANY}/pipelines", pipelines, "getPipelinesError"),
    Endpoint("GET", f"{COMPANY}/pipeline/{{id}}", pipeline, "getPipelineError"),
)
