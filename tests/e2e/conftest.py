"""The API and the sandbox, each on its own loopback port for the whole run, and an account of every integration."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
import yaml

from polyhire.api.app import create_app
from polyhire.errors import CredentialsRejected
from polyhire.gateway import Gateway
from polyhire.manifest.catalog import shipped
from polyhire.settings import Settings
from polyhire.simulators.serve import Sandbox, running, sandbox
from tests.e2e.client import Http, Provider
from tests.e2e.offered import SLUGS

HASTE = {"request_timeout": 1.5, "call_timeout": 5.0}


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Say in a test's report which integration it ran with: what passes is told of that one (conformance.py)."""
    slug = item.callspec.params.get("seen") if isinstance(item, pytest.Function) and hasattr(item, "callspec") else None
    if slug is not None:
        item.user_properties.append(("integration", slug))


@dataclass(frozen=True)
class Servers:
    """What runs: two API servers on one database (`hasty` gives up early), and the sandbox."""

    sandbox: Sandbox
    sandbox_url: str
    url: str
    hasty_url: str
    settings: Settings
    token: str
    accounts: Mapping[str, str]
    others: Mapping[str, str]


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Everything that runs, and an account of every integration."""
    home = tmp_path_factory.mktemp("e2e")
    database = {"database_url": f"sqlite+aiosqlite:///{home}/polyhire.db", "keys_file": home / "keys"}
    settings = Settings.model_validate(database)
    stands = sandbox([shipped()], rate_limits=False)
    with running(stands) as sandbox_url, pytest.MonkeyPatch.context() as environment:
        for slug in stands.stands:
            environment.setenv(f"POLYHIRE_BASE_URL_{slug.upper()}", f"{sandbox_url}/{slug}")
        token, accounts, others = asyncio.run(connect(settings, stands))
        with serving(settings) as url, serving(settings.model_copy(update=HASTE)) as hasty:
            environment.undo()
            yield Servers(stands, sandbox_url, url, hasty, settings, token, accounts, others)


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """The API on a free port, in a thread; its gateway is closed at the end."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(create_app(settings), log_config=None, access_log=False, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the API did not start"
        time.sleep(0.005)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()


async def connect(settings: Settings, stands: Sandbox) -> tuple[str, dict[str, str], dict[str, str]]:
    """A token, and two accounts of every integration: refused with wrong credentials, made with the right ones."""
    gateway = await Gateway.open(settings)
    try:
        environment = await gateway.store.environment()
        token, _ = await gateway.store.create_token(environment.id, "e2e")
        accounts, others = {}, {}
        for slug, stand in stands.stands.items():
            right = stand.simulator.account
            with pytest.raises(CredentialsRejected):
                _, way = gateway.connect_of(gateway.catalog.integration(slug), None)
                kept = {name for name in right if right[name].isdecimal() or way.ask[name].options}
                wrong = {name: value if name in kept else "wrong" for name, value in right.items()}
                await gateway.add_account(environment.id, slug, wrong, tenant_id="e2e")
            accounts[slug] = (await gateway.add_account(environment.id, slug, right, tenant_id="e2e")).id
            others[slug] = (await gateway.add_account(environment.id, slug, right, tenant_id="other")).id
        assert {account.id for account in await gateway.store.list_accounts(environment.id)} == {
            *accounts.values(),
            *others.values(),
        }
        return token, accounts, others
    finally:
        await gateway.close()


@pytest.fixture(scope="session")
def api(servers: Servers) -> Iterator[Http]:
    """The API, with a good token."""
    client = Http(servers.url, {"Authorization": f"Bearer {servers.token}"})
    yield client
    client.close()


@pytest.fixture(scope="session")
def hasty_api(servers: Servers) -> Iterator[Http]:
    """The API that gives a provider two seconds to answer."""
    client = Http(servers.hasty_url, {"Authorization": f"Bearer {servers.token}"})
    yield client
    client.close()


@pytest.fixture(scope="session")
def controls(servers: Servers) -> Iterator[Http]:
    """The sandbox."""
    client = Http(servers.sandbox_url)
    yield client
    client.close()


@pytest.fixture(scope="session", params=SLUGS)
def seen(request: pytest.FixtureRequest, servers: Servers, api: Http, controls: Http) -> Provider:
    """One integration whose simulator is as it began: for tests that only read."""
    return provider(request.param, servers, api, controls)


@pytest.fixture
def fresh(seen: Provider) -> Iterator[Provider]:
    """One integration whose simulator is as it began, and is made so again: for tests that write."""
    yield seen
    seen.reset()


@pytest.fixture
def faulty(seen: Provider, servers: Servers, hasty_api: Http, controls: Http) -> Iterator[Provider]:
    """One integration behind the hasty API, for tests that make its simulator fail."""
    yield provider(seen.slug, servers, hasty_api, controls)
    seen.reset()


def provider(slug: str, servers: Servers, api: Http, controls: Http, account: str | None = None) -> Provider:
    """One integration as tests see it."""
    answers = servers.sandbox.stands[slug].simulator.account
    ways = api.ask("GET", f"/integration/{slug}").json["connect"]
    asked = {name for way in ways.values() for name, ask in way["ask"].items() if ask["secret"]}
    secrets = tuple(value for name, value in answers.items() if name in asked)
    offered = api.ask("GET", f"/integration/{slug}/capabilities").json["resources"]
    return Provider(slug, account or servers.accounts[slug], secrets, api, controls, offered, facts(slug))


def facts(slug: str) -> dict[str, Any]:
    """What only the provider's own documentation can tell a test."""
    file = Path(__file__).with_name(f"{slug}.yaml")
    found: dict[str, Any] = (yaml.safe_load(file.read_text()) or {}) if file.exists() else {}
    return found
