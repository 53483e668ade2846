"""What each part of a way to connect sees, and what would go wrong only once someone connects."""

import pytest

from tests.manifest.conftest import Break

SESSION = """    session:
      request: POST /login
      json: {token: oauth2.access_token}
      keep: {id: body.session_id}
      expires_in: body.expires_in
"""
STEPS = """    discover:
      request: GET https://login.acme.example/centre
      query: {of: account.subdomain}
      keep: {auth: body.auth}
    session:
      steps:
        - name: code
          request: GET {discover.auth}/authorize
          item: $queryParameter(headers.location, "code")
        - {request: 'POST {discover.auth}/login', form: {code: code, token: oauth2.access_token}}
      keep: {id: body.session_id & code}
      expires_in: body.expires_in
"""


def test_a_pipeline_of_every_part(break_: Break) -> None:
    """Steps, what was discovered, what a token's answer told, a callback, and signed requests are all understood."""
    found = break_(
        "integration",
        (SESSION, STEPS),
        (
            "      subdomain: {label: Subdomain}\n      client_id",
            "      subdomain: {label: S, pattern: '[a-z]+'}\n      client_id",
        ),
        ("      grant: client_credentials\n", "      grant: authorization_code\n"),
        (
            "      client_id: client_id\n",
            "      authorize_url: '{discover.auth}/consent'\n      keep: {api: body.api}\n"
            "      callback: {subdomain: callback.`tenant-name`}\n",
        ),
        ("{Session: session.id}", "{Session: session.id, X-Api: oauth2.api, X-Time: request.seconds}"),
    )
    assert found == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            [("{of: account.subdomain}", "{of: oauth2.access_token}")],
            "18:19: nothing provides 'oauth2' here; there are: account, client_id, client_secret, subdomain",
        ),
        ([("{of: account.subdomain}", "{of: discover.auth}")], "nothing provides 'discover' here"),
        (
            [("GET {discover.auth}/authorize", "GET {discover.aut}/authorize")],
            "discover has no 'aut'; did you mean 'auth'?",
        ),
        (
            [("POST {discover.auth}/login", "POST {cood.auth}/login")],
            "nothing provides 'cood' here; did you mean 'code'?",
        ),
        ([("GET {discover.auth}/authorize", "GET {code.url}/authorize")], "nothing provides 'code' here"),
        (
            [
                ("name: code\n          request", "request"),
                ("{code: code,", "{code: account.subdomain,"),
                ("session_id & code", "session_id"),
            ],
            "nothing sees this item: give the step a `name`",
        ),
        (
            [("{Session: session.id}", "{Session: oauth2.api}")],
            "oauth2 has no 'api'; there are: access_token, expires_at, refresh_token",
        ),
        ([("{Session: session.id}", "{Session: request.second}")], "request has no 'second'; did you mean 'seconds'?"),
        (
            [("{Session: session.id}", "{Session: $string($millis())}")],
            "$millis() is found once here and kept; what is each request's own is: request.nonce, request.seconds",
        ),
        (
            [("{Session: session.id}", "{Session: session.id}\n      body: {at: request.seconds}")],
            "nothing provides 'request' here",
        ),
        (
            [("https://login.acme.example/centre", "https://login.acme.example/{password}")],
            "nothing provides 'password' here",
        ),
    ],
)
def test_what_a_part_does_not_see(break_: Break, changes: list[tuple[str, str]], expected: str) -> None:
    """Parts see what comes before them; names are not taken twice; a time is each request's own."""
    steps = STEPS
    others = []
    for old, new in changes:
        if old in steps:
            steps = steps.replace(old, new)
        else:
            others.append((old, new))
    found = [mistake for mistake in break_("integration", (SESSION, steps), *others) if "session has no" not in mistake]
    assert len(found) == 1, found
    assert expected in found[0]


@pytest.mark.parametrize("name", ["oauth2", "client_id", "account", "body", "status"])
def test_a_step_has_a_name_of_its_own(break_: Break, name: str) -> None:
    """A step is not called what expressions see there already."""
    steps = STEPS.replace("name: code", f"name: {name}").replace("code: code,", f"code: {name},")
    found = break_("integration", (SESSION, steps.replace("& code", f"& {name}")))
    assert len(found) == 1
    assert f"'{name}' means something else" in found[0]


def test_a_moment_beside_a_signature(break_: Break) -> None:
    """Where requests are signed one by one, JSONata's clock is each request's own too."""
    assert break_("integration", ("{Session: session.id}", "{Session: $string($millis()) & request.nonce}")) == []


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ("session:\n      keep: {id: body.id}\n", "signing in is either a `request` or `steps`"),
        (
            "session:\n      query: {a: id}\n      steps: [{request: GET /a}]\n      keep: {id: body.id}\n",
            "with `steps`, what belongs to a request stands in its step",
        ),
        ("session:\n      steps: [{request: GET http://127.0.0.1/}]\n      keep: {id: body.id}\n", "a request line is"),
    ],
)
def test_a_session_is_one_thing_or_the_other(break_: Break, new: str, expected: str) -> None:
    """A session is a request, or steps."""
    assert any(expected in mistake for mistake in break_("integration", (SESSION, f"    {new}")))


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ("grant: refresh_token", "a refresh_token grant says with `refresh_token` which one"),
        (
            "grant: client_credentials\n      callback: {subdomain: callback.tenant}",
            "`callback` answers 'subdomain', which is no part of `ask` with `options` or a `pattern`",
        ),
        (
            "grant: client_credentials\n      callback: {client_secret: callback.s}",
            "`callback` answers 'client_secret'",
        ),
        ("grant: client_credentials\n      callback: {region: callback.r}", "`callback` answers 'region'"),
    ],
)
def test_a_grant_that_could_not_work(break_: Break, new: str, expected: str) -> None:
    """A refresh token has to come from somewhere, and a callback answers only what the form would take."""
    assert any(expected in mistake for mistake in break_("integration", ("grant: client_credentials", new)))
