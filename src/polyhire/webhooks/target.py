"""Where a webhook may lead: public HTTPS addresses, and the private hosts that the operator names."""

from yarl import URL

from polyhire.engine.transport import is_public_name
from polyhire.errors import Failure, InvalidBody
from polyhire.settings import Settings

MAX_LENGTH = 2000


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
    if not is_public_name(host):
        return "is not a public address; POLYHIRE_WEBHOOK_HOSTS names the private hosts that may be sent to"
    return None


def is_open(host: str | None, settings: Settings) -> bool:
    """Whether a host may be private, and reached without TLS."""
    return settings.allow_private_hosts or host in settings.webhook_host_names()
