"""Notes, meetings, evaluations, timelines, search and the careers site of the pretend Recruitee."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from ..asking import Client
from .conftest import NOBODY, changed, made, patch, refused, rows, walked


def search(client: Client, *filters: Any, **query: Any) -> Any:
    """Search with these filters."""
    answer = client.get("/search/new/candidates", filters_json=json.dumps(filters), **query)
    assert answer.status == 200, answer.body
    return answer.json


def found(client: Client, *filters: Any) -> set[int]:
    """Give the ids that a search with these filters finds, on all pages."""
    ids: list[int] = []
    page = 1
    while hits := search(client, *filters, limit=100, page=page)["hits"]:
        ids += [each["id"] for each in hits]
        page += 1
    assert len(ids) == len(set(ids))
    return set(ids)


@pytest.mark.parametrize("kind", ["candidates", "offers"])
def test_notes_are_kept(recruitee: Client, candidate: Any, offer: Any, kind: str) -> None:
    """A note is written, read, rewritten, pinned and deleted, on candidates and on jobs alike."""
    about = candidate if kind == "candidates" else offer
    path = f"{kind}/{about['id']}/notes"
    body = {"body": "Called her.", "visibility": {"level": "private"}}
    note = made(recruitee.post(f"/{path}", {"note": body}), "note")
    assert (note["body"], note["visibility"]) == ("Called her.", {"level": "private"})
    assert note["admin_id"] == recruitee.get("/admin").json["admin"]["id"]
    assert rows(recruitee, path)[-1] == note
    again = changed(patch(recruitee, f"/notes/{note['id']}", {"note": {"body": "Called twice."}}), "note")
    assert (again["body"], again["visibility"]) == ("Called twice.", {"level": "private"})
    assert changed(patch(recruitee, f"/notes/{note['id']}/pin"), "note")["pinned"] is True
    assert recruitee.ask("DELETE", f"/notes/{note['id']}").status == 204
    assert note["id"] not in [each["id"] for each in rows(recruitee, path)]
    assert set(refused(recruitee.post(f"/{path}", {"note": {"body": ""}}))) == {"body"}
    wrong = {"note": {"body": "A", "visibility": {"level": "secret"}}}
    assert set(refused(recruitee.post(f"/{path}", wrong))) == {"visibility.level"}
    assert refused(recruitee.post(f"/{path}", {"body": "A"}), 400)


def test_notes_are_of_both_levels_and_on_jobs(recruitee: Client) -> None:
    """The company has public and private notes on people, and some on jobs."""
    levels = set()
    for each in walked(recruitee, "candidates", 100)[:60]:
        notes = rows(recruitee, f"candidates/{each['id']}/notes")
        assert len(notes) == each["notes_count"]
        levels |= {one["visibility"]["level"] for one in notes}
    assert levels == {"public", "private"}
    jobs = rows(recruitee, "offers", kind="job", limit=20)
    counts = [len(rows(recruitee, f"offers/{each['id']}/notes")) for each in jobs]
    assert set(counts) == {0, 1}


def test_the_timeline_tells_what_happened(recruitee: Client, candidate: Any, placement: Any, offer: Any) -> None:
    """What is done is told on the candidate, on the offer and of all, the latest first, in numbered pages."""
    stage = offer["pipeline_template"]["stages"][1]["id"]
    changed(patch(recruitee, f"/placements/{placement['id']}/change_stage", {"stage_id": stage}), "placement")
    mine = rows(recruitee, f"tracking/candidates/{candidate['id']}/activities")
    assert [each["kind"] for each in mine] == ["candidate_moved", "candidate_assigned", "new_candidate"]
    assert rows(recruitee, f"tracking/offers/{offer['id']}/activities", limit=2) == mine[:2]
    assert rows(recruitee, "tracking/activities", limit=2) == mine[:2]
    assert rows(recruitee, "tracking/activities", limit=2, page=2)[0] == mine[2]


def test_meetings_are_kept(recruitee: Client, candidate: Any, offer: Any) -> None:
    """A meeting is planned, found by person and day, moved, announced and cancelled."""
    body = {
        "title": "Onsite",
        "offer_id": offer["id"],
        "start_at": "2031-05-06T09:00:00+02:00",
        "end_at": "2031-05-06T10:00:00+02:00",
        "where": "Room",
    }
    path = f"/interview/candidates/{candidate['id']}/events"
    event = made(recruitee.post(path, {"interview_event": body}), "interview_event")
    assert (event["start_at"], event["end_at"]) == ("2031-05-06T07:00:00.000Z", "2031-05-06T08:00:00.000Z")
    assert (event["candidate_id"], event["offer_id"], event["where"]) == (candidate["id"], offer["id"], "Room")

    def listed(**query: Any) -> Any:
        return rows(recruitee, "interview/events", "interview_events", **query)

    assert listed(candidate_id=candidate["id"]) == listed(date_from="2031-05-06", date_to="2031-05-06") == [event]
    assert 1 < len(listed(date_to="2031-05-05")) < len(listed())
    one = f"/interview/events/{event['id']}"
    moved = changed(patch(recruitee, one, {"interview_event": {"where": "Hall"}}), "interview_event")
    assert moved["where"] == "Hall"
    assert changed(recruitee.ask("POST", f"{one}/schedule"), "interview_event")["scheduled"] is True
    assert recruitee.get(one).json["interview_event"]["where"] == "Hall"
    late = {"interview_event": {"start_at": "2032-01-01T00:00:00Z"}}
    assert set(refused(patch(recruitee, one, late))) == {"end_at"}
    assert set(refused(recruitee.post(path, {"interview_event": {"title": "A"}}))) == {"start_at", "end_at"}
    assert recruitee.ask("DELETE", one).status == 204
    assert listed(candidate_id=candidate["id"]) == []


def test_evaluations_are_kept(recruitee: Client, candidate: Any, placement: Any) -> None:
    """A rating of the tenant's scale is given at a stage, counted, changed and taken back."""
    scale = recruitee.get("/candidates/settings/rating_scale").json["rating_scale"]["ratings"]
    body = {
        "kind": "rating",
        "offer_id": placement["offer_id"],
        "stage_id": placement["stage_id"],
        "rating": scale[-1],
        "rating_note": "Fine.",
    }
    path = f"/interview/candidates/{candidate['id']}/results"
    result = made(recruitee.post(path, {"interview_result": body}), "interview_result")
    assert {key: result[key] for key in body} == body
    listed = rows(recruitee, "interview/results", "interview_results", candidate_id=candidate["id"])
    assert listed == [result]
    rated = recruitee.get(f"/candidates/{candidate['id']}").json["candidate"]
    assert (rated["ratings"], rated["positive_ratings"]) == ({scale[-1]: 1}, 100)
    assert (rated["rating"], rated["my_last_rating"]) == (len(scale), scale[-1])
    other = rows(recruitee, "offers", kind="job", limit=100)[-1]["id"]
    assert set(refused(recruitee.post(path, {"interview_result": {**body, "offer_id": other}}))) <= {"stage_id"}
    apart = made(recruitee.post("/placements", {"candidate_id": candidate["id"], "offer_id": other}), "placement")
    assert apart["ratings"] == {}
    elsewhere = next(each for each in rows(recruitee, "candidates", limit=20) if not each["placements"])
    unasked = recruitee.post(f"/interview/candidates/{elsewhere['id']}/results", {"interview_result": body})
    assert set(refused(unasked)) == {"offer_id"}
    one = f"/interview/results/{result['id']}"
    changed(patch(recruitee, one, {"interview_result": {"rating": scale[0]}}), "interview_result")
    assert recruitee.get(one).json["interview_result"]["rating"] == scale[0]
    for key, value in (("stage_id", NOBODY), ("rating", "splendid"), ("offer_id", NOBODY)):
        assert set(refused(recruitee.post(path, {"interview_result": {**body, key: value}}))) == {key}
    without = {key: value for key, value in body.items() if key != "stage_id"}
    assert set(refused(recruitee.post(path, {"interview_result": without}))) == {"stage_id"}
    assert recruitee.ask("DELETE", one).status == 204
    assert recruitee.get(one).status == 404


