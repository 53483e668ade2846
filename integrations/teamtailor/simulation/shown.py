"""Attributes that are not kept but worked out whenever a record is shown: statuses, counts, signed URLs."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from polyhire.simulators.kit import Ask
from polyhire.simulators.tables import Row, now

from .state import Teamtailor, file_key

Showing: TypeAlias = Callable[[Teamtailor, Ask, Row], Any]
HUMAN = {"draft": "draft", "temp": "unsaved", "archived": "archived", "unlisted": "unlisted"}


def human_status(job: Row) -> str:
    """Tell the status that people see: an open job may not have begun, or be over."""
    if job["status"] in HUMAN:
        return HUMAN[job["status"]]
    start, end = job["start-date"], job["end-date"]
    if start and datetime.fromisoformat(start) > now():
        return "scheduled"
    return "expired" if end and datetime.fromisoformat(end) < now() else "published"


def _counted(rejected: bool) -> Showing:
    def count(teamtailor: Teamtailor, ask: Ask, stage: Row) -> int:
        applications = teamtailor["job-applications"]
        mine = [each["rejected-at"] for each in applications if each["stage"] == stage["id"]]
        return sum((moment is not None) == rejected for moment in mine)

    return count


def _signed(attribute: str) -> Showing:
    def url(teamtailor: Teamtailor, ask: Ask, row: Row) -> str | None:
        key = file_key(row["id"], attribute)
        document = teamtailor.documents.get(key)
        return teamtailor.files.url(ask, key, document.name) if document else None

    return url


SHOWN: Mapping[tuple[str, str], Showing] = {
    ("jobs", "human-status"): lambda teamtailor, ask, job: human_status(job),
    ("stages", "active-job-applications-count"): _counted(rejected=False),
    ("stages", "rejected-job-applications-count"): _counted(rejected=True),
    ("candidates", "resume"): _signed("resume"),
    ("candidates", "original-resume"): _signed("original-resume"),
    ("uploads", "url"): _signed("url"),
    ("notes", "user-id"): lambda teamtailor, ask, note: note["user"],
    ("notes", "candidate-id"): lambda teamtailor, ask, note: note["candidate"],
}


def attribute(teamtailor: Teamtailor, ask: Ask, kind: str, row: Row, name: str) -> Any:
    """Give an attribute of a record as it is shown."""
    showing = SHOWN.get((kind, name))
    return showing(teamtailor, ask, row) if showing else row.get(name)


def extra_links(kind: str, row: Row) -> dict[str, str]:
    """Give the links that a record has beside its own."""
    if kind != "jobs":
        return {}
    page = f"https://careers.meridian.example/jobs/{row['id']}"
    return {
        "careersite-job-url": page,
        "careersite-job-apply-url": f"{page}/applications/new",
        "careersite-job-apply-iframe-url": f"{page}/applications/new?iframe=true",
        "careersite-job-internal-url": f"https://careers.meridian.example/internal/jobs/{row['id']}",
    }
