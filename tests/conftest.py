"""The process that leads a run notes what the conformance suite proves of each integration."""

import os
from pathlib import Path

import pytest

from polyhire.conformance.chosen import CHOSEN
from polyhire.conformance.measured import Recorder

pytest_plugins = ["polyhire.conformance.plugin", "tests.on_postgresql"]

# The many processes that tests start share what was compiled, whatever the machine's own settings say of that.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ["PYTHONPYCACHEPREFIX"] = str(Path(__file__).parents[1] / ".pytest_cache" / "bytecode")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Register the recorder, but not in the workers of pytest-xdist: each of them sees a part of the tests."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(config.stash[CHOSEN]))
