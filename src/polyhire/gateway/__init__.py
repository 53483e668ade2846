"""The one door: an account, a call, an answer. API and CLI come through here, and nothing goes round it."""

from polyhire.gateway.calls import Gateway, Served

__all__ = ["Gateway", "Served"]
