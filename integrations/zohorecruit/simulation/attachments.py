"""Files of candidates, jobs and applications: listed, sent up, sent down with the credential, deleted."""

from typing import Any
from urllib.parse import quote

from starlette.responses import JSONResponse, Response

from polyhire.simulators import guards
from polyhire.simulators.company import Document
from polyhire.simulators.guards import read_query
from polyhire.simulators.kit import Ask, Problem, Refusal
from polyhire.simulators.tables import Row

from .answers import not_found, success
from .identifiers import CATEGORIES, identifier
from .lists import PAGING, cut, found
from .shown import reference
from .state import ATTACHABLE, Org

LARGEST = 20 * 1024 * 1024
# inferred: all but the first and the last
NAMES = ("Resume", "Cover Letter", "Formatted Resume", "Offer", "Others")
BY_NAME = {name: identifier(CATEGORIES, number) for number, name in enumerate(NAMES, start=1)}
UPLOADING = {"attachments_category": guards.text, "attachments_category_id": guards.text, "attachmentUrl": guards.text}


def show_attachment(org: Org, row: Row) -> Row:
    """Show a file's record; its bytes are asked for apart."""
    document = org.documents[row["id"]]
    return {
        "id": row["id"],
        "File_Name": document.name,
        "Size": str(len(document.content)),
        "Category": {"name": row["category"], "id": BY_NAME[row["category"]]},
        "Owner": reference(org, "users", row["Owner"]),
        "Parent_Id": reference(org, row["module"], row["Parent_Id"]),
        "Created_By": reference(org, "users", row["Created_By"]),
        "Created_Time": row["Created_Time"],
        "Modified_By": reference(org, "users", row["Modified_By"]),
        "Modified_Time": row["Modified_Time"],
        "$type": "Attachment",
        "$se_module": row["module"],
        "$link_url": row.get("link"),
    }


def _parent(org: Org, ask: Ask) -> tuple[str, Row]:
    module = org.module(ask.values["module"])
    if module.api_name not in ATTACHABLE:
        raise Refusal(400, "the relation name given seems to be invalid", code="INVALID_DATA")
    return module.api_name, found(org, module.api_name, ask.values["id"])


def _attachment(org: Org, ask: Ask) -> Row:
    _, parent = _parent(org, ask)
    row = org.get("Attachments", ask.values["attachment"])
    if row is None or row["Parent_Id"] != parent["id"]:
        raise not_found()
    return row


def list_attachments(org: Org, ask: Ask) -> Response:
    """Answer one page of a record's files."""
    query = read_query(ask, PAGING)
    _, parent = _parent(org, ask)
    return cut(org.of("Attachments", parent["id"]), query, lambda row: show_attachment(org, row))


def download(org: Org, ask: Ask) -> Response:
    """Send the bytes of a file."""
    read_query(ask, {})
    document = org.documents[_attachment(org, ask)["id"]]
    disposition = f"attachment; filename*=UTF-8''{quote(document.name, safe='')}"
    headers = {"Content-Disposition": disposition, "Content-Type": document.content_type or "application/octet-stream"}
    return Response(document.content, headers=headers)


def upload(org: Org, ask: Ask) -> Response:
    """Keep a file, sent as a part or named by its URL, in one of the categories."""
    query = read_query(ask, UPLOADING)
    name, parent = _parent(org, ask)
    category = _category(query)
    link, document = _sent(ask, query)
    if len(document.content) > LARGEST:
        raise Refusal(400, "the file is larger than 20 MB", code="INVALID_DATA")
    values = {"module": name, "Parent_Id": parent["id"], "category": category, "link": link}
    row = org.attach(values, document)
    details = {
        "Modified_Time": row["Modified_Time"],
        "Modified_By": reference(org, "users", row["Modified_By"]),
        "Created_Time": row["Created_Time"],
        "id": row["id"],
        "Created_By": reference(org, "users", row["Created_By"]),
    }
    return JSONResponse({"data": [success("attachment uploaded successfully", details)]})


def _category(query: dict[str, Any]) -> str:
    given = [each for each in ("attachments_category", "attachments_category_id") if each in query]
    # inferred: exactly one of the two, and a category that is there
    if not given:
        raise Refusal(422, "Invalid", problems=[Problem("attachments_category", "is required")])
    wanted = query[given[0]]
    name = next((name for name, key in BY_NAME.items() if wanted == (name if given[0].endswith("y") else key)), None)
    if len(given) > 1 or name is None:
        raise Refusal(422, "Invalid", problems=[Problem(given[0], f"must be one of {', '.join(NAMES)}, given once")])
    return name


def _sent(ask: Ask, query: dict[str, Any]) -> tuple[str | None, Document]:
    parts = dict(ask.parts)
    link = query.get("attachmentUrl") or parts.pop("attachmentUrl", None)
    if isinstance(link, str) and not parts:
        # Zoho would fetch it; a simulator must not reach out, so the file says where it came from.
        return link, Document(link.rpartition("/")[2] or "file", "application/octet-stream", f"from {link}".encode())
    if ask.content_type != "multipart/form-data":
        raise Refusal(415, "Content-Type must be multipart/form-data")
    document = parts.get("file")
    if link or len(ask.parts) != 1 or not isinstance(document, Document) or not document.name:
        raise Refusal(422, "Invalid", problems=[Problem("file", "must be the one part, with a file name")])
    return None, document


def delete_attachment(org: Org, ask: Ask) -> Response:
    """Forget a file."""
    read_query(ask, {})
    row = _attachment(org, ask)
    org.remove("Attachments", row)
    return JSONResponse({"data": [success("record deleted", {"id": row["id"]})]})
