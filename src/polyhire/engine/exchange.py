"""What goes out to a provider and what comes back."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson

_LINK = re.compile(r'<([^>]*)>((?:"[^"]*"|[^,<"])*)')


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a caller sends, held in memory (never on disk)."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(slots=True)
class Outgoing:
    """One HTTP request, ready to send: `body` is bytes, or an aiohttp payload for multipart."""

    verb: str
    url: str
    headers: dict[str, str]
    body: Any = None
    authenticate: bool = True
    hidden: tuple[str, ...] = ()
    """What a credential put on this request alone, to be shown to nobody."""


@dataclass
class Answer:
    """One HTTP answer, read whole. `body` is JSON text (of XML too) when `is_json`, else what came; it may be empty."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    content_type: str
    url: str
    is_json: bool = True

    @cached_property
    def links(self) -> dict[str, str]:
        """The `Link` header: relation -> address."""
        return _links(self.headers.get("Link", ""))

    @cached_property
    def data(self) -> Any:
        """The body as Python values; as text when it is not JSON, None when it is empty."""
        if not self.body:
            return None
        return orjson.loads(self.body) if self.is_json else self.body.decode(errors="replace")

    @property
    def json(self) -> Any:
        """The body as a piece of a JSON text: unread when it is JSON."""
        return orjson.Fragment(self.body) if self.body and self.is_json else self.data


@dataclass
class FileAnswer:
    """A file on its way through: `chunks` are read from the provider as the caller takes them."""

    status: int
    headers: Mapping[str, str]
    content_type: str
    name: str | None
    size: int | None
    chunks: AsyncIterator[bytes]


def _links(header: str) -> dict[str, str]:
    links: dict[str, str] = {}
    for address, attributes in _LINK.findall(header):
        for attribute in attributes.split(";"):
            name, _, value = attribute.strip().partition("=")
            if name.lower() == "rel":
                links[value.strip(' "').lower()] = address
    return links