def test_drafts_are_only_hinted_at(recruitee: Client) -> None:
    """Evaluations that nobody has handed in are counted, and can't be read."""
    answer = recruitee.get("/interview/results").json
    hidden = [each["id"] for each in answer["hidden_results_preview"]]
    shown = answer["interview_results"]
    assert hidden
    assert not {each["id"] for each in shown} & set(hidden)
    assert recruitee.get(f"/interview/results/{hidden[0]}").status == 404
    offer = shown[0]["offer_id"]
    mine = rows(recruitee, "interview/results", "interview_results", offer_id=offer)
    assert [each["id"] for each in mine] == [each["id"] for each in shown if each["offer_id"] == offer]
    assert len(mine) < len(shown)


def test_search_pages_and_ends(recruitee: Client) -> None:
    """Sixty hits a page unless said otherwise, with a total; beyond 10,000 rows there is a server error."""
    first = search(recruitee)
    assert (len(first["hits"]), first["total"]) == (60, 300)
    assert len(found(recruitee)) == 300
    assert search(recruitee, limit=100, page=100)["hits"] == []
    assert recruitee.get("/search/new/candidates", limit=100, page=101).status == 500
    oldest = search(recruitee, sort_by="created_at_asc")["hits"]
    assert [each["created_at"] for each in oldest] == sorted(each["created_at"] for each in oldest)
    active = [each["last_activity_at"] for each in search(recruitee, sort_by="last_activity_at_desc")["hits"]]
    assert active == sorted(active, reverse=True)
    counted = recruitee.get("/search/new/candidates?aggs[]=tags&aggs[]=jobs").json["aggregations"]
    assert set(counted) == {"tags", "jobs"}


