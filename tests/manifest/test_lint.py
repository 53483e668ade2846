"""The linter on broken copies: every rule, with the exact line and column."""

from pathlib import Path
from typing import Any

import pytest

from polyhire.manifest.lint import lint
from tests.manifest.conftest import ACME, Break


def test_an_integration_without_mistakes_has_none() -> None:
    """The copy that the other tests break is clean."""
    assert lint(ACME) == []


VOCABULARY = [
    (
        ("  first_name: first\n", "  frist_name: first\n"),
        "candidates.yaml:52:1: neither in `fields` nor in `absent`: first_name",
        "candidates.yaml:54:3: candidates has no field 'frist_name'; did you mean 'first_name'?",
    ),
    (
        ("  title: Acme keeps no titles\n  is_private: Acme keeps nothing private\n", ""),
        "candidates.yaml:52:1: neither in `fields` nor in `absent`: title, is_private",
    ),
    (
        ("  title: Acme", "  titel: Acme"),
        "candidates.yaml:52:1: neither in `fields` nor in `absent`: title",
        "candidates.yaml:65:3: candidates has no field or method 'titel'; did you mean 'title'?",
    ),
    (
        ("  phones: phone\n", "  phones: phone\n  title: headline\n"),
        "candidates.yaml:66:3: 'title' is mapped in `fields` and absent at once",
    ),
    (
        ("  update: Acme has no route for it\n  delete: Acme has no route for it\n", ""),
        "candidates.yaml:64:1: methods neither offered nor in `absent`: update, delete",
    ),
    (
        ("  remove-tag: Acme", "  add-tag: Acme has no route for it\n  remove-tag: Acme"),
        "candidates.yaml:77:3: 'add-tag' is offered and absent at once",
    ),
    (
        ("add-tag:", "hire:"),
        "candidates.yaml:22:1: candidates has no method 'hire'; it has: add-tag, create, delete, get, list, "
        "remove-tag, update",
        "candidates.yaml:64:1: methods neither offered nor in `absent`: add-tag",
    ),
    (
        ("docs: https://docs.acme.example/candidates\n", ""),
        "candidates.yaml:21:1: candidates has no `docs`: the provider's page that says all this",
    ),
]


@pytest.mark.parametrize("case", VOCABULARY, ids=lambda case: case[0][1].strip()[:30] or case[0][0].strip()[:30])
def test_every_field_and_method_is_accounted_for(break_: Break, case: tuple[Any, ...]) -> None:
    """What the model does not have, what is neither there nor absent, and what is both."""
    change, *expected = case
    assert break_("candidates", change) == expected


def test_a_resource_is_absent_or_offered(acme: Path) -> None:
    """A reason for the whole resource leaves no room for methods and fields."""
    jobs = acme / "resources" / "jobs.yaml"
    jobs.write_text(
        "list:\n  request: GET /jobs\n  items: body\nfields: {id: id}\nabsent: Acme has none\ndocs: http://a.b\n"
    )
    assert [str(mistake) for mistake in lint(acme)] == [
        "acme/resources/jobs.yaml:5:1: jobs is absent and offered at once: fields, list"
    ]


