"""REST over HTTP: addresses and parameters in, envelopes and files out; everything goes through the gateway."""

from polyhire.api.app import create_app

__all__ = ["create_app"]
