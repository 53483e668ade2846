"""docs/guides/connect-an-account.md works as it stands: its two files connect an account."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from polyhire.api.app import create_app
from polyhire.connect.visit import Visit
from tests.connect import prepare
from tests.connect.conftest import Servers, serving

GUIDE = (Path(__file__).parents[2] / "docs" / "guides" / "connect-an-account.md").read_text(encoding="utf-8")


@pytest.fixture
def product(servers: Servers, tmp_path: Path) -> Iterator[str]:
    """The guide's files, written down and started, beside a polyhire with nothing configured for them."""
    for name, kind in (("product.py", "python"), ("connect.html", "html")):
        (block,) = re.findall(rf"```{kind}\n(.*?)```", GUIDE, flags=re.DOTALL)
        (tmp_path / name).write_text(block, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    plain = servers.settings.model_copy(update={"connect_origins": None})
    with serving(create_app(plain)) as url:
        environment = {**os.environ, "POLYHIRE_URL": url, "POLYHIRE_TOKEN": servers.token, "PORT": str(port)}
        command = [sys.executable, str(tmp_path / "product.py")]
        process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        try:
            for _ in range(200):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()


@pytest.mark.skipif(prepare.chromium() is None, reason="there is no Chromium: `make test` says how to get it")
def test_the_page_connects_an_account(product: str, servers: Servers, browser: Browser) -> None:
    """A customer who closes the window is told so; one who goes on sees the account's id."""
    page = browser.new_page()
    page.goto(product)
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Connect").click()
    expect(opened.value.get_by_role("link", name="Ashby")).to_be_visible()
    opened.value.close()
    expect(page.get_by_role("status")).to_have_text("Nothing was connected.")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Connect").click()
    opened.value.get_by_role("link", name="Ashby").click()
    opened.value.get_by_label("API key", exact=True).fill(servers.account("ashby")["api_key"])
    opened.value.get_by_role("button", name="Connect").click()
    expect(page.get_by_role("status")).to_contain_text(re.compile(r"Connected ashby: [0-9a-f-]{36}"))
    page.close()


def test_every_parameter_is_in_the_guide() -> None:
    """Whatever the page's address may say is explained."""
    visit = Visit("ashby", ("ashby",), "oauth2", fixed=True, embedded=True, skip_questions=True)
    for name in visit.query:
        assert f"| `{name}` |" in GUIDE


@pytest.mark.parametrize(
    "kind", ["invalid_token", "invalid_integration", "connection_error", "validation_error", "post_install_error"]
)
def test_every_error_type_is_in_the_guide(kind: str) -> None:
    """Whatever a product may be told is explained."""
    assert f"| `{kind}` |" in GUIDE