def test_every_resource_has_a_file(acme: Path) -> None:
    """A missing file is a mistake: a resource that the provider has not says so."""
    (acme / "resources" / "tags.yaml").unlink()
    assert [str(mistake) for mistake in lint(acme)] == [
        "acme/resources/tags.yaml:1:1: the file is missing; a resource that the provider has not is one line: "
        "`absent: why`"
    ]


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
        (
            ("$response.headers.application", "$response.header.application"),
            "27:26: $response has no 'header'; did you mean 'headers'?; there are: body, headers, status",
        ),
        (("$call.query.candidate_id", "$call.body.candidate_id"), "26:20: $call has no 'body'; there are: id, query"),
        (
            ("body.file.size", "body.file.bytes"),
            "17:21: file in a body has no 'bytes'; there are: content, content_type, name, size",
        ),
        (
            ("person.files.id", "people.files.id"),
            "4:7: no later step reads 'person'; a step that nothing reads has no name|"
            "9:13: nothing provides 'people' here; there are: account, page, person, query",
        ),
        (
            ("required: [candidate_id]", "required: [job_id]"),
            "11:14: 'job_id' is required, but no request of "
            "attachments.list reads query.job_id; they read: candidate_id",
        ),
        (
            ("required: [candidate_id]", "required: [candidate_id]\n  partial: true"),
            "12:3: a list is `partial` when get has more, and there is no get",
        ),
        (
            ("create:\n", "create:\n  partial: true\n"),
            "13:3: only a list can be `partial`: its rows lack what get has",
        ),
        (
            ("{each}", "{each}\n      pagination: {next_url: links.next}"),
            "9:7: this has no effect: only the first request of a list goes on to further pages",
        ),
        (
            ("$call.query.candidate_id", "$call.query.candidate"),
            "26:26: attachments has no filter 'candidate'; did you mean 'candidate_id'?; "
            "there are: application_id, candidate_id, created_at, job_id, updated_at",
        ),
        (
            ("items: body\n  required", "items: 'body[job = $$.query.job_id]'\n  required"),
            "10:7: query.job_id is read in the answer alone, so the filter is refused; read it in `when` too",
        ),
        (("items: body\n  required", "items: 'body[by = $$.query.candidate_id]'\n  required"), ""),
        (("  returns: file\n", ""), "20:1: download answers a file: add `returns: file`"),
        (("  item: body\ndownload", "  returns: file\ndownload"), "19:3: create answers a record, not a file"),
        (("GET /files/{each}", "GET /files"), "9:7: this runs once for each, but its request does not read `each`"),
        (("      items: body\n", ""), "8:7: a list says with `items` where the records are in the answer"),
        (
            ("person: body.candidate.id", "person: body.candidate.name"),
            "18:28: candidate in a body has no 'name'; there are: id",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_steps_and_files_hang_together(break_: Break, change: tuple[str, str], expected: str) -> None:
    """Steps that nothing reads, records that are nowhere, files that are none."""
    assert break_("attachments", change) == [f"attachments.yaml:{one}" for one in expected.split("|") if one]


LIST_OF_ONE = "is a list, and a list of one is sent as a single thing here: end it in `[]`"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("body.emails.email", f"18: body.emails {LIST_OF_ONE}"),
        ("body.emails.{'v': email}", f"18: body.emails {LIST_OF_ONE}"),
        ("$map(body.emails, function($e) {$e.email})", f"23: body.emails {LIST_OF_ONE}"),
        ("body.emails[type = 'work'].email", f"18: body.emails {LIST_OF_ONE}"),
        ("body.emails[type = 'personal'].email", f"18: body.emails {LIST_OF_ONE}"),
        ("$number(body.first_name) & body.emails.email", None),  # it fails with any sample: nothing to tell
        ("$exists(body.tags) ? {'them': body.tags.name}", f"26: body.tags {LIST_OF_ONE}"),
        ("$exists(body.tags) ? {'them': body.tags.name[]}", None),
        ("body.emails.email[]", None),
        ("body.emails[].email", None),
        ("[body.emails.email]", None),
        ("body.emails[0].email", None),
        ("$join(body.emails.email, ', ')", None),
        ("$count(body.emails)", None),
        ("body.emails", None),
        ("body.first_name", None),
        ("body", None),
    ],
)
def test_a_list_of_one_stays_a_list(break_: Break, expression: str, expected: str | None) -> None:
    """An expression in a body that makes a list of several and a single thing of one is told to end in `[]`."""
    found = break_("candidates", ("first: body.first_name", f'first: "{expression}"'))
    assert found == ([] if expected is None else [f"candidates.yaml:15:{expected}"])


