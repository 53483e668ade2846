"""What environments set for integrations: sealed, remembered, and forgotten when another process changes it."""

import pytest

from polyhire.accounts import Environment, Store
from polyhire.accounts.apps import App
from polyhire.accounts.listing import Condition
from polyhire.errors import AlreadyExists, SettingsError, UnknownApp
from tests.accounts.conftest import Behind, Clock, OpenStore

CANARY = "client_secret_canary"


async def test_where_nothing_is_set_an_integration_is_as_it_comes(store: Store, environment: Environment) -> None:
    """It is enabled, without a client, and its own scopes hold."""
    assert await store.apps.of(environment.id, "acme") == App(None, environment.id, "acme")
    assert App(None, environment.id, "acme").enabled
    for work in (
        store.apps.get(environment.id, "acme"),
        store.apps.change(environment.id, "acme", enabled=False),
        store.apps.remove(environment.id, "acme"),
    ):
        with pytest.raises(UnknownApp, match="'acme'"):
            await work


@pytest.mark.parametrize("scopes", [None, [], ["one"], ["a:read", "b:write", "https://provider.example/scope"]])
async def test_what_is_set_is_kept(open_store: OpenStore, environment: Environment, scopes: list[str] | None) -> None:
    """A store that opens later reads the same, in every form that scopes have."""
    here = await open_store()
    added = await here.apps.add(
        environment.id, "acme", enabled=False, client_id="c", client_secret=CANARY, scopes=scopes
    )
    there = await open_store()
    assert await there.apps.of(environment.id, "acme") == added == await there.apps.get(environment.id, "acme")
    assert (added.scopes, added.client_secret) == (None if scopes is None else tuple(scopes), CANARY)
    assert CANARY not in repr(added)


async def test_the_secret_is_sealed_in_its_row(store: Store, environment: Environment, behind: Behind) -> None:
    """It stands nowhere in the database's files, and does not open in another row."""
    await store.apps.add(environment.id, "acme", client_id="client_id_canary", client_secret=CANARY)
    files = await behind.on_disk()
    assert b"client_id_canary" in files and CANARY.encode() not in files
    await store.apps.add(environment.id, "other", client_secret="another")
    await behind(
        "UPDATE apps SET client_secret = (SELECT client_secret FROM apps WHERE integration = 'acme') "
        "WHERE integration = 'other'"
    )
    with pytest.raises(SettingsError, match="damaged or moved"):
        await store.apps.get(environment.id, "other")


async def test_a_change_is_seen_at_once_here_and_soon_elsewhere(
    open_store: OpenStore, environment: Environment, clock: Clock
) -> None:
    """Every process forgets what it remembered, within half a second."""
    here, there = await open_store(), await open_store()
    assert (await there.apps.of(environment.id, "acme")).client_id is None
    added = await here.apps.add(environment.id, "acme", client_id="first", client_secret="s")
    assert (await here.apps.of(environment.id, "acme")).client_id == "first"
    clock.forward(0.6)
    assert (await there.apps.of(environment.id, "acme")).client_id == "first"
    changed = await here.apps.change(environment.id, str(added.id), client_id="second")
    assert (changed.client_id, changed.client_secret, changed.created_at) == ("second", "s", added.created_at)
    assert (await here.apps.of(environment.id, "acme")).client_id == "second"
    clock.forward(0.6)
    assert (await there.apps.of(environment.id, "acme")).client_id == "second"
    await here.apps.remove(environment.id, "acme")
    clock.forward(0.6)
    assert (await there.apps.of(environment.id, "acme")).id is None


async def test_it_is_remembered(store: Store, environment: Environment, behind: Behind) -> None:
    """Neither what is set nor that nothing is set is read twice."""
    await store.apps.add(environment.id, "acme", client_id="kept")
    for slug in ("acme", "untouched"):
        await store.apps.of(environment.id, slug)
    await behind("UPDATE apps SET client_id = 'changed behind'")
    assert (await store.apps.of(environment.id, "acme")).client_id == "kept"


async def test_an_integration_is_set_up_once_per_environment(store: Store, environment: Environment) -> None:
    """A second time is refused; another environment has its own."""
    staging = await store.environment("staging")
    await store.apps.add(environment.id, "acme", client_id="a")
    with pytest.raises(AlreadyExists, match="acme is set up"):
        await store.apps.add(environment.id, "acme", client_id="b")
    other = await store.apps.add(staging.id, "acme", client_id="b")
    assert (await store.apps.of(environment.id, "acme")).client_id == "a"
    with pytest.raises(UnknownApp):
        await store.apps.change(environment.id, str(other.id), enabled=False)
    assert await store.apps.list(staging.id) == (other,)


async def test_apps_are_listed_page_by_page(store: Store, environment: Environment) -> None:
    """Oldest first, narrowed by conditions, from a cursor on."""
    apps = [await store.apps.add(environment.id, slug, enabled=slug != "b") for slug in ("a", "b", "c")]
    apps.sort(key=lambda app: str(app.id))
    assert await store.apps.list(environment.id) == tuple(apps)
    assert await store.apps.list(environment.id, limit=1, after=apps[0].id) == (apps[1],)
    disabled = await store.apps.list(environment.id, [Condition("enabled", "eq", (False,))])
    assert [app.integration for app in disabled] == ["b"]
