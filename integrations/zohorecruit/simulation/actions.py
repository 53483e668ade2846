"""What clients do to candidates and jobs: associate them, and change the status of either or of the pair."""

from collections.abc import Iterable, Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

from polyhire.simulators import bodies, guards
from polyhire.simulators.bodies import Check, read_json
from polyhire.simulators.guards import read_query
from polyhire.simulators.kit import Ask, Refusal
from polyhire.simulators.tables import Row

from .answers import Wrong, success
from .lists import PAGING, cut, found
from .records import MOST
from .schema import Module
from .shown import show
from .state import Org
from .values import read_value

IDS = bodies.items(bodies.filled, least=1)


def _read(ask: Ask, keys: Mapping[str, Check], required: Iterable[str], *, most: int = MOST) -> list[Row]:
    read_query(ask, {})
    row = bodies.shape({**keys, "comments": bodies.nullable(bodies.text)}, required=list(required))
    body = read_json(ask, bodies.shape({"data": bodies.items(row, least=1)}, required=["data"]))
    data: list[Row] = body["data"]
    if len(data) > most or any(len(each.get("ids", ())) > MOST for each in data):
        message = f"data takes at most {most} records, each with at most {MOST} ids"
        raise Refusal(400, message, code="INVALID_DATA")
    return data


def _nested(rows: Iterable[list[Row]]) -> Response:
    # A list of lists: one for each row that was sent, with a result for each record that it names.
    return JSONResponse({"data": list(rows)})


def _record(org: Org, name: str, row_id: str) -> Row:
    row = org.get(name, row_id)
    if row is None:
        code = "ID_ALREADY_DELETED" if row_id in org.deleted else "INVALID_DATA"
        raise Wrong(code, "the id given seems to be invalid", id=row_id)
    return row


def _tried(action: Any, *given: Any) -> Row:
    try:
        done: Row = action(*given)
    except Wrong as wrong:
        return wrong.row
    return done


def associate(org: Org, ask: Ask) -> Response:
    """Make an application for each candidate and each job of a row. inferred: its answer is nested, too."""

    def paired(candidate_id: str, job_id: str) -> Row:
        pair = {"id": candidate_id, "jobid": job_id}
        candidate = _record(org, "Candidates", candidate_id)
        _record(org, "Job_Openings", job_id)
        if candidate.get("Is_Locked"):
            raise Wrong("RECORD_LOCKED", "the record is locked", **pair)
        if org.application(candidate_id, job_id):
            raise Wrong("ALREADY_ASSOCIATED", "the candidate is associated with this job opening already", **pair)
        values = {"Application_Status": "Associated", "Candidate": candidate_id, "job": job_id}
        org.insert(org.modules["Applications"], {**values, "Source": candidate.get("Source"), "Rating": None})
        changes = {"Candidate_Status": "Associated"} if candidate.get("Candidate_Status") == "New" else {}
        org.change(org.modules["Candidates"], candidate, changes)
        # The reply does not tell the id of the application.
        return success("candidate associated successfully", pair)

    rows = _read(ask, {"ids": IDS, "jobids": IDS}, ["ids", "jobids"])
    return _nested([_tried(paired, one, job) for one in row["ids"] for job in row["jobids"]] for row in rows)


def _set(org: Org, module: Module, row: Row, key: str, status: str) -> None:
    field = module.field(key)
    assert field is not None
    org.change(module, row, {key: read_value(org, field, status)})


def candidate_status(org: Org, ask: Ask) -> Response:
    """Change the status of candidates, or with `jobids` that of their applications and not their own."""

    def change(row: Row, candidate_id: str) -> Row:
        candidate = _record(org, "Candidates", candidate_id)
        if "jobids" not in row:
            _set(org, org.modules["Candidates"], candidate, "Candidate_Status", row["Candidate_Status"])
            return success("status changed successfully", {"id": candidate_id})
        applications = [org.application(candidate_id, job_id) for job_id in row["jobids"]]
        if None in applications:
            raise Wrong("INVALID_DATA", "the candidate is not associated with this job opening", id=candidate_id)
        for application in applications:
            assert application is not None
            _set(org, org.modules["Applications"], application, "Application_Status", row["Candidate_Status"])
        return success("status changed successfully", {"id": candidate_id})

    keys = {"ids": IDS, "jobids": IDS, "Candidate_Status": bodies.filled}
    rows = _read(ask, keys, ["ids", "Candidate_Status"])
    return _nested([_tried(change, row, each) for each in row["ids"]] for row in rows)


def _status(org: Org, ask: Ask, name: str, key: str) -> Response:
    def change(row: Row, row_id: str) -> Row:
        _set(org, org.modules[name], _record(org, name, row_id), key, row[key])
        return success("status changed successfully", {"id": row_id})

    rows = _read(ask, {"ids": IDS, key: bodies.filled}, ["ids", key])
    return _nested([_tried(change, row, each) for each in row["ids"]] for row in rows)


def application_status(org: Org, ask: Ask) -> Response:
    """Change the status of applications by their own ids. inferred: the key `Application_Status`."""
    return _status(org, ask, "Applications", "Application_Status")


def job_status(org: Org, ask: Ask) -> Response:
    """Change the status of job openings. inferred: the key `Job_Opening_Status`."""
    return _status(org, ask, "Job_Openings", "Job_Opening_Status")


def offer_status(org: Org, ask: Ask) -> Response:
    """Change the status of one offer. inferred: the body."""
    offer = found(org, "Offers", ask.values["id"])
    (row,) = _read(ask, {"Offer_Status": bodies.filled}, ["Offer_Status"], most=1)

    def change() -> Row:
        _set(org, org.modules["Offers"], offer, "Offer_Status", row["Offer_Status"])
        return success("status changed successfully", {"id": offer["id"]})

    return JSONResponse({"data": [_tried(change)]})


def jobs_of_candidate(org: Org, ask: Ask) -> Response:
    """Answer one page of the job openings that a candidate is associated with."""
    query = read_query(ask, {**PAGING, "posting_title": guards.text})
    candidate = found(org, "Candidates", ask.values["id"])
    openings = [org.get("Job_Openings", row["job"]) for row in org.of("Applications", candidate["id"])]
    # inferred: a part of the title is enough
    wanted = query.get("posting_title", "").casefold()
    rows = [row for row in openings if row is not None and wanted in row["Posting_Title"].casefold()]
    return cut(rows, query, lambda row: show(org, org.modules["Job_Openings"], row))
