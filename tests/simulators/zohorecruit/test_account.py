"""Tokens, scopes, credits and the way Zoho words refusals."""

from types import ModuleType
from urllib.parse import parse_qsl, urlsplit

import pytest

from polyhire.simulators.company import company
from polyhire.simulators.kit import Refusal
from polyhire.simulators.load import load
from polyhire.simulators.serve import Sandbox, running

from ..asking import Answer, Client
from .conftest import INTEGRATIONS, STAFFING, client_of, refreshed, refused

BACK = "http://127.0.0.1:8000/back"


def consent(accounts: Client, account: dict[str, str], **changes: str) -> dict[str, str]:
    """Agree at the consent page, and give what comes back."""
    query = {
        "response_type": "code",
        "client_id": account["client_id"],
        "redirect_uri": BACK,
        "scope": "ZohoRecruit.modules.candidate.READ,ZohoRecruit.search.READ",
        "access_type": "offline",
        "prompt": "consent",
        "state": "s/1",
        **changes,
    }
    return decided(accounts, query)


def decided(accounts: Client, query: dict[str, str], decision: str = "allow") -> dict[str, str]:
    """Look at the consent page, decide, and give what comes back."""
    page = accounts.get("/oauth/v2/auth", **query)
    assert page.status == 200, page.body
    assert query["scope"].split(",")[0] in page.body.decode()
    answer = accounts.ask("POST", "/oauth/v2/auth", form={**query, "decision": decision})
    assert answer.status == 302, answer.body
    assert answer.headers["location"].startswith(f"{BACK}?")
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def redeemed(accounts: Client, account: dict[str, str], code: str, **changes: str) -> Answer:
    """Trade a code at the server that the callback named."""
    form = {"client_id": account["client_id"], "client_secret": account["client_secret"], "redirect_uri": BACK}
    form |= {"grant_type": "authorization_code", "code": code, **changes}
    return accounts.ask("POST", "/oauth/v2/token", form=form)


def test_a_consent_leads_to_tokens_with_its_scopes(accounts: Client, account: dict[str, str]) -> None:
    """The callback names the server; the code works once there; other scopes are refused at the API."""
    back = consent(accounts, account)
    assert (back["location"], back["accounts-server"], back["state"]) == ("us", accounts.base, "s/1")
    answer = redeemed(accounts, account, back["code"])
    assert set(answer.json) == {"access_token", "refresh_token", "api_domain", "token_type", "expires_in"}
    assert (answer.status, answer.json["expires_in"]) == (200, 3600)
    again = redeemed(accounts, account, back["code"])
    assert (again.status, again.json) == (200, {"error": "invalid_code"})
    narrow = client_of(accounts, answer.json["access_token"])
    assert narrow.get("/Candidates").status == 200
    assert narrow.get("/Candidates/search", word="ada").status == 200
    for path in ("/Job_Openings", "/users", "/settings/modules"):
        refused(narrow.get(path), 401, "OAUTH_SCOPE_MISMATCH")
    refused(narrow.post("/Candidates", {"data": [{"Last_Name": "x"}]}), 401, "OAUTH_SCOPE_MISMATCH")
    fresh = refreshed(accounts, account, refresh_token=answer.json["refresh_token"]).json["access_token"]
    assert client_of(accounts, fresh).get("/Candidates").status == 200
    refused(client_of(accounts, fresh).get("/users"), 401, "OAUTH_SCOPE_MISMATCH")


def test_search_needs_its_own_scope(accounts: Client, account: dict[str, str]) -> None:
    """A token that may read candidates may not search them."""
    back = consent(accounts, account, scope="ZohoRecruit.modules.candidates.READ")
    client = client_of(accounts, redeemed(accounts, account, back["code"]).json["access_token"])
    assert client.get("/Candidates").status == 200
    refused(client.get("/Candidates/search", word="ada"), 401, "OAUTH_SCOPE_MISMATCH")


