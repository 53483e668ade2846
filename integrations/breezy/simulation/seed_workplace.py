"""The company before anybody applies, as Breezy keeps it: users, positions, and what they are sorted by."""

from polyhire.simulators.company import Company, Job, Office, User
from polyhire.simulators.tables import Row, iso

from .identifiers import friendly, identifier, initials
from .seed_forms import application_form, questionnaire_of
from .seed_pipelines import Plan

TYPES = (
    {"id": "fullTime", "name": "Full-Time"},
    {"id": "partTime", "name": "Part-Time"},
    {"id": "contract", "name": "Contract"},
    {"id": "temporary", "name": "Temporary"},
    {"id": "other", "name": "Other"},
)
TYPE_OF = {"full_time": "fullTime", "part_time": "partTime", "contract": "contract", "internship": "other"}
# inferred: the ids of experience, education and category
EXPERIENCES = (
    {"id": "entry-level", "name": "Entry Level"},
    {"id": "mid-level", "name": "Mid Level"},
    {"id": "senior-level", "name": "Senior Level"},
)
LEVELS = {"Senior": "senior-level", "Lead": "senior-level", "Junior": "entry-level"}
EDUCATIONS = (
    {"id": "unspecified", "name": "Unspecified"},
    {"id": "bachelors-degree", "name": "Bachelor's Degree"},
    {"id": "masters-degree", "name": "Master's Degree"},
)
CATEGORIES = (
    {"id": "engineering", "name": "Engineering"},
    {"id": "sales", "name": "Sales"},
    {"id": "finance", "name": "Finance"},
    {"id": "other", "name": "Other"},
)
ROLES = {
    "admin": "Administrator",
    "recruiter": "Recruiter",
    "hiring_manager": "Hiring Manager",
    "interviewer": "Member",
}
COLOURS = ("#2b8a3e", "#1864ab", "#862e9c", "#d9480f")
STATES = ("draft", "archived", "published", "closed", "pending")


def chosen(options: tuple[dict[str, str], ...], option_id: str | None) -> Row | None:
    """Give the option with this id."""
    return next((dict(each) for each in options if each["id"] == option_id), None)


def users(company: Company) -> list[Row]:
    return [_user(each) for each in company.users]


def _user(user: User) -> Row:
    return {
        "_id": identifier("user", user.id),
        "name": user.name,
        "email_address": user.email,
        "username": user.email.partition("@")[0],
        "initial": initials(user.name),
        "hex_color": COLOURS[user.id % len(COLOURS)],
        "profile_photo_url": None,
        "creation_date": iso(user.created_at),
        "role": {"id": user.role, "name": ROLES[user.role]},
    }


def company_row(company: Company, company_id: str) -> Row:
    """Show the company itself."""
    moment = iso(min(each.created_at for each in company.users))
    return {
        "_id": company_id,
        "name": company.name,
        "friendly_id": friendly(company.name),
        "initial": company.name[0],
        "member_count": sum(each.active for each in company.users),
        "creation_date": moment,
        "updated_date": moment,
    }


def departments(company: Company, company_id: str) -> list[Row]:
    return [
        {"_id": identifier("department", each.id), "company": company_id, "name": each.name}
        for each in company.departments
    ]


def positions(company: Company, company_id: str, plan: Plan) -> list[Row]:
    """Show the jobs, and a pool for whoever is wanted for none of them."""
    made = [_position(company, company_id, job, plan) for job in company.jobs]
    adrift = any(each.job_id is None for each in company.applications)
    if adrift or not all(company.applications_of.values()):
        made.append(_pool(company, company_id, plan))
    return made


def position_id(job_id: int | None) -> str:
    """Give the id of a job's position, or of the pool."""
    return identifier("pool", 1) if job_id is None else identifier("position", job_id)


def _state(job: Job) -> str:
    if job.status == "draft":
        return "pending" if job.id % 20 == 0 else "draft"
    if job.status == "closed":
        return "archived" if job.id % 8 == 7 else "closed"
    return "published"


