"""`filter[name]=value` and `filter[name][from]=instant`: how each is read, and which records it keeps."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from polyhire.simulators import guards
from polyhire.simulators.guards import Reading
from polyhire.simulators.tables import Row

from .kinds import KINDS
from .shown import human_status
from .state import Teamtailor

Keeps: TypeAlias = Callable[[Teamtailor, Row, Any], bool]
RANGES = ("created-at", "updated-at", "changed-stage-at")
# inferred: several ids may be given, with commas between them
IDS = guards.listed(guards.integer(1))


@dataclass(frozen=True)
class Filter:
    """How the value of a filter is read, and which records it keeps."""

    reading: Reading
    keeps: Keeps


def _same(name: str, reading: Reading = guards.text) -> Filter:
    return Filter(reading, lambda teamtailor, row, wanted: bool(row[name] == wanted))


def _any_of(name: str) -> Filter:
    def keeps(teamtailor: Teamtailor, row: Row, wanted: list[int]) -> bool:
        value = row[name]
        return any(each in wanted for each in (value if isinstance(value, list) else [value]))

    return Filter(IDS, keeps)


def _stage_type(teamtailor: Teamtailor, application: Row, wanted: str) -> bool:
    stage = teamtailor["stages"].get(application["stage"])
    if stage is None:
        return False
    kind = stage["stage-type"].lower()
    # inferred: whatever lies between the inbox and the end is in process
    return kind == wanted.lower() or (wanted == "In process" and kind not in ("inbox", "hired"))


def _status(teamtailor: Teamtailor, job: Row, wanted: str) -> bool:
    return wanted == "all" or human_status(job) == wanted


def _email(teamtailor: Teamtailor, row: Row, wanted: str) -> bool:
    return (row["email"] or "").lower() == wanted.lower()


def _since(name: str) -> Filter:
    return Filter(guards.instant, lambda teamtailor, row, wanted: bool(row[name]) and _moment(row, name) >= wanted)


def _until(name: str) -> Filter:
    return Filter(guards.instant, lambda teamtailor, row, wanted: bool(row[name]) and _moment(row, name) <= wanted)


def _moment(row: Row, name: str) -> datetime:
    return datetime.fromisoformat(row[name])


_PLACED = {name: _any_of(name) for name in ("department", "role", "locations", "regions")}
_OWN: Mapping[str, Mapping[str, Filter]] = {
    "candidates": {
        **_PLACED,
        "email": Filter(guards.text, _email),
        "connected": _same("connected", guards.flag),
        "phone": _same("phone"),
        # The company has no divisions, so nobody is in one.
        "division": Filter(guards.text, lambda teamtailor, row, wanted: False),
    },
    "job-applications": {"stage-type": Filter(guards.one_of("Inbox", "In process", "Hired"), _stage_type)},
    "jobs": {
        **_PLACED,
        "status": Filter(guards.one_of("published", "unlisted", "archived", "draft", "scheduled", "all"), _status),
        # inferred: the internal feed has the public jobs too
        "feed": Filter(
            guards.one_of("public", "internal"),
            lambda teamtailor, job, wanted: wanted == "internal" or not job["internal"],
        ),
    },
    "uploads": {"job": _any_of("job")},
    "users": {
        "email": Filter(guards.text, _email),
        "department": _any_of("department"),
        "external-id": _same("external-id"),
    },
}


def filters_of(kind: str) -> dict[str, Filter]:
    """Give the filters of a kind by what stands after `filter` in the parameter, such as `[updated-at][from]`."""
    found: dict[str, Filter] = {}
    for name in KINDS[kind].filters:
        if name in RANGES:
            found |= {f"[{name}][from]": _since(name), f"[{name}][to]": _until(name)}
        else:
            found[f"[{name}]"] = _OWN[kind][name]
    return found
