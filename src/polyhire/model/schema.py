"""The model as JSON Schema (2020-12), for the API reference and for clients' generators.

Enums are open sets: plain texts whose known words stand in `x-known-values`, so that a client generated
today reads a word that a provider invents tomorrow.
"""

from collections.abc import Callable, Iterable
from typing import Any

from polyhire.model.body import body_choices, body_fields, fields_that_tell
from polyhire.model.record import CUSTOM_FIELDS, REMOTE_DATA, Field, Method, Resource, Shape
from polyhire.model.resources import RESOURCES
from polyhire.model.shapes import SHAPES

Schema = dict[str, Any]
_Refer = Callable[[Shape | Resource], Schema]

_TYPES: dict[str, Schema] = {
    "id": {"type": "string"},
    "text": {"type": "string"},
    "html": {"type": "string"},
    "boolean": {"type": "boolean"},
    "boolean_text": {"type": "string", "pattern": "^(true|false)$"},
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
    "datetime": {"type": "string", "format": "date-time"},
    "date": {"type": "string", "format": "date"},
    "enum": {"type": "string"},
}


def json_schema(resource: Resource) -> Schema:
    """The schema of a record, complete in itself; `remote_data` may be missing, every other field is there."""
    definitions: dict[str, Schema] = {}

    def refer(shape: Shape | Resource) -> Schema:
        name = component_name(shape)
        if name not in definitions:
            definitions[name] = {}
            definitions[name] = _object_schema(shape, refer)
        return {"$ref": f"#/$defs/{name}"}

    schema = _object_schema(resource, refer)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "$defs": definitions}


def components() -> dict[str, Schema]:
    """The schemas of all shapes and records by name, for the components of an OpenAPI 3.1 document."""

    def refer(shape: Shape | Resource) -> Schema:
        return {"$ref": f"#/components/schemas/{component_name(shape)}"}

    shapes: Iterable[Shape | Resource] = (*SHAPES, *RESOURCES.values())
    return {component_name(shape): _object_schema(shape, refer) for shape in shapes}


def component_name(shape: Shape | Resource) -> str:
    """The name of a schema among the components: `Email`, `JobFormField`."""
    return shape.title if isinstance(shape, Resource) else shape.name


def example_of(shape: Shape | Resource) -> dict[str, Any]:
    """One record, or one shape, with the example of every field."""
    fields = (*shape.fields, CUSTOM_FIELDS) if isinstance(shape, Resource) else shape.fields
    return {field.name: _example_value(field) for field in fields}


def body_schema(resource: Resource, method: str) -> Schema:
    """The schema of the body of a method; raises UnsupportedMethod when the resource has no such method."""
    declared = resource.method(method)
    fields = [field for field in body_fields(resource, declared) if not field.read_only]
    schema = _body_object(fields, declared.doc)
    choices = body_choices(resource, declared)
    if choices:
        schema["allOf"] = [{"anyOf": [{"required": [name]} for name in choice]} for choice in choices]
    if declared.name == "create":
        schema["examples"] = [_create_example(resource, declared)]
    return schema


def _object_schema(shape: Shape | Resource, refer: _Refer) -> Schema:
    fields = (*shape.fields, CUSTOM_FIELDS) if isinstance(shape, Resource) else shape.fields
    schema: Schema = {
        "type": "object",
        "description": shape.doc,
        "properties": {field.name: _field_schema(field, refer) for field in fields},
        "required": [field.name for field in fields],
        "examples": [example_of(shape)],
    }
    if isinstance(shape, Resource):
        schema["properties"][REMOTE_DATA.name] = {"description": REMOTE_DATA.doc, "examples": [REMOTE_DATA.example]}
    return schema


def _field_schema(field: Field, refer: _Refer) -> Schema:
    if field.kind == "json":
        return {"type": "object", **_annotations(field)}
    if field.shape is None:
        schema = dict(_TYPES[field.kind])
        return {**schema, "type": [schema["type"], "null"], **_annotations(field)}
    if field.kind == "list":
        return {"type": "array", "items": refer(field.shape), **_annotations(field)}
    return {"anyOf": [refer(field.shape), {"type": "null"}], **_annotations(field)}


def _annotations(field: Field) -> Schema:
    annotations: Schema = {"description": field.doc}
    if field.example is not None:
        annotations["examples"] = [field.example]
    if field.values:
        annotations["x-known-values"] = list(field.values)
    return annotations


def _body_object(fields: Iterable[Field], doc: str) -> Schema:
    fields = list(fields)
    required = [field.name for field in fields if field.required]
    return {
        "type": "object",
        "description": doc,
        "properties": {field.name: _body_field(field) for field in fields},
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _body_field(field: Field) -> Schema:
    nullable = [] if field.required else ["null"]
    if field.kind == "list":
        return {"type": ["array", *nullable], "items": _body_shape(field), **_annotations(field)}
    if field.shape is not None:
        return {**_body_shape(field), "type": ["object", *nullable], **_annotations(field)}
    if field.kind == "json":
        return {"type": ["object", *nullable], **_annotations(field)}
    schema = dict(_TYPES[field.kind])
    types = ["string", "integer"] if field.kind == "id" else [schema["type"]]
    if field.is_base64:
        schema["contentEncoding"] = "base64"
    return {**schema, "type": [*types, *nullable], **_annotations(field)}


def _body_shape(field: Field) -> Schema:
    shape = field.shape
    assert shape is not None
    fields = list(shape.fields)
    if isinstance(shape, Resource):
        named = [field for field in fields if field.kind == "id" or not field.read_only]
        fields = [*named, *shape.write_fields, CUSTOM_FIELDS]
    schema = _body_object(fields, shape.doc)
    telling = fields_that_tell(shape)
    if len(telling) == 1:
        schema["required"] = [telling[0]]
    else:
        schema["minProperties"] = 1
    return schema


def _create_example(resource: Resource, method: Method) -> dict[str, Any]:
    fields = (*resource.fields, *resource.write_fields)
    singles = [field for field in fields if not field.read_only and not isinstance(field.shape, Resource)]
    chosen = {name for choice in body_choices(resource, method) for name in choice[1:]}
    return {field.name: _example_value(field) for field in singles if field.name not in chosen}


def _example_value(field: Field) -> Any:
    if field.shape is None:
        return field.example
    example = example_of(field.shape)
    return [example] if field.kind == "list" else example
