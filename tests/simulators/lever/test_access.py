"""Keys, tokens, scopes and limits of the pretend Lever."""

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from ..asking import Answer, Client
from .conftest import KEY, NOBODY, READ_ONLY_KEY, Lever, basic

AUDIENCE = "https://api.lever.co/v1/"
BACK = "http://127.0.0.1:8000/back?x=1"
SCOPE = "opportunities:read:admin users:write:admin offline_access"
CLIENT = {"client_id": "meridian-partner", "client_secret": "pretend-partner-key"}


def asked(**changes: Any) -> dict[str, str]:
    """Word a request for a code; None leaves a parameter out."""
    query = {
        "client_id": CLIENT["client_id"],
        "redirect_uri": BACK,
        "state": "s/1",
        "response_type": "code",
        "scope": SCOPE,
        "prompt": "consent",
        "audience": AUDIENCE,
        **changes,
    }
    return {key: value for key, value in query.items() if value is not None}


def authorize(hosted: str, **changes: Any) -> Answer:
    """Look at the consent page."""
    return Client(f"{hosted}/lever", {}).ask("GET", f"/authorize?{urlencode(asked(**changes))}")


def decided(hosted: str, decision: str = "allow", **changes: Any) -> dict[str, list[str]]:
    """Look at the consent page, decide, and give what goes back."""
    page = authorize(hosted, **changes)
    assert page.status == 200, page.body
    answer = Client(f"{hosted}/lever", {}).ask("POST", "/authorize", form={**asked(**changes), "decision": decision})
    assert answer.status == 302, answer.body
    assert answer.headers["location"].startswith(f"{BACK}&")
    return parse_qs(urlsplit(answer.headers["location"]).query)


def code_for(hosted: str, **changes: Any) -> str:
    """Give a code."""
    return decided(hosted, **changes)["code"][0]


def trade(hosted: str, **form: str) -> Answer:
    """Ask the token server as the partner."""
    return Client(f"{hosted}/lever", {}).ask("POST", "/oauth/token", form={**CLIENT, **form})


def redeem(hosted: str, code: str, redirect_uri: str = BACK) -> Answer:
    """Trade a code."""
    return trade(hosted, grant_type="authorization_code", code=code, redirect_uri=redirect_uri)


def refresh(hosted: str, token: str) -> Answer:
    """Trade a refresh token."""
    return trade(hosted, grant_type="refresh_token", refresh_token=token)


def bearer(hosted: str, token: str) -> Client:
    """Give a client with an access token."""
    return Client(f"{hosted}/lever/v1", {"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize(
    "authorization", ["", basic("wrong"), basic(KEY, "password"), basic("", KEY), f"Bearer {KEY}", "Basic ###"]
)
def test_only_the_key_as_username_opens(hosted: str, lever: Lever, authorization: str) -> None:
    """An API key is the username of Basic credentials, with no password."""
    headers = {"Authorization": authorization} if authorization else {}
    answer = Client(f"{hosted}/lever/v1", headers).get("/users")
    assert answer.status == 401
    assert answer.json["code"] == "Unauthorized"
    assert answer.json["message"]


def test_nothing_is_told_without_credentials(hosted: str, account: dict[str, str]) -> None:
    """Even a path that is not there is refused with 401."""
    assert Client(f"{hosted}/lever/v1", {}).get("/nowhere").status == 401


def test_a_key_has_permissions(reader: Lever, opportunity: Any) -> None:
    """A key that may only read is told 403 when it writes."""
    answer = reader.write("PUT", f"/opportunities/{opportunity['id']}/stage", {"stage": "offer"})
    assert (answer.status, answer.json["code"]) == (403, "Forbidden")
    assert "opportunities:write:admin" in answer.json["message"]


def test_what_is_confidential_is_not_there_for_most_keys(lever: Lever, reader: Lever) -> None:
    """Without access to it, confidential opportunities and postings are neither listed nor found."""
    for kind in ("opportunities", "postings"):
        hidden = lever.walk(f"/{kind}", confidentiality="confidential")
        assert hidden
        assert reader.walk(f"/{kind}", confidentiality="confidential") == []
        assert {each["confidentiality"] for each in reader.walk(f"/{kind}", confidentiality="all")} == {
            "non-confidential"
        }
        assert lever.get(f"/{kind}/{hidden[0]['id']}")["id"] == hidden[0]["id"]
        assert reader.http.get(f"/{kind}/{hidden[0]['id']}").status == 404
    nested = lever.walk("/opportunities", confidentiality="confidential")[0]["id"]
    assert reader.http.get(f"/opportunities/{nested}/notes").status == 404


def test_a_code_gives_an_hour_and_a_refresh_token(hosted: str, lever: Lever) -> None:
    """Tokens come for a code, and open what was asked for and nothing else; writing includes reading."""
    answer = redeem(hosted, code_for(hosted))
    assert answer.status == 200
    assert set(answer.json) == {"access_token", "refresh_token", "scope", "expires_in", "token_type"}
    assert (answer.json["expires_in"], answer.json["scope"]) == (3600, SCOPE)
    client = bearer(hosted, answer.json["access_token"])
    assert client.get("/opportunities", limit=1).status == 200
    assert client.get("/users", limit=1).status == 200
    assert client.get("/postings", limit=1).status == 403
    opportunity = client.get("/opportunities", limit=1).json["data"][0]["id"]
    moved = Lever(client, lever.user).write("PUT", f"/opportunities/{opportunity}/stage", {"stage": "offer"})
    assert moved.status == 403


def test_the_state_comes_back(hosted: str, account: dict[str, str]) -> None:
    """The redirect keeps its own query, and gets the code and the state; a person's no comes without a code."""
    allowed = decided(hosted)
    assert allowed == {"x": ["1"], "state": ["s/1"], "code": [allowed["code"][0]]}
    assert decided(hosted, "deny") == {"x": ["1"], "state": ["s/1"], "error": ["access_denied"]}


def test_refresh_tokens_rotate(hosted: str, account: dict[str, str]) -> None:
    """A refresh token works once, and its successor works next."""
    first = redeem(hosted, code_for(hosted)).json["refresh_token"]
    second = refresh(hosted, first)
    assert second.status == 200
    assert bearer(hosted, second.json["access_token"]).get("/users").status == 200
    again = refresh(hosted, first)
    assert (again.status, again.json["error"]) == (403, "invalid_grant")
    assert refresh(hosted, second.json["refresh_token"]).status == 200


def test_without_offline_access_there_is_no_refresh_token(hosted: str, account: dict[str, str]) -> None:
    """A refresh token is only for whoever asked for `offline_access`."""
    answer = redeem(hosted, code_for(hosted, scope="users:read:admin"))
    assert "refresh_token" not in answer.json


def test_an_expired_token_is_told_so_and_refreshed(hosted: str, account: dict[str, str]) -> None:
    """An access token that has expired is a 401, and its refresh token still works."""
    tokens = redeem(hosted, code_for(hosted)).json
    client = bearer(hosted, tokens["access_token"])
    expiring = client.ask("GET", "/users", headers={"X-Sandbox-Fault": "expired_token"})
    assert (expiring.status, expiring.json["code"]) == (401, "Unauthorized")
    assert client.get("/users").status == 401
    renewed = refresh(hosted, tokens["refresh_token"]).json["access_token"]
    assert bearer(hosted, renewed).get("/users").status == 200


def test_a_code_works_once_and_for_its_address(hosted: str, account: dict[str, str]) -> None:
    """A used code, or one for another redirect, is an invalid grant."""
    code = code_for(hosted)
    assert redeem(hosted, code).status == 200
    assert redeem(hosted, code).json["error"] == "invalid_grant"
    assert redeem(hosted, code_for(hosted), "https://evil.example").json["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"audience": None}, "invalid_request"),
        ({"audience": AUDIENCE.rstrip("/")}, "invalid_request"),
        ({"response_type": "token"}, "invalid_request"),
        ({"client_id": "other"}, "invalid_client"),
        ({"scope": "everything:read:admin"}, "invalid_scope"),
        ({"redirect_uri": "https://evil.example/"}, "invalid_redirect_uri"),
        ({"extra": "1"}, "invalid_request"),
    ],
)
def test_authorize_is_strict(hosted: str, account: dict[str, str], changes: dict[str, Any], error: str) -> None:
    """The audience must be there with its trailing slash, and everything else as documented."""
    answer = authorize(hosted, **changes)
    assert (answer.status, answer.json["error"]) == (400, error)


