"""What the company has before anybody applies, as JazzHR keeps it: users, categories, jobs and their questionnaires."""

from collections.abc import Iterable
from hashlib import sha256

from polyhire.simulators.company import Company, Job, Question, User
from polyhire.simulators.tables import Row

from .identifiers import FOUNDED, Ids, day, identifier

ROLES = {"admin": "Administrator", "recruiter": "Recruiter", "hiring_manager": "Manager", "interviewer": "User"}
# inferred: the labels of types, formats and categories, whose lists are not known
TYPES = {
    "full_time": "Full Time",
    "part_time": "Part Time",
    "contract": "Contract",
    "internship": "Internship",
}
FORMATS = {
    "short_text": "text",
    "long_text": "textarea",
    "yes_no": "yes_no",
    "one_of": "radio",
    "many_of": "checkbox",
    "file": "file",
}


def users(company: Company, ids: Ids) -> list[Row]:
    last = max((each.id for each in company.users if not each.active), default=None)
    return [_user(each, ids, deleted=each.id == last) for each in company.users]


def _user(user: User, ids: Ids, *, deleted: bool) -> Row:
    active = "Employee" if user.role == "interviewer" and user.id % 3 == 0 else ROLES[user.role]
    return {
        "id": ids.users[user.id],
        "type": active if user.active else "Deleted" if deleted else "Deactivated",
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "date_created": day(user.created_at),
    }


def categories(company: Company, ids: Ids) -> list[Row]:
    admin = ids.users[company.users[0].id]
    return [
        {
            "id": ids.categories[each.id],
            "name": each.name,
            "status": "Inactive" if each.id % 7 == 0 else "Active",
            "created_by": admin,
            "date_created": day(FOUNDED),
        }
        for each in company.tags
    ]


def _status(job: Job, hired: bool) -> str:
    if job.status == "draft":
        return "Needs Approval" if job.id % 20 == 0 else "Drafting"
    if job.status == "closed":
        return "Filled" if hired else ("Closed", "Cancelled")[job.id % 2]
    return "On Hold" if job.id % 12 == 0 else "Approved" if job.id % 11 == 0 else "Open"


def jobs(company: Company, ids: Ids) -> list[Row]:
    filled = {each.job_id for each in company.applications if each.status == "hired"}
    return [_job(company, ids, each, _status(each, each.id in filled)) for each in company.jobs]


def _job(company: Company, ids: Ids, job: Job, status: str) -> Row:
    place = next((each for each in company.offices if each.id in job.office_ids), None)
    department = next((each for each in company.departments if each.id == job.department_id), None)
    return {
        "id": ids.jobs[job.id],
        "team_id": team(department.parent_id or department.id) if department else "",
        "title": job.title,
        "country_id": place.country_code if place else "",
        "city": (place.city or "") if place else "",
        "state": (place.region or "") if place else "",
        "zip": (place.postal_code or "") if place else "",
        "department": department.name if department else "",
        "description": job.description_html,
        "minimum_salary": str(job.salary.low) if job.salary else "0",
        "maximum_salary": str(job.salary.high) if job.salary else "0",
        "notes": job.notes or "",
        "original_open_date": day(job.opened_at),
        "type": TYPES[job.employment],
        "status": status,
        "send_to_job_boards": "1" if status == "Open" and not job.confidential else "0",
        "hiring_lead": ids.users[job.hiring_manager_ids[0]] if job.hiring_manager_ids else "",
        "board_code": board_code(ids.jobs[job.id]),
        "internal_code": job.code or "",
        "questionnaire": questionnaire(job.id) if company.questions_of[job.id] else "",
        "_recruiter": ids.users[job.recruiter_ids[0]] if job.recruiter_ids else "",
        "_confidential": job.confidential,
        # inferred: private jobs are those that are open, but on no board
        "_private": job.status == "open" and job.id % 11 == 0,
    }


def team(department: int) -> str:
    """Give the id of the team of a department that is part of no other."""
    return identifier("team", department)


def board_code(job: str) -> str:
    """Give the code of a job on the boards."""
    return sha256(job.encode()).hexdigest()[:10]


def questionnaire(job: int) -> str:
    """Give the id of the questionnaire of a job."""
    return identifier("questionnaire", job)


def questionnaire_code(job: int) -> str:
    """Give the code of the questionnaire of a job."""
    return board_code(questionnaire(job))


def questions(company: Company) -> list[Row]:
    return [
        _question(each, order)
        for job in company.jobs
        for order, each in enumerate(company.questions_of[job.id], start=1)
    ]


def _question(question: Question, order: int) -> Row:
    return {
        "_id": question.id,
        "questionnaire_id": questionnaire(question.job_id),
        "questionnaire_code": questionnaire_code(question.job_id),
        "question_text": question.label,
        "question_answers": options(question.options),
        "question_format": FORMATS[question.kind],
        "question_order": str(order),
        "question_mandatory": "Yes" if question.required else "No",
        "question_correct_answer": "Yes" if question.kind == "yes_no" else "",
        "question_status": "Active",
    }


def options(values: Iterable[str]) -> str:
    """Join what can be chosen; inferred: by commas."""
    return ",".join(values)
