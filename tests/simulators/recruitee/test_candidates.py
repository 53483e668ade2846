"""Candidates of the pretend Recruitee: their list, shapes, files, and every change to them."""

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from ..asking import Client
from .conftest import NOBODY, changed, made, multipart, patch, refused, rows, walked

FILE, OWNER = "attachment[file]", "attachment[candidate_id]"


def read(client: Client, row: Any) -> Any:
    """Give a candidate with all it has."""
    return client.get(f"/candidates/{row['id']}").json["candidate"]


def upload(client: Client, owner: int, name: str, content: bytes) -> Any:
    """Keep a file of a candidate."""
    form, headers = multipart((FILE, name, content), (OWNER, None, str(owner).encode()))
    return made(client.ask("POST", "/attachments", raw=form, headers=headers), "attachment")


def fetched(url: str) -> bytes:
    """Fetch a file without any credentials."""
    answer = Client("", {}).ask("GET", url)
    assert answer.status == 200, answer.body
    return answer.body


@pytest.mark.parametrize("size", [7, 100])
def test_pages_lose_and_repeat_nothing(recruitee: Client, size: int) -> None:
    """Walking by offset gives everybody once, the newest first, and by page the same."""
    found = walked(recruitee, "candidates", size)
    assert len({each["id"] for each in found}) == len(found) == 300
    moments = [each["created_at"] for each in found]
    assert moments == sorted(moments, reverse=True)
    second = rows(recruitee, "candidates", limit=size, page=2)
    assert [each["id"] for each in second] == [each["id"] for each in found[size : 2 * size]]
    assert len(rows(recruitee, "candidates")) == 60
    assert rows(recruitee, "candidates", limit=100, offset=300) == []


def test_list_rows_have_less(recruitee: Client) -> None:
    """Tags, fields, answers, links and files are there only when a candidate is read by id."""
    row = rows(recruitee, "candidates", limit=1)[0]
    whole = read(recruitee, row)
    assert {key: whole[key] for key in row} == row
    only = {"cv_url", "cv_original_url", "cover_letter", "cover_letter_file_url", "social_links", "links", "sources"}
    only |= {"tags", "fields", "open_question_answers", "grouped_open_question_answers"}
    assert set(whole) - set(row) == only


def test_placements_carry_reasons_only_when_rejected(recruitee: Client) -> None:
    """The key `disqualify_reason` is absent, and not null, while an application is alive."""
    placed = [one for each in walked(recruitee, "candidates", 100) for one in each["placements"]]
    assert len(placed) == 600
    assert {("disqualify_reason" in each) for each in placed if each["disqualified_at"]} == {True}
    assert {("disqualify_reason" in each) for each in placed if not each["disqualified_at"]} == {False}


def test_names_stand_beside_the_rows(recruitee: Client) -> None:
    """Every offer and stage that a row names is described once in the references."""
    answer = recruitee.get("/candidates", limit=20).json
    known = {(each["type"], each["id"]): each for each in answer["references"]}
    assert len(known) == len(answer["references"])
    for each in (one for row in answer["candidates"] for one in row["placements"]):
        assert known["Offer", each["offer_id"]]["title"]
        assert known["Stage", each["stage_id"]]["name"]


def test_filters_choose(recruitee: Client, offer: Any) -> None:
    """Each filter gives those whom it describes, neither nobody nor everybody."""
    everybody = walked(recruitee, "candidates", 100)

    def chosen(**query: Any) -> list[Any]:
        found = walked(recruitee, "candidates", 100, **query)
        assert 0 < len(found) < len(everybody)
        return [each["id"] for each in found]

    def where(test: Any) -> list[Any]:
        return [each["id"] for each in everybody if test(each)]

    def out(row: Any) -> list[bool]:
        return [each["disqualified_at"] is not None for each in row["placements"]]

    middle = everybody[150]["created_at"]
    assert chosen(created_after=middle) == where(lambda row: row["created_at"] > middle)
    assert chosen(query="ana") == where(lambda row: "ana" in row["name"].lower())
    assert chosen(disqualified="true") == where(lambda row: any(out(row)))
    assert chosen(with_messages="true") == where(lambda row: row["last_message_at"])
    applied = where(lambda row: any(each["offer_id"] == offer["id"] for each in row["placements"]))
    assert chosen(offer_id=offer["id"]) == applied
    lost, kept = (chosen(offer_id=offer["id"], **{each: "true"}) for each in ("disqualified", "qualified"))
    assert sorted([*lost, *kept]) == sorted(applied)
    some = [everybody[3]["id"], everybody[5]["id"]]
    assert chosen(ids=",".join(map(str, some))) == some
    assert [each["id"] for each in rows(recruitee, "candidates", None, **{"ids[]": some})] == some
    written = [each["last_message_at"] or "" for each in rows(recruitee, "candidates", sort="by_last_message")]
    assert written == sorted(written, reverse=True)


