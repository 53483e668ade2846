"""The account itself with its departments and its reasons to disqualify."""

from starlette.responses import JSONResponse, Response

from polyhire.simulators.bodies import filled, items, nullable, shape
from polyhire.simulators.kit import Refusal
from polyhire.simulators.tables import Row

from .calls import Call, Endpoint, done, made
from .state import Workable, unfit


def _account(workable: Workable) -> Row:
    return {
        "id": workable.subdomain.encode().hex()[:8],
        "name": workable.name,
        "subdomain": workable.subdomain,
        "description": "<p>We make things, slowly.</p>",
        "summary": "A workshop.",
        "website_url": f"https://www.{workable.subdomain}.example",
    }


def accounts(call: Call) -> Response:
    """List the accounts that the token opens: one."""
    return JSONResponse({"accounts": [_account(call.workable)]})


def account(call: Call) -> Response:
    """Give the account of a subdomain."""
    if call.value("subdomain") != call.workable.subdomain:
        raise Refusal(404, "Account not found")
    return JSONResponse(_account(call.workable))


def departments(call: Call) -> Response:
    """List all departments, with nothing around them."""
    return JSONResponse(list(call.workable.rows("department")))


def reasons(call: Call) -> Response:
    """List all reasons to disqualify, with nothing around them."""
    return JSONResponse(list(call.workable.rows("reason")))


def create_department(call: Call) -> Response:
    """Add a department, at the top or below another."""
    parent = call.body.get("parent_id")
    if parent is not None:
        call.workable.refer("department", parent, "parent_id")
    row = call.workable.add("department", {"name": call.body["name"], "parent_id": parent, "sample": False})
    return made(row)


def change_departments(call: Call) -> Response:
    """Rename or move departments. inferred: all of this call's body."""
    found = [
        (call.workable.refer("department", each["id"], f"departments[{index}].id"), each)
        for index, each in enumerate(call.body["departments"])
    ]
    for index, (row, each) in enumerate(found):
        parent = each.get("parent_id")
        if parent in _below(call.workable, row):
            raise unfit(f"departments[{index}].parent_id", "is part of the department")
        if parent is not None:
            call.workable.refer("department", parent, f"departments[{index}].parent_id")
    for row, each in found:
        row.update(each)
    return JSONResponse([row for row, _ in found])


def _below(workable: Workable, row: Row) -> list[str]:
    parts = [each for each in workable.rows("department") if each["parent_id"] == row["id"]]
    return [row["id"], *(below for part in parts for below in _below(workable, part))]


def delete_department(call: Call) -> Response:
    """Delete a department; its jobs are then of none."""
    row = call.workable.get("department", call.value("id"))
    # inferred: what has parts stays
    if len(_below(call.workable, row)) > 1:
        raise Refusal(422, "The department has departments")
    _replace(call.workable, row["id"], None)
    return done(204)


def merge_department(call: Call) -> Response:
    """Make a department part of another, in which it vanishes. inferred: the body's key."""
    row = call.workable.get("department", call.value("id"))
    target = call.workable.refer("department", call.body["target_department_id"], "target_department_id")
    if target["id"] in _below(call.workable, row):
        raise unfit("target_department_id", "is part of the department")
    _replace(call.workable, row["id"], target["id"])
    return JSONResponse(target)


def _replace(workable: Workable, gone: str, other: str | None) -> None:
    workable.remove("department", gone)
    for job in workable.rows("job"):
        if job["department"] == gone:
            job["department"] = other
    for each in workable.rows("department"):
        if each["parent_id"] == gone:
            each["parent_id"] = other


NEW = shape({"name": filled, "parent_id": nullable(filled)}, required=["name"])
CHANGED = shape(
    {
        "departments": items(
            shape({"id": filled, "name": filled, "parent_id": nullable(filled)}, required=["id"]), least=1
        )
    },
    required=["departments"],
)
MERGED = shape({"target_department_id": filled}, required=["target_department_id"])
READ, WRITE = ("r_jobs", "r_employees"), ("w_jobs",)
DEPARTMENT = "/departments/{id}"
ENDPOINTS = (
    # inferred: whoever has a token may know whose it is
    Endpoint("GET", "/accounts", (), accounts),
    Endpoint("GET", "/accounts/{subdomain}", (), account),
    Endpoint("GET", "/departments", READ, departments),
    Endpoint("POST", "/departments", WRITE, create_department, body=NEW),
    Endpoint("PUT", "/departments", WRITE, change_departments, body=CHANGED),
    Endpoint("DELETE", DEPARTMENT, WRITE, delete_department),
    Endpoint("POST", f"{DEPARTMENT}/merge", WRITE, merge_department, body=MERGED),
    Endpoint("GET", "/disqualification_reasons", ("r_jobs", "r_candidates"), reasons),
)
