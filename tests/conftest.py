"""The process that leads a run notes what the end-to-end suite proves of each integration."""

import pytest

from tests.e2e.conformance import Recorder


def pytest_configure(config: pytest.Config) -> None:
    """Register the recorder, but not in the workers of pytest-xdist: each of them sees a part of the tests."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder())
