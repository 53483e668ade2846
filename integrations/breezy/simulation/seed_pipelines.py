"""Pipelines: each different row of stages that the company's jobs have is one, the commonest the default."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from polyhire.simulators.company import Application, Company, Stage
from polyhire.simulators.tables import Row, iso

from .identifiers import identifier

Steps: TypeAlias = tuple[tuple[str, str], ...]
TYPES = {
    "applied": {"id": "applied", "name": "Applied", "icon": "inbox"},
    "custom": {"id": "custom", "name": "Custom", "icon": "circle"},
    "interviewing": {"id": "interviewing", "name": "Interviewing", "icon": "calendar"},
    "offer": {"id": "offer", "name": "Offer", "icon": "file"},
    "hired": {"id": "hired", "name": "Hired", "icon": "check"},
    "disqualified": {"id": "disqualified", "name": "Disqualified", "icon": "ban"},
}
TYPE_OF = {"review": "applied", "screen": "custom", "interview": "interviewing", "offer": "offer"}
BUILT_IN = ("applied", "offer", "hired", "disqualified")
WITHDREW = "Withdrew"
# Breezy numbers the stages that people add by the clock; in old pipelines these are numbers, else text.
FIRST_NUMBER = 1_480_000_000_000


@dataclass(frozen=True)
class Plan:
    """The pipelines of a company in the order in which they are shown, and which one each job has."""

    rows: tuple[Row, ...]
    of_job: Mapping[int, Row]

    @property
    def default(self) -> Row:
        """The pipeline of whatever has none of its own."""
        return self.rows[0]


def plan(company: Company, company_id: str) -> Plan:
    """Find out the pipelines of a company."""
    steps: dict[int, Steps] = {
        job.id: tuple((each.name, each.kind) for each in company.stages_of[job.id]) for job in company.jobs
    }
    found = [each for each, _ in Counter(steps.values()).most_common()]
    rows = {each: _pipeline(company, company_id, each, number, len(found)) for number, each in enumerate(found)}
    return Plan(tuple(rows.values()), {job: rows[each] for job, each in steps.items()})


def _pipeline(company: Company, company_id: str, steps: Steps, number: int, count: int) -> Row:
    legacy, extra = 0 < number == count - 1, 0 < number < count - 1
    stages = [_stage(name, TYPE_OF[kind], 100 * number + place, legacy) for place, (name, kind) in enumerate(steps)]
    stages += [_stage("Hired", "hired", 0, legacy), _stage("Disqualified", "disqualified", 0, legacy)]
    if extra:
        stages.append({**_stage(WITHDREW, "disqualified", 0, legacy), "id": str(FIRST_NUMBER + 100 * number + 99)})
    moment = iso(min(job.created_at for job in company.jobs))
    return {
        "_id": identifier(f"pipeline {company_id}", number),
        "company": company_id,
        "name": "Default pipeline" if number == 0 else f"Pipeline {number + 1}",
        # inferred: its type is one word
        "type": "default" if number == 0 else "custom",
        "pipeline": stages,
        "creation_date": moment,
        "updated_date": moment,
    }


def _stage(name: str, kind: str, number: int, legacy: bool) -> Row:
    if kind in BUILT_IN:
        stage_id: str | int = kind
    else:
        stage_id = FIRST_NUMBER + number if legacy else str(FIRST_NUMBER + number)
    shown: dict[str, Any] = {key: TYPES[kind][key] for key in ("id", "name")}
    stage: Row = {"id": stage_id, "name": name, "type": shown}
    if kind == "interviewing" and not legacy:
        stage["sub_stages"] = [{"id": f"{stage_id}-1", "name": "Scheduled"}, {"id": f"{stage_id}-2", "name": "Held"}]
    return stage


def reached(pipeline: Row, stage: Row) -> Row:
    """Show a stage of a pipeline as the stage that a candidate is in; old pipelines tell no type of those added."""
    if isinstance(stage["id"], int):
        return {"id": stage["id"], "name": stage["name"]}
    return {"id": stage["id"], "name": stage["name"], "type": TYPES[stage["type"]["id"]]}


def stage_of(company: Company, application: Application, pipeline: Row) -> Row:
    """Find where an application stands; who was hired or rejected stands in the stage for that."""
    stages = pipeline["pipeline"]
    wanted = {"hired": "Hired", "rejected": "Disqualified"}.get(application.status)
    if application.reject_reason_id and _by_candidate(company, application) and _named(stages, WITHDREW):
        wanted = WITHDREW
    if wanted is None and application.stage_id:
        wanted = next(each.name for each in _stages(company, application) if each.id == application.stage_id)
    return reached(pipeline, (_named(stages, wanted) or stages)[0])


def _by_candidate(company: Company, application: Application) -> bool:
    return any(each.id == application.reject_reason_id and each.by == "candidate" for each in company.reject_reasons)


def _stages(company: Company, application: Application) -> tuple[Stage, ...]:
    return company.stages_of[application.job_id] if application.job_id else ()


def _named(stages: list[Row], name: str | None) -> list[Row]:
    return [each for each in stages if each["name"] == name]
