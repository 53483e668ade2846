"""HTTP to providers: no private addresses, bounded answers, streams."""

import asyncio
import gzip
import resource
import socket
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from polyhire.engine import transport as transport_module
from polyhire.engine.exchange import Answer, FileAnswer, Outgoing
from polyhire.engine.transport import PublicResolver, Transport, host_and_port, host_matches, same_origin
from polyhire.errors import ProviderFailed, ProviderUnreachable
from tests.engine.pretend import Pretend, broken, by, dropped, json, slow

Open = Callable[..., Transport]


@pytest.fixture
async def opened(provider: Pretend) -> AsyncIterator[Open]:
    """Makes a transport that may reach the pretend provider."""
    made: list[Transport] = []

    def make(**given: Any) -> Transport:
        made.append(Transport(**{"open_hosts": [host_and_port(provider.base)], **given}))
        return made[-1]

    yield make
    for each in made:
        await each.close()


def get(url: str) -> Outgoing:
    return Outgoing("GET", url, {})


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "0.0.0.0", "[::1]", "[fd00::1]", "[::ffff:127.0.0.1]"],
)
async def test_private_addresses_are_refused(opened: Open, host: str) -> None:
    """A private, local or metadata address is never asked."""
    for work in (opened().send, opened().open_file):
        with pytest.raises(ProviderUnreachable, match="is not a public address; no request is sent there"):
            await work(get(f"http://{host}:9/x"))


@pytest.mark.parametrize("url", ["http:///x", "file:///etc/passwd"])
async def test_a_url_without_a_host_is_refused(opened: Open, url: str) -> None:
    """An address that names no host is not asked."""
    with pytest.raises(ProviderUnreachable):
        await opened().send(get(url))


