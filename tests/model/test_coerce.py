"""Records made into what the model promises."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from jsonschema import Draft202012Validator

from polyhire.errors import InvalidRequest
from polyhire.model.coerce import coercer, source
from polyhire.model.record import Resource, Shape
from polyhire.model.resources import RESOURCES
from polyhire.model.schema import example_of, json_schema
from polyhire.model.timestamps import as_datetime

CANDIDATES = RESOURCES["candidates"]
VALIDATORS = {name: Draft202012Validator(json_schema(declared)) for name, declared in RESOURCES.items()}

json_values = some.recursive(
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats()
    | some.text(max_size=12)
    | some.sampled_from(["2026-01-31T09:30:00Z", "2026-01-31", "1769851800", "true", "5", "https://github.com/ada"]),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


def near(shape: Shape | Resource, depth: int = 0) -> some.SearchStrategy[Any]:
    """Objects that look like `shape` here and there, with anything in them."""
    parts = {
        field.name: (
            json_values
            if field.shape is None or depth > 2
            else json_values | near(field.shape, depth + 1) | some.lists(near(field.shape, depth + 1), max_size=2)
        )
        for field in shape.fields
    }
    return some.fixed_dictionaries({}, optional={**parts, "custom_fields": json_values, "stray": json_values})


NEAR = {name: near(declared) for name, declared in RESOURCES.items()}


def candidate(**given_fields: Any) -> dict[str, Any]:
    """The candidate that these fields are made into."""
    return coercer(CANDIDATES)(given_fields)


def check_shape(made: dict[str, Any], shape: Shape | Resource) -> None:
    """Every declared key is there, in order, and no other; moments are canonical."""
    extra = ["custom_fields"] if isinstance(shape, Resource) else []
    assert list(made) == [field.name for field in shape.fields] + extra
    for field in shape.fields:
        value = made[field.name]
        if field.kind == "datetime":
            assert value is None or as_datetime(value) == value
        if field.kind == "date":
            assert value is None or re.fullmatch(r"\d{4}-\d\d-\d\d", value)
        if field.shape is not None:
            assert isinstance(value, list) == (field.kind == "list")
            for inner in value if isinstance(value, list) else [value]:
                if inner is not None or isinstance(value, list):
                    check_shape(inner, field.shape)


@pytest.mark.parametrize("name", RESOURCES)
def test_nothing_becomes_nulls_and_empty_lists(name: str) -> None:
    """A record with nothing in it has every field all the same."""
    declared = RESOURCES[name]
    made = coercer(declared)({})
    assert list(made) == [*declared.field_names, "custom_fields"]
    assert made["custom_fields"] == {}
    for field in declared.fields:
        assert made[field.name] == ([] if field.kind == "list" else None)


@pytest.mark.parametrize("name", RESOURCES)
def test_a_perfect_record_stays_as_it_is(name: str) -> None:
    """A record that is in order already is not changed, and comes out the same when coerced twice."""
    record = example_of(RESOURCES[name])
    made = coercer(RESOURCES[name])(record)
    assert made == record
    assert coercer(RESOURCES[name])(made) == made


@pytest.mark.parametrize("name", RESOURCES)
@settings(max_examples=25, deadline=None)
@given(data=some.data())
def test_any_record_fits_the_schema(name: str, data: some.DataObject) -> None:
    """Whatever a mapping makes, the record fits its schema, and can be sent as JSON."""
    declared = RESOURCES[name]
    made = coercer(declared)(data.draw(NEAR[name]))
    check_shape(made, declared)
    VALIDATORS[name].validate(made)
    made.pop("custom_fields")
    without_custom = {key: value for key, value in made.items() if key not in ("applications", "attachments")}
    json.dumps(without_custom, allow_nan=False)
    assert coercer(declared, without_custom)(without_custom) == without_custom


def test_only_the_fields_asked_for_are_made() -> None:
    """A choice of fields comes in declared order, whatever order it was asked in."""
    made = coercer(CANDIDATES, ["name", "id"])({"id": 5, "name": "Ada", "title": "Countess"})
    assert list(made.items()) == [("id", "5"), ("name", "Ada")]
    assert coercer(CANDIDATES, ["custom_fields"])({}) == {"custom_fields": {}}
    assert coercer(CANDIDATES, ["id"]) is coercer(CANDIDATES, iter(["id"]))


def test_an_unknown_field_is_refused() -> None:
    """A field that the resource has not is answered with the nearest."""
    with pytest.raises(InvalidRequest, match="did you mean 'first_name'"):
        coercer(CANDIDATES, ["frist_name"])


def test_outputs_share_nothing() -> None:
    """A change to one output is seen in no other, nor in the input."""
    given_record = {"emails": [{"email": "a@b.org"}], "applications": [{"id": 1}]}
    first, second = coercer(CANDIDATES)(given_record), coercer(CANDIDATES)(given_record)
    first["emails"][0]["email"] = "x"
    first["applications"][0]["attachments"].append(1)
    first["tags"].append(1)
    first["custom_fields"]["x"] = 1
    assert second == coercer(CANDIDATES)({"emails": [{"email": "a@b.org"}], "applications": [{"id": 1}]})
    assert given_record["emails"] == [{"email": "a@b.org"}]


def test_emails_are_made_of_anything() -> None:
    """A bare text is an address, one is a list of one, and an entry without an address is dropped."""
    made = candidate(emails=[" a@b.org ", {"email": "c@d.org", "type": "Work", "is_primary": "yes", "x": 1}, {}, None])
    assert made["emails"] == [
        {"email": "a@b.org", "type": None, "is_primary": None},
        {"email": "c@d.org", "type": "work", "is_primary": True},
    ]
    assert candidate(emails="a@b.org")["emails"] == made["emails"][:1]
    assert candidate(emails={"email": "a@b.org"})["emails"] == made["emails"][:1]
    assert candidate(emails=[["a@b.org", made["emails"][1]], []])["emails"] == made["emails"]
    assert candidate(emails=[{"email": "", "type": "work"}, True, "", " "])["emails"] == []


def test_phones_keep_their_type() -> None:
    """A number may be a number; a type that nobody knows passes in snake case."""
    made = candidate(phones=[{"number": 4155550100, "type": "Direct Line"}, "+44 20"])
    assert made["phones"] == [
        {"number": "4155550100", "extension": None, "type": "direct_line"},
        {"number": "+44 20", "extension": None, "type": None},
    ]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.linkedin.com/in/ada", "linkedin"),
        ("http://uk.linkedin.com/in/ada", "linkedin"),
        ("linkedin.com/in/ada", "linkedin"),
        ("//github.com/ada", "github"),
        ("HTTPS://GitHub.com", "github"),
        ("https://x.com/ada", "twitter"),
        ("https://twitter.com?ada", "twitter"),
        ("https://m.facebook.com:443/ada", "facebook"),
        ("https://netflix.com/ada", None),
        ("https://linkedin.com.evil.org/ada", None),
        ("https://example.org/?u=https://github.com/ada", None),
        ("https:", None),
        ("/", None),
    ],
)
def test_the_type_of_a_link_is_told_from_its_host(url: str, expected: str | None) -> None:
    """A known host gives the type, any other gives none."""
    assert candidate(urls=url)["urls"] == [{"url": url, "type": expected}]


def test_the_type_that_the_provider_gives_wins() -> None:
    """A link's host is looked at only when the provider gives no type."""
    made = candidate(urls=[{"url": "https://github.com/ada", "type": "Portfolio"}])
    assert made["urls"] == [{"url": "https://github.com/ada", "type": "portfolio"}]


