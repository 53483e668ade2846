"""Lists of the pretend Greenhouse: shapes, filters, cursors."""

from typing import Any

import pytest

from ..asking import Client, next_link
from .conftest import first, one

SHAPES = {
    "applications": "candidate_id job_id job_post_id stage_id stage_name status source_id referrer_id recruiter_id"
    " coordinator_id prospect prospective_job_ids rejected_at last_activity_at needs_decision location_address"
    " answers custom_fields agency_note_id",
    "rejection_details": "application_id rejected_by_id rejection_note_id rejection_reason_id rejected_at"
    " question_custom_fields",
    "candidates": "first_name last_name preferred_name company title last_activity_at private can_email time_zone"
    " tags linked_user_ids phone_numbers addresses email_addresses website_addresses social_media_addresses"
    " custom_fields",
    "attachments": "application_id candidate_id type filename url",
    "candidate_tags": "name",
    "applied_candidate_tags": "candidate_tag_id candidate_id",
    "departments": "name parent_id external_id",
    "offices": "name parent_id external_id location primary_in_house_contact_user_id",
    "eeoc": "application_id candidate_id gender race veteran_status disability_status submitted_at",
    "interviews": "job_id application_id job_interview_id starts_at ends_at all_day_start_on all_day_end_on location"
    " video_conferencing_url organizer_id scheduled_at external_event_id status",
    "interviewers": "interview_id user_id scorecard_id email response_status",
    "job_interviews": "job_interview_stage_id job_id name sort_order duration scheduling_type",
    "job_interview_stages": "job_id sort_order name active",
    "job_posts": "title internal active live featured first_published_at content internal_content language"
    " public_url job_id job_board_id questions",
    "job_post_locations": "job_post_id type plain_text_location office_id",
    "pay_input_ranges": "job_post_id currency_type min_cents max_cents",
    "jobs": "name requisition_id notes confidential status opened_at closed_at is_template copied_from_id"
    " department_id office_ids custom_fields",
    "job_hiring_managers": "job_id user_id",
    "job_owners": "job_id user_id type responsible",
    "notes": "candidate_id application_id body subject type user_id email_from email_to email_cc visibility",
    "offers": "version application_id job_id candidate_id opening_id status starts_on sent_on resolved_at"
    " custom_fields",
    "rejection_reasons": "name type",
    "scorecards": "interview_kit_id interviewer_id submitter_id application_id interviewed_at submitted_at status"
    " candidate_rating notes private_notes public_notes",
    "scorecard_question_answers": "scorecard_id scorecard_question_id answer boolean_value",
    "scorecard_candidate_attributes": "scorecard_id job_candidate_attribute_id candidate_attribute_rating note",
    "scorecard_questions": "question answer_type",
    "users": "first_name last_name name primary_email emails job_title deactivated site_admin employee_id office_ids"
    " department_ids agency_id",
    "sources": "name type",
    "referrers": "user_id name",
}


def walk(client: Client, path: str) -> list[Any]:
    """Follow next links to the end."""
    rows: list[Any] = []
    url: str | None = client.base + path
    while url:
        answer = client.ask("GET", url)
        assert answer.status == 200, answer.body
        rows += answer.json
        url = next_link(answer)
    return rows


@pytest.mark.parametrize(("kind", "keys"), SHAPES.items())
def test_rows_have_the_documented_keys(greenhouse: Client, kind: str, keys: str) -> None:
    """Every row of every list has exactly these keys, an integer id, and UTC instants with milliseconds."""
    rows = walk(greenhouse, f"/{kind}?per_page=500")
    assert rows
    for row in rows:
        assert set(row) == {"id", "created_at", "updated_at", *keys.split()}
        assert type(row["id"]) is int
        assert len(row["created_at"]) == len("2024-01-01T00:00:00.000Z")
        assert row["created_at"].endswith("Z")
    ids = [row["id"] for row in rows]
    assert ids == sorted(set(ids))


