"""The connect page in a real browser: how it is opened, told about, framed, used by keyboard, and without scripts.

`POLYHIRE_SCREENSHOTS=<folder>` keeps a picture of every page that is looked at here.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Frame, Page, expect

from polyhire.connect.brand import contrast
from tests.connect import prepare
from tests.connect.conftest import Servers
from tests.connect.integrations.sesame.simulator import PASSWORD

pytestmark = pytest.mark.skipif(
    prepare.chromium() is None, reason="there is no Chromium: `make test` says how to get it"
)
expect.set_options(timeout=15_000)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh profile, in which nothing goes elsewhere and no page breaks a rule of its own."""
    with_nothing = browser.new_context(viewport={"width": 900, "height": 800})
    hosts: set[str | None] = set()
    complaints: list[str] = []
    with_nothing.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    with_nothing.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    with_nothing.on("weberror", lambda error: complaints.append(str(error.error)))
    yield with_nothing
    with_nothing.close()
    assert hosts <= {"127.0.0.1", "localhost", None, ""}
    # Messages go to every configured origin: the browser delivers one, and says so of the others.
    told = ("postMessage", "Failed to load resource")
    assert [said for said in complaints if not any(word in said for word in told)] == []


def api(servers: Servers, verb: str, path: str, **body: Any) -> Any:
    """Call the API as the product's backend does."""
    headers = {"Authorization": f"Bearer {servers.token}"}
    with requests.Session() as session:
        session.trust_env = False
        return session.request(verb, servers.url + path, headers=headers, json=body or None, timeout=10).json()


def address(servers: Servers, **query: Any) -> str:
    """The connect page of a new link."""
    made = {name: query.pop(name) for name in ("redirect_uri", "integrated_account_id") if name in query}
    token = query.pop("token", None) or api(servers, "POST", "/link-token", tenant_id="browser", **made)["link_token"]
    more = "".join(f"&{name}={quote(value)}" for name, value in query.items())
    return f"{servers.url}/connect-account?link_token={token}{more}"


def popup(context: BrowserContext, servers: Servers, **query: Any) -> tuple[Page, Page]:
    """A product's page, and the connect page in a window that it opened."""
    product = context.new_page()
    product.goto(f"{servers.product}/popup#{address(servers, **query)}")
    with product.expect_popup() as opened:
        product.get_by_role("button", name="Connect").click()
    opened.value.wait_for_load_state()
    return product, opened.value


def told(product: Page) -> Any:
    """What the product was told, once it was told something."""
    output = product.locator("#told")
    expect(output).not_to_be_empty()
    return json.loads(output.inner_text())


def look(page: Page, name: str) -> None:
    """Keep a picture, where pictures are wanted."""
    if folder := os.environ.get("POLYHIRE_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def status_of(servers: Servers, message: Any) -> Any:
    """The status of the account in a message."""
    return api(servers, "GET", f"/integrated-account/{message['integrated_account_id']}")["status"]


def test_an_api_key_by_way_of_the_catalogue(context: BrowserContext, servers: Servers) -> None:
    """Typing finds the integration; a wrong key is said; the right one is told to the product, from our origin."""
    product, page = popup(context, servers)
    look(page, "catalogue")
    page.get_by_role("searchbox", name="Search").press_sequentially("ash")
    expect(page.get_by_role("link", name="Zoho Recruit")).to_be_hidden()
    page.keyboard.press("Enter")
    field = page.get_by_label("API key", exact=True)
    expect(field).to_have_attribute("type", "password")
    look(page, "form")
    field.fill("wrong-key")
    page.get_by_role("button", name="Show").click()
    expect(field).to_have_attribute("type", "text")
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_role("alert")).to_contain_text("Ashby did not accept this.")
    expect(page.get_by_role("alert")).to_be_focused()
    look(page, "wrong-key")
    page.get_by_label("API key", exact=True).fill(servers.account("ashby")["api_key"])
    page.get_by_role("button", name="Connect").click()
    message = told(product)
    assert message["origin"] == servers.url
    assert message["data"] | {"integrated_account_id": "?"} == {
        "result": "success", "integration": "ashby", "is_truto": True, "integrated_account_id": "?",
    }  # fmt: skip
    assert status_of(servers, message["data"]) == "active"


