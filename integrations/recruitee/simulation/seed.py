"""The pretend company, as its Recruitee account holds it on its first day."""

from polyhire.simulators.company import Company
from polyhire.simulators.tables import Row

from . import seed_events, seed_people, seed_workplace


def rows(company: Company) -> dict[str, list[Row]]:
    """Give every row by kind; the same company always gets the same ids."""
    return {
        "department": seed_workplace.departments(company),
        "location": seed_workplace.locations(company),
        "admin": seed_workplace.admins(company),
        **seed_workplace.named(company),
        "template": seed_workplace.templates(company),
        "stage": seed_workplace.stages(company),
        "offer": seed_workplace.offers(company),
        "candidate": seed_people.candidates(company),
        "placement": seed_people.placements(company),
        "attachment": seed_people.attachments(company),
        "note": seed_events.notes(company),
        "activity": seed_events.activities(company),
        "event": seed_events.events(company),
        "result": seed_events.results(company),
    }


def subdomain(company: Company) -> str:
    """Give the label of the company's careers site."""
    return seed_workplace.slug(company.name).replace("-", "")
