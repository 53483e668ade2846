"""A pretend provider where one signs in with a password, and belongs to several organizations."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

from polyhire.simulators.bodies import filled, read_json, shape
from polyhire.simulators.company import Company
from polyhire.simulators.guards import integer, read_query, text
from polyhire.simulators.kit import Ask, Refusal, Route, Simulator, World
from polyhire.simulators.tokens import TokenServer

PASSWORD = "open-the-door"
KEY = "sk-sesame-7"
ACCOUNT = {"company": "acme", "username": "ada", "password": PASSWORD}
ORGANIZATIONS = [{"id": number, "name": f"Branch {number}", "city": city} for number, city in enumerate("XYZ", 1)]
USERS = [{"id": f"u{number}", "name": f"User {number}"} for number in range(1, 8)]


class Sesame:
    """One company. `closed` has the lists fail that questions are filled from."""

    def __init__(self) -> None:
        self.server = TokenServer(lifetime=900)

    def login(self, ask: Ask) -> Response:
        """Open a session."""
        given: Mapping[str, Any] = read_json(
            ask, shape({"username": filled, "password": filled}, required=["username", "password"])
        )
        if (given["username"], given["password"]) != ("ada", PASSWORD):
            # A provider that repeats what it was given.
            raise Refusal(401, f"User {given['username']} can't sign in with the password {given['password']}")
        return JSONResponse({"token": self.server.issue({}).access_token, "lives": 900})

    def guard(self, ask: Ask) -> None:
        """Let sessions and the key in."""
        if self.server.claims(ask.headers.get("x-session")) is None and ask.headers.get("x-key") != KEY:
            raise Refusal(401, "Not signed in")

    def organizations(self, ask: Ask) -> Response:
        """Three, on two pages."""
        start = read_query(ask, {"cursor": integer(0)}).get("cursor", 0)
        following = start + 2 if start + 2 < len(ORGANIZATIONS) else None
        return JSONResponse({"organizations": ORGANIZATIONS[start : start + 2], "next": following})

    def users(self, ask: Ask) -> Response:
        """All at once."""
        read_query(ask, {"company": text}, required=["company"])
        return JSONResponse({"users": USERS, "next": None})


def refuse(ask: Ask, refusal: Refusal) -> Response:
    """Say no."""
    return JSONResponse({"error": refusal.message}, refusal.status)


def simulator(company: Company) -> Simulator:
    """Build it."""

    def build() -> World:
        sesame = Sesame()
        routes = [
            Route("POST", "/api/login", sesame.login, open=True),
            Route("GET", "/api/me", lambda ask: JSONResponse({"me": "ada"})),
            Route("GET", "/api/organizations", sesame.organizations),
            Route("GET", "/api/users", sesame.users),
        ]
        return World(routes, sesame.guard, refuse)

    return Simulator("sesame", ACCOUNT, build)
