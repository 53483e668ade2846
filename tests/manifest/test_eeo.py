"""Which addresses of a provider hand out EEOC answers: those that the eeocs mapping names, however they are spelled."""

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from polyhire.manifest.catalog import Catalog
from polyhire.manifest.eeo import eeo_paths, path_reveals_eeo, requests_of, reveals_eeo
from polyhire.manifest.integration import Integration
from polyhire.manifest.load import load

INTEGRATION = """
    name: Acme
    docs: https://acme.example/docs
    base_url: https://api.acme.example/v1
    connect:
      key: {label: Key, ask: {key: {label: Key, secret: true}}, apply: {bearer: key}}
    check: GET /me
    """
EEOCS = """
    docs: https://acme.example/docs
    list: {request: "GET /Surveys?kind=eo", items: body}
    get: {request: "GET /people/{id}/answers", item: body}
    lookups:
      people: {request: "GET /applicants/{$string(items.id)}", items: body, by: id, on: id, each: id}
    fields: {id: id, race: $people.race}
    """
CANDIDATES = """
    docs: https://acme.example/docs
    list: {request: GET /applicants, items: body}
    get: {request: "GET /applicants/{id}", item: body}
    create:
      steps:
        - {request: POST /applicants, name: made, json: {name: body.first_name}}
        - {request: "GET /applicants/{made.body.id}", item: body}
    fields: {id: id}
    """

Load = Callable[..., Integration]


@pytest.fixture
def acme(tmp_path: Path) -> Load:
    """An integration with these resources."""

    def made(**resources: str) -> Integration:
        (tmp_path / "acme" / "resources").mkdir(parents=True)
        (tmp_path / "acme" / "integration.yaml").write_text(textwrap.dedent(INTEGRATION))
        for name, text in resources.items():
            (tmp_path / "acme" / "resources" / f"{name}.yaml").write_text(textwrap.dedent(text))
        integration, _, mistakes = load(tmp_path / "acme")
        assert integration is not None, mistakes
        return integration

    return made


def test_the_paths_are_those_of_every_request(acme: Load) -> None:
    """Methods and lookups, without their queries; what varies stands for anything."""
    assert set(eeo_paths(acme(eeocs=EEOCS))) == {("surveys",), ("people", "*", "answers"), ("applicants", "*")}


@pytest.mark.parametrize("eeocs", [None, "absent: They ask no such questions."])
def test_without_eeocs_nothing_is_special(acme: Load, eeocs: str | None) -> None:
    """But paths that are called so: the provider may have what no mapping names."""
    integration = acme(candidates=CANDIDATES, **({"eeocs": eeocs} if eeocs else {}))
    assert eeo_paths(integration) == ()
    assert not reveals_eeo(integration, requests_of(integration.resources["candidates"]))
    assert not path_reveals_eeo(integration, "/people/1/answers")
    assert path_reveals_eeo(integration, "/v1/applications/7/eeoc")


def test_a_method_that_reads_the_same_records_reveals_them(acme: Load) -> None:
    """One request of several is enough; what reads other addresses does not."""
    integration = acme(eeocs=EEOCS, candidates=CANDIDATES)
    mapping = integration.resources["candidates"]
    reveals = {name: reveals_eeo(integration, requests_of(mapping, method)) for name, method in mapping.methods.items()}
    assert reveals == {"list": False, "get": True, "create": True}


@pytest.mark.parametrize(
    "path",
    [
        "/surveys",
        "/Surveys?kind=other",
        "/SURVEYS/",
        "//surveys",
        "/./surveys",
        "/surveys;jsessionid=1",
        "/s%75rveys",
        "/surveys/12",
        "/applicants/7",
        "/applicants/%37/",
        "/people/x/answers/y",
        "/reports/Demographics",
        "/eeo/responses/pii",
        "/%65%65o",
    ],
)
def test_a_path_is_known_in_any_spelling(acme: Load, path: str) -> None:
    """Capitals, escapes, doubled slashes, dots, parameters and what lies below make no difference."""
    assert path_reveals_eeo(acme(eeocs=EEOCS), path)


@pytest.mark.parametrize("path", ["/", "", "/applicants", "/people/7", "/people/7/notes", "/survey", "/jobs?x=/eeo"])
def test_other_paths_are_free(acme: Load, path: str) -> None:
    """A shorter path, another one, and what stands in the query."""
    assert not path_reveals_eeo(acme(eeocs=EEOCS), path)


def test_shipped_integrations_that_offer_eeocs_have_paths() -> None:
    """No shipped mapping hides where its EEOC answers come from."""
    catalog = Catalog()
    offering = [
        slug for slug in catalog.slugs if (found := catalog.integration(slug).resources.get("eeocs")) and found.methods
    ]
    assert offering
    for slug in offering:
        assert eeo_paths(catalog.integration(slug)), slug
