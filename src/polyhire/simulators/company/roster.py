"""The company as one value, with the few look-ups every simulator needs."""

from dataclasses import dataclass
from functools import cached_property

from .people import Activity, Application, Attachment, Candidate, Eeoc, Interview, Offer, Scorecard
from .workplace import Department, Job, Office, Question, RejectReason, Source, Stage, Tag, User


@dataclass(frozen=True)
class Company:
    """Everything the company knows, each list in order of id. It never changes: simulators copy from it."""

    name: str
    departments: tuple[Department, ...]
    offices: tuple[Office, ...]
    users: tuple[User, ...]
    sources: tuple[Source, ...]
    reject_reasons: tuple[RejectReason, ...]
    tags: tuple[Tag, ...]
    jobs: tuple[Job, ...]
    stages: tuple[Stage, ...]
    questions: tuple[Question, ...]
    candidates: tuple[Candidate, ...]
    applications: tuple[Application, ...]
    interviews: tuple[Interview, ...]
    scorecards: tuple[Scorecard, ...]
    offers: tuple[Offer, ...]
    activities: tuple[Activity, ...]
    eeocs: tuple[Eeoc, ...]
    attachments: tuple[Attachment, ...]

    @cached_property
    def stages_of(self) -> dict[int, tuple[Stage, ...]]:
        """Each job's stages in order of position, by job id."""
        return {job.id: tuple(stage for stage in self.stages if stage.job_id == job.id) for job in self.jobs}

    @cached_property
    def questions_of(self) -> dict[int, tuple[Question, ...]]:
        """Each job's form, by job id."""
        return {job.id: tuple(each for each in self.questions if each.job_id == job.id) for job in self.jobs}

    @cached_property
    def applications_of(self) -> dict[int, tuple[Application, ...]]:
        """Each candidate's applications, by candidate id; some have none."""
        found: dict[int, list[Application]] = {candidate.id: [] for candidate in self.candidates}
        for application in self.applications:
            found[application.candidate_id].append(application)
        return {key: tuple(rows) for key, rows in found.items()}

    @cached_property
    def attachments_of(self) -> dict[int, tuple[Attachment, ...]]:
        """Each candidate's files, by candidate id; some have none."""
        found: dict[int, list[Attachment]] = {candidate.id: [] for candidate in self.candidates}
        for attachment in self.attachments:
            found[attachment.candidate_id].append(attachment)
        return {key: tuple(rows) for key, rows in found.items()}