def test_twenty_scopes_are_the_most(hosted: str, account: dict[str, str]) -> None:
    """Twenty-one scopes are an invalid scope, twenty are not."""
    names = [
        *("opportunities", "applications", "archive_reasons", "contact", "feedback", "files", "forms", "notes"),
        *("interviews", "offers", "panels", "postings", "referrals", "requisitions", "resumes", "sources", "stages"),
        *("tags", "uploads", "users", "webhooks"),
    ]
    scopes = [f"{name}:read:admin" for name in names]
    assert len(scopes) == 21
    assert authorize(hosted, scope=" ".join(scopes)).json["error"] == "invalid_scope"
    assert authorize(hosted, scope=" ".join(scopes[:20])).status == 200


def test_the_token_server_reads_forms_of_known_clients(hosted: str, account: dict[str, str]) -> None:
    """JSON, a wrong secret, an unknown grant and unknown fields are refused in the words of OAuth."""
    client = Client(f"{hosted}/lever", {})
    assert client.post("/oauth/token", {**CLIENT, "grant_type": "refresh_token"}).json["error"] == "invalid_request"
    wrong = trade(hosted, grant_type="refresh_token", client_secret="no")
    assert (wrong.status, wrong.json["error"]) == (401, "invalid_client")
    assert trade(hosted, grant_type="password").json["error"] == "unsupported_grant_type"
    assert trade(hosted, grant_type="refresh_token", extra="1").json["error"] == "invalid_request"


def test_a_burst_of_twenty_is_all(hosted: str, lever: Lever) -> None:
    """After some twenty requests at once comes a 429 without headers, for that key alone."""
    control = Client(f"{hosted}/_sandbox/lever", {})
    assert control.ask("PUT", "/settings", json_body={"rate_limits": True}).status == 204
    try:
        answers = [lever.http.get("/stages", limit=1) for _ in range(40)]
        other = Client(f"{hosted}/lever/v1", {"Authorization": basic(READ_ONLY_KEY)}).get("/stages")
    finally:
        control.ask("PUT", "/settings", json_body={"rate_limits": False})
    assert [each.status for each in answers[:20]] == [200] * 20
    refused = next(each for each in answers if each.status == 429)
    assert refused.json["code"] == "TooManyRequests"
    assert "retry-after" not in refused.headers
    assert other.status == 200


def test_two_applications_a_second_are_all(hosted: str, lever: Lever) -> None:
    """Posting applications has a limit of its own, which counts refused ones, too."""
    control = Client(f"{hosted}/_sandbox/lever", {})
    control.ask("PUT", "/settings", json_body={"rate_limits": True})
    try:
        statuses = [lever.http.post(f"/postings/{NOBODY}/apply", {}).status for _ in range(3)]
        assert lever.http.get("/stages").status == 200
    finally:
        control.ask("PUT", "/settings", json_body={"rate_limits": False})
    assert statuses == [404, 404, 429]
