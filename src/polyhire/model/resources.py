"""The seventeen resources of the unified model, in one table."""

from collections.abc import Mapping

from polyhire.errors import UnknownResource
from polyhire.model import (
    activities,
    applications,
    attachments,
    candidates,
    departments,
    eeocs,
    interviews,
    job_form_fields,
    job_interview_stages,
    jobs,
    offers,
    offices,
    organizations,
    reject_reasons,
    scorecards,
    tags,
    users,
)
from polyhire.model.methods import CUSTOM_METHODS, STANDARD_METHODS
from polyhire.model.record import Resource
from polyhire.suggest import did_you_mean, one_of

__all__ = ["CUSTOM_METHODS", "RESOURCES", "STANDARD_METHODS", "resource"]

RESOURCES: Mapping[str, Resource] = {
    module.RESOURCE.name: module.RESOURCE
    for module in (
        activities,
        applications,
        attachments,
        candidates,
        departments,
        eeocs,
        interviews,
        job_form_fields,
        job_interview_stages,
        jobs,
        offers,
        offices,
        organizations,
        reject_reasons,
        scorecards,
        tags,
        users,
    )
}


def resource(name: str) -> Resource:
    """The resource of this name; raises UnknownResource, with the nearest name, when there is none."""
    found = RESOURCES.get(name)
    if found is None:
        hint = did_you_mean(name, RESOURCES) or "."
        raise UnknownResource(f"There is no resource '{name}'{hint} The resources are: {one_of(RESOURCES)}.")
    return found
