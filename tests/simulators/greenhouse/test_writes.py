"""Writes of the pretend Greenhouse: what is done is then seen, and what makes no sense is refused."""

from base64 import b64encode
from typing import Any

import pytest

from ..asking import Client
from .conftest import first, one

MISSING = 999_999_999_999


def active(client: Client, **wanted: Any) -> Any:
    """Give an application in process for an open job, with these values."""
    jobs = {row["id"] for row in client.get("/jobs", status="open", per_page=500).json}
    rows = client.get("/applications", status="in_process", per_page=500).json
    return next(
        row for row in rows if row["job_id"] in jobs and all(row[key] == value for key, value in wanted.items())
    )


def refused(client: Client, path: str, body: Any, where: str, method: str = "POST") -> None:
    """Assert a 422 whose first error names the place."""
    answer = client.ask(method, path, json_body=body)
    assert answer.status == 422, answer.body
    assert answer.json["errors"][0].startswith(where), answer.json


def person(client: Client, **more: Any) -> dict[str, Any]:
    """Word a new candidate for the first open job."""
    job = first(client, "jobs", status="open")["id"]
    return {"first_name": "Ada", "last_name": "Brânză", "applications": [{"job_id": job}], **more}


def test_a_new_candidate_is_listed_with_its_application(greenhouse: Client) -> None:
    """It stands at the first stage of the job, and unknown tags are made."""
    emails = [{"value": "ada@new.example", "type": "personal"}]
    answer = greenhouse.post("/candidates", person(greenhouse, email_addresses=emails, tags=["fresh", "python"]))
    assert answer.status == 201
    assert greenhouse.get("/candidates", email="ada@new.example").json == [answer.json]
    assert answer.json["tags"] == ["fresh", "python"]
    (application,) = greenhouse.get("/applications", candidate_ids=answer.json["id"]).json
    assert one(greenhouse, "job_interview_stages", application["stage_id"])["sort_order"] == 0
    assert application["status"] == "in_process"
    assert "fresh" in {row["name"] for row in greenhouse.get("/candidate_tags").json}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"first_name": ""}, "first_name"),
        ({"applications": []}, "applications"),
        ({"applications": [{"job_id": MISSING}]}, "job_id"),
        ({"applications": [{}]}, "applications[0].job_id"),
        ({"email_addresses": [{"value": "nobody", "type": "personal"}]}, "email_addresses[0].value"),
        ({"email_addresses": [{"value": "a@b.example"}]}, "email_addresses[0].type"),
        ({"email_addresses": {"value": "a@b.example", "type": "work"}}, "email_addresses"),
        ({"phone_numbers": [{"value": "1", "type": "fax"}]}, "phone_numbers[0].type"),
        ({"emails": []}, "emails"),
    ],
)
def test_a_malformed_candidate_is_refused(greenhouse: Client, change: dict[str, Any], where: str) -> None:
    """Each mistake is named, and nobody is made."""
    refused(greenhouse, "/candidates", person(greenhouse, **change), where)
    assert greenhouse.get("/candidates", created_at="gte|2026-10-01T00:00:00Z").json == []


def test_a_list_in_a_candidate_is_replaced(greenhouse: Client) -> None:
    """PATCH keeps what it does not name, and replaces lists whole."""
    before = next(row for row in greenhouse.get("/candidates").json if len(row["email_addresses"]) == 3)
    path = f"/candidates/{before['id']}"
    emails = [{"value": "only@one.example", "type": "work"}]
    changed = greenhouse.ask("PATCH", path, json_body={"email_addresses": emails, "title": None})
    assert changed.status == 200
    after = one(greenhouse, "candidates", before["id"])
    assert after == changed.json
    assert (after["email_addresses"], after["title"]) == (emails, None)
    assert after["phone_numbers"] == before["phone_numbers"]
    assert after["updated_at"] > before["updated_at"]
    assert greenhouse.ask("PATCH", "/candidates/1", json_body={}).status == 404


