"""API tokens: made, recognised, refused, and their use noted."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import pytest
from structlog.testing import capture_logs

from polyhire.accounts import Environment, Store
from polyhire.errors import InvalidRequest, Unauthorized, UnknownToken
from polyhire.settings import Settings

from .conftest import Behind, Clock, OpenStore


async def last_use(store: Store, environment: Environment, moved_from: datetime | None = None) -> datetime | None:
    """When the environment's only token was used last, waiting up to a moment for it to move."""
    for _ in range(40):
        (token,) = await store.list_tokens(environment.id)
        if token.last_used_at != moved_from:
            break
        await asyncio.sleep(0.005)
    return token.last_used_at


async def test_a_token_opens_its_environment(store: Store, environment: Environment) -> None:
    """A new token authenticates as what was created, in its environment."""
    plaintext, token = await store.create_token(environment.id, "ci")
    assert await store.authenticate(plaintext) == token
    assert (token.environment_id, token.name, token.revoked_at) == (environment.id, "ci", None)
    assert datetime.now(UTC) - token.created_at < timedelta(seconds=5)


async def test_tokens_are_random_and_kept_as_digests(store: Store, environment: Environment, behind: Behind) -> None:
    """A token is 256 random bits; the database knows its SHA-256 only."""
    made = [(await store.create_token(environment.id, "ci"))[0] for _ in range(3)]
    assert len(set(made)) == 3
    assert {(token[:3], len(token)) for token in made} == {("ph_", 46)}
    digests = {digest for (digest,) in await behind("SELECT digest FROM api_tokens")}
    assert digests == {sha256(token.encode()).hexdigest() for token in made}


@pytest.mark.parametrize("token", ["", "ph", "Bearer ph_x", "ph_é", "ph_\udcff", "sk_abc"])
async def test_what_is_no_token_is_refused(store: Store, token: str) -> None:
    """Anything of another form is refused at a glance, and not repeated."""
    with pytest.raises(Unauthorized, match="begin with 'ph_'") as caught:
        await store.authenticate(token)
    assert not token or len(token) < 3 or token not in str(caught.value)


async def test_an_unknown_token_is_refused(store: Store) -> None:
    """The reason is said, the token is not."""
    with pytest.raises(Unauthorized, match="unknown here") as caught:
        await store.authenticate("ph_canary")
    assert "canary" not in str(caught.value)


async def test_an_expired_token_is_refused_from_that_moment(store: Store, environment: Environment) -> None:
    """A token in memory stops at its time, without anyone changing it."""
    soon = datetime.now(UTC) + timedelta(milliseconds=100)
    plaintext, _ = await store.create_token(environment.id, "short", expires_at=soon)
    assert (await store.authenticate(plaintext)).expires_at == soon
    await asyncio.sleep(0.1)
    with pytest.raises(Unauthorized, match=r"'short' expired at \d{4}-"):
        await store.authenticate(plaintext)


async def test_an_expiry_keeps_its_moment_across_zones(store: Store, environment: Environment) -> None:
    """A time given in another zone is the same moment when read back."""
    later = datetime.now(timezone(timedelta(hours=-8))) + timedelta(hours=1)
    plaintext, _ = await store.create_token(environment.id, "ci", expires_at=later)
    assert (await store.authenticate(plaintext)).expires_at == later


@pytest.mark.parametrize(
    "expires_at", [datetime(2020, 1, 1, tzinfo=UTC), datetime(2999, 1, 1)], ids=["past", "without zone"]
)
async def test_a_token_that_could_never_work_is_not_made(
    store: Store, environment: Environment, expires_at: datetime
) -> None:
    """An expiry in the past, or one of no known moment, is refused."""
    with pytest.raises(InvalidRequest, match="in the future"):
        await store.create_token(environment.id, "ci", expires_at=expires_at)
    assert await store.list_tokens(environment.id) == ()


async def test_a_revoked_token_stops_at_once_here(store: Store, environment: Environment) -> None:
    """The next call after a revocation in the same process is refused."""
    plaintext, token = await store.create_token(environment.id, "ci")
    await store.authenticate(plaintext)
    revoked = await store.revoke_token(environment.id, token.id)
    with pytest.raises(Unauthorized, match="'ci' was revoked at"):
        await store.authenticate(plaintext)
    assert (await store.revoke_token(environment.id, token.id)).revoked_at == revoked.revoked_at is not None


async def test_a_revoked_token_stops_elsewhere_within_a_second(
    open_store: OpenStore, store: Store, environment: Environment, clock: Clock
) -> None:
    """Another process serves it from memory until its next look, at most half a second later."""
    other = await open_store()
    plaintext, token = await store.create_token(environment.id, "ci")
    await other.authenticate(plaintext)
    await store.revoke_token(environment.id, token.id)
    clock.forward(0.5)
    with pytest.raises(Unauthorized, match="revoked"):
        await other.authenticate(plaintext)


