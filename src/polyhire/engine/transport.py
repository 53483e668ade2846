"""HTTP to providers: one aiohttp session, no private addresses, bounded answers, streams for files.

aiohttp was chosen by measurement: it retries an idempotent request itself when the provider has closed an idle
connection, and costs a tenth of httpx (decisions/0007).
"""

import asyncio
import io
import ipaddress
import socket
from collections.abc import AsyncIterator, Collection
from functools import lru_cache
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from polyhire.engine import formats
from polyhire.engine.exchange import Answer, FileAnswer, Outgoing
from polyhire.errors import BrokenOff, ProviderFailed, ProviderUnreachable

_CHUNK = 64 * 1024
_AHEAD = 512 * 1024
"""Bytes of an answer that are taken in before the provider is made to wait: more than most pages have."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Transport:
    """Sends requests. `open_hosts` are the hosts (with port) that may be private: overridden base URLs."""

    def __init__(
        self,
        *,
        timeout: float = 30.0,
        max_bytes: int = 50_000_000,
        open_hosts: Collection[str] = (),
        private: bool = False,
    ) -> None:
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._open_hosts = frozenset(open_hosts)
        self._private = private
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def send(self, outgoing: Outgoing, integration_format: str = "json") -> Answer:
        """One request and its whole answer. Raises ProviderUnreachable or ProviderFailed."""
        try:
            async with self._request(outgoing) as response:
                raw, kind = await self._whole(response), response.content_type
                body = formats.json_of(raw, kind, response.charset, integration_format)
                is_json = body is not None
                return Answer(
                    response.status, response.headers, raw if body is None else body, kind, outgoing.url, is_json
                )
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise self._unreachable(outgoing, error) from None

    async def open_file(self, outgoing: Outgoing) -> FileAnswer | Answer:
        """A file as a stream; a whole Answer when the provider refused or redirected."""
        context = self._request(
            outgoing, timeout=aiohttp.ClientTimeout(sock_connect=self._timeout, sock_read=self._timeout)
        )
        try:
            response = await context
            if response.status >= 300:
                async with response:
                    body = b"" if response.status in _REDIRECTS else await self._whole(response)
                kind = response.content_type
                data = formats.json_of(body, kind, response.charset, "json")
                return Answer(response.status, response.headers, data or body, kind, outgoing.url, data is not None)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise self._unreachable(outgoing, error) from None
        disposition = response.content_disposition
        return FileAnswer(
            response.status,
            response.headers,
            response.headers.get("Content-Type", "application/octet-stream"),
            disposition.filename if disposition else None,
            response.content_length if "Content-Encoding" not in response.headers else None,
            self._chunks(outgoing, response),
        )

    async def _chunks(self, outgoing: Outgoing, response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
        try:
            async for chunk in response.content.iter_chunked(_CHUNK):
                yield chunk
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise self._unreachable(outgoing, error) from None
        finally:
            response.release()

    def _request(self, outgoing: Outgoing, **options: Any) -> "aiohttp.client._RequestContextManager":
        url = URL(outgoing.url, encoded=True)
        if not (self._private or self._is_open(url) or _is_public_name(url.host)):
            raise ProviderUnreachable(f"{url.host} is not a public address; no request is sent there")
        if self._session is None:
            self._session = self._new_session()
        body = outgoing.body
        if isinstance(body, bytes) and len(body) > _CHUNK:  # in pieces, so that other calls get their turn
            body = io.BytesIO(body)
        return self._session.request(
            outgoing.verb, url, headers=outgoing.headers, data=body, allow_redirects=False, **options
        )

    def _is_open(self, url: URL) -> bool:
        return f"{url.host}:{url.port}" in self._open_hosts

    def _new_session(self) -> aiohttp.ClientSession:
        private = self._private or frozenset(host.rpartition(":")[0] for host in self._open_hosts)
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0, limit_per_host=64, resolver=PublicResolver(private), ttl_dns_cache=60
            ),
            timeout=aiohttp.ClientTimeout(total=self._timeout),
            cookie_jar=aiohttp.DummyCookieJar(),  # an account's cookies are nobody else's
            headers={"User-Agent": "polyhire"},
            auto_decompress=True,
            read_bufsize=_AHEAD,
        )

    async def _whole(self, response: aiohttp.ClientResponse) -> bytes:
        if (response.content_length or 0) > self._max_bytes:
            raise self._too_large()
        if response.content_length is not None and "Content-Encoding" not in response.headers:
            return await response.read()  # no more than it says
        body = bytearray()
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > self._max_bytes:
                raise self._too_large()
        return bytes(body)

    def _too_large(self) -> ProviderFailed:
        return ProviderFailed(f"the answer is larger than {self._max_bytes} bytes (POLYHIRE_MAX_ANSWER_BYTES)")

    def _unreachable(self, outgoing: Outgoing, error: Exception) -> ProviderFailed | ProviderUnreachable:
        host = URL(outgoing.url, encoded=True).host
        if isinstance(error, aiohttp.ClientPayloadError | aiohttp.ClientResponseError):
            return BrokenOff(f"the answer of {host} broke off before its end")
        if isinstance(error, asyncio.TimeoutError):
            return ProviderUnreachable(f"{host} did not answer within {self._timeout:g} s (POLYHIRE_REQUEST_TIMEOUT)")
        is_dropped = isinstance(error, aiohttp.ServerDisconnectedError | aiohttp.ClientOSError)
        if is_dropped and not isinstance(error, aiohttp.ClientConnectorError):
            return ProviderUnreachable(f"{host} closed the connection without an answer")
        return ProviderUnreachable(f"no connection to {host}")


class PublicResolver(AbstractResolver):
    """Resolves names to public addresses only, where the socket opens: a name can't be swapped afterwards."""

    def __init__(self, private: Collection[str] | bool) -> None:
        self._resolver = aiohttp.ThreadedResolver()
        self._private = private

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The host's addresses. Raises OSError when none of them is public."""
        found = await self._resolver.resolve(host, port, family)
        if self._private is True or (not isinstance(self._private, bool) and host in self._private):
            return found
        public = [result for result in found if ipaddress.ip_address(result["host"]).is_global]
        if not public:
            raise OSError(None, f"{host} has no public address")
        return public

    async def close(self) -> None:
        """Nothing to close: threads belong to the loop."""
        await self._resolver.close()


@lru_cache(maxsize=1024)
def _is_public_name(host: str | None) -> bool:
    """Whether a host is a name (its addresses are checked on connecting) or a public address."""
    if not host:
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return True


def host_and_port(url: str) -> str:
    """`host:port` of a URL, as `open_hosts` has it."""
    parsed = URL(url)
    return f"{parsed.host}:{parsed.port}"


def same_origin(url: str, base_url: str) -> bool:
    """Whether scheme, host and port are the same."""
    home = _origin(base_url)
    return url.startswith(home + "/") or str(URL(url, encoded=True).origin()) == home


@lru_cache(maxsize=1024)
def _origin(url: str) -> str:
    return str(URL(url, encoded=True).origin())


def host_matches(host: str | None, patterns: Collection[str]) -> bool:
    """Whether a host is one of `api.example.com`, `*.example.com` or `*`."""
    name = (host or "").lower()
    return any(p == "*" or name == p or (p.startswith("*.") and name.endswith(p[1:])) for p in patterns)
