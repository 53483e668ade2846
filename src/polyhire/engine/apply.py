"""How a credential goes on requests: headers, query, bodies; kept until it changes, or made anew for each request."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import orjson
from yarl import URL

from polyhire.engine import formats
from polyhire.engine.credential import State
from polyhire.engine.exchange import Outgoing
from polyhire.engine.request import merged
from polyhire.engine.scope import Scope
from polyhire.expressions import Template
from polyhire.manifest.integration import Apply

_FORM = "application/x-www-form-urlencoded"


@dataclass
class Applied:
    """A credential as it goes on requests, kept until its state changes.

    `body` goes into those that have one. Where `sign` is set, headers and query are another request's with each.
    """

    state: State
    base_url: str
    headers: dict[str, str] = field(repr=False)
    query: dict[str, str] = field(repr=False)
    body: Mapping[str, Any] = field(repr=False)
    sign: Callable[[Outgoing], tuple[dict[str, str], dict[str, str]]] | None = None

    def put_on(self, outgoing: Outgoing) -> None:
        """Add the credential to a request that goes to the provider itself."""
        headers, query = self.headers, self.query
        if self.sign is not None:
            headers, query = self.sign(outgoing)
            outgoing.hidden = (*headers.values(), *query.values())
        outgoing.headers.update(headers)
        if query:
            outgoing.url = str(URL(outgoing.url, encoded=True).extend_query(query))

    def put_in(self, outgoing: Outgoing) -> None:
        """Add the credential to a body that a caller wrote: a JSON object or a form; any other goes as it is."""
        if not self.body or not isinstance(outgoing.body, bytes):
            return
        headers = {name.lower(): value for name, value in outgoing.headers.items()}
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == _FORM:
            pairs = [*formats.flat(self.body), *parse_qsl(outgoing.body.decode(errors="replace"), True)]
            outgoing.body = formats.encode("form", _repeated(pairs), None)[0]
        elif kind.endswith("json"):
            try:
                given = orjson.loads(outgoing.body)
            except orjson.JSONDecodeError:
                return
            if isinstance(given, dict):
                outgoing.body = orjson.dumps(merged(self.body, given))


class Appliers:
    """The `apply` parts of an integration's ways to connect, compiled when first used."""

    def __init__(self, name: str) -> None:
        self._where = f"{name} connect.apply"
        self._made: dict[int, tuple[Apply, Template, Template]] = {}

    def applied(self, apply: Apply, scope: Scope, state: State, base_url: str) -> Applied:
        """What goes on requests of a credential whose expressions see `scope`."""
        head, body = self._templates(apply)
        found = scope.fill(body) if apply.body else None
        if not apply.is_signed:
            return Applied(state, base_url, *_parts(apply, scope.fill(head)), body=found or {})

        def sign(outgoing: Outgoing) -> tuple[dict[str, str], dict[str, str]]:
            return _parts(apply, scope.with_(request=_told(outgoing)).fill(head))

        return Applied(state, base_url, {}, {}, body=found or {}, sign=sign)

    def _templates(self, apply: Apply) -> tuple[Template, Template]:
        # What was made holds the part, so its id is not used again while it lives.
        if id(apply) not in self._made:
            head = Template(apply.head, self._where)
            self._made[id(apply)] = (apply, head, Template(dict(apply.body), self._where))
        return self._made[id(apply)][1:]


def _parts(apply: Apply, found: Mapping[str, Any] | None) -> tuple[dict[str, str], dict[str, str]]:
    """The headers and the query; what is null is left out."""
    found = found or {}
    headers = {name: formats.text(value) for name, value in found.get("headers", {}).items() if value is not None}
    if apply.basic is not None:
        halves = found.get("basic") or {}
        headers["Authorization"] = formats.basic(halves.get("username"), halves.get("password"))
    elif apply.bearer is not None:
        headers["Authorization"] = f"Bearer {found.get('bearer', '')}"
    query = {name: formats.text(value) for name, value in found.get("query", {}).items() if value is not None}
    return headers, query


def _told(outgoing: Outgoing) -> dict[str, Any]:
    """How expressions see a request that they sign: as it goes over the wire."""
    url = URL(outgoing.url, encoded=True)
    told = {
        "verb": outgoing.verb,
        "url": outgoing.url,
        "host": url.host,
        "path": url.raw_path,
        "query": url.raw_query_string,
        "seconds": int(time.time()),
        "nonce": secrets.token_hex(16),
    }
    body = b"" if outgoing.body is None else outgoing.body
    if not isinstance(body, bytes):
        return told
    try:
        return {**told, "body": body.decode()}
    except UnicodeDecodeError:
        return told


def _repeated(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found
