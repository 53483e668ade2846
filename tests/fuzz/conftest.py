"""The API on a loopback port with the sandbox behind it, as the end-to-end suite has it."""

from tests.e2e.conftest import servers

__all__ = ["servers"]
