"""Downloads behind signed URLs that expire and need no credentials."""

import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote

from starlette.responses import Response

from .company import Document
from .kit import Ask, Refusal, Route

PATH = "/_files/{id}/{name:path}"


@dataclass(frozen=True)
class SignedFiles:
    """Hands out URLs that work for `lifetime` seconds; `fetch` finds a document by the text of its id, or None."""

    fetch: Callable[[str], Document | None]
    lifetime: float
    key: bytes = b"a pretend provider's file key"
    clock: Callable[[], float] = time.time

    @property
    def route(self) -> Route:
        """The route to put into the simulator's table."""
        return Route("GET", PATH, self.serve, open=True)

    def url(self, ask: Ask, identifier: object, name: str) -> str:
        """Sign an absolute URL for the file."""
        expires = str(int(self.clock() + self.lifetime))
        signature = self._sign(str(identifier), expires)
        return f"{ask.base}/_files/{identifier}/{quote(name, safe='')}?expires={expires}&signature={signature}"

    def serve(self, ask: Ask) -> Response:
        """Send the bytes: 403 for a forged or expired URL, 404 for a file that is gone."""
        query = dict(ask.query)
        identifier, expires = str(ask.values["id"]), query.get("expires", "")
        wanted = self._sign(identifier, expires)
        if not hmac.compare_digest(query.get("signature", "").encode(), wanted.encode()):
            raise Refusal(403, "The signature does not match")
        if int(expires) <= self.clock():
            raise Refusal(403, "Request has expired")
        document = self.fetch(identifier)
        if document is None:
            raise Refusal(404, "Not Found")
        disposition = f"attachment; filename*=UTF-8''{quote(document.name, safe='')}"
        headers = {"Content-Disposition": disposition, "Content-Type": document.content_type}
        return Response(document.content, headers=headers)

    def _sign(self, identifier: str, expires: str) -> str:
        return hmac.new(self.key, f"{identifier} {expires}".encode(), sha256).hexdigest()
