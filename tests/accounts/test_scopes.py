"""What tokens may do, and the tokens of single accounts."""

import base64
import time
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from polyhire.accounts import Environment, KeyRing, Store
from polyhire.accounts.account import SCOPES, USUAL_SCOPES
from polyhire.accounts.account_tokens import LIFE, AccountToken, seal, unseal
from polyhire.errors import AccountBlocked, InvalidRequest, Unauthorized, UnknownAccount
from tests.accounts.conftest import Clock, OpenStore

KEYS = KeyRing.parse("new:" + "A" * 43 + "=,old:" + "B" * 42 + "A=", "the test")


@pytest.mark.parametrize("scopes", [["read"], ["eeo", "read"], list(SCOPES), ["read", "read"]])
async def test_a_token_has_the_scopes_it_was_made_with(
    open_store: OpenStore, environment: Environment, scopes: list[str]
) -> None:
    """Here, and in every process that reads it later."""
    here, there = await open_store(), await open_store()
    plaintext, made = await here.create_token(environment.id, "ci", scopes=scopes)
    assert made.scopes == set(scopes)
    assert await there.authenticate(plaintext) == made


async def test_a_token_sees_no_eeoc_answers_unless_that_is_said(store: Store, environment: Environment) -> None:
    """What nobody thinks of when making a token is not given along with it."""
    _, token = await store.create_token(environment.id, "ci")
    assert token.scopes == set(USUAL_SCOPES) == set(SCOPES) - {"eeo"}


@pytest.mark.parametrize(
    ("scopes", "hint"), [(["raed"], "did you mean 'read'"), ([], "at least one"), (["read write"], "no scope")]
)
async def test_scopes_that_are_none_are_refused(
    store: Store, environment: Environment, scopes: list[str], hint: str
) -> None:
    """Nothing is made."""
    with pytest.raises(InvalidRequest, match=hint):
        await store.create_token(environment.id, "ci", scopes=scopes)
    assert await store.list_tokens(environment.id) == ()


@pytest.mark.parametrize("name", ["", "x" * 201])
async def test_a_name_that_does_not_fit_is_refused(store: Store, environment: Environment, name: str) -> None:
    """On both databases alike, and before anything is made."""
    with pytest.raises(InvalidRequest, match="1 to 200 letters"):
        await store.create_token(environment.id, name)
    assert (await store.create_token(environment.id, "x" * 200))[1].name == "x" * 200


def test_tokens_from_before_there_were_scopes_keep_what_they_could_do(tmp_path: Path) -> None:
    """The migration takes nothing away from running installations."""
    engine = create_engine(f"sqlite:///{tmp_path}/old.db")
    config = Config()
    config.set_main_option("script_location", "polyhire.accounts:migrations")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        connection.execute(text("INSERT INTO environments VALUES ('e', 'default', '2026-01-01 00:00:00')"))
        row = "('t', 'e', 'old', 'digest', '2026-01-01 00:00:00', NULL, NULL, NULL)"
        connection.execute(text(f"INSERT INTO api_tokens VALUES {row}"))
        command.upgrade(config, "0004")
        assert connection.scalar(text("SELECT scopes FROM api_tokens")) == " ".join(SCOPES)
    engine.dispose()


async def test_an_account_token_lets_in(open_store: OpenStore, environment: Environment) -> None:
    """In every process that has the keys; it may what its maker may, but administer."""
    here, there = await open_store(), await open_store()
    account = await here.add_account(environment.id, "acme", "t", status="active")
    _, maker = await here.create_token(environment.id, "backend", scopes=["admin", "read", "eeo"])
    token, said = await here.create_account_token(maker, account.id)
    assert said.scopes == ("eeo", "read")
    assert 0 < said.expires_at - time.time() <= LIFE
    assert await there.authenticate_account(token) == (said, maker)


async def test_an_account_token_is_made_for_ones_own_accounts(store: Store, environment: Environment) -> None:
    """Another environment's account is unknown."""
    staging = await store.environment("staging")
    account = await store.add_account(staging.id, "acme", "t")
    _, maker = await store.create_token(environment.id, "backend")
    with pytest.raises(UnknownAccount):
        await store.create_account_token(maker, account.id)


async def test_an_account_token_ends_with_its_account_and_its_maker(
    open_store: OpenStore, environment: Environment, clock: Clock
) -> None:
    """Blocked, revoked or removed in one process: within a second it lets in nowhere."""
    here, there = await open_store(), await open_store()
    account = await here.add_account(environment.id, "acme", "t", status="active")
    other = await here.add_account(environment.id, "acme", "t", status="active")
    _, maker = await here.create_token(environment.id, "backend")
    token, _ = await here.create_account_token(maker, account.id)
    second, _ = await here.create_account_token(maker, other.id)
    for known in (token, second):
        await there.authenticate_account(known)
    await here.set_status(account.id, "blocked")
    clock.forward(0.6)
    with pytest.raises(AccountBlocked):
        await there.authenticate_account(token)
    await here.remove_account(environment.id, account.id)
    clock.forward(0.6)
    with pytest.raises(Unauthorized, match="was removed"):
        await there.authenticate_account(token)
    await here.revoke_token(environment.id, maker.id)
    clock.forward(0.6)
    with pytest.raises(Unauthorized, match="'backend' was revoked"):
        await there.authenticate_account(second)


def made(expires_in: float = 100) -> AccountToken:
    return AccountToken("environment", "account", "maker", ("read",), int(time.time() + expires_in))


def test_an_account_token_is_sealed() -> None:
    """What it says can't be read from it, and is read back with any key of the ring."""
    old = KeyRing((KEYS.keys[1],), "the old ring")
    token = made()
    assert unseal(seal(token, KEYS), KEYS) == token == unseal(seal(token, old), KEYS)
    assert "account" not in seal(token, KEYS)
    with pytest.raises(Unauthorized):
        unseal(seal(token, KEYS), old)


def test_an_account_token_that_was_changed_is_refused() -> None:
    """At any place of it."""
    text_of = seal(made(), KEYS)
    for place in range(4, len(text_of) - 1):
        changed = text_of[:place] + ("A" if text_of[place] != "A" else "B") + text_of[place + 1 :]
        with pytest.raises(Unauthorized, match="unknown here"):
            unseal(changed, KEYS)


def test_another_sealed_value_is_no_account_token() -> None:
    """What was sealed for another place does not let in."""
    sealed = KEYS.encrypt(b"x", "accounts:1:secrets")
    with pytest.raises(Unauthorized):
        unseal("pha_" + base64.urlsafe_b64encode(sealed).decode(), KEYS)


def test_an_account_token_expires() -> None:
    """It says so."""
    with pytest.raises(Unauthorized, match="has expired"):
        unseal(seal(made(-1), KEYS), KEYS)
