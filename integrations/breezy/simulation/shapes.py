"""Rows as Breezy shows them."""

from typing import Any

from polyhire.simulators.kit import Ask
from polyhire.simulators.tables import Row

from .state import PARENTS, Breezy

SHORT = ("_id", "name", "email_address")
PARTIAL = (
    *("_id", "meta_id", "name", "initial", "headline", "email_address", "phone_number", "profile_photo_url", "origin"),
    *("source", "stage", "tags", "creation_date", "updated_date", "overall_score"),
)
REST = ("address", "summary", "cover_letter", "work_history", "education", "social_profiles", "custom_attributes")


def plain(kind: str, row: Row) -> Row:
    """Show a row without whose it is."""
    return {key: value for key, value in row.items() if key != PARENTS.get(kind)}


def short(user: Row | None) -> Row | None:
    """Show a user as part of something else."""
    return None if user is None else {key: user[key] for key in SHORT}


def user(row: Row) -> Row:
    """Show a user to themselves. inferred: which keys there are."""
    return {key: value for key, value in row.items() if key != "role"}


def assignee(row: Row | None) -> Row | None:
    """Show whom a candidate is assigned to."""
    return None if row is None else {key: row[key] for key in (*SHORT, "username", "initial", "hex_color")}


def position(row: Row, *, listed: bool = False) -> Row:
    """Show a position; in lists, the type of some is a mere id."""
    shown = plain("position", row)
    if listed and row["state"] == "archived":
        shown["type"] = row["type"]["id"]
    return shown


def partial(breezy: Breezy, ask: Ask, row: Row) -> Row:
    """Show a candidate in a list."""
    shown = {key: row[key] for key in PARTIAL}
    shown["resume"] = resume(breezy, ask, row)
    shown["assigned_to"] = assignee(breezy.find("user", row["assigned_to"]))
    if breezy.get("position", row["position"]).get("bias_enabled"):
        shown["bias_status"] = "enabled"
    return shown


def full(breezy: Breezy, ask: Ask, row: Row) -> Row:
    """Show a candidate by itself."""
    answers = [plain("answers", each) for each in breezy.of("answers", row["_id"])]
    return {**partial(breezy, ask, row), **{key: row[key] for key in REST}, "questionnaires": answers}


def resume(breezy: Breezy, ask: Ask, row: Row) -> Row | None:
    """Show where the résumé of a candidate is: behind the same token."""
    if row["resume"] is None:
        return None
    company = breezy.get("position", row["position"])["company"]
    url = f"{ask.base}/v3/company/{company}/position/{row['position']}/candidate/{row['_id']}/resume"
    shown: dict[str, Any] = {key: value for key, value in row["resume"].items() if key != "place"}
    return {**shown, "url": url, "pdf_url": url}


def event(breezy: Breezy, row: Row) -> Row:
    """Show one event of a candidate's stream."""
    candidate = breezy.get("candidate", row["candidate"])
    position = breezy.get("position", candidate["position"])
    told = {
        **({} if row["body"] is None else {"body": row["body"]}),
        "attachments": [],
        **_place(breezy, row),
        "mentioned": [],
        "position": {key: position[key] for key in ("_id", "name")},
        "candidate": {key: candidate[key] for key in SHORT},
    }
    return {
        "_id": row["_id"],
        "type": row["type"],
        "stream_id": candidate["stream_id"],
        "object": told,
        "timestamp": row["timestamp"],
    }


def message(breezy: Breezy, row: Row, attachments: list[Row]) -> Row:
    """Show one message of a conversation."""
    told = {"body": row["body"], "subject": row["subject"], "attachments": attachments, **_place(breezy, row)}
    return {"_id": row["_id"], "type": row["type"], "object": told, "timestamp": row["timestamp"]}


def _place(breezy: Breezy, row: Row) -> Row:
    candidate = breezy.get("candidate", row["candidate"])
    return {
        "company_id": breezy.get("position", candidate["position"])["company"],
        "position_id": candidate["position"],
        "candidate_id": candidate["_id"],
        "acting_user": short(breezy.find("user", row["user"])),
    }
