"""Who may ask: personal API tokens that act with their user's role, in their user's company."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import JSONResponse, Response

from polyhire.simulators.guards import bearer_token
from polyhire.simulators.kit import Ask, Refusal
from polyhire.simulators.limits import RateWindow

from .state import COMPANY_ID

ADMIN_KEY, REVIEWER_KEY = "recruitee-sandbox-personal-admin", "recruitee-sandbox-personal-reviewer"
# inferred: the numbers are not published, only that there are some
LIMIT, WINDOW = 100, 10


@dataclass(frozen=True)
class Access:
    """Refuses credentials, companies and haste; `keys` are the ids of the users whose tokens these are."""

    subdomain: str
    keys: Mapping[str, int]
    window: RateWindow

    def guard(self, ask: Ask) -> None:
        """Refuse what is not for this token: 401, 400 or 403, then 429 for a client that asks too often."""
        key = bearer_token(ask)
        if key is None:
            raise Refusal(401, "Unauthorized")
        if key not in self.keys:
            raise Refusal(400, "Token not found.", code="invalid_token")
        self._look_at_company(ask.path)
        accepted = ask.headers.get("accept", "*/*")
        # inferred: whoever wants anything but JSON gets nothing
        if not any(each in accepted for each in ("application/json", "application/*", "*/*")):
            raise Refusal(406, "Not acceptable")
        left = self.window.take(key)
        if left.refused and ask.rate_limits:
            raise Refusal(429, "Too many requests", headers={"Retry-After": str(left.retry_after)})
        # inferred: a reviewer changes nothing
        if key == REVIEWER_KEY and ask.method != "GET":
            raise Refusal(403, "Forbidden")

    def actor(self, ask: Ask) -> int:
        """Give the id of the user whose token a request has."""
        return self.keys[bearer_token(ask) or ""]

    def _look_at_company(self, path: str) -> None:
        named = re.match(r"/c/([^/]+)(/|$)", path)
        if named is None:
            raise Refusal(404, "Not found")
        company = named[1]
        if company in (str(COMPANY_ID), self.subdomain):
            return
        if "." in company:
            raise Refusal(422, "Company id is invalid")
        raise Refusal(403, "Forbidden")


def refuse(ask: Ask, refusal: Refusal) -> Response:
    """Word a refusal: a list of errors with their fields, a list of one, or (400 and 500) a bare string."""
    if refusal.problems:
        fields: dict[str, list[str]] = {}
        for each in refusal.problems:
            message = "can't be blank" if each.message == "is required" else each.message
            fields.setdefault(each.where or "base", []).append(message)
        errors = [f"{_spoken(name)} {each}" for name, messages in fields.items() for each in messages]
        return JSONResponse({"error": errors, "error_fields": fields}, refusal.status)
    # inferred: what has no such method is not there
    status = {405: 404, 415: 400}.get(refusal.status, refusal.status)
    if status in (400, 406) or status >= 500:
        code = {"error_code": refusal.code} if refusal.code else {}
        return JSONResponse({"error": refusal.message, **code}, status)
    return JSONResponse({"error": ["Not found" if refusal.status == 405 else refusal.message]}, status)


def _spoken(name: str) -> str:
    return name.replace("_", " ").capitalize()