def test_a_consent_in_the_same_window(context: BrowserContext, servers: Servers) -> None:
    """Denied, it is said and can be tried again; allowed, the product is told. The answer can't be replayed."""
    own = servers.account("zohorecruit")
    product, page = popup(context, servers, integration="zohorecruit")
    page.get_by_label("Client ID").fill(own["client_id"])
    page.get_by_label("Client secret").fill(own["client_secret"])
    look(page, "zoho-form")
    page.get_by_role("button", name="Continue to Zoho Recruit").click()
    expect(page.get_by_role("heading", name="Zoho (simulated)")).to_be_visible()
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_role("alert")).to_contain_text("Zoho Recruit was not allowed to give access")
    look(page, "denied")
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_label("Client ID")).to_have_value(own["client_id"])
    page.get_by_role("button", name="Continue to Zoho Recruit").click()
    answers: list[str] = []
    page.on("request", lambda request: answers.append(request.url))
    page.get_by_role("button", name="Allow").click()
    message = told(product)
    assert (message["data"]["result"], status_of(servers, message["data"])) == ("success", "active")
    replayed = context.new_page()
    replayed.goto(next(url for url in answers if "/callback" in url))
    expect(replayed.get_by_role("alert")).to_contain_text("not one that is waited for")
    look(replayed, "replayed")


def test_client_credentials(context: BrowserContext, servers: Servers) -> None:
    """What is optional is folded away, and can be opened."""
    product, page = popup(context, servers, integration="greenhouse", no_back="true")
    expect(page.get_by_role("link", name="Back")).to_have_count(0)
    for name, label in (("client_id", "Client ID"), ("client_secret", "Client secret")):
        page.get_by_label(label).fill(servers.account("greenhouse")[name])
    expect(page.get_by_label("User ID")).to_be_hidden()
    page.get_by_text("Optional settings").click()
    page.get_by_label("User ID").fill("not a number")
    look(page, "optional")
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_label("User ID")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("User ID does not look right")).to_be_visible()
    look(page, "marked")
    page.get_by_label("User ID").fill("")
    page.get_by_role("button", name="Connect").click()
    assert status_of(servers, told(product)["data"]) == "active"


def test_a_session_and_what_is_asked_then(context: BrowserContext, servers: Servers) -> None:
    """A way is chosen, a password entered, an organization picked from the provider's own."""
    product, page = popup(context, servers, integration="sesame")
    look(page, "ways")
    page.get_by_role("link", name="User name and password").click()
    page.get_by_label("Company").fill("acme")
    page.get_by_label("User name").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_role("heading", name="One more thing")).to_be_visible()
    look(page, "questions")
    page.get_by_label("Organization").select_option(label="Branch 2 (Y)")
    page.get_by_role("button", name="Finish").click()
    account = api(servers, "GET", f"/integrated-account/{told(product)['data']['integrated_account_id']}")
    assert (account["status"], account["context"]["organization"]) == ("active", "2")


def test_everything_by_keyboard(context: BrowserContext, servers: Servers) -> None:
    """From the search to the end without a mouse; what has the focus is seen to have it."""
    product, page = popup(context, servers)
    page.keyboard.press("Tab")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("ashby")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Ashby")).to_be_focused()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Connect Ashby")).to_be_visible()
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(page.get_by_label("API key", exact=True)).to_be_focused()
    page.keyboard.type(servers.account("ashby")["api_key"])
    page.keyboard.press("Enter")
    assert told(product)["data"]["result"] == "success"


def test_every_control_has_a_name(context: BrowserContext, servers: Servers) -> None:
    """Whoever hears the page instead of seeing it is told what each control is, and what help there is for it."""
    _, page = popup(context, servers, integration="sesame", connect="login")
    controls = page.locator("input:not([type=hidden]), select, button:visible, a:visible")
    for control in controls.all():
        assert control.evaluate("e => e.innerText || e.labels?.[0]?.innerText || e.getAttribute('aria-label')")
    assert page.get_by_label("Company").evaluate(
        "e => e.getAttribute('aria-describedby').split(' ').filter(Boolean).every(id => document.getElementById(id))"
    )
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("h1").count() == 1
    page.get_by_label("Company").fill("Not a name!")
    page.get_by_label("User name").fill("ada")
    page.get_by_label("Password").fill("x")
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_text("Company does not look right")).to_be_visible()
    assert page.title().startswith("Error: ")


def test_a_frame_and_a_consent_in_a_window_of_its_own(context: BrowserContext, servers: Servers) -> None:
    """The frame opens a window for the provider's page, waits for it, and tells its parent; the window closes."""
    product = context.new_page()
    product.goto(f"{servers.product}/frame#{address(servers, iframe='true', integration='baobab')}")
    product.get_by_role("button", name="Connect").click()
    frame = product.frame_locator("iframe")
    frame.get_by_role("button", name="Continue to Baobab").click()
    with product.expect_popup() as opened:
        frame.get_by_role("link", name="Continue to Baobab").click()
    look(product, "frame")
    window = opened.value
    with window.expect_event("close"):
        window.get_by_role("button", name="Allow").click()
    message = told(product)
    assert (message["origin"], message["data"]["result"]) == (servers.url, "success")
    assert status_of(servers, message["data"]) == "active"


