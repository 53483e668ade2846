"""A plain HTTP client for tests: it hides nothing of what a simulator answers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit


@dataclass(frozen=True)
class Answer:
    """What came back; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Client:
    """Asks below a base URL, with the same headers each time."""

    base: str
    headers: Mapping[str, str]

    def ask(
        self,
        method: str,
        path: str,
        *,
        json_body: Any = ...,
        form: Mapping[str, str] | None = None,
        raw: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask a path below the base, or an absolute URL."""
        url = urlsplit(path if path.startswith("http") else self.base + path)
        sent = {**self.headers, **(headers or {})}
        body = raw
        if json_body is not ...:
            body, sent = json.dumps(json_body).encode(), {"Content-Type": "application/json", **sent}
        if form is not None:
            sent = {"Content-Type": "application/x-www-form-urlencoded", **sent}
            body = urlencode(form).encode()
        connection = HTTPConnection(url.netloc, timeout=5)
        try:
            connection.request(method, url.path + (f"?{url.query}" if url.query else ""), body, sent)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read())
        finally:
            connection.close()

    def get(self, path: str, **query: Any) -> Answer:
        """Ask for a path with a query."""
        return self.ask("GET", path + (f"?{urlencode(query)}" if query else ""))

    def post(self, path: str, body: Any) -> Answer:
        """Post JSON."""
        return self.ask("POST", path, json_body=body)


def next_link(answer: Answer) -> str | None:
    """Read the URL of `rel="next"`."""
    for part in answer.headers.get("link", "").split(", "):
        target, _, rel = part.partition("; ")
        if rel == 'rel="next"':
            return target.strip("<>")
    return None
