"""Candidates, their notes, tags and files."""

import aiohttp
import pytest

from .conftest import NOBODY, Client, active_application


async def test_create_candidate(ashby: Client) -> None:
    """A created candidate is told by info, list and search as it was given."""
    source = (await ashby.ask("source.list"))[0]
    made = await ashby.ask(
        "candidate.create",
        {
            "name": "Zoë New",
            "email": "zoe@mail.example",
            "alternateEmailAddresses": ["z@work.example"],
            "phoneNumber": "+351 1",
            "linkedInUrl": "https://www.linkedin.com/in/zoe",
            "website": "https://zoe.example",
            "sourceId": source["id"],
            "location": {"city": "Porto", "country": "Portugal"},
            "createdAt": "2026-01-31T10:30:00+01:00",
        },
    )
    assert made["createdAt"] == "2026-01-31T09:30:00.000Z"
    assert [each["value"] for each in made["emailAddresses"]] == ["zoe@mail.example", "z@work.example"]
    assert made["primaryEmailAddress"]["value"] == "zoe@mail.example"
    assert [each["type"] for each in made["socialLinks"]] == ["LinkedIn", "Website"]
    assert (made["source"], made["location"]["locationSummary"]) == (source, "Porto, Portugal")
    assert await ashby.ask("candidate.info", {"id": made["id"]}) == made
    assert await ashby.ask("candidate.search", {"email": "ZOE@mail.example", "name": "zoë"}) == [made]
    assert (await ashby.walk("candidate.list"))[0][-1] == made


async def test_update_candidate(ashby: Client) -> None:
    """An update changes what it names, and `updatedAt`."""
    before = await ashby.ask(
        "candidate.create",
        {"name": "Zoë", "email": "zoe@mail.example", "website": "https://zoe.example", "phoneNumber": "1"},
    )
    changes = {
        "candidateId": before["id"],
        "email": "new@mail.example",
        "alternateEmail": "z@work.example",
        "githubUrl": "https://github.com/zoe",
        "websiteUrl": "https://other.example",
    }
    after = await ashby.ask("candidate.update", changes)
    assert after["primaryEmailAddress"]["value"] == "new@mail.example"
    assert [each["value"] for each in after["emailAddresses"]] == ["new@mail.example", "z@work.example"]
    links = {each["type"]: each["url"] for each in after["socialLinks"]}
    assert links == {"GitHub": "https://github.com/zoe", "Website": "https://other.example"}
    assert (after["name"], after["phoneNumbers"]) == (before["name"], before["phoneNumbers"])
    assert after["updatedAt"] > before["updatedAt"]
    assert await ashby.errors("candidate.update", {"candidateId": before["id"], "sourceId": NOBODY}) == [
        "source_not_found"
    ]


async def test_external_mapping(ashby: Client) -> None:
    """A candidate is found by the id that another system gave it, and not by two ids at once."""
    found = await ashby.ask("candidate.info", {"externalMappingId": "hr-1"})
    assert found["name"]
    asked = {"externalMappingId": "hr-1", "id": found["id"]}
    assert await ashby.errors("candidate.info", asked) == ["invalid_input"]
    assert await ashby.errors("candidate.info", {"externalMappingId": "hr-2"}) == ["candidate_not_found"]


async def test_anonymize(ashby: Client) -> None:
    """Whoever is not being considered any more can be made anonymous; others can't."""
    active = await active_application(ashby)
    asked = {"candidateId": active["candidate"]["id"]}
    assert await ashby.errors("candidate.anonymize", asked) == ["invalid_input"]
    made = await ashby.ask("candidate.create", {"name": "Zoë", "email": "zoe@mail.example"})
    gone = await ashby.ask("candidate.anonymize", {"candidateId": made["id"]})
    assert gone["name"] != "Zoë"
    assert gone["emailAddresses"] == []
    assert await ashby.ask("candidate.search", {"email": "zoe@mail.example"}) == []


async def test_notes(ashby: Client) -> None:
    """A note is listed with the candidate it was written about, as text or as HTML."""
    person = await ashby.ask("candidate.create", {"name": "Zoë"})
    asked = {"candidateId": person["id"]}
    plain = await ashby.ask("candidate.createNote", {**asked, "note": "Called.", "isPrivate": True})
    html = {"type": "text/html", "value": "<b>Keen</b>"}
    rich = await ashby.ask("candidate.createNote", {**asked, "note": html, "createdAt": "2025-01-01T00:00:00Z"})
    assert (plain["content"], plain["isPrivate"]) == ("Called.", True)
    assert (rich["content"], rich["createdAt"]) == ("<b>Keen</b>", "2025-01-01T00:00:00.000Z")
    assert await ashby.ask("candidate.listNotes", asked) == [plain, rich]
    assert await ashby.errors("candidate.listNotes", {"candidateId": NOBODY}) == ["candidate_not_found"]


async def test_email_message(ashby: Client) -> None:
    """An email is logged with its sender and receivers, and no note comes of it."""
    person = await ashby.ask("candidate.create", {"name": "Zoë"})
    message = {
        "candidateId": person["id"],
        "emailProviderEmailId": "message-1",
        "subject": "Hello",
        "from": "user1@meridian.example",
        "to": ["zoe@mail.example"],
        "body": "Hi!",
    }
    assert await ashby.ask("candidate.addEmailMessage", message)
    assert await ashby.ask("candidate.listNotes", {"candidateId": person["id"]}) == []
    del message["subject"]
    assert await ashby.errors("candidate.addEmailMessage", message) == ["invalid_input"]


