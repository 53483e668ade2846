"""conformance.yaml: exemptions are from behaviours that there are."""

import pytest

from polyhire.conformance import suite
from polyhire.conformance.chosen import CHOSEN
from polyhire.conformance.offered import runs
from polyhire.suggest import did_you_mean


@runs(None, lambda _: [""], "")
def test_an_exemption_is_from_something(request: pytest.FixtureRequest, slug: str) -> None:
    """Each exemption names a behaviour of this suite, and may name its parameters: `behaviour [parameters]`."""
    facts = request.config.stash[CHOSEN].facts(slug)
    known = {name.removeprefix("test_").replace("_", " ") for name in suite.tests()}
    said = [facts, *(facts.get(name) or {} for name in facts if name not in ("exempt", "custom", "endpoints"))]
    for name in (name for part in said for name in part.get("exempt") or {}):
        behaviour = name.partition(" [")[0]
        assert behaviour in known, f"there is no behaviour '{behaviour}'{did_you_mean(behaviour, known)}"
