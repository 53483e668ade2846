"""One refresh at a time over all processes, and none that loses an account in silence."""

import asyncio
import os
import signal
import textwrap
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from polyhire.accounts import Account, leases
from polyhire.engine.serving import Call
from polyhire.errors import CredentialsRejected, ProviderFailed
from polyhire.gateway import Gateway
from polyhire.settings import Settings
from polyhire.simulators.serve import running
from tests.engine.pretend import Pretend, Seen, by, json

from . import processes

INTEGRATION = """
    name: Tiny
    docs: https://tiny.example/docs
    base_url: https://api.tiny.example/v1
    connect:
      app:
        label: App
        ask: {client: {label: Client}, secret: {label: Secret, secret: true}}
        oauth2:
          {grant: authorization_code, token_url: "https://login.tiny.example/token", client_id: client,
           client_secret: secret, authorize_url: "https://login.tiny.example/authorize"}
        apply: {bearer: oauth2.access_token}
    check: GET /me
    """
CANDIDATES = """
    list: {request: GET /people, items: body}
    fields: {id: id}
    """
LIST = Call("candidates", "list")


class Rotating:
    """A strict token server: each refresh token is good once. Its tokens are `<account>-<number>`."""

    def __init__(self) -> None:
        self.takes = 0.05
        self.good: dict[str, int] = Counter()
        self.refreshes: dict[str, int] = Counter()

    async def token(self, seen: Seen) -> Any:
        await asyncio.sleep(self.takes)
        name, _, number = seen.form["refresh_token"].rpartition("-")
        self.refreshes[name] += 1
        if int(number) != self.good[name]:
            return json({"error": "invalid_grant"}, 400)
        self.good[name] += 1
        fresh = f"{name}-{self.good[name]}"
        return {"access_token": fresh, "refresh_token": fresh, "expires_in": 3600}

    def people(self, seen: Seen) -> Any:
        name, _, number = seen.headers["authorization"].removeprefix("Bearer ").rpartition("-")
        return [{"id": "1"}] if int(number) == self.good[name] > 0 else json({}, 401)


@pytest.fixture(scope="module")
def server() -> Iterator[Pretend]:
    provider = Pretend()
    with running(provider) as provider.base:
        yield provider


@pytest.fixture
def rotating(server: Pretend) -> Rotating:
    """The provider's side of every account."""
    server.reset()
    tokens = Rotating()
    server.on("POST /token", by(tokens.token))
    server.on("GET /v1/people", by(tokens.people))
    return tokens


