"""The pretend company, as Breezy holds it on its first day, and a small sister of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from polyhire.simulators.company import Company, Department, Document
from polyhire.simulators.tables import Row

from . import seed_account, seed_events, seed_forms, seed_people, seed_workplace
from .access import OWNER_KEY, RECRUITER_KEY
from .identifiers import identifier
from .seed_pipelines import plan

MAIN, SISTER = identifier("company", 1), identifier("company", 2)
# Of the sister nothing has an id that the company has too.
APART = 9001


@dataclass(frozen=True)
class Seed:
    """Every row by kind, the bytes of files, whom personal access tokens stand for, and who belongs where."""

    rows: Mapping[str, list[Row]]
    documents: Mapping[str, Document]
    keys: Mapping[str, str]
    companies: Mapping[str, list[str]]


def seed(company: Company) -> Seed:
    """Show a company; the same company always gets the same ids. Its first user belongs to the sister, too."""
    company = seed_people.everyone(company)
    main, sister = _rows(company, MAIN), _rows(_sister(company), SISTER)
    active = [identifier("user", each.id) for each in company.users if each.active]
    rows = {
        "user": seed_workplace.users(company),
        **{kind: [*found, *sister[kind]] for kind, found in main.items()},
    }
    return Seed(
        rows,
        seed_events.stored(company),
        {OWNER_KEY: active[0], RECRUITER_KEY: active[1]},
        {each: [MAIN, SISTER] if each == active[0] else [MAIN] for each in active},
    )


def _rows(company: Company, company_id: str) -> dict[str, list[Row]]:
    pipelines = plan(company, company_id)
    candidate_of = {each.id: seed_people.candidate_id(each.id) for each in company.applications}
    return {
        "company": [seed_workplace.company_row(company, company_id)],
        "pipeline": list(pipelines.rows),
        "department": seed_workplace.departments(company, company_id),
        "position": seed_workplace.positions(company, company_id, pipelines),
        "questionnaire": seed_forms.questionnaires(company, company_id),
        "candidate": seed_people.candidates(company, pipelines, seed_events.resumes(company)),
        "answers": seed_forms.answers(company, candidate_of),
        "event": seed_events.events(company),
        "message": seed_events.messages(company),
        "scorecard": seed_events.scorecards(company),
        "document": seed_events.documents(company),
        "template": seed_account.templates(company_id),
        "custom attribute": seed_account.custom_attributes(company_id),
        "webhook": seed_account.webhooks(company_id),
    }


def _sister(company: Company) -> Company:
    """Make up a company for which nobody works but the first user, with one open position and nobody in it."""
    nothing = dict.fromkeys(
        ("candidates", "applications", "interviews", "scorecards", "offers", "activities", "attachments"), ()
    )
    first = (company.users[0].id,)
    job = replace(company.jobs[0], id=APART, title="Night Porter", status="open", department_id=APART)
    return replace(
        company,
        name=f"{company.name} Annex",
        users=company.users[:1],
        departments=(Department(APART, "Nights", None),),
        jobs=(replace(job, hiring_manager_ids=first, recruiter_ids=first, coordinator_ids=()),),
        stages=tuple(replace(each, job_id=APART) for each in company.stages_of[company.jobs[0].id]),
        questions=(),
        **nothing,
    )
