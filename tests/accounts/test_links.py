"""Link tokens are good once, for a week; attempts keep what a redirect must not lose, sealed and for half an hour."""

import asyncio
from datetime import timedelta

import pytest

from polyhire.accounts import Environment, Store, links
from polyhire.errors import InvalidLink

from .conftest import Behind, OpenStore


async def test_a_link_is_found_by_its_token(store: Store, environment: Environment) -> None:
    """What the product said when it made the link is there when somebody comes with it."""
    token, made = await store.links.create(
        environment.id, "acme", account_id="a1", redirect_uri="https://x.example", context={"crm": "7"}, scopes=["read"]
    )
    found = await store.links.find(token)
    assert found == made
    assert (found.tenant_id, found.account_id, found.context, found.scopes) == ("acme", "a1", {"crm": "7"}, ("read",))


@pytest.mark.parametrize("token", ["", "lt_", "lt_nope", "ph_nope", "\udc80"])
async def test_an_unknown_token_is_refused(store: Store, token: str) -> None:
    """Whatever stands in the address, it is no link of ours."""
    with pytest.raises(InvalidLink, match="not one of this server's"):
        await store.links.find(token)


async def test_a_link_expires(store: Store, environment: Environment) -> None:
    """Its owner is told that it was good once."""
    token, _ = await store.links.create(environment.id, "acme", lifetime=timedelta(seconds=-1))
    with pytest.raises(InvalidLink, match="expired on 20"):
        await store.links.find(token)


async def test_a_link_is_used_once_over_all_processes(open_store: OpenStore) -> None:
    """Of several who finish at the same moment, one wins; the others are told."""
    stores = [await open_store() for _ in range(3)]
    environment = await stores[0].environment()
    token, link = await stores[0].links.create(environment.id, "acme")
    results = await asyncio.gather(*(store.links.use(link) for store in stores), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["InvalidLink", "InvalidLink", "NoneType"]
    with pytest.raises(InvalidLink, match="used already"):
        await stores[1].links.find(token)


async def test_a_link_by_which_nothing_was_connected_is_good_again(store: Store, environment: Environment) -> None:
    """A failure after the link was used up costs nobody a new one."""
    token, link = await store.links.create(environment.id, "acme")
    await store.links.use(link)
    await store.links.give_back(link)
    assert (await store.links.find(token)).used_at is None


async def test_an_attempt_goes_on_where_it_was(store: Store, environment: Environment) -> None:
    """Status, account and what was kept are those of the last step."""
    _, link = await store.links.create(environment.id, "acme")
    attempt = await store.links.begin(link, {"answers": {"region": "eu"}})
    await store.links.change(attempt, "questions", account_id="a1")
    found = await store.links.attempt(attempt.kept["handle"])
    assert (found.status, found.account_id, found.kept["answers"]) == ("questions", "a1", {"region": "eu"})
    assert (await store.links.of(found)).id == link.id


async def test_an_attempt_without_its_link_goes_nowhere(store: Store, environment: Environment) -> None:
    """A link that is gone, with all that expired long ago, ends what was begun with it."""
    _, link = await store.links.create(environment.id, "acme", lifetime=-links.REMEMBERED)
    attempt = await store.links.begin(link, {})
    assert (await store.links.of(attempt)).tenant_id == "acme"
    await store.links.create(environment.id, "globex")
    with pytest.raises(InvalidLink, match="no longer known"):
        await store.links.of(attempt)


async def test_a_state_is_taken_once(open_store: OpenStore) -> None:
    """A provider's answer that comes twice, even at the same moment to two processes, is listened to once."""
    here, there = await open_store(), await open_store()
    environment = await here.environment()
    _, link = await here.links.create(environment.id, "acme")
    attempt = await here.links.begin(link, {})
    await here.links.change(attempt, "consent", state="s-1")
    results = await asyncio.gather(here.links.take("s-1"), there.links.take("s-1"), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Attempt", "InvalidLink"]
    with pytest.raises(InvalidLink, match="came before"):
        await here.links.take("s-1")


async def test_an_attempt_that_took_too_long_is_over(
    store: Store, environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers don't lie about for longer than somebody needs; the next attempt removes what is left of them."""
    _, link = await store.links.create(environment.id, "acme")
    monkeypatch.setattr(links, "ATTEMPT", timedelta(seconds=-1))
    attempt = await store.links.begin(link, {"answers": {"key": "x"}})
    await store.links.change(attempt, "consent", state="s-2")
    for looking in (store.links.attempt(attempt.kept["handle"]), store.links.take("s-2")):
        with pytest.raises(InvalidLink):
            await looking


async def test_nothing_secret_is_on_disk(store: Store, environment: Environment, behind: Behind) -> None:
    """Tokens, handles, states and answers can't be read from the database."""
    token, link = await store.links.create(environment.id, "acme", context={"note": "canary-context"})
    attempt = await store.links.begin(link, {"answers": {"key": "canary-key"}})
    await store.links.change(attempt, "consent", state="canary-state")
    files = await behind.on_disk()
    for secret in (token, attempt.kept["handle"], "canary-context", "canary-key", "canary-state"):
        assert secret.encode() not in files