@pytest.fixture
def values(settings: Settings, tmp_path: Path, server: Pretend, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Settings with the integration `tiny`, as other processes are given them."""
    for name, text in {"integration.yaml": INTEGRATION, "resources/candidates.yaml": CANDIDATES}.items():
        file = tmp_path / "own" / "tiny" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text))
    monkeypatch.setenv("POLYHIRE_BASE_URL_TINY", server.base)
    monkeypatch.setattr(leases, "LEASE", processes.LEASE)
    monkeypatch.setattr(leases, "RENEW_EVERY", processes.RENEW_EVERY)
    return {"database_url": settings.database_url, "keys_file": settings.keys_file, "integrations": tmp_path / "own"}


@pytest.fixture
async def gateway(values: dict[str, Any]) -> AsyncIterator[Gateway]:
    opened = await Gateway.open(Settings.model_validate(values))
    yield opened
    await opened.close()


async def expired(gateway: Gateway, name: str) -> Account:
    """An account whose access token has just expired."""
    environment = await gateway.store.environment()
    return await gateway.store.add_account(
        environment.id,
        "tiny",
        name,
        connect="app",
        status="active",
        settings={"client": "c"},
        secrets={"secret": "s"},
        state={"oauth2": {"access_token": "old-0", "refresh_token": f"{name}-0", "expires_at": time.time() - 1}},
    )


async def call(gateway: Gateway, account_id: str) -> str:
    """How a call of an account ends."""
    environment = await gateway.store.environment()
    account = await gateway.store.get_account(environment.id, account_id)
    try:
        await gateway.serve(account, LIST)
    except CredentialsRejected:
        return "rejected"
    return "ok"


async def call_often(gateway: Gateway, account_id: str, times: int, begin: float) -> None:
    """Many calls at once, at a moment that was agreed on."""
    leases.LEASE = 15.0  # nobody is killed here, and a busy machine may hold a renewal up
    await asyncio.sleep(begin - time.time())
    assert await asyncio.gather(*(call(gateway, account_id) for _ in range(times))) == ["ok"] * times


async def test_fifty_calls_of_five_processes_refresh_once(
    gateway: Gateway, values: dict[str, Any], rotating: Rotating, valkey: str
) -> None:
    """Whoever comes too late uses the winner's token, with Valkey and without."""
    for name, more in (("alone", {}), ("valkey", {"valkey_url": valkey})):
        account = await expired(gateway, name)
        begin = time.time() + 1.5
        started = [
            await asyncio.to_thread(processes.start, call_often, values | more, account.id, 10, begin) for _ in range(5)
        ]
        with processes.all_ended(started):
            await asyncio.gather(*(asyncio.to_thread(process.join, 60) for process in started))
            assert [process.exitcode for process in started] == [0] * 5
        assert rotating.refreshes[name] == 1


async def call_and_die(gateway: Gateway, account_id: str, moment: int) -> None:
    """One call, in which this process is killed at a moment; one that survives exits with the number of moments."""
    await gateway.store.environment()
    passed = processes.die_at(gateway, moment)
    await call(gateway, account_id)
    os._exit(passed())


async def killed_at(moments: Sequence[int], accounts: Sequence[Account], values: dict[str, Any]) -> list[int | None]:
    """The exit codes of processes that each call an account, to be killed at a moment of their own."""
    turn = asyncio.Semaphore(4)

    async def end(moment: int, account: Account) -> int | None:
        async with turn:
            process = await asyncio.to_thread(processes.start, call_and_die, values, account.id, moment)
            with processes.all_ended([process]):
                await asyncio.to_thread(process.join, 60)
                return process.exitcode

    return await asyncio.gather(*map(end, moments, accounts))


@pytest.mark.timeout(300)  # some forty processes, on a machine that may be busy
async def test_killed_at_any_moment_an_account_works_or_says_why_not(
    gateway: Gateway, values: dict[str, Any], rotating: Rotating
) -> None:
    """Only a token that was given out and never stored is lost, and then the account says so; it never hangs."""
    [count] = await killed_at([10_000], [await expired(gateway, "whole")], values)
    assert count is not None and 20 < count < 100
    names = [f"killed{moment}" for moment in range(count)]
    accounts = [await expired(gateway, name) for name in names]
    ends = await killed_at(range(count), accounts, values)
    assert ends[:20] == [-signal.SIGKILL] * 20  # the last moments may not come: looks and heartbeats are by the clock
    given = dict(rotating.good)
    async with asyncio.timeout(30):
        after = await asyncio.gather(*(call(gateway, account.id) for account in accounts))
    told = [account for account, end in zip(accounts, after, strict=True) if end != "ok"]
    assert count / 2 > len(told) > 0
    for account in accounts:
        now = await gateway.store.fresh_account(account.environment_id, account.id)
        if account not in told:
            assert (now.status, now.last_error) == ("active", None)
            continue
        assert given[account.tenant_id] == 1
        assert now.status == "needs_reauth"
        assert "was interrupted before its answer was stored" in (now.last_error or "")
        # It says so also to whoever tries again.
        assert await call(gateway, account.id) == "rejected"
        again = await gateway.store.fresh_account(account.environment_id, account.id)
        assert again.last_error == now.last_error


async def test_a_connection_made_anew_ends_the_story(gateway: Gateway, rotating: Rotating) -> None:
    """Once the account is connected again, a later refusal is told as what it is."""
    account = await expired(gateway, "a")
    with pytest.raises(ZeroDivisionError):
        async with gateway.store.lease("refresh", account.id):
            raise ZeroDivisionError
    rotating.good["a"] = 7
    assert await call(gateway, account.id) == "rejected"
    now = await gateway.store.fresh_account(account.environment_id, account.id)
    assert "interrupted" in (now.last_error or "")
    state = {"oauth2": {"access_token": "a-6", "refresh_token": "a-6", "expires_at": 1}}
    await gateway.store.update_account(account.id, state=state, status="active", last_error=None)
    assert await call(gateway, account.id) == "rejected"
    now = await gateway.store.fresh_account(account.environment_id, account.id)
    assert "invalid_grant" in (now.last_error or "")
    assert "interrupted" not in (now.last_error or "")


async def test_a_refresh_that_failed_and_then_works_leaves_no_trace(
    gateway: Gateway, rotating: Rotating, server: Pretend
) -> None:
    """An outage in the middle of a refresh is forgotten with the next token."""
    account = await expired(gateway, "a")
    server.on("POST /token", json({}, 503), json({}, 503), json({}, 503), json({}, 503), by(rotating.token))
    with pytest.raises(ProviderFailed):
        await call(gateway, account.id)
    assert await call(gateway, account.id) == "ok"
    rotating.good["a"] = 7
    await gateway.store.save_state(account.id, {"oauth2": {"refresh_token": "a-0"}})
    assert await call(gateway, account.id) == "rejected"
    now = await gateway.store.fresh_account(account.environment_id, account.id)
    assert "interrupted" not in (now.last_error or "")


async def test_a_new_connection_is_not_overwritten_by_an_old_refresh(
    gateway: Gateway, rotating: Rotating, server: Pretend
) -> None:
    """While a refresh waits for its answer somebody connects the account anew: what that gave stays."""
    account = await expired(gateway, "a")
    rotating.takes = 0.5
    calling = asyncio.create_task(call(gateway, account.id))
    while not server.asked("/token"):  # noqa: ASYNC110  # the server is in another thread
        await asyncio.sleep(0.01)
    anew = {"oauth2": {"access_token": "a-1", "refresh_token": "b-9", "expires_at": time.time() + 3600}}
    await gateway.store.update_account(account.id, state=anew)
    await calling
    assert (await gateway.store.fresh_account(account.environment_id, account.id)).state == anew


async def test_a_refresh_outlives_its_caller(gateway: Gateway, rotating: Rotating, server: Pretend) -> None:
    """Whoever hangs up while the provider answers does not lose the new token, nor does a server that stops."""
    account = await expired(gateway, "a")
    rotating.takes = 0.3
    calling = asyncio.create_task(call(gateway, account.id))
    while not server.asked("/token"):  # noqa: ASYNC110  # the server is in another thread
        await asyncio.sleep(0.01)
    calling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await calling
    await gateway.credentials.close()
    stored = await gateway.store.fresh_account(account.environment_id, account.id)
    assert stored.state["oauth2"]["refresh_token"] == "a-1"
