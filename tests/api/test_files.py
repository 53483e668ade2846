"""Files in and out: uploads in two notations, downloads as streams."""

import base64
import resource as process
from collections.abc import AsyncIterator

import aiohttp
import pytest
from structlog.testing import capture_logs

from tests.api.conftest import MAX_UPLOAD, Client
from tests.api.provider import CHUNK, HUGE

ATTACHMENTS = "/unified/ats/attachments"
CONTENT = b"%PDF-1.7\x00\xff pretend"


def form(content: bytes, part: str = "file", **fields: str) -> aiohttp.FormData:
    """A multipart form with one file."""
    made = aiohttp.FormData()
    for name, value in fields.items():
        made.add_field(name, value)
    made.add_field(part, content, filename="Lebenslauf äöü.pdf", content_type="application/pdf")
    return made


@pytest.mark.parametrize("name", ["candidate[id]", "candidate.id"])
async def test_a_multipart_upload_reaches_the_provider(call: Client, name: str) -> None:
    """The file's bytes and the fields beside it arrive, whichever way nested names are written."""
    sent = form(CONTENT, **{name: "7", "attachment_type": "resume"})
    answered = await call("POST", ATTACHMENTS, data=sent)
    assert (answered.status, answered.json["id"]) == (200, "77"), answered.json
    _, path, _, _, body = call.running.provider.seen[-1]
    assert path == "/v1/people/7/files" and CONTENT in body and b"resume" in body


async def test_a_base64_upload_reaches_the_provider_as_bytes(call: Client) -> None:
    """JSON with base64 is the same upload."""
    file = {"name": "cv.pdf", "content_type": "application/pdf", "content": base64.b64encode(CONTENT).decode()}
    answered = await call("POST", ATTACHMENTS, json={"candidate": {"id": 7}, "file": file})
    assert answered.status == 200, answered.json
    assert CONTENT in call.running.provider.seen[-1][4]


@pytest.mark.parametrize("size", [MAX_UPLOAD + 1, 2 * MAX_UPLOAD])
async def test_a_file_that_is_too_large_is_refused(call: Client, size: int) -> None:
    """A file over the limit answers 413, whether the file or the whole body is too large."""
    answered = await call("POST", ATTACHMENTS, data=form(b"x" * size, candidate="7"))
    assert (answered.status, answered.json["code"]) == (413, "body_too_large")
    assert not call.running.provider.seen


async def test_a_body_without_a_length_is_limited_too(call: Client) -> None:
    """A body sent in chunks is cut off at the limit."""

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 65536

    try:
        answered = await call("POST", "/unified/ats/candidates", data=chunks())
    except aiohttp.ClientConnectionError:
        return  # the server may hang up before everything is sent
    assert answered.status == 413


@pytest.mark.parametrize(
    ("data", "headers", "status"),
    [
        (form(CONTENT, part="document"), {}, 400),
        (b"--x\r\nnonsense", {"Content-Type": "multipart/form-data; boundary=x"}, 400),
        (b"", {"Content-Type": "multipart/form-data"}, 400),
        (b"--x--\r\n", {"Content-Type": "multipart/form-data; boundary=x"}, 400),
    ],
)
async def test_a_broken_form_is_refused(
    call: Client, data: "bytes | aiohttp.FormData", headers: dict[str, str], status: int
) -> None:
    """A form that is cut off, without boundary or without its file is the caller's mistake."""
    answered = await call("POST", ATTACHMENTS, data=data, headers=headers)
    assert answered.status == status, answered.json


async def test_a_form_is_no_body_for_what_takes_no_file(call: Client) -> None:
    """Multipart where no file belongs answers 415."""
    assert (await call("POST", "/unified/ats/candidates", data=form(CONTENT))).status == 415


@pytest.mark.parametrize("verb", ["GET", "POST"])
async def test_a_download_keeps_type_name_and_bytes(call: Client, verb: str) -> None:
    """A download has the provider's content type and file name, by GET and by POST."""
    if verb == "GET":
        answered = await call("GET", f"{ATTACHMENTS}/download", "id=5")
    else:
        answered = await call("POST", f"{ATTACHMENTS}/download", json={"id": 5})
    assert (answered.status, answered.body) == (200, b"%PDF-1.7 tiny")
    assert answered.headers["content-type"] == "application/pdf"
    assert answered.headers["content-length"] == "13"
    assert answered.headers["content-disposition"].endswith("filename*=UTF-8''r%C3%A9sum%C3%A9.pdf")


async def test_a_download_that_fails_at_once_is_a_json_error(call: Client) -> None:
    """An error before the first byte is an error in the envelope."""
    answered = await call("GET", f"{ATTACHMENTS}/download", "id=nope")
    assert (answered.status, answered.json["is_remote_error"]) == (404, True)
    missing = await call("GET", f"{ATTACHMENTS}/download")
    assert (missing.status, missing.json["details"]["failures"][0]["path"]) == (400, "body.id")


async def test_a_large_download_is_never_held_whole(call: Client) -> None:
    """About 100 MB pass through with less than 40 MB of memory more."""
    before = process.getrusage(process.RUSAGE_SELF).ru_maxrss
    url = f"{call.running.url}{ATTACHMENTS}/download?id=huge&integrated_account_id={call.running.account}"
    size = 0
    headers = {"Authorization": f"Bearer {call.running.token}"}
    async with call.session.get(url, headers=headers) as response:
        async for chunk in response.content.iter_chunked(1 << 16):
            size += len(chunk)
    assert size == HUGE * len(CHUNK)
    assert process.getrusage(process.RUSAGE_SELF).ru_maxrss - before < 40_000


async def test_a_download_that_breaks_off_does_not_look_whole(call: Client) -> None:
    """A provider that hangs up in the middle makes the caller's download fail, not end early."""
    with capture_logs() as logs:
        with pytest.raises(aiohttp.ClientError):
            await call("GET", f"{ATTACHMENTS}/download", "id=cut")
        assert (await call("GET", "/ping", account=False)).status == 200
    told = {entry["event"]: entry for entry in logs}
    assert told["answer broken off"]["code"] == "provider_failed" and "unexpected error" not in told


async def test_a_caller_who_goes_away_stops_the_download(call: Client) -> None:
    """When the caller hangs up, nothing more is fetched from the provider."""
    call.running.provider.sent_chunks = 0
    url = f"{call.running.url}{ATTACHMENTS}/download?id=huge&integrated_account_id={call.running.account}"
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {call.running.token}"}) as session:
        response = await session.get(url)
        await response.content.readany()
        response.close()
    assert (await call("GET", "/ping", account=False)).status == 200
    assert call.running.provider.sent_chunks < HUGE
