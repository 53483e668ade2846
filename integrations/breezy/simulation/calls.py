"""How a call is read: who asks, the company, position and candidate that its path names, and its query."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from starlette.responses import Response

from polyhire.simulators.bodies import Check, filled, read_json
from polyhire.simulators.files import SignedFiles
from polyhire.simulators.guards import Reading, read_query
from polyhire.simulators.kit import Ask, Problem, Refusal, Route
from polyhire.simulators.tables import Row

from .access import Access
from .state import Breezy

MALFORMED = (400, 415, 422)


@dataclass(frozen=True)
class Server:
    """All that answers need: the state, who may ask, where the bytes are, and how many positions may be published."""

    breezy: Breezy
    access: Access
    files: SignedFiles
    active_limit: int


@dataclass(frozen=True)
class Call:
    """One call: what it asks of whom, who asks, and its query as read."""

    server: Server
    ask: Ask
    user: Row
    query: Mapping[str, Any]

    @property
    def breezy(self) -> Breezy:
        """The state."""
        return self.server.breezy

    def value(self, name: str) -> str:
        """Give a value of the path."""
        return str(self.ask.values[name])

    def company(self) -> Row:
        """Give the company that the path names; refuses with 403 whoever does not belong to it."""
        mine = {each["_id"]: each for each in self.server.access.companies(self.user)}
        found = mine.get(self.value("c"))
        # inferred: whether a company exists is not told to those outside
        if found is None:
            raise Refusal(403, "You are not a member of this company", code="forbidden")
        return found

    def position(self) -> Row:
        """Give the position that the path names; refuses with 404 unless it is the company's."""
        return self.breezy.get("position", self.value("p"), self.company()["_id"])

    def candidate(self) -> Row:
        """Give the candidate that the path names; refuses with 404 unless it is in the position."""
        return self.breezy.get("candidate", self.value("id"), self.position()["_id"])

    def body(self, check: Check) -> Any:
        """Read the JSON body."""
        return read_json(self.ask, check)


Answer: TypeAlias = Callable[[Call], Response]


@dataclass(frozen=True)
class Endpoint:
    """A method and a path below /v3, who answers, the type of its errors, and its query."""

    method: str
    path: str
    answer: Answer
    error: str
    query: Mapping[str, Reading] = field(default_factory=dict)
    required: tuple[str, ...] = ()

    def route(self, server: Server) -> Route:
        """Bind it to a server."""
        return Route(self.method, f"/v3{self.path}", lambda ask: self._answer(server, ask))

    def _answer(self, server: Server, ask: Ask) -> Response:
        call = Call(server, ask, server.access.user(ask), {})
        if "c" in ask.values:
            call.company()
        try:
            # inferred: an unknown parameter is refused
            return self.answer(Call(server, ask, call.user, read_query(ask, self.query, required=self.required)))
        except Refusal as refusal:
            if refusal.status in MALFORMED and not refusal.code:
                # inferred: whatever is malformed is a 400 with the endpoint's own type
                raise Refusal(400, refusal.message, code=self.error, problems=refusal.problems) from None
            raise


def reference(value: Any, where: str) -> list[Problem]:
    """Take an id, bare or in an object such as answers have it. inferred: the latter."""
    if isinstance(value, dict):
        return [] if set(value) <= {"id", "name"} and not filled(value.get("id"), "") else [Problem(where, "has no id")]
    return filled(value, where)


def referred(value: Any) -> Any:
    """Give the id that a `reference` holds."""
    return value["id"] if isinstance(value, dict) else value


def gone() -> Response:
    """Answer without a body."""
    return Response(status_code=204)


COMPANY = "/company/{c}"
POSITION = f"{COMPANY}/position/{{p}}"
CANDIDATE = f"{POSITION}/candidate/{{id}}"
