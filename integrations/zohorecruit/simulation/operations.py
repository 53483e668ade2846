"""Every call of the API: its path, the scopes that it needs, its price in credits, and who carries it out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from starlette.responses import Response

from polyhire.simulators.kit import Ask, Refusal

from . import actions, attachments, lists, notes, records, search, settings, tags
from .state import Org

Perform: TypeAlias = Callable[[Org, Ask], Response]
LIST_PRICE = 3


def _no_relation(org: Org, ask: Ask) -> Response:
    # Documented for job openings as `associate`; live accounts refuse it like any other unknown relation.
    org.module(ask.values["module"])
    raise Refusal(400, "the relation name given seems to be invalid", code="INVALID_DATA")


@dataclass(frozen=True)
class Operation:
    """A call. A scope is `group.part.VERB`; the part `{module}` stands for the module of the path."""

    method: str
    path: str
    scopes: tuple[str, ...]
    perform: Perform
    price: int = 1


# The order matters: the first path that fits is taken.
OPERATIONS = (
    Operation("GET", "users", ("users..READ",), settings.list_users),
    Operation("GET", "users/{id}", ("users..READ",), settings.get_user),
    Operation("GET", "org", ("settings.org.READ",), settings.get_org),
    Operation("GET", "settings/modules", ("settings.modules.READ",), settings.list_modules),
    Operation("GET", "settings/fields", ("settings.fields.READ",), settings.list_fields),
    Operation("GET", "settings/tags", ("settings.tags.READ",), tags.list_tags),
    Operation("PUT", "Candidates/actions/associate", ("modules.candidate.UPDATE",), actions.associate),
    Operation("PUT", "Candidates/status", ("modules.candidate.UPDATE",), actions.candidate_status),
    Operation("PUT", "Applications/status", ("modules.application.UPDATE",), actions.application_status),
    Operation("PUT", "Job_Openings/status", ("modules.jobopening.UPDATE",), actions.job_status),
    Operation("PUT", "JobOpenings/status", ("modules.jobopening.UPDATE",), actions.job_status),
    Operation("PUT", "Offers/{id}/actions/status", ("modules.offer.UPDATE",), actions.offer_status),
    Operation("GET", "Candidates/{id}/associate", ("modules.candidate.READ",), actions.jobs_of_candidate),
    Operation("POST", "{module}/actions/add_tags", ("modules.{module}.UPDATE",), tags.add_tags),
    Operation("POST", "{module}/actions/remove_tags", ("modules.{module}.UPDATE",), tags.remove_tags),
    Operation("POST", "{module}/{id}/actions/add_tags", ("modules.{module}.UPDATE",), tags.add_tags),
    Operation("POST", "{module}/{id}/actions/remove_tags", ("modules.{module}.UPDATE",), tags.remove_tags),
    Operation("GET", "{module}/{id}/Attachments", ("modules.attachment.READ",), attachments.list_attachments),
    Operation("POST", "{module}/{id}/Attachments", ("modules.attachment.CREATE",), attachments.upload),
    Operation("GET", "{module}/{id}/Attachments/{attachment}", ("modules.attachment.READ",), attachments.download),
    Operation(
        "DELETE",
        "{module}/{id}/Attachments/{attachment}",
        ("modules.attachment.DELETE",),
        attachments.delete_attachment,
    ),
    Operation("GET", "{module}/{id}/Notes", ("modules.note.READ",), notes.list_notes),
    Operation("DELETE", "Notes/{id}", ("modules.note.DELETE",), records.delete_note),
    Operation("GET", "{module}/search", ("modules.{module}.READ", "search..READ"), search.search_records),
    Operation("POST", "{module}/upsert", ("modules.{module}.CREATE", "modules.{module}.UPDATE"), records.upsert),
    Operation("GET", "{module}", ("modules.{module}.READ",), lists.list_records, LIST_PRICE),
    Operation("POST", "{module}", ("modules.{module}.CREATE",), records.create),
    Operation("PUT", "{module}", ("modules.{module}.UPDATE",), records.update_many),
    Operation("DELETE", "{module}", ("modules.{module}.DELETE",), records.delete_many),
    Operation("GET", "{module}/{id}", ("modules.{module}.READ",), lists.get_record),
    Operation("PUT", "{module}/{id}", ("modules.{module}.UPDATE",), records.update),
    Operation("GET", "{module}/{id}/{relation}", ("modules.{module}.READ",), _no_relation),
)


def permit(org: Org, operation: Operation, ask: Ask, granted: tuple[str, ...]) -> None:
    """Refuse with 401 a token whose scopes don't cover a call."""
    for scope in operation.scopes:
        group, part, verb = scope.split(".")
        if part == "{module}":
            part = org.module(ask.values["module"]).scope
        # Zoho's documentation writes parts in the singular; some tenants know them in the plural.
        parts = (f".{part}", f".{part}s", "") if part else ("",)
        enough = {f"ZohoRecruit.{group}{each}.{word}" for each in parts for word in (verb, "ALL")}
        if not enough & set(granted):
            raise Refusal(401, "invalid oauth scope to access this URL", code="OAUTH_SCOPE_MISMATCH")
