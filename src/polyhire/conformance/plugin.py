"""The pytest plugin of the suite: what its tests run with. A run says in its stash which integrations that are."""

from collections.abc import Iterator
from typing import Any

import pytest

from polyhire.conformance.chosen import CHOSEN, Chosen
from polyhire.conformance.provider import Provider
from polyhire.conformance.servers import Servers, serve
from polyhire.conformance.stage import Stage, staged
from polyhire.manifest.catalog import shipped

EXEMPTED = ("integration", "resource", "behaviour", "parameters")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the suite's markers, and choose every shipped integration where nothing else was chosen."""
    config.addinivalue_line("markers", "runs(argument, select): with which values of an integration a test runs")
    config.stash.setdefault(CHOSEN, Chosen(shipped()))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test of the suite with each chosen integration that offers what it is about."""
    marker = metafunc.definition.get_closest_marker("runs")
    if marker is None and "seen" not in metafunc.fixturenames:
        return
    first = "seen" if "seen" in metafunc.fixturenames else "slug"
    argument, select = marker.args if marker is not None else (None, None)
    names = (first,) if argument is None else (first, argument)
    parameters = list(metafunc.config.stash[CHOSEN].parameters(argument, select))
    metafunc.parametrize(names, parameters, indirect=["seen"] if first == "seen" else False)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test that an integration is exempt from has to fail, and says why it may.

    What no chosen integration offers is left out: pytest would tell of it as a test that was skipped.
    """
    chosen = config.stash[CHOSEN]
    items[:] = [item for item in items if isinstance(tried_with(item), str | None)]
    for item in items:
        told = about(item)
        if told and (
            why := chosen.exempt(told["integration"], told["resource"], told["behaviour"], told["parameters"])
        ):
            item.add_marker(pytest.mark.xfail(reason=why, strict=True))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Say in a test's report what it is about: the integration, the resource, the method, the behaviour."""
    item.user_properties.extend(about(item).items())


def tried_with(item: pytest.Item) -> Any:
    """The slug of the integration that a test runs with; None for a test that is not of the suite."""
    given = item.callspec.params if hasattr(item, "callspec") else {}
    return given.get("seen", given.get("slug") if item.get_closest_marker("runs") else None)


def about(item: pytest.Item) -> dict[str, str]:
    """What a test of the suite is about; nothing for any other test."""
    if not isinstance(item, pytest.Function) or tried_with(item) is None:
        return {}
    given = item.callspec.params
    runs = item.get_closest_marker("runs")
    group = item.function.__module__.rpartition(".test_")[2]
    resource, method = "", (runs.kwargs["method"] if runs is not None else "") or group
    names = item.callspec.id.split("-")
    if "case" in given:
        resource, method, *_ = str(given["case"]).split(".")
    return {
        "integration": tried_with(item),
        "resource": given.get("resource", resource),
        "method": method,
        "behaviour": item.originalname.removeprefix("test_").replace("_", " "),
        "parameters": "-".join(name for name in names if name not in (tried_with(item), given.get("resource"))),
    }


@pytest.fixture(scope="session")
def servers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Everything that runs."""
    with serve(request.config.stash[CHOSEN], tmp_path_factory.mktemp("conformance")) as running:
        yield running


@pytest.fixture(scope="session")
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Where golden conversations are played."""
    with staged(request.config.stash[CHOSEN], tmp_path_factory.mktemp("stage")) as found:
        yield found


@pytest.fixture(scope="session")
def seen(request: pytest.FixtureRequest, servers: Servers) -> Provider:
    """One integration whose simulator is as it began: for tests that only read."""
    return servers.provider(request.param)


@pytest.fixture
def fresh(seen: Provider) -> Iterator[Provider]:
    """One integration whose simulator is as it began, and is made so again: for tests that write."""
    yield seen
    seen.reset()


@pytest.fixture
def faulty(seen: Provider, servers: Servers) -> Iterator[Provider]:
    """One integration behind the hasty API, for tests that make its simulator fail."""
    seen.seeds(seen.main)  # what there is, before anything fails
    yield servers.provider(seen.slug, hasty=True)
    seen.control("DELETE", "faults")
    seen.reset()


@pytest.fixture
def revoked(seen: Provider, servers: Servers) -> str:
    """An account whose credentials worked when it was connected, and work no more."""
    right = servers.answers(seen.slug)
    ways = seen.api.ask("GET", f"/integration/{seen.slug}").json["connect"]
    way, parts = next((name, way) for name, way in ways.items() if set(right) <= set(way["ask"]))
    secret = {name for name, ask in parts["ask"].items() if ask["secret"]}

    async def change() -> str:
        store = servers.gateway.store
        account = await store.add_account(
            (await store.environment()).id,
            seen.slug,
            "revoked",
            status="active",
            connect=way,
            settings={name: value for name, value in right.items() if name not in secret},
            secrets={name: f"{value}-revoked" for name, value in right.items() if name in secret},
        )
        return account.id

    return servers.runner.run(change())
