"""Who may ask Workable, what for, and how often; and the account itself."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from ..asking import Answer, Client
from .conftest import JOBS_ONLY, MISSING, READING, Workable, client, invalid, refused

APP = {"client_id": "meridian-partner", "client_secret": "pretend-workable-partner-key"}
BACK = "http://localhost:9/callback"


def authorize(hosted: str, decision: str = "allow", **changes: str) -> Answer:
    """Send a person's decision."""
    query = {
        "client_id": APP["client_id"],
        "redirect_uri": BACK,
        "response_type": "code",
        "resource": "user",
        "scope": "r_jobs r_candidates",
        "state": "s1",
        **changes,
    }
    base = Client(f"{hosted}/workable", {})
    shown = base.get("/oauth/authorize", **query)
    if shown.status != 200:
        return shown
    return base.ask("POST", "/oauth/authorize", form={**query, "decision": decision})


def code_of(answer: Answer) -> str:
    """Give the code that a person was sent back with."""
    assert answer.status == 302
    back = parse_qs(urlsplit(answer.headers["location"]).query)
    assert back["state"] == ["s1"]
    return back["code"][0]


def token(hosted: str, **form: str) -> Answer:
    """Ask the token server."""
    return Client(f"{hosted}/workable", {}).ask("POST", "/oauth/token", form={**APP, **form})


def granted(hosted: str) -> Answer:
    """Go through the consent."""
    code = code_of(authorize(hosted))
    return token(hosted, grant_type="authorization_code", code=code, redirect_uri=BACK)


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer nobody"}, {"Authorization": "Basic YTpi"}])
def test_strangers_are_not_let_in(hosted: str, header: dict[str, str]) -> None:
    """Without a bearer token that is known: 401."""
    assert refused(Client(f"{hosted}/workable/spi/v3", header).get("/jobs"), 401)


def test_a_token_does_what_its_scopes_say(hosted: str, workable: Workable) -> None:
    """Without the scope: 403, for reading and for writing."""
    jobs, reading = client(hosted, JOBS_ONLY), client(hosted, READING, workable.member)
    assert jobs.get("/jobs", limit=1)["jobs"]
    assert "r_candidates" in refused(jobs.http.get("/candidates"), 403)
    one = reading.get("/candidates", limit=1)["candidates"][0]["id"]
    assert "w_candidates" in refused(reading.act(f"/candidates/{one}/revert"), 403)


def test_codes_and_refresh_tokens_give_tokens(hosted: str, workable: Workable) -> None:
    """A consent gives a token of its scopes, a refresh the next one; each code and refresh token works once."""
    first = granted(hosted)
    assert first.status == 200
    assert first.json["token_type"] == "Bearer"
    assert first.json["expires_in"] > 0
    app = client(hosted, first.json["access_token"])
    assert app.get("/accounts")["accounts"][0]["subdomain"] == "meridian-workshop"
    assert app.get("/candidates", limit=1)["candidates"]
    refused(app.http.post("/departments", {"name": "New"}), 403)
    again = token(hosted, grant_type="refresh_token", refresh_token=first.json["refresh_token"])
    assert client(hosted, again.json["access_token"]).get("/jobs", limit=1)["jobs"]
    used = token(hosted, grant_type="refresh_token", refresh_token=first.json["refresh_token"])
    assert (used.status, used.json["error"]) == (400, "invalid_grant")


def test_the_token_server_is_strict(hosted: str, workable: Workable) -> None:
    """Unknown scopes, clients, grants and used codes are refused."""
    assert authorize(hosted, scope="r_everything").json["error"] == "invalid_scope"
    assert authorize(hosted, client_id="nobody").json["error"] == "invalid_client"
    assert "access_denied" in authorize(hosted, decision="deny").headers["location"]
    code = code_of(authorize(hosted))
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
    assert token(hosted, **{**form, "client_secret": "wrong"}).status == 401
    assert token(hosted, **form).status == 200
    assert token(hosted, **form).json["error"] == "invalid_grant"
    assert token(hosted, grant_type="client_credentials").json["error"] == "unsupported_grant_type"
    assert token(hosted, grant_type="refresh_token", more="x").json["error"] == "invalid_request"


def test_an_expired_access_token_stops_working(hosted: str, workable: Workable) -> None:
    """What the fault expires answers 401; an account's token goes on."""
    app = client(hosted, granted(hosted).json["access_token"])
    fault = {"X-Sandbox-Fault": "expired_token"}
    assert refused(app.http.ask("GET", "/jobs", headers=fault), 401)
    assert refused(app.http.get("/jobs"), 401)
    assert workable.http.ask("GET", "/jobs?limit=1", headers=fault).status == 200


