"""Positions, and what a company has for them."""

from typing import Any

import pytest

from .conftest import NOBODY, STATES, Breezy, refused

NEW = {
    "name": "Lamplighter",
    "description": "<p>Light lamps.</p>",
    "type": "partTime",
    "location": {"country": "PT", "city": "Porto", "is_remote": True},
}


def test_positions_are_listed_by_state(breezy: Breezy) -> None:
    """Each state has its own positions, and published ones come unless another is asked for."""
    found = {state: breezy.get("/positions", state=state) for state in STATES}
    assert all(found.values())
    assert all(each["state"] == state for state, rows in found.items() for each in rows)
    assert len({each["_id"] for rows in found.values() for each in rows}) == sum(map(len, found.values()))
    assert breezy.get("/positions") == found["published"]
    refused(breezy.ask("GET", "/positions", state="open"), 400, "getPositionsError")


def test_pages_of_positions_are_all_alike(breezy: Breezy) -> None:
    """Clients that page get everything each time."""
    assert breezy.get("/positions", page=2, limit=3) == breezy.get("/positions")


def test_lists_show_the_type_of_some_as_an_id(breezy: Breezy) -> None:
    """An archived position has the id of its type in lists, and the type by itself."""
    listed = breezy.get("/positions", state="archived")[0]
    alone = breezy.get(f"/position/{listed['_id']}")
    assert listed["type"] == alone["type"]["id"]
    assert {**listed, "type": None} == {**alone, "type": None}
    assert "company" not in alone


def test_people_without_a_job_are_in_a_pool(breezy: Breezy) -> None:
    """One position is no job but a pool, with people in it."""
    (pool,) = [each for each in breezy.positions() if each["org_type"] == "pool"]
    assert breezy.walk(pool["_id"])


def test_a_position_is_made_changed_and_opened(breezy: Breezy) -> None:
    """A new position is a draft with the default pipeline; later it is changed, published and archived."""
    made = breezy.wrote("POST", "/positions", {**NEW, "department": "Light", "tags": ["night"]})
    path = f"/position/{made['_id']}"
    assert (made["state"], made["type"]) == ("draft", {"id": "partTime", "name": "Part-Time"})
    assert made["pipeline_id"] == breezy.get("/pipelines")["default"]["_id"]
    assert made["friendly_id"] == f"{made['_id']}-lamplighter"
    assert made["location"]["country"]["id"] == "PT"
    assert breezy.get(path) == made
    assert made in breezy.get("/positions", state="draft")
    changed = breezy.wrote("PUT", path, {"name": "Wick Trimmer", "experience": {"id": "mid-level"}})
    assert changed == {
        **made,
        "name": "Wick Trimmer",
        "experience": {"id": "mid-level", "name": "Mid Level"},
        "updated_date": changed["updated_date"],
    }
    for state in ("published", "archived"):
        assert breezy.wrote("PUT", f"{path}/state", {"state": state}) is None
        assert breezy.get(path)["state"] == state
        assert made["_id"] in [each["_id"] for each in breezy.get("/positions", state=state)]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "name"),
        ({"type": "seasonal"}, "type must be one of fullTime"),
        ({"location": {"city": "Porto"}}, "location.country is required"),
        ({"pipeline_id": NOBODY}, "pipeline_id is not the id of a pipeline"),
        ({"state": "published"}, "state is not a known key"),
        ({"category": {"name": "Sales"}}, "category has no id"),
    ],
)
def test_a_position_must_fit(breezy: Breezy, changes: dict[str, Any], said: str) -> None:
    """What does not fit is refused, when making a position and when changing one."""
    assert said in refused(breezy.ask("POST", "/positions", {**NEW, **changes}), 400, "createPositionError")
    path = f"/position/{breezy.get('/positions')[0]['_id']}"
    assert said in refused(breezy.ask("PUT", path, changes), 400, "updatePositionError")


def test_a_new_position_needs_what_is_required(breezy: Breezy) -> None:
    """A name, a description, a type and a place."""
    message = refused(breezy.ask("POST", "/positions", {}), 400, "createPositionError")
    assert message == "; ".join(f"{each} is required" for each in ("name", "description", "type", "location"))


def test_the_plan_limits_published_positions(breezy: Breezy) -> None:
    """When too many are published, the next one stays as it is."""
    for _ in range(20):
        path = f"/position/{breezy.wrote('POST', '/positions', NEW)['_id']}"
        answer = breezy.ask("PUT", f"{path}/state", {"state": "published"})
        if answer.status != 204:
            break
    assert "active positions" in refused(answer, 400, "updatePositionStateError")
    assert breezy.get(path)["state"] == "draft"
    published = f"/position/{breezy.get('/positions')[0]['_id']}"
    before = breezy.get(published)["updated_date"]
    assert breezy.ask("PUT", f"{published}/state", {"state": "published"}).status == 204
    assert breezy.get(published)["updated_date"] > before


def test_the_team_is_who_works_on_a_position(breezy: Breezy, position: Any) -> None:
    """The team are all users of the position, with their roles."""
    users = breezy.get(f"/position/{position['_id']}/team")["users"]
    assert [each["_id"] for each in users] == position["all_users"]
    assert set(position["all_admins"]) < set(position["all_users"])
    assert all(each["role"]["name"] for each in users)


def test_pipelines_are_an_object(breezy: Breezy) -> None:
    """The default has that name, others their id, and every position has one of them."""
    found = breezy.get("/pipelines")
    assert next(iter(found)) == "default"
    assert all(key in ("default", each["_id"]) for key, each in found.items())
    assert {each["pipeline_id"] for each in breezy.positions()} <= {each["_id"] for each in found.values()}
    for each in found.values():
        assert breezy.get(f"/pipeline/{each['_id']}") == each
        assert {"applied", "hired", "disqualified"} <= {stage["id"] for stage in each["pipeline"]}
    numbers = [stage for each in found.values() for stage in each["pipeline"] if isinstance(stage["id"], int)]
    assert numbers
    refused(breezy.ask("GET", f"/pipeline/{NOBODY}"), 404, "pipelineNotFound")


def test_questionnaires_are_those_of_positions(breezy: Breezy) -> None:
    """Every questionnaire of a position is listed, and is given by itself."""
    found = {each["_id"]: each for each in breezy.get("/questionnaires")}
    assert {each["questionnaire_id"] for each in breezy.positions() if "questionnaire_id" in each} == set(found)
    for key, each in found.items():
        assert breezy.get(f"/questionnaires/{key}") == each
    asked = [one["_id"] for each in found.values() for part in each["sections"] for one in part["questions"]]
    assert len(set(asked)) == len(asked) > 4


def test_a_company_has_its_lists(breezy: Breezy) -> None:
    """Departments, categories, templates and custom attributes are bare lists."""
    departments = [each["name"] for each in breezy.get("/departments")]
    assert {each["department"] for each in breezy.positions() if each["department"]} <= set(departments)
    categories = breezy.get("/categories")
    assert all(each["category"] in categories for each in breezy.positions())
    assert breezy.get("/templates")
    assert all(set(each) == {"_id", "name", "secure"} for each in breezy.get("/custom-attributes/candidate"))
    of_candidates = {each["name"] for each in breezy.get("/custom-attributes/candidate")}
    of_positions = {each["name"] for each in breezy.get("/custom-attributes/position")}
    assert of_candidates and of_positions and not of_candidates & of_positions
