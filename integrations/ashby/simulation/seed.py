"""The pretend company, as an Ashby account holds it on its first day."""

from polyhire.simulators.company import Company
from polyhire.simulators.tables import Row

from . import forms, seed_events, seed_jobs, seed_people, seed_workplace


def rows(company: Company) -> dict[str, list[Row]]:
    """Give every row by kind; the same company always gets the same ids."""
    plans = seed_jobs.Plans(company)
    templates = seed_events.Templates(company)
    histories = seed_people.histories(company, plans)
    return {
        "user": seed_workplace.users(company),
        "source": seed_workplace.sources(company),
        "tag": seed_workplace.tags(company),
        "archive_reason": seed_workplace.archive_reasons(company),
        "department": seed_workplace.departments(company),
        "location": seed_workplace.locations(company),
        "plan": plans.plans,
        "stage": plans.stages,
        "job": seed_jobs.jobs(company, plans),
        "posting": seed_jobs.postings(company),
        "file": seed_people.files(company),
        "upload": [],
        "candidate": seed_people.candidates(company),
        "note": seed_people.notes(company),
        "email": [],
        "application": seed_people.applications(company, plans),
        "history": histories,
        "interview": templates.rows,
        "schedule": seed_events.schedules(company, plans),
        "event": seed_events.events(company, templates),
        "feedback_form": forms.feedback_forms(),
        "feedback": seed_events.feedback(company, templates, histories),
        "offer_process": [],
        "offer_form": [forms.offer_form()],
        "offer": seed_events.offers(company),
        "offer_version": [],
        "survey": seed_events.surveys(company),
    }
