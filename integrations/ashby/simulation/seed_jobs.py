"""The company's jobs, what they are advertised as, and the plans that their applications go through."""

from polyhire.simulators.company import Company, Job, Salary
from polyhire.simulators.tables import Row

from .forms import application_form
from .records import identifier, stamp

BRAND = identifier("brand", 1)
STAGE_TYPES = {"review": "PreInterviewScreen", "screen": "Active", "interview": "Active", "offer": "Offer"}
EMPLOYMENT = {
    "full_time": "FullTime",
    "part_time": "PartTime",
    "contract": "Contract",
    "internship": "Intern",
}


class Plans:
    """The interview plans: jobs whose stages are the same share one, and with it the ids of its stages."""

    def __init__(self, company: Company) -> None:
        self.plans: list[Row] = []
        self.stages: list[Row] = []
        self.of_job: dict[int, str] = {}
        numbers: dict[tuple[str, ...], int] = {}
        for job in company.jobs:
            steps = [(each.name, STAGE_TYPES[each.kind]) for each in company.stages_of[job.id]]
            key = tuple(name for name, _ in steps)
            if key not in numbers:
                numbers[key] = len(numbers) + 1
                self._add(numbers[key], f"Plan {numbers[key]}: {' · '.join(key[1:-1])}", steps)
            self.of_job[job.id] = identifier("interview plan", numbers[key])
        self._add(9000, "Plan of the old days", [("Letter", "Active")], archived=True)
        self._by_title = {(each["interviewPlanId"], each["title"]): each for each in self.stages}

    def stage(self, plan_id: str, title: str) -> Row:
        """Give the stage of this title in a plan."""
        return self._by_title[plan_id, title]

    def _add(self, number: int, title: str, steps: list[tuple[str, str]], *, archived: bool = False) -> None:
        plan_id = identifier("interview plan", number)
        self.plans.append({"id": plan_id, "title": title, "isArchived": archived})
        whole = [("New Lead", "Lead"), *steps, ("Hired", "Hired"), ("Archived", "Archived")]
        for order, (name, kind) in enumerate(whole):
            self.stages.append(
                {
                    "id": identifier("interview stage", number * 100 + order),
                    "title": name,
                    "type": kind,
                    "orderInInterviewPlan": order,
                    "interviewStageGroupId": identifier("stage group", order) if order % 3 == 1 else None,
                    "interviewPlanId": plan_id,
                }
            )


def jobs(company: Company, plans: Plans) -> list[Row]:
    return [_job(each, plans.of_job[each.id]) for each in company.jobs]


def _job(job: Job, plan_id: str) -> Row:
    places = [identifier("location", each) for each in job.office_ids]
    manager = identifier("user", job.hiring_manager_ids[0])
    status = "Archived" if job.status == "closed" and job.id % 16 == 7 else job.status.capitalize()
    team = [("Hiring Manager", job.hiring_manager_ids), ("Recruiter", job.recruiter_ids)]
    team.append(("Coordinator", job.coordinator_ids))
    return {
        "id": identifier("job", job.id),
        "title": job.title,
        "confidential": job.confidential,
        "status": status,
        "employmentType": EMPLOYMENT[job.employment],
        "locationId": places[0] if places else None,
        "secondaryLocationIds": places[1:] or None,
        "departmentId": identifier("department", job.department_id) if job.department_id else None,
        "defaultInterviewPlanId": plan_id,
        "interviewPlanIds": [plan_id],
        "customFields": _custom_fields(job),
        "customRequisitionId": job.code,
        "brandId": BRAND,
        "hiringTeam": [
            {"userId": identifier("user", each), "role": role} for role, members in team for each in members
        ],
        "authorId": manager,
        "createdAt": stamp(job.created_at),
        "updatedAt": stamp(job.updated_at),
        "openedAt": stamp(job.opened_at) if job.opened_at else None,
        "closedAt": stamp(job.closed_at) if job.closed_at else None,
        "openings": [_opening(job, number) for number in range(job.openings)],
        "compensation": _compensation(job.id, job.salary),
    }


