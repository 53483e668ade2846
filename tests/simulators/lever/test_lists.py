"""Lists of the pretend Lever: pages, filters, expansions and the shapes of records."""

from typing import Any

import pytest

from ..asking import Answer
from .conftest import NOBODY, Lever

TOP = (
    *("/opportunities", "/postings", "/users", "/stages", "/disposition_stages", "/archive_reasons", "/tags"),
    *("/sources", "/requisitions", "/eeo/responses", "/eeo/responses/pii", "/feedback_templates"),
    *("/opportunities/deleted", "/applications/deleted", "/postings/deleted"),
)
NESTED = ("applications", "notes", "emails", "interviews", "panels", "feedback", "files", "resumes", "offers")
LEGACY = {"archivedAt", "archiveReason", "opportunityLocation", "resume"}


def refused(answer: Answer) -> str:
    """Give why a request is malformed."""
    assert (answer.status, answer.json["code"]) == (400, "BadRequest")
    message: str = answer.json["message"]
    return message


@pytest.mark.parametrize("path", TOP)
def test_pages_lose_and_repeat_nothing(lever: Lever, path: str) -> None:
    """Small pages and large ones hold the same records in the same order."""
    large = lever.walk(path)
    assert large
    assert lever.walk(path, limit=min(100, max(1, len(large) // 4))) == large
    assert lever.http.get(path, limit=min(100, len(large))).json["hasNext"] == (len(large) > 100)
    keys = [each["id"] if "id" in each else each["text"] for each in large]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("kind", NESTED)
def test_nested_lists_are_pages_too(lever: Lever, kind: str) -> None:
    """Whatever belongs to an opportunity is paged alike."""
    for each in lever.walk("/opportunities", confidentiality="all"):
        whole = lever.walk(f"/opportunities/{each['id']}/{kind}")
        if whole:
            break
    assert whole
    assert lever.walk(f"/opportunities/{each['id']}/{kind}", limit=1) == whole


def test_what_is_made_while_paging_comes_last(lever: Lever) -> None:
    """A walk that began before a record was made still meets every other once."""
    before = [each["id"] for each in lever.walk("/users")]
    first = lever.http.get("/users", limit=5).json
    made = lever.http.post("/users", {"name": "New One", "email": "new@meridian.example"}).json["data"]["id"]
    rest = lever.walk("/users", limit=100, offset=first["next"]) if first["hasNext"] else []
    assert [each["id"] for each in (*first["data"], *rest)] == [*before, made]


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"offset": "0"}, "offset"),
        ({"offset": "bm90IGEgY3Vyc29y"}, "offset"),
        ({"cursor": "x"}, "cursor is not a known parameter"),
        ({"expand": "owner,posting"}, "expand"),
        ({"include": "content"}, "include"),
        ({"updated_at_start": "2024-01-01T00:00:00Z"}, "updated_at_start must be an integer"),
        ({"archived": "yes"}, "archived"),
        ({"origin": "elsewhere"}, "origin"),
        ({"confidentiality": "secret"}, "confidentiality"),
        ({"status": "open"}, "status is not a known parameter"),
    ],
)
def test_malformed_queries_are_refused(lever: Lever, query: dict[str, Any], why: str) -> None:
    """Unknown parameters, and values that don't fit, are a BadRequest that names them."""
    assert why in refused(lever.http.get("/opportunities", **query))


def test_an_offset_belongs_to_its_query(lever: Lever) -> None:
    """An offset is refused with other filters and on other lists, and taken with another limit."""
    offset = lever.http.get("/opportunities", limit=1, archived="true").json["next"]
    assert lever.http.get("/opportunities", limit=2, archived="true", offset=offset).status == 200
    assert "offset" in refused(lever.http.get("/opportunities", archived="false", offset=offset))
    assert "offset" in refused(lever.http.get("/users", offset=offset))


