"""Rows as Lever shows them: ids, unless they were expanded, and whatever follows from other rows."""

from collections.abc import Callable, Mapping
from typing import Any

from polyhire.simulators.tables import Row

from .calls import Call
from .state import Lever

SITE = "https://hire.lever.co"
BOARD = "https://jobs.lever.co/meridian"


def contact(row: Row) -> Row:
    return dict(row)


def user(row: Row) -> Row:
    return dict(row)


def stage(row: Row) -> Row:
    return {"id": row["id"], "text": row["text"]}


def opportunity(call: Call, row: Row) -> Row:
    """Show one candidacy: name, headline, addresses and such are those of its contact."""
    lever = call.lever
    person = lever.get("contact", row["contact"])
    shown = {
        **{key: row[key] for key in ("id", "contact", "stage", "confidentiality", "archived", "createdAt")},
        **{key: row[key] for key in ("updatedAt", "lastInteractionAt", "lastAdvancedAt", "snoozedUntil")},
        **{key: row[key] for key in ("stageChanges", "owner", "tags", "sources", "origin", "sourcedBy", "links")},
        **{key: person[key] for key in ("name", "headline", "emails", "phones", "isAnonymized", "dataProtection")},
        "location": person["location"]["name"] if person["location"] else None,
        "applications": [each["id"] for each in lever.of("application", row["id"])],
        "followers": row["followers"],
        # inferred: always null, as there is an endpoint for résumés
        "resume": None,
        "urls": {"list": f"{SITE}/candidates", "show": f"{SITE}/candidates/{row['id']}"},
        "opportunityLocation": None,
        "archivedAt": None,
        "archiveReason": None,
    }
    expanded: dict[str, Callable[[], Any]] = {
        "applications": lambda: [application(each) for each in lever.of("application", row["id"])],
        "contact": lambda: contact(person),
        "stage": lambda: stage(lever.get("stage", row["stage"])),
        **_people(lever, row, ("owner", "sourcedBy")),
    }
    return _expand(call, shown, expanded)


def _people(lever: Lever, row: Row, names: tuple[str, ...]) -> dict[str, Callable[[], Any]]:
    def person(name: str) -> Callable[[], Any]:
        return lambda: user(lever.get("user", row[name])) if row[name] else None

    followers = {"followers": lambda: [user(lever.get("user", each)) for each in row["followers"]]}
    return {**followers, **{name: person(name) for name in names}}


def _expand(call: Call, shown: Row, expanded: Mapping[str, Callable[[], Any]]) -> Row:
    return {**shown, **{name: expanded[name]() for name in call.query.get("expand", ())}}


def application(row: Row) -> Row:
    """Show an application; the opportunity is the candidate, too."""
    return {"id": row["id"], "candidateId": row["opportunityId"], **row}


def posting(call: Call, row: Row, *, content: bool = True) -> Row:
    """Show a posting, in a list without its content unless that is included."""
    page = f"{BOARD}/{row['id']}"
    hidden = {"customQuestions", *(() if content else ("content",))}
    shown = {
        **{key: value for key, value in row.items() if key not in hidden},
        "urls": {"list": BOARD, "show": page, "apply": f"{page}/apply"},
    }
    return _expand(call, shown, _people(call.lever, row, ("user", "owner", "hiringManager")))


def nested(row: Row) -> Row:
    """Show what is listed below an opportunity: whose it is goes without saying."""
    return {key: value for key, value in row.items() if key != "opportunityId"}


def panel(lever: Lever, row: Row) -> Row:
    """Show a panel with its interviews. inferred: its shape, but for what interviews share with it."""
    held = [each for each in lever.of("interview", row["opportunityId"]) if each["panel"] == row["id"]]
    starts = [each["date"] for each in held]
    ends = [each["date"] + each["duration"] * 60_000 for each in held]
    return {
        **nested(row),
        "start": min(starts, default=None),
        "end": max(ends, default=None),
        "interviews": [nested(each) for each in held],
    }


def file(call: Call, row: Row) -> Row:
    """Show a file, with the URL that has its bytes for whoever has credentials."""
    return {"id": row["id"], **_paper(call, row, "files")}


def resume(call: Call, row: Row) -> Row:
    """Show a résumé. inferred: nothing was parsed."""
    shown = _paper(call, row, "resumes")
    return {"id": row["id"], "createdAt": row["uploadedAt"], "file": shown, "parsedData": None}


def _paper(call: Call, row: Row, kind: str) -> Row:
    url = f"{call.ask.base}/v1/opportunities/{row['opportunityId']}/{kind}/{row['id']}/download"
    return {"downloadUrl": url, **{key: row[key] for key in ("ext", "name", "uploadedAt", "status", "size")}}


def offer(call: Call, row: Row) -> Row:
    """Show an offer, with the documents that were sent and signed."""
    shown = {key: value for key, value in row.items() if key not in ("opportunityId", "sent", "signed")}
    return {**shown, **{f"{status}Document": _letter(call, row, status) for status in ("sent", "signed")}}


def _letter(call: Call, row: Row, status: str) -> Row | None:
    if row[status] is None:
        return None
    url = f"{call.ask.base}/v1/opportunities/{row['opportunityId']}/offers/{row['id']}/download?status={status}"
    return {"fileName": call.lever.documents[row["id"]].name, "uploadedAt": row[status], "downloadUrl": url}
