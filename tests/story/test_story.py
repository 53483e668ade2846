"""One hiring story, told by every simulator in its provider's shapes, reads the same through the unified API."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from polyhire.conformance.chosen import Chosen
from polyhire.conformance.provider import Provider
from polyhire.conformance.servers import Servers, serve
from polyhire.manifest.catalog import shipped
from polyhire.simulators.company import story
from tests.story.telling import tell

HERE = Path(__file__).parent
STORY: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load((HERE / "story.yaml").read_text())
DIFFERENCES: dict[str, dict[str, str]] = yaml.safe_load((HERE / "differences.yaml").read_text())
WHOLE = frozenset({"jobs", "candidates", "applications", "interviews", "scorecards", "offers", "attachments"})
"""Resources that hold what the story tells and nothing else; of the others a provider may have some of its own."""

ALL = Chosen(shipped())


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """The API, and a sandbox in which every provider's customer is the company of the story."""
    with serve(ALL, tmp_path_factory.mktemp("story"), people=story()) as running:
        yield running


@pytest.mark.parametrize("slug", ALL.slugs)
def test_the_story_reads_the_same(slug: str, servers: Servers) -> None:
    """What an integration tells differs from the story only where differences.yaml says so, with the reason."""
    provider = servers.provider(slug)
    offered = [name for name in provider.capabilities if provider.method(name, "list")]
    found = tell({resource: read(provider, resource) for resource in offered})
    wrong: dict[str, list[str]] = {}
    for resource in STORY:
        if resource in found:
            fields = set(provider.capabilities[resource]["fields"])
            for place, what in differences(resource, fields, found[resource]):
                wrong.setdefault(place, []).append(what)
    excused = DIFFERENCES.get(slug) or {}
    unexcused = {place: whats for place, whats in wrong.items() if place not in excused}
    assert not unexcused, "\n".join(f"{place}: {what}" for place, whats in unexcused.items() for what in whats)
    assert set(excused) <= set(wrong), f"no difference any more: {sorted(set(excused) - set(wrong))}"


def test_the_differences_are_of_integrations_that_exist() -> None:
    """Every difference is one integration's, and says why."""
    assert set(DIFFERENCES) <= set(ALL.slugs)
    assert all(len(why) > 20 for excused in DIFFERENCES.values() for why in excused.values())


def read(provider: Provider, resource: str) -> list[dict[str, Any]]:
    """Every record of a resource, each once, in full."""
    found = [each for query in provider.queries(resource) for each in provider.all(resource, complete="true", **query)]
    return list({provider.key(resource, record): record for record in found}.values())


def differences(resource: str, fields: set[str], found: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Where an integration's records are not the story's: the place (`resource` or `resource.field`), and how."""
    expected = STORY[resource]
    if missing := sorted(set(expected) - set(found)):
        yield resource, f"does not tell of {missing}, but of {sorted(found)}"
    if resource in WHOLE and (more := sorted(set(found) - set(expected))):
        yield resource, f"tells of {more}, too"
    for name in set(expected) & set(found):
        for field, value in expected[name].items():
            if field in fields and found[name][field] != value:
                yield f"{resource}.{field}", f"{name}: {found[name][field]!r} instead of {value!r}"