def test_a_frame_that_is_cancelled(context: BrowserContext, servers: Servers) -> None:
    """The parent is told the word `closed`."""
    product = context.new_page()
    product.goto(f"{servers.product}/frame#{address(servers, iframe='true', integration='ashby')}")
    product.get_by_role("button", name="Connect").click()
    product.frame_locator("iframe").get_by_role("link", name="Cancel").click()
    assert told(product) == {"origin": servers.url, "data": "closed"}


def test_nobody_else_may_frame_the_page(browser: Browser, servers: Servers) -> None:
    """An origin that is not configured gets an empty frame."""
    stranger = browser.new_context().new_page()
    stranger.goto(f"{servers.product.replace('localhost', '127.0.0.1')}/frame#{address(servers, iframe='true')}")
    stranger.get_by_role("button", name="Connect").click()
    expect(stranger.locator("iframe")).to_be_visible()
    stranger.wait_for_timeout(500)
    frames: list[Frame] = stranger.frames
    assert [frame for frame in frames[1:] if frame.url.startswith(servers.url)] == []
    stranger.context.close()


def test_an_expired_link_is_told_at_once(context: BrowserContext, servers: Servers) -> None:
    """The window closes itself, and the product knows why."""
    product = context.new_page()
    product.goto(f"{servers.product}/popup#{address(servers, token=servers.expired_link, integration='ashby')}")
    with product.expect_popup() as opened:
        product.get_by_role("button", name="Connect").click()
    message = told(product)
    assert message["data"]["error_type"] == "invalid_token"
    assert "expired" in message["data"]["error"]
    if not opened.value.is_closed():
        opened.value.wait_for_event("close")
    alone = context.new_page()
    alone.goto(address(servers, token=servers.expired_link, integration="ashby"))
    expect(alone.get_by_role("alert")).to_contain_text("This link expired on 20")
    look(alone, "expired")


def test_it_works_without_scripts(browser: Browser, servers: Servers) -> None:
    """Search, form, mistake and end are the server's work; the product's own address comes last."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address(servers, redirect_uri=f"{servers.product}/done"))
    page.get_by_label("Search").fill("ashby")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Ashby").click()
    page.get_by_label("API key", exact=True).fill("wrong")
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_role("alert")).to_contain_text("Ashby did not accept this.")
    page.get_by_label("API key", exact=True).fill(servers.account("ashby")["api_key"])
    page.get_by_role("button", name="Connect").click()
    page.get_by_role("link", name="Continue").click()
    expect(page.get_by_text("Welcome back")).to_be_visible()
    assert "result=success" in page.url
    context.close()


def test_the_same_window_leads_back_to_the_product(context: BrowserContext, servers: Servers) -> None:
    """Where nobody waits for a message, the browser goes on to the product's address by itself."""
    page = context.new_page()
    page.goto(address(servers, integration="baobab", redirect_uri=f"{servers.product}/done"))
    page.get_by_role("button", name="Continue to Baobab").click()
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_text("Welcome back")).to_be_visible()
    assert "result=success" in page.url
    assert "integrated_account_id=" in page.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_it_fits_every_width(browser: Browser, servers: Servers, scheme: Any, width: int) -> None:
    """Nothing is cut off or scrolls sideways, from a small phone up, in light and in dark; what is touched is large."""
    context = browser.new_context(viewport={"width": width, "height": 740}, color_scheme=scheme)
    page = context.new_page()
    pages = {
        "catalogue": address(servers),
        "ways": address(servers, integration="sesame"),
        "form": address(servers, integration="greenhouse"),
        "long-form": address(servers, integration="zohorecruit"),
        "unknown": address(servers, token="lt_unknown"),
    }
    for name, url in pages.items():
        page.goto(url)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        low = page.locator(".main:visible, .offers a:visible, input:visible, select:visible")
        assert all((control.bounding_box() or {"height": 0})["height"] >= 43.5 for control in low.all()), name
        look(page, f"{name}-{scheme}-{width}")
    page.goto(pages["form"])
    page.get_by_label("Client ID").fill("x")
    page.get_by_label("Client secret").fill("x")
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    look(page, f"error-{scheme}-{width}")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_can_be_read(browser: Browser, servers: Servers, scheme: Any) -> None:
    """Every text has the contrast that WCAG 2 AA wants: 4.5 to 1."""
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(address(servers, integration="ashby"))
    page.get_by_label("API key", exact=True).fill("wrong")
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_role("alert")).to_be_visible()
    pairs = page.evaluate(
        """() => [...document.querySelectorAll("body *")].filter(e => e.innerText && e.checkVisibility()).map(e => {
          let under = e;
          while (under && getComputedStyle(under).backgroundColor.endsWith(", 0)")) under = under.parentElement;
          const style = getComputedStyle(e);
          return [style.color, getComputedStyle(under).backgroundColor, e.innerText.slice(0, 40)];
        })"""
    )
    assert pairs
    for ink, paper, text in pairs:
        assert contrast(rgb(ink), rgb(paper)) >= 4.5, (scheme, text, ink, paper)
    context.close()