def _custom_fields(job: Job) -> list[Row]:
    if job.cost_centre is None:
        return []
    return [
        {
            "id": identifier("custom field", 1),
            "isPrivate": True,
            "title": "Cost centre",
            "value": job.cost_centre,
        }
    ]


def _opening(job: Job, number: int) -> Row:
    made: Row = {"id": identifier("opening", job.id * 10 + number)}
    if job.opened_at:
        made["openedAt"] = stamp(job.opened_at)
    if job.closed_at:
        made["closedAt"] = stamp(job.closed_at)
    made["openingState"] = job.status.capitalize()
    identifier_shown = f"{job.code or 'MW'}-{number + 1}"
    version = {"id": identifier("opening version", job.id * 10 + number), "identifier": identifier_shown}
    return {**made, "latestVersion": version}


def _compensation(number: int, salary: Salary | None) -> Row:
    if salary is None:
        return {"compensationTiers": []}
    summary = f"{salary.currency} {salary.low:,} – {salary.high:,}"
    pay = {
        "compensationType": "Salary",
        "interval": "1 YEAR",
        "currencyCode": salary.currency,
        "minValue": salary.low,
        "maxValue": salary.high,
        "label": "Salary",
        "summary": summary,
    }
    equity = {
        "compensationType": "EquityPercentage",
        "interval": "NONE",
        "currencyCode": None,
        "minValue": None,
        "maxValue": None,
        "label": "Equity",
        "summary": "Offers equity",
    }
    # A tier may say something of equity before it comes to the salary.
    components = [equity, pay] if number % 4 == 0 else [pay]
    tier = {
        "id": identifier("compensation tier", number),
        "title": "Standard",
        "components": components,
        "tierSummary": summary,
    }
    return {"compensationTiers": [tier]}


def postings(company: Company) -> list[Row]:
    """Advertise each job that has ever opened, every sixth of them twice."""
    return [
        _posting(company, job, copy)
        for job in company.jobs
        if job.opened_at
        for copy in range(2 if job.id % 6 == 0 else 1)
    ]


def _posting(company: Company, job: Job, copy: int) -> Row:
    posting_id = identifier("job posting", job.id * 10 + copy)
    department = next((each for each in company.departments if each.id == job.department_id), None)
    offices = [each for each in company.offices if each.id in job.office_ids]
    places = [identifier("location", each.id) for each in offices]
    url = f"https://jobs.ashbyhq.com/meridian-workshop/{posting_id}"
    return {
        "id": posting_id,
        "title": job.title if copy == 0 else f"{job.title} (again)",
        "jobId": identifier("job", job.id),
        "descriptionHtml": job.description_html,
        "descriptionPlain": f"We look for a {job.title}.",
        "departmentName": department.name if department else None,
        "teamName": department.name if department else None,
        "locationName": offices[0].name if offices else None,
        "locationIds": ({"primaryLocationId": places[0], "secondaryLocationIds": places[1:]} if places else None),
        "workplaceType": "Remote" if job.is_remote else (None, "Hybrid", "OnSite")[job.id % 3],
        "isRemote": job.is_remote,
        "employmentType": EMPLOYMENT[job.employment],
        "isListed": job.status == "open" and not job.confidential,
        "status": "Published" if job.status == "open" else "Draft",
        "publishedDate": stamp(job.opened_at)[:10] if job.opened_at else None,
        "updatedAt": stamp(job.updated_at),
        "externalLink": url,
        "applyLink": f"{url}/application",
        "compensation": _compensation(job.id, job.salary),
        "linkedData": {"@context": "https://schema.org/", "@type": "JobPosting", "title": job.title},
        "applicationFormDefinition": application_form(company, job.id),
    }