async def test_tags(ashby: Client) -> None:
    """A tag is made once, given, taken away, and can't be given once it is archived."""
    tag = await ashby.ask("candidateTag.create", {"title": "speaks Latin"})
    assert await ashby.ask("candidateTag.create", {"title": "Speaks Latin"}) == tag
    assert tag in await ashby.ask("candidateTag.list")
    person = (await ashby.ask("candidate.list", {"limit": 1}))[0]
    asked = {"candidateId": person["id"], "tagId": tag["id"]}
    tagged = await ashby.ask("candidate.addTag", asked)
    assert tagged["tags"] == [*person["tags"], tag]
    assert tagged["updatedAt"] > person["updatedAt"]
    assert (await ashby.ask("candidate.addTag", asked))["tags"] == tagged["tags"]
    assert (await ashby.ask("candidate.removeTag", asked))["tags"] == person["tags"]
    assert (await ashby.ask("candidate.info", {"id": person["id"]}))["tags"] == person["tags"]
    archived = await ashby.ask("candidateTag.archive", {"candidateTagId": tag["id"]})
    assert archived["isArchived"]
    assert tag["id"] not in [each["id"] for each in await ashby.ask("candidateTag.list")]
    assert await ashby.errors("candidate.addTag", asked) == ["invalid_input"]


async def _download(ashby: Client, handle: str) -> tuple[int, bytes, str]:
    url = (await ashby.ask("file.info", {"fileHandle": handle}))["url"]
    async with ashby.session.get(url) as response:
        return response.status, await response.read(), response.headers["content-type"]


async def test_seeded_resume(ashby: Client) -> None:
    """The URL of a file needs no credentials, and works for nothing but this file."""
    person = (await ashby.ask("candidate.list", {"limit": 1}))[0]
    assert person["resumeFileHandle"] in person["fileHandles"]
    status, content, kind = await _download(ashby, person["resumeFileHandle"]["handle"])
    assert (status, content[:5], kind) == (200, b"%PDF-", "application/pdf")
    first, second = [
        (await ashby.ask("file.info", {"fileHandle": each["handle"]}))["url"] for each in person["fileHandles"][:2]
    ]
    forged = second.partition("?")[0] + "?" + first.partition("?")[2]
    async with ashby.session.get(forged) as response:
        assert response.status == 403
    assert await ashby.errors("file.info", {"fileHandle": person["resumeFileHandle"]["id"]}) == ["file_not_found"]


@pytest.mark.parametrize(("call", "part"), [("candidate.uploadResume", "resume"), ("candidate.uploadFile", "file")])
async def test_upload_by_form(ashby: Client, call: str, part: str) -> None:
    """A file sent as multipart hangs on the candidate, and comes back byte for byte."""
    person = await ashby.ask("candidate.create", {"name": "Zoë"})
    content = b"\x00\xff caf\xc3\xa9 \r\n"
    form = aiohttp.FormData({"candidateId": person["id"]}, quote_fields=False)
    form.add_field(part, content, filename="résumé.bin", content_type="application/x-thing")
    status, answer = await ashby.post(call, data=form)
    assert (status, answer["success"]) == (200, True)
    handle = answer["results"]["fileHandles"][0]
    assert handle["name"] == "résumé.bin"
    assert answer["results"].get("resumeFileHandle") == (handle if part == "resume" else None)
    assert await ashby.ask("candidate.info", {"id": person["id"]}) == answer["results"]
    assert await _download(ashby, handle["handle"]) == (200, content, "application/x-thing")


async def test_upload_is_strict(ashby: Client) -> None:
    """A form with another part, without a file, or to a call that takes none is invalid input."""
    person = await ashby.ask("candidate.create", {"name": "Zoë"})
    for call, part, value in (
        ("candidate.uploadResume", "file", b"x"),
        ("candidate.uploadFile", "file", b""),
        ("candidate.update", "file", b"x"),
    ):
        form = aiohttp.FormData({"candidateId": person["id"]})
        form.add_field(part, value, filename="cv.txt", content_type="text/plain")
        assert (await ashby.post(call, data=form))[1]["errors"] == ["invalid_input"]
    form = aiohttp.FormData({"candidateId": person["id"], "resume": "only text"}, default_to_multipart=True)
    assert (await ashby.post("candidate.uploadResume", data=form))[1]["errors"] == ["invalid_input"]
    assert (await ashby.ask("candidate.info", {"id": person["id"]}))["fileHandles"] == []


async def test_upload_by_handle(ashby: Client) -> None:
    """A handle takes the announced bytes at its URL, and then stands for them once."""
    person = await ashby.ask("candidate.create", {"name": "Zoë"})
    announced = {"filename": "cv.txt", "contentType": "text/plain", "contentLength": 5}
    upload = await ashby.ask("file.createFileUploadHandle", announced)
    asked = {"candidateId": person["id"], "resumeHandle": upload["handle"]}
    assert await ashby.errors("candidate.uploadResume", asked) == ["file_not_found"]
    for url, content, wanted in (
        (upload["url"] + "0", b"hello", 403),
        (upload["url"], b"hello, you", 400),
        (upload["url"], b"hello", 200),
    ):
        async with ashby.session.put(url, data=content, headers={"Content-Type": "text/plain"}) as response:
            assert response.status == wanted
    handle = (await ashby.ask("candidate.uploadResume", asked))["resumeFileHandle"]
    assert await _download(ashby, handle["handle"]) == (200, b"hello", "text/plain")
    assert await ashby.errors("candidate.uploadResume", asked) == ["file_not_found"]
