"""Files, résumés and offers, whose bytes are for whoever has credentials."""

from functools import partial
from urllib.parse import quote

from starlette.responses import Response

from polyhire.simulators import guards
from polyhire.simulators.company import Document
from polyhire.simulators.kit import Refusal
from polyhire.simulators.tables import Row

from . import shapes
from .calls import PAGED, Call, Endpoint, gone, one, rows
from .identifiers import present
from .seed_files import described
from .state import missing, unfit

LARGEST = 30 * 1024 * 1024
SHOW = {"file": shapes.file, "resume": shapes.resume, "offer": shapes.offer}


def find(kind: str, call: Call) -> Response:
    """List the files, résumés or offers of an opportunity."""
    return rows(call, call.lever.of(kind, call.opportunity()["id"]), partial(SHOW[kind], call))


def read(kind: str, call: Call) -> Response:
    """Give one file or résumé."""
    return one(SHOW[kind](call, call.child(kind)))


def upload(call: Call) -> Response:
    """Keep a file, sent as the only part of a multipart form."""
    opportunity, ask = call.opportunity(), call.ask
    if ask.content_type != "multipart/form-data":
        raise Refusal(415, "Content-Type must be multipart/form-data")
    if [name for name, _ in ask.parts] != ["file"]:
        raise unfit("file", "must be the only part of the form")
    document = ask.parts[0][1]
    if not isinstance(document, Document) or not document.name or not document.content:
        raise unfit("file", "must have a name and content")
    if len(document.content) > LARGEST:
        raise unfit("file", "must be at most 30 MB")
    row = call.lever.add("file", {"opportunityId": opportunity["id"], **described(document, present())})
    call.lever.documents[row["id"]] = document
    call.lever.stir(opportunity)
    return one(shapes.file(call, row), 201)


def delete(call: Call) -> Response:
    """Delete a file."""
    call.lever.remove("file", call.child("file"))
    call.lever.stir(call.opportunity())
    return gone()


def download(kind: str, call: Call) -> Response:
    """Send the bytes of a file or résumé."""
    return _bytes(call, call.child(kind))


def letter(call: Call) -> Response:
    """Send the document of an offer, as it was sent or signed; 404 when it was not."""
    row = call.child("offer")
    # inferred: without a status, whichever is the latest
    wanted = call.query.get("status") or ("signed" if row["signed"] else "sent")
    if row[wanted] is None:
        raise missing("document")
    return _bytes(call, row)


def _bytes(call: Call, row: Row) -> Response:
    document = call.lever.documents[row["id"]]
    disposition = f"attachment; filename*=UTF-8''{quote(document.name, safe='')}"
    return Response(
        document.content, headers={"Content-Disposition": disposition}, media_type=document.content_type or None
    )


ONE = "/opportunities/{oid}"
FILE = f"{ONE}/files/{{id}}"
ENDPOINTS = (
    *(
        Endpoint("GET", f"{ONE}/{scope}", scope, partial(find, kind), PAGED)
        for kind, scope in (("file", "files"), ("resume", "resumes"), ("offer", "offers"))
    ),
    *(
        Endpoint("GET", f"{ONE}/{scope}/{{id}}{tail}", scope, partial(answer, kind))
        for kind, scope in (("file", "files"), ("resume", "resumes"))
        for tail, answer in (("", read), ("/download", download))
    ),
    Endpoint("POST", f"{ONE}/files", "files", upload, acts=True),
    Endpoint("DELETE", FILE, "files", delete, acts=True),
    Endpoint("GET", f"{ONE}/offers/{{id}}/download", "offers", letter, {"status": guards.one_of("sent", "signed")}),
)
