"""Keys, versions, media types, and rate limits."""

import pytest

from ..asking import Client
from .conftest import ADMIN, MEDIA_TYPE, Teamtailor, client, code, linked


@pytest.mark.parametrize(
    "authorization", ["", "Bearer " + ADMIN, "Token " + ADMIN, 'Token token="x"', f"Token token={ADMIN}x"]
)
def test_only_a_known_key_is_served(teamtailor: Teamtailor, authorization: str) -> None:
    """A key that is missing, unknown or of another scheme is a 401, even for what there is not."""
    for path in ("/company", "/nothing"):
        answer = teamtailor.http.ask("GET", path, headers={"Authorization": authorization})
        assert code(answer, 401) == "401"


@pytest.mark.parametrize("version", ["", "1", "2024-09-04", "20241399", "20150101", "29990101"])
def test_the_version_must_be_known(hosted: str, version: str) -> None:
    """A version that is missing, no date, too early or yet to come is a 406."""
    assert code(client(hosted, ADMIN, version).http.get("/company"), 406) == "406"


@pytest.mark.parametrize("version", ["20161108", "20210218", "20240904"])
def test_known_versions(hosted: str, version: str) -> None:
    """Dates from the first version on are versions."""
    company = client(hosted, ADMIN, version).get("/company")["data"]
    assert company["attributes"] == {
        "name": "Meridian Workshop",
        "locale": "en",
        "website": "https://www.meridian.example",
    }
    assert not company["id"].isdecimal()
    assert company["type"] == "companies"


def test_media_types(teamtailor: Teamtailor) -> None:
    """JSON alone is neither answered nor taken: 406 and 415."""
    assert code(teamtailor.http.ask("GET", "/jobs", headers={"Accept": "application/json"}), 406) == "406"
    assert teamtailor.http.ask("GET", "/jobs", headers={"Accept": "text/html, */*;q=0.1"}).status == 200
    body = {"data": {"type": "departments", "attributes": {"name": "New"}}}
    assert code(teamtailor.http.post("/departments", body), 415) == "415"


def test_a_public_key_sees_published_jobs_and_little_else(hosted: str, teamtailor: Teamtailor) -> None:
    """What is not published is hidden, listed or not, and candidates and the company are a 401."""
    public, internal = client(hosted, "teamtailor-sandbox-public"), client(hosted, "teamtailor-sandbox-internal")
    query = {"filter[status]": "all"}
    seen = {each["id"] for each in public.walk("/jobs", **query)}
    more = {each["id"] for each in internal.walk("/jobs", **query)}
    everything = teamtailor.walk("/jobs", **query)
    attributes = {each["id"]: each["attributes"] for each in everything}
    assert seen == {
        key for key, each in attributes.items() if each["human-status"] == "published" and not each["internal"]
    }
    assert more == {key for key, each in attributes.items() if each["human-status"] in ("published", "unlisted")}
    assert len(seen) < len(more) < len(everything) == 40
    hidden = next(key for key in attributes if key not in more)
    assert code(internal.http.get(f"/jobs/{hidden}"), 404) == "404"
    for path in ("/candidates", "/company", f"/jobs/{next(iter(seen))}/candidates", "/jobs?include=candidates"):
        assert code(public.http.get(path), 401) == "401"
    assert public.get("/departments")["data"]
    assert public.get("/users")["data"]


def test_keys_for_reading_and_for_writing(hosted: str, teamtailor: Teamtailor) -> None:
    """A key does only what it was made for; any other is a 401."""
    reading, writing = client(hosted, "teamtailor-sandbox-admin-read"), client(hosted, "teamtailor-sandbox-admin-write")
    assert code(reading.send("POST", "/departments", {"name": "New"}), 401) == "401"
    assert code(reading.http.ask("DELETE", "/departments/1"), 401) == "401"
    assert code(writing.http.get("/departments"), 401) == "401"
    assert reading.get("/departments")["data"]


def test_rate_limit(control: Client, hosted: str) -> None:
    """50 requests in 10 seconds for each key; the headers count down, and a 429 says how long to wait."""
    control.ask("PUT", "/settings", json_body={"rate_limits": True})
    try:
        mine = client(hosted, "teamtailor-sandbox-admin-read")
        seen = [mine.http.get("/company") for _ in range(101)]
        assert {each.headers["x-rate-limit-limit"] for each in seen} == {"50"}
        assert "50" not in {each.headers["x-rate-limit-remaining"] for each in seen}
        refused = [each for each in seen if each.status == 429]
        # At most one window ends meanwhile.
        assert refused
        assert code(refused[0], 429) == "429"
        assert refused[0].headers["x-rate-limit-remaining"] == "0"
        assert 1 <= int(refused[0].headers["x-rate-limit-reset"]) <= 10
        assert client(hosted, ADMIN).http.get("/company").status == 200
    finally:
        control.ask("PUT", "/settings", json_body={"rate_limits": False})


def test_a_rate_limit_on_demand_waits_by_the_own_header(teamtailor: Teamtailor) -> None:
    """The fault is told as Teamtailor tells it."""
    answer = teamtailor.http.ask("GET", "/company", headers={"X-Sandbox-Fault": "rate_limited;retry_after=3"})
    assert code(answer, 429) == "429"
    assert answer.headers["x-rate-limit-reset"] == "3"
    assert answer.headers["content-type"] == MEDIA_TYPE


def test_newer_versions_tell_less_of_users(hosted: str, teamtailor: Teamtailor) -> None:
    """They know the login's address and no name."""
    newer = client(hosted, ADMIN, "20250601")
    old, new = teamtailor.get("/users")["data"][0], newer.get("/users")["data"][0]
    assert set(new["attributes"]) == {"login-email", "role", "role-addons", "signature", "username"}
    assert new["attributes"]["login-email"] == old["attributes"]["email"]
    assert {"name", "email", "visible", "external-id"} <= set(old["attributes"])
    with_role = teamtailor.get("/users", include="role")["data"][0]
    assert with_role["attributes"]["role"] == "admin"
    assert linked(with_role, "role")["type"] == "roles"
