"""The functions we add that are written in Python: dates, URLs, text, digests.

Each is short (the engine's clock can't interrupt a callback), pure, and answers None for what it can't read,
so that a provider's odd value becomes null rather than an error. Documented in docs/reference/functions.md.
"""

import base64
import hashlib
import hmac as hmac_module
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

_DOT_NET = re.compile(r"^/Date\((-?\d+)([+-]\d{4})?\)/$")
_NUMBER = re.compile(r"^-?[0-9]+(\.[0-9]+)?$")
_DAY_WITH_ZONE = re.compile(r"^(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:?\d{2})$")
_NAMED_UTC = re.compile(r" ?(?:UTC|GMT)$")
_FRACTION = re.compile(r"(\.\d{6})\d+")
_MILLISECONDS_FROM = 1e11  # as seconds this is the year 5138: anything larger is milliseconds
_DIGESTS = ("md5", "sha1", "sha256", "sha384", "sha512")
_MAX_FORMAT = 64


def date_time(value: Any = None, pattern: Any = None, offset: Any = None) -> str | None:
    """Any date as RFC 3339 in UTC with milliseconds; `pattern` is strptime's, `offset` like "+02:00" for local ones."""
    moment = _moment(value, pattern, offset)
    # Not strftime: it writes the year 1, which .NET sends for "no date", without its zeros.
    return None if moment is None else moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def calendar_date(value: Any = None, pattern: Any = None) -> str | None:
    """Any date as YYYY-MM-DD."""
    moment = _moment(value, pattern, None)
    return None if moment is None else moment.date().isoformat()


def epoch_millis(value: Any = None, pattern: Any = None) -> int | None:
    """Any date as milliseconds since 1970."""
    moment = _moment(value, pattern, None)
    return None if moment is None else (moment - _EPOCH) // timedelta(milliseconds=1)


def epoch_seconds(value: Any = None, pattern: Any = None) -> int | None:
    """Any date as whole seconds since 1970."""
    millis = epoch_millis(value, pattern)
    return None if millis is None else millis // 1000


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _moment(value: Any, pattern: Any, offset: Any) -> datetime | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        if isinstance(value, int | float):
            seconds = value / 1000 if abs(value) >= _MILLISECONDS_FROM else value
            return _EPOCH + timedelta(seconds=seconds)
        moment = _parse(str(value).strip(), pattern)
        if moment.tzinfo is None:
            zone = datetime.fromisoformat(f"2000-01-01T00:00:00{offset}").tzinfo if offset else UTC
            moment = moment.replace(tzinfo=zone)
        return moment.astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None


def _parse(text: str, pattern: Any) -> datetime:
    if pattern is not None:
        if len(str(pattern)) > _MAX_FORMAT:
            raise ValueError("a date pattern may have 64 characters")
        return datetime.strptime(text, str(pattern))
    if len(text) > 8 and _NUMBER.match(text):
        number = float(text)
        return _EPOCH + timedelta(seconds=number / 1000 if abs(number) >= _MILLISECONDS_FROM else number)
    if dot_net := _DOT_NET.match(text):
        return _EPOCH + timedelta(milliseconds=int(dot_net[1]))
    if zoned_day := _DAY_WITH_ZONE.match(text):  # the day is the day, wherever it was written
        return datetime.fromisoformat(zoned_day[1])
    try:
        return datetime.fromisoformat(_NAMED_UTC.sub("Z", _FRACTION.sub(r"\1", text)))
    except ValueError:
        return parsedate_to_datetime(text)


def today() -> str:
    """The current date in UTC, YYYY-MM-DD."""
    return datetime.now(UTC).date().isoformat()


def remove_empty(value: Any = None) -> Any:
    """The value without null, "", [] and {} anywhere inside."""
    if isinstance(value, dict):
        kept = {key: remove_empty(inner) for key, inner in value.items()}
        return {key: inner for key, inner in kept.items() if not _is_empty(inner)}
    if isinstance(value, list):
        return [inner for inner in map(remove_empty, value) if not _is_empty(inner)]
    return value


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {})


def host(url: Any = None) -> str | None:
    """A URL's host, lower case."""
    return _split(url).hostname if isinstance(url, str) else None


def url_path(url: Any = None) -> str | None:
    """A URL's path."""
    return _split(url).path if isinstance(url, str) else None


def query_parameter(url: Any = None, name: Any = None) -> str | None:
    """The first value of one query parameter of a URL."""
    if not isinstance(url, str):
        return None
    values = parse_qs(_split(url).query).get(str(name))
    return values[0] if values else None


def _split(url: str) -> Any:
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def url_encode(value: Any = None) -> str | None:
    """The text with everything but letters, digits and `-._~` percent-encoded."""
    if isinstance(value, bool):
        value = str(value).lower()
    return None if value is None else quote(str(value), safe="")


def base64url(text: Any = None) -> str | None:
    """A text's bytes in the base64 of URLs, without `=`."""
    return None if text is None else _encode(str(text).encode(), "base64url")


def hmac(algorithm: Any = None, key: Any = None, text: Any = None, encoding: Any = "hex") -> str:
    """HMAC of a text: `hex` (default), `base64` or `base64url`. Raises ValueError without a key or a text."""
    if key in (None, "") or text is None:
        raise ValueError("an HMAC needs a key and a text")
    return _encode(hmac_module.digest(str(key).encode(), str(text).encode(), _digest(algorithm)), encoding)


def digest(algorithm: Any = None, text: Any = None, encoding: Any = "hex") -> str | None:
    """Digest of a text: `hex` (default), `base64` or `base64url`."""
    if text is None:
        return None
    return _encode(hashlib.new(_digest(algorithm), str(text).encode(), usedforsecurity=False).digest(), encoding)


def _digest(algorithm: Any) -> str:
    if algorithm not in _DIGESTS:
        raise ValueError(f"no digest '{algorithm}'; there are: {', '.join(_DIGESTS)}")
    return str(algorithm)


def _encode(raw: bytes, encoding: Any) -> str:
    match encoding:
        case "hex":
            return raw.hex()
        case "base64":
            return base64.b64encode(raw).decode()
        case "base64url":
            return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    raise ValueError(f"no encoding '{encoding}'; there are: hex, base64, base64url")


_BLOCKS = frozenset({"p", "div", "br", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "section"})
_UNSEEN = frozenset({"script", "style", "head", "template"})


class _TextOfHtml(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unseen += tag in _UNSEEN
        if tag == "li":
            self.pieces.append("\n- ")
        elif tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.unseen -= tag in _UNSEEN and self.unseen > 0
        if tag in _BLOCKS and tag != "li":
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.pieces.append(data)


def html_to_text(html: Any = None) -> str | None:
    """HTML as plain text: paragraphs and list items on lines of their own, nothing of scripts or styles."""
    if not isinstance(html, str):
        return None
    parser = _TextOfHtml()
    try:
        parser.feed(html)
        parser.close()
    except AssertionError:  # how the standard library's parser takes `<![foo[`
        return html
    lines = (" ".join(line.split()) for line in "".join(parser.pieces).split("\n"))
    return "\n".join(line for line in lines if line)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "dateTime": date_time,
    "calendarDate": calendar_date,
    "epochMillis": epoch_millis,
    "epochSeconds": epoch_seconds,
    "today": today,
    "removeEmpty": remove_empty,
    "host": host,
    "urlPath": url_path,
    "queryParameter": query_parameter,
    "urlEncode": url_encode,
    "base64url": base64url,
    "hmac": hmac,
    "digest": digest,
    "htmlToText": html_to_text,
}