def test_a_deleted_candidate_takes_its_rows_along(greenhouse: Client) -> None:
    """Applications, files and notes are gone too; deleting again is 404."""
    application = first(greenhouse, "applications")
    path = f"/candidates/{application['candidate_id']}"
    assert greenhouse.ask("DELETE", path).status == 204
    assert greenhouse.ask("DELETE", path).status == 404
    for kind in ("applications", "attachments", "notes", "applied_candidate_tags"):
        assert greenhouse.get(f"/{kind}", candidate_ids=application["candidate_id"]).json == []
    assert greenhouse.get("/candidates", ids=application["candidate_id"]).json == []


def test_merging_gives_everything_to_one(greenhouse: Client) -> None:
    """The duplicate is gone; its applications and addresses are the other's."""
    keep, twin = greenhouse.get("/candidates", per_page=2).json
    moved = greenhouse.get("/applications", candidate_ids=twin["id"]).json
    body = {"duplicate_candidate_id": twin["id"]}
    merged = greenhouse.post(f"/candidates/{keep['id']}/merge", body)
    assert merged.status == 200
    assert merged.json["email_addresses"] == keep["email_addresses"] + twin["email_addresses"]
    held = {row["id"] for row in greenhouse.get("/applications", candidate_ids=keep["id"]).json}
    assert {row["id"] for row in moved} < held
    assert greenhouse.get("/candidates", ids=twin["id"]).json == []
    refused(greenhouse, f"/candidates/{keep['id']}/merge", body, "duplicate_candidate_id")


def test_anonymizing_leaves_the_applications(greenhouse: Client) -> None:
    """Name, contacts, tags and files go."""
    attachment = first(greenhouse, "attachments")
    path = f"/candidates/{attachment['candidate_id']}/anonymize"
    gone = greenhouse.ask("PATCH", path).json
    assert (gone["first_name"], gone["last_name"]) == ("Anonymized", str(gone["id"]))
    assert gone["email_addresses"] == gone["tags"] == gone["phone_numbers"] == []
    assert greenhouse.get("/attachments", candidate_ids=gone["id"]).json == []
    assert greenhouse.get("/applications", candidate_ids=gone["id"]).json
    assert greenhouse.ask("GET", attachment["url"]).status == 404


def test_an_application_is_made_once_for_a_job(greenhouse: Client) -> None:
    """A second one in process, a closed job, or a stage of another job is refused."""
    made = greenhouse.post("/candidates", person(greenhouse)).json
    (own,) = greenhouse.get("/applications", candidate_ids=made["id"]).json
    refused(greenhouse, "/applications", {"candidate_id": made["id"], "job_id": own["job_id"]}, "job_id")
    closed = first(greenhouse, "jobs", status="closed")["id"]
    refused(greenhouse, "/applications", {"candidate_id": made["id"], "job_id": closed}, "job_id")
    other = greenhouse.get("/jobs", status="open", per_page=2).json[1]["id"]
    body = {"candidate_id": made["id"], "job_id": other}
    refused(greenhouse, "/applications", {**body, "initial_stage_id": own["stage_id"]}, "initial_stage_id")
    answer = greenhouse.post("/applications", {**body, "source_id": first(greenhouse, "sources")["id"]})
    assert answer.status == 201
    assert one(greenhouse, "applications", answer.json["id"]) == answer.json


def test_an_application_can_be_changed_and_deleted(greenhouse: Client) -> None:
    """The recruiter changes; the candidate does not; then it is gone."""
    application = first(greenhouse, "applications")
    path = f"/applications/{application['id']}"
    user = first(greenhouse, "users")["id"]
    assert greenhouse.ask("PATCH", path, json_body={"recruiter_id": user}).json["recruiter_id"] == user
    refused(greenhouse, path, {"candidate_id": 1}, "candidate_id", "PATCH")
    refused(greenhouse, path, {"recruiter_id": MISSING}, "recruiter_id", "PATCH")
    assert greenhouse.ask("DELETE", path).status == 204
    assert greenhouse.ask("DELETE", path).status == 404


