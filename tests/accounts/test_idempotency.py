"""Claims on writes: one at work per key, its answer kept for whoever repeats the request."""

import asyncio
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from structlog.testing import capture_logs

from polyhire.accounts import Environment, Store, StoredAnswer, idempotency
from polyhire.errors import IdempotencyConflict, IdempotencyInProgress, InvalidRequest, SettingsError
from polyhire.settings import Settings

from .conftest import Behind, Clock, OpenStore

KEY = "key-4711"
PATH = "POST /unified/ats/candidates"
BODY = sha256(b'{"first_name": "Ada"}').hexdigest()
CREATED = StoredAnswer(201, "application/json", b'{"first_name": "canary-Ada"}', {"x-hint": "canary-hint"})


async def write(
    store: Store,
    *,
    key: str = KEY,
    path: str = PATH,
    body: str = BODY,
    account: str = "account-1",
    environment: str = "environment-1",
    answer: StoredAnswer = CREATED,
    takes: float = 0.0,
    until: asyncio.Event | None = None,
) -> str | StoredAnswer:
    """What a caller gets: "worked" for a request that was worked on, else the stored answer."""
    async with store.idempotency.claim(environment, account, key, path, body) as claim:
        if claim.answer is not None:
            return claim.answer
        await asyncio.sleep(takes)
        if until is not None:
            await until.wait()
        await claim.store(answer)
        return "worked"


async def rows_of(behind: Behind) -> int:
    return int((await behind("SELECT count(*) FROM idempotent_answers"))[0][0])


async def let_all_expire(behind: Behind) -> None:
    await behind("UPDATE idempotent_answers SET expires_at = '2020-01-01 00:00:00.000000'")


async def begun(behind: Behind) -> None:
    """Wait until somebody is at work on a write."""
    await behind.until("SELECT 1 FROM idempotent_answers")


async def settled(store: Store) -> None:
    """Wait for what the store does in the background."""
    await asyncio.gather(*store._database._under_way)


async def test_a_repeated_write_is_answered_from_store(store: Store, open_store: OpenStore) -> None:
    """Every part of the first answer comes back, in this process and in others."""
    assert await write(store) == "worked"
    assert await write(store) == CREATED
    assert await write(await open_store()) == CREATED


async def test_a_key_means_something_else_elsewhere(store: Store) -> None:
    """Keys, accounts and environments do not share answers."""
    for changed in ({}, {"key": "other"}, {"account": "account-2"}, {"environment": "environment-2"}):
        assert await write(store, **changed) == "worked"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"path": "POST /unified/ats/jobs"}, "another method, path or query"),
        ({"body": sha256(b"other").hexdigest()}, "another body"),
    ],
)
async def test_a_key_used_for_another_request_is_refused(store: Store, changed: dict[str, Any], named: str) -> None:
    """The message says what differs and what to do; the first answer stays as it is."""
    await write(store)
    with pytest.raises(IdempotencyConflict, match=f"{named}.*Use a fresh key") as caught:
        await write(store, **changed)
    assert (caught.value.status, KEY in caught.value.message) == (422, False)
    assert await write(store) == CREATED


async def test_another_request_is_refused_while_the_first_runs(store: Store, behind: Behind) -> None:
    """It need not wait to hear that the key is taken."""
    end = asyncio.Event()
    first = asyncio.create_task(write(store, until=end))
    await begun(behind)
    with pytest.raises(IdempotencyConflict):
        await write(store, body=sha256(b"other").hexdigest())
    assert not first.done()
    end.set()
    assert await first == "worked"


