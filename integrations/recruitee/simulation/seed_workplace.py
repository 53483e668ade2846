"""The company's places, people and jobs, as Recruitee keeps them."""

import re
import unicodedata
from hashlib import sha256

from polyhire.simulators.company import Company, Job, Office, Stage, User
from polyhire.simulators.tables import Row, iso

from .identifiers import identifier, optional

# Far from the numbers of the company's own jobs: the pool of people without a job, and the pipeline of new offers.
POOL, DEFAULT = 900_000, 900_001
CATEGORIES = {"review": "apply", "screen": "phone_screen", "interview": "interview", "offer": "offer"}
# inferred: what the codes are
EMPLOYMENT = {
    "full_time": "fulltime_permanent",
    "part_time": "parttime_permanent",
    "contract": "freelance",
    "internship": "internship",
}
EXPERIENCE = {"Senior": "experienced", "Junior": "entry_level", "Lead": "manager"}
KINDS = {
    "short_text": "string",
    "long_text": "text",
    "yes_no": "boolean",
    "one_of": "single_choice",
    "many_of": "multi_choice",
    "file": "file",
}


def slug(text: str) -> str:
    """Write a name as part of a URL."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")


def departments(company: Company) -> list[Row]:
    # inferred: a status is a word; only some departments have one
    return [
        {"id": identifier("department", each.id), "name": each.name, "status": None if each.parent_id else "active"}
        for each in company.departments
    ]


def locations(company: Company) -> list[Row]:
    opened = iso(min(each.created_at for each in company.users))
    return [
        {
            "id": identifier("location", each.id),
            "name": each.name,
            **address(each),
            "created_at": opened,
            "updated_at": opened,
            "archived_at": None,
        }
        for each in company.offices
    ]


def address(office: Office | None) -> Row:
    """Write where an office is; all is null without one."""
    if office is None:
        return dict.fromkeys(("country_code", "state_name", "state_code", "city", "street", "postal_code"))
    return {
        "country_code": office.country_code,
        "state_name": office.region,
        "state_code": None,
        "city": office.city,
        "street": office.street,
        "postal_code": office.postal_code,
    }


def admins(company: Company) -> list[Row]:
    return [_admin(each) for each in company.users]


def _admin(user: User) -> Row:
    return {
        "id": identifier("admin", user.id),
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        # inferred: a role is a word
        "role": {"interviewer": "reviewer"}.get(user.role, user.role),
        "photo_thumb_url": None,
        "active": user.active,
    }


def named(company: Company) -> dict[str, list[Row]]:
    """Give what has little more than a name."""
    return {
        "source": [{"id": identifier("source", each.id), "name": each.name} for each in company.sources],
        "tag": [{"id": identifier("tag", each.id), "name": each.name} for each in company.tags],
        "reason": [
            {"id": identifier("reason", each.id), "name": each.name, "position": position}
            for position, each in enumerate(company.reject_reasons, start=1)
        ],
    }


def templates(company: Company) -> list[Row]:
    own = [_template(each.id, each.title, custom=True) for each in company.jobs]
    return [*own, _template(POOL, "Talent pool"), _template(DEFAULT, "Default", default=True)]


def _template(number: int, title: str, *, custom: bool = False, default: bool = False) -> Row:
    category = "talent_pool" if number == POOL else "job"
    return {
        "id": identifier("template", number),
        "title": f"{title} pipeline",
        "default": default,
        "custom": custom,
        "category": category,
    }


def stages(company: Company) -> list[Row]:
    new = (
        Stage(POOL, POOL, "Prospects", 0, "review"),
        Stage(DEFAULT, DEFAULT, "Applied", 0, "review"),
        Stage(DEFAULT + 1, DEFAULT, "Phone screen", 1, "screen"),
        Stage(DEFAULT + 2, DEFAULT, "Interview", 2, "interview"),
        Stage(DEFAULT + 3, DEFAULT, "Offer", 3, "offer"),
    )
    return [_stage(each) for each in (*company.stages, *new)]


def _stage(stage: Stage) -> Row:
    return {
        "id": identifier("stage", stage.id),
        "template_id": identifier("template", stage.job_id),
        "name": stage.name,
        "category": CATEGORIES[stage.kind],
        "group": CATEGORIES[stage.kind],
        "position": stage.position + 1,
    }


def offers(company: Company) -> list[Row]:
    places = {each.id: each for each in company.offices}
    return [*(_offer(company, each, places) for each in company.jobs), _pool(company)]


def status(job: Job) -> str:
    """Give the status of an offer: some that have closed are archived, and what is confidential is internal."""
    if job.status == "open":
        return "internal" if job.confidential else "published"
    return "archived" if job.status == "closed" and job.id % 8 == 3 else job.status


def blank(number: int, title: str) -> Row:
    """Give an offer of which only the title is known."""
    guid = sha256(f"{number}".encode()).hexdigest()[:5]
    return {
        "guid": guid,
        "slug": f"{slug(title)}-{guid}",
        "title": title,
        "kind": "job",
        "status": "draft",
        "description": "",
        "requirements": "",
        "location_ids": [],
        **dict.fromkeys(("department_id", "employment_type", "min_hours", "max_hours", "experience", "education")),
        **dict.fromkeys(("category", "salary", "recruiter_id", "hiring_manager_id", "published_at", "closed_at")),
        "remote": False,
        "number_of_openings": 1,
        "offer_tags": [],
        "template_id": identifier("template", DEFAULT),
        "questions": [],
    }


def _offer(company: Company, job: Job, places: dict[int, Office]) -> Row:
    level = next((code for word, code in EXPERIENCE.items() if job.title.startswith(word)), "mid_level")
    pay = job.salary
    return {
        "id": identifier("offer", job.id),
        **blank(job.id, job.title),
        "status": status(job),
        "description": job.description_html,
        "requirements": f"<p>Experience as a {job.title}</p>",
        "location_ids": [identifier("location", each) for each in job.office_ids],
        "department_id": optional("department", job.department_id),
        "employment_type": EMPLOYMENT[job.employment],
        "min_hours": 20 if job.employment == "part_time" else None,
        "max_hours": 32 if job.employment == "part_time" else 40,
        "experience": level,
        "salary": {"min": pay.low, "max": pay.high, "period": "year", "currency": pay.currency} if pay else None,
        "recruiter_id": identifier("admin", job.recruiter_ids[0]),
        "hiring_manager_id": identifier("admin", job.hiring_manager_ids[0]),
        "published_at": iso(job.opened_at),
        "closed_at": iso(job.closed_at),
        "remote": job.is_remote,
        "number_of_openings": job.openings,
        "offer_tags": [job.cost_centre] if job.cost_centre else [],
        "template_id": identifier("template", job.id),
        "questions": [
            {
                "id": identifier("question", each.id),
                "body": each.label,
                "kind": KINDS[each.kind],
                "required": each.required,
                "options": list(each.options),
            }
            for each in company.questions_of[job.id]
        ],
        "created_at": iso(job.created_at),
        "updated_at": iso(job.updated_at),
    }


def _pool(company: Company) -> Row:
    opened = iso(min(each.created_at for each in company.jobs))
    return {
        "id": identifier("offer", POOL),
        **blank(POOL, "People to remember"),
        "kind": "talent_pool",
        "status": "internal",
        "template_id": identifier("template", POOL),
        "created_at": opened,
        "updated_at": opened,
    }
