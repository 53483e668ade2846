"""What clients do to candidates, and to their files, notes and answers."""

from typing import Any

from polyhire.simulators import bodies
from polyhire.simulators.kit import Ask, Problem
from polyhire.simulators.tables import Row

from . import checks
from .files import download, keep_resume
from .refusals import invalid_attribute, invalid_relationship
from .state import Teamtailor, file_key
from .writes import Writing, insert

# What is acted on and not kept.
ACTS = ("merge", "resume", "set-consent-expiration", "send-welcome-message")
ANSWERS = {"Boolean": "boolean", "Choice": "choices", "Range": "range", "Text": "text", "Video": "video"}


def _create(teamtailor: Teamtailor, ask: Ask, given: Row) -> Row:
    kept = _kept(given)
    holder = _holder(teamtailor, given.get("email"))
    # inferred: only people who were sourced may lack an e-mail
    if not given.get("email") and not given.get("sourced"):
        raise invalid_attribute("email", "can't be blank")
    if holder is not None and not given.get("merge"):
        raise invalid_attribute("email", "has already been taken")
    if holder is not None:
        _save(teamtailor, ask, holder, given)
        return holder
    resume = download(teamtailor, ask, given["resume"], "resume") if given.get("resume") else None
    made = insert(teamtailor, CANDIDATES, kept)
    if resume:
        keep_resume(teamtailor, made["id"], resume)
    teamtailor.note_down("created", {}, candidate=made["id"])
    return made


def _change(teamtailor: Teamtailor, ask: Ask, row: Row, given: Row) -> None:
    holder = _holder(teamtailor, given.get("email"))
    if holder is not None and holder is not row:
        raise invalid_attribute("email", "has already been taken")
    _save(teamtailor, ask, row, given)


def _save(teamtailor: Teamtailor, ask: Ask, row: Row, given: Row) -> None:
    if given.get("resume"):
        keep_resume(teamtailor, row["id"], download(teamtailor, ask, given["resume"], "resume"))
    teamtailor.change("candidates", row, _kept(given))


def _kept(given: Row) -> Row:
    kept = {name: value for name, value in given.items() if name not in ACTS}
    return kept | checks.stamped(given, "consent-future-jobs-at")


def _holder(teamtailor: Teamtailor, email: str | None) -> Row | None:
    wanted = (email or "").lower()
    return next((row for row in teamtailor["candidates"] if wanted and (row["email"] or "").lower() == wanted), None)


CANDIDATES = Writing(
    "candidates",
    {
        **dict.fromkeys(("first-name", "last-name", "phone", "pitch", "resume-summary"), checks.TEXT),
        **dict.fromkeys(("linkedin-url", "referring-site", "referring-url"), checks.TEXT),
        **dict.fromkeys(("sourced", "unsubscribed", "merge", "internal"), checks.FLAG),
        # inferred: what the write-only attributes take
        **dict.fromkeys(("set-consent-expiration", "send-welcome-message"), checks.FLAG),
        **dict.fromkeys(("picture", "resume"), bodies.nullable(checks.web_address)),
        "email": checks.email,
        "tags": checks.TAGS,
        "consent-future-jobs-at": checks.MOMENT,
    },
    ("department", "role", "locations", "regions"),
    once=("merge",),
    defaults={
        "tags": [],
        **dict.fromkeys(("connected", "internal", "sourced", "referred", "unsubscribed"), False),
    },
    create=_create,
    change=_change,
)


def _upload(teamtailor: Teamtailor, ask: Ask, given: Row) -> Row:
    found = download(teamtailor, ask, given["url"], "url", given.get("file-name"))
    kept = {name: value for name, value in given.items() if name != "url"}
    made = insert(teamtailor, UPLOADS, {**kept, "file-name": found.name})
    teamtailor.documents[file_key(made["id"], "url")] = found
    return made


UPLOADS = Writing(
    "uploads",
    {"url": checks.web_address, "file-name": bodies.filled, "internal": checks.FLAG},
    ("candidate",),
    ("url", "candidate"),
    defaults={"internal": False},
    methods=("POST",),
    create=_upload,
)


def _write_note(teamtailor: Teamtailor, ask: Ask, given: Row) -> Row:
    made = insert(teamtailor, NOTES, given)
    related = {"candidate": given["candidate"], "user": given["user"]}
    teamtailor.note_down("note", {"note_id": made["id"]}, **related)
    return made


# inferred: a note stays with its candidate and its author, and needs both
NOTES = Writing(
    "notes",
    {"note": bodies.filled},
    ("candidate", "user"),
    ("note", "candidate", "user"),
    once=("candidate", "user"),
    defaults={"created-by-trigger": False, "private-note": False},
    create=_write_note,
)


def _answer(teamtailor: Teamtailor, ask: Ask, given: Row) -> Row:
    question = teamtailor.row("questions", given["question"])
    wanted = ANSWERS[question["question-type"]]
    values = [name for name in ANSWERS.values() if name in given]
    # inferred: exactly the value that suits the question, and one answer for each
    if values != [wanted]:
        raise invalid_attribute(wanted, "is what this question must be answered with, alone")
    if teamtailor["answers"].find(candidate=given["candidate"], question=given["question"]):
        raise invalid_relationship("question", "has already been answered")
    return insert(teamtailor, ANSWERED, given)


def _choices(value: Any, where: str) -> list[Problem]:
    return bodies.items(bodies.filled, least=1)(value, where)


ANSWERED = Writing(
    "answers",
    {
        "boolean": checks.FLAG,
        "choices": _choices,
        "range": bodies.integer,
        "text": bodies.filled,
        "video": checks.web_address,
    },
    ("candidate", "question"),
    ("candidate", "question"),
    methods=("POST",),
    create=_answer,
)