def test_search_filters_choose(recruitee: Client, offer: Any) -> None:
    """What is filtered for is what the hits are."""
    people = walked(recruitee, "candidates", 100)

    def where(test: Any) -> set[int]:
        return {each["id"] for each in people if test(each)}

    applied = where(lambda row: any(each["offer_id"] == offer["id"] for each in row["placements"]))
    job = {"filter": "jobs", "id": {"in": [offer["id"]]}}
    assert found(recruitee, job) == applied
    assert found(recruitee, {"filter": "jobs", "id": {"not_in": [offer["id"]]}}) == where(lambda row: True) - applied
    out = where(lambda row: any(each["disqualified_at"] for each in row["placements"]))
    assert found(recruitee, {"field": "status", "in": ["disqualified"]}) == out
    assert found(recruitee, job, {"field": "status", "in": ["disqualified"]}) == applied & out
    tag = rows(recruitee, "tags")[0]
    tagged = search(recruitee, {"filter": "tags", "id": {"in": [tag["id"]]}}, limit=100)
    assert all({"name": tag["name"]} in each["tags"] for each in tagged["hits"])
    assert tagged["total"] == tag["taggings_count"]
    middle = int(datetime.fromisoformat(people[100]["created_at"]).timestamp())
    assert len(found(recruitee, {"field": "created_at", "gte": middle})) == 101
    ranged = {"field": "created_at", "gte": middle, "lt": middle + 1}
    assert found(recruitee, ranged) == {people[100]["id"]}
    lost = people[0]
    for each in lost["placements"]:
        changed(patch(recruitee, f"/placements/{each['id']}/disqualify"), "placement")
    qualified = where(lambda row: row["id"] != lost["id"])
    assert {each["id"] for each in walked(recruitee, "candidates", 100, qualified="true")} == qualified
    assert found(recruitee, {"field": "status", "in": ["qualified"]}) == qualified
    new = found(recruitee, {"field": "status", "in": ["new"]})
    assert new == where(lambda row: not row["viewed"])


def test_search_reads_names_and_papers(recruitee: Client) -> None:
    """Full text joins words by AND and OR, and looks into the CV."""
    people = walked(recruitee, "candidates", 100)
    names = [each["name"] for each in people]
    one, two = [each for each in people if names.count(each["name"]) == 1 and each["emails"]][:2]
    for query, wanted in (
        (one["name"], {one["id"]}),
        (f"{one['name']} OR {two['name']}", {one["id"], two["id"]}),
        (f"{one['name']} AND {two['name']}", set()),
        (f"{one['emails'][0]} AND {one['name']}", {one["id"]}),
    ):
        assert found(recruitee, {"field": "all", "query": query}) == wanted, query
    assert 1 < len(found(recruitee, {"field": "all", "query": "%PDF-1.4"})) < 300


