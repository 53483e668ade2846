"""Members: who uses the account, invited, changed, deactivated and enabled again."""

from starlette.responses import JSONResponse, Response

from polyhire.simulators import guards
from polyhire.simulators.bodies import choice, items, shape
from polyhire.simulators.bodies import filled as text
from polyhire.simulators.kit import Refusal
from polyhire.simulators.tables import Row

from .applying import email
from .calls import PAGED, Call, Endpoint, done, made, page
from .shapes import member
from .state import unfit

# inferred: the roles there are beside ats.admin
ROLES = {"ats.admin": "admin", "ats.simple": "simple", "ats.reviewer": "reviewer"}
QUERY = {
    **PAGED,
    "role": guards.one_of(*ROLES.values()),
    "shortcode": guards.text,
    "email": guards.text,
    "name": guards.text,
    "status": guards.one_of("active", "inactive", "all"),
}


def find(call: Call) -> Response:
    """List members; who has left only when asked for. inferred: that, and that names are matched in part."""
    query = call.query
    status = query.get("status", "active")
    job = call.workable.find("job", query["shortcode"]) if "shortcode" in query else None
    team = {each["member"] for each in job["team"]} if job else set()
    kept = (
        row
        for row in call.workable.rows("member")
        if status in ("all", "active" if row["active"] else "inactive")
        and query.get("role") in (None, row["role"])
        and ("shortcode" not in query or row["id"] in team)
        and query.get("email", row["email"]).lower() == row["email"].lower()
        and query.get("name", "").lower() in row["name"].lower()
    )
    return page(call, "members", kept, member)


def invite(call: Call) -> Response:
    """Invite somebody, who is inactive until they come. inferred: the answer."""
    call.actor()
    address: str = call.body["email"]
    if any(row["email"].lower() == address.lower() for row in call.workable.rows("member")):
        raise unfit("email", "is a member's already")
    row = call.workable.add(
        "member",
        {
            "name": address.partition("@")[0],
            "headline": None,
            "email": address,
            "type": "standard",
            "hris_role": "employee",
            "active": False,
            "collaboration_rules": [],
            **_roles(call.body["roles"]),
        },
    )
    return made(member(row))


def _roles(roles: list[str]) -> Row:
    return {"roles": roles, "role": ROLES[roles[0]]}


def change(call: Call) -> Response:
    """Change the roles of a member. inferred: all of this call's body."""
    call.actor()
    row = call.workable.refer("member", call.body["id"], "id")
    row.update(_roles(call.body["roles"]))
    return JSONResponse(member(row))


def deactivate(call: Call) -> Response:
    """Deactivate a member."""
    _switch(call, active=False)
    return done(204)


def enable(call: Call) -> Response:
    """Let a member in again."""
    return JSONResponse(member(_switch(call, active=True)))


def _switch(call: Call, *, active: bool) -> Row:
    row = call.workable.get("member", call.value("id"))
    if row["active"] is active:
        raise Refusal(422, f"The member is {'active' if active else 'inactive'} already")
    row["active"] = active
    return row


TITLES = items(choice(*ROLES), least=1)
INVITED = shape({"email": email, "roles": TITLES, "member_id": text}, required=["email", "roles", "member_id"])
CHANGED = shape({"id": text, "roles": TITLES, "member_id": text}, required=["id", "roles", "member_id"])
# inferred: the scopes; recruiting is done by members, so r_jobs will do
READ, WRITE = ("r_jobs", "r_employees"), ("w_employees",)
ENDPOINTS = (
    Endpoint("GET", "/members", READ, find, QUERY),
    Endpoint("POST", "/members/invite", WRITE, invite, body=INVITED),
    Endpoint("PUT", "/members", WRITE, change, body=CHANGED),
    Endpoint("DELETE", "/members/{id}", WRITE, deactivate),
    Endpoint("POST", "/members/{id}/enable", WRITE, enable),
)
