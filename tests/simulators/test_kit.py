"""Routing, credentials, bodies, pages and files, through the tiny provider on a real port."""

import pytest

from .asking import Client, next_link
from .conftest import BASIC


def test_an_index_lists_what_is_served(served: str) -> None:
    """`/` names each simulator with its URL and the account it accepts."""
    (entry,) = Client(served, {}).get("/").json["simulators"]
    assert entry["slug"] == "tiny"
    assert entry["base_url"] == f"{served}/tiny"
    assert entry["account"] == {"client_id": "tiny", "client_secret": "secret"}


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer wrong", "Basic wrong", "bearer", BASIC, "Token abc"])
def test_a_wrong_credential_is_refused(tiny: Client, authorization: str) -> None:
    """Whatever is not a living token gets 401."""
    headers = {"Authorization": authorization} if authorization else {}
    assert Client(tiny.base, headers).get("/candidates").status == 401


def test_credentials_come_before_routes(tiny: Client) -> None:
    """An unknown path is 401 for a stranger, 404 for a client, and 405 when only the method is wrong."""
    assert Client(tiny.base, {}).get("/nothing").status == 401
    assert tiny.get("/nothing").status == 404
    wrong = tiny.ask("DELETE", "/candidates")
    assert (wrong.status, wrong.headers["allow"]) == (405, "GET, POST")
    assert tiny.get("/candidates/abc/resume").status == 404


@pytest.mark.parametrize(
    ("authorization", "form", "status"),
    [
        (BASIC, {"grant_type": "client_credentials"}, 200),
        ("Basic dGlueTp3cm9uZw==", {"grant_type": "client_credentials"}, 401),
        ("Basic !", {"grant_type": "client_credentials"}, 401),
        (BASIC, {}, 422),
        (BASIC, {"grant_type": "client_credentials", "colour": "red"}, 422),
    ],
)
def test_the_token_server_is_strict(tiny: Client, authorization: str, form: dict[str, str], status: int) -> None:
    """Wrong Basic credentials, missing fields and unknown ones are refused."""
    client = Client(tiny.base, {"Authorization": authorization})
    assert client.ask("POST", "/token", form=form).status == status


def test_a_token_request_must_be_a_form(tiny: Client) -> None:
    """JSON in place of a form is 415."""
    client = Client(tiny.base, {"Authorization": BASIC})
    assert client.post("/token", {"grant_type": "client_credentials"}).status == 415


def test_refresh_tokens_rotate(tiny: Client) -> None:
    """A refresh token works once, and gives a pair that works."""
    client = Client(tiny.base, {"Authorization": BASIC})
    first = client.ask("POST", "/token", form={"grant_type": "client_credentials"}).json
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = client.ask("POST", "/token", form=form)
    assert second.status == 200
    assert client.ask("POST", "/token", form=form).status == 400
    fresh = Client(tiny.base, {"Authorization": f"Bearer {second.json['access_token']}"})
    assert fresh.get("/candidates").status == 200
    assert client.ask("POST", "/token", form={**form, "refresh_token": first["access_token"]}).status == 400


def test_pages_lead_to_the_end_without_loss_or_repeat(tiny: Client) -> None:
    """Following `next` from the first page visits every row once."""
    seen: list[int] = []
    url: str | None = f"{tiny.base}/candidates?size=90"
    while url:
        answer = tiny.ask("GET", url)
        seen += [row["id"] for row in answer.json]
        url = next_link(answer)
    assert seen == list(range(1, 301))


def test_a_cursor_can_not_be_forged(tiny: Client) -> None:
    """A changed, cut or invented cursor is refused."""
    cursor = (next_link(tiny.get("/candidates")) or "").partition("cursor=")[2]
    assert tiny.get("/candidates", cursor=cursor).status == 200
    for wrong in (cursor[:-6], "A" + cursor[1:], "x", "é"):
        assert tiny.get("/candidates", cursor=wrong).status == 422, wrong


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("size=0", "size must be between 1 and 100"),
        ("size=ten", "size must be an integer"),
        ("size=1&size=2", "size is given twice"),
        ("sise=1", "sise is not a known parameter"),
        ("cursor=", "cursor must not be empty"),
    ],
)
def test_query_parameters_are_strict(tiny: Client, query: str, problem: str) -> None:
    """Unknown, repeated and malformed parameters are refused by name."""
    answer = tiny.ask("GET", f"/candidates?{query}")
    assert (answer.status, answer.json["problems"]) == (422, [problem])