def rgb(color: str) -> str:
    """`rgb(1, 2, 3)` as `#010203`."""
    parts = color.removeprefix("rgb(").removesuffix(")").split(", ")
    return "#" + "".join(f"{int(part):02x}" for part in parts)


with_sdk = pytest.mark.skipif(not prepare.SDK.is_file(), reason="the npm package is not there: `make test` fetches it")


def sdk(context: BrowserContext, servers: Servers, **options: Any) -> tuple[Page, Page]:
    """A product that uses the npm package as it is published, and the window that this opened."""
    product = context.new_page()
    token = options.pop("token", None) or api(servers, "POST", "/link-token", tenant_id="sdk")["link_token"]
    given = {"token": token, "baseUrl": servers.url, "iframe": False, **options}
    product.goto(f"{servers.product}/sdk#{quote(json.dumps(given))}")
    with product.expect_popup() as opened:
        product.get_by_role("button", name="Connect").click()
    return product, opened.value


@with_sdk
def test_the_published_sdk_connects_an_account(context: BrowserContext, servers: Servers) -> None:
    """Its promise is resolved with what its documentation says, and it closes the window."""
    product, page = sdk(context, servers, integration="baobab", noBack=True, authFormat="oauth2")
    page.get_by_role("button", name="Continue to Baobab").click()
    page.get_by_role("button", name="Allow").click()
    resolved = told(product)["resolved"]
    assert (resolved["result"], resolved["integration"]) == ("success", "baobab")
    assert status_of(servers, resolved) == "active"
    assert page.is_closed()


@with_sdk
def test_the_published_sdk_is_told_of_failures(context: BrowserContext, servers: Servers) -> None:
    """Its promise is rejected with the error's type, or the word `closed`."""
    product, _ = sdk(context, servers, token=servers.expired_link, integration="ashby")
    rejected = told(product)["rejected"]
    assert (rejected["error_type"], rejected["is_truto"]) == ("invalid_token", True)
    product, page = sdk(context, servers, integrations=["ashby", "baobab"])
    expect(page.get_by_role("listitem")).to_have_count(2)
    page.close()
    assert told(product) == {"rejected": "closed"}
    product, page = sdk(context, servers, integration="baobab")
    page.get_by_role("button", name="Continue to Baobab").click()
    page.get_by_role("button", name="Deny").click()
    page.get_by_role("button", name="Close").click()
    rejected = told(product)["rejected"]
    assert (rejected["error_type"], rejected["integration"]) == ("connection_error", "baobab")
    product, page = sdk(context, servers, integration="nowhere")
    assert told(product)["rejected"]["error_type"] == "invalid_integration"


@with_sdk
def test_the_published_sdk_opens_an_accounts_settings(context: BrowserContext, servers: Servers) -> None:
    """Its `rapidForm` is resolved once what is asked of a connected account is answered."""
    answers = {"company": "acme", "username": "ada", "password": PASSWORD}
    made = api(servers, "POST", "/integrated-account", tenant_id="sdk", integration="sesame", context=answers)
    assert made["status"] == "connecting"
    token = api(servers, "POST", "/integrated-account/token", integrated_account_id=made["id"])["token"]
    product, page = sdk(context, servers, token=token, settings=True)
    page.get_by_label("Organization").select_option(label="Branch 1 (X)")
    look(page, "settings")
    page.get_by_role("button", name="Finish").click()
    resolved = told(product)["resolved"]
    assert (resolved["result"], resolved["integrated_account_id"]) == ("success", made["id"])
    assert status_of(servers, resolved) == "active"


def test_the_end_is_said_where_nobody_listens(browser: Browser, servers: Servers) -> None:
    """Somebody who was sent a link and nothing else reads that it worked."""
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(address(servers, integration="ashby"))
    page.get_by_label("API key", exact=True).fill(servers.account("ashby")["api_key"])
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_role("heading", name="Ashby is connected")).to_be_visible()
    expect(page.get_by_role("button", name="Close")).to_be_hidden()
    look(page, "end-dark")
    context.close()