def test_unknown_paths_and_ids_are_not_found(lever: Lever, opportunity: Any) -> None:
    """Whatever is not there is a ResourceNotFound, also a record below another opportunity."""
    other = next(each["id"] for each in lever.get("/opportunities") if each["id"] != opportunity["id"])
    for path in (
        "/nowhere",
        f"/opportunities/{NOBODY}",
        f"/opportunities/{NOBODY}/notes",
        "/stages/unknown",
        f"/contacts/{NOBODY}",
        f"/opportunities/{other}/applications/{opportunity['applications'][0]}",
    ):
        answer = lever.http.get(path)
        assert (answer.status, answer.json["code"]) == (404, "ResourceNotFound"), path
    assert lever.http.ask("DELETE", f"/opportunities/{other}").status == 404


def test_confidential_opportunities_are_hidden_by_default(lever: Lever) -> None:
    """They are listed when they are asked for, alone or with all others."""
    ids = {
        wanted: {each["id"] for each in lever.walk("/opportunities", **query)}
        for wanted, query in (
            ("default", {}),
            ("non-confidential", {"confidentiality": "non-confidential"}),
            ("confidential", {"confidentiality": "confidential"}),
            ("all", {"confidentiality": "all"}),
        )
    }
    assert ids["default"] == ids["non-confidential"]
    assert ids["confidential"]
    assert ids["all"] == ids["default"] | ids["confidential"]
    assert not ids["default"] & ids["confidential"]