def test_references_lead_to_rows(greenhouse: Client) -> None:
    """An id in one list is found in the list that it names."""
    kinds = {
        "candidate_id": "candidates",
        "application_id": "applications",
        "job_id": "jobs",
        "stage_id": "job_interview_stages",
        "job_interview_stage_id": "job_interview_stages",
        "job_interview_id": "job_interviews",
        "job_post_id": "job_posts",
        "rejection_reason_id": "rejection_reasons",
        "source_id": "sources",
        "referrer_id": "referrers",
        "user_id": "users",
        "interviewer_id": "users",
        "organizer_id": "users",
        "office_id": "offices",
        "department_id": "departments",
        "interview_id": "interviews",
        "scorecard_id": "scorecards",
        "candidate_tag_id": "candidate_tags",
        "scorecard_question_id": "scorecard_questions",
    }
    rows = {kind: walk(greenhouse, f"/{kind}?per_page=500") for kind in SHAPES}
    known = {kind: {row["id"] for row in found} for kind, found in rows.items()}
    for found in rows.values():
        for row in found:
            for key, kind in kinds.items():
                assert row.get(key) is None or row[key] in known[kind], (key, row)


def test_paging_visits_everything_once(greenhouse: Client) -> None:
    """Small pages and one large page hold the same; the last one has no Link."""
    small, large = walk(greenhouse, "/candidates?per_page=37"), walk(greenhouse, "/candidates?per_page=500")
    assert len(large) == 300
    assert small == large
    assert len(greenhouse.get("/candidates").json) == 100


def test_a_cursor_keeps_the_filter_and_outlives_changes(greenhouse: Client) -> None:
    """What the first page asked holds to the end, though rows are made and deleted meanwhile."""
    page = greenhouse.get("/applications", status="rejected", per_page=50)
    url = next_link(page)
    assert url is not None
    assert url.startswith(f"{greenhouse.base}/applications?cursor=")
    assert "&" not in url
    assert greenhouse.ask("DELETE", f"/applications/{page.json[0]['id']}").status == 204
    rest = walk(greenhouse, url.removeprefix(greenhouse.base))
    assert {row["status"] for row in rest} == {"rejected"}
    assert len(page.json) + len(rest) == 144


def test_a_cursor_comes_alone(greenhouse: Client) -> None:
    """With another parameter, altered, or on another list, a cursor is 422."""
    cursor = (next_link(greenhouse.get("/candidates", per_page=10)) or "").partition("cursor=")[2]
    assert greenhouse.get("/candidates", cursor=cursor).status == 200
    assert greenhouse.get("/candidates", cursor=cursor, per_page=10).status == 422
    assert greenhouse.get("/candidates", cursor=cursor + "x").status == 422
    assert greenhouse.get("/candidates", cursor="garbage").status == 422
    assert greenhouse.get("/jobs", cursor=cursor).status == 422


@pytest.mark.parametrize(
    "query",
    [
        "per_page=501",
        "per_page=0",
        "page=2",
        "candidate_id=1",
        "ids=a",
        "ids=",
        "status=active",
        "created_at=2024-01-01T00:00:00Z",
        "created_at=gte|yesterday",
        "created_at=gte|2024-01-01T00:00:00",
        "created_at=since|2024-01-01T00:00:00Z",
        "created_at=gte|2024-01-01T00:00:00Z|gte|2024-01-02T00:00:00Z",
        "created_at=gte",
        "fields=id,colour",
        "created_after=2024-01-01T00:00:00Z",
    ],
)
def test_unknown_and_malformed_parameters_are_refused(greenhouse: Client, query: str) -> None:
    """422, with what is wrong by name."""
    answer = greenhouse.ask("GET", f"/applications?{query}")
    assert answer.status == 422
    assert answer.json["errors"][0].startswith(query.partition("=")[0])


