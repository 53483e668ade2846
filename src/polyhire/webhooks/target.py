"""Where a webhook may lead: public HTTPS addresses, and the private hosts that the operator names."""

import re
from ipaddress import ip_address

from yarl import URL

from polyhire.errors import Failure, InvalidBody
from polyhire.settings import Settings

MAX_LENGTH = 2000

# What the last part of a name never is: `127.1` and `0x7f000001` are old spellings of addresses.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.IGNORECASE)


def check_target(given: str, settings: Settings) -> str:
    """The address as it will be sent to. Raises InvalidBody when nothing would ever be sent there.

    A name that leads to a private address passes: whether it does is only known when the socket opens.
    """
    if reason := _wrong(given, settings):
        message = f"target_url {reason}"
        raise InvalidBody(message, failures=[Failure("body.target_url", message)])
    return given


def _wrong(given: str, settings: Settings) -> str | None:
    try:
        url = URL(given)
        host, port = url.host, url.port
    except ValueError:
        return "is not a URL, such as https://example.com/hooks"
    if len(given) > MAX_LENGTH:
        return f"is longer than {MAX_LENGTH} characters"
    if url.scheme not in ("http", "https") or not host or not port or not given.isprintable() or " " in given:
        return "is not a URL, such as https://example.com/hooks"
    if url.user is not None or url.password is not None:
        return "holds a user name or password; whoever receives an event knows it by its signature"
    if url.fragment:
        return "has a part after '#', which is never sent"
    if is_open(host, settings):
        return None
    if url.scheme == "http":
        return "begins with http://: only https:// is sent to, but for the hosts that POLYHIRE_WEBHOOK_HOSTS names"
    if not is_public(host):
        return "is not a public address; POLYHIRE_WEBHOOK_HOSTS names the private hosts that may be sent to"
    return None


def is_public(host: str | None) -> bool:
    """Whether a host is a public address, or a name; where that leads is seen when the socket opens."""
    if not host:
        return False
    try:
        return ip_address(host).is_global
    except ValueError:
        return not _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2])


def is_open(host: str | None, settings: Settings) -> bool:
    """Whether a host may be private, and reached without TLS."""
    return settings.allow_private_hosts or host in settings.webhook_host_names()
