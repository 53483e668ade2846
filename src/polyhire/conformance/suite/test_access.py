"""Who may ask: tokens of this API, accounts, and what happens when a provider takes a credential back."""

import pytest

from polyhire.conformance.client import Http
from polyhire.conformance.provider import Provider

UNKNOWN = "01890000-0000-7000-8000-000000000000"


@pytest.mark.parametrize("given", [None, "Bearer wrong", "Basic d3Jvbmc6", "Bearer "])
def test_a_wrong_token_is_refused(seen: Provider, given: str | None) -> None:
    """Without a good API token there is nothing but a 401 that says what is missing."""
    bare = Http(seen.api.base, {"Authorization": given} if given else {})
    reply = bare.ask("GET", "/unified/ats/candidates", query={"integrated_account_id": seen.account})
    bare.close()
    assert (reply.status, reply.json["code"]) == (401, "unauthorized")
    assert reply.headers["www-authenticate"] == "Bearer"
    assert "is_remote_error" not in reply.json


@pytest.mark.parametrize("account", [UNKNOWN, "no-such-account"])
def test_an_unknown_account_is_not_found(seen: Provider, account: str) -> None:
    """An account that is not there is a 404; one that is not named a 400."""
    reply = seen.api.ask("GET", "/unified/ats/candidates", query={"integrated_account_id": account})
    assert (reply.status, reply.json["code"]) == (404, "unknown_account")
    unnamed = seen.api.ask("GET", "/unified/ats/candidates")
    assert (unnamed.status, unnamed.json["code"]) == (400, "missing_required_query_parameters")


def test_revoked_credentials_need_the_customer(seen: Provider, revoked: str) -> None:
    """When the provider refuses the credentials, the caller gets a remote 401 and the account needs a new consent."""
    query = {"integrated_account_id": revoked}
    assert seen.api.ask("GET", f"/integrated-account/{revoked}").json["status"] == "active"
    reply = seen.api.ask("GET", "/unified/ats/candidates", query=query)
    assert (reply.status, reply.json["code"]) == (401, "credentials_rejected")
    assert reply.json["is_remote_error"] is reply.json["truto_is_remote_error"] is True
    account = seen.api.ask("GET", f"/integrated-account/{revoked}").json
    assert account["status"] == "needs_reauth"
    assert account["last_error"]
    assert not any(secret.encode() in reply.body for secret in seen.secrets)
    listed = seen.api.ask("GET", "/integrated-account", query={"status": "needs_reauth"}).json["result"]
    assert revoked in {each["id"] for each in listed}


def test_an_account_never_shows_its_secrets(seen: Provider) -> None:
    """What the API tells of accounts holds no secret, alone and in lists."""
    for path in (f"/integrated-account/{seen.account}", "/integrated-account"):
        reply = seen.api.ask("GET", path)
        assert reply.status == 200
        assert not any(secret.encode() in reply.body for secret in seen.secrets)