def test_people_differ(recruitee: Client) -> None:
    """There are some with tags, letters, answers, several jobs and no email, and one who was anonymized."""
    people = [read(recruitee, each) for each in walked(recruitee, "candidates", 100)[:120]]
    assert {bool(each["tags"]) for each in people} == {True, False}
    for key in ("cv_original_url", "cover_letter_file_url", "open_question_answers", "emails", "phones"):
        assert {bool(each[key]) for each in people} == {True, False}, key
    assert {one["kind"] for each in people for one in each["fields"]} == {"experience", "education", "single_line"}
    (nobody,) = rows(recruitee, "candidates", query="anonymized")
    assert (nobody["emails"], nobody["phones"], read(recruitee, nobody)["fields"]) == ([], [], [])


def test_a_new_candidate_is_kept(recruitee: Client, offer: Any) -> None:
    """All that was said is read again, in the list and by id, placed in the first stage of each offer."""
    body = {
        "name": "Grace Pike",
        "emails": ["grace@mail.example", "g@work.example"],
        "phones": ["+351 555"],
        "social_links": ["https://www.linkedin.com/in/grace"],
        "links": ["https://grace.example"],
        "cover_letter": "Hello",
        "sources": ["Word of mouth"],
    }
    row = made(recruitee.post("/candidates", {"candidate": body, "offers": [offer["id"]]}), "candidate")
    whole = read(recruitee, row)
    assert {key: whole[key] for key in body} == body
    assert whole == row
    (placed,) = whole["placements"]
    assert placed["stage_id"] == offer["pipeline_template"]["stages"][0]["id"]
    assert rows(recruitee, "candidates", limit=1)[0]["id"] == row["id"]
    other = made(recruitee.post(f"/offers/{offer['id']}/candidates", {"candidate": {"name": "Ivo"}}), "candidate")
    assert [each["offer_id"] for each in other["placements"]] == [offer["id"]]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"candidate": {"name": " "}}, "name"),
        ({"candidate": {"name": "A", "emails": "a@b.example"}}, "emails"),
        ({"candidate": {"name": "A", "emails": ["nonsense"]}}, "emails[0]"),
        ({"candidate": {"name": "A", "shoe_size": 43}}, "shoe_size"),
        ({"candidate": {"name": "A", "remote_cv_url": "ftp://x"}}, "remote_cv_url"),
        ({"candidate": {"name": "A"}, "offers": [NOBODY]}, "offers"),
        ({"candidate": {"name": "A"}, "tags": ["x"]}, "tags"),
    ],
)
def test_malformed_candidates_are_refused(recruitee: Client, body: Any, field: str) -> None:
    """What does not fit is refused by its field."""
    assert set(refused(recruitee.post("/candidates", body))) == {field}


def test_refused_candidates_are_not_kept(recruitee: Client) -> None:
    """A refusal leaves nobody behind."""
    before = len(walked(recruitee, "candidates", 100))
    for body in ({"name": "A", "remote_cv_url": "ftp://x"}, {"name": "A", "emails": ["nonsense"]}):
        refused(recruitee.post("/candidates", {"candidate": body}))
    refused(recruitee.post("/candidates", {"candidate": {"name": "A"}, "offers": [NOBODY]}))
    assert len(walked(recruitee, "candidates", 100)) == before


def test_a_change_keeps_the_rest(recruitee: Client) -> None:
    """What is not named stays, and the time of the change is told."""
    before = read(recruitee, rows(recruitee, "candidates", limit=1)[0])
    path = f"/candidates/{before['id']}"
    after = changed(patch(recruitee, path, {"candidate": {"emails": ["new@mail.example"]}}), "candidate")
    assert after["updated_at"] > before["updated_at"]
    # Signed URLs differ with the second they are made in.
    ours = {"emails", "updated_at", "cv_url", "cv_original_url", "cover_letter_file_url"}
    assert {key for key in before if before[key] != after[key]} <= ours
    assert read(recruitee, before)["emails"] == ["new@mail.example"]
    assert set(refused(patch(recruitee, path, {"candidate": {"name": ""}}))) == {"name"}


