"""The tiny provider on a real port, and a client that has its token."""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from polyhire.simulators.serve import running, sandbox

from .asking import Client

PROVIDERS = Path(__file__).parent / "providers"
BASIC = "Basic " + b64encode(b"tiny:secret").decode()


@pytest.fixture(scope="session")
def served() -> Iterator[str]:
    """Give the base URL of a sandbox with the tiny provider."""
    with running(sandbox([PROVIDERS])) as base:
        yield base


@pytest.fixture
def control(served: str) -> Client:
    """Give the control panel of a freshly reset tiny provider."""
    panel = Client(f"{served}/_sandbox/tiny", {})
    assert panel.ask("POST", "/reset").status == 204
    return panel


@pytest.fixture
def tiny(served: str, control: Client) -> Client:
    """Give a client of the tiny provider that has a token."""
    form = {"grant_type": "client_credentials"}
    answer = Client(f"{served}/tiny", {"Authorization": BASIC}).ask("POST", "/token", form=form)
    return Client(f"{served}/tiny", {"Authorization": f"Bearer {answer.json['access_token']}"})
