"""A provider that fails: the right data where trying again heals, else a documented error in time; then all is well."""

import time
from typing import Any

import pytest

from polyhire.conformance.bodies import create_body
from polyhire.conformance.client import Reply
from polyhire.conformance.offered import making
from polyhire.conformance.provider import Provider

DEADLINE = 5.0
"""Seconds: what the hasty API gives a call, and a little for the machine."""

PASSING: list[dict[str, Any]] = [
    {"kind": "latency", "ms": 100},
    {"kind": "rate_limited", "retry_after": 0},
    {"kind": "server_error", "status": 500},
    {"kind": "server_error", "status": 502},
    {"kind": "server_error", "status": 503},
    {"kind": "drop", "at": "request"},
    {"kind": "drop", "at": "answer"},
    {"kind": "drop", "at": "body"},
    {"kind": "slow_drip", "ms": 100},
]
LASTING: list[tuple[dict[str, Any], set[tuple[int, str]]]] = [
    ({"kind": "latency", "ms": 800}, {(504, "provider_unreachable")}),
    ({"kind": "rate_limited", "retry_after": 60}, {(429, "rate_limited")}),
    ({"kind": "server_error", "status": 500}, {(502, "provider_failed")}),
    ({"kind": "server_error", "status": 502}, {(502, "provider_failed")}),
    ({"kind": "server_error", "status": 503}, {(502, "provider_failed")}),
    ({"kind": "drop", "at": "request"}, {(504, "provider_unreachable")}),
    ({"kind": "drop", "at": "answer"}, {(504, "provider_unreachable")}),
    ({"kind": "drop", "at": "body"}, {(502, "provider_failed"), (504, "provider_unreachable")}),
    ({"kind": "truncated"}, {(502, "provider_failed")}),
    ({"kind": "empty"}, {(502, "provider_failed")}),
    ({"kind": "malformed", "as": "html"}, {(502, "provider_failed")}),
    ({"kind": "malformed", "as": "json"}, {(502, "provider_failed")}),
]
DOUBTFUL: list[dict[str, Any]] = [
    {"kind": "slow_drip", "ms": 4000},
    *(fault for fault, _ in LASTING if fault["kind"] not in ("rate_limited", "latency")),
]
"""After these nobody knows whether a write was done."""


def name_of(fault: Any) -> str | None:
    """A fault as a test's id."""
    return "-".join(str(value) for value in fault.values()) if isinstance(fault, dict) else ""


@pytest.mark.parametrize("fault", PASSING, ids=name_of)
def test_what_passes_is_not_noticed(faulty: Provider, fault: dict[str, Any]) -> None:
    """A failure that is over after one request is healed by asking again."""
    faulty.control("PUT", "faults", [{**fault, "times": 1}])
    reply = asked(faulty)
    assert reply.status == 200, reply.body
    assert [each["id"] for each in reply.json["result"]] == [each["id"] for each in faulty.seeds(faulty.main)[:3]]


@pytest.mark.parametrize(("fault", "expected"), LASTING, ids=name_of)
def test_what_lasts_is_told_in_time(faulty: Provider, fault: dict[str, Any], expected: set[tuple[int, str]]) -> None:
    """A failure that lasts is an error of the documented kind, never of ours; when it is over, calls work again."""
    faulty.control("PUT", "faults", [fault])
    reply = asked(faulty)
    assert (reply.status, reply.json["code"]) in expected, reply.body
    assert reply.json["is_remote_error"] is reply.json["truto_is_remote_error"] is True
    assert reply.json["request_id"] == reply.headers["x-request-id"]
    assert b"Traceback" not in reply.body
    if fault["kind"] == "rate_limited":
        assert reply.headers["retry-after"] == "60"
        assert reply.json["error_insight"]["rate_limit_error"] == {"retry_after": 60.0}
    faulty.control("DELETE", "faults")
    assert asked(faulty).status == 200
    assert status_of(faulty) == "active"


@making
@pytest.mark.parametrize("fault", DOUBTFUL, ids=name_of)
def test_a_write_is_not_sent_twice(faulty: Provider, fault: dict[str, Any]) -> None:
    """A write whose answer did not come is told as failed, and never tried again: it may have been done."""
    resource = faulty.makes
    before = len(faulty.all(resource, fields="id"))
    body = create_body(faulty, resource)
    assert asked(faulty).status == 200
    reading = {(each["method"], each["path"]) for each in faulty.journal()}  # one that was given up may come in late
    faulty.forget()
    faulty.control("PUT", "faults", [fault])
    started = time.monotonic()
    reply = faulty.ask("POST", f"/unified/ats/{resource}", body)
    assert time.monotonic() - started < DEADLINE
    assert (reply.status, reply.json["code"]) in {(502, "provider_failed"), (504, "provider_unreachable")}, reply.body
    assert len([each for each in faulty.journal() if (each["method"], each["path"]) not in reading]) <= 1
    faulty.control("DELETE", "faults")
    assert len(faulty.all(resource, fields="id")) - before in (0, 1)


def test_an_expired_token_is_renewed_or_told(faulty: Provider) -> None:
    """A credential that stops working in mid-flight is renewed where it can be, and needs the customer where not."""
    faulty.control("PUT", "faults", [{"kind": "expired_token", "times": 1}])
    reply = asked(faulty)
    ways = faulty.api.ask("GET", f"/integration/{faulty.slug}").json["connect"].values()
    if any(way["type"].startswith(("oauth2", "session")) for way in ways):
        assert reply.status == 200, reply.body
        assert status_of(faulty) == "active"
        return
    assert (reply.status, reply.json["code"]) == (401, "credentials_rejected")
    assert reply.json["is_remote_error"] is True
    assert status_of(faulty) == "needs_reauth"
    assert asked(faulty).status == 200
    assert status_of(faulty) == "active"


def test_a_failure_between_pages_is_told(faulty: Provider) -> None:
    """A list that breaks off on its way over several pages is an error, not a shorter list."""
    page = faulty.call("GET", faulty.main, limit=10, fields="id")
    faulty.control("PUT", "faults", [{"kind": "malformed", "as": "html"}])
    again = {"limit": 10, "fields": "id", "next_cursor": page["next_cursor"]}
    broken = faulty.ask("GET", f"/unified/ats/{faulty.main}", **again)
    assert (broken.status, broken.json["code"]) == (502, "provider_failed")
    faulty.control("DELETE", "faults")
    onward = faulty.call("GET", faulty.main, **again)
    assert [each["id"] for each in onward["result"]] == [each["id"] for each in faulty.seeds(faulty.main)[10:20]]


def asked(provider: Provider) -> Reply:
    """The first candidates, or the error, which must come in time."""
    started = time.monotonic()
    reply = provider.ask("GET", f"/unified/ats/{provider.main}", limit=3, fields="id")
    assert time.monotonic() - started < DEADLINE
    return reply


def status_of(provider: Provider) -> str:
    """The account's status, as the API tells it."""
    found: str = provider.api.ask("GET", f"/integrated-account/{provider.account}").json["status"]
    return found
