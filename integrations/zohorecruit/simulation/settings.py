"""What an account says of itself: its modules, fields, users and organization."""

from collections.abc import Callable, Mapping

from starlette.responses import JSONResponse, Response

from polyhire.simulators import guards
from polyhire.simulators.guards import read_query
from polyhire.simulators.kit import Ask
from polyhire.simulators.tables import Row

from .answers import not_found, page_answer
from .identifiers import identifier
from .lists import PAGING, SIZE
from .schema import described_field, described_module
from .state import Org

ADMIN = "Administrator"
TYPES: Mapping[str, Callable[[Org, Row], bool]] = {
    "AllUsers": lambda org, row: row["status"] != "deleted",
    "ActiveUsers": lambda org, row: row["status"] == "active",
    "DeactiveUsers": lambda org, row: row["status"] == "inactive",
    "ConfirmedUsers": lambda org, row: bool(row["confirm"]),
    "NotConfirmedUsers": lambda org, row: not row["confirm"],
    "DeletedUsers": lambda org, row: row["status"] == "deleted",
    "ActiveConfirmedUsers": lambda org, row: row["status"] == "active" and row["confirm"],
    "AdminUsers": lambda org, row: row["profile"]["name"] == ADMIN,
    "ActiveConfirmedAdmins": lambda org, row: (
        row["status"] == "active" and row["confirm"] and row["profile"]["name"] == ADMIN
    ),
    "CurrentUser": lambda org, row: row["id"] == org.actor,
}


def list_users(org: Org, ask: Ask) -> Response:
    """Answer one page of the users of a type. inferred: without a type, of all."""
    query = read_query(ask, {**PAGING, "type": guards.one_of(*TYPES)})
    keeps = TYPES[query.get("type", "AllUsers")]
    rows = [row for row in org.users if keeps(org, row)]
    page, size = query.get("page", 1), query.get("per_page", SIZE)
    start = (page - 1) * size
    return page_answer(rows[start : start + size], page, size, more=start + size < len(rows), key="users")


def get_user(org: Org, ask: Ask) -> Response:
    """Answer one user. inferred: the shape."""
    read_query(ask, {})
    row = org.get("users", ask.values["id"])
    if row is None:
        raise not_found()
    return JSONResponse({"users": [row]})


def list_modules(org: Org, ask: Ask) -> Response:
    """Answer which modules this kind of account has."""
    read_query(ask, {})
    return JSONResponse({"modules": [described_module(each) for each in org.modules.values()]})


def list_fields(org: Org, ask: Ask) -> Response:
    """Answer the fields of a module, with the values of its pick lists."""
    query = read_query(ask, {"module": guards.text}, required=["module"])
    module = org.module(query["module"])
    shown = [described_field(module, each, position) for position, each in enumerate(module.fields)]
    return JSONResponse({"fields": shown})


def get_org(org: Org, ask: Ask) -> Response:
    """Answer the organization. inferred: the address and the shape."""
    read_query(ask, {})
    shown = {"id": identifier(0, 1), "company_name": org.name, "time_zone": "Asia/Kolkata", "currency_symbol": "€"}
    return JSONResponse({"org": [shown]})
