"""The whole account of a company."""

from polyhire.simulators.company import Company, Document
from polyhire.simulators.tables import Row

from . import seed_events as events
from . import seed_people as people
from . import seed_workplace as workplace
from .identifiers import Ids, identifier
from .seed_files import files, with_resumes


def account(company: Company) -> tuple[dict[str, list[Row]], dict[str, Document]]:
    """Give the rows of every kind, and the bytes of the files."""
    ids, stars = Ids.of(company), events.best_stars(company)
    kept, documents = files(company, ids)
    rows = {
        "user": workplace.users(company, ids),
        "category": workplace.categories(company, ids),
        "job": workplace.jobs(company, ids),
        "question": workplace.questions(company),
        "applicant": with_resumes(company, ids, people.applicants(company, ids, stars)),
        "link": people.links(company, ids, stars),
        "hire": people.hires(company, ids),
        "category link": _category_links(company, ids),
        "activity": events.activities(company, ids),
        "comment": events.comments(company, ids),
        "feedback": events.feedback(company, ids),
        "message": events.messages(company, ids),
        "evaluation": events.evaluations(company, ids),
        "answer": events.answers(company, ids),
        "task": events.tasks(company, ids),
        "file": kept,
    }
    return rows, documents


def _category_links(company: Company, ids: Ids) -> list[Row]:
    return [
        {
            "id": identifier("category link", f"{person.id} {tag}", person.created_at),
            "applicant_id": ids.applicants[person.id],
            "category_id": ids.categories[tag],
        }
        for person in company.candidates
        for tag in person.tag_ids
    ]