def test_moving_walks_the_stages(greenhouse: Client) -> None:
    """Without a target to the next stage, until the last; with one to any of the job's; or to another job."""
    application = active(greenhouse, stage_name="Application Review")
    path = f"/applications/{application['id']}/move"
    rows = greenhouse.get("/job_interview_stages", job_ids=application["job_id"]).json
    stages = [row["id"] for row in sorted(rows, key=lambda row: int(row["sort_order"])) if row["active"]]
    for stage in stages[1:]:
        assert greenhouse.post(path, {}).status == 204
        assert one(greenhouse, "applications", application["id"])["stage_id"] == stage
    refused(greenhouse, path, {}, "application")
    assert greenhouse.post(path, {"to_stage_id": stages[1]}).status == 204
    assert one(greenhouse, "applications", application["id"])["stage_id"] == stages[1]
    refused(greenhouse, path, {"to_stage_id": MISSING}, "to_stage_id")
    other = next(row["id"] for row in greenhouse.get("/jobs", status="open").json if row["id"] != application["job_id"])
    assert greenhouse.post(path, {"to_job_id": other}).status == 204
    moved = one(greenhouse, "applications", application["id"])
    assert moved["job_id"] == other
    assert one(greenhouse, "job_interview_stages", moved["stage_id"])["job_id"] == other


def test_rejecting_is_done_once_and_can_be_taken_back(greenhouse: Client, account: dict[str, str]) -> None:
    """The reason, the note and who did it are rows of their own; taking it back removes them."""
    application = active(greenhouse)
    path = f"/applications/{application['id']}"
    first_reason, second_reason = greenhouse.get("/rejection_reasons", per_page=2).json
    body = {"rejection_reason_id": first_reason["id"], "notes": "Not this time"}
    refused(greenhouse, f"{path}/reject", {}, "rejection_reason_id")
    refused(greenhouse, f"{path}/reject", {"rejection_reason_id": MISSING}, "rejection_reason_id")
    answer = greenhouse.post(f"{path}/reject", body)
    assert (answer.status, answer.body) == (204, b"")
    rejected = one(greenhouse, "applications", application["id"])
    (details,) = greenhouse.get("/rejection_details", application_ids=application["id"]).json
    assert (rejected["status"], rejected["rejected_at"]) == ("rejected", details["rejected_at"])
    assert details["rejected_by_id"] == int(account["user_id"])
    assert one(greenhouse, "notes", details["rejection_note_id"])["body"] == "Not this time"
    refused(greenhouse, f"{path}/reject", body, "application")
    refused(greenhouse, f"{path}/move", {}, "application")
    other = {"rejection_reason_id": second_reason["id"]}
    changed = greenhouse.ask("PATCH", f"/rejection_details/{details['id']}", json_body=other)
    assert changed.json["rejection_reason_id"] == second_reason["id"]
    assert greenhouse.post(f"{path}/unreject", {}).status == 204
    assert one(greenhouse, "applications", application["id"])["rejected_at"] is None
    assert greenhouse.get("/rejection_details", application_ids=application["id"]).json == []
    refused(greenhouse, f"{path}/unreject", {}, "application")


def test_hiring_fills_an_opening(greenhouse: Client) -> None:
    """A job made with one opening hires one; the next must wait. With two, the opening must be named."""
    template = next(row["id"] for row in greenhouse.get("/jobs").json if row["is_template"])
    for openings, outcomes in ((1, [204, 422]), (2, [422])):
        body = {"template_job_id": template, "number_of_openings": openings, "name": "New job"}
        job = greenhouse.post("/jobs", body)
        assert job.status == 201
        assert (job.json["copied_from_id"], job.json["name"]) == (template, "New job")
        for outcome in outcomes:
            made = greenhouse.post("/candidates", person(greenhouse, applications=[{"job_id": job.json["id"]}]))
            (application,) = greenhouse.get("/applications", candidate_ids=made.json["id"]).json
            answer = greenhouse.post(f"/applications/{application['id']}/hire", {"start_date": "2027-01-04"})
            assert answer.status == outcome
            hired = one(greenhouse, "applications", application["id"])
            assert hired["status"] == ("hired" if outcome == 204 else "in_process")
            assert (hired["stage_id"] is None) == (outcome == 204)


