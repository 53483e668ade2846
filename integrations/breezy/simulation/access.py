"""Who may ask: personal access tokens, and sessions of those who signed in; each user belongs to some companies."""

from collections.abc import Mapping, Sequence

from starlette.responses import JSONResponse, Response

from polyhire.simulators.bodies import filled, read_json, shape
from polyhire.simulators.guards import read_query
from polyhire.simulators.kit import Ask, Refusal
from polyhire.simulators.limits import RateWindow
from polyhire.simulators.tables import Row
from polyhire.simulators.tokens import TokenServer

from . import shapes
from .state import Breezy

OWNER_KEY = "breezy_pat_pretend_owner"
RECRUITER_KEY = "breezy_pat_pretend_recruiter"
PASSWORD = "a pretend password"  # noqa: S105 - opens nothing but this simulator
REQUESTS, SECONDS = 100, 60
# inferred: how long a session lasts is not documented
SESSION = 3600
SIGNIN = shape({"email": filled, "password": filled}, required=["email", "password"])


class Access:
    """Tokens and who they stand for, and how often each has asked."""

    def __init__(self, breezy: Breezy, keys: Mapping[str, str], companies: Mapping[str, Sequence[str]]) -> None:
        self._breezy = breezy
        self._keys = keys
        self._companies = companies
        self._sessions = TokenServer(lifetime=SESSION)
        self._window = RateWindow(REQUESTS, SECONDS)

    def guard(self, ask: Ask) -> None:
        """Refuse a missing or dead token, then one that asks too often."""
        self.user(ask)
        left = self._window.take(ask.headers["authorization"])
        if left.refused and ask.rate_limits:
            # inferred: the header is in Unix seconds
            raise Refusal(429, "Too many requests", headers={"X-RateLimit-Reset": str(left.reset)})

    def user(self, ask: Ask) -> Row:
        """Give who asks. A missing token is a 400, one with any scheme before it a 401."""
        token = ask.headers.get("authorization", "")
        if not token:
            raise Refusal(400, "Access token is missing", code="missingAccessToken")
        session = self._sessions.claims(token)
        found = self._breezy.find("user", session["user"] if session else self._keys.get(token))
        if found is None:
            raise Refusal(401, "Access token is invalid or has expired", code="invalidAccessToken")
        return found

    def companies(self, user: Row) -> list[Row]:
        """Give the companies that a user belongs to."""
        return [self._breezy.get("company", each) for each in self._companies.get(user["_id"], ())]

    def expire(self, ask: Ask) -> None:
        """End a session; a personal access token does not expire."""
        self._sessions.revoke(ask.headers.get("authorization"))

    def sign_in(self, ask: Ask) -> Response:
        """Begin a session."""
        read_query(ask, {})
        body = read_json(ask, SIGNIN)
        email = body["email"].lower()
        members = [self._breezy.get("user", each) for each in self._companies]
        user = next((each for each in members if each["email_address"].lower() == email), None)
        if user is None or body["password"] != PASSWORD:
            # inferred: its status and type
            raise Refusal(401, "Email or password is wrong", code="invalidCredentials")
        grant = self._sessions.issue({"user": user["_id"]})
        return JSONResponse({"access_token": grant.access_token, "user": shapes.user(user)})

    def sign_out(self, ask: Ask) -> Response:
        """End the session that asks. inferred: 204, and nothing happens to a personal access token."""
        read_query(ask, {})
        self.expire(ask)
        return Response(status_code=204)
