"""Tokens, scopes and limits of the pretend Greenhouse."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from ..asking import Client
from .conftest import client_of, first, one, request_token

CREDENTIALS = {"grant_type": "client_credentials"}


def test_client_credentials_give_a_token_for_an_hour(hosted: str, account: dict[str, str]) -> None:
    """The answer names its end as an instant, and holds no refresh token."""
    answer = request_token(hosted, account["client_id"], account["client_secret"], **CREDENTIALS)
    assert answer.status == 200
    assert set(answer.json) == {"access_token", "token_type", "expires_at"}
    left = datetime.fromisoformat(answer.json["expires_at"]) - datetime.now(UTC)
    assert timedelta(minutes=58) < left <= timedelta(hours=1)


def test_the_acting_user_may_be_named(hosted: str, account: dict[str, str]) -> None:
    """With `sub`, writes are in that user's name."""
    pair = (account["client_id"], account["client_secret"])
    other = str(int(account["user_id"]) + 1)
    token = request_token(hosted, *pair, **CREDENTIALS, sub=other).json["access_token"]
    client = client_of(hosted, token)
    note = {"body": "Hi", "type": "NOTE", "visibility": "publicly_visible"}
    made = client.post("/notes", {"candidate_id": first(client, "candidates")["id"], **note})
    assert made.json["user_id"] == int(other)


@pytest.mark.parametrize("sub", ["1", "abc", ""])
def test_an_unknown_acting_user_is_refused(hosted: str, account: dict[str, str], sub: str) -> None:
    """`sub` must be the id of a user."""
    answer = request_token(hosted, account["client_id"], account["client_secret"], **CREDENTIALS, sub=sub)
    assert (answer.status, answer.json["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("client", "secret", "form", "status", "error"),
    [
        ("meridian-harvest", "wrong", CREDENTIALS, 401, "invalid_client"),
        ("nobody", "pretend-customer-key", CREDENTIALS, 401, "invalid_client"),
        ("", "", CREDENTIALS, 401, "invalid_client"),
        ("meridian-harvest", "pretend-customer-key", {"grant_type": "password"}, 400, "unauthorized_client"),
        ("meridian-partner", "pretend-partner-key", CREDENTIALS, 400, "unauthorized_client"),
        ("meridian-harvest", "pretend-customer-key", {}, 400, "invalid_request"),
    ],
)
def test_the_token_server_is_strict(
    hosted: str, account: dict[str, str], client: str, secret: str, form: dict[str, str], status: int, error: str
) -> None:
    """A wrong secret, grant or form is an OAuth error."""
    answer = request_token(hosted, client, secret, **form)
    assert (answer.status, answer.json["error"]) == (status, error)


def test_a_partner_gets_a_code_and_rotating_refreshes(hosted: str, account: dict[str, str]) -> None:
    """A code works once; so does each refresh token."""
    asked = {
        "response_type": "code",
        "client_id": "meridian-partner",
        "redirect_uri": "https://us.example/back",
        "state": "s 1",
    }
    sent = Client(f"{hosted}/greenhouse", {}).get("/authorize", **asked)
    assert sent.status == 302
    back = urlsplit(sent.headers["location"])
    values = parse_qs(back.query)
    assert (back.hostname, values["state"]) == ("us.example", ["s 1"])

    def token(**form: str) -> tuple[int, dict[str, str]]:
        answer = request_token(hosted, "meridian-partner", "pretend-partner-key", **form)
        return answer.status, answer.json

    status, pair = token(grant_type="authorization_code", code=values["code"][0])
    assert status == 200
    assert token(grant_type="authorization_code", code=values["code"][0])[0] == 400
    status, second = token(grant_type="refresh_token", refresh_token=pair["refresh_token"])
    assert status == 200
    assert second["refresh_token"] != pair["refresh_token"]
    again = token(grant_type="refresh_token", refresh_token=pair["refresh_token"])
    assert (again[0], again[1]["error"]) == (400, "invalid_grant")
    assert client_of(hosted, second["access_token"]).get("/users").status == 200


def test_a_missing_or_dead_token_is_401(hosted: str, greenhouse: Client) -> None:
    """The body is Harvest's."""
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Basic eDo="}):
        answer = Client(greenhouse.base, headers).get("/users")
        assert (answer.status, answer.json["message"]) == (401, "Unauthorized")
        assert all(isinstance(each, str) for each in answer.json["errors"])


def test_a_missing_scope_is_403(hosted: str, account: dict[str, str]) -> None:
    """A credential of candidates alone lists those, and no jobs, and writes nothing."""
    token = request_token(hosted, "meridian-narrow", "pretend-narrow-key", **CREDENTIALS).json["access_token"]
    client = client_of(hosted, token)
    assert client.get("/candidates").status == 200
    assert client.get("/jobs").status == 403
    assert client.post("/candidate_tags", {"name": "x"}).status == 403


def test_lists_are_for_site_admins(hosted: str, account: dict[str, str], greenhouse: Client) -> None:
    """Someone else who acts is 403 on a list, and can still write."""
    plain = next(row["id"] for row in greenhouse.get("/users").json if not row["site_admin"] and not row["deactivated"])
    pair = (account["client_id"], account["client_secret"])
    token = request_token(hosted, *pair, **CREDENTIALS, sub=str(plain)).json["access_token"]
    client = client_of(hosted, token)
    assert client.get("/candidates").status == 403
    assert client.post("/candidate_tags", {"name": "mine"}).status == 201


def test_a_deactivated_user_can_not_act(hosted: str, account: dict[str, str], greenhouse: Client) -> None:
    """Deactivating takes effect on the next token."""
    user = int(account["user_id"]) + 2
    pair = (account["client_id"], account["client_secret"])
    assert request_token(hosted, *pair, **CREDENTIALS, sub=str(user)).status == 200
    assert greenhouse.post("/users/deactivate/bulk", {"user_ids": [user]}).status == 200
    assert one(greenhouse, "users", user)["deactivated"] is True
    assert request_token(hosted, *pair, **CREDENTIALS, sub=str(user)).status == 400
    assert greenhouse.post("/users/activate/bulk", {"user_ids": [user]}).json[0]["deactivated"] is False
    assert request_token(hosted, *pair, **CREDENTIALS, sub=str(user)).status == 200


def test_the_ceiling_is_per_window_and_told(hosted: str, greenhouse: Client) -> None:
    """Some request within 151 meets 429, which says how long to wait (two windows of 30 s hold no more)."""
    panel = Client(f"{hosted}/_sandbox/greenhouse", {})
    panel.ask("PUT", "/settings", json_body={"rate_limits": True})
    try:
        answers = [greenhouse.get("/candidate_tags", per_page=1) for _ in range(151)]
    finally:
        panel.ask("PUT", "/settings", json_body={"rate_limits": False})
    refused = next(each for each in answers if each.status == 429)
    assert answers[0].headers["x-ratelimit-limit"] == "75"
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert 1 <= int(refused.headers["retry-after"]) <= 30
    assert "x-ratelimit-reset" in refused.headers
