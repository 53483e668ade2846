"""The `file.*` calls and the uploads: handles, signed URLs, and what arrives by multipart or by a handle."""

import hmac
from hashlib import sha256
from typing import Annotated, Any

from msgspec import Meta
from starlette.responses import Response

from polyhire.simulators.company import Document
from polyhire.simulators.files import SignedFiles
from polyhire.simulators.kit import Ask, Refusal
from polyhire.simulators.tables import Row

from . import shapes
from .bodies import Body, Id, Text
from .calls import Call, Linked, Upload
from .records import Records, missing
from .seed_people import handle

UPLOAD_KEY = b"a pretend provider's upload key"


class _Info(Body):
    file_handle: Text


class _UploadHandle(Body):
    # inferred: the sheet names the call and nothing of its body
    filename: Text
    content_type: Text
    content_length: Annotated[int, Meta(ge=1)]


class _Resume(Body):
    candidate_id: Id
    resume_handle: Text


class _File(Body):
    candidate_id: Id
    file_handle: Text


def _create_handle(records: Records, body: _UploadHandle) -> Linked:
    row = {
        "name": body.filename,
        "contentType": body.content_type,
        "length": body.content_length,
        "document": None,
    }
    made = records.add("upload", row)
    made["handle"] = handle(made["id"])
    path = f"/_uploads/{made['id']}?signature={_sign(made['id'])}"
    return Linked(lambda ask: {"handle": made["handle"], "url": ask.base + path})


def take_upload(records: Records, ask: Ask) -> Response:
    """Take the bytes that a handle was made for: 403 for a forged URL, 400 for bytes that were not announced."""
    upload = records.find("upload", id=ask.values["id"])
    signature = dict(ask.query).get("signature", "")
    if not upload or not hmac.compare_digest(signature.encode(), _sign(upload[0]["id"]).encode()):
        raise Refusal(403, "The signature does not match")
    if len(ask.body) != upload[0]["length"] or ask.content_type != upload[0]["contentType"]:
        raise Refusal(400, "The upload is not what was announced")
    document = Document(upload[0]["name"], upload[0]["contentType"], ask.body)
    records.change("upload", upload[0]["id"], document=document)
    return Response(status_code=200)


def stored(records: Records, file_id: str) -> Document | None:
    """Give the document of a file; None for one that is gone."""
    found = records.find("file", id=file_id)
    return found[0]["document"] if found else None


def _sign(upload_id: str) -> str:
    return hmac.new(UPLOAD_KEY, upload_id.encode(), sha256).hexdigest()


def _uploaded(records: Records, upload_handle: str) -> Document:
    found = [each for each in records.find("upload", handle=upload_handle) if each["document"]]
    if not found:
        raise missing("file")
    # inferred: a handle can be used once
    document: Document = records.change("upload", found[0]["id"], handle=None)["document"]
    return document


def _attach(records: Records, candidate_id: str, document: Document) -> tuple[Row, str]:
    row = records.get("candidate", candidate_id)
    made = records.add("file", {"name": document.name, "document": document})
    made["handle"] = handle(made["id"])
    return row, made["id"]


def _upload_resume(records: Records, body: _Resume | Upload) -> Any:
    records.check("candidate", body.candidate_id)
    document = body.document if isinstance(body, Upload) else _uploaded(records, body.resume_handle)
    row, file_id = _attach(records, body.candidate_id, document)
    # inferred: the former résumé stays among the files
    changes = {"resumeFileId": file_id, "fileIds": [*row["fileIds"], file_id]}
    return shapes.candidate(records, records.change("candidate", row["id"], **changes))


def _upload_file(records: Records, body: _File | Upload) -> Any:
    records.check("candidate", body.candidate_id)
    document = body.document if isinstance(body, Upload) else _uploaded(records, body.file_handle)
    row, file_id = _attach(records, body.candidate_id, document)
    changed = records.change("candidate", row["id"], fileIds=[*row["fileIds"], file_id])
    return shapes.candidate(records, changed)


def calls(signed: SignedFiles) -> tuple[Call, ...]:
    """Give the calls about files, whose URLs `signed` signs."""

    def info(records: Records, body: _Info) -> Linked:
        found = records.find("file", handle=body.file_handle)
        if not found:
            raise missing("file")
        return Linked(lambda ask: {"url": signed.url(ask, found[0]["id"], found[0]["name"])})

    return (
        Call("file.info", "candidatesRead", _Info, info),
        Call("file.createFileUploadHandle", "candidatesWrite", _UploadHandle, _create_handle),
        Call("candidate.uploadResume", "candidatesWrite", _Resume, _upload_resume, part="resume"),
        Call("candidate.uploadFile", "candidatesWrite", _File, _upload_file, part="file"),
    )