def test_too_many_requests_are_refused(hosted: str, workable: Workable, control: Client) -> None:
    """Ten in ten seconds for an account's token, fifty for a partner's; headers say how many are left."""
    partner = client(hosted, granted(hosted).json["access_token"])
    assert control.ask("PUT", "/settings", json_body={"rate_limits": True}).status == 204
    try:
        answers = [workable.http.get("/accounts") for _ in range(21)]
        limits = {each.headers["x-rate-limit-limit"] for each in answers}
        other = partner.http.get("/accounts")
    finally:
        control.ask("PUT", "/settings", json_body={"rate_limits": False})
    assert limits == {"10"}
    last = answers[-1]
    assert refused(last, 429)
    assert last.headers["x-rate-limit-remaining"] == "0"
    assert int(last.headers["x-rate-limit-reset"]) > 1_700_000_000
    assert (other.status, other.headers["x-rate-limit-limit"]) == (200, "50")


def test_what_is_not_there_is_not_found(workable: Workable) -> None:
    """Unknown paths and ids are a 404 with an error, wrong methods a 405."""
    for path in ("/nothing", f"/candidates/{MISSING}", "/jobs/ABC", f"/events/{MISSING}", "/accounts/other"):
        assert refused(workable.http.get(path), 404)
    refused(workable.send("DELETE", f"/candidates/{MISSING}"), 405)
    job = workable.job()
    refused(workable.http.get(f"/jobs/{job.lower()}"), 404)


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("/candidates?limit=101", "limit"),
        ("/candidates?created_before=2026-01-01T00:00:00Z", "created_before"),
        ("/candidates?created_after=yesterday", "created_after"),
        ("/candidates?since_id=zz", "since_id"),
        ("/jobs?state=open", "state"),
        ("/jobs?include_fields=salary", "include_fields"),
        ("/jobs?limit=5&limit=6", "limit"),
        ("/events?type=InterviewEvent", "type"),
        ("/members?status=gone", "status"),
        ("/departments?limit=5", "limit"),
    ],
)
def test_queries_are_read_strictly(workable: Workable, path: str, wrong: str) -> None:
    """Parameters that are unknown, given twice or malformed are a 422 that names them."""
    assert list(invalid(workable.http.get(path))) == [wrong]


def test_bodies_are_read_strictly(workable: Workable) -> None:
    """415 for another content type, 400 for what is no JSON, 422 for unknown keys and for bodies where none belongs."""
    path = f"/jobs/{workable.job()}/candidates"
    refused(workable.http.ask("POST", path, raw=b"{}", headers={"Content-Type": "text/plain"}), 415)
    refused(workable.http.ask("POST", path, raw=b"{", headers={"Content-Type": "application/json"}), 400)
    assert list(invalid(workable.http.post("/departments", {"name": "A", "colour": "red"}))) == ["colour"]
    refused(workable.http.ask("GET", "/departments", json_body={}), 422)


def test_an_account_has_a_subdomain(workable: Workable, account: dict[str, str]) -> None:
    """One account, listed and read by its subdomain."""
    (row,) = workable.get("/accounts")["accounts"]
    assert row["subdomain"] == account["subdomain"]
    assert workable.get(f"/accounts/{account['subdomain']}") == row
    assert {"id", "name", "website_url"} <= set(row)


def test_subscriptions_come_and_go(hosted: str, workable: Workable) -> None:
    """A target is subscribed once; recruiting arguments come in pairs; the scope must fit the event."""
    job = workable.job()
    new = {"target": "https://hooks.example/1", "event": "candidate_moved"}
    arguments = {"job_shortcode": job, "stage_slug": ""}
    made = workable.http.post("/subscriptions", {**new, "args": arguments})
    assert made.status == 201
    assert isinstance(made.json["id"], int)
    refused(workable.http.post("/subscriptions", new), 409)
    half = {**new, "target": "https://hooks.example/2", "args": {"job_shortcode": job}}
    assert list(invalid(workable.http.post("/subscriptions", half))) == ["args.stage_slug"]
    staff = {"target": "https://hooks.example/3", "event": "employee_created"}
    refused(client(hosted, granted(hosted).json["access_token"]).http.post("/subscriptions", staff), 403)
    assert list(invalid(workable.http.post("/subscriptions", {**new, "event": "offer_made"}))) == ["event"]
    (row,) = workable.get("/subscriptions")["subscriptions"]
    assert {"id": made.json["id"], "job_shortcode": job, **new}.items() <= row.items()
    assert "stage_slug" not in row
    assert workable.send("DELETE", f"/subscriptions/{row['id']}").status == 200
    assert workable.get("/subscriptions")["subscriptions"] == []


def test_next_pages_may_be_asked_for_with_other_words(workable: Workable) -> None:
    """`since_id` and `max_id` are inclusive bounds."""
    rows = workable.walk("/members", "members", status="all")
    query = urlencode({"status": "all", "since_id": rows[3]["id"], "max_id": rows[5]["id"]})
    assert workable.get(f"/members?{query}")["members"] == rows[3:6]
