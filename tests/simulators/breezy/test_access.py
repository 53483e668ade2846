"""Who may ask Breezy, how often, and how it refuses."""

import time
from typing import Any

import pytest

from polyhire.simulators.company import Company, company, story
from polyhire.simulators.serve import running, sandbox

from ..asking import Client
from .conftest import INTEGRATIONS, NOBODY, PASSWORD, RECRUITER_KEY, Breezy, client_of, refused


def signed_in(hosted: str, email: str, password: str = PASSWORD) -> Any:
    """Sign in, and give the answer."""
    return Client(f"{hosted}/breezy/v3", {}).post("/signin", {"email": email, "password": password})


def test_a_missing_token_is_a_400_and_a_wrong_one_a_401(hosted: str, account: dict[str, str]) -> None:
    """The token stands in the header by itself, without any scheme."""
    refused(Client(f"{hosted}/breezy/v3", {}).get("/companies"), 400, "missingAccessToken")
    for token in ("breezy_pat_other", f"Bearer {account['api_key']}", account["api_key"].upper()):
        refused(client_of(hosted, token).get("/companies"), 401, "invalidAccessToken")


def test_a_token_sees_the_companies_of_its_user(hosted: str, breezy: Breezy) -> None:
    """The owner belongs to two companies, the recruiter to one, and to others nobody gets."""
    both = breezy.http.get("/companies").json
    (one,) = client_of(hosted, RECRUITER_KEY).get("/companies").json
    assert one["_id"] == breezy.company
    assert both[0]["_id"] == breezy.company
    assert breezy.get("")["_id"] == breezy.company
    sister = both[1]["_id"]
    refused(client_of(hosted, RECRUITER_KEY).get(f"/company/{sister}/positions"), 403, "forbidden")
    refused(client_of(hosted, RECRUITER_KEY).get(f"/company/{sister}/categories"), 403, "forbidden")
    refused(breezy.http.get(f"/company/{NOBODY}"), 403, "forbidden")
    mine = {each["_id"] for each in breezy.get("/positions")}
    (other,) = Breezy(breezy.http, sister).get("/positions")
    assert other["_id"] not in mine
    refused(breezy.ask("GET", f"/position/{other['_id']}"), 404, "positionNotFound")


def test_a_session_lasts_until_it_is_signed_out(hosted: str, breezy: Breezy) -> None:
    """Who signs in gets a token, which signing out ends."""
    email = breezy.http.get("/user").json["email_address"]
    answer = signed_in(hosted, email)
    assert (answer.status, answer.json["user"]["email_address"]) == (200, email)
    session = client_of(hosted, answer.json["access_token"])
    assert session.get("/companies").json == breezy.http.get("/companies").json
    assert session.get("/signout").status == 204
    refused(session.get("/companies"), 401, "invalidAccessToken")
    assert breezy.http.get("/signout").status == 204
    assert breezy.http.get("/companies").status == 200


def test_a_session_that_expired_is_a_401(hosted: str, panel: Client, breezy: Breezy) -> None:
    """An expired session is signed in anew; a personal access token does not expire."""
    email = breezy.http.get("/user").json["email_address"]
    session = client_of(hosted, signed_in(hosted, email).json["access_token"])
    panel.ask("PUT", "/faults", json_body=[{"kind": "expired_token", "times": 2}])
    refused(session.get("/user"), 401, "invalidAccessToken")
    assert breezy.http.get("/user").status == 200
    refused(session.get("/user"), 401, "invalidAccessToken")
    assert client_of(hosted, signed_in(hosted, email).json["access_token"]).get("/user").status == 200


def test_signing_in_takes_the_right_password_of_a_member(hosted: str, breezy: Breezy) -> None:
    """A wrong password, an unknown address and a body that does not fit are refused."""
    email = breezy.http.get("/user").json["email_address"]
    refused(signed_in(hosted, email, "wrong"), 401, "invalidCredentials")
    refused(signed_in(hosted, "nobody@mail.example"), 401, "invalidCredentials")
    refused(Client(f"{hosted}/breezy/v3", {}).post("/signin", {"email": email}), 400, "badRequest")


def test_the_user_is_told_with_the_companies(breezy: Breezy) -> None:
    """`/user/details` tells more than `/user`."""
    user, details = breezy.http.get("/user").json, breezy.http.get("/user/details").json
    assert user["name"] == details["name"]
    assert details["companies"][0]["_id"] == breezy.company
    assert "companies" not in user


@pytest.mark.parametrize("path", ["/nothing", "/company", "/signin"])
def test_what_is_not_there_is_a_404(breezy: Breezy, path: str) -> None:
    """Unknown paths and methods are alike."""
    refused(breezy.http.get(path), 404, "notFound")


def test_unknown_parameters_are_refused(breezy: Breezy) -> None:
    """No path takes a parameter that it does not know."""
    assert "per_page" in refused(breezy.ask("GET", "/departments", per_page=5), 400, "getDepartmentsError")


def test_a_hundred_requests_a_minute() -> None:
    """The 101st request of a token in a minute is refused, and told when to come back."""
    with running(sandbox([INTEGRATIONS], only=["breezy"])) as base:
        account = Client(base, {}).get("/").json["simulators"][0]["account"]
        owner, recruiter = client_of(base, account["api_key"]), client_of(base, RECRUITER_KEY)
        # A minute may end on the way.
        answers = [owner.get("/user") for _ in range(201)]
        last = next(each for each in answers if each.status != 200)
        refused(last, 429, "rateLimitExceeded")
        assert 0 < int(last.headers["x-ratelimit-reset"]) - time.time() <= 61
        assert recruiter.get("/user").status == 200


def test_faults_speak_as_breezy_does(panel: Client, breezy: Breezy) -> None:
    """A planned 429 and a planned 500 are in Breezy's words."""
    panel.ask("PUT", "/faults", json_body=[{"kind": "rate_limited", "retry_after": 7, "times": 1}])
    limited = breezy.http.get("/user")
    refused(limited, 429, "rateLimitExceeded")
    assert 5 <= int(limited.headers["x-ratelimit-reset"]) - time.time() <= 8
    panel.ask("PUT", "/faults", json_body=[{"kind": "server_error", "times": 1}])
    refused(breezy.http.get("/user"), 500, "internalServerError")


@pytest.mark.parametrize("people", [story(), company(2)], ids=["story", "twice"])
def test_any_company_is_shown(people: Company) -> None:
    """There is one record for each application, and one for each person without any."""
    with running(sandbox([INTEGRATIONS], only=["breezy"], rate_limits=False, people=people)) as base:
        account = Client(base, {}).get("/").json["simulators"][0]["account"]
        shown = Breezy(client_of(base, account["api_key"]), account["company_id"])
        rows = [row for _, row in shown.everyone()]
        alone = sum(not each for each in people.applications_of.values())
        assert len(rows) == len(people.applications) + alone
        assert len({each["meta_id"] for each in rows}) == len(people.candidates)
        assert len(shown.positions()) == len(people.jobs) + bool(alone)