def test_a_refresh_token_comes_with_the_first_consent_alone(accounts: Client, account: dict[str, str]) -> None:
    """Later only with prompt=consent, and never for access that is online."""
    query = {"response_type": "code", "client_id": account["client_id"], "redirect_uri": BACK}
    query |= {"scope": "ZohoRecruit.users.READ", "access_type": "offline", "state": "s"}

    def lasting(**changes: str) -> bool:
        code = decided(accounts, {**query, **changes})["code"]
        return "refresh_token" in redeemed(accounts, account, code).json

    assert lasting()
    assert not lasting()
    assert lasting(prompt="consent")
    assert not lasting(prompt="consent", access_type="online")


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_secret": "wrong"}, 200, "invalid_client"),
        ({"client_id": "1000.OTHER"}, 200, "invalid_client"),
        ({"refresh_token": "1000.wrong"}, 200, "invalid_code"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"colour": "red"}, 400, "invalid_request"),
    ],
)
def test_token_errors_may_come_as_200(
    accounts: Client, account: dict[str, str], changes: dict[str, str], status: int, error: str
) -> None:
    """A wrong client or token is an error inside a 200, without an access token."""
    answer = refreshed(accounts, account, **changes)
    assert (answer.status, answer.json) == (status, {"error": error})


def test_a_code_belongs_to_its_redirect(accounts: Client, account: dict[str, str]) -> None:
    """Another redirect_uri than that of the consent is refused; so are unknown scopes and clients."""
    code = consent(accounts, account)["code"]
    answer = redeemed(accounts, account, code, redirect_uri="https://other.example")
    assert answer.json == {"error": "invalid_redirect_uri"}
    query = {"response_type": "code", "client_id": account["client_id"], "redirect_uri": BACK, "state": "s"}
    assert accounts.get("/oauth/v2/auth", **query, scope="ZohoCRM.modules.ALL").json == {"error": "invalid_scope"}
    assert accounts.get("/oauth/v2/auth", **query).status == 400
    query["client_id"] = "1000.OTHER"
    assert accounts.get("/oauth/v2/auth", **query, scope="ZohoRecruit.users.READ").json == {"error": "invalid_client"}


def test_a_denied_consent_has_no_code(accounts: Client, account: dict[str, str]) -> None:
    """Whoever says no is sent back with the state and the reason, and with nothing else."""
    query = {"response_type": "code", "client_id": account["client_id"], "redirect_uri": BACK}
    query |= {"scope": "ZohoRecruit.users.READ", "state": "s/1"}
    assert decided(accounts, query, "deny") == {"state": "s/1", "error": "access_denied"}


def test_refresh_tokens_do_not_rotate(accounts: Client, account: dict[str, str]) -> None:
    """The same one gives a token each time, no new one comes along, and the tokens live beside each other."""
    first, second = (refreshed(accounts, account).json for _ in range(2))
    assert "refresh_token" not in first
    assert first["access_token"] != second["access_token"]
    for each in (first, second):
        assert client_of(accounts, each["access_token"]).get("/users", type="CurrentUser").status == 200


def test_refreshing_is_throttled(hosted: str, accounts: Client, account: dict[str, str]) -> None:
    """The sixth refresh of a minute is refused, with a 400 that is no verdict on the token."""
    panel = Client(f"{hosted}/_sandbox/zohorecruit", {})
    assert panel.ask("PUT", "/settings", json_body={"rate_limits": True}).status == 204
    try:
        answers = [refreshed(accounts, account) for _ in range(12)]
    finally:
        panel.ask("PUT", "/settings", json_body={"rate_limits": False})
    # A new minute may begin between the first and the last.
    assert [each.status for each in answers[:5]] == [200] * 5
    assert (answers[-1].status, answers[-1].json) == (400, {"error": "Access Denied"})


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        (None, "AUTHENTICATION_FAILURE"),
        ("Zoho-oauthtoken wrong", "INVALID_TOKEN"),
        ("Zoho-oauthtoken", "INVALID_TOKEN"),
        ("Bearer {}", "INVALID_TOKEN"),
        ("Token {}", "INVALID_TOKEN"),
        ("{}", "INVALID_TOKEN"),
    ],
)
def test_a_wrong_credential_is_refused(
    accounts: Client, account: dict[str, str], authorization: str | None, code: str
) -> None:
    """A living token counts only behind Zoho's own word."""
    token = refreshed(accounts, account).json["access_token"]
    headers = {"Authorization": authorization.format(token)} if authorization else {}
    refused(Client(f"{accounts.base}/recruit/v2", headers).get("/Candidates"), 401, code)


def test_a_refresh_token_is_no_access_token(accounts: Client, account: dict[str, str]) -> None:
    """Nor is a code."""
    refused(client_of(accounts, account["refresh_token"]).get("/users"), 401, "INVALID_TOKEN")
    refused(client_of(accounts, consent(accounts, account)["code"]).get("/users"), 401, "INVALID_TOKEN")


