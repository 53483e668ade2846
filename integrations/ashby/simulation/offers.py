"""The calls about offers: a process is started for an application, an offer in it, and a form is filled."""

from collections.abc import Iterable
from typing import Any, Literal

from msgspec import UNSET, UnsetType

from polyhire.simulators.tables import Row

from . import forms, shapes
from .bodies import Body, CreatedAfter, Id, Submissions, given
from .calls import Call, listing, made_after
from .records import Records, invalid, missing


class _Offers(CreatedAfter):
    application_id: Id | UnsetType = UNSET
    offer_status: (
        list[
            Literal[
                "WaitingOnApprovalStart",
                "WaitingOnOfferApproval",
                "WaitingOnApprovalDefinition",
                "WaitingOnCandidateResponse",
                "CandidateRejected",
                "CandidateAccepted",
                "OfferCancelled",
            ]
        ]
        | UnsetType
    ) = UNSET
    acceptance_status: (
        list[Literal["Accepted", "Declined", "Pending", "Created", "Cancelled", "WaitingOnResponse"]] | UnsetType
    ) = UNSET


class _OfOffer(Body):
    offer_id: Id


class _StartProcess(Body):
    application_id: Id


class _Start(Body):
    offer_process_id: Id


class _Create(Body):
    offer_process_id: Id
    offer_form_id: Id
    offer_form: Submissions


class _Update(Body):
    # inferred: the sheet names the call without its keys
    offer_id: Id
    offer_form: Submissions


class _Approve(Body):
    # inferred: what is approved is a version of an offer
    offer_version_id: Id


def _offers(records: Records, body: _Offers) -> Iterable[Row]:
    records.check("application", body.application_id)
    rows = made_after(records.find("offer", **given(applicationId=body.application_id)), body)
    wanted = given(offerStatus=body.offer_status, acceptanceStatus=body.acceptance_status)
    return [row for row in rows if all(row[key] in values for key, values in wanted.items())]


def _info(records: Records, body: _OfOffer) -> Any:
    return shapes.offer(records, records.get("offer", body.offer_id))


def _start_process(records: Records, body: _StartProcess) -> Any:
    application = records.get("application", body.application_id)
    # inferred: an offer is made to somebody who is being considered
    if application["status"] != "Active":
        raise invalid(f"The application is {application['status']}")
    made = records.add("offer_process", {"applicationId": application["id"], "started": False})
    return {"id": made["id"], "applicationId": application["id"], "status": "WaitingOnOfferCreation"}


def _start(records: Records, body: _Start) -> Any:
    records.change("offer_process", body.offer_process_id, started=True)
    form = next(records.rows("offer_form"))
    return {"id": form["id"], "formDefinition": {"sections": form["sections"]}}


def _create(records: Records, body: _Create) -> Any:
    process = records.get("offer_process", body.offer_process_id)
    if not process["started"]:
        raise invalid("No offer has been started in this process")
    form = records.get("offer_form", body.offer_form_id)
    values = forms.submitted(form["sections"], body.offer_form)
    made = records.add(
        "offer",
        {
            "applicationId": process["applicationId"],
            "createdAt": records.moment(),
            "decidedAt": None,
            "acceptanceStatus": "Created",
            "offerStatus": "WaitingOnApprovalStart",
            "latestVersion": _version(records, values),
        },
    )
    records.change("offer_process", process["id"], started=False)
    return shapes.offer(records, made)


def _version(records: Records, values: dict[str, Any]) -> Row:
    row = {
        "startDate": values.get("start_date"),
        "salary": values.get("salary"),
        "openingId": values.get("opening_id"),
        "createdAt": records.moment(),
        "authorId": None,
        "approvalStatus": None,
    }
    return records.add("offer_version", row)


def _update(records: Records, body: _Update) -> Any:
    row = records.get("offer", body.offer_id)
    if row["decidedAt"]:
        raise invalid("The offer has been decided on")
    values = forms.submitted(next(records.rows("offer_form"))["sections"], body.offer_form, partly=True)
    before = row["latestVersion"]
    known = {"start_date": before["startDate"], "salary": before["salary"]}
    known["opening_id"] = before.get("openingId")
    version = _version(records, known | values)
    changes = {
        "latestVersion": version,
        "acceptanceStatus": "Created",
        "offerStatus": "WaitingOnApprovalStart",
    }
    return shapes.offer(records, records.change("offer", row["id"], **changes))


def _approve(records: Records, body: _Approve) -> Any:
    found = [row for row in records.rows("offer") if row["latestVersion"]["id"] == body.offer_version_id]
    if not found:
        raise missing("offer_version")
    if found[0]["latestVersion"]["approvalStatus"] == "Approved":
        raise invalid("The offer is approved already")
    changes = {
        "latestVersion": found[0]["latestVersion"] | {"approvalStatus": "Approved"},
        "acceptanceStatus": "WaitingOnResponse",
        "offerStatus": "WaitingOnCandidateResponse",
    }
    return shapes.offer(records, records.change("offer", found[0]["id"], **changes))


READ, WRITE = "offersRead", "offersWrite"
CALLS = (
    listing("offer.list", READ, _Offers, _offers, shapes.offer),
    Call("offer.info", READ, _OfOffer, _info),
    Call("offerProcess.start", WRITE, _StartProcess, _start_process),
    Call("offer.start", WRITE, _Start, _start),
    Call("offer.create", WRITE, _Create, _create),
    Call("offer.update", WRITE, _Update, _update),
    Call("offer.approve", WRITE, _Approve, _approve),
)