def _position(company: Company, company_id: str, job: Job, plan: Plan) -> Row:
    department = next((each.name for each in company.departments if each.id == job.department_id), None)
    row = {
        "_id": position_id(job.id),
        "company": company_id,
        "type": chosen(TYPES, TYPE_OF[job.employment]),
        "state": _state(job),
        "name": job.title,
        "friendly_id": friendly(job.title, position_id(job.id)),
        "experience": chosen(EXPERIENCES, LEVELS.get(job.title.split()[0])),
        "location": _location(company, job),
        "education": chosen(EDUCATIONS, "unspecified" if job.id % 3 else "masters-degree"),
        "department": department,
        "requisition_id": job.code,
        "description": job.description_html,
        "category": chosen(CATEGORIES, (department or "").lower()) or chosen(CATEGORIES, "other"),
        "application_form": application_form(job),
        **_team(job),
        "creation_date": iso(job.created_at),
        "updated_date": iso(job.updated_at),
        "candidate_type": "applicant",
        "tags": ["urgent", "Nürnberg"][: job.id % 3] if job.id % 5 == 0 else [],
        "org_type": "position",
        "pipeline_id": plan.of_job[job.id]["_id"],
        "custom_attributes": _attributes(job),
    }
    questionnaire = questionnaire_of(company, job.id)
    if questionnaire:
        row["questionnaire_id"] = questionnaire
    if job.id % 2:
        row["scorecard_id"] = identifier("scorecard template", 1)
    if job.confidential:
        row["bias_enabled"] = True
    return row


def _team(job: Job) -> Row:
    admins = [identifier("user", each) for each in job.hiring_manager_ids]
    others = [identifier("user", each) for each in (*job.recruiter_ids, *job.coordinator_ids)]
    creator = identifier("user", job.recruiter_ids[0]) if job.id % 6 else None
    return {"creator_id": creator, "all_users": [*admins, *dict.fromkeys(others)], "all_admins": admins}


def _attributes(job: Job) -> list[Row] | None:
    found = []
    if job.cost_centre:
        found.append({"name": "Cost centre", "value": job.cost_centre, "secure": False})
    if job.salary:
        found.append({"name": "Budget", "value": f"{job.salary.high} {job.salary.currency}", "secure": True})
    return found or None


def _location(company: Company, job: Job) -> Row | None:
    office = next((each for each in company.offices if each.id in job.office_ids), None)
    return None if office is None else place(office, job.is_remote)


def place(office: Office, is_remote: bool) -> Row:
    """Show a place of work; old ones don't say whether it is remote."""
    shown: Row = {"country": {"id": office.country_code, "name": office.country}}
    if office.region:
        # inferred: the ids of regions
        shown["state"] = {"id": friendly(office.region), "name": office.region}
    shown |= {"city": office.city, "is_remote": is_remote or (None if office.id % 5 == 4 else False)}
    shown["name"] = ", ".join(filter(None, [office.city, office.country_code]))
    if office.street:
        shown["streetAddress"] = office.street
    return shown


def _pool(company: Company, company_id: str, plan: Plan) -> Row:
    moment = iso(min(each.created_at for each in company.candidates))
    return {
        "_id": position_id(None),
        "company": company_id,
        "type": chosen(TYPES, "other"),
        "state": "published",
        "name": "Talent pool",
        "friendly_id": friendly("Talent pool", position_id(None)),
        **dict.fromkeys(("experience", "location", "education", "requisition_id")),
        "department": "",
        "description": "",
        "category": chosen(CATEGORIES, "other"),
        "application_form": application_form(None),
        "creator_id": None,
        "all_users": [identifier("user", company.users[0].id)],
        "all_admins": [],
        "creation_date": moment,
        "updated_date": moment,
        "candidate_type": "sourced",
        "tags": [],
        "org_type": "pool",
        "pipeline_id": plan.default["_id"],
        "custom_attributes": None,
    }
