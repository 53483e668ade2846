"""How Zoho Recruit words what it answers: pages, rows of writes, and refusals."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import JSONResponse, Response

from polyhire.simulators.kit import Ask, Refusal
from polyhire.simulators.tables import Row

from .schema import Module
from .shown import reference
from .state import Org

# What the kit refuses by itself, in Zoho's codes. inferred: the code of a wrong method, and of too many requests
CODES = {
    400: "INVALID_DATA",
    401: "INVALID_TOKEN",
    403: "NO_PERMISSION",
    404: "INVALID_URL_PATTERN",
    405: "INVALID_REQUEST_METHOD",
    415: "INVALID_DATA",
    422: "INVALID_DATA",
    429: "TOO_MANY_REQUESTS",
}
MESSAGES = {
    404: "Please check if the URL trying to access is a correct one",
    405: "The http request method type is not a valid one",
}


class Wrong(Exception):  # noqa: N818 - a row that is refused while the others are kept
    """One row of a write that is refused; the others are carried out all the same."""

    def __init__(self, code: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.row = {"code": code, "details": details, "message": message, "status": "error"}


def success(message: str, details: Mapping[str, Any]) -> Row:
    """Word a row that was carried out."""
    return {"code": "SUCCESS", "details": dict(details), "message": message, "status": "success"}


def stamps(org: Org, module: Module, row: Row) -> Row:
    """Tell who made and changed a record, and when, as the answer to a write does."""
    return {
        "Modified_Time": row[module.modified_field],
        "Modified_By": reference(org, "users", row.get("Modified_By", org.actor)),
        "Created_Time": row["Created_Time"],
        "id": row["id"],
        "Created_By": reference(org, "users", row["Created_By"]),
    }


def rows_answer(rows: Sequence[Row], status: int) -> Response:
    """Answer a write row by row; any error among them makes it 202."""
    failed = any(row["status"] == "error" for row in rows)
    return JSONResponse({"data": list(rows)}, 202 if failed else status)


def page_answer(rows: Sequence[Row], page: int, size: int, *, more: bool, key: str = "data") -> Response:
    """Answer one page; one without rows is 204, and has no body."""
    if not rows:
        return Response(status_code=204)
    info = {"per_page": size, "count": len(rows), "page": page, "more_records": more}
    return JSONResponse({key: list(rows), "info": info})


def not_found() -> Refusal:
    """Word the refusal of an id that stands for nothing."""
    # inferred: the code; the documentation gives the status alone
    return Refusal(404, "the id given seems to be invalid", code="RECORD_NOT_FOUND")


def refuse(ask: Ask, refusal: Refusal) -> Response:
    """Word a refusal as the accounts server, or as Recruit, does."""
    if ask.path.startswith("/oauth/"):
        # inferred: what is malformed is a general error with the status 400
        status = 400 if refusal.status in (405, 415, 422) else refusal.status
        return JSONResponse({"error": refusal.code or "invalid_request"}, status)
    details: dict[str, Any] = {}
    code, message = refusal.code, refusal.message
    status = 400 if refusal.status in (415, 422) else refusal.status
    if refusal.problems:
        first = refusal.problems[0]
        details = {"api_name": first.where}
        code = "MANDATORY_NOT_FOUND" if first.message == "is required" else "INVALID_DATA"
        message = f"{first.where} {first.message}".strip()
    code = code or CODES.get(refusal.status, "INTERNAL_ERROR")
    if not refusal.code:
        message = MESSAGES.get(refusal.status, message)
    return JSONResponse({"code": code, "details": details, "message": message, "status": "error"}, status)