@pytest.mark.parametrize(
    ("body", "problems"),
    [
        ({}, ["name is required"]),
        ({"name": " "}, ["name can't be blank"]),
        ({"name": "A", "colour": 1}, ["colour is not a known key"]),
        ({"name": "A", "emails": "a@b.example"}, ["emails must be a list"]),
        ({"name": "A", "emails": ["a", 2]}, ["emails[1] must be a string"]),
        ({"name": "A", "age": True}, ["age must be an integer"]),
        ({"name": 1, "age": "x"}, ["name must be a string", "age must be an integer"]),
        ([], [" must be an object"]),
    ],
)
def test_bodies_are_strict(tiny: Client, body: object, problems: list[str]) -> None:
    """Every problem of a body is named with its path."""
    answer = tiny.post("/candidates", body)
    assert (answer.status, answer.json["problems"]) == (422, problems)


def test_a_body_must_be_json_and_say_so(tiny: Client) -> None:
    """Another content type is 415; what does not parse, or is missing, is 400."""
    good = b'{"name": "A"}'
    assert tiny.ask("POST", "/candidates", raw=good, headers={"Content-Type": "text/plain"}).status == 415
    json_type = {"Content-Type": "application/json; charset=utf-8"}
    assert tiny.ask("POST", "/candidates", raw=good, headers=json_type).status == 201
    assert tiny.ask("POST", "/candidates", raw=good[:-1], headers=json_type).status == 400
    assert tiny.ask("POST", "/candidates", raw=b"", headers=json_type).status == 400


def test_what_is_created_is_listed_until_reset(tiny: Client, control: Client, served: str) -> None:
    """A new row gets a new id and is there for everybody; reset forgets it, and all tokens."""
    made = tiny.post("/candidates", {"name": "Ada", "age": None}).json
    assert made == {"id": 301, "name": "Ada", "age": None}
    last = tiny.get("/candidates", size=100)
    while following := next_link(last):
        last = tiny.ask("GET", following)
    assert last.json[-1] == made
    assert control.ask("POST", "/reset").status == 204
    assert tiny.get("/candidates").status == 401


def test_files_come_from_signed_urls(tiny: Client) -> None:
    """A signed URL needs no credentials, and breaks when any part of it is changed."""
    url = tiny.get("/candidates/7/resume").json["url"]
    assert url.startswith(tiny.base)
    stranger = Client(tiny.base, {})
    answer = stranger.ask("GET", url)
    assert (answer.status, answer.body, answer.headers["content-type"]) == (200, b"7", "text/plain")
    assert "filename*=UTF-8''%C3%A9%20b.txt" in answer.headers["content-disposition"]
    for wrong in (url.replace("/7/", "/8/"), url[:-1], url.replace("expires=1", "expires=2"), url.split("?")[0]):
        assert stranger.ask("GET", wrong).status == 403, wrong


def test_multipart_forms_are_read(tiny: Client) -> None:
    """Fields and files come in order, with their names."""
    boundary = "frontier"
    body = (
        b'--frontier\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n'
        b'--frontier\r\nContent-Disposition: form-data; name="resume"; filename="cv.pdf"\r\n'
        b"Content-Type: application/pdf\r\n\r\n%PDF\r\n--frontier--\r\n"
    )
    kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    seen = tiny.ask("POST", "/uploads", raw=body, headers=kind).json
    assert seen == [["note", "hello", "multipart/form-data"], ["resume", "cv.pdf", "multipart/form-data"]]


def test_rate_limits_hold_until_they_are_switched_off(tiny: Client, control: Client) -> None:
    """The window's ceiling answers 429 with Retry-After; the control panel can lift it."""
    left = [int(tiny.get("/candidates").headers["x-left"]) for _ in range(40)]
    assert left == list(range(39, -1, -1))
    refused = tiny.get("/candidates")
    assert refused.status == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 3600
    try:
        assert control.ask("PUT", "/settings", json_body={"rate_limits": False}).status == 204
        assert tiny.get("/candidates").status == 200
    finally:
        control.ask("PUT", "/settings", json_body={"rate_limits": True})
    assert tiny.get("/candidates").status == 429
