"""The process that leads a run notes what the conformance suite proves of each integration."""

import pytest

from polyhire.conformance.chosen import CHOSEN
from polyhire.conformance.measured import Recorder

pytest_plugins = ["polyhire.conformance.plugin", "tests.on_postgresql"]


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Register the recorder, but not in the workers of pytest-xdist: each of them sees a part of the tests."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(config.stash[CHOSEN]))
