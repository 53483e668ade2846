"""What stops working with time, on a clock that the test turns."""

import pytest
from starlette.datastructures import Headers

from polyhire.simulators.company import Document
from polyhire.simulators.files import SignedFiles
from polyhire.simulators.kit import Ask, Refusal
from polyhire.simulators.limits import RateWindow
from polyhire.simulators.pages import Cursors
from polyhire.simulators.tokens import TokenServer


class Clock:
    """A clock that stands still until it is turned."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def asked(query: dict[str, str], values: dict[str, str]) -> Ask:
    """Word a request for a file."""
    pairs = tuple(query.items())
    return Ask("GET", "/", pairs, Headers({}), b"", (), "http://here.example/x", rate_limits=True, values=values)


def test_access_tokens_expire_before_refresh_tokens(clock: Clock) -> None:
    """Each has its own lifetime, counted from its issue."""
    server = TokenServer(lifetime=60, refresh_lifetime=600, clock=clock)
    grant = server.issue({"user": 1})
    assert (grant.expires_at, grant.expires_in) == (clock.now + 60, 60)
    clock.now += 59
    assert server.claims(grant.access_token) == {"user": 1}
    clock.now += 1
    assert server.claims(grant.access_token) is None
    assert grant.refresh_token is not None
    second = server.refresh(grant.refresh_token)
    assert second is not None
    assert server.claims(second.access_token) == {"user": 1}
    clock.now += 600
    assert server.refresh(second.refresh_token or "") is None


def test_codes_work_once_and_not_for_long(clock: Clock) -> None:
    """A code is no access token, and an old one is refused."""
    server = TokenServer(code_lifetime=60, clock=clock)
    code, late = server.code({"user": 2}), server.code({})
    assert server.claims(code) is None
    assert server.redeem(code) == {"user": 2}
    assert server.redeem(code) is None
    clock.now += 60
    assert server.redeem(late) is None
    assert server.issue({}).refresh_token is None


def test_a_revoked_token_is_dead(clock: Clock) -> None:
    """Revoking one leaves the others."""
    server = TokenServer(clock=clock)
    first, second = server.issue({}), server.issue({})
    server.revoke(first.access_token)
    server.revoke(None)
    assert server.claims(first.access_token) is None
    assert server.claims(second.access_token) == {}


def test_cursors_expire(clock: Clock) -> None:
    """An old cursor says that it has expired."""
    cursors = Cursors(lifetime=10, clock=clock)
    token = cursors.seal({"start": 3})
    clock.now += 9
    assert cursors.open(token) == {"start": 3}
    clock.now += 1
    with pytest.raises(ValueError, match="has expired"):
        cursors.open(token)


def test_file_urls_expire(clock: Clock) -> None:
    """A URL works for its lifetime, and its end can't be put off."""
    files = SignedFiles(lambda identifier: Document("a", "text/plain", b"x"), lifetime=60, clock=clock)
    url = files.url(asked({}, {}), 7, "a")
    query = dict(pair.split("=") for pair in url.partition("?")[2].split("&"))
    assert files.serve(asked(query, {"id": "7"})).body == b"x"
    clock.now += 60
    with pytest.raises(Refusal, match="expired"):
        files.serve(asked(query, {"id": "7"}))
    with pytest.raises(Refusal, match="signature"):
        files.serve(asked({**query, "expires": "9999999"}, {"id": "7"}))


def test_a_rate_window_begins_anew(clock: Clock) -> None:
    """Each key has its own count, which the next window forgets."""
    window = RateWindow(2, 30, clock)
    assert [window.take("a").refused for _ in range(3)] == [False, False, True]
    left = window.take("b")
    assert (left.refused, left.remaining, left.limit) == (False, 1, 2)
    clock.now = left.reset - 0.5
    assert window.take("a").retry_after == 1
    clock.now = left.reset
    assert window.take("a").refused is False
