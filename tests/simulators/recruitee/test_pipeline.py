"""Offers, pipelines and applications of the pretend Recruitee, with the places and people around them."""

from typing import Any

import pytest

from ..asking import Client
from .conftest import NOBODY, changed, made, patch, refused, rows, walked


def standing(client: Client, offer: Any, placement: Any) -> Any:
    """Give an application as it is found in its stage, with the stage's id."""
    for stage in client.get(f"/offers/{offer['id']}/placements").json["stages"]:
        for each in stage["placements"]:
            if each["id"] == placement["id"]:
                return {**each, "stage_id": stage["id"]}
    return None


def test_offers_are_walked_and_told_apart(recruitee: Client) -> None:
    """Pages lose nothing, a scope and a kind each leave some, and talent pools are of another kind."""
    everything = walked(recruitee, "offers", 9)
    assert len({each["id"] for each in everything}) == len(everything) == 41
    assert {each["kind"] for each in everything} == {"job", "talent_pool"}
    statuses = {"draft", "internal", "published", "closed", "archived"}
    assert {each["status"] for each in everything} == statuses
    for scope, wanted in (
        ("archived", {"archived"}),
        ("published", {"published"}),
        ("active", {"internal", "published"}),
        ("not_archived", statuses - {"archived"}),
    ):
        assert {each["status"] for each in rows(recruitee, "offers", scope=scope, limit=100)} == wanted
    chosen = rows(recruitee, "offers", None, **{"statuses[]": ["draft", "closed"], "kind": "job"})
    assert {each["status"] for each in chosen} == {"draft", "closed"}
    assert [each["id"] for each in rows(recruitee, "offers", limit=9, page=2)] == [
        each["id"] for each in everything[9:18]
    ]


def test_an_offer_by_id_has_more(recruitee: Client) -> None:
    """Requirements and the pipeline come only with one; brief lists have less still."""
    row, brief = (rows(recruitee, "offers", limit=1, view_mode=mode)[0] for mode in ("default", "brief"))
    whole = recruitee.get(f"/offers/{row['id']}").json["offer"]
    assert set(whole) - set(row) == {"requirements", "pipeline_template"}
    assert {key: row[key] for key in brief} == brief
    assert "description" not in brief
    stages = whole["pipeline_template"]["stages"]
    assert [each["position"] for each in stages] == list(range(1, len(stages) + 1))
    assert sum(each["placements_count"] for each in stages) == whole["candidates_count"] > 0
    named = recruitee.get(f"/pipeline_templates/{whole['pipeline_template_id']}").json["pipeline_template"]
    assert [each["id"] for each in named["stages"]] == [each["id"] for each in stages]
    available = rows(recruitee, f"offers/{row['id']}/pipeline_templates")
    assert all("stages" not in each for each in available)
    assert [each["id"] for each in available if not each["default"]] == [whole["pipeline_template_id"]]
    assert whole["pipeline_template_id"] in [each["id"] for each in rows(recruitee, "pipeline_templates")]


def test_a_job_goes_through_its_states(recruitee: Client) -> None:
    """A new job is a draft with the default pipeline, and each verb leads to its status."""
    department, location = rows(recruitee, "departments")[0], rows(recruitee, "locations")[0]
    body = {
        "title": "Lamplighter",
        "kind": "job",
        "department_id": department["id"],
        "location_ids": [location["id"]],
        "employment_type": "fulltime_permanent",
        "remote": True,
        "description": "<p>Light.</p>",
        "requirements": "<p>Fire.</p>",
    }
    job = made(recruitee.post("/offers", {"offer": body}), "offer")
    assert {key: job[key] for key in body if key != "location_ids"} == {
        key: value for key, value in body.items() if key != "location_ids"
    }
    assert (job["status"], job["department"], job["city"]) == ("draft", department["name"], location["city"])
    path = f"/offers/{job['id']}"
    for verb, status in (
        ("publish", "published"),
        ("unpublish", "internal"),
        ("close", "closed"),
        ("archive", "archived"),
        ("unarchive", "draft"),
        ("publish", "published"),
    ):
        assert changed(patch(recruitee, f"{path}/{verb}"), "offer")["status"] == status
        read = recruitee.get(path).json["offer"]
        assert (read["status"], bool(read["closed_at"])) == (status, verb in ("close", "archive", "unarchive"))
    named = changed(patch(recruitee, path, {"offer": {"title": "Lampmaker"}}), "offer")
    assert (named["title"], named["remote"], bool(named["published_at"])) == ("Lampmaker", True, True)
    made(recruitee.post(f"{path}/offer_tags", {"tags": ["urgent"]}), "offer_tags")
    assert recruitee.get(path).json["offer"]["offer_tags"] == ["urgent"]
    assert rows(recruitee, f"offers/{job['id']}/offer_tags") == [{"name": "urgent"}]
    assert recruitee.ask("DELETE", path).status == 204
    assert recruitee.get(path).status == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "title"),
        ({"title": "A", "kind": "role"}, "kind"),
        ({"title": "A", "department_id": NOBODY}, "department_id"),
        ({"title": "A", "location_ids": [NOBODY]}, "location_ids"),
        ({"title": "A", "status": "published"}, "status"),
    ],
)
def test_malformed_jobs_are_refused(recruitee: Client, body: Any, field: str) -> None:
    """What does not fit is refused by its field."""
    assert set(refused(recruitee.post("/offers", {"offer": body}))) == {field}


