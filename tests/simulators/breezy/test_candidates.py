"""Candidates of Breezy: one record for each person and position."""

from collections import Counter
from typing import Any

import pytest

from .conftest import NOBODY, Breezy, refused


def test_pages_lose_and_repeat_nobody(breezy: Breezy) -> None:
    """Whatever the size of a page, everybody in a position comes once; the page after the last is empty."""
    sizes = {each["_id"]: len(breezy.walk(each["_id"])) for each in breezy.positions()}
    largest = max(sizes, key=lambda key: sizes[key])
    whole = [each["_id"] for each in breezy.walk(largest)]
    assert len(set(whole)) == sizes[largest] > 14
    for size in (1, 7, 50):
        assert [each["_id"] for each in breezy.walk(largest, page_size=size)] == whole
    assert breezy.get(f"/position/{largest}/candidates", page=99) == []


@pytest.mark.parametrize(("order", "key"), [("created", "creation_date"), ("updated", "updated_date")])
def test_candidates_are_sorted(breezy: Breezy, position: Any, order: str, key: str) -> None:
    """The newest come first, by when they were made or changed."""
    moments = [each[key] for each in breezy.walk(position["_id"], sort=order)]
    assert moments == sorted(moments, reverse=True)
    assert len(set(moments)) > 1


@pytest.mark.parametrize("query", [{"page": 0}, {"page_size": 51}, {"sort": "name"}, {"updated_since": "2024-01-01"}])
def test_a_list_takes_what_it_knows(breezy: Breezy, position: Any, query: dict[str, Any]) -> None:
    """Other parameters and values are refused."""
    answer = breezy.ask("GET", f"/position/{position['_id']}/candidates", **query)
    assert next(iter(query)) in refused(answer, 400, "getCandidatesError")


def test_a_record_is_more_than_its_row(breezy: Breezy) -> None:
    """By itself a candidate has what its row has, and more; and is in one position alone."""
    everyone = breezy.everyone()
    assert len({row["_id"] for _, row in everyone}) == len(everyone)
    more = {"address", "summary", "cover_letter", "work_history", "education", "social_profiles"}
    for path, row in everyone[::40]:
        record = breezy.get(path)
        assert {key: record[key] for key in row} == row
        assert set(record) - set(row) == more | {"custom_attributes", "questionnaires"}
    other = everyone[-1][0].split("/")[2]
    refused(breezy.ask("GET", f"/position/{other}/candidate/{everyone[0][1]['_id']}"), 404, "candidateNotFound")
    refused(breezy.ask("GET", f"/position/{other}/candidate/{NOBODY}"), 404, "candidateNotFound")
    refused(breezy.ask("GET", f"/position/{NOBODY}/candidates"), 404, "positionNotFound")


def test_people_are_told_apart_by_meta_id(breezy: Breezy) -> None:
    """Who applied twice has two ids and one meta id; stages, origins and sources differ between people."""
    rows = [row for _, row in breezy.everyone()]
    assert Counter(Counter(each["meta_id"] for each in rows).values())[2] > 50
    assert {each["origin"] for each in rows} == {"applied", "sourced", "recruiter", "referral"}
    kinds = Counter(each["stage"].get("type", {}).get("id") for each in rows)
    assert set(kinds) == {None, "applied", "custom", "interviewing", "offer", "hired", "disqualified"}
    for key in ("email_address", "phone_number", "headline", "source", "assigned_to", "resume", "overall_score"):
        assert any(each[key] is None for each in rows), key
        assert any(each[key] for each in rows), key
    assert any(each.get("bias_status") for each in rows)


def test_scores_name_those_who_gave_them(breezy: Breezy) -> None:
    """Who scored is in the list of the word they chose, and the scorecard has the same word overall."""
    words = ("very_good", "good", "neutral", "poor", "very_poor")
    scored = [(path, row) for path, row in breezy.everyone() if row["overall_score"]]
    assert all(any(row["overall_score"][word] for _, row in scored) for word in words)
    path, row = scored[0]
    score = row["overall_score"]
    given = {user: word for word in words for user in score[word]}
    assert len(given) == score["scored_count"]
    (card,) = breezy.get(f"{path}/scorecards")
    overall = card["sections"][0]["scores"]
    assert {each["user_id"]: each["score"] for each in overall} == given


def test_search_finds_every_record_of_an_address(breezy: Breezy) -> None:
    """Whoever has exactly this address, however it is spelt, in every position."""
    everyone = [row for _, row in breezy.everyone()]
    address, count = Counter(each["email_address"] for each in everyone if each["email_address"]).most_common(1)[0]
    found = breezy.get("/candidates/search", email_address=address.upper())
    assert len(found) == count > 1
    assert all(each in everyone for each in found)
    assert breezy.get("/candidates/search", email_address="nobody@mail.example") == []
    refused(breezy.ask("GET", "/candidates/search"), 400, "searchCandidatesError")


