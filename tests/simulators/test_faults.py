"""Each fault as a client meets it on a real socket."""

import time
from http.client import IncompleteRead, RemoteDisconnected

import pytest

from .asking import Answer, Client


def failing(client: Client, fault: str, method: str = "GET", path: str = "/candidates") -> Answer:
    """Ask with a fault."""
    body = {"name": "Ada"} if method == "POST" else ...
    return client.ask(method, path, json_body=body, headers={"X-Sandbox-Fault": fault})


def names(client: Client) -> list[str]:
    """Give the names of the candidates of whom nobody knew before."""
    url = f"{client.base}/candidates?size=100"
    while True:
        answer = client.ask("GET", url)
        following = answer.headers.get("link", "").partition(">")[0].strip("<")
        if not following:
            return [row["name"] for row in answer.json if row["id"] > 300]
        url = following


def test_rate_limited(tiny: Client) -> None:
    """429 with the asked Retry-After, in the provider's words."""
    answer = failing(tiny, "rate_limited;retry_after=7")
    assert (answer.status, answer.headers["retry-after"]) == (429, "7")
    assert answer.json["message"] == "Too Many Requests"


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_server_error(tiny: Client, status: int) -> None:
    """The asked status, in the provider's words; a write is not done."""
    answer = failing(tiny, f"server_error;status={status}", "POST")
    assert (answer.status, list(answer.json)) == (status, ["message", "problems"])
    assert names(tiny) == []


@pytest.mark.parametrize(("at", "done"), [("request", []), ("answer", ["Ada"])])
def test_drop_without_an_answer(tiny: Client, at: str, done: list[str]) -> None:
    """The connection closes with no byte; by choice before the write is done, or after."""
    with pytest.raises(RemoteDisconnected):
        failing(tiny, f"drop;at={at}", "POST")
    assert names(tiny) == done


def test_drop_in_mid_body(tiny: Client) -> None:
    """The connection closes after half of the bytes that Content-Length promised."""
    whole = tiny.get("/candidates").body
    with pytest.raises(IncompleteRead) as cut:
        failing(tiny, "drop;at=body")
    assert cut.value.partial == whole[: len(whole) // 2]
    assert cut.value.expected == len(whole) - len(whole) // 2


def test_truncated(tiny: Client) -> None:
    """A complete HTTP answer whose JSON is cut off."""
    whole, answer = tiny.get("/candidates").body, failing(tiny, "truncated")
    assert answer.status == 200
    assert answer.body == whole[: len(whole) // 2]


@pytest.mark.parametrize("kind", ["html", "json"])
def test_malformed(tiny: Client, kind: str) -> None:
    """200 and application/json, but nothing that parses."""
    answer = failing(tiny, f"malformed;as={kind}")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert answer.body.startswith(b"<html>" if kind == "html" else b"{")
    with pytest.raises(ValueError, match="Expecting"):
        _ = answer.json


def test_empty(tiny: Client) -> None:
    """The status and type of the answer, without its body."""
    answer = failing(tiny, "empty")
    assert (answer.status, answer.headers["content-type"], answer.body) == (200, "application/json", b"")


def test_expired_token(tiny: Client) -> None:
    """The token of the request stops working, for good."""
    assert failing(tiny, "expired_token").status == 401
    assert tiny.get("/candidates").status == 401


def test_latency(tiny: Client) -> None:
    """The answer comes whole, after the asked milliseconds."""
    start = time.monotonic()
    answer = failing(tiny, "latency;ms=80")
    assert time.monotonic() - start >= 0.08
    assert len(answer.json) == 20


def test_slow_drip(tiny: Client) -> None:
    """The body comes whole, in small parts over the asked milliseconds."""
    start = time.monotonic()
    answer = failing(tiny, "slow_drip;ms=100")
    assert time.monotonic() - start >= 0.1
    assert answer.body == tiny.get("/candidates").body


def test_a_planned_fault_counts_down(tiny: Client, control: Client) -> None:
    """It meets so many requests of its method and path, and no others."""
    planned = [{"kind": "server_error", "times": 2, "path": "/candidates", "method": "GET"}]
    assert control.ask("PUT", "/faults", json_body=planned).status == 204
    assert tiny.post("/candidates", {"name": "Ada"}).status == 201
    assert tiny.ask("DELETE", "/elsewhere").status == 404
    assert [tiny.get("/candidates").status for _ in range(3)] == [500, 500, 200]


def test_planned_faults_come_in_order_until_deleted(tiny: Client, control: Client) -> None:
    """The first that fits is made; without `times` it stays."""
    planned = [{"kind": "rate_limited", "times": 1}, {"kind": "server_error", "status": 503}]
    control.ask("PUT", "/faults", json_body=planned)
    assert [tiny.get("/candidates").status for _ in range(3)] == [429, 503, 503]
    assert control.ask("DELETE", "/faults").status == 204
    assert tiny.get("/candidates").status == 200


@pytest.mark.parametrize(
    ("planned", "message"),
    [
        ({"kind": "flood"}, "there is no fault 'flood'"),
        ({}, "there is no fault None"),
        ({"kind": "latency", "seconds": 3}, "latency takes ms, not 'seconds'"),
        ({"kind": "latency", "ms": "3"}, "latency takes a ms of int, not '3'"),
        ({"kind": "drop", "at": "noon"}, "drop takes a at of request, answer, body, not 'noon'"),
        ({"kind": "empty", "times": 0}, "times is a number from 1"),
    ],
)
def test_an_unknown_fault_is_refused(control: Client, planned: dict[str, object], message: str) -> None:
    """The control panel says what it knows."""
    answer = control.ask("PUT", "/faults", json_body=[planned])
    assert answer.status == 400
    assert message in answer.json["sandbox_error"]


def test_an_unknown_fault_in_a_header_is_refused(tiny: Client) -> None:
    """A header that can't be read is 400, and nothing is asked of the simulator."""
    answer = failing(tiny, "flood", "POST")
    assert (answer.status, list(answer.json)) == (400, ["sandbox_error"])
    assert names(tiny) == []


def test_the_journal_remembers_requests_without_their_secrets(tiny: Client, control: Client) -> None:
    """Method, path, query, status and names of headers; 0 stands for no answer."""
    control.ask("DELETE", "/requests")
    tiny.get("/candidates", size=1)
    with pytest.raises(RemoteDisconnected):
        failing(tiny, "drop", "POST")
    first, second = control.get("/requests").json
    assert (first["method"], first["path"], first["query"], first["status"]) == ("GET", "/candidates", "size=1", 200)
    assert "authorization" in first["headers"]
    assert (second["method"], second["status"]) == ("POST", 0)
    assert "Bearer" not in str([first, second])
    control.ask("DELETE", "/requests")
    assert control.get("/requests").json == []


def test_the_control_panel_knows_its_controls(control: Client, served: str) -> None:
    """An unknown control, setting or simulator is refused with what there is."""
    assert "PUT faults" in control.get("/weather").json["sandbox_error"]
    assert control.ask("PUT", "/settings", json_body={"colour": 1}).status == 400
    assert control.ask("PUT", "/settings", raw=b"{").status == 400
    answer = Client(served, {}).get("/_sandbox/nobody/requests")
    assert (answer.status, answer.json["sandbox_error"]) == (404, "no simulator here; there are tiny")