def test_a_named_opening_is_filled_once(greenhouse: Client) -> None:
    """An offer tells the opening of its job; another job's is refused."""
    offers = greenhouse.get("/offers", status="Created", per_page=500).json
    offer = next(each for each in offers if each["opening_id"])
    path = f"/applications/{offer['application_id']}/hire"
    strange = next(each["opening_id"] for each in offers if each["opening_id"] and each["job_id"] != offer["job_id"])
    refused(greenhouse, path, {"opening_id": strange}, "opening_id")
    assert greenhouse.post(path, {"opening_id": offer["opening_id"]}).status == 204
    refused(greenhouse, path, {"opening_id": offer["opening_id"]}, "application")


def test_a_prospect_becomes_a_candidate(greenhouse: Client) -> None:
    """The prospect is converted, and a new application stands at the job's first stage."""
    prospect = next(
        row for row in greenhouse.get("/applications", status="in_process", per_page=500).json if row["prospect"]
    )
    path = f"/applications/{prospect['id']}"
    refused(greenhouse, f"{path}/move", {}, "application")
    job = first(greenhouse, "jobs", status="open")["id"]
    made = greenhouse.post(f"{path}/convert_to_candidate", {"job_id": job})
    assert (made.status, made.json["job_id"], made.json["prospect"]) == (201, job, False)
    assert one(greenhouse, "applications", prospect["id"])["status"] == "converted"
    refused(greenhouse, f"{path}/convert_to_candidate", {"job_id": job}, "application")


def test_tags_are_made_applied_and_taken_away(greenhouse: Client) -> None:
    """The candidate's names of tags follow; a name, and a tag on a candidate, exist once."""
    candidate = first(greenhouse, "candidates")["id"]
    tag = greenhouse.post("/candidate_tags", {"name": "new tag"})
    assert tag.status == 201
    refused(greenhouse, "/candidate_tags", {"name": "new tag"}, "name")
    pair = {"candidate_id": candidate, "candidate_tag_id": tag.json["id"]}
    applied = greenhouse.post("/applied_candidate_tags", pair)
    assert applied.status == 201
    refused(greenhouse, "/applied_candidate_tags", pair, "candidate_tag_id")
    assert "new tag" in one(greenhouse, "candidates", candidate)["tags"]
    assert greenhouse.ask("DELETE", f"/applied_candidate_tags/{applied.json['id']}").status == 204
    assert "new tag" not in one(greenhouse, "candidates", candidate)["tags"]
    greenhouse.post("/applied_candidate_tags", pair)
    assert greenhouse.ask("DELETE", f"/candidate_tags/{tag.json['id']}").status == 204
    assert "new tag" not in one(greenhouse, "candidates", candidate)["tags"]
    assert greenhouse.ask("DELETE", f"/candidate_tags/{tag.json['id']}").status == 404


def test_files_go_up_and_come_down(greenhouse: Client) -> None:
    """The bytes that were sent come back from a signed URL without a token, until the file is deleted."""
    application = first(greenhouse, "applications")["id"]
    sent = b"%PDF-1.4 caf\xc3\xa9 \x00\xff"
    body = {
        "application_id": application,
        "type": "other",
        "filename": "ä/b.pdf",
        "content": b64encode(sent).decode(),
        "content_type": "application/pdf",
    }
    made = greenhouse.post("/attachments", body)
    assert made.status == 201
    listed = greenhouse.get("/attachments", application_ids=application, type="other").json
    assert made.json["id"] in {row["id"] for row in listed}
    stranger = Client(greenhouse.base, {})
    got = stranger.ask("GET", made.json["url"])
    assert (got.status, got.body, got.headers["content-type"]) == (200, sent, "application/pdf")
    for change, where in (
        ({"content": "not base64!"}, "content"),
        ({"url": "https://files.example/a.pdf"}, "content"),
        ({"type": "selfie"}, "type"),
        ({"application_id": MISSING}, "application_id"),
    ):
        refused(greenhouse, "/attachments", {**body, **change}, where)
    untyped = {key: value for key, value in body.items() if key != "content_type"}
    refused(greenhouse, "/attachments", untyped, "content_type")
    assert greenhouse.ask("DELETE", f"/attachments/{made.json['id']}").status == 204
    assert stranger.ask("GET", made.json["url"]).status == 404