async def test_twins_in_one_process_wait(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many at the same moment one is worked on, and all others get its answer, without looking for it."""
    monkeypatch.setattr(idempotency, "LOOK_EVERY", 30.0)
    async with asyncio.timeout(10):
        got = await asyncio.gather(*(write(store, takes=0.05) for _ in range(20)))
    assert got.count("worked") == 1
    assert got.count(CREATED) == 19


async def test_twins_in_several_processes_wait(
    store: Store, open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row in the database stands for a lock between processes."""
    monkeypatch.setattr(idempotency, "LOOK_EVERY", 0.01)
    stores = [store, await open_store(), await open_store()]
    got = await asyncio.gather(*(write(one, takes=0.1) for one in stores * 3))
    assert got.count("worked") == 1
    assert got.count(CREATED) == 8


@pytest.mark.parametrize("same_process", [True, False])
async def test_a_twin_gives_up_in_the_end(
    store: Store, open_store: OpenStore, behind: Behind, monkeypatch: pytest.MonkeyPatch, same_process: bool
) -> None:
    """After its patience it hears that the first is not done yet, and how to get the answer."""
    twin = store if same_process else await open_store()
    end = asyncio.Event()
    first = asyncio.create_task(write(store, until=end))
    await begun(behind)
    with monkeypatch.context() as hasty:
        hasty.setattr(idempotency, "WAIT_FOR", 0.05)
        with pytest.raises(IdempotencyInProgress, match="later, with the same key") as caught:
            await write(twin)
    assert caught.value.status == 409
    end.set()
    assert await first == "worked"
    assert await write(twin) == CREATED


async def test_a_time_out_of_the_work_itself_is_its_own(store: Store) -> None:
    """TimeoutError from inside the claim is not taken for a twin's."""
    with pytest.raises(TimeoutError):
        async with store.idempotency.claim("e", "a", KEY, PATH, BODY):
            raise TimeoutError
    assert await write(store, environment="e", account="a") == "worked"


async def test_a_failed_write_frees_its_key(store: Store, behind: Behind) -> None:
    """An error on the way leaves nothing behind: a retry is worked on."""
    with pytest.raises(ZeroDivisionError):
        async with store.idempotency.claim("environment-1", "account-1", KEY, PATH, BODY):
            raise ZeroDivisionError
    assert await rows_of(behind) == 0
    assert await write(store) == "worked"


async def test_a_waiting_twin_takes_over_from_a_failed_first(store: Store) -> None:
    """The second is worked on when the first came to nothing."""
    failing = asyncio.create_task(write(store, answer=StoredAnswer(502, "", b"", {}), takes=0.05))
    await asyncio.sleep(0.01)
    assert await write(store) == "worked"
    assert await failing == "worked"
    assert await write(store) == CREATED


@pytest.mark.parametrize(
    ("status", "kept"),
    [
        *((status, True) for status in (200, 201, 204, 400, 404, 409, 422)),
        *((status, False) for status in (401, 403, 408, 425, 429, 500, 502, 504)),
    ],
)
async def test_only_final_answers_are_kept(store: Store, status: int, kept: bool) -> None:
    """What may end better another time is asked again; what may not is answered from store."""
    answer = StoredAnswer(status, "application/json", b"{}", {})
    await write(store, answer=answer)
    assert await write(store) == (answer if kept else "worked")


async def test_a_cancelled_write_frees_its_key(store: Store, behind: Behind) -> None:
    """Whoever hangs up while the work goes on does not block the key."""
    first = asyncio.create_task(write(store, takes=30))
    await begun(behind)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    await settled(store)
    assert await rows_of(behind) == 0


@pytest.mark.parametrize("turns", range(0, 12, 2))
async def test_a_write_cancelled_while_claiming_frees_its_key(store: Store, behind: Behind, turns: int) -> None:
    """Cancelled before, during or after its row is written: the row does not stay."""
    first = asyncio.create_task(write(store, takes=30))
    for _ in range(turns):
        await asyncio.sleep(0.001)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    await settled(store)
    assert await rows_of(behind) == 0


async def test_a_dead_process_holds_its_key_for_a_lease_only(
    store: Store, settings: Settings, behind: Behind, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once its lease is over, a waiting twin is worked on."""
    monkeypatch.setattr(idempotency, "LOOK_EVERY", 0.02)
    program = (
        "import asyncio, os, sys\n"
        "from pathlib import Path\n"
        "from polyhire.accounts import Store, idempotency\n"
        "from polyhire.settings import Settings\n"
        "async def main():\n"
        "    store = await Store.open(Settings(database_url=sys.argv[1], keys_file=Path(sys.argv[2])))\n"
        "    async with store.idempotency.claim('environment-1', 'account-1', *sys.argv[3:]):\n"
        "        os._exit(7)\n"
        "asyncio.run(main())\n"
    )
    arguments = [settings.database_url, str(settings.keys_file), KEY, PATH, BODY]
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program, *arguments, stderr=subprocess.PIPE)
    _, errors = await process.communicate()
    assert (errors, process.returncode) == (b"", 7)
    twin = asyncio.create_task(write(store))
    await asyncio.sleep(0.1)
    assert not twin.done()
    await let_all_expire(behind)
    assert await twin == "worked"


async def test_a_lease_is_renewed_while_work_goes_on(
    store: Store, open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Work that takes longer than a lease is still done once."""
    monkeypatch.setattr(idempotency, "LEASE", 0.2)
    monkeypatch.setattr(idempotency, "RENEW_EVERY", 0.05)
    monkeypatch.setattr(idempotency, "LOOK_EVERY", 0.02)
    first = asyncio.create_task(write(store, takes=0.6))
    await asyncio.sleep(0.1)
    assert await write(await open_store()) == CREATED
    assert await first == "worked"


async def test_an_answer_that_comes_too_late_is_not_kept(store: Store, open_store: OpenStore, behind: Behind) -> None:
    """A process that slept through its lease does not overwrite what its successor stored."""
    late = StoredAnswer(201, "application/json", b"late", {})
    end = asyncio.Event()
    first = asyncio.create_task(write(store, answer=late, until=end))
    await begun(behind)
    await let_all_expire(behind)
    other = await open_store()
    assert await write(other) == "worked"
    end.set()
    with capture_logs() as logs:
        assert await first == "worked"
    assert [entry["event"] for entry in logs] == ["An idempotent answer came too late to be kept"]
    assert await write(other) == CREATED


@pytest.mark.parametrize("status", [201, 502])
async def test_who_comes_too_late_does_not_disturb_the_successor(
    store: Store, open_store: OpenStore, behind: Behind, status: int
) -> None:
    """While the successor is still at work, neither an answer nor a failure of the first touches its claim."""
    ends = [asyncio.Event(), asyncio.Event()]
    first = asyncio.create_task(write(store, answer=StoredAnswer(status, "", b"late", {}), until=ends[0]))
    await begun(behind)
    await let_all_expire(behind)
    other = await open_store()
    second = asyncio.create_task(write(other, until=ends[1]))
    await behind.until("SELECT 1 FROM idempotent_answers WHERE expires_at > '2021-01-01'")
    ends[0].set()
    await first
    assert await rows_of(behind) == 1
    ends[1].set()
    assert await second == "worked"
    assert await write(store) == CREATED


async def test_an_answer_lives_a_day(store: Store, behind: Behind) -> None:
    """Its row expires 24 hours after it was stored; then the key is as good as new."""
    await write(store)
    [(expires_at,)] = await behind("SELECT expires_at FROM idempotent_answers")
    lives = datetime.fromisoformat(str(expires_at)).replace(tzinfo=UTC) - datetime.now(UTC)
    assert timedelta(hours=23, minutes=59) < lives <= timedelta(hours=24)
    await let_all_expire(behind)
    assert await write(store, body=sha256(b"other").hexdigest()) == "worked"


async def test_expired_answers_are_swept_away(store: Store, behind: Behind, clock: Clock) -> None:
    """They go with the next claim, of any key, at most once a minute."""
    await write(store)
    await settled(store)
    await let_all_expire(behind)
    clock.forward(59)
    await write(store, key="second")
    await settled(store)
    assert await rows_of(behind) == 2
    clock.forward(1)
    await write(store, key="third")
    await settled(store)
    assert await rows_of(behind) == 2


async def test_nothing_is_readable_in_the_file(store: Store, behind: Behind) -> None:
    """Neither the answer nor the key nor the path stands in the database in the clear."""
    await write(store)
    [row] = await behind("SELECT * FROM idempotent_answers")
    stored = b"|".join(part if isinstance(part, bytes) else str(part).encode() for part in row)
    for canary in (b"canary", KEY.encode(), b"candidates", b"Ada"):
        assert canary not in stored
    assert b"canary" not in await behind.on_disk()


async def test_a_moved_answer_does_not_open(store: Store, behind: Behind) -> None:
    """An answer is sealed for its own row: in another one it is refused, not served."""
    await write(store)
    await write(store, key="other", answer=StoredAnswer(200, "text/plain", b"mine", {}))
    await behind(
        "UPDATE idempotent_answers SET answer = "
        "(SELECT answer FROM idempotent_answers AS b WHERE b.id <> idempotent_answers.id)",
    )
    with pytest.raises(SettingsError, match="damaged or moved"):
        await write(store)


async def test_a_removed_account_takes_its_answers_along(
    store: Store, environment: Environment, behind: Behind
) -> None:
    """They are personal data of that account; those of others stay."""
    account = await store.add_account(environment.id, "greenhouse", "acme")
    await write(store, account=account.id)
    await write(store)
    await store.remove_account(environment.id, account.id)
    assert await behind("SELECT account_id FROM idempotent_answers") == [("account-1",)]


@pytest.mark.parametrize("key", ["", "a b", "a\n", "é", "\x7f", "x" * 256])
async def test_a_malformed_key_is_refused(store: Store, behind: Behind, key: str) -> None:
    """Keys are 1 to 255 visible characters."""
    with pytest.raises(InvalidRequest, match="1 to 255 visible"):
        await write(store, key=key)
    assert await rows_of(behind) == 0


@pytest.mark.parametrize("key", ["!", "~" * 255, '"8e03978e-40d5-43dd-bc93-6894a57f9324"'])
async def test_any_visible_key_will_do(store: Store, key: str) -> None:
    """Short, long and quoted ones."""
    assert await write(store, key=key) == "worked"
    assert await write(store, key=key) == CREATED


async def test_an_answer_that_cannot_be_kept_is_given_all_the_same(
    store: Store, behind: Behind, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once the provider has acted the caller hears so; the log says what failed, without the answer."""
    monkeypatch.setattr(idempotency, "RENEW_EVERY", 0.02)
    await behind.break_down("UPDATE", "idempotent_answers")
    with capture_logs() as logs:
        assert await write(store, takes=0.1) == "worked"
    events = {entry["event"] for entry in logs}
    assert events == {"An idempotent answer could not be kept", "An idempotency key could not be held longer"}
    assert "canary" not in str(logs)


async def test_a_key_that_cannot_be_freed_hides_no_error(store: Store, behind: Behind, clock: Clock) -> None:
    """The error of the work itself comes out, and a failed sweep is logged only."""
    await behind.break_down("DELETE", "idempotent_answers")
    with capture_logs() as logs, pytest.raises(ZeroDivisionError):
        async with store.idempotency.claim("environment-1", "account-1", KEY, PATH, BODY):
            raise ZeroDivisionError
    assert [entry["event"] for entry in logs] == ["An idempotency key could not be freed before its lease ends"]
    await let_all_expire(behind)
    clock.forward(60)
    with capture_logs() as logs:
        await write(store, key="other")
        await settled(store)
    assert [entry["event"] for entry in logs] == ["Expired idempotent answers could not be deleted"]
