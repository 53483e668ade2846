"""The key of the account, in the query of a read and the body of a write, and how often it may ask."""

import json

from polyhire.simulators.kit import Ask, Refusal
from polyhire.simulators.limits import RateWindow

KEY = "jazzhr-sandbox-key-of-the-account"
# inferred: what clients keep to
LIMIT, SECONDS = 80, 60


def guard(window: RateWindow, ask: Ask) -> None:
    """Refuse a missing or wrong key, then other parameters, then a client that asks too often."""
    query = [value for name, value in ask.query if name == "apikey"]
    keys = [*query, _key_of_body(ask)] if ask.method == "POST" else query
    # inferred: 401, and a key in the query of a write must be right too
    if not keys or any(key != KEY for key in keys):
        raise Refusal(401, "Invalid API key")
    if len(ask.query) > 1 or len(query) < len(ask.query):
        # inferred: filters are segments of the path, and nothing else is taken
        raise Refusal(400, "The query takes apikey alone")
    if window.take(KEY).refused and ask.rate_limits:
        # No header says how long to wait.
        raise Refusal(429, "Too many requests")


def _key_of_body(ask: Ask) -> object:
    if ask.content_type != "application/json":
        raise Refusal(415, "Content-Type must be application/json")
    try:
        body = json.loads(ask.body)
    except ValueError:
        raise Refusal(400, "The body is not valid JSON") from None
    return body.get("apikey") if isinstance(body, dict) else None
