"""Bodies of writes."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from polyhire.errors import InvalidBody, UnsupportedMethod
from polyhire.model.body import check_body
from polyhire.model.resources import RESOURCES

JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=8),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


def create(resource: str, body: Any, method: str = "create") -> dict[str, Any]:
    """The checked body of a write."""
    return check_body(RESOURCES[resource], method, body)


def failures(resource: str, body: Any, method: str = "create") -> dict[str, str]:
    """What is wrong with a body: path and message."""
    with pytest.raises(InvalidBody) as refusal:
        create(resource, body, method)
    return {failure.path: failure.message for failure in refusal.value.failures}


def test_a_body_is_brought_into_one_form() -> None:
    """Ids become text, one becomes a list of one, moments RFC 3339, known words snake case; nothing is added."""
    body = {
        "first_name": "Ada",
        "is_private": True,
        "can_email": "yes",
        "emails": {"email": "ada@acme.org", "type": "Work"},
        "phones": ["+44 20", {"number": "1", "type": "Direct Line"}],
        "tags": ["remote", {"id": 33}],
        "applications": {"job": {"id": 118}, "applied_at": "2026-01-31"},
    }
    assert create("candidates", body) == {
        "first_name": "Ada",
        "is_private": "true",
        "can_email": True,
        "emails": [{"email": "ada@acme.org", "type": "work"}],
        "phones": [{"number": "+44 20"}, {"number": "1", "type": "Direct Line"}],
        "tags": [{"name": "remote"}, {"id": "33"}],
        "applications": [{"job": {"id": "118"}, "applied_at": "2026-01-31T00:00:00Z"}],
    }


def test_numbers_and_days_are_read() -> None:
    """Texts of numbers are numbers, a date is cut from a moment."""
    pay = {"min": "90000", "max": 120000.5, "currency": "usd", "interval": "year"}
    assert create("jobs", {"compensation": pay})["compensation"] == {**pay, "min": 90000, "currency": "USD"}
    assert create("offers", {"start_date": "2026-03-01T00:00:00+10:00"}) == {"start_date": "2026-03-01"}
    assert create("job_form_fields", {"index": 2.0}) == {"index": 2}


def test_null_means_clear_and_missing_stays_missing() -> None:
    """Null is kept for every kind of field, and nothing is filled in."""
    body = {"title": None, "emails": None, "can_email": None}
    assert create("candidates", body, "update") == body
    assert create("candidates", {}, "update") == {}
    assert create("jobs", {"compensation": {"min": 1, "max": None}}) == {"compensation": {"min": 1, "max": None}}


def test_every_write_takes_the_three_extras() -> None:
    """`custom_fields`, `remote_data` and `user_id` stand beside the fields; the first two are left untouched."""
    extras = {"custom_fields": {"visa": [1, {"x": None}]}, "remote_data": {"id": 5, "stray": True}}
    for method in ("create", "update"):
        assert create("tags", {"name": "x", "user_id": 17, **extras}, method) == {
            "name": "x",
            "user_id": "17",
            **extras,
        }
    assert create("tags", {"user_id": 17, "remote_data": {}}, "delete") == {"user_id": "17", "remote_data": {}}


@pytest.mark.parametrize(
    ("resource", "body", "path", "message"),
    [
        ("candidates", {"frist_name": "Ada"}, "body.frist_name", "did you mean 'first_name'?"),
        ("candidates", {"zodiac": "Leo"}, "body.zodiac", "There are: applications"),
        ("candidates", {"id": "5"}, "body.id", "read-only"),
        ("candidates", {"created_at": "2026-01-31"}, "body.created_at", "read-only"),
        ("candidates", {"updated_at": None}, "body.updated_at", "read-only"),
        ("candidates", {"last_interaction_at": "2026-01-31"}, "body.last_interaction_at", "read-only"),
        ("candidates", {"first_name": 5}, "body.first_name", "not a text"),
        ("candidates", {"can_email": "maybe"}, "body.can_email", "not true or false"),
        ("candidates", {"is_private": []}, "body.is_private", "not true or false"),
        ("candidates", {"emails": [{"email": "ada"}]}, "body.emails[0].email", "not an e-mail address"),
        ("candidates", {"emails": ["a@b.org", "a b@c.org"]}, "body.emails[1].email", "not an e-mail address"),
        ("candidates", {"emails": [{"type": "work"}]}, "body.emails[0].email", "missing"),
        ("candidates", {"emails": [{"email": "a@b.org", "tpye": "work"}]}, "body.emails[0].tpye", "mean 'type'?"),
        ("candidates", {"emails": [None]}, "body.emails[0]", "not an object"),
        ("candidates", {"emails": True}, "body.emails[0]", "not an object"),
        ("candidates", {"phones": [{"number": ["1"]}]}, "body.phones[0].number", "not a text"),
        ("candidates", {"tags": [{}]}, "body.tags[0]", "give id or name"),
        ("candidates", {"locations": [{"type": "home"}]}, "body.locations[0]", "says nothing"),
        ("candidates", {"applications": [{}]}, "body.applications[0]", "give id or candidate"),
        ("candidates", {"applications": [{"id": 5, "created_at": 1}]}, "body.applications[0].created_at", "read-only"),
        ("candidates", {"custom_fields": []}, "body.custom_fields", "not an object"),
        ("candidates", {"remote_data": "x"}, "body.remote_data", "not an object"),
        ("candidates", {"user_id": 1.5}, "body.user_id", "not an id"),
        ("applications", {"job": {"id": ""}}, "body.job.id", "not an id"),
        ("applications", {"job": {"id": True}}, "body.job.id", "not an id"),
        ("applications", {"job": [1]}, "body.job", "not an object. It has: id, name"),
        ("applications", {"applied_at": "01/31/2026"}, "body.applied_at", "not a date-time"),
        ("attachments", {"file_url": "x", "candidate": {}}, "body.candidate.id", "missing"),
        ("offers", {"start_date": "soon"}, "body.start_date", "not a date"),
        ("offers", {"status": 5}, "body.status", "not a text"),
        ("jobs", {"compensation": {"min": "much"}}, "body.compensation.min", "not a number"),
        ("jobs", {"compensation": {"min": 1, "currency": "$"}}, "body.compensation.currency", "USD or EUR"),
        ("job_form_fields", {"index": 1.5}, "body.index", "not a whole number"),
        ("tags", [{"name": "x"}], "body", "must be a JSON object"),
        ("tags", None, "body", "must be a JSON object"),
    ],
)
def test_what_does_not_fit_is_refused(resource: str, body: Any, path: str, message: str) -> None:
    """Each failure stands at its path, and says what would be right."""
    found = failures(resource, body)
    assert list(found) == [path]
    assert message in found[path]


def test_all_failures_are_told_at_once() -> None:
    """One answer lists everything that is wrong."""
    found = failures("candidates", {"frist_name": "x", "emails": ["a", "b"], "id": 1})
    assert list(found) == ["body.frist_name", "body.emails[0].email", "body.emails[1].email", "body.id"]


def test_a_value_is_never_repeated_in_a_message() -> None:
    """A message holds nothing of what was sent: it may be personal."""
    with pytest.raises(InvalidBody) as refusal:
        create("candidates", {"emails": ["ada-lovelace"], "can_email": "Geheim"})
    told = str(refusal.value) + str(refusal.value.failures)
    assert "ada-lovelace" not in told
    assert "Geheim" not in told


def test_an_attachment_needs_a_file_or_its_address() -> None:
    """A create takes the file itself or where to fetch it; an update needs neither."""
    file = {"name": "cv.pdf", "content_type": "application/pdf", "content": "JVBERi0xLjcK"}
    assert create("attachments", {"file": file, "candidate": 5}) == {"file": file, "candidate": {"id": "5"}}
    assert create("attachments", {"file_url": "https://files.example.org/cv.pdf"})
    assert create("attachments", {"file_name": "cv.pdf"}, "update") == {"file_name": "cv.pdf"}
    assert failures("attachments", {"file_name": "cv.pdf"}) == {"body.file": "is missing: give file or file_url."}
    assert failures("attachments", {"file": {"content": "no base64!"}}) == {
        "body.file.content": "is not base64.",
        "body.file.name": "is missing.",
    }
    assert "body.file" in failures("attachments", {"file": "JVBERi0xLjcK"})
    assert create("candidates", {"attachments": [{"file": file}]}) == {"attachments": [{"file": file}]}


def test_a_custom_method_takes_its_parameters() -> None:
    """Exactly the declared parameters, and `remote_data` for the provider."""
    body = {"application_id": 9021, "stage_id": "3", "user_id": 17, "remote_data": {"x": 1}}
    assert create("applications", body, "move-stage") == {**body, "application_id": "9021", "user_id": "17"}
    assert create("applications", {"application_id": 1, "start_date": "2026-03-01"}, "hire") == {
        "application_id": "1",
        "start_date": "2026-03-01",
    }
    assert create("attachments", {"id": 5}, "download") == {"id": "5"}
    assert create("candidates", {"candidate_id": 5, "tag": "remote"}, "add-tag") == {
        "candidate_id": "5",
        "tag": "remote",
    }


@pytest.mark.parametrize(
    ("resource", "method", "body", "paths"),
    [
        ("applications", "move-stage", {}, ["body.application_id", "body.stage_id"]),
        ("applications", "reject", {"application_id": 1, "reason_id": None}, ["body.reason_id"]),
        ("applications", "hire", {"application_id": 1, "user_id": 2}, ["body.user_id"]),
        ("applications", "unreject", {"application_id": 1, "custom_fields": {}}, ["body.custom_fields"]),
        ("candidates", "add-tag", {"candidate_id": 1}, ["body.tag_id"]),
        ("candidates", "remove-tag", {"tag": "x"}, ["body.candidate_id"]),
        ("attachments", "download", {}, ["body.id"]),
        ("tags", "list", {"name": "x"}, ["body.name"]),
        ("tags", "delete", {"name": "x"}, ["body.name"]),
    ],
)
def test_a_custom_method_refuses_the_rest(resource: str, method: str, body: Any, paths: list[str]) -> None:
    """What is missing and what does not belong is named."""
    assert list(failures(resource, body, method)) == paths


def test_an_unknown_method_is_refused() -> None:
    """A method that the resource has not is no matter of the body."""
    with pytest.raises(UnsupportedMethod, match="did you mean 'hire'"):
        create("applications", {}, "hired")


@settings(max_examples=80, deadline=None)
@given(resource=some.sampled_from(sorted(RESOURCES)), data=some.data())
def test_any_body_is_checked_or_refused(resource: str, data: some.DataObject) -> None:
    """No body raises anything but InvalidBody, and a checked body stays as it is when checked again."""
    declared = RESOURCES[resource]
    method = data.draw(some.sampled_from(declared.method_names))
    names = some.sampled_from([*declared.field_names, "file", "user_id", "custom_fields", "tag"])
    body = data.draw(JSON | some.dictionaries(names, JSON, max_size=3))
    try:
        checked = check_body(declared, method, body)
    except InvalidBody as refusal:
        assert refusal.failures
    else:
        assert check_body(declared, method, checked) == checked
