"""What a company has before anybody applies: places, people who recruit, jobs and their stages.

Every id is an integer from 1, unique within its kind; every instant is UTC.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class Department:
    """A department; `parent_id` makes it a part of another."""

    id: int
    name: str
    parent_id: int | None


@dataclass(frozen=True)
class Office:
    """A place of work, or none at all when `is_remote`."""

    id: int
    name: str
    street: str | None
    city: str | None
    region: str | None
    postal_code: str | None
    country: str
    country_code: str
    is_remote: bool
    parent_id: int | None


@dataclass(frozen=True)
class User:
    """Someone with a login to the recruiting system; a few are no longer `active`."""

    id: int
    first_name: str
    last_name: str
    email: str
    title: str
    role: Literal["admin", "recruiter", "hiring_manager", "interviewer"]
    department_id: int
    office_id: int
    active: bool
    created_at: datetime

    @property
    def name(self) -> str:
        """First and last name, as people write them."""
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True)
class Source:
    """Where applications come from."""

    id: int
    name: str
    kind: Literal["job_board", "referral", "agency", "career_site", "prospecting"]


@dataclass(frozen=True)
class RejectReason:
    """Why an application ended; `by` says who ended it."""

    id: int
    name: str
    by: Literal["company", "candidate", "nobody"]


@dataclass(frozen=True)
class Tag:
    """A label for candidates."""

    id: int
    name: str


@dataclass(frozen=True)
class Stage:
    """A step of one job's pipeline; positions count from 0."""

    id: int
    job_id: int
    name: str
    position: int
    kind: Literal["review", "screen", "interview", "offer"]


@dataclass(frozen=True)
class Question:
    """A question of a job's application form; only the choosing kinds have `options`."""

    id: int
    job_id: int
    label: str
    kind: Literal["short_text", "long_text", "yes_no", "one_of", "many_of", "file"]
    required: bool
    private: bool
    options: tuple[str, ...]


@dataclass(frozen=True)
class Salary:
    """Yearly pay in whole units of `currency`."""

    currency: str
    low: int
    high: int


@dataclass(frozen=True)
class Job:
    """A job, its team, and when it opened and closed. A draft has never opened."""

    id: int
    title: str
    code: str | None
    status: Literal["open", "closed", "draft"]
    employment: Literal["full_time", "part_time", "contract", "internship"]
    department_id: int | None
    office_ids: tuple[int, ...]
    is_remote: bool
    confidential: bool
    description_html: str
    notes: str | None
    salary: Salary | None
    openings: int
    hiring_manager_ids: tuple[int, ...]
    recruiter_ids: tuple[int, ...]
    coordinator_ids: tuple[int, ...]
    cost_centre: str | None
    opened_at: datetime | None
    closed_at: datetime | None
    created_at: datetime
    updated_at: datetime