@pytest.mark.parametrize("name", ["localhost", "127.1", "2130706433", "localtest"])
async def test_names_of_private_addresses_are_refused(
    opened: Open, provider: Pretend, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A name, or an odd way to write an address, that leads to this machine is refused where the socket opens."""
    known = socket.getaddrinfo

    def lookup(host: Any, *given: Any, **more: Any) -> Any:
        return known("127.0.0.1" if host == "localtest" else host, *given, **more)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    port = provider.base.rpartition(":")[2]
    with pytest.raises(ProviderUnreachable, match=f"no connection to {name}"):
        await opened().send(get(f"http://{name}:{port}/x"))
    assert provider.seen == []


async def test_open_hosts_and_private_are_let_through(opened: Open, provider: Pretend, stranger: Pretend) -> None:
    """An overridden base URL opens that host and port alone; `private` opens all."""
    provider.on("GET /x", {})
    stranger.on("GET /x", {})
    assert (await opened().send(get(provider.base + "/x"))).status == 200
    with pytest.raises(ProviderUnreachable):
        await opened().send(get(stranger.base + "/x"))
    assert (await opened(private=True).send(get(stranger.base + "/x"))).status == 200


async def test_an_open_name_is_resolved(opened: Open, provider: Pretend) -> None:
    """An overridden base URL may be a name, and so may any host when private ones are allowed."""
    provider.on("GET /x", {})
    url = provider.base.replace("127.0.0.1", "localhost")
    assert (await opened(open_hosts=[host_and_port(url)]).send(get(url + "/x"))).status == 200
    assert (await opened(open_hosts=[], private=True).send(get(url + "/x"))).status == 200


async def test_the_resolver_keeps_public_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of several addresses the public ones are used."""

    def lookup(host: Any, port: Any, *given: Any, **more: Any) -> Any:
        found = ["10.0.0.1", "93.184.216.34"] if host == "both.example" else ["10.0.0.1"]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    resolver = PublicResolver(False)
    assert [each["host"] for each in await resolver.resolve("both.example", 443)] == ["93.184.216.34"]
    with pytest.raises(OSError, match="has no public address"):
        await resolver.resolve("inside.example", 443)
    await resolver.close()


async def test_answers_are_bounded(opened: Open, provider: Pretend) -> None:
    """An answer beyond the limit is not read, whether it says its size or not, packed or not."""

    async def many() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield b"x" * 1000

    packed = gzip.compress(b"x" * 2_000_000)
    provider.on("GET /told", Response(b"x" * 1001))
    provider.on("GET /fits", Response(b"x" * 1000))
    provider.on("GET /untold", by(lambda seen: StreamingResponse(many())))
    provider.on("GET /packed", Response(packed, headers={"Content-Encoding": "gzip"}))
    provider.on("GET /refused", Response(b"x" * 1001, 400))
    transport = opened(max_bytes=1000)
    assert (await transport.send(get(provider.base + "/fits"))).body == b"x" * 1000
    for path in ("told", "untold", "packed"):
        with pytest.raises(ProviderFailed, match="larger than 1000 bytes"):
            await transport.send(get(f"{provider.base}/{path}"))
    with pytest.raises(ProviderFailed, match="larger than 1000 bytes"):
        await transport.open_file(get(provider.base + "/refused"))


async def test_a_slow_answer_times_out(opened: Open, provider: Pretend) -> None:
    """A provider that takes too long is out of reach, for answers and for files."""
    provider.on("GET /slow", slow(0.5, {}))
    for work in (opened(timeout=0.1).send, opened(timeout=0.1).open_file):
        with pytest.raises(ProviderUnreachable, match=r"did not answer within 0\.1 s"):
            await work(get(provider.base + "/slow"))


async def test_connections_that_fail(opened: Open, provider: Pretend) -> None:
    """Nobody there, and someone who hangs up, are two different messages; neither has the address's secrets."""
    provider.on("GET /x", dropped)
    with pytest.raises(ProviderUnreachable, match="closed the connection without an answer"):
        await opened().send(get(provider.base + "/x?key=hush"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(ProviderUnreachable, match=r"no connection to 127\.0\.0\.1") as caught:
        await opened(private=True).open_file(get(f"http://127.0.0.1:{port}/x?key=hush"))
    assert "hush" not in caught.value.message


async def test_what_is_not_http(opened: Open) -> None:
    """A server that speaks something else failed."""

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"220 smtp.example ESMTP\r\n\r\n")
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(ProviderFailed, match="broke off"):
        await opened(private=True).send(get(f"http://127.0.0.1:{port}/"))
    server.close()
    await server.wait_closed()


async def test_cookies_are_nobodys(opened: Open, provider: Pretend) -> None:
    """A cookie that was set for one request does not go with the next, which may be another account's."""
    provider.on("GET /x", json({}, 200, Set_Cookie="session=1"), {})
    url = provider.base.replace("127.0.0.1", "localhost")  # cookies of plain addresses are dropped anyway
    transport = opened(open_hosts=[host_and_port(url)])
    for _ in range(2):
        await transport.send(get(url + "/x"))
    assert "cookie" not in provider.seen[1].headers


async def test_an_address_goes_out_as_it_is(opened: Open, provider: Pretend) -> None:
    """Quoting that someone else did, as in a signed address, is not redone."""
    provider.on("GET /a%2fb", {})
    await opened().send(get(provider.base + "/a%2fb?sig=%2B%20a+b%7e"))
    assert provider.lines == ["GET /a%2fb?sig=%2B%20a+b%7e"]


async def test_connections_are_kept(opened: Open, provider: Pretend) -> None:
    """A transport opens a session when it is first used, closes it, and may close when it never was."""
    provider.on("GET /x", {})
    transport = opened()
    await transport.close()
    await transport.send(get(provider.base + "/x"))
    await transport.close()
    assert (await transport.send(get(provider.base + "/x"))).status == 200


CHUNK = b"0123456789abcdef" * 4096


async def test_a_large_file_streams(opened: Open, provider: Pretend) -> None:
    """64 MB go through without being held, and the first of it arrives before the last is sent."""
    sent = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(1024):
            sent += 1
            yield CHUNK

    provider.on("GET /f", by(lambda seen: StreamingResponse(chunks(), media_type="video/mp4")))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    file = await opened().open_file(get(provider.base + "/f"))
    assert isinstance(file, FileAnswer)
    size, first = 0, 0
    async for chunk in file.chunks:
        first = first or sent
        size += len(chunk)
    assert size == 64 * 1024 * 1024
    assert first < 512
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 24 * 1024


async def test_a_packed_file_has_no_size(opened: Open, provider: Pretend) -> None:
    """The size of a file that is unpacked on the way is not what the header says."""
    provider.on("GET /f", Response(gzip.compress(b"hello"), headers={"Content-Encoding": "gzip"}))
    file = await opened().open_file(get(provider.base + "/f"))
    assert isinstance(file, FileAnswer)
    assert file.size is None
    assert b"".join([chunk async for chunk in file.chunks]) == b"hello"


async def test_a_stream_that_breaks(opened: Open, provider: Pretend) -> None:
    """A file that ends too early is an error for whoever reads it, not a shorter file."""
    provider.on("GET /f", broken(b"%PDF", 1000, "application/pdf"))
    file = await opened().open_file(get(provider.base + "/f"))
    assert isinstance(file, FileAnswer)
    with pytest.raises(ProviderFailed, match="broke off before its end"):
        async for _ in file.chunks:
            pass


async def test_a_stream_that_stalls(opened: Open, provider: Pretend) -> None:
    """A file may take longer than one request's time, but not without sending anything."""

    def stalling(pause: float) -> Any:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            for _ in range(4):
                await send({"type": "http.response.body", "body": b"x", "more_body": True})
                await asyncio.sleep(pause)
            await send({"type": "http.response.body", "body": b""})

        return app

    provider.on("GET /steady", stalling(0.08))
    provider.on("GET /stalled", stalling(0.6))
    steady = await opened(timeout=0.25).open_file(get(provider.base + "/steady"))
    started = time.monotonic()
    assert isinstance(steady, FileAnswer)
    assert b"".join([chunk async for chunk in steady.chunks]) == b"xxxx"
    assert time.monotonic() - started > 0.25
    stalled = await opened(timeout=0.25).open_file(get(provider.base + "/stalled"))
    assert isinstance(stalled, FileAnswer)
    with pytest.raises(ProviderUnreachable, match="did not answer within"):
        async for _ in stalled.chunks:
            pass


async def test_a_file_that_was_refused_is_an_answer(opened: Open, provider: Pretend) -> None:
    """A refusal is read whole, as JSON where it is JSON; a redirect's body is not read at all."""
    provider.on("GET /json", json({"why": 1}, 404))
    provider.on("GET /text", Response("gone", 410, media_type="text/plain"))
    provider.on("GET /moved", Response(b"x" * 10_000, 302, {"Location": "/other"}))
    transport = opened(max_bytes=100)
    found = [await transport.open_file(get(f"{provider.base}/{path}")) for path in ("json", "text", "moved")]
    assert [(each.data, each.status) for each in found if isinstance(each, Answer)] == [
        ({"why": 1}, 404),
        ("gone", 410),
        (None, 302),
    ]


@pytest.mark.parametrize(
    ("host", "patterns", "expected"),
    [
        ("api.example.com", ["api.example.com"], True),
        ("API.example.com", ["api.example.com"], True),
        ("api.example.com", ["*.example.com"], True),
        ("a.b.example.com", ["other.com", "*.example.com"], True),
        ("example.com", ["*.example.com"], False),
        ("evilexample.com", ["*.example.com"], False),
        ("example.com.evil.com", ["*.example.com", "example.com"], False),
        ("anything", ["*"], True),
        ("anything", [], False),
        (None, ["*.example.com"], False),
    ],
)
def test_hosts_match_patterns(host: str | None, patterns: list[str], expected: bool) -> None:
    """A file host is one name, every name below a domain, or any."""
    assert host_matches(host, patterns) is expected


@pytest.mark.parametrize(
    ("url", "is_same"),
    [
        ("https://a.example/x?y", True),
        ("https://a.example", True),
        ("https://a.example?y", True),
        ("https://a.example:443/x", True),
        ("https://user:pw@a.example/x", True),
        ("https://a.example:8443/x", False),
        ("http://a.example/x", False),
        ("https://a.example.evil.example/x", False),
        ("https://a.example@evil.example/", False),
        ("https://a.example:pw@evil.example/", False),
        ("https://evil.example/https://a.example/", False),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, is_same: bool) -> None:
    """An origin is scheme, host and port, and nothing that stands before or after them."""
    assert same_origin(url, "https://a.example/v1/") is is_same


def test_a_host_and_its_port() -> None:
    """A port that is not said is the scheme's."""
    assert host_and_port("http://127.0.0.1:81/x") == "127.0.0.1:81"
    assert host_and_port("https://a.example") == "a.example:443"


def test_files_are_read_in_small_pieces() -> None:
    """What is held of a stream at a time is small."""
    assert transport_module._CHUNK <= 256 * 1024
