"""Résumés, behind the same token as all else, and documents, behind addresses that are signed for a short while."""

from starlette.responses import JSONResponse, RedirectResponse, Response

from polyhire.simulators.company import Document
from polyhire.simulators.kit import Refusal
from polyhire.simulators.tables import Row

from . import shapes
from .calls import CANDIDATE, Call, Endpoint
from .identifiers import identifier, present
from .state import missing, touch, unfit

# inferred: how long an address lasts, and how large a file may be
LIFETIME = 300
LARGEST = 20 * 1024 * 1024


def upload_resume(call: Call) -> Response:
    """Keep a résumé in place of the one before. inferred: the answer says where it is."""
    row, document = call.candidate(), _sent(call, "file")
    place = call.breezy.keep(document)
    touch(row, resume={"_id": identifier(f"resume {place}", 1), "file_name": document.name, "place": place})
    return JSONResponse(shapes.resume(call.breezy, call.ask, row), 201)


def resume(call: Call) -> Response:
    """Send on to the bytes of a résumé."""
    row = call.candidate()
    if row["resume"] is None:
        raise missing("resume")
    return RedirectResponse(_url(call, row["resume"]["place"], row["resume"]["file_name"]), 302)


def upload_document(call: Call) -> Response:
    """Keep a document. inferred: the answer is the document."""
    row, document = call.candidate(), _sent(call, "data")
    place = call.breezy.keep(document)
    made = call.breezy.add(
        "document",
        {"candidate": row["_id"], "file_name": document.name, "place": place, "creation_date": present()},
    )
    touch(row)
    return JSONResponse(_document(call, made), 201)


def documents(call: Call) -> Response:
    """List the documents of a candidate. inferred: their shape, and that their addresses need no token."""
    return JSONResponse([_document(call, each) for each in call.breezy.of("document", call.candidate()["_id"])])


def attachments(call: Call, message: Row) -> list[Row]:
    """Show what is attached to a message."""
    found = [(place, call.breezy.stored(place)) for place in message["attachments"]]
    return [
        {
            "status": "uploaded",
            "file_name": document.name,
            "url": _url(call, place, document.name),
            "content_type": document.content_type,
        }
        for place, document in found
        if document
    ]


def _document(call: Call, row: Row) -> Row:
    shown = {key: row[key] for key in ("_id", "file_name", "creation_date")}
    return {**shown, "url": _url(call, row["place"], row["file_name"])}


def _url(call: Call, place: str, name: str) -> str:
    return call.server.files.url(call.ask, place, name)


def _sent(call: Call, part: str) -> Document:
    if call.ask.content_type != "multipart/form-data":
        raise Refusal(415, "Content-Type must be multipart/form-data")
    if [name for name, _ in call.ask.parts] != [part]:
        raise unfit(part, "must be the only part of the form")
    document = call.ask.parts[0][1]
    if not isinstance(document, Document) or not document.name or not document.content:
        raise unfit(part, "must be a file with a name and content")
    if len(document.content) > LARGEST:
        raise unfit(part, "is too large")
    return document


ENDPOINTS = (
    Endpoint("GET", f"{CANDIDATE}/resume", resume, "getResumeError"),
    Endpoint("POST", f"{CANDIDATE}/resume", upload_resume, "uploadResumeError"),
    Endpoint("GET", f"{CANDIDATE}/documents", documents, "getDocumentsError"),
    Endpoint("POST", f"{CANDIDATE}/documents", upload_document, "uploadDocumentError"),
)
