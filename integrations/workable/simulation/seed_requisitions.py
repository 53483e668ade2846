"""Asks for the people whom the company's jobs are about, as Workable's requisitions."""

from collections.abc import Iterator
from datetime import timedelta

from polyhire.simulators.company import Company, Job
from polyhire.simulators.tables import Row

from .identifiers import identifier, shortcode, stamp

# inferred: the words for how one stands
STATES = {"open": ("approved", "open", "reserved"), "closed": ("filled", "cancelled", "filled"), "draft": ("pending",)}


def requisitions(company: Company) -> list[Row]:
    """Give one requisition for every opening of a job that has a cost centre."""
    return [row for job in company.jobs if job.cost_centre for row in _requisitions(job)]


def _requisitions(job: Job) -> Iterator[Row]:
    manager = identifier("member", job.hiring_manager_ids[0])
    recruiter = identifier("member", job.recruiter_ids[0])
    for opening in range(1, job.openings + 1):
        states = STATES[job.status]
        yield {
            "id": identifier("requisition", job.id * 8 + opening),
            "code": f"REQ-{job.id:04d}-{opening}",
            "job": shortcode(job.id),
            "department": identifier("department", job.department_id) if job.department_id else None,
            "hiring_manager": manager,
            "requester": recruiter,
            "owner": recruiter,
            "salary_range": {
                "from": job.salary.low,
                "to": job.salary.high,
                "frequency": "yearly",
                "currency": job.salary.currency,
                "currency_iso": job.salary.currency,
            }
            if job.salary
            else None,
            "state": states[(job.id + opening) % len(states)],
            "plan_date": (job.created_at + timedelta(days=90)).date().isoformat(),
            "approvers": [manager] if job.status != "draft" else [],
            "candidate": None,
            "created_at": stamp(job.created_at),
            "updated_at": stamp(job.updated_at),
        }
