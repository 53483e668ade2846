"""Shows the whole company as rows of Workable's kinds."""

from polyhire.simulators.company import Company, Document
from polyhire.simulators.tables import Row

from . import seed_events, seed_people, seed_requisitions, seed_workplace


def rows(company: Company) -> dict[str, list[Row]]:
    """Give the rows of a fresh account, by kind."""
    return {
        "department": seed_workplace.departments(company),
        "reason": seed_workplace.reasons(company),
        "member": seed_workplace.members(company),
        "job": seed_workplace.jobs(company),
        "stage": seed_workplace.stages(company) + seed_workplace.default_stages(company),
        "question": seed_workplace.questions(company),
        "requisition": seed_requisitions.requisitions(company),
        "candidate": seed_people.candidates(company),
        "file": seed_people.files(company),
        "event": seed_events.events(company),
        "offer": seed_events.offers(company),
        "activity": seed_events.activities(company),
        "subscription": [],
    }


def documents(company: Company) -> dict[str, Document]:
    """Give the bytes of every file."""
    return seed_people.documents(company)
