"""Users, and the categories that applicants are put into."""

from polyhire.simulators import bodies, guards
from polyhire.simulators.kit import Ask
from polyhire.simulators.tables import Row, now

from .identifiers import day
from .resources import Filter, Resource, Values, bare, equal, keep, read_body, readings, refer
from .state import Jazz, unfit

TYPES = ("Administrator", "Manager", "User", "Recruiter", "Employee", "Deactivated", "Deleted")
# inferred: what a category can be
STATUSES = ("Active", "Inactive")


def _named(row: Row, value: str) -> bool:
    # inferred: a part of the whole name is enough
    return value.casefold() in f"{row['first_name']} {row['last_name']}".casefold()


USER_FILTERS = {
    "name": Filter(guards.text, _named),
    "email": equal("email"),
    "type": equal("type", guards.one_of(*TYPES)),
}
CATEGORY_FILTERS = {"name": equal("name"), "status": equal("status", guards.one_of(*STATUSES))}


def users(jazz: Jazz, values: Values) -> list[Row]:
    """Give the users that fit, even those who have left."""
    return keep(USER_FILTERS, jazz.rows("user"), values)


def user(jazz: Jazz, ask: Ask, row_id: str) -> Row | None:
    """Give a user with what they did; inferred: in the shape of the log."""
    row = jazz.find("user", row_id)
    if row is None:
        return None
    return {**row, "user_activity": bare([each for each in jazz.rows("activity") if each["user_id"] == row_id])}


def categories(jazz: Jazz, values: Values) -> list[Row]:
    """Give the categories that fit."""
    return keep(CATEGORY_FILTERS, jazz.rows("category"), values)


def create(jazz: Jazz, ask: Ask) -> Row:
    """Keep a new category; inferred: its name is new, and it is active unless said otherwise."""
    body = read_body(ask, {"name": bodies.text, "status": bodies.choice(*STATUSES)}, ["name"])
    if keep(CATEGORY_FILTERS, jazz.rows("category"), {"name": body["name"]}):
        raise unfit("name", "is a category already")
    status = body.get("status", "Active")
    # inferred: by nobody, as a key is nobody's
    row = {"name": body["name"], "status": status, "created_by": "", "date_created": day(now())}
    return {"category_id": jazz.add("category", row)["id"]}


def put(jazz: Jazz, ask: Ask) -> Row:
    """Put an applicant into a category; inferred: only once."""
    names = ("applicant_id", "category_id")
    body = read_body(ask, dict.fromkeys(names, bodies.text), names)
    applicant, category = refer(jazz, "applicant", body, names[0]), refer(jazz, "category", body, names[1])
    if any(each["category_id"] == category["id"] for each in jazz.of("category link", applicant["id"])):
        raise unfit("category_id", "is a category of the applicant already")
    made = jazz.add("category link", {"applicant_id": applicant["id"], "category_id": category["id"]})
    return {"pro2cat_id": made["id"]}


USERS = Resource("users", users, readings(USER_FILTERS), one=user)
CATEGORIES = Resource(
    "categories",
    categories,
    readings(CATEGORY_FILTERS),
    one=lambda jazz, ask, row_id: jazz.find("category", row_id),
    create=create,
)
# inferred: the keys of these links
CATEGORY_LINKS = Resource("categories2applicants", lambda jazz, values: jazz.rows("category link"), create=put)