def test_a_seeded_resume_is_a_pdf(greenhouse: Client) -> None:
    """Every listed file can be fetched."""
    resume = first(greenhouse, "attachments", type="resume")
    got = Client(greenhouse.base, {}).ask("GET", resume["url"])
    assert (got.headers["content-type"], got.body[:5]) == ("application/pdf", b"%PDF-")


def test_notes_and_emails_are_kept_apart(greenhouse: Client) -> None:
    """An email needs its addresses; a note must not have them."""
    note = {
        "candidate_id": first(greenhouse, "candidates")["id"],
        "body": "Hello",
        "type": "NOTE",
        "visibility": "privately_visible",
    }
    made = greenhouse.post("/notes", note)
    assert made.status == 201
    assert one(greenhouse, "notes", made.json["id"]) == made.json
    refused(greenhouse, "/notes", {**note, "subject": "Hi"}, "subject")
    refused(greenhouse, "/notes", {**note, "type": "EMAIL"}, "subject")
    refused(greenhouse, "/notes", {**note, "type": "FEEDBACK"}, "type")
    refused(greenhouse, "/notes", {**note, "visibility": "public"}, "visibility")
    email = {"subject": "Hi", "email_from": "a@b.example", "email_to": "c@d.example,e@f.example"}
    sent = greenhouse.post("/notes", {**note, "type": "EMAIL", **email})
    assert (sent.status, sent.json["email_to"]) == (201, email["email_to"])


def test_interviews_are_scheduled_changed_and_cancelled(greenhouse: Client, account: dict[str, str]) -> None:
    """Interviewers are rows of their own; an interview made elsewhere can't be deleted."""
    planned = first(greenhouse, "job_interviews")
    application = active(greenhouse, job_id=planned["job_id"])
    user, second = greenhouse.get("/users", per_page=2).json
    body = {
        "application_id": application["id"],
        "job_interview_id": planned["id"],
        "interviewers": [{"user_id": user["id"], "response_status": "needs_action"}],
        "starts_at": "2026-12-01T10:00:00+01:00",
        "ends_at": "2026-12-01T11:00:00+01:00",
        "external_event_id": "abc",
    }
    made = greenhouse.post("/interviews", body)
    assert made.status == 201, made.body
    assert (made.json["starts_at"], made.json["status"]) == ("2026-12-01T09:00:00.000Z", "scheduled")
    assert made.json["organizer_id"] == int(account["user_id"])
    refused(greenhouse, "/interviews", {**body, "ends_at": body["starts_at"]}, "ends_at")
    refused(greenhouse, "/interviews", {**body, "interviewers": []}, "interviewers")
    refused(greenhouse, "/interviews", {**body, "starts_at": "2026-12-01T10:00:00"}, "starts_at")
    path = f"/interviews/{made.json['id']}"
    panel = [{"email": second["primary_email"], "response_status": "accepted"}]
    change = {"location": "Room 2", "interviewers": panel}
    assert greenhouse.ask("PATCH", path, json_body=change).json["location"] == "Room 2"
    (interviewer,) = greenhouse.get("/interviewers", interview_ids=made.json["id"]).json
    assert (interviewer["user_id"], interviewer["response_status"]) == (second["id"], "accepted")
    assert greenhouse.ask("DELETE", path).status == 204
    assert greenhouse.get("/interviewers", interview_ids=made.json["id"]).json == []
    assert greenhouse.ask("DELETE", f"/interviews/{first(greenhouse, 'interviews')['id']}").status == 422


def test_a_new_offer_supersedes_the_old(greenhouse: Client) -> None:
    """Versions count up, the older become Deprecated and can't be changed."""
    before = first(greenhouse, "offers", status="Created")
    made = greenhouse.post("/offers", {"application_id": before["application_id"], "starts_on": "2027-02-01"})
    assert (made.status, made.json["version"], made.json["status"]) == (201, before["version"] + 1, "Created")
    assert one(greenhouse, "offers", before["id"])["status"] == "Deprecated"
    refused(greenhouse, f"/offers/{before['id']}", {"sent_on": "2027-01-01"}, "offer", "PATCH")
    path = f"/offers/{made.json['id']}"
    assert greenhouse.ask("PATCH", path, json_body={"sent_on": "2027-01-01"}).json["sent_on"] == "2027-01-01"
    refused(greenhouse, path, {"sent_on": "1/1/2027"}, "sent_on", "PATCH")
    hired = first(greenhouse, "applications", status="hired")["id"]
    refused(greenhouse, "/offers", {"application_id": hired}, "application_id")


