"""polyhire and pretend providers on loopback ports, and a person who has no browser: only HTTP and forms."""

import asyncio
import os
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
import structlog
import uvicorn
from playwright.sync_api import Browser, sync_playwright
from starlette.types import ASGIApp
from yarl import URL

from polyhire.accounts import Store
from polyhire.accounts.account import SCOPES
from polyhire.api.app import create_app
from polyhire.settings import Settings
from polyhire.simulators.serve import Sandbox, running, sandbox
from tests.connect.integrations.baobab.simulator import CLIENT, SECRET
from tests.connect.prepare import SDK, chromium
from tests.connect.product import product

HERE = Path(__file__).parent / "integrations"
SHIPPED = Path(__file__).parents[2] / "integrations"
SLUGS = ("ashby", "greenhouse", "zohorecruit", "sesame", "baobab")


QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
)


@dataclass
class Servers:
    """Where everything is, and a token of the API."""

    url: str
    sandbox: Sandbox
    sandbox_url: str
    settings: Settings
    product: str
    token: str
    other_token: str
    expired_link: str

    def account(self, slug: str) -> dict[str, str]:
        """The answers that a pretend provider takes."""
        return dict(self.sandbox.stands[slug].simulator.account)


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """The API, set up with the sandbox's providers and an OAuth app at Baobab."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    home = tmp_path_factory.mktemp("connect")
    stands = sandbox([SHIPPED, HERE], only=SLUGS, rate_limits=False)
    with running(stands) as sandbox_url, running(product(SDK)) as product_address:
        # Another site than polyhire's own, as products are.
        product_url = product_address.replace("127.0.0.1", "localhost")
        before = dict(os.environ)
        os.environ |= {f"POLYHIRE_BASE_URL_{slug.upper()}": f"{sandbox_url}/{slug}" for slug in SLUGS}
        settings = Settings.model_validate(
            {
                "database_url": f"sqlite+aiosqlite:///{home}/polyhire.db",
                "keys_file": home / "keys",
                "integrations": HERE,
                "connect_origins": f"{product_url}, https://app.product.example",
            }
        )
        try:
            tokens = asyncio.run(prepare(settings))
            with serving(create_app(settings)) as url:
                yield Servers(url, stands, sandbox_url, settings, product_url, *tokens)
        finally:
            os.environ.clear()
            os.environ |= before
            structlog.reset_defaults()


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """The app on a free port, ended as it ends in production: with its database closed."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.005)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


async def prepare(settings: Settings) -> tuple[str, str, str]:
    """Tokens of two environments, the first with an OAuth app, and a link token that was good once."""
    store = await Store.open(settings)
    found = []
    for name in ("default", "other"):
        environment = await store.environment(name)
        found.append((await store.create_token(environment.id, "tests", scopes=SCOPES))[0])
    environment = await store.environment()
    await store.apps.add(environment.id, "baobab", client_id=CLIENT, client_secret=SECRET)
    link, _ = await store.links.create(environment.id, "acme", lifetime=timedelta(seconds=-1))
    await store.close()
    return found[0], found[1], link


class Page(HTMLParser):
    """A page as it was parsed: its forms' fields, its links, its texts, and what it tells."""

    def __init__(self, status: int, url: URL, headers: Mapping[str, str], text: str) -> None:
        super().__init__()
        self.status, self.url, self.headers, self.html = status, url, headers, text
        self.fields: dict[str, str] = {}
        self.kinds: dict[str, dict[str, str | None]] = {}
        self.links: dict[str, str] = {}
        self.action: str | None = None
        self.data: dict[str, str | None] = {}
        self.texts: list[str] = []
        self._link: str | None = None
        self._hidden = False
        self._select: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Take notes."""
        given = dict(attributes)
        name = given.get("name") or ""
        match tag:
            case "body":
                self.data = {key.removeprefix("data-"): value for key, value in given.items()}
            case "form":
                self.action = given.get("action")
            case "input":
                self.fields[name], self.kinds[name] = given.get("value") or "", given
            case "select":
                self._select, self.kinds[name] = name, given
                self.fields[name] = ""
            case "option" if self._select is not None:
                if "selected" in given:
                    self.fields[self._select] = given["value"] or ""
            case "a":
                self._link = given.get("href") or ""
            case "span":
                self._hidden = given.get("aria-hidden") == "true"

    def handle_endtag(self, tag: str) -> None:
        """Leave what is hidden."""
        self._hidden = False

    def handle_data(self, data: str) -> None:
        """Remember texts."""
        text = " ".join(data.split())
        if text and not self._hidden:
            self.texts.append(text)
            if self._link is not None:
                self.links[text] = self._link
                self._link = None

    @property
    def text(self) -> str:
        """What a person reads."""
        return " ".join(self.texts)

    @property
    def message(self) -> Any:
        """What the page tells the product."""
        return orjson.loads(self.data["message"] or "null")


@dataclass
class Person:
    """Somebody with cookies who follows links and fills in forms."""

    servers: Servers
    session: aiohttp.ClientSession
    last: Page | None = field(default=None)

    async def open(self, address: str, **query: str) -> Page:
        """Look at a page, and at wherever it leads."""
        url = URL(self.servers.url).join(URL(address, encoded=True)) if "://" not in address else URL(address)
        async with self.session.get(url.extend_query(query)) as response:
            return await self._page(response)

    async def fill(self, page: Page, **answers: str) -> Page:
        """Fill in a page's form and send it."""
        assert page.action is not None, page.text
        form = {**page.fields, **{f"answer.{name}": value for name, value in answers.items()}}
        async with self.session.post(page.url.join(URL(page.action, encoded=True)), data=form) as response:
            return await self._page(response)

    async def decide(self, page: Page, decision: str) -> Page:
        """Allow or deny on a pretend provider's page."""
        form = {name: value for name, value in page.fields.items() if name}
        async with self.session.post(page.url, data={**form, "decision": decision}) as response:
            return await self._page(response)

    async def _page(self, response: aiohttp.ClientResponse) -> Page:
        return Page(response.status, response.url, response.headers, await response.text())

    async def api(self, verb: str, path: str, token: str | None = None, **given: Any) -> tuple[int, Any]:
        """Call the API as the product's backend does."""
        headers = {"Authorization": f"Bearer {token or self.servers.token}"}
        async with self.session.request(verb, self.servers.url + path, headers=headers, **given) as response:
            return response.status, await response.json()

    async def link(self, **more: Any) -> str:
        """A new link token."""
        status, body = await self.api("POST", "/link-token", json={"tenant_id": "acme", **more})
        assert status == 200, body
        token: str = body["link_token"]
        return token

    async def account(self, account_id: str) -> Any:
        """What the API shows of an account."""
        return (await self.api("GET", f"/integrated-account/{account_id}"))[1]


@pytest.fixture
async def person(servers: Servers) -> AsyncIterator[Person]:
    """Somebody who connects an account."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield Person(servers, session)


# For a module: while it is there its loop is the thread's, and no coroutine can be run in another.
@pytest.fixture(scope="module")
def browser(servers: Servers) -> Iterator[Browser]:
    """Debian's Chromium; the servers are started first."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=list(QUIET))
        yield opened
        opened.close()
