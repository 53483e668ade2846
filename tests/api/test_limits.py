"""Rate limits of this server: each token and each account has its own; who waits as told is let in again."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.api.conftest import Client, Running


@contextmanager
def limited(running: Running, **limits: int) -> Iterator[None]:
    """Limits for the length of a test, and budgets that nobody has used yet."""
    gateway = running.gateway
    before, gateway.settings = gateway.settings, gateway.settings.model_copy(update=limits)
    try:
        yield
    finally:
        gateway.settings = before
        gateway.store.limits._whole_at.clear()


async def test_a_token_has_a_budget(running: Running, call: Client) -> None:
    """What is more is 429 with `Retry-After`; other tokens, and addresses without one, are not held up."""
    other, _ = running.do(running.gateway.store.create_token(running.environment_id, "other"))
    with limited(running, token_rate_limit=3):
        assert [(await call("GET", "/me", account=False)).status for _ in range(3)] == [200] * 3
        refused = await call("GET", "/me", account=False)
        assert (refused.status, refused.json["code"], refused.headers["Retry-After"]) == (
            429,
            "too_many_requests",
            "20",
        )
        assert 19 < refused.json["error_insight"]["rate_limit_error"]["retry_after"] <= 20
        assert "is_remote_error" not in refused.json
        assert (await call("GET", "/me", account=False, headers={"Authorization": f"Bearer {other}"})).status == 200
        assert (await call("GET", "/ping", account=False, headers={"Authorization": None})).status == 200


@pytest.mark.parametrize("path", ["/unified/ats/candidates", "/proxy/things", "/custom/echo/x"])
async def test_an_account_has_a_budget_that_all_tokens_share(running: Running, call: Client, path: str) -> None:
    """The provider is not asked any more; other accounts go on."""
    other, _ = running.do(running.gateway.store.create_token(running.environment_id, "other"))
    with limited(running, account_rate_limit=2):
        assert (await call("GET", path)).status < 300
        assert (await call("GET", path, headers={"Authorization": f"Bearer {other}"})).status < 300
        running.provider.seen.clear()
        refused = await call("GET", path)
        assert refused.status == 429 and "account" in refused.json["message"]
        assert running.provider.seen == []
        unknown = await call("GET", path, "integrated_account_id=none", account=False)
        assert unknown.status == 404


async def test_a_write_with_a_key_counts_once(running: Running, call: Client) -> None:
    """An `Idempotency-Key` costs nothing extra."""
    with limited(running, token_rate_limit=2, account_rate_limit=2):
        for key in ("limits-a", "limits-b"):
            sent = await call("POST", "/proxy/things", json={}, headers={"Idempotency-Key": key})
            assert sent.status == 201
        assert (await call("POST", "/proxy/things", json={})).status == 429
