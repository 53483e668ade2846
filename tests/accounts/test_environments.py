"""Environments: listed as they were made, and found by their id."""

from polyhire.accounts import Environment, Store


async def test_environments_are_listed_and_found(store: Store, environment: Environment) -> None:
    """Oldest first; each is what it was when it was made."""
    staging = await store.environment("staging")
    assert sorted(await store.environments.list(), key=lambda one: one.name) == [environment, staging]
    assert await store.environments.get(staging.id) == staging