def test_presence_is_told_by_email(recruitee: Client) -> None:
    """An address is present in whichever case, until its owner is gone."""
    row = made(recruitee.post("/candidates", {"candidate": {"name": "A", "emails": ["a@new.example"]}}), "candidate")
    assert recruitee.get("/candidates/check_presence", email="A@new.example").json["present"] is True
    assert recruitee.ask("DELETE", f"/candidates/{row['id']}").status == 204
    assert recruitee.get("/candidates/check_presence", email="a@new.example").json["present"] is False


def test_a_deleted_candidate_takes_all_along(recruitee: Client, candidate: Any, placement: Any, offer: Any) -> None:
    """With a candidate go the applications and files, and the URLs of these."""
    form, headers = multipart(("candidate[cv]", "cv.txt", b"one"))
    changed(recruitee.ask("PATCH", f"/candidates/{candidate['id']}", raw=form, headers=headers), "candidate")
    url = upload(recruitee, candidate["id"], "a.txt", b"a")["url"]
    urls = [url, read(recruitee, candidate)["cv_original_url"]]
    assert [fetched(each) for each in urls] == [b"a", b"one"]
    assert recruitee.ask("DELETE", f"/candidates/{candidate['id']}").status == 204
    assert recruitee.get(f"/candidates/{candidate['id']}").status == 404
    assert [Client("", {}).ask("GET", each).status for each in urls] == [404, 404]
    assert recruitee.ask("DELETE", f"/placements/{placement['id']}").status == 404
    assert recruitee.get(f"/offers/{offer['id']}").json["offer"]["candidates_count"] == offer["candidates_count"]


def test_merging_joins_people(recruitee: Client, offer: Any) -> None:
    """The one who stays gains emails, tags, notes and applications of the other, who is gone."""
    one, two = (
        made(recruitee.post("/candidates", {"candidate": {"name": each, "emails": [f"{each}@x.example"]}}), "candidate")
        for each in ("ana", "bea")
    )
    shared = rows(recruitee, "offers", scope="archived", limit=1)[0]
    for who, what in ((one, shared), (two, shared), (two, offer)):
        made(recruitee.post("/placements", {"candidate_id": who["id"], "offer_id": what["id"]}), "placement")
    form, headers = multipart(("candidate[cv]", "cv.txt", b"hers"))
    changed(recruitee.ask("PATCH", f"/candidates/{two['id']}", raw=form, headers=headers), "candidate")
    made(recruitee.post(f"/candidates/{two['id']}/tags", {"tags": ["merged"]}), "tags")
    made(recruitee.post(f"/candidates/{two['id']}/notes", {"note": {"body": "Kind."}}), "note")
    upload(recruitee, two["id"], "b.txt", b"b")
    assert set(refused(patch(recruitee, f"/candidates/{one['id']}/merge", {"ids": [NOBODY]}))) == {"ids"}
    joined = changed(patch(recruitee, f"/candidates/{one['id']}/merge", {"ids": [one["id"], two["id"]]}), "candidate")
    assert (joined["emails"], joined["tags"]) == (["ana@x.example", "bea@x.example"], ["merged"])
    assert [each["offer_id"] for each in joined["placements"]] == [shared["id"], offer["id"]]
    assert {each["candidate_id"] for each in joined["placements"]} == {one["id"]}
    assert fetched(joined["cv_original_url"]) == b"hers"
    assert [each["body"] for each in rows(recruitee, f"candidates/{one['id']}/notes")] == ["Kind."]
    assert [each["filename"] for each in rows(recruitee, f"candidates/{one['id']}/attachments")] == ["b.txt"]
    assert recruitee.get(f"/candidates/{two['id']}").status == 404


def test_tags_are_made_when_missing(recruitee: Client, candidate: Any) -> None:
    """A tag is found by its name in whichever case, made when it is new, and counted."""
    before = {each["name"]: each["taggings_count"] for each in rows(recruitee, "tags")}
    path = f"/candidates/{candidate['id']}/tags"
    made(recruitee.post(path, {"tags": ["PYTHON", "fresh"]}), "tags")
    made(recruitee.post(path, {"tags": ["fresh"]}), "tags")
    assert read(recruitee, candidate)["tags"] == ["python", "fresh"]
    after = {each["name"]: each["taggings_count"] for each in rows(recruitee, "tags")}
    assert after == {**before, "python": before["python"] + 1, "fresh": 1}
    others = [each["id"] for each in rows(recruitee, "candidates", limit=3)]
    changed(patch(recruitee, "/bulk/candidates/tags", {"candidates": others, "tags": ["all"]}), "candidates")
    assert all("all" in read(recruitee, {"id": each})["tags"] for each in others)
    assert set(refused(recruitee.post(path, {"tags": []}))) == {"tags"}
    assert set(refused(patch(recruitee, "/bulk/candidates/tags", {"candidates": [NOBODY], "tags": ["x"]}))) == {
        "candidates"
    }