async def test_a_revoked_token_stops_elsewhere_within_a_second_by_the_real_clock(settings: Settings) -> None:
    """The promise holds under constant use, too."""
    here, other = await Store.open(settings), await Store.open(settings)
    environment = await here.environment()
    plaintext, token = await here.create_token(environment.id, "ci")
    await other.authenticate(plaintext)
    await here.revoke_token(environment.id, token.id)
    revoked = time.monotonic()
    with pytest.raises(Unauthorized, match="revoked"):
        while time.monotonic() < revoked + 1:
            await other.authenticate(plaintext)
            await asyncio.sleep(0.01)
    await here.close()
    await other.close()


async def test_only_the_environments_own_tokens_are_listed_and_revoked(store: Store, environment: Environment) -> None:
    """Another environment's token can't be seen, nor ended; an unknown id is named."""
    staging = await store.environment("staging")
    first, second = [(await store.create_token(environment.id, name))[1] for name in ("a", "b")]
    plaintext, other = await store.create_token(staging.id, "c")
    assert await store.list_tokens(environment.id) == tuple(sorted([first, second], key=lambda token: token.id))
    assert await store.list_tokens(staging.id) == (other,)
    with pytest.raises(UnknownToken, match=f"no token '{other.id}'"):
        await store.revoke_token(environment.id, other.id)
    assert await store.authenticate(plaintext) == other


async def test_the_first_use_is_noted_and_the_next_after_a_minute(
    store: Store, environment: Environment, clock: Clock, rewind: Callable[[float], Awaitable[None]]
) -> None:
    """A token in constant use is written once a minute."""
    plaintext, _ = await store.create_token(environment.id, "ci")
    assert await last_use(store, environment) is None
    await store.authenticate(plaintext)
    first = await last_use(store, environment)
    assert first is not None and datetime.now(UTC) - first < timedelta(seconds=5)
    await rewind(61)
    rewound = await last_use(store, environment, first)
    clock.forward(59)
    await store.authenticate(plaintext)
    await asyncio.sleep(0.05)
    assert await last_use(store, environment, None) == rewound
    clock.forward(2)
    await store.authenticate(plaintext)
    assert await last_use(store, environment, rewound) != rewound


async def test_a_use_noted_by_another_process_is_enough(
    open_store: OpenStore, store: Store, environment: Environment
) -> None:
    """Many processes together write once a minute."""
    plaintext, _ = await store.create_token(environment.id, "ci")
    await store.authenticate(plaintext)
    noted = await last_use(store, environment)
    other = await open_store()
    await other.authenticate(plaintext)
    await asyncio.sleep(0.05)
    assert await last_use(store, environment, None) == noted


async def test_noting_a_use_disturbs_nobody(store: Store, environment: Environment, behind: Behind) -> None:
    """The revision stays, so that no process has to read anything again."""
    plaintext, _ = await store.create_token(environment.id, "ci")
    before = await behind("SELECT number FROM revision")
    await store.authenticate(plaintext)
    assert await last_use(store, environment) is not None
    assert await behind("SELECT number FROM revision") == before


async def test_a_use_that_cannot_be_noted_fails_no_call(settings: Settings, clock: Clock, behind: Behind) -> None:
    """The failure is logged with the token's id, without its plaintext."""
    store = await Store.open(settings, clock=clock)
    environment = await store.environment()
    plaintext, token = await store.create_token(environment.id, "ci")
    await store.authenticate(plaintext)
    assert await last_use(store, environment) is not None
    await behind("DROP TABLE api_tokens")
    clock.forward(61)
    with capture_logs() as logs:
        assert await store.authenticate(plaintext) == token
        await store.close()
    assert [(log["log_level"], log["token_id"]) for log in logs] == [("warning", token.id)]
    assert plaintext not in str(logs)


async def test_closing_waits_for_what_is_being_written(settings: Settings) -> None:
    """A use noted just before the end is not lost."""
    store = await Store.open(settings)
    environment = await store.environment()
    plaintext, _ = await store.create_token(environment.id, "ci")
    await store.authenticate(plaintext)
    await store.close()
    store = await Store.open(settings)
    (token,) = await store.list_tokens(environment.id)
    await store.close()
    assert token.last_used_at is not None


@pytest.fixture
def rewind(behind: Behind) -> Callable[[float], Awaitable[None]]:
    """Moves every noted use some seconds into the past."""

    async def rewind(seconds: float) -> None:
        earlier = (datetime.now(UTC) - timedelta(seconds=seconds)).strftime("%Y-%m-%d %H:%M:%S.%f")
        await behind(f"UPDATE api_tokens SET last_used_at = '{earlier}'")

    return rewind
