"""How JazzHR writes ids, dates and times: all of them text, and a date that is not known is all zeros."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from polyhire.simulators.company import Company

NO_DATE = "0000-00-00"
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PREFIXES = {"applicant": "prospect", "user": "usr", "link": "projob", "category link": "pro2cat"}
# What has no instant of its own in the company has existed since then.
FOUNDED = datetime(2023, 11, 6, 8, 30, tzinfo=UTC)


def identifier(kind: str, name: object, moment: datetime = FOUNDED) -> str:
    """Give the id, such as `prospect_20121030151055_8XQ0…`, that always stands for this record of this kind."""
    number = int.from_bytes(sha256(f"{kind} {name}".encode()).digest()[:10])
    tail = ""
    for _ in range(14):
        number, rest = divmod(number, len(LETTERS))
        tail += LETTERS[rest]
    return f"{PREFIXES.get(kind, kind)}_{moment.astimezone(UTC):%Y%m%d%H%M%S}_{tail}"


def day(moment: datetime | None) -> str:
    """Write the date of an instant."""
    return f"{moment.astimezone(UTC):%Y-%m-%d}" if moment else NO_DATE


def clock(moment: datetime) -> str:
    """Write the time of an instant."""
    return f"{moment.astimezone(UTC):%H:%M:%S}"


@dataclass(frozen=True)
class Ids:
    """The ids of what the company has, by their numbers there."""

    users: Mapping[int, str]
    jobs: Mapping[int, str]
    applicants: Mapping[int, str]
    categories: Mapping[int, str]

    @staticmethod
    def of(company: Company) -> "Ids":
        """Name the records of a company."""
        return Ids(
            users={each.id: identifier("user", each.id, each.created_at) for each in company.users},
            jobs={each.id: identifier("job", each.id, each.created_at) for each in company.jobs},
            applicants={each.id: identifier("applicant", each.id, each.created_at) for each in company.candidates},
            categories={each.id: identifier("category", each.id) for each in company.tags},
        )
