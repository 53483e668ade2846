"""What clients do to departments, offices, users and jobs."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

from polyhire.simulators import bodies
from polyhire.simulators.bodies import Check, filled, items, nullable, read_json, shape
from polyhire.simulators.kit import Ask
from polyhire.simulators.tables import Row

from .custom_fields import CUSTOM_FIELDS, written
from .state import Harvest, unprocessable

DEPARTMENT: Mapping[str, Check] = {
    "name": filled,
    "parent_id": nullable(bodies.integer),
    "external_id": nullable(bodies.text),
}
OFFICE: Mapping[str, Check] = {
    **DEPARTMENT,
    "location": nullable(bodies.text),
    "primary_in_house_contact_user_id": nullable(bodies.integer),
}
USER: Mapping[str, Check] = {
    "first_name": filled,
    "last_name": filled,
    "employee_id": nullable(bodies.text),
    "office_ids": items(bodies.integer),
    "department_ids": items(bodies.integer),
}
JOB: Mapping[str, Check] = {
    "name": filled,
    "requisition_id": nullable(bodies.text),
    "department_id": nullable(bodies.integer),
    "office_ids": items(bodies.integer),
    "custom_fields": CUSTOM_FIELDS,
}


def create_department(harvest: Harvest, ask: Ask) -> Response:
    """Make a department."""
    body = read_json(ask, shape(DEPARTMENT, required=["name"]))
    harvest.refer("departments", body, "parent_id")
    return JSONResponse(harvest.insert("departments", dict.fromkeys(DEPARTMENT) | body), 201)


def update_department(harvest: Harvest, ask: Ask) -> Response:
    """Change a department."""
    department = harvest.row("departments", ask.values["id"])
    body = read_json(ask, shape(DEPARTMENT))
    harvest.refer("departments", body, "parent_id")
    return JSONResponse(harvest.change(department, body))


def create_office(harvest: Harvest, ask: Ask) -> Response:
    """Make an office."""
    body = read_json(ask, shape(OFFICE, required=["name"]))
    _check_office(harvest, body)
    return JSONResponse(harvest.insert("offices", dict.fromkeys(OFFICE) | body), 201)


def update_office(harvest: Harvest, ask: Ask) -> Response:
    """Change an office."""
    office = harvest.row("offices", ask.values["id"])
    body = read_json(ask, shape(OFFICE))
    _check_office(harvest, body)
    return JSONResponse(harvest.change(office, body))


def _check_office(harvest: Harvest, body: Row) -> None:
    harvest.refer("offices", body, "parent_id")
    harvest.refer("users", body, "primary_in_house_contact_user_id")


def create_users(harvest: Harvest, ask: Ask) -> Response:
    """Make users. inferred: all or none, under `users`, with v1's keys; 201 with the rows."""
    known = shape(
        {**USER, "email": filled, "send_email_invite": bodies.boolean},
        required=["first_name", "last_name", "email"],
    )
    body = read_json(ask, shape({"users": items(known, least=1)}, required=["users"]))
    taken = {each["primary_email"].lower() for each in harvest.users}
    for index, each in enumerate(body["users"]):
        if each["email"].lower() in taken:
            raise unprocessable(f"users[{index}].email", "has already been taken")
        taken.add(each["email"].lower())
        _check_places(harvest, each)
    return JSONResponse([harvest.insert("users", _user(each)) for each in body["users"]], 201)


def _user(given: Row) -> Row:
    return {
        "first_name": given["first_name"],
        "last_name": given["last_name"],
        "name": f"{given['first_name']} {given['last_name']}",
        "primary_email": given["email"],
        "emails": [given["email"]],
        "job_title": None,
        "deactivated": False,
        "site_admin": False,
        "employee_id": given.get("employee_id"),
        "office_ids": given.get("office_ids", []),
        "department_ids": given.get("department_ids", []),
        "agency_id": None,
    }


def update_user(harvest: Harvest, ask: Ask) -> Response:
    """Change a user's name and places."""
    user = harvest.row("users", ask.values["id"])
    body = read_json(ask, shape(USER))
    _check_places(harvest, body)
    harvest.change(user, body)
    return JSONResponse(harvest.change(user, {"name": f"{user['first_name']} {user['last_name']}"}))


def deactivate_users(harvest: Harvest, ask: Ask) -> Response:
    """Take users' access away."""
    return _switch(harvest, ask, deactivated=True)


def activate_users(harvest: Harvest, ask: Ask) -> Response:
    """Give users their access back."""
    return _switch(harvest, ask, deactivated=False)


def _switch(harvest: Harvest, ask: Ask, *, deactivated: bool) -> Response:
    # inferred: the key; 200 with the rows
    body = read_json(ask, shape({"user_ids": items(bodies.integer, least=1)}, required=["user_ids"]))
    users = [harvest.refer("users", {"user_ids": each}, "user_ids") for each in body["user_ids"]]
    return JSONResponse([harvest.change(user, {"deactivated": deactivated}) for user in users if user])


def _check_places(harvest: Harvest, body: Mapping[str, Any]) -> None:
    for kind, key in (("offices", "office_ids"), ("departments", "department_ids")):
        for each in body.get(key, ()):
            harvest.refer(kind, {key: each}, key)


def create_job(harvest: Harvest, ask: Ask) -> Response:
    """Make a job with its stages and openings from a template. inferred: a draft, and 201 with the row."""
    known = {"template_job_id": bodies.integer, "number_of_openings": bodies.integer, **JOB}
    body = read_json(ask, shape(known, required=["template_job_id", "number_of_openings"]))
    template = harvest.refer("jobs", body, "template_job_id")
    _check_job(harvest, body)
    if template is None or not template["is_template"]:
        raise unprocessable("template_job_id", "is not a template")
    if not 1 <= body["number_of_openings"] <= 100:
        raise unprocessable("number_of_openings", "must be between 1 and 100")
    copied = {key: template[key] for key in template if key not in ("id", "created_at", "updated_at")}
    plain = {key: body[key] for key in JOB if key in body and key != "custom_fields"}
    fields = written(template, body.get("custom_fields", ()))
    own = {"is_template": False, "copied_from_id": template["id"], "custom_fields": fields}
    job = harvest.insert("jobs", {**copied, **plain, **own})
    for stage in harvest["job_interview_stages"].find(job_id=template["id"]):
        kept = {key: stage[key] for key in ("sort_order", "name", "active")}
        harvest.insert("job_interview_stages", {"job_id": job["id"], **kept})
    for _ in range(body["number_of_openings"]):
        harvest.insert("openings", {"job_id": job["id"], "open": True})
    return JSONResponse(job, 201)


def update_job(harvest: Harvest, ask: Ask) -> Response:
    """Change what a job is called and where it belongs."""
    job = harvest.row("jobs", ask.values["id"])
    body = read_json(ask, shape({**JOB, "notes": nullable(bodies.text), "confidential": bodies.boolean}))
    _check_job(harvest, body)
    if "custom_fields" in body:
        body["custom_fields"] = written(job, body["custom_fields"])
    return JSONResponse(harvest.change(job, body))


def _check_job(harvest: Harvest, body: Row) -> None:
    harvest.refer("departments", body, "department_id")
    for office in body.get("office_ids", ()):
        harvest.refer("offices", {"office_ids": office}, "office_ids")
