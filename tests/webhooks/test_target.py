"""Addresses that events would never be sent to are refused when they are entered."""

import pytest

from polyhire.errors import InvalidBody
from polyhire.webhooks.target import check_target
from tests.accounts.conftest import settings_of

PUBLIC = settings_of()
NAMED = settings_of(webhook_hosts="LOCALHOST, 10.0.0.7,backend.internal,::1")
ALL = settings_of(allow_private_hosts=True)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "https://example.com:8443/a%20b?c=d",
        "https://8.8.8.8/hooks",
        "https://xn--bcher-kva.example",
    ],
)
def test_public_addresses_are_taken(url: str) -> None:
    """HTTPS, by name or by a public number, on any port."""
    assert check_target(url, PUBLIC) == url


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://example.com", "only https://"),
        ("https://127.0.0.1/hooks", "not a public address"),
        ("https://10.0.0.7", "not a public address"),
        ("https://169.254.169.254/latest/meta-data", "not a public address"),
        ("https://127.1/", "not a public address"),
        ("https://2130706433/", "not a public address"),
        ("https://0X7f.1./", "not a public address"),
        ("https://[::1]/", "not a public address"),
        ("https://[::ffff:127.0.0.1]/", "not a public address"),
        ("https://[fd00::1]/", "not a public address"),
        ("https://user:canary@example.com", "user name or password"),
        ("https://canary@example.com", "user name or password"),
        ("https://example.com/#part", "never sent"),
        ("https://example.com/a b", "not a URL"),
        ("https://example.com/\r\nX: y", "not a URL"),
        ("https://example.com/\x00", "not a URL"),
        ("ftp://example.com", "not a URL"),
        ("file:///etc/passwd", "not a URL"),
        ("//example.com", "not a URL"),
        ("https://", "not a URL"),
        ("https://exa[mple", "not a URL"),
        ("https://example.com:99999/", "not a URL"),
        ("", "not a URL"),
        ("https://example.com/" + "a" * 2000, "longer than 2000"),
    ],
)
def test_others_are_refused_with_the_reason(url: str, reason: str) -> None:
    """The message says what is wrong, without the address: that may hold a secret."""
    with pytest.raises(InvalidBody) as caught:
        check_target(url, PUBLIC)
    assert reason in caught.value.message
    assert "canary" not in caught.value.message
    assert caught.value.failures[0].path == "body.target_url"


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:3000",
        "https://10.0.0.7",
        "http://backend.internal/hooks",
        "http://LocalHost/",
        "http://[::1]:9/",
    ],
)
def test_named_hosts_may_be_private_and_plain(url: str) -> None:
    """What the operator names is sent to, also without TLS; so is everything where private hosts are allowed."""
    assert check_target(url, NAMED) == url
    assert check_target(url, ALL) == url


def test_a_name_opens_no_other_host() -> None:
    """Neighbours and subdomains of a named host stay refused."""
    for url in ("http://localhost.example.com", "http://a.backend.internal", "https://10.0.0.8"):
        with pytest.raises(InvalidBody):
            check_target(url, NAMED)