def test_single_records_and_unknown_paths_are_404(greenhouse: Client) -> None:
    """There is no route for one record, whether it exists or not."""
    row = first(greenhouse, "candidates")
    for path in (f"/candidates/{row['id']}", "/candidates/1", "/openings", "/candidates/"):
        answer = greenhouse.get(path)
        assert answer.status == 404, path
        assert set(answer.json) == {"message", "errors"}


def test_ids_and_parents_narrow_a_list(greenhouse: Client) -> None:
    """`ids` and `<parent>_ids` take several values."""
    rows = walk(greenhouse, "/applications?per_page=500")
    wanted = [rows[3]["id"], rows[9]["id"]]
    found = greenhouse.ask("GET", f"/applications?ids={wanted[0]},{wanted[1]}").json
    assert [row["id"] for row in found] == wanted
    people = {rows[0]["candidate_id"], rows[1]["candidate_id"]}
    found = greenhouse.get("/applications", candidate_ids=",".join(map(str, people))).json
    assert found == [row for row in rows if row["candidate_id"] in people]


def test_instants_bound_a_list(greenhouse: Client) -> None:
    """gte and lte include the bound, gt and lt don't, and ranges chain."""
    rows = sorted(walk(greenhouse, "/candidates?per_page=500"), key=lambda row: str(row["updated_at"]))
    low, high = rows[10]["updated_at"], rows[20]["updated_at"]

    def found(bounds: str) -> list[int]:
        return sorted(row["id"] for row in walk(greenhouse, f"/candidates?per_page=500&updated_at={bounds}"))

    assert found(f"gte|{low}|lte|{high}") == sorted(row["id"] for row in rows[10:21])
    assert found(f"gt|{low}|lt|{high}") == sorted(row["id"] for row in rows[11:20])


def test_candidates_are_found_by_what_they_have(greenhouse: Client) -> None:
    """By email in any case, by tag, by privacy."""
    rows = walk(greenhouse, "/candidates?per_page=500")
    known = next(row for row in rows if len(row["email_addresses"]) == 3)
    email = known["email_addresses"][1]["value"]
    assert greenhouse.get("/candidates", email=email.upper()).json == [known]
    tagged = walk(greenhouse, "/candidates?tag=python")
    assert [row["id"] for row in tagged] == [row["id"] for row in rows if "python" in row["tags"]]
    hidden = greenhouse.get("/candidates", private="true").json
    assert hidden == [row for row in rows if row["private"]]
    assert hidden


def test_fields_narrow_a_row(greenhouse: Client) -> None:
    """Only what is named, on every page."""
    page = greenhouse.get("/jobs", fields="id,name", per_page=30)
    following = greenhouse.ask("GET", next_link(page) or "")
    assert {frozenset(row) for row in page.json + following.json} == {frozenset({"id", "name"})}


def test_the_awkward_rows_are_there(greenhouse: Client) -> None:
    """An anonymised person, a prospect, an all-day interview, superseded offers."""
    people = walk(greenhouse, "/candidates?per_page=500")
    (gone,) = (row for row in people if row["first_name"] == "Anonymized")
    assert (gone["last_name"], gone["email_addresses"], gone["tags"]) == (str(gone["id"]), [], [])
    assert any(row["prospect"] and row["job_id"] is None for row in walk(greenhouse, "/applications"))
    assert any(row["all_day_start_on"] and not row["starts_at"] for row in walk(greenhouse, "/interviews"))
    offers = walk(greenhouse, "/offers?per_page=500")
    for row in offers:
        later = [each["version"] for each in offers if each["application_id"] == row["application_id"]]
        assert (row["status"] == "Deprecated") == (row["version"] < max(later))


def test_rejections_are_joined_by_application(greenhouse: Client) -> None:
    """Every rejected application has one row of details."""
    rejected = first(greenhouse, "applications", status="rejected")
    (details,) = greenhouse.get("/rejection_details", application_ids=rejected["id"]).json
    assert details["rejected_at"] == rejected["rejected_at"]
    assert one(greenhouse, "rejection_reasons", details["rejection_reason_id"])["name"]