def test_a_candidate_is_made(breezy: Breezy, position: Any) -> None:
    """A new candidate is in the first stage, listed, found by address, and in the stream."""
    body = {
        "name": "Ada van der Brânză",
        "email_address": "Ada@new.example",
        "headline": "Lampmaker",
        "tags": ["été"],
        "origin": "referral",
        "source": "A friend",
        "social_profiles": {"github": "https://github.com/ada"},
        "work_history": [{"company_name": "Vidro", "title": "Blower", "start_year": 2020}],
        "education": [{"school_name": "Porto"}],
        "custom_attributes": [{"name": "Time zone", "value": "UTC"}],
    }
    path = f"/position/{position['_id']}/candidates"
    made = breezy.wrote("POST", path, body, stage_actions_enabled="true")
    assert {key: made[key] for key in body if key not in ("source", "social_profiles")} == {
        key: value for key, value in body.items() if key not in ("source", "social_profiles")
    }
    assert made["source"]["name"] == "A friend"
    assert made["social_profiles"] == [{"type": "github", "url": "https://github.com/ada"}]
    assert (made["initial"], made["stage"]["id"], made["resume"]) == ("AB", "applied", None)
    assert breezy.get(f"/position/{position['_id']}/candidate/{made['_id']}") == made
    assert breezy.walk(position["_id"])[0]["_id"] == made["_id"]
    (found,) = breezy.get("/candidates/search", email_address="ada@new.example")
    assert found["_id"] == made["_id"]
    (event,) = breezy.get(f"/position/{position['_id']}/candidate/{made['_id']}/stream")
    assert (event["type"], event["object"]["candidate_id"]) == ("candidateAdded", made["_id"])
    again = breezy.wrote("POST", path, {"name": "Ada", "email_address": "ada@NEW.example"})
    assert (again["meta_id"], again["_id"] != made["_id"]) == (made["meta_id"], True)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "name is required"),
        ({"name": "Ada", "email_address": "ada"}, "email_address is invalid"),
        ({"name": "Ada", "origin": "found"}, "origin must be one of"),
        ({"name": "Ada", "social_profiles": []}, "social_profiles must be an object"),
        ({"name": "Ada", "work_history": [{"title": "x"}]}, "work_history[0].company_name is required"),
        ({"name": "Ada", "first_name": "Ada"}, "first_name is not a known key"),
    ],
)
def test_a_new_candidate_must_fit(breezy: Breezy, position: Any, body: dict[str, Any], said: str) -> None:
    """What does not fit is refused, and nobody is added."""
    path = f"/position/{position['_id']}/candidates"
    before = breezy.walk(position["_id"])
    assert said in refused(breezy.ask("POST", path, body), 400, "createCandidateError")
    assert breezy.walk(position["_id"]) == before


def test_only_json_is_taken(breezy: Breezy, path: str) -> None:
    """A form, and what is no JSON, are refused."""
    url = f"/company/{breezy.company}{path}"
    refused(breezy.http.ask("PUT", url, form={"name": "Ada"}), 400, "updateCandidateError")
    broken = breezy.http.ask("PUT", url, raw=b"{", headers={"Content-Type": "application/json"})
    refused(broken, 400, "updateCandidateError")


def test_a_candidate_is_changed(breezy: Breezy, path: str) -> None:
    """Whatever is sent is changed, an empty list of tags clears them, and the rest stays."""
    before = breezy.wrote("PUT", path, {"tags": ["night", "porto"], "source": {"name": "Walk-in"}})
    assert (before["tags"], before["source"]["name"]) == (["night", "porto"], "Walk-in")
    after = breezy.wrote("PUT", path, {"tags": [], "phone_number": "1", "social_profiles": {"linkedin": "https://l"}})
    assert breezy.get(path) == after
    changed = {"tags": [], "phone_number": "1", "social_profiles": [{"type": "linkedin", "url": "https://l"}]}
    assert {**before, **changed, "updated_date": None} == {**after, "updated_date": None}
    seeded, row = breezy.everyone()[0]
    assert breezy.wrote("PUT", seeded, {"tags": ["new"]})["updated_date"] > row["updated_date"]
    unfit: list[dict[str, Any]] = [{"stage": "hired"}, {"work_history": []}, {"tags": "night"}]
    for body in unfit:
        refused(breezy.ask("PUT", path, body), 400, "updateCandidateError")