def test_the_name_of_a_place_is_its_text_or_its_parts() -> None:
    """Free text is the name; without one, the parts are joined in the order of an address."""
    parts = {"country": "GB", "city": "London", "street_1": "12 St James's Square", "type": "Home"}
    names = [
        place["name"] for place in candidate(locations=["Paris", parts, {"name": "HQ", "city": "Bonn"}])["locations"]
    ]
    assert names == ["Paris", "12 St James's Square, London, GB", "HQ"]
    assert candidate(locations=[{"type": "home"}])["locations"] == []


def test_a_bare_tag_is_its_name() -> None:
    """Many providers know tags by name alone."""
    assert candidate(tags=["remote", {"name": "senior"}, {"id": 33}, None, ""])["tags"] == [
        {"id": None, "name": "remote"},
        {"id": None, "name": "senior"},
        {"id": "33", "name": None},
    ]


def test_references_are_complete_or_null() -> None:
    """A bare value is an id, unknown keys go, missing ones are null, and nothing usable is null."""
    make = coercer(RESOURCES["applications"], ["candidate", "job", "source", "current_stage", "credited_to"])
    assert make(
        {
            "candidate": 7,
            "job": {"id": 118.0, "name": "Engineer", "stray": 1},
            "source": {"id": None, "name": ""},
            "current_stage": [{"id": "3"}, {"id": "4"}],
            "credited_to": {"emails": [{}]},
        }
    ) == {
        "candidate": {"id": "7", "name": None},
        "job": {"id": "118", "name": "Engineer"},
        "source": None,
        "current_stage": {"id": "3", "name": None},
        "credited_to": None,
    }