def test_an_expired_token_is_replaced_by_refreshing(
    hosted: str, zoho: Client, accounts: Client, account: dict[str, str]
) -> None:
    """It is 401 from then on, and a new one works."""
    panel = Client(f"{hosted}/_sandbox/zohorecruit", {})
    assert panel.ask("PUT", "/faults", json_body=[{"kind": "expired_token", "times": 1}]).status == 204
    refused(zoho.get("/Candidates"), 401, "INVALID_TOKEN")
    refused(zoho.get("/Candidates"), 401, "INVALID_TOKEN")
    fresh = client_of(accounts, refreshed(accounts, account).json["access_token"])
    assert fresh.get("/Candidates").status == 200


def test_credits_return_a_day_after_they_were_spent(credits_module: ModuleType) -> None:
    """A call that costs more than what is left is refused and costs nothing."""
    now = 1_000_000.0
    budget = credits_module.Credits(5, lambda: now)
    budget.spend(3)
    now += 3600
    with pytest.raises(Refusal) as refusal:
        budget.spend(3)
    assert (refusal.value.status, refusal.value.headers) == (429, {})
    budget.spend(2)
    now += 86_400 - 3600
    budget.spend(3)
    with pytest.raises(Refusal):
        budget.spend(1)


def test_a_list_costs_three_credits_and_other_calls_one() -> None:
    """With four credits left there is one list, one other call, and then 429 for the day."""
    simulator = load(INTEGRATIONS / "zohorecruit" / "simulator.py", company())
    with running(Sandbox([simulator])) as base:
        accounts = Client(f"{base}/zohorecruit", {})
        client = client_of(accounts, refreshed(accounts, dict(simulator.account)).json["access_token"])
        recruit = simulator.world.guard.__self__  # type: ignore[attr-defined]
        recruit.credits["corporate"].spend(15_000 + 1000 * len(company().users) - 4)
        assert client.get("/Candidates").status == 200
        refused(client.get("/Candidates"), 429, "LIMIT_EXCEEDED")
        assert client.get("/users").status == 200
        answer = client.get("/users")
        refused(answer, 429, "LIMIT_EXCEEDED")
        assert "retry-after" not in answer.headers


def test_being_told_to_wait_is_worded_as_zoho_does(hosted: str, zoho: Client) -> None:
    """A planned 429 has Zoho's shape, and passes."""
    panel = Client(f"{hosted}/_sandbox/zohorecruit", {})
    panel.ask("PUT", "/faults", json_body=[{"kind": "rate_limited", "times": 1}])
    refused(zoho.get("/Candidates"), 429, "TOO_MANY_REQUESTS")
    assert zoho.get("/Candidates").status == 200


def test_unknown_paths_and_methods_are_told_apart(zoho: Client) -> None:
    """Outside the API 404; a module that is not there is a 400; a wrong method 405."""
    refused(zoho.get("/a/b/c/d/e"), 404, "INVALID_URL_PATTERN")
    refused(Client(zoho.base.replace("/v2", "/v9"), zoho.headers).get("/Candidates"), 404, "INVALID_URL_PATTERN")
    refused(zoho.get("/candidates"), 400, "INVALID_MODULE")
    refused(zoho.ask("DELETE", "/Candidates/1"), 405, "INVALID_REQUEST_METHOD")


def test_the_accounts_differ_in_what_a_job_belongs_to(zoho: Client, agency: Client) -> None:
    """Corporate HR has departments, an agency has clients and contacts; settings/modules tells."""
    for client, there, not_there in ((zoho, "Departments", "Clients"), (agency, "Clients", "Departments")):
        names = {each["api_name"] for each in client.get("/settings/modules").json["modules"]}
        assert there in names
        assert not_there not in names
        assert client.get(f"/{there}").json["info"]["count"] == 12
        refused(client.get(f"/{not_there}"), 400, "INVALID_MODULE")
    assert agency.get("/Contacts").status == 200
    job = agency.get("/Job_Openings", per_page=1).json["data"][0]
    assert "Client_Name" in job
    assert "Department_Name" not in job


def test_the_connect_form_has_an_account_of_each_kind(account: dict[str, str]) -> None:
    """The default is Corporate HR in the data centre .com."""
    assert set(account) == {"region", "client_id", "client_secret", "refresh_token"}
    assert account["refresh_token"] != STAFFING
