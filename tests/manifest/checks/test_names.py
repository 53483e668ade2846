"""What expressions read, against what there is at their place."""

import pytest

from tests.manifest.conftest import Break

FILTERS = "there are: created_at, email, job_id, name, stage_id, tag, updated_at"


WHOLE = "this reads the whole query, so nobody can tell which filters are applied; name them, like query.created_at"


SECRET = "'api_key' is a secret: secrets are visible under connect only"


WRITTEN = (
    "there are: applications, attachments, can_email, company, custom_fields, emails, first_name, is_private, "
    "last_name, locations, name, phones, remote_data, tags, title, urls, user_id"
)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("query.emial", f"18: candidates has no filter 'emial'; did you mean 'email'?; {FILTERS}"),
        ("query.updated_at.after", "29: the filter updated_at has no operator 'after'; there are: gt, gte, lt, lte"),
        ("query.email.value", "24: query.email is a single value, it has no 'value'"),
        ("$keys(query)", f"18: {WHOLE}"),
        ("$", f"12: {WHOLE}"),
        ("body.email", "12: nothing provides 'body' here; there are: account, page, query"),
        ("'\"body\" & /* body */ body.x'", "33: nothing provides 'body' here; there are: account, page, query"),
        ("id", "12: nothing provides 'id' here; there are: account, page, query"),
        ("page.number", "17: page has no 'number'; there are: size, token"),
        ("account.sub", "20: account has no 'sub'; there are: client_id, subdomain"),
        ("account.api_key", f"20: {SECRET}"),
        ("api_key", f"12: {SECRET}"),
        (
            "$query.email",
            "12: there is no variable '$query'; did you mean 'query'?; names stand without `$` here: "
            "account, page, query",
        ),
        ("$uppercas(query.email)", "12: there is no function '$uppercas'; did you mean '$uppercase'?"),
        ("$dateTme(query.email)", "12: there is no function '$dateTme'; did you mean '$dateTime'?"),
        ("$join_all(query.email)", "12: there is no function '$join_all'; did you mean '$join'?"),
    ],
)
def test_a_request_reads_what_the_call_has(break_: Break, expression: str, expected: str) -> None:
    """Names, filters, operators, secrets and functions of a list's request, with the column inside the expression."""
    line = 6 if "updated_at" in expression else 5
    old = "since: query.updated_at.gte" if line == 6 else "email: query.email\n"
    new = f"{old.split(':')[0]}: {expression}" + ("" if line == 6 else "\n")
    found = break_("candidates", (old, new))
    assert found == [f"candidates.yaml:{line}:{expected}"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (
            "body.frist_name",
            f"17: the body of candidates.create has no 'frist_name'; did you mean 'first_name'?; {WRITTEN}",
        ),
        ("body.created_at", "17: nobody can write created_at: it is read-only"),
        ("body.tags[0].title", "25: tags in a body has no 'title'; there are: id, name"),
        ("body.first_name.short", "28: body.first_name is a single value, it has no 'short'"),
        ("body.applications[0].job.id", None),
        ("body.attachments[0].file.content", None),
        ("body.remote_data.any.thing & body.custom_fields.visa", None),
        ("body.user_id", None),
        ("each", "12: nothing provides 'each' here; there are: account, body, query"),
        ("id", "12: nothing provides 'id' here; there are: account, body, query"),
    ],
)
def test_a_write_reads_what_a_body_can_hold(break_: Break, expression: str, expected: str | None) -> None:
    """Fields of a body, their nested keys, and what is read-only."""
    found = break_("candidates", ("first: body.first_name", f"first: {expression}"))
    assert found == ([] if expected is None else [f"candidates.yaml:15:{expected}"])


