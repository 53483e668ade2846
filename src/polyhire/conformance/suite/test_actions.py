"""What is done to applications and candidates: the next read shows it."""

from typing import Any

import pytest

from polyhire.conformance.bodies import create_body, open_application
from polyhire.conformance.offered import offering, where
from polyhire.conformance.provider import Provider


@offering("move-stage")
def test_a_moved_application_stands_in_its_new_stage(fresh: Provider, resource: str) -> None:
    """`move-stage` puts an application into another stage of its job."""
    application = open_application(fresh)
    target = next(stage for stage in stages_of(fresh, application) if stage["id"] != application["current_stage"]["id"])
    answer = act(fresh, resource, "move-stage", application_id=application["id"], stage_id=target["id"])
    assert answer["id"] == application["id"]
    after = fresh.read(resource, application)
    assert after["current_stage"] == {"id": target["id"], "name": target["name"]}
    assert after["rejected_at"] is None


@offering("reject", "unreject")
def test_a_rejection_can_be_taken_back(fresh: Provider, resource: str) -> None:
    """`reject` leaves the moment and the reason, `unreject` takes both away again."""
    application, reason = open_application(fresh), fresh.seeds("reject_reasons")[0]
    act(fresh, resource, "reject", application_id=application["id"], reason_id=reason["id"])
    rejected = fresh.read(resource, application)
    assert rejected["rejected_at"] is not None
    assert rejected["reject_reason"] == reason["name"]
    assert application["id"] in ids(fresh, "rejected")
    act(fresh, resource, "unreject", application_id=application["id"])
    taken_back = fresh.read(resource, application)
    assert (taken_back["rejected_at"], taken_back["reject_reason"]) == (None, None)
    assert application["id"] in ids(fresh, "active")


@offering("hire")
def test_a_hired_application_is_hired(fresh: Provider, resource: str) -> None:
    """`hire` moves an application from the active to the hired ones."""
    chosen = fresh.fact(resource, "hire", "application") or open_application(fresh)["id"]
    assert chosen in ids(fresh, "active")
    act(fresh, resource, "hire", application_id=chosen)
    assert chosen in ids(fresh, "hired")
    assert chosen not in ids(fresh, "active")


@offering("add-tag", "remove-tag")
def test_a_tag_comes_and_goes(fresh: Provider, resource: str) -> None:
    """`add-tag` and `remove-tag` are seen on the candidate at once, and other tags stay."""
    candidate = next(each for each in fresh.seeds(resource) if each["tags"])
    before = {tag["id"] for tag in candidate["tags"]}
    tag = next(tag for tag in known_tags(fresh) if tag["id"] not in before)
    act(fresh, resource, "add-tag", candidate_id=candidate["id"], tag_id=tag["id"])
    assert tags_of(fresh, candidate) == before | {tag["id"]}
    act(fresh, resource, "remove-tag", candidate_id=candidate["id"], tag_id=tag["id"])
    assert tags_of(fresh, candidate) == before


@offering("add-tag")
def test_a_tag_is_added_by_name(fresh: Provider, resource: str) -> None:
    """`add-tag` takes the name of a tag, too, even of one that was made a moment ago."""
    made = fresh.method("tags", "create")
    tag = fresh.call("POST", "tags", create_body(fresh, "tags")) if made else known_tags(fresh)[-1]
    candidate = next(each for each in fresh.seeds(resource) if tag["id"] not in {own["id"] for own in each["tags"]})
    act(fresh, resource, "add-tag", candidate_id=candidate["id"], tag=tag["name"])
    assert tag["id"] in tags_of(fresh, candidate)


@where("applications", "list")
@pytest.mark.parametrize("name", ["move-stage", "reject", "unreject", "hire"])
def test_an_action_on_nothing_is_not_found(seen: Provider, name: str) -> None:
    """An action on an application that nobody has is a 404, where the integration has the action."""
    more = {
        "move-stage": {"stage_id": any_id(seen, "job_interview_stages")},
        "reject": {"reason_id": any_id(seen, "reject_reasons")},
    }
    body = {"application_id": any_id(seen, "applications")[:-4] + "0000", **more.get(name, {})}
    reply = seen.ask("POST", f"/unified/ats/applications/{name}", body)
    expected = (404, "record_not_found") if seen.method("applications", name) else (405, "unsupported_method")
    assert (reply.status, reply.json["code"]) == expected, reply.body


def any_id(provider: Provider, resource: str) -> str:
    """The id of some record; any word where the integration has none of them."""
    return str(provider.seeds(resource)[0]["id"]) if provider.method(resource, "list") else "none"


def act(provider: Provider, resource: str, name: str, **body: Any) -> Any:
    """What a custom method answers."""
    return provider.call("POST", f"{resource}/{name}", body)["result"]


def ids(provider: Provider, status: str) -> set[str]:
    """The applications in a state."""
    return {record["id"] for record in provider.all("applications", fields="id", status=status)}


def known_tags(provider: Provider) -> list[dict[str, Any]]:
    """The company's tags; where tags are words without records, those that candidates carry."""
    if provider.method("tags", "list"):
        return provider.seeds("tags")
    return list({tag["id"]: tag for each in provider.seeds("candidates") for tag in each["tags"]}.values())


def tags_of(provider: Provider, candidate: dict[str, Any]) -> set[str]:
    """The ids of a candidate's tags, as they are now."""
    return {tag["id"] for tag in provider.call("GET", f"candidates/{candidate['id']}")["tags"]}


def stages_of(provider: Provider, application: dict[str, Any]) -> list[dict[str, Any]]:
    """The stages of an application's job; all there are, where jobs share them."""
    by_job = "job_id" in provider.capabilities["job_interview_stages"]["methods"]["list"]["filters"]
    return provider.all("job_interview_stages", **({"job_id": application["job"]["id"]} if by_job else {}))