@pytest.mark.parametrize("kind", ["departments", "offices"])
def test_departments_and_offices_are_made_and_changed(greenhouse: Client, kind: str) -> None:
    """A parent must exist, and a name can't be blank."""
    parent = first(greenhouse, kind)["id"]
    made = greenhouse.post(f"/{kind}", {"name": "New", "parent_id": parent})
    assert (made.status, made.json["parent_id"]) == (201, parent)
    changed = greenhouse.ask("PATCH", f"/{kind}/{made.json['id']}", json_body={"name": "Newer"})
    assert one(greenhouse, kind, made.json["id"]) == changed.json
    assert (changed.json["name"], changed.json["parent_id"]) == ("Newer", parent)
    refused(greenhouse, f"/{kind}", {"name": ""}, "name")
    refused(greenhouse, f"/{kind}", {"name": "x", "parent_id": MISSING}, "parent_id")


def test_users_are_made_together_or_not_at_all(greenhouse: Client) -> None:
    """One address that is taken refuses all of them."""
    new = {"first_name": "Zoë", "last_name": "Xu", "email": "zoe@new.example"}
    taken = first(greenhouse, "users")["primary_email"]
    before = len(greenhouse.get("/users").json)
    refused(greenhouse, "/users/bulk", {"users": [new, {**new, "email": taken}]}, "users[1].email")
    refused(greenhouse, "/users/bulk", {"users": [new, new]}, "users[1].email")
    assert len(greenhouse.get("/users").json) == before
    (made,) = greenhouse.post("/users/bulk", {"users": [new]}).json
    assert one(greenhouse, "users", made["id"])["name"] == "Zoë Xu"
    renamed = greenhouse.ask("PATCH", f"/users/{made['id']}", json_body={"last_name": "Li"}).json
    assert renamed["name"] == "Zoë Li"
    refused(greenhouse, "/users/deactivate/bulk", {"user_ids": [MISSING]}, "user_ids")


def test_jobs_come_from_templates(greenhouse: Client) -> None:
    """A new job has the template's stages; what is no template is refused; a job can be renamed."""
    rows = greenhouse.get("/jobs").json
    template = next(row["id"] for row in rows if row["is_template"])
    plain = next(row["id"] for row in rows if not row["is_template"])
    body = {"template_job_id": template, "number_of_openings": 2}
    refused(greenhouse, "/jobs", {**body, "template_job_id": plain}, "template_job_id")
    refused(greenhouse, "/jobs", {**body, "number_of_openings": 0}, "number_of_openings")
    made = greenhouse.post("/jobs", body).json

    def names(job: int) -> list[str]:
        return [row["name"] for row in greenhouse.get("/job_interview_stages", job_ids=job).json]

    assert names(made["id"]) == names(template)
    fields = [{"name_key": "cost_centre", "value": "CC-99"}]
    change = {"name": "Renamed", "custom_fields": fields}
    changed = greenhouse.ask("PATCH", f"/jobs/{made['id']}", json_body=change).json
    assert changed["custom_fields"]["cost_centre"]["value"] == "CC-99"
    assert one(greenhouse, "jobs", made["id"])["name"] == "Renamed"
    refused(greenhouse, f"/jobs/{made['id']}", {"status": "closed"}, "status", "PATCH")


def test_a_write_is_strict_about_its_form(greenhouse: Client) -> None:
    """Another content type, broken JSON, a query or a wrong path is refused."""
    good = b'{"name": "x"}'
    tags = "/candidate_tags"
    json_type = {"Content-Type": "application/json"}
    assert greenhouse.ask("POST", tags, raw=good).status == 415
    assert greenhouse.ask("POST", tags, raw=good[:-1], headers=json_type).status == 400
    assert greenhouse.ask("POST", f"{tags}?a=1", raw=good, headers=json_type).status == 422
    assert greenhouse.ask("PUT", tags, raw=good, headers=json_type).status == 404
    assert greenhouse.ask("POST", tags, raw=good, headers=json_type).status == 201
