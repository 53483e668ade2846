"""Refusals in Teamtailor's words: an `errors` list with a title, a detail, a code, a status and where it happened."""

from typing import Any

from starlette.responses import JSONResponse, Response

from polyhire.simulators.kit import Ask, Problem, Refusal

MEDIA_TYPE = "application/vnd.api+json"
# What the kit itself says, in the words of this API.
WORDS = {
    401: ("Unauthorized", "The API key is missing, unknown, or lacks the scope for this"),
    404: ("Record not found", "The record or resource could not be found"),
    415: ("Unsupported media type", f"All requests that create or update must use the '{MEDIA_TYPE}' Content-Type"),
    429: ("Too many requests", "The limit of requests was exceeded"),
}


def malformed(code: str, title: str, detail: str) -> Refusal:
    """Refuse what the API can't read. inferred: 400 and its codes, which are usual for JSON:API servers in Rails."""
    return Refusal(400, title, code=code, problems=[Problem("", detail)])


def not_allowed(name: str) -> Refusal:
    """Refuse a parameter or a member that there is not."""
    return malformed("105", "Param not allowed", f"{name} is not allowed.")


def invalid(problems: list[Problem]) -> Refusal:
    """Refuse values, each by the pointer to it."""
    return Refusal(422, "Unprocessable entity", code="100", problems=problems)


def invalid_attribute(name: str, message: str) -> Refusal:
    """Refuse the value of one attribute."""
    return invalid([Problem(f"/data/attributes/{name}", message)])


def invalid_relationship(name: str, message: str) -> Refusal:
    """Refuse what one relationship leads to."""
    return invalid([Problem(f"/data/relationships/{name}", message)])


def not_found(detail: str) -> Refusal:
    """Refuse an id or a path that leads nowhere."""
    return Refusal(404, "Record not found", code="404", problems=[Problem("", detail)])


def refuse(ask: Ask, refusal: Refusal) -> Response:
    """Word every refusal as a JSON:API error document."""
    # inferred: a path that doesn't take the method is as unknown as any other
    status = 404 if refusal.status == 405 else refusal.status
    title, detail = WORDS.get(status, (refusal.message, refusal.message))
    # A 429 that a test asked for says how long to wait in the header of another convention.
    if status == 429 and "Retry-After" in refusal.headers:
        ask.answer_headers["X-Rate-Limit-Reset"] = refusal.headers["Retry-After"]
    problems = refusal.problems or (Problem("", detail),)
    errors = [_error(status, refusal.code, title, each) for each in problems]
    headers = dict(ask.answer_headers)
    return JSONResponse({"errors": errors}, status, headers, media_type=MEDIA_TYPE)


def _error(status: int, code: str, title: str, problem: Problem) -> dict[str, Any]:
    error: dict[str, Any] = {"title": title, "detail": problem.message, "code": code or str(status)}
    error["status"] = str(status)
    if problem.where:
        name = problem.where.rpartition("/")[2]
        error |= {"title": problem.message, "detail": f"{name} - {problem.message}"}
        error["source"] = {"pointer": problem.where}
    return error