def test_opportunities_filter(lever: Lever) -> None:
    """Each filter keeps exactly the opportunities that have what it says."""
    everything = lever.walk("/opportunities", expand="applications")
    middle = sorted(each["updatedAt"] for each in everything)[len(everything) // 2]
    archived = next(each for each in everything if each["archived"])
    ended = archived["archived"]["archivedAt"]
    some = next(each for each in everything if each["tags"] and each["sources"] and each["emails"])
    applied = next(each for each in everything if each["applications"] and not each["archived"])
    left = next(each for each in everything if each["applications"] and each["archived"])
    wanted: list[tuple[dict[str, Any], Any]] = [
        ({"updated_at_start": middle}, lambda row: row["updatedAt"] >= middle),
        ({"updated_at_end": middle}, lambda row: row["updatedAt"] <= middle),
        ({"created_at_start": some["createdAt"]}, lambda row: row["createdAt"] >= some["createdAt"]),
        ({"advanced_at_end": some["lastAdvancedAt"]}, lambda row: row["lastAdvancedAt"] <= some["lastAdvancedAt"]),
        (
            {"archived_at_start": ended, "archived_at_end": ended},
            lambda row: bool(row["archived"]) and row["archived"]["archivedAt"] == ended,
        ),
        ({"archived": "true"}, lambda row: bool(row["archived"])),
        ({"archived": "false"}, lambda row: not row["archived"]),
        (
            {"archive_reason_id": archived["archived"]["reason"]},
            lambda row: bool(row["archived"]) and row["archived"]["reason"] == archived["archived"]["reason"],
        ),
        ({"snoozed": "true"}, lambda row: row["snoozedUntil"] is not None),
        ({"stage_id": "applicant-new"}, lambda row: row["stage"] == "applicant-new"),
        ({"tag": some["tags"][0]}, lambda row: some["tags"][0] in row["tags"]),
        ({"source": some["sources"][0]}, lambda row: some["sources"][0] in row["sources"]),
        ({"origin": "agency"}, lambda row: row["origin"] == "agency"),
        ({"email": some["emails"][0].upper()}, lambda row: some["emails"][0] in row["emails"]),
        ({"contact_id": some["contact"]}, lambda row: row["contact"] == some["contact"]),
        (
            {"posting_id": applied["applications"][0]["posting"]},
            lambda row: any(
                each["posting"] == applied["applications"][0]["posting"] and not each["archived"]
                for each in row["applications"]
            ),
        ),
        (
            {"archived_posting_id": left["applications"][0]["posting"]},
            lambda row: any(
                each["posting"] == left["applications"][0]["posting"] and each["archived"]
                for each in row["applications"]
            ),
        ),
    ]
    for query, keeps in wanted:
        expected = [each["id"] for each in everything if keeps(each)]
        assert expected, query
        assert len(expected) < len(everything), query
        assert [each["id"] for each in lever.walk("/opportunities", **query)] == expected, query


def test_opportunities_show_their_contact(lever: Lever, opportunity: Any) -> None:
    """Name and addresses are the contact's; instants are epoch milliseconds; the location is a string."""
    contact = lever.get(f"/contacts/{opportunity['contact']}")
    for key in ("name", "headline", "emails", "phones", "isAnonymized"):
        assert opportunity[key] == contact[key]
    assert opportunity["location"] == contact["location"]["name"]
    assert opportunity["createdAt"] > 1_700_000_000_000
    assert all(opportunity[key] is None for key in LEGACY)
    assert opportunity["urls"]["show"].endswith(opportunity["id"])
    assert opportunity["stageChanges"][-1]["toStageId"] == opportunity["stage"]


def test_some_records_are_odd(lever: Lever) -> None:
    """There are people with several opportunities or none for a posting, without headline, place, owner or emails."""
    found = lever.walk("/opportunities", confidentiality="all")
    contacts = [each["contact"] for each in found]
    assert len(set(contacts)) < len(contacts)
    for key in ("headline", "location", "owner", "dataProtection"):
        assert {each[key] is None for each in found} == {True, False}, key
    for key in ("applications", "emails", "tags", "sources"):
        assert {len(each[key]) == 0 for each in found} == {True, False}, key
    assert any(phone["type"] is None for each in found for phone in each["phones"])
    assert sum(each["isAnonymized"] for each in found) >= 1
    built_in = {each["stage"] for each in found if "-" in each["stage"] and len(each["stage"]) < 36}
    assert built_in == {"lead-new", "lead-reached-out", "lead-responded", "applicant-new"}


def test_expansion_replaces_ids(lever: Lever, opportunity: Any) -> None:
    """What is expanded comes whole, whether the parameter is repeated or has commas, and for one record too."""
    path = f"/opportunities/{opportunity['id']}"
    commas = lever.get(path, expand="applications,stage,owner,followers,contact,sourcedBy")
    repeated = lever.http.get(
        f"{path}?expand=applications&expand=stage&expand=owner&expand=followers&expand=contact&expand=sourcedBy"
    )
    assert repeated.json["data"] == commas
    assert commas["stage"] == lever.get(f"/stages/{opportunity['stage']}")
    assert commas["contact"] == lever.get(f"/contacts/{opportunity['contact']}")
    assert commas["applications"] == lever.get(f"{path}/applications")
    assert [each["id"] for each in commas["applications"]] == opportunity["applications"]
    assert commas["owner"] == lever.get(f"/users/{opportunity['owner']}")
    assert [each["id"] for each in commas["followers"]] == opportunity["followers"]


def test_applications_belong_to_their_opportunity(lever: Lever) -> None:
    """An application names its opportunity twice, and is archived as it is."""
    for each in lever.get("/opportunities", expand="applications", archived="true", limit=20):
        for application in each["applications"]:
            assert application["opportunityId"] == application["candidateId"] == each["id"]
            assert application["archived"] == each["archived"]
    found = lever.walk("/opportunities", expand="applications", confidentiality="all")
    assert {row["type"] for each in found for row in each["applications"]} == {"posting", "referral", "user"}


def test_postings_filter_and_hide_their_content(lever: Lever) -> None:
    """Postings filter by what they are; a list has their content only if it is included."""
    everything = lever.walk("/postings", confidentiality="all")
    assert {each["state"] for each in everything} == {
        "published",
        "internal",
        "closed",
        "draft",
        "pending",
        "rejected",
    }
    assert not any("content" in each for each in everything)
    whole = lever.walk("/postings", include="content", state="published")
    assert whole
    assert all(each["content"]["descriptionHtml"] and each["state"] == "published" for each in whole)
    assert lever.get(f"/postings/{whole[0]['id']}")["content"] == whole[0]["content"]
    shown = lever.walk("/postings", confidentiality="all")
    for name in ("team", "department", "location", "commitment"):
        value = next(each["categories"][name] for each in shown if each["categories"][name])
        found = lever.walk("/postings", confidentiality="all", **{name: value})
        assert found == [each for each in shown if each["categories"][name] == value]
    inside = lever.walk("/postings", distributionChannel="internal")
    assert {each["state"] for each in inside} == {"published", "internal"}
    assert {"salaryRange" in each for each in everything} == {True, False}


def test_posting_expansion(lever: Lever) -> None:
    """The people of a posting come whole when they are expanded."""
    posting = next(each for each in lever.get("/postings") if each["owner"] and each["hiringManager"])
    whole = lever.get(f"/postings/{posting['id']}", expand="user,owner,hiringManager,followers")
    for name in ("user", "owner", "hiringManager"):
        assert whole[name]["id"] == posting[name]
        assert whole[name]["email"].endswith("@meridian.example")
    assert "expand" in refused(lever.http.get("/postings", expand="stage"))


def test_users_who_left_must_be_asked_for(lever: Lever) -> None:
    """The list gives who is active, and all with `includeDeactivated`."""
    active = lever.walk("/users")
    everyone = lever.walk("/users", includeDeactivated="true")
    assert all(each["deactivatedAt"] is None for each in active)
    gone = [each for each in everyone if each["deactivatedAt"]]
    assert len(everyone) == len(active) + len(gone) > len(active)


def test_stages_and_reasons(lever: Lever) -> None:
    """Stages are the account's; dispositions tell their places; reasons are hired or not."""
    stages, dispositions = lever.get("/stages"), lever.get("/disposition_stages")
    assert all(set(each) == {"id", "text"} for each in stages)
    assert [each["id"] for each in dispositions] == [each["id"] for each in stages]
    assert [each["rank"] for each in dispositions] == sorted({each["rank"] for each in dispositions})
    assert {each["pipeline"] for each in dispositions} == {"lead", "applicant", "screen", "onsite", "offer"}
    hired, others = lever.get("/archive_reasons", type="hired"), lever.get("/archive_reasons", type="non-hired")
    assert {each["type"] for each in hired} == {"hired"}
    assert {each["status"] for each in others} == {"active", "inactive"}
    assert len(hired) + len(others) == len(lever.get("/archive_reasons"))
    assert lever.get(f"/archive_reasons/{hired[0]['id']}") == hired[0]


def test_surveys_are_linked_or_anonymous(lever: Lever) -> None:
    """Only linked answers say whose they are; a question that was skipped has no key."""
    answers = {"gender", "race", "veteran", "disability"}
    assert all(set(each) <= {"id", *answers} for each in lever.walk("/eeo/responses"))
    found = lever.walk("/eeo/responses/pii")
    assert {len(answers & set(each)) for each in found} >= {2, 3, 4}
    first = found[0]
    application = lever.get(f"/opportunities/{first['opportunityId']}/applications/{first['applicationId']}")
    assert (first["posting"], first["appliedAt"]) == (application["posting"], application["createdAt"])


def test_what_was_deleted_has_a_time(lever: Lever) -> None:
    """The lists of what was deleted filter by when."""
    for kind in ("opportunities", "applications", "postings"):
        found = lever.get(f"/{kind}/deleted")
        last = max(each["deletedAt"] for each in found)
        assert [each["deletedAt"] for each in lever.get(f"/{kind}/deleted", deleted_at_start=last)] == [last]
        assert lever.http.get(f"/{kind}/{found[0]['id']}").status == 404


def test_offers_have_documents_once_they_were_sent(lever: Lever) -> None:
    """A draft has none; a signed one has both, which can be downloaded."""
    seen: dict[str, Any] = {}
    for each in lever.walk("/opportunities", confidentiality="all"):
        for offer in lever.get(f"/opportunities/{each['id']}/offers"):
            seen.setdefault(offer["status"], (each["id"], offer))
    assert {"draft", "signed", "denied"} <= set(seen)
    opportunity, draft = seen["draft"]
    assert draft["sentDocument"] is None
    path = f"/opportunities/{opportunity}/offers/{draft['id']}/download"
    assert lever.http.get(path, status="signed").status == 404
    _, signed = seen["signed"]
    for kind in ("sentDocument", "signedDocument"):
        answer = lever.http.ask("GET", signed[kind]["downloadUrl"])
        assert answer.body.startswith(b"%PDF")
    assert "anticipated_start_date" in [each["identifier"] for each in signed["fields"]]