def test_a_talent_pool_is_an_offer(recruitee: Client) -> None:
    """A new one has the pipeline of pools, and no careers site shows it."""
    (pool,) = rows(recruitee, "offers", kind="talent_pool")
    body = {"offer": {"title": "Later", "kind": "talent_pool"}}
    new = made(recruitee.post("/offers", body), "offer")
    assert new["pipeline_template_id"] == pool["pipeline_template_id"]
    assert changed(patch(recruitee, f"/offers/{new['id']}/publish"), "offer")["status"] == "published"
    assert set(refused(recruitee.post("/offers", {**body, "kind": "job"}))) == {"kind"}
    assert [each["id"] for each in rows(recruitee, "offers", kind="talent_pool")] == [pool["id"], new["id"]]


def test_a_deleted_offer_leaves_people_and_meetings(recruitee: Client, candidate: Any, placement: Any) -> None:
    """With an offer go its applications; a meeting stays and forgets it."""
    when = {"start_at": "2031-05-06T09:00:00Z", "end_at": "2031-05-06T10:00:00Z"}
    body = {"interview_event": {"offer_id": placement["offer_id"], **when}}
    event = made(recruitee.post(f"/interview/candidates/{candidate['id']}/events", body), "interview_event")
    assert recruitee.ask("DELETE", f"/offers/{placement['offer_id']}").status == 204
    assert recruitee.get(f"/interview/events/{event['id']}").json["interview_event"]["offer_id"] is None
    assert recruitee.get(f"/candidates/{candidate['id']}").json["candidate"]["placements"] == []


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_placement_is_made_once(recruitee: Client, candidate: Any, offer: Any, wrapped: bool) -> None:
    """Wrapped or not, it begins where it is told; a second for the same offer is refused."""
    stage = offer["pipeline_template"]["stages"][1]["id"]
    body = {"candidate_id": candidate["id"], "offer_id": offer["id"], "stage_id": stage}
    row = made(recruitee.post("/placements", {"placement": body} if wrapped else body), "placement")
    assert (row["candidate_id"], row["offer_id"], row["stage_id"]) == (candidate["id"], offer["id"], stage)
    assert standing(recruitee, offer, row)["stage_id"] == stage
    path = f"/offers/{offer['id']}/candidates/{candidate['id']}/placement"
    assert recruitee.get(path).json["placement"] == row
    assert set(refused(recruitee.post("/placements", body))) == {"candidate_id"}
    assert recruitee.ask("DELETE", f"/placements/{row['id']}").status == 204
    assert recruitee.get(path).status == 404
    assert standing(recruitee, offer, row) is None


@pytest.mark.parametrize("field", ["candidate_id", "offer_id", "stage_id"])
def test_placements_need_what_there_is(recruitee: Client, candidate: Any, offer: Any, field: str) -> None:
    """Unknown candidates, offers, and stages of other pipelines are refused."""
    body = {"candidate_id": candidate["id"], "offer_id": offer["id"], field: NOBODY}
    assert set(refused(recruitee.post("/placements", {"placement": body}))) == {field}


def test_a_placement_moves(recruitee: Client, offer: Any, placement: Any) -> None:
    """A stage of the same pipeline is taken, in a bare body only."""
    path, wanted = f"/placements/{placement['id']}/change_stage", offer["pipeline_template"]["stages"][2]["id"]
    assert set(refused(patch(recruitee, path, {"placement": {"stage_id": wanted}}))) == {"stage_id", "placement"}
    moved = changed(patch(recruitee, path, {"stage_id": wanted}), "placement")
    assert (moved["stage_id"], standing(recruitee, offer, placement)["stage_id"]) == (wanted, wanted)
    other = next(each for each in rows(recruitee, "offers", limit=100) if each["id"] != offer["id"])
    foreign = recruitee.get(f"/offers/{other['id']}").json["offer"]["pipeline_template"]["stages"][0]["id"]
    for stage in (foreign, NOBODY):
        assert set(refused(patch(recruitee, path, {"stage_id": stage}))) == {"stage_id"}
    assert standing(recruitee, offer, placement)["stage_id"] == wanted