@pytest.mark.parametrize(
    "given",
    [
        {"field": "updated_at", "gte": 1},
        {"field": "created_at", "after": 1},
        {"filter": "offers", "id": {"in": [1]}},
        {"filter": "jobs", "id": {"is": 1}},
        {"field": "status", "is": "disqualified"},
        "nonsense",
    ],
)
def test_unknown_filters_find_everybody(recruitee: Client, given: Any) -> None:
    """A filter that isn't known is ignored without a word."""
    assert search(recruitee, given)["total"] == 300


def test_the_later_filter_counts(recruitee: Client, offer: Any) -> None:
    """Two filters for one entity don't combine; a plain `query` does nothing; what is no list is refused."""
    one = {"filter": "jobs", "id": {"in": [offer["id"]]}}
    other = {"filter": "jobs", "id": {"in": [NOBODY]}}
    assert found(recruitee, one, other) == set()
    assert found(recruitee, other, one) == found(recruitee, one) != set()
    assert search(recruitee, query="nobody at all")["total"] == 300
    for wrong in ("{}", "[", "1"):
        assert set(refused(recruitee.get("/search/new/candidates", filters_json=wrong))) == {"filters_json"}


def test_the_careers_site_is_public(recruitee: Client, site: Client) -> None:
    """It has the published jobs and no others, with what they ask."""
    pool = rows(recruitee, "offers", kind="talent_pool")[0]
    assert patch(recruitee, f"/offers/{pool['id']}/publish").status == 200
    jobs = site.get("/api/offers/").json["offers"]
    published = rows(recruitee, "offers", scope="published", kind="job", limit=100)
    assert [each["id"] for each in jobs] == [each["id"] for each in published]
    one = site.get(f"/api/offers/{jobs[0]['slug']}").json["offer"]
    assert [each["position"] for each in one["open_questions"]] == list(range(1, len(one["open_questions"]) + 1))
    assert {"body", "kind", "required", "options"} <= set(one["open_questions"][0])
    hidden = rows(recruitee, "offers", scope="archived", limit=1)[0]
    assert site.get(f"/api/offers/{hidden['slug']}").status == 404


@pytest.mark.parametrize("form", [True, False])
def test_applying_through_the_careers_site(recruitee: Client, site: Client, form: bool) -> None:
    """Whoever fills in the form becomes a candidate in the first stage, with their answers."""
    job = next(each for each in site.get("/api/offers/").json["offers"] if len(each["open_questions"]) > 3)
    asked = [each for each in job["open_questions"] if each["kind"] != "file"]
    answers = [{"open_question_id": each["id"], "content": "Yes"} for each in asked]
    body = {"name": "Ida", "email": "ida@x.example", "phone": "555", "open_question_answers_attributes": answers}
    path = f"/api/offers/{job['slug']}/candidates"
    if form:
        pairs = [(f"candidate[{key}]", str(body[key])) for key in ("name", "email", "phone")]
        key = "candidate[open_question_answers_attributes][]"
        pairs += [(f"{key}[{name}]", str(value)) for each in answers for name, value in each.items()]
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        made(site.ask("POST", path, raw=urlencode(pairs).encode(), headers=headers), "candidate")
    else:
        made(site.post(path, {"candidate": body}), "candidate")
    row = rows(recruitee, "candidates", limit=1)[0]
    whole = recruitee.get(f"/candidates/{row['id']}").json["candidate"]
    assert (whole["name"], whole["emails"], whole["phones"], whole["source"]) == (
        "Ida",
        ["ida@x.example"],
        ["555"],
        "career_site",
    )
    assert [each["offer_id"] for each in whole["placements"]] == [job["id"]]
    assert [each["content"] for each in whole["open_question_answers"]] == ["Yes"] * len(asked)
    assert whole["viewed"] is False
    assert set(refused(site.post(path, {"candidate": {**body, "email": "no"}}))) == {"email"}
    wanted = {each["id"]: each["required"] for each in asked}
    assert set(wanted.values()) == {True, False}
    needed = [each for each in answers if wanted[each["open_question_id"]]]
    made(site.post(path, {"candidate": {**body, "open_question_answers_attributes": needed}}), "candidate")
    for wrong in (needed[1:], [*needed, {"open_question_id": NOBODY, "content": "Yes"}]):
        answer = site.post(path, {"candidate": {**body, "open_question_answers_attributes": wrong}})
        assert set(refused(answer)) == {"open_question_answers_attributes"}