def test_a_file_comes_back_as_it_went(recruitee: Client, candidate: Any) -> None:
    """An upload is listed for its candidate, and its URL gives the same bytes to anybody."""
    content = bytes(range(256)) * 50
    row = upload(recruitee, candidate["id"], "été.bin", content)
    (listed,) = rows(recruitee, f"candidates/{candidate['id']}/attachments")
    assert (listed["id"], listed["filename"], listed["file_size"]) == (row["id"], "été.bin", len(content))
    assert fetched(listed["url"]) == content
    assert Client("", {}).ask("GET", listed["url"].replace("signature=", "signature=0")).status == 403


def test_uploads_are_particular(recruitee: Client, candidate: Any) -> None:
    """Another name of the part is a server error; an id in the query makes an orphan that nobody finds."""
    form, headers = multipart(("file", "a.txt", b"a"))
    assert isinstance(refused(recruitee.ask("POST", "/attachments", raw=form, headers=headers), 500), str)
    form, headers = multipart((FILE, "a.txt", b"a"))
    path = f"/attachments?candidate_id={candidate['id']}"
    orphan = made(recruitee.ask("POST", path, raw=form, headers=headers), "attachment")
    assert orphan["candidate_id"] is None
    assert rows(recruitee, f"candidates/{candidate['id']}/attachments") == []
    form, headers = multipart((FILE, "a.txt", b"a"), (OWNER, None, b"999999999"))
    assert set(refused(recruitee.ask("POST", "/attachments", raw=form, headers=headers))) == {"candidate_id"}
    assert recruitee.post("/attachments", {"attachment": {}}).status == 400


def test_an_attachment_becomes_the_cv(recruitee: Client) -> None:
    """It replaces the CV that there was, and is no longer an attachment; only one's own can."""
    row = next(each for each in rows(recruitee, "candidates") if read(recruitee, each)["cv_original_url"])
    before = fetched(read(recruitee, row)["cv_original_url"])
    assert before.startswith(b"%PDF")
    held = rows(recruitee, f"candidates/{row['id']}/attachments")
    attachment = upload(recruitee, row["id"], "cv.txt", b"my new life")
    other = rows(recruitee, "candidates", limit=2)[1]
    assert patch(recruitee, f"/candidates/{other['id']}/set_as_cv/{attachment['id']}").status == 404
    changed(patch(recruitee, f"/candidates/{row['id']}/set_as_cv/{attachment['id']}"), "candidate")
    assert fetched(read(recruitee, row)["cv_original_url"]) == b"my new life"
    ids = [each["id"] for each in rows(recruitee, f"candidates/{row['id']}/attachments")]
    assert ids == [each["id"] for each in held]


def test_a_cv_may_come_with_a_form(recruitee: Client, candidate: Any) -> None:
    """A multipart change or creation carries the CV as a file."""
    form, headers = multipart(("candidate[cv]", "cv.txt", b"one"))
    changed(recruitee.ask("PATCH", f"/candidates/{candidate['id']}", raw=form, headers=headers), "candidate")
    assert fetched(read(recruitee, candidate)["cv_original_url"]) == b"one"
    parts = (("candidate[name]", None, b"Ada"), ("candidate[emails][]", None, b"ada@x.example"))
    form, headers = multipart(*parts, ("candidate[cv]", "cv.txt", b"two"))
    row = made(recruitee.ask("POST", "/candidates", raw=form, headers=headers), "candidate")
    assert (row["name"], row["emails"], fetched(row["cv_original_url"])) == ("Ada", ["ada@x.example"], b"two")


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """Give the URL of a file on another server of this machine."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"from elsewhere")

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Page)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/cv.txt"
    server.shutdown()
    server.server_close()


def test_a_cv_may_be_fetched(recruitee: Client, elsewhere: str) -> None:
    """A CV that is named by its address is there soon after."""
    body = {"name": "Ada", "remote_cv_url": elsewhere}
    row = made(recruitee.post("/candidates", {"candidate": body}), "candidate")
    for _ in range(100):
        if url := read(recruitee, row)["cv_original_url"]:
            assert fetched(url) == b"from elsewhere"
            return
        time.sleep(0.02)
    raise AssertionError("the CV never came")