def test_a_placement_is_rejected_and_taken_back(recruitee: Client, offer: Any, placement: Any) -> None:
    """Disqualifying tells when and why, requalifying forgets it, and so does a move."""
    reason, path = rows(recruitee, "disqualify_reasons")[2], f"/placements/{placement['id']}"
    body = {"disqualify_reason_id": reason["id"]}
    out = changed(patch(recruitee, f"{path}/disqualify", body), "placement")
    assert out["disqualify_reason"] == reason["name"]
    assert standing(recruitee, offer, placement)["disqualified_at"] == out["disqualified_at"] >= placement["created_at"]
    again = changed(patch(recruitee, f"{path}/disqualify", body), "placement")
    assert again["disqualified_at"] == out["disqualified_at"]
    counted = recruitee.get(f"/offers/{offer['id']}").json["offer"]["disqualified_candidates_count"]
    assert counted == offer["disqualified_candidates_count"] + 1
    back = changed(patch(recruitee, f"{path}/requalify"), "placement")
    assert back["disqualified_at"] is None
    assert "disqualify_reason" not in back
    assert changed(patch(recruitee, f"{path}/disqualify"), "placement")["disqualify_reason"] is None
    stage = {"stage_id": offer["pipeline_template"]["stages"][1]["id"]}
    assert changed(patch(recruitee, f"{path}/change_stage", stage), "placement")["disqualified_at"] is None
    wrong = patch(recruitee, f"{path}/disqualify", {"disqualify_reason_id": NOBODY})
    assert set(refused(wrong)) == {"disqualify_reason_id"}


def test_reasons_are_kept(recruitee: Client) -> None:
    """Reasons are made, renamed and deleted; they stand in order of position."""
    before = rows(recruitee, "disqualify_reasons")
    assert [each["position"] for each in before] == list(range(1, len(before) + 1))
    made_now = recruitee.post("/disqualify_reasons", {"disqualify_reason": {"name": "Moved"}})
    reason = made(made_now, "disqualify_reason")
    path = f"/disqualify_reasons/{reason['id']}"
    changed(patch(recruitee, path, {"disqualify_reason": {"name": "Moved away"}}), "disqualify_reason")
    assert rows(recruitee, "disqualify_reasons") == [*before, {**reason, "name": "Moved away"}]
    assert recruitee.ask("DELETE", path).status == 204
    assert rows(recruitee, "disqualify_reasons") == before


def test_departments_and_locations_are_kept(recruitee: Client, offer: Any) -> None:
    """Both are made and deleted, and offers forget what is gone."""
    assert {each["status"] for each in rows(recruitee, "departments")} == {"active", None}
    assert sum(each["offers_count"] for each in rows(recruitee, "departments")) > 0
    made(recruitee.post("/departments", {"department": {"name": "Light"}}), "department")
    assert rows(recruitee, "departments")[-1]["name"] == "Light"
    assert set(refused(recruitee.post("/departments", {"department": {"name": ""}}))) == {"name"}
    assert recruitee.ask("DELETE", f"/departments/{offer['department_id']}").status == 204
    after = recruitee.get(f"/offers/{offer['id']}").json["offer"]
    assert (after["department"], after["department_id"]) == (None, None)
    body = {"name": "Porto", "city": "Porto", "country_code": "PT"}
    location = made(recruitee.post("/locations", {"location": body}), "location")
    placed = {"offer": {"location_ids": [location["id"]]}}
    assert changed(patch(recruitee, f"/offers/{offer['id']}", placed), "offer")["city"] == "Porto"
    (location,) = [each for each in rows(recruitee, "locations") if each["id"] == location["id"]]
    assert location["active_offers_count"] == 1
    assert location["full_address"] == "Porto, PT"
    assert rows(recruitee, "locations")[-1] == location
    assert recruitee.ask("DELETE", f"/locations/{location['id']}").status == 204
    assert location not in rows(recruitee, "locations")
    assert recruitee.get(f"/offers/{offer['id']}").json["offer"]["city"] is None
    assert {each["name"] for each in rows(recruitee, "sources")} > {"LinkedIn", "Referral"}
