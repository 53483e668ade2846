"""Loading a folder: everything that does not fit, in our words, with its place."""

from pathlib import Path

import pytest

from polyhire.expressions import leaves
from polyhire.manifest.load import load


def found(folder: Path, file: str, *changes: tuple[str, str]) -> list[str]:
    path = folder / file
    text = path.read_text()
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path.write_text(text)
    return [str(mistake).removeprefix("acme/") for mistake in load(folder)[2]]


def test_a_folder_becomes_an_integration(acme: Path) -> None:
    """Its name is its slug; resources and endpoints come along; nothing is wrong."""
    integration, documents, mistakes = load(acme)
    assert integration is not None
    assert (integration.slug, integration.name, mistakes) == ("acme", "Acme", [])
    assert len(integration.resources) == 17
    assert list(integration.endpoints["people"]) == ["list", "merge"]
    assert documents["resources/tags.yaml"].data == {"absent": "Acme has no tags at all"}


def test_endpoints_are_optional(acme: Path) -> None:
    """A folder without endpoints.yaml has none."""
    (acme / "endpoints.yaml").unlink()
    integration, _, mistakes = load(acme)
    assert (integration and integration.endpoints, mistakes) == ({}, [])


def test_every_expression_knows_where_it_stands(acme: Path) -> None:
    """Errors at run time name the resource, the method and the part."""
    integration, _, _ = load(acme)
    assert integration is not None
    create = integration.resources["candidates"].methods["create"]
    assert next(expression.where for expression in leaves(create.json_body)) == "candidates.create.json.first"
    tagging = integration.resources["candidates"].methods["add-tag"].sequence
    assert tagging[1].request.holes[0].where == "candidates.add-tag.steps[1].request"
    assert integration.file.errors.rules[0].when.where == "acme.errors.rules[0].when"
    assert integration.endpoints["people"]["merge"].asks[0].where == "acme.endpoints.people.merge.request"


@pytest.mark.parametrize(
    ("file", "change", "expected"),
    [
        (
            "resources/candidates.yaml",
            ("  query:\n    email", "  querry:\n    email"),
            "resources/candidates.yaml:4:3: 'querry' does not belong here (list.querry); did you mean 'query'?; "
            "known here: authenticate, form, headers, item, items, json, multipart, note, pagination, partial, "
            "permission, query, request, required, returns, steps, xml",
        ),
        (
            "resources/candidates.yaml",
            ("GET /people\n", "FETCH /people\n"),
            "resources/candidates.yaml:3:3: list.request: a request line is a verb and a path, like "
            "`GET /candidates/{id}`, not 'FETCH /people'",
        ),
        (
            "resources/candidates.yaml",
            ("GET /people/{id}", "GET /people/{id +}"),
            "resources/candidates.yaml:9:29: get.request: not JSONata: Unexpected end of expression",
        ),
        (
            "resources/candidates.yaml",
            ('"kind": type}[]', '"kind": type[]'),
            'resources/candidates.yaml:18:50: create.json.mails: not JSONata: Expected "}" before end of expression',
        ),
        (
            "resources/candidates.yaml",
            ("    by: person_id\n", ""),
            "resources/candidates.yaml:32:3: 'by' is missing in lookups.notes",
        ),
        (
            "resources/candidates.yaml",
            ("batch: 50", "batch: 0"),
            "resources/candidates.yaml:35:5: lookups.notes.batch: input should be greater than or equal to 1",
        ),
        (
            "resources/candidates.yaml",
            ("lookups:\n  notes:", "lookups:\n  Notes:"),
            "resources/candidates.yaml:32:3: lookups.Notes should look like ^[a-z][a-z0-9_]*$, not 'Notes'",
        ),
        (
            "resources/candidates.yaml",
            ("title: Acme keeps no titles", "title: none"),
            "resources/candidates.yaml:64:1: absent: the reason is a sentence, not 'none'",
        ),
        (
            "resources/candidates.yaml",
            ("  json:\n    first", "  xml: x\n  json:\n    first"),
            "resources/candidates.yaml:14:3: create.xml should be a mapping: keys with values",
        ),
        (
            "integration.yaml",
            ("raise: not_found", "raise: gone"),
            "integration.yaml:41:34: errors.rules.0.raise is 'invalid_request', 'not_found', 'conflict', "
            "'unprocessable', 'credentials_rejected', 'not_permitted', 'rate_limited', 'provider_failed' or "
            "'unreachable', not 'gone'",
        ),
        (
            "integration.yaml",
            ("docs: https://docs.acme.example", "docs: docs.acme.example"),
            "integration.yaml:2:1: docs should look like ^https?://, not 'docs.acme.example'",
        ),
        (
            "integration.yaml",
            ("oauth2.access_token\n      headers: {Session", "oauth2.\n      headers: {Session"),
            "integration.yaml:22:22: connect.oauth.apply.bearer: not JSONata: Unexpected end of expression",
        ),
        (
            "integration.yaml",
            ("secret: true}\n    oauth2", "secrte: true}\n    oauth2"),
            "integration.yaml:10:45: 'secrte' does not belong here (connect.oauth.ask.client_secret.secrte); did you "
            "mean 'secret'?; known here: default, help, label, optional, options, pattern, placeholder, secret",
        ),
        (
            "integration.yaml",
            ("{when: body.code", "{whne: body.code"),
            "integration.yaml:41:7: 'when' is missing in errors.rules.0|"
            "integration.yaml:41:8: 'whne' does not belong here (errors.rules.0.whne); did you mean 'when'?; "
            "known here: raise, when",
        ),
        (
            "endpoints.yaml",
            ("    request: GET /people\n", ""),
            "endpoints.yaml:2:3: people.list: a method has either `request` or `steps`",
        ),
    ],
)
def test_what_does_not_fit_is_said_with_its_place(
    acme: Path, file: str, change: tuple[str, str], expected: str
) -> None:
    """Unknown keys with what is known, missing ones, malformed lines, expressions and words."""
    assert sorted(found(acme, file, change)) == expected.split("|")


def test_a_broken_integration_file_leaves_no_integration(acme: Path) -> None:
    """Without a sound integration.yaml or endpoints.yaml there is nothing to serve; the documents are still there."""
    (acme / "endpoints.yaml").write_text("people: 5\n")
    integration, documents, mistakes = load(acme)
    assert integration is None
    assert "resources/jobs.yaml" in documents
    assert [str(mistake) for mistake in mistakes] == [
        "acme/endpoints.yaml:1:1: people should be a mapping: keys with values"
    ]


def test_a_broken_resource_is_left_out(acme: Path) -> None:
    """The other resources still load, and the mistake is told."""
    (acme / "resources" / "jobs.yaml").write_text("lits: 1\n")
    integration, _, mistakes = load(acme)
    assert integration is not None
    assert "jobs" not in integration.resources
    assert len(mistakes) == 1


def test_a_duplicate_key_is_a_mistake_of_the_load(acme: Path) -> None:
    """A key that is there twice is told, though YAML would take the last one."""
    assert found(acme, "integration.yaml", ("name: Acme\n", "name: Acme\nname: Acne\n")) == [
        "integration.yaml:2:1: 'name' is here twice"
    ]


def test_mistakes_may_be_shown_with_another_path(tmp_path: Path) -> None:
    """`shown_as` stands in front of the files' names."""
    integration, documents, mistakes = load(tmp_path / "acme", "there/acme")
    assert (integration, documents) == (None, {})
    assert [str(mistake) for mistake in mistakes] == ["there/acme/integration.yaml:1:1: the file is missing"]
