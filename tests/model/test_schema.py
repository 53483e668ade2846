"""The model as JSON Schema."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError, validate

from polyhire.errors import UnsupportedMethod
from polyhire.model.body import check_body
from polyhire.model.coerce import coercer
from polyhire.model.resources import RESOURCES
from polyhire.model.schema import body_schema, components, example_of, json_schema
from polyhire.model.shapes import EMAIL, SHAPES

METHODS = [(name, method) for name, declared in RESOURCES.items() for method in declared.method_names]


def every_schema(schema: Any) -> Iterator[dict[str, Any]]:
    """Every object within a schema."""
    if isinstance(schema, dict):
        yield schema
    for inner in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from every_schema(inner)


@pytest.mark.parametrize("name", RESOURCES)
def test_a_record_has_a_schema(name: str) -> None:
    """The schema is valid, complete in itself, and the example and the empty record fit it."""
    declared = RESOURCES[name]
    schema = json_schema(declared)
    Draft202012Validator.check_schema(schema)
    assert list(schema["properties"]) == [*declared.field_names, "custom_fields", "remote_data"]
    assert schema["required"] == [*declared.field_names, "custom_fields"]
    validate({**example_of(declared), "remote_data": {"id": 1}}, schema)
    validate(coercer(declared)({}), schema)


def test_a_record_that_breaks_the_promise_does_not_fit() -> None:
    """A missing field, a number for an id, a null list and half a shape are all refused."""
    schema = json_schema(RESOURCES["candidates"])
    record = example_of(RESOURCES["candidates"])
    broken: list[dict[str, Any]] = [
        {key: value for key, value in record.items() if key != "title"},
        {**record, "id": 5},
        {**record, "tags": None},
        {**record, "is_private": True},
        {**record, "emails": [{"email": "a@b.org"}]},
        {**record, "custom_fields": None},
    ]
    for wrong in broken:
        with pytest.raises(ValidationError):
            validate(wrong, schema)


def test_the_components_are_all_there() -> None:
    """Each shape and record is a component, and every reference leads to one."""
    schemas = components()
    assert set(schemas) == {shape.name for shape in SHAPES} | {declared.title for declared in RESOURCES.values()}
    assert list(schemas["Email"]["properties"]) == [field.name for field in EMAIL.fields]
    for schema in every_schema(schemas):
        if "$ref" in schema:
            prefix, _, name = schema["$ref"].rpartition("/")
            assert prefix == "#/components/schemas"
            assert name in schemas
    assert schemas["Candidate"]["properties"]["emails"]["items"] == {"$ref": "#/components/schemas/Email"}


def test_the_components_validate_records() -> None:
    """The components, put into a document, describe the same records."""
    document = {"components": {"schemas": components()}}
    for declared in RESOURCES.values():
        schema = {**document, "$ref": f"#/components/schemas/{declared.title}"}
        validate(coercer(declared)(example_of(declared)), schema)


def test_enums_are_open() -> None:
    """No schema closes an enum: known words are documented beside a plain text."""
    everything = [components(), *(body_schema(RESOURCES[name], method) for name, method in METHODS)]
    assert not [schema for schema in every_schema(everything) if isinstance(schema.get("enum"), list)]
    status = components()["Job"]["properties"]["status"]
    assert status["type"] == ["string", "null"]
    assert status["x-known-values"] == ["open", "closed", "draft", "pending", "archived"]


def test_every_property_is_described() -> None:
    """Components say what each property is, with an example for single values."""
    for name, schema in components().items():
        assert schema["description"]
        for field, described in schema["properties"].items():
            assert described["description"], f"{name}.{field}"
            assert described.get("examples") or "anyOf" in described or "items" in described, f"{name}.{field}"


@pytest.mark.parametrize(("name", "method"), METHODS)
def test_a_body_has_a_schema(name: str, method: str) -> None:
    """The schema of each body is valid and can be sent as JSON; its examples fit it and are taken as they are."""
    schema = body_schema(RESOURCES[name], method)
    Draft202012Validator.check_schema(schema)
    json.dumps(schema)
    for example in schema.get("examples", []):
        validate(example, schema)
        assert check_body(RESOURCES[name], method, example) == example
    assert bool(schema.get("examples")) == (method == "create")


@pytest.mark.parametrize(
    ("name", "method", "body", "fits"),
    [
        ("candidates", "create", {"first_name": "Ada", "emails": [{"email": "a@b.org"}], "user_id": 5}, True),
        ("candidates", "create", {"id": "5"}, False),
        ("candidates", "create", {"emails": [{"type": "work"}]}, False),
        ("candidates", "create", {"tags": [{}]}, False),
        ("candidates", "update", {"title": None}, True),
        ("candidates", "update", {"stray": 1}, False),
        ("candidates", "update", {"applications": [{"id": 5, "job": {"id": "1"}}]}, True),
        ("candidates", "add-tag", {"candidate_id": "5", "tag": "x"}, True),
        ("candidates", "add-tag", {"candidate_id": "5"}, False),
        ("applications", "move-stage", {"application_id": "5", "stage_id": 1, "remote_data": {}}, True),
        ("applications", "move-stage", {"application_id": None, "stage_id": 1}, False),
        ("attachments", "create", {"file_url": "https://files.example.org/cv.pdf"}, True),
        ("attachments", "create", {"file_name": "cv.pdf"}, False),
        ("attachments", "create", {"file": {"name": "cv.pdf"}}, False),
    ],
)
def test_the_schema_of_a_body_agrees_with_its_check(name: str, method: str, body: dict[str, Any], fits: bool) -> None:
    """What the schema refuses the check refuses, and the other way round."""
    assert Draft202012Validator(body_schema(RESOURCES[name], method)).is_valid(body) is fits
    if fits:
        check_body(RESOURCES[name], method, body)
    else:
        with pytest.raises(Exception, match="body"):
            check_body(RESOURCES[name], method, body)


def test_an_unknown_method_has_no_schema() -> None:
    """A method that the resource has not is refused."""
    with pytest.raises(UnsupportedMethod, match="tags has no method 'hire'"):
        body_schema(RESOURCES["tags"], "hire")
