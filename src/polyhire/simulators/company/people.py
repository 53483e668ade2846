"""Who applies, and what happens to them: applications, interviews, scorecards, offers, messages, files."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from .workplace import Salary


@dataclass(frozen=True)
class Contact:
    """An email, phone or web address with its kind, such as `home`, `mobile`, `linkedin` or `portfolio`."""

    value: str
    kind: str


@dataclass(frozen=True)
class Address:
    """Where a candidate lives; only city and country are sure to be known."""

    street: str | None
    city: str
    region: str | None
    postal_code: str | None
    country: str
    country_code: str


@dataclass(frozen=True)
class Candidate:
    """A person. An `anonymised` one has lost name, contacts, tags and files, and keeps its applications."""

    id: int
    first_name: str | None
    last_name: str | None
    preferred_name: str | None
    company: str | None
    title: str | None
    emails: tuple[Contact, ...]
    phones: tuple[Contact, ...]
    urls: tuple[Contact, ...]
    addresses: tuple[Address, ...]
    tag_ids: tuple[int, ...]
    source_id: int | None
    is_private: bool
    can_email: bool
    time_zone: str | None
    desired_salary: int | None
    anonymised: bool
    created_at: datetime
    updated_at: datetime
    last_activity_at: datetime | None

    @property
    def name(self) -> str:
        """The names that are known, joined; empty when none is."""
        return " ".join(part for part in (self.first_name, self.last_name) if part)


@dataclass(frozen=True)
class FormAnswer:
    """What a candidate answered to a question of the job's form; null when it was left empty."""

    question_id: int
    value: str | bool | tuple[str, ...] | None


@dataclass(frozen=True)
class Application:
    """One candidate for one job (or none: a prospect). Active ones have a stage; hired ones have none."""

    id: int
    candidate_id: int
    job_id: int | None
    stage_id: int | None
    status: Literal["active", "rejected", "hired"]
    source_id: int | None
    credited_to_id: int | None
    recruiter_id: int | None
    coordinator_id: int | None
    answers: tuple[FormAnswer, ...]
    reject_reason_id: int | None
    rejected_by_id: int | None
    rejected_at: datetime | None
    hired_at: datetime | None
    created_at: datetime
    updated_at: datetime
    last_activity_at: datetime | None


@dataclass(frozen=True)
class Interview:
    """A meeting of one application at one stage."""

    id: int
    application_id: int
    stage_id: int
    name: str
    status: Literal["scheduled", "awaiting_feedback", "complete", "cancelled"]
    organizer_id: int | None
    interviewer_ids: tuple[int, ...]
    starts_at: datetime
    ends_at: datetime
    location: str | None
    video_url: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Scorecard:
    """An interviewer's verdict; a draft has no `submitted_at` and may have no rating."""

    id: int
    application_id: int
    interview_id: int
    interviewer_id: int
    rating: Literal["strong_no", "no", "yes", "strong_yes"] | None
    takeaways: str | None
    attributes: tuple[tuple[str, str], ...]
    answers: tuple[tuple[str, str | None], ...]
    submitted_at: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Offer:
    """An offer; `created` is not yet sent, and only the last two are resolved."""

    id: int
    application_id: int
    version: int
    status: Literal["created", "sent", "accepted", "rejected"]
    salary: Salary
    creator_id: int
    starts_on: date | None
    sent_on: date | None
    resolved_at: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Activity:
    """A note or an email about a candidate, or something the system noted down by itself (no author)."""

    id: int
    candidate_id: int
    application_id: int | None
    author_id: int | None
    kind: Literal["note", "email", "event"]
    subject: str | None
    body: str
    sender: str | None
    to: tuple[str, ...]
    cc: tuple[str, ...]
    visibility: Literal["public", "private", "admin_only"]
    created_at: datetime


@dataclass(frozen=True)
class Eeoc:
    """Voluntary answers about oneself; each may be missing."""

    id: int
    application_id: int
    gender: str | None
    race: str | None
    veteran_status: str | None
    disability_status: str | None
    submitted_at: datetime


@dataclass(frozen=True)
class Attachment:
    """A file of a candidate; its bytes come from `document(attachment)`."""

    id: int
    candidate_id: int
    application_id: int | None
    kind: Literal["resume", "cover_letter", "other"]
    file_name: str
    content_type: str
    text: str
    created_at: datetime
