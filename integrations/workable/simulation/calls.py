"""How a call is read and answered: its scope, query and body, and one page with the URL of the next."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeAlias

from starlette.responses import JSONResponse, Response

from polyhire.simulators import guards
from polyhire.simulators.bodies import Check, read_json
from polyhire.simulators.guards import Reading, read_query
from polyhire.simulators.kit import Ask, Refusal, Route
from polyhire.simulators.pages import url_with
from polyhire.simulators.tables import Row

from .identifiers import hexadecimal
from .state import Workable, unfit
from .tokens import Credential, Tokens

PREFIX = "/spi/v3"
# inferred: a page that is too large is refused, not cut
PAGED: Mapping[str, Reading] = {
    "limit": guards.integer(1, 100),
    "since_id": hexadecimal,
    "max_id": hexadecimal,
}
SIZE = 50


def moment(value: str) -> datetime:
    """Take an ISO 8601 instant, or a Unix timestamp."""
    if value.isascii() and value.isdecimal() and len(value) <= len("9999999999"):
        return datetime.fromtimestamp(int(value), UTC)
    return guards.instant(value)


@dataclass(frozen=True)
class Call:
    """One call that may be made: what it asks, who asks, its query and its body as read."""

    workable: Workable
    ask: Ask
    credential: Credential
    query: Mapping[str, Any]
    body: Any

    def value(self, name: str) -> str:
        """Give a value of the path."""
        return str(self.ask.values[name])

    def candidate(self) -> Row:
        """Give the candidate that the path names; refuses with 404."""
        return self.workable.get("candidate", self.value("id"))

    def job(self) -> Row:
        """Give the job that the path names; refuses with 404."""
        return self.workable.get("job", self.value("shortcode"))

    def actor(self) -> Row:
        """Give the member on whose behalf the body says that it acts; refuses with 422."""
        found = self.workable.find("member", self.body["member_id"])
        # inferred: nobody acts for who has left
        if found is None or not found["active"]:
            raise unfit("member_id", "is not an active member")
        return found


Answer: TypeAlias = Callable[[Call], Response]


@dataclass(frozen=True)
class Endpoint:
    """A method and a path below /spi/v3, the scopes of which it needs one, who answers, its query and its body."""

    method: str
    path: str
    scopes: tuple[str, ...]
    answer: Answer
    query: Mapping[str, Reading] = field(default_factory=dict)
    body: Check | None = None

    def route(self, workable: Workable, tokens: Tokens) -> Route:
        """Bind it to an account."""
        return Route(self.method, PREFIX + self.path, lambda ask: self.answer(self._read(workable, tokens, ask)))

    def _read(self, workable: Workable, tokens: Tokens, ask: Ask) -> Call:
        credential = tokens.credential(ask)
        if self.scopes and not credential.scopes & set(self.scopes):
            raise Refusal(403, f"The token lacks the scope {' or '.join(self.scopes)}")
        query = read_query(ask, self.query)
        if self.body is None and ask.body:
            raise Refusal(422, "This call takes no body")
        body = read_json(ask, self.body) if self.body else None
        return Call(workable, ask, credential, query, body)


def page(call: Call, name: str, rows: Iterable[Row], show: Callable[[Row], Any], ask: Ask | None = None) -> Response:
    """Answer one page of rows in order of id, with the URL of the next as one would get it for `ask`."""
    since, most, size = call.query.get("since_id"), call.query.get("max_id"), call.query.get("limit", SIZE)
    found = [row for row in rows if _within(row["id"], since, most)]
    answer: dict[str, Any] = {name: [show(row) for row in found[:size]]}
    if len(found) > size:
        answer["paging"] = {"next": url_with(ask or call.ask, {"limit": size, "since_id": found[size]["id"]})}
    return JSONResponse(answer)


def _within(identifier: str, since: str | None, most: str | None) -> bool:
    number = int(identifier, 16)
    return (since is None or number >= int(since, 16)) and (most is None or number <= int(most, 16))


def moved(ask: Ask, path: str, *, without: str) -> Ask:
    """Give the same question at another path, without one parameter."""
    return replace(ask, path=PREFIX + path, query=tuple(pair for pair in ask.query if pair[0] != without))


def later(query: Mapping[str, Any], row: Row) -> bool:
    """Tell whether a row was made after `created_after` and changed after `updated_after`."""
    return all(
        f"{name}_after" not in query or datetime.fromisoformat(row[f"{name}_at"]) > query[f"{name}_after"]
        for name in ("created", "updated")
    )


def made(value: Any) -> Response:
    """Answer what was made."""
    return JSONResponse(value, 201)


def done(status: int = 200) -> Response:
    """Answer that it was done, and nothing more."""
    return Response(status_code=status)