def test_a_list_inside_a_list_stays_one(acme: Path) -> None:
    """Lists inside the entries of a list are looked at too."""
    candidates = acme / "resources" / "candidates.yaml"
    text = candidates.read_text()
    new = "\"body.applications.{'files': attachments.file_name}[]\""
    candidates.write_text(text.replace("first: body.first_name", f"first: {new}"))
    assert [str(mistake) for mistake in lint(acme)] == [
        f"acme/resources/candidates.yaml:15:18: body.applications {LIST_OF_ONE}"
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            ("  items: body.people\nget", "  item: body.people\nget"),
            "2:1: a list says with `items` where the records are in the answer",
        ),
        (
            ("{id}\n  item: body\n", "{id}\n"),
            "8:1: get says with `item` where the record is in the answer",
        ),
        (
            ("|phones.number]", "|phones.numbr]"),
            "13:25: 'phones.numbr' is required, but no request of candidates.create reads body.phones.numbr; "
            "did you mean 'phones'?; they read: emails, first_name, last_name, phones, tags",
        ),
        (
            ("[last_name,", "[name,"),
            "13:14: 'name' is required, but no request of candidates.create reads body.name; "
            "did you mean 'last_name'?; they read: emails, first_name, last_name, phones, tags",
        ),
        (("[last_name,", "[last_name, remote_data.pipeline,"), ""),
        (
            ('"body.tag_id ?: found[0].id"', "body.tag_id"),
            "24:7: no later step reads 'found'; a step that nothing reads has no name",
        ),
        (
            ("    - request: POST /people/{body", "    - name: found\n      request: POST /people/{body"),
            "29:7: no later step reads 'found'; a step that nothing reads has no name|"
            "29:7: step 1 is named 'found' too",
        ),
        (
            ("    - request: POST /people/{body", "    - name: body\n      request: POST /people/{body"),
            "29:7: 'body' means something else in expressions already; choose another name|"
            "29:7: no later step reads 'body'; a step that nothing reads has no name",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_methods_hang_together(break_: Break, change: tuple[str, str], expected: str) -> None:
    """Records in the answer, what is required, and names of steps."""
    assert break_("candidates", change) == [f"candidates.yaml:{one}" for one in expected.split("|") if one]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            [("company: $authors[0].company", "company: company")],
            "39:3: no field uses $authors; a lookup that nothing uses costs readers a thought",
        ),
        (
            [("    each: $distinct(notes.author_id)\n", ""), ("GET /users/{each}", "GET /users")],
            "41:5: `partial` is for a lookup that makes one request per record: it has no `each`",
        ),
        (
            [("GET /users/{each}", "GET /users")],
            "41:5: this runs once for each, but its request does not read `each`",
        ),
        (
            [("people: $idList(items.id)", "people: id")],
            "35:5: `batch` says how many `items` go in one request, and this request reads no items",
        ),
        ([("people: $idList(items.id)", "people: $")], ""),
        (
            [("only: [id, title]", "only: [title]"), ('"id": id, ', "")],
            "51:24: `by` reads id, which is not among the keys that are kept",
        ),
        (
            [("GET /labels", "GET /labels\n    query: {ids: items.label_ids, a: notes.b}")],
            "52:5: rows that are kept serve every call, so the request can't depend on items, notes",
        ),
        (
            [
                ("  notes:\n", "  match:\n"),
                ("notes.author_id)", "match.author_id)"),
                ("$notes.author_id", "$match.author_id"),
                ("last_interaction_at: $max($notes.at)", "last_interaction_at: $max($match.at)"),
            ],
            "32:3: $match is a function already; choose another name",
        ),
        (
            [("  labels:\n", "  status:\n"), ("$labels.", "$status.")],
            "46:3: 'status' means something else in expressions already; choose another name",
        ),
        (
            [("  labels:\n", "  parent:\n"), ("$labels.", "$parent.")],
            "46:3: $parent means something else in `fields` already; choose another name",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_lookups_are_used_and_bounded(break_: Break, changes: list[tuple[str, str]], expected: str) -> None:
    """Lookups that no field uses, that ask the same again, or that keep what differs from call to call."""
    assert break_("candidates", *changes) == [f"candidates.yaml:{one}" for one in expected.split("|") if one]


UNSENT = "this pages by `next`, but nothing sends page.token; send it, or say `pagination: none`"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("GET /people\n", "GET /people\n  pagination: {next: body.next}\n"), f"4:3: {UNSENT}"),
        (("GET /people\n", "GET /people/{page.token}\n  pagination: {next: body.next}\n"), ""),
        (("GET /people\n", "GET /people\n  pagination: {next: body.next, headers: {At: page.token}}\n"), ""),
        (("GET /people\n", "GET /people\n  pagination: {next_url: body.next}\n"), ""),
        (
            ("GET /people\n", "GET /people/{page.token}\n  pagination: none\n"),
            "3:3: this reads page.token, but has no pagination: there is only ever one page",
        ),
        (
            ("GET /people\n", "POST /people\n  pagination: {next: body.next, json: {at: page.token}}\n"),
            "4:3: the pagination goes into a `json` body, and this request has none; give it one: `json: {}`",
        ),
        (
            ("GET /people\n", "POST /people\n  json: {}\n  pagination: {next: body.next, json: {at: page.token}}\n"),
            "",
        ),
        (
            ("GET /people\n", "GET /people\n  pagination: {next: page.count = page.siz, query: {p: page.token}}\n"),
            "4:40: page has no 'siz'; did you mean 'size'?; there are: count, size, token",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_pages_are_asked_for(break_: Break, change: tuple[str, str], expected: str) -> None:
    """A paginated request sends the token, and one that sends it is paginated."""
    assert break_("candidates", change) == [f"candidates.yaml:{one}" for one in expected.split("|") if one]


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
            "30:25: nothing provides 'api_kee' here; did you mean 'api_key'?; there are: account, api_key, subdomain",
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


def test_the_integrations_pages_are_checked_where_they_are_used(break_: Break) -> None:
    """A token that the integration's pagination does not send is missed by every list, lookup and endpoint."""
    assert break_("integration", ("page: page.token, ", "")) == [
        f"endpoints.yaml:3:5: {UNSENT}",
        *(f"candidates.yaml:{line}: {UNSENT}" for line in ("3:3", "33:5", "40:5", "47:5")),
    ]


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


def test_every_mistake_at_once(acme: Path) -> None:
    """A broken file hides neither its own other mistakes nor those of other files; they come in order."""
    (acme / "integration.yaml").write_text("name: Acme\ndcos: x\n")
    candidates = acme / "resources" / "candidates.yaml"
    candidates.write_text(
        candidates.read_text().replace("email: query.email", "email: query.").replace("  title: Acme", "  titel: Acme")
    )
    (acme / "resources" / "jobs.yaml").write_text("list: [\n")
    (acme / "resources" / "job.yaml").write_text("absent: Acme has none\n")
    (acme / "resources" / "tags.yaml").write_text("[]\n")
    assert [str(mistake).removeprefix("acme/") for mistake in lint(acme)] == [
        "integration.yaml:1:1: 'base_url' is missing",
        "integration.yaml:1:1: 'check' is missing",
        "integration.yaml:1:1: 'connect' is missing",
        "integration.yaml:1:1: 'docs' is missing",
        "integration.yaml:2:1: 'dcos' does not belong here (dcos); did you mean 'docs'?; known here: base_url, check, "
        "connect, docs, errors, file_hosts, format, headers, name, pagination, rate_limit",
        "resources/candidates.yaml:5:18: list.query.email: not JSONata: Unexpected end of expression",
        "resources/candidates.yaml:52:1: neither in `fields` nor in `absent`: title",
        "resources/candidates.yaml:65:3: candidates has no field or method 'titel'; did you mean 'title'?",
        "resources/job.yaml:1:1: there is no resource 'job'; did you mean 'jobs'?; there are: activities, "
        "applications, attachments, candidates, departments, eeocs, interviews, job_form_fields, job_interview_stages, "
        "jobs, offers, offices, organizations, reject_reasons, scorecards, tags, users",
        "resources/jobs.yaml:2:1: not YAML: did not find expected node content; an expression that is more than a path "
        "or a call goes in quotes or in a `|` block",
        "resources/tags.yaml:1:1: the file should be a mapping: keys with values",
    ]


def test_mistakes_are_shown_with_the_path_that_was_asked_for(acme: Path) -> None:
    """An editor can jump to a mistake when it is shown with a path that it knows."""
    (acme / "resources" / "tags.yaml").unlink()
    assert lint(acme, "here/acme")[0].file == "here/acme/resources/tags.yaml"


def test_a_folder_without_an_integration_says_so(tmp_path: Path) -> None:
    """A folder without integration.yaml is told so, among the resources that are missing."""
    found = [str(mistake) for mistake in lint(tmp_path / "nothing")]
    assert found[0] == "nothing/integration.yaml:1:1: the file is missing"
    assert len(found) == 18


def test_less_is_also_an_integration(acme: Path) -> None:
    """Endpoints and pagination are optional; a list without pagination is one page."""
    (acme / "endpoints.yaml").unlink()
    text = (acme / "integration.yaml").read_text()
    start, end = text.index("pagination:"), text.index("errors:")
    (acme / "integration.yaml").write_text(text[:start] + text[end:])
    assert lint(acme) == []


def test_entries_of_lists_are_looked_at(break_: Break) -> None:
    """An expression in a list of a body has its place too."""
    assert break_("candidates", ("first: body.first_name", "first: [1, body.frist]")) == [
        "candidates.yaml:15:21: the body of candidates.create has no 'frist'; "
        f"did you mean 'first_name'?; {WRITTEN}".replace("; did you mean 'first_name'?", "")
    ]
