"""Methods, steps and pages."""

import pytest

from tests.manifest.conftest import Break


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


def test_the_integrations_pages_are_checked_where_they_are_used(break_: Break) -> None:
    """A token that the integration's pagination does not send is missed by every list, lookup and endpoint."""
    assert break_("integration", ("page: page.token, ", "")) == [
        f"endpoints.yaml:3:5: {UNSENT}",
        *(f"candidates.yaml:{line}: {UNSENT}" for line in ("3:3", "33:5", "40:5", "47:5")),
    ]