def test_an_action_of_the_system_keeps_its_actor() -> None:
    """An actor with a type alone says something."""
    made = coercer(RESOURCES["activities"], ["actor"])({"actor": {"type": "System"}})
    assert made == {"actor": {"id": None, "name": None, "type": "system"}}


def test_records_within_records_are_complete() -> None:
    """An embedded application has all its fields, without remote_data; a bare id will do."""
    made = candidate(applications=[9021, {"id": 9022, "job": 5, "remote_data": {}, "attachments": {"id": 1}}, {}])
    first, second = made["applications"]
    assert list(first) == [*RESOURCES["applications"].field_names, "custom_fields"]
    assert first["id"] == "9021"
    assert second["job"] == {"id": "5", "name": None}
    assert second["attachments"][0] == coercer(RESOURCES["attachments"])({"id": "1"})


def test_compensation_is_an_object_or_its_text() -> None:
    """A range of zero is a range; a lone text is the provider's words; a currency alone says nothing."""
    make = coercer(RESOURCES["jobs"], ["compensation"])
    nothing = {"min": None, "max": None, "currency": None, "interval": None, "text": None}
    assert make({"compensation": {"min": 0, "currency": "eur", "interval": "Year"}})["compensation"] == {
        **nothing,
        "min": 0,
        "currency": "EUR",
        "interval": "year",
    }
    assert make({"compensation": "$90k"})["compensation"] == {**nothing, "text": "$90k"}
    assert make({"compensation": {"currency": "EUR"}})["compensation"] is None


def test_answers_are_joined_and_trimmed() -> None:
    """A scorecard's several choices are one line; an EEOC answer loses its blanks."""
    scorecard = coercer(RESOURCES["scorecards"], ["form_values"])(
        {"form_values": {"label": "Skills", "value": ["a", 2]}}
    )
    assert scorecard["form_values"] == [{"label": "Skills", "value": "a, 2", "type": None}]
    eeoc = coercer(RESOURCES["eeocs"], ["gender", "race"])({"gender": " Female ", "race": "  "})
    assert eeoc == {"gender": "Female", "race": None}


@pytest.mark.parametrize(("given_value", "expected"), [(True, "true"), ("no", "false"), (1, "true"), ("maybe", None)])
def test_is_private_is_a_text(given_value: Any, expected: str | None) -> None:
    """`is_private` is the text "true" or "false"."""
    assert candidate(is_private=given_value)["is_private"] == expected


@pytest.mark.parametrize(
    ("given_value", "expected"),
    [({"a": 1}, {"a": 1}), ([{"a": 1}, {"b": 2}, 3], {"a": 1, "b": 2}), (None, {}), ("x", {}), ([], {})],
)
def test_custom_fields_are_an_object(given_value: Any, expected: dict[str, Any]) -> None:
    """Custom fields are one object, also when a mapping made an object per field."""
    assert candidate(custom_fields=given_value)["custom_fields"] == expected


def test_the_compiled_function_can_be_read() -> None:
    """The source of a coercer is Python, one line per field."""
    lines = source(RESOURCES["tags"]).splitlines()
    compile("\n".join(lines), "tags", "exec")
    assert [line for line in lines if "'name'" in line]
