"""Golden conversations: every case of an integration, asserted and played over real HTTP."""

import pytest

from polyhire.conformance.offered import cases, runs
from polyhire.conformance.stage import Stage
from polyhire.errors import PolyhireError
from polyhire.manifest.capabilities import capabilities
from polyhire.manifest.document import read


@runs("case", cases, "")
def test_a_case_is_as_it_was_written(stage: Stage, slug: str, case: str) -> None:
    """The call makes exactly the requests of its case, and answers what the case expects."""
    file = stage.gateway.catalog.folder(slug) / "cases" / f"{case}.yaml"
    document, mistakes = read(file, file.name)
    assert mistakes == []
    expected = document.data["expect"]
    script = stage.script
    if "error" in expected:
        with pytest.raises(PolyhireError) as caught:
            stage.play(slug, document.data)
        assert caught.value.code == expected["error"]
    else:
        try:
            outcome, found = stage.play(slug, document.data)
        except PolyhireError as error:
            pytest.fail(f"{error.message}\n" + "\n".join(script.off_script))
        assert outcome.field_errors == []
        assert found == expected["result"]
        if "next" in expected:
            assert (outcome.next_cursor is not None) == expected["next"]
    assert script.off_script == []
    assert [entry["request"]["path"] for entry in script.exchange] == [], "requests of the case that were not made"


@runs(None, lambda _: [""], "")
def test_every_offered_method_has_a_case(stage: Stage, slug: str) -> None:
    """A method that is offered is shown by at least one golden conversation."""
    integration = stage.gateway.catalog.integration(slug)
    shown = {tuple(path.stem.split(".")[:2]) for path in integration.folder.glob("cases/*.yaml")}
    offered = {
        (resource, method.name)
        for resource, support in capabilities(integration).items()
        for method in support.methods.values()
        if support.offered and method.offered
    }
    assert offered <= shown, f"no case of {sorted('.'.join(each) for each in offered - shown)}"
