"""The pretend company, as an account of either kind holds it on its first day."""

from polyhire.simulators.company import Company, document

from .seed_events import attachments, interviews, notes, offers
from .seed_people import applications, candidates
from .seed_workplace import clients, contacts, departments, jobs, tags, users
from .state import Seeds


def seeds(company: Company, edition: str) -> Seeds:
    """Give every row by module; the same company always gets the same ids."""
    return Seeds(
        edition=edition,
        name=company.name,
        users=users(company),
        rows={
            "Departments": departments(company),
            "Clients": clients(company),
            "Contacts": contacts(company),
            "Job_Openings": jobs(company, edition),
            "Candidates": candidates(company),
            "Applications": applications(company),
            "Interviews": interviews(company, edition),
            "Offers": offers(company),
            "Notes": notes(company),
            "Attachments": attachments(company),
        },
        tags={"Candidates": tags(company)},
        documents={
            row["id"]: document(each) for row, each in zip(attachments(company), company.attachments, strict=True)
        },
    )