def test_a_custom_method_takes_its_parameters(break_: Break) -> None:
    """The body of a custom method has its parameters and nothing of the resource."""
    assert break_("candidates", ("query: {name: body.tag}", "query: {name: body.first_name}")) == [
        "candidates.yaml:26:26: the body of candidates.add-tag has no 'first_name'; "
        "there are: candidate_id, remote_data, tag, tag_id"
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            ("GET /people/{id}", "GET /people/{id}/{body.x}"),
            "9:30: nothing provides 'body' here; there are: account, id, query",
        ),
        (
            ("item: body\ncreate", "item: items\ncreate"),
            "10:9: nothing provides 'items' here; there are: account, body, headers, id, links, query, status",
        ),
        (
            ("people: $idList(items.id)", "people: $idList(items.id) & item"),
            "34:41: nothing provides 'item' here; did you mean 'items'?; "
            "there are: account, body, id, items, page, query",
        ),
        (
            ("$distinct(notes.author_id)", "$distinct(labels.author_id)"),
            "41:21: nothing provides 'labels' here; there are: account, body, id, items, notes, page, query",
        ),
        (
            ("on: $notes.author_id", "on: $labels.author_id"),
            "45:9: there is no variable '$labels'; there are: $account, $call, $notes, $parent, $response",
        ),
        (("by: person_id", "by: $notes.person_id"), "37:9: there is no variable '$notes'; there are: $account, $call"),
        (
            ("$max($notes.at)", "$max($note.at)"),
            "57:29: there is no variable '$note'; did you mean '$notes'?; "
            "there are: $account, $authors, $call, $labels, $notes, $parent, $response",
        ),
        (("$max($notes.at)", "$max($notes.at) & $account.api_key"), f"57:51: {SECRET}"),
        (
            ('$joinNonEmpty([first, last], " ")', "$$.first & last"),
            "56:9: `$$` is the whole page here; the record is `$`, or just its fields' names",
        ),
        (
            ("by: person_id", "by: $$.id"),
            "37:9: `$$` is the whole page here; the record is `$`, or just its fields' names",
        ),
        (("$max($notes.at)", "$each.at"), "57:24: $each is a function; what the request was for is $parent"),
        (
            ('"name": title}', '"name": colour}'),
            "60:32: the kept rows of $labels have no 'colour'; there are: id, title",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_each_place_sees_its_own(break_: Break, change: tuple[str, str], expected: str) -> None:
    """Lines, answers, lookups and fields see what they see, and nothing else."""
    assert break_("candidates", change) == [f"candidates.yaml:{expected}"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("https://{account.subdomain}.acme.example/v1", "https://{api_key}.acme.example"), f"3:20: {SECRET}"),
        (
            ("base_url: https://{account.subdomain}.acme.example/v1", "base_url: http://127.0.0.1/v1"),
            "3:1: credentials go over https only",
        ),
        (("https://login.acme.example/token", "http://127.0.0.1/token"), "13:7: credentials go over https only"),
        (
            ("json: {token: oauth2.access_token}", "json: {token: session.id}"),
            "18:21: nothing provides 'session' here; there are: account, client_id, client_secret, oauth2, subdomain",
        ),
        (("Session: session.id", "Session: session.key"), "23:34: session has no 'key'; there are: expires_at, id"),
        (
            ("username: api_key", "username: api_kee"),
            "30:25: nothing provides 'api_kee' here; did you mean 'api_key'?; "
            "there are: account, api_key, request, subdomain",
        ),
        (("check: GET /me", "check: GET /me/{id}"), "31:17: nothing provides 'id' here; there are: account"),
        (
            ("check: GET /me", "check: {request: 'GET /me/{id}'}"),
            "31:28: nothing provides 'id' here; there are: account",
        ),
        (
            ("body.user_id", "body.user_id & page.size"),
            "32:40: nothing provides 'page' here; there are: account, body, id, query",
        ),
        (
            ("body.more ? page.token + 1", "items ? page.cuont"),
            "34:23: page has no 'cuont'; did you mean 'count'?; there are: count, size, token",
        ),
        (
            ("message: body.error", "message: bodi.error"),
            "39:12: nothing provides 'bodi' here; did you mean 'body'?; "
            "there are: account, body, each, headers, id, links, page, query, status",
        ),
        (
            ('code = "gone"', "code = $error_of(body)"),
            "41:26: there is no function '$error_of'; did you mean '$error'?",
        ),
        (
            ("headers.wait", "haeders.wait"),
            "43:16: nothing provides 'haeders' here; did you mean 'headers'?; "
            "there are: account, body, each, headers, id, links, page, query, status",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_the_integration_file(break_: Break, change: tuple[str, str], expected: str) -> None:
    """Connecting, the check, pages and errors; secrets are seen where credentials are made, and nowhere else."""
    assert break_("integration", change) == [f"integration.yaml:{expected}"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            ("q: query.anything.at.all", "q: qeury.x"),
            "4:16: nothing provides 'qeury' here; did you mean 'query'?; there are: account, body, id, page, query",
        ),
        (("json: body", "json: account.api_key"), f"8:19: {SECRET}"),
        (
            ("GET /people\n", "GET /people/{page.token}\n    pagination: none\n"),
            "3:5: this reads page.token, but has no pagination: there is only ever one page",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_endpoints_pass_on_what_a_caller_gives(break_: Break, change: tuple[str, str], expected: str) -> None:
    """Endpoints take any filter and body, and keep the other rules."""
    assert break_("endpoints", change) == [f"endpoints.yaml:{expected}"]


@pytest.mark.parametrize(
    "expression", ["people.%.people.name", "people@$p.notes@$n.{'a': $p.id, 'b': $n.id, 'c': title}"]
)
def test_joins_inside_an_expression_are_not_mistaken_for_names(break_: Break, expression: str) -> None:
    """With parents and bound positions the names that are read can't be told: nothing is reported."""
    assert break_("candidates", ("items: body.people\nget", f'items: "body.{expression}"\nget')) == []


def test_entries_of_lists_are_looked_at(break_: Break) -> None:
    """An expression in a list of a body has its place too."""
    assert break_("candidates", ("first: body.first_name", "first: [1, body.frist]")) == [
        f"candidates.yaml:15:21: the body of candidates.create has no 'frist'; {WRITTEN}"
    ]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("{request: 'GET /teams/{account.sub}', items: body, value: id}", "account has no 'sub'; there are:"),
        ("{request: GET /teams, query: {key: api_key}, items: body, value: id}", SECRET),
        ("{request: GET /teams, items: rows, value: id}", "nothing provides 'rows' here; there are:"),
        ("{request: GET /teams, items: body, value: $idd}", "there is no variable '$idd'"),
    ],
)
def test_a_question_reads_settings_and_rows(break_: Break, question: str, expected: str) -> None:
    """Its request sees what is no secret, its `items` the answer, its `value` a row; its answer becomes `account.*`."""
    basic = "basic: {username: api_key}\n"
    asked = f"{basic}    post_connect:\n      team: {{label: Team, options_from: {question}}}\n"
    (found,) = break_("integration", (basic, asked))
    assert expected in found
    right = "{request: 'GET /teams/{account.subdomain}', items: body, value: id}"
    assert (
        break_(
            "integration", (question, right), ("headers: {On-Behalf-Of: body.user_id}", "headers: {T: account.team}")
        )
        == []
    )