@pytest.mark.parametrize(
    ("tail", "field", "first", "second", "other"),
    [
        (
            "work-history",
            "work_history",
            {"company_name": "Vidro", "title": "Blower"},
            {"company_name": "Vidro", "title": "Master", "end_year": 2024},
            {"company_name": "Lume"},
        ),
        (
            "education",
            "education",
            {"school_name": "Porto", "start_year": 2001},
            {"school_name": "Porto", "field_of_study": "Light"},
            {"school_name": "Łódź"},
        ),
        (
            "custom-attribute",
            "custom_attributes",
            {"name": "Time zone", "value": "UTC"},
            {"name": "Time zone", "value": "CET"},
            {"name": "Badge", "value": "7"},
        ),
    ],
)
def test_entries_replace_their_like(
    breezy: Breezy, path: str, tail: str, field: str, first: Any, second: Any, other: Any
) -> None:
    """An entry of the same company, school or name takes the place of the one before."""
    breezy.wrote("POST", f"{path}/{tail}", first)
    assert breezy.wrote("PUT", f"{path}/{tail}", second)[field] == [second]
    assert breezy.wrote("POST", f"{path}/{tail}", other)[field] == [other, second]
    assert breezy.get(path)[field] == [other, second]
    refused(breezy.ask("POST", f"{path}/{tail}", {}), 400, "updateCandidateError")


def test_a_candidate_goes_through_the_stages(breezy: Breezy, position: Any, path: str) -> None:
    """Any stage of the position's pipeline is taken, by text or number; that is how one is rejected."""
    pipeline = breezy.get(f"/pipeline/{position['pipeline_id']}")
    for stage in pipeline["pipeline"]:
        assert breezy.wrote("PUT", f"{path}/stage", {"stage_id": stage["id"]}) is None
        now = breezy.get(path)["stage"]
        assert (now["id"], now["name"]) == (stage["id"], stage["name"])
    breezy.wrote("PUT", f"{path}/stage", {"stage_id": "disqualified"})
    row = next(each for each in breezy.walk(position["_id"]) if path.endswith(each["_id"]))
    assert row["stage"]["type"]["id"] == "disqualified"
    kinds = Counter(each["type"] for each in breezy.get(f"{path}/stream"))
    assert kinds == {"candidateAdded": 1, "candidateStatusUpdated": len(pipeline["pipeline"]) + 1}
    for body in ({"stage_id": "elsewhere"}, {"stage_id": None}, {}, {"stage_id": "hired", "reason": "x"}):
        refused(breezy.ask("PUT", f"{path}/stage", body), 400, "updateCandidateStageError")


def test_numbered_stages_are_taken_as_text_too(breezy: Breezy) -> None:
    """In an old pipeline the id of a stage is a number, and its candidates have no type of stage."""
    old = next(
        each
        for each in breezy.get("/pipelines").values()
        if any(isinstance(one["id"], int) for one in each["pipeline"])
    )
    position = next(each["_id"] for each in breezy.positions() if each["pipeline_id"] == old["_id"])
    made = breezy.wrote("POST", f"/position/{position}/candidates", {"name": "Ada"})
    path = f"/position/{position}/candidate/{made['_id']}"
    stage = next(each for each in old["pipeline"] if isinstance(each["id"], int))
    for spelt in (stage["id"], str(stage["id"])):
        breezy.wrote("PUT", f"{path}/stage", {"stage_id": spelt})
        assert breezy.get(path)["stage"] == {"id": stage["id"], "name": stage["name"]}


def test_who_moves_gets_another_id(breezy: Breezy, position: Any, path: str) -> None:
    """In another position the same person has another id, and brings along all that was said."""
    breezy.wrote("POST", f"{path}/stream", {"body": "Spoke to her."})
    before = breezy.get(path)
    target = next(each for each in breezy.get("/positions") if each["_id"] != position["_id"])
    body = {"target_position_id": target["_id"], "target_stage_id": "offer", "stage_actions_enabled": False}
    moved = breezy.wrote("POST", f"{path}/move", body)
    there = f"/position/{target['_id']}/candidate/{moved['_id']}"
    assert (moved["meta_id"], moved["_id"] != before["_id"]) == (before["meta_id"], True)
    assert moved["stage"]["id"] == "offer"
    assert breezy.get(there) == moved
    assert moved["_id"] in [each["_id"] for each in breezy.walk(target["_id"])]
    assert before["_id"] not in [each["_id"] for each in breezy.walk(position["_id"])]
    refused(breezy.ask("GET", path), 404, "candidateNotFound")
    notes = [each for each in breezy.get(f"{there}/stream") if each["type"] == "companyNotePosted"]
    assert [each["object"]["body"] for each in notes] == ["Spoke to her."]
    assert notes[0]["object"]["candidate_id"] == moved["_id"]
    (night,) = breezy.http.get(f"/company/{breezy.http.get('/companies').json[1]['_id']}/positions").json
    places: list[dict[str, Any]] = [{"target_position_id": each} for each in (NOBODY, night["_id"], None)]
    for wrong in (*places, {"target_stage_id": "nowhere"}):
        other = {**body, "target_position_id": position["_id"], **wrong}
        refused(breezy.ask("POST", f"{there}/move", other), 400, "moveCandidateError")
    refused(breezy.ask("POST", f"{there}/move", body), 400, "moveCandidateError")
