"""The log, notes, tasks and answered questionnaires; of these only notes can be made."""

from polyhire.simulators import bodies
from polyhire.simulators.kit import Ask
from polyhire.simulators.tables import Row, now

from .identifiers import clock, day
from .resources import Resource, Values, equal, keep, read_body, readings, refer
from .state import Jazz, shown

ANONYMOUS = "usr_anonymous"
# inferred: only the one value that is known
NOTE = {
    **dict.fromkeys(("applicant_id", "contents", "user_id"), bodies.text),
    "security": bodies.choice(1, "1"),
}
LOG_FILTERS = {name: equal(name) for name in ("user_id", "team_id", "object_id", "category")}
ANSWER_FILTERS = {"applicant_id": equal("applicant_id")}


def log(jazz: Jazz, values: Values) -> list[Row]:
    """Give what fits of the log."""
    return keep(LOG_FILTERS, jazz.rows("activity"), values)


def note(jazz: Jazz, ask: Ask) -> Row:
    """Keep a comment; inferred: it says something, and is anonymous when nobody is named."""
    body = read_body(ask, NOTE, ["applicant_id", "contents"])
    applicant, moment = refer(jazz, "applicant", body, "applicant_id"), now()
    author, name = ANONYMOUS, "Anonymous"
    if body.get("user_id", ANONYMOUS) != ANONYMOUS:
        user = refer(jazz, "user", body, "user_id")
        author, name = user["id"], f"{user['first_name']} {user['last_name']}"
    said = {"author_id": author, "author_name": name, "text": body["contents"]}
    when = {"date": day(moment), "time": clock(moment)}
    return {"comment_id": jazz.add("comment", {**said, **when, "applicant_id": applicant["id"]})["id"]}


def answers(jazz: Jazz, values: Values) -> list[Row]:
    """Give answered questionnaires."""
    return [shown(row) for row in keep(ANSWER_FILTERS, jazz.rows("answer"), values)]


ACTIVITIES = Resource(
    "activities", log, readings(LOG_FILTERS), one=lambda jazz, ask, row_id: jazz.find("activity", row_id)
)
ANSWERS = Resource("questionnaire_answers", answers, readings(ANSWER_FILTERS))
# inferred: nobody is a contact yet, as what a contact looks like is not known
CONTACTS = Resource("contacts", lambda jazz, values: [])
TASKS = Resource("tasks", lambda jazz, values: jazz.rows("task"))
