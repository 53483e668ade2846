"""A provider small enough to read at a glance: it shows how a simulator is written, and the kit's tests run it."""

from dataclasses import dataclass, field

from starlette.responses import JSONResponse, Response

from polyhire.simulators import bodies, guards, pages
from polyhire.simulators.company import Company, Document
from polyhire.simulators.files import SignedFiles
from polyhire.simulators.guards import bearer_token, read_query, require_basic
from polyhire.simulators.kit import Ask, Refusal, Route, Simulator, World
from polyhire.simulators.limits import RateWindow
from polyhire.simulators.tables import Table, iso
from polyhire.simulators.tokens import TokenServer

NEW_CANDIDATE = bodies.shape(
    {"name": bodies.filled, "emails": bodies.items(bodies.text), "age": bodies.nullable(bodies.integer)},
    required=("name",),
)


@dataclass
class Tiny:
    """The state of the provider."""

    candidates: Table
    tokens: TokenServer = field(default_factory=lambda: TokenServer(lifetime=60, refresh_lifetime=600))
    window: RateWindow = field(default_factory=lambda: RateWindow(40, 3600))
    cursors: pages.Cursors = field(default_factory=pages.Cursors)

    def __post_init__(self) -> None:
        self.files = SignedFiles(lambda identifier: Document("é b.txt", "text/plain", identifier.encode()), 60)

    def guard(self, ask: Ask) -> None:
        """Count the request, then look at its token."""
        left = self.window.take()
        ask.answer_headers["X-Left"] = str(left.remaining)
        if left.refused and ask.rate_limits:
            raise Refusal(429, "slow down", headers={"Retry-After": str(left.retry_after)})
        if self.tokens.claims(bearer_token(ask)) is None:
            raise Refusal(401, "who are you?")

    def expire(self, ask: Ask) -> None:
        """Forget the token of a request."""
        self.tokens.revoke(bearer_token(ask))

    def token(self, ask: Ask) -> Response:
        """Trade client credentials, or a refresh token, for tokens."""
        require_basic(ask, "tiny", "secret")
        form = bodies.read_form(ask, ["grant_type", "refresh_token"], required=["grant_type"])
        if form["grant_type"] == "refresh_token":
            grant = self.tokens.refresh(form.get("refresh_token", ""))
        else:
            grant = self.tokens.issue({})
        if grant is None:
            raise Refusal(400, "invalid_grant")
        return JSONResponse({"access_token": grant.access_token, "refresh_token": grant.refresh_token})

    def list_candidates(self, ask: Ask) -> Response:
        """Page by cursor, and by Link header."""
        query = read_query(ask, {"size": guards.integer(1, 100), "cursor": guards.text})
        state = {"start": 0, "size": query.get("size", 20)}
        if "cursor" in query:
            try:
                state = self.cursors.open(query["cursor"])
            except ValueError as error:
                raise Refusal(422, f"cursor {error}") from None
        rows, following = pages.page(list(self.candidates), state["start"], state["size"])
        if following is not None:
            cursor = self.cursors.seal({**state, "start": following})
            ask.answer_headers["Link"] = pages.link_header({"next": pages.url(ask, {"cursor": cursor})})
        return JSONResponse(rows)

    def create_candidate(self, ask: Ask) -> Response:
        """Keep a candidate."""
        return JSONResponse(self.candidates.insert(bodies.read_json(ask, NEW_CANDIDATE)), 201)

    def resume(self, ask: Ask) -> Response:
        """Say where the file is."""
        if self.candidates.get(ask.values["id"]) is None:
            raise Refusal(404, "no such candidate")
        return JSONResponse({"url": self.files.url(ask, ask.values["id"], "é b.txt")})

    def upload(self, ask: Ask) -> Response:
        """Say what a multipart form held."""
        seen = [
            [key, value.name if isinstance(value, Document) else value, ask.content_type] for key, value in ask.parts
        ]
        return JSONResponse(seen)


def refuse(ask: Ask, refusal: Refusal) -> Response:
    """Word every refusal alike."""
    problems = [f"{each.where} {each.message}" for each in refusal.problems]
    return JSONResponse({"message": refusal.message, "problems": problems}, refusal.status)


def simulator(company: Company) -> Simulator:
    """Build a tiny provider over the company's people."""

    def build() -> World:
        tiny = Tiny(
            Table({"id": each.id, "name": each.name, "at": iso(each.created_at)} for each in company.candidates)
        )
        routes = [
            Route("POST", "/token", tiny.token, open=True),
            Route("GET", "/candidates", tiny.list_candidates),
            Route("POST", "/candidates", tiny.create_candidate),
            Route("GET", "/candidates/{id:int}/resume", tiny.resume),
            Route("POST", "/uploads", tiny.upload),
            tiny.files.route,
        ]
        return World(routes, tiny.guard, refuse, tiny.expire)

    return Simulator("tiny", {"client_id": "tiny", "client_secret": "secret"}, build)
