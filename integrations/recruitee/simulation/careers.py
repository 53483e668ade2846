"""The public careers site: published jobs with their forms, and applying for one, for whoever comes."""

from typing import Any
from urllib.parse import parse_qsl

from starlette.responses import JSONResponse, Response

from polyhire.simulators.bodies import Check, anything, filled, integer, items, nullable, read_json, shape, text
from polyhire.simulators.company import Document
from polyhire.simulators.guards import read_query
from polyhire.simulators.kit import Ask, Problem, Refusal, Route
from polyhire.simulators.tables import Row, iso, now

from .candidates import email, web_address
from .files import fetch_later
from .state import Recruitee, missing

PREFIX = "candidate["
ANSWERS = "open_question_answers_attributes"
ANSWER = shape({"open_question_id": integer, "content": nullable(text)}, required=["open_question_id"])
APPLICANT: dict[str, Check] = {
    "name": filled,
    "email": email,
    "phone": nullable(text),
    "cover_letter": nullable(text),
    "remote_cv_url": web_address,
    ANSWERS: items(ANSWER),
}


def _offer(state: Recruitee, row: Row) -> Row:
    department = state.find("department", row["department_id"])
    site = f"https://{state.subdomain}.recruitee.com"
    kept = ("id", "guid", "slug", "title", "description", "requirements", "remote", "min_hours", "max_hours")
    return {
        **{key: row[key] for key in kept},
        "department": department["name"] if department else None,
        "employment_type_code": row["employment_type"],
        "careers_url": f"{site}/o/{row['slug']}",
        "careers_apply_url": f"{site}/o/{row['slug']}/c/new",
        **{key: row[key] for key in ("created_at", "published_at")},
        "open_questions": [{**each, "position": turn} for turn, each in enumerate(row["questions"], start=1)],
    }


class Careers:
    """The careers site of a company."""

    def __init__(self, state: Recruitee) -> None:
        self._state = state

    def routes(self) -> list[Route]:
        """Give the open routes, which are on another host than the API."""
        one = "/api/offers/{slug}"
        return [
            Route("GET", "/api/offers", self.find, open=True),
            Route("GET", "/api/offers/", self.find, open=True),
            Route("GET", one, self.read, open=True),
            Route("POST", f"{one}/candidates", self.apply, open=True),
        ]

    def find(self, ask: Ask) -> Response:
        """List the jobs that are published."""
        read_query(ask, {})
        return JSONResponse({"offers": [_offer(self._state, each) for each in self._published()]})

    def _published(self) -> list[Row]:
        rows = self._state.rows("offer")
        return [each for each in rows if each["status"] == "published" and each["kind"] == "job"]

    def _named(self, ask: Ask) -> Row:
        wanted = str(ask.values["slug"])
        # inferred: the id is as good as the slug
        found = [each for each in self._published() if wanted in (each["slug"], str(each["id"]))]
        if not found:
            raise missing("offer")
        return found[0]

    def read(self, ask: Ask) -> Response:
        """Give one published job."""
        read_query(ask, {})
        return JSONResponse({"offer": _offer(self._state, self._named(ask))})

    def apply(self, ask: Ask) -> Response:
        """Apply for a job: 201, or 422 for what is missing or does not fit."""
        offer, state = self._named(ask), self._state
        given = _given(ask)
        problems = shape(APPLICANT, required=["name", "email"])(given, "")
        problems = problems or _unanswered(offer, given.get(ANSWERS, []))
        if problems:
            raise Refusal(422, "Invalid", problems=problems)
        row = state.add("candidate", _candidate(given, offer))
        if "remote_cv_url" in given:
            fetch_later(state.documents, f"cv-{row['id']}", given["remote_cv_url"])
        stage = state.of("stage", "template_id", offer["template_id"])[0]
        blank: dict[str, Any] = dict.fromkeys(("hired_at", "disqualified_at", "disqualify_reason"))
        placed = {"candidate_id": row["id"], "offer_id": offer["id"], "stage_id": stage["id"], "position": row["id"]}
        state.add("placement", {**placed, **blank})
        state.note_down("new_candidate", None, candidate_id=row["id"], offer_id=offer["id"])
        return JSONResponse({"candidate": {key: row[key] for key in ("id", "name", "emails", "phones")}}, 201)


def _candidate(given: Row, offer: Row) -> Row:
    asked = {each["id"]: each for each in offer["questions"]}
    answered = [
        {
            "id": each["open_question_id"],
            "offer_id": offer["id"],
            "question": asked[each["open_question_id"]]["body"],
            "content": each.get("content"),
            "kind": asked[each["open_question_id"]]["kind"],
        }
        for each in given.get(ANSWERS, [])
    ]
    return {
        "name": given["name"],
        "emails": [given["email"]],
        "phones": [given["phone"]] if given.get("phone") else [],
        **dict.fromkeys(("admin_id", "last_message_at", "referrer")),
        "cover_letter": given.get("cover_letter"),
        "source": "career_site",
        "sources": ["Careers page"],
        **{key: [] for key in ("social_links", "links", "tag_ids", "fields")},
        "answers": answered,
        "viewed": False,
        "last_activity_at": iso(now()),
    }


def _unanswered(offer: Row, answers: list[Row]) -> list[Problem]:
    """Find what the form misses. inferred: files are not asked for here, as answers are text."""
    asked = {each["id"]: each for each in offer["questions"]}
    filled_in = {each["open_question_id"] for each in answers if each.get("content")}
    unknown = [each["open_question_id"] for each in answers if each["open_question_id"] not in asked]
    required = [key for key, each in asked.items() if each["required"] and each["kind"] != "file"]
    problems = [Problem(ANSWERS, f"has no question {each}") for each in unknown]
    return problems + [Problem(ANSWERS, f"must answer {each}") for each in required if each not in filled_in]


def _given(ask: Ask) -> Row:
    """Read an applicant, from JSON or from a form whose answers come in turns of id and content."""
    if ask.content_type == "application/json":
        whole = read_json(ask, anything)
        if not isinstance(whole, dict) or not isinstance(whole.get("candidate"), dict):
            raise Refusal(400, "param is missing or the value is empty: candidate")
        known: Row = whole["candidate"]
        return known
    if ask.content_type == "multipart/form-data":
        pairs = list(ask.parts)
    elif ask.content_type == "application/x-www-form-urlencoded":
        pairs = [*parse_qsl(ask.body.decode(errors="replace"), keep_blank_values=True)]
    else:
        raise Refusal(415, "Content-Type must be application/json or a form")
    given: Row = {}
    for name, value in pairs:
        if not name.startswith(PREFIX) or isinstance(value, Document):
            raise Refusal(422, "Invalid", problems=[Problem(name, "is not a known key")])
        key, _, rest = name.removeprefix(PREFIX).partition("]")
        if key == ANSWERS:
            _collect(given.setdefault(ANSWERS, []), rest.split("[")[-1].rstrip("]"), value)
        else:
            given[key] = value
    return given


def _collect(answers: list[Row], key: str, value: str) -> None:
    if not answers or key in answers[-1]:
        answers.append({})
    answers[-1][key] = int(value) if key == "open_question_id" and value.isdecimal() else value
