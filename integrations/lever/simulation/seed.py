"""The pretend company, as a Lever account holds it on its first day."""

from polyhire.simulators.company import Company
from polyhire.simulators.tables import Row

from . import seed_events, seed_files, seed_people, seed_workplace
from .forms import TEMPLATE
from .identifiers import identifier, milliseconds

DELETED = 3


def rows(company: Company) -> dict[str, list[Row]]:
    """Give every row by kind; the same company always gets the same ids."""
    return {
        "user": seed_workplace.users(company),
        "stage": seed_workplace.stages(),
        "archive reason": seed_workplace.archive_reasons(company),
        "posting": seed_workplace.postings(company),
        "requisition": seed_workplace.requisitions(company),
        "contact": seed_people.contacts(company),
        "opportunity": seed_people.opportunities(company),
        "application": seed_people.applications(company),
        "note": seed_events.notes(company),
        "email": seed_events.emails(company),
        "panel": seed_events.panels(company),
        "interview": seed_events.interviews(company),
        "feedback template": [TEMPLATE],
        "feedback": seed_events.feedback(company),
        "offer": seed_files.offers(company),
        "resume": seed_files.papers(company, "resume"),
        "file": seed_files.papers(company, "file"),
        "survey": seed_events.surveys(company),
        "webhook": [],
        **{f"deleted {kind}": _deleted(company, kind) for kind in ("opportunity", "application", "posting")},
    }


def _deleted(company: Company, kind: str) -> list[Row]:
    """Remember some that people deleted long ago: nothing can be deleted through the API."""
    first = milliseconds(company.jobs[0].created_at)
    return [
        {"id": identifier(f"deleted {kind}", number), "deletedAt": first + number * 86_400_000}
        for number in range(1, DELETED + 1)
    ]
