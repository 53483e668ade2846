"""Forms and questionnaires: the questions of a position that Breezy's own form has no place for, and the answers."""

from polyhire.simulators.company import Application, Company, Job, Question
from polyhire.simulators.tables import Row

from .identifiers import identifier

STANDARD = ("First name", "Resume")
# inferred: the ids of types
KINDS = {
    "short_text": ("text", "Short text"),
    "long_text": ("paragraph", "Paragraph"),
    "yes_no": ("yes_no", "Yes or no"),
    "one_of": ("dropdown", "Dropdown"),
    "many_of": ("checkboxes", "Checkboxes"),
    "file": ("file", "File"),
}
FIELDS = (
    *("name", "headline", "summary", "profile_photo", "address", "email_address", "phone_number", "resume"),
    *("work_history", "education", "cover_letter"),
)
CHOICES = ("required", "optional", "disabled")


def application_form(job: Job | None) -> Row:
    """Say which of its own questions Breezy asks for a position."""
    form: Row = dict.fromkeys(FIELDS, "optional")
    form |= {"name": "required", "email_address": "required", "profile_photo": "disabled"}
    if job is not None:
        form |= {"resume": CHOICES[job.id % 2], "cover_letter": CHOICES[1 + job.id % 2]}
    return {**form, "questionnaire_in_experience": job is not None and job.id % 4 == 0}


def _asked(company: Company, job_id: int) -> tuple[Question, ...]:
    return tuple(each for each in company.questions_of[job_id] if each.label not in STANDARD)


def questionnaire_of(company: Company, job_id: int | None) -> str | None:
    """Give the id of a job's questionnaire: jobs that ask the same share one."""
    labels = tuple(each.label for each in _asked(company, job_id)) if job_id else ()
    return identifier(f"questionnaire {'/'.join(labels)}", 1) if labels else None


def questionnaires(company: Company, company_id: str) -> list[Row]:
    made: dict[str, Row] = {}
    for job in company.jobs:
        found = questionnaire_of(company, job.id)
        if found and found not in made:
            asked = _asked(company, job.id)
            made[found] = {
                "_id": found,
                "company": company_id,
                "name": f"Questionnaire of {len(asked)}",
                # inferred: what a section and a question look like inside
                "sections": _sections(asked, found),
                "message_template": None,
                "options": {},
            }
    return list(made.values())


def _sections(questions: tuple[Question, ...], home: str) -> list[Row]:
    public = [_question(each, home) for each in questions if not each.private]
    private = [_question(each, home) for each in questions if each.private]
    named = (("About you", public), ("Formalities", private))
    return [{"name": name, "questions": asked} for name, asked in named if asked]


def _question(question: Question, home: str) -> Row:
    kind, name = KINDS[question.kind]
    row: Row = {
        "_id": identifier(f"question of {home} {question.label}", 1),
        "text": question.label,
        "type": {"id": kind, "name": name},
        "required": question.required,
    }
    if question.options:
        row["options"] = list(question.options)
    return row


def answers(company: Company, candidate_of: dict[int, str]) -> list[Row]:
    """Give what applicants answered: their questionnaire, with a `response` at each question."""
    known = {each["_id"]: each for each in questionnaires(company, "")}
    made = []
    for application in company.applications:
        found = questionnaire_of(company, application.job_id)
        if found and application.answers:
            made.append(_answers(company, application, known[found], candidate_of[application.id]))
    return made


def _answers(company: Company, application: Application, questionnaire: Row, candidate: str) -> Row:
    assert application.job_id is not None
    labels = {each.id: each.label for each in company.questions_of[application.job_id]}
    given = {labels[each.question_id]: each.value for each in application.answers}
    sections = []
    for section in questionnaire["sections"]:
        shown = [{**each, "response": _spoken(given.get(each["text"]))} for each in section["questions"]]
        sections.append({"name": section["name"], "questions": shown})
    return {
        "_id": identifier("answers", application.id),
        "candidate": candidate,
        "questionnaire_id": questionnaire["_id"],
        "name": questionnaire["name"],
        "sections": sections,
    }


def _spoken(value: str | bool | tuple[str, ...] | None) -> str | list[str] | None:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return list(value) if isinstance(value, tuple) else value
