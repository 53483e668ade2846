"""The vocabulary itself: what is declared, and how a wrong name is answered."""

import pytest

from polyhire.errors import InvalidRequest, UnknownResource, UnsupportedFilter, UnsupportedMethod
from polyhire.model.record import Field, Resource, Shape
from polyhire.model.resources import CUSTOM_METHODS, RESOURCES, resource
from polyhire.model.shapes import FILE, SHAPES

FIELDS = {
    "activities": "id candidate actor activity_type from to cc subject body visibility updated_at created_at",
    "applications": "id candidate job applied_at rejected_at source credited_to current_stage reject_reason "
    "attachments created_at updated_at",
    "attachments": "id file_name file_url candidate application job attachment_type created_at updated_at",
    "candidates": "id first_name last_name name company title last_interaction_at is_private can_email locations "
    "phones emails urls tags applications attachments created_at updated_at",
    "departments": "id name parent status created_at updated_at",
    "eeocs": "id candidate submitted_at race gender veteran_status disability_status created_at updated_at",
    "interviews": "id application candidate job_interview_stage organizer interviewers location start_at end_at "
    "status created_at updated_at",
    "job_form_fields": "id name job label index is_required answer_visibility description type options group_id "
    "group_name",
    "job_interview_stages": "id name status job position created_at updated_at",
    "jobs": "id name description code requisition_id status locations job_posting_urls confidential departments teams "
    "offices hiring_managers recruiters tags is_remote job_type job_position_level compensation created_at "
    "updated_at closed_at opened_at",
    "offers": "id application candidate job creator closed_at sent_at start_date status created_at updated_at",
    "offices": "id name parent location is_remote created_at updated_at",
    "organizations": "id name created_at updated_at",
    "reject_reasons": "id name created_at updated_at",
    "scorecards": "id application candidate interview interviewer submitted_at overall_recommendation form_values "
    "created_at updated_at",
    "tags": "id name created_at updated_at",
    "users": "id first_name last_name name emails disabled access_role created_at updated_at",
}
COUNTS = {
    "activities": 12,
    "applications": 12,
    "attachments": 9,
    "candidates": 18,
    "departments": 6,
    "eeocs": 9,
    "interviews": 12,
    "job_form_fields": 12,
    "job_interview_stages": 7,
    "jobs": 23,
    "offers": 11,
    "offices": 7,
    "organizations": 4,
    "reject_reasons": 4,
    "scorecards": 10,
    "tags": 4,
    "users": 9,
}
SHAPE_FIELDS = {
    "Email": "email type is_primary",
    "Phone": "number extension type",
    "Url": "url type",
    "Location": "name street_1 street_2 city state postal_code country type",
    "Compensation": "min max currency interval text",
    "IdReference": "id",
    "Reference": "id name",
    "TagReference": "id name",
    "PersonReference": "id name email",
    "Actor": "id name type",
    "Participant": "email name",
    "CreditedUser": "id first_name last_name name emails",
    "FieldOption": "id label value",
    "FormValue": "label value type",
}
TIMES = "created_at updated_at"
FILTERS = {
    "activities": f"{TIMES} candidate_id application_id job_id",
    "applications": f"{TIMES} job_id candidate_id stage_id status",
    "attachments": f"{TIMES} candidate_id application_id job_id",
    "candidates": f"{TIMES} job_id stage_id email tag name",
    "departments": f"{TIMES} name",
    "interviews": f"{TIMES} candidate_id application_id job_id",
    "job_form_fields": "job_id",
    "job_interview_stages": f"{TIMES} job_id",
    "jobs": f"{TIMES} status department_id office_id",
    "offers": f"{TIMES} candidate_id application_id job_id",
    "offices": f"{TIMES} name",
    "scorecards": f"{TIMES} candidate_id application_id job_id",
    "users": f"{TIMES} email",
}
STANDARD = ("list", "get", "create", "update", "delete")


def fields_within(shape: Shape | Resource) -> list[Field]:
    """The fields of a shape and of everything in it."""
    return [inner for field in shape.fields for inner in (field, *(fields_within(field.shape) if field.shape else ()))]


def test_the_resources_are_the_seventeen() -> None:
    """There are seventeen resources, under their own names."""
    assert list(RESOURCES) == sorted(COUNTS)
    assert all(name == declared.name for name, declared in RESOURCES.items())


@pytest.mark.parametrize("name", COUNTS)
def test_a_resource_has_its_number_of_fields(name: str) -> None:
    """The field counts are fixed."""
    assert len(RESOURCES[name].fields) == COUNTS[name]


@pytest.mark.parametrize("name", FIELDS)
def test_a_resource_has_its_fields_in_order(name: str) -> None:
    """The field names and their order are fixed."""
    assert RESOURCES[name].field_names == tuple(FIELDS[name].split())


def test_the_shapes_have_their_fields() -> None:
    """The shared shapes are fixed too."""
    assert {shape.name: " ".join(field.name for field in shape.fields) for shape in SHAPES} == SHAPE_FIELDS


@pytest.mark.parametrize("name", COUNTS)
def test_a_resource_has_its_filters(name: str) -> None:
    """The filters are those of the model, times by comparison only."""
    declared = RESOURCES[name].filters
    assert [filter_.name for filter_ in declared] == FILTERS.get(name, TIMES).split()
    for filter_ in declared:
        is_time = filter_.name in TIMES.split()
        assert filter_.operators == (("gt", "gte", "lt", "lte") if is_time else ())


@pytest.mark.parametrize("name", COUNTS)
def test_a_resource_has_its_methods(name: str) -> None:
    """The five standard methods come first, then the custom ones."""
    custom = {
        "applications": ("move-stage", "reject", "unreject", "hire"),
        "attachments": ("download",),
        "candidates": ("add-tag", "remove-tag"),
    }
    assert RESOURCES[name].method_names == STANDARD + custom.get(name, ())


def test_custom_methods_declare_their_parameters() -> None:
    """Each custom method has its parameters, the needed ones marked."""
    parameters = {
        method.name: " ".join(field.name + ("" if field.required else "?") for field in method.parameters)
        for methods in CUSTOM_METHODS.values()
        for method in methods
    }
    assert parameters == {
        "move-stage": "application_id stage_id user_id?",
        "reject": "application_id reason_id user_id? notes?",
        "unreject": "application_id user_id?",
        "hire": "application_id start_date?",
        "download": "id",
        "add-tag": "candidate_id tag_id? tag?",
        "remove-tag": "candidate_id tag_id? tag?",
    }
    assert RESOURCES["attachments"].method("download").is_binary
    assert RESOURCES["candidates"].method("add-tag").choices == (("tag_id", "tag"),)


def test_every_field_is_documented() -> None:
    """Fields, filters and methods have a sentence each, and single values an example."""
    for declared in RESOURCES.values():
        for field in fields_within(declared):
            assert field.doc.endswith("."), f"{declared.name}.{field.name}"
            assert field.example is not None or field.shape, f"{declared.name}.{field.name}"
        assert all(filter_.doc.endswith(".") for filter_ in declared.filters)
        assert all(method.doc.endswith(".") for method in declared.methods)


def test_an_example_is_a_known_value() -> None:
    """Where words are known, the example is one of them."""
    for declared in RESOURCES.values():
        for field in fields_within(declared):
            assert not field.values or field.example in field.values, f"{declared.name}.{field.name}"


def test_only_fields_with_a_shape_hold_objects() -> None:
    """References, objects and lists have a shape, nothing else does."""
    shapes: list[Shape | Resource] = [*RESOURCES.values(), FILE]
    for shape in shapes:
        for field in fields_within(shape):
            assert (field.shape is not None) == (field.kind in ("reference", "object", "list")), field.name


def test_an_unknown_resource_is_answered_with_the_nearest() -> None:
    """A mistyped resource is named, with the nearest one and the list."""
    with pytest.raises(UnknownResource, match=r"'candidate'; did you mean 'candidates'\?.*activities, applications"):
        resource("candidate")
    assert resource("jobs") is RESOURCES["jobs"]


def test_an_unknown_part_is_answered_with_the_nearest() -> None:
    """A mistyped field, filter or method says what there is."""
    candidates = RESOURCES["candidates"]
    with pytest.raises(InvalidRequest, match=r"candidates has no field 'frist_name'; did you mean 'first_name'\?"):
        candidates.field("frist_name")
    with pytest.raises(
        UnsupportedFilter, match=r"candidates has no filter 'emial'; did you mean 'email'\? It has: cre"
    ):
        candidates.filter("emial")
    with pytest.raises(UnsupportedMethod, match=r"candidates has no method 'fire'. It has: add-tag, create") as refusal:
        candidates.method("fire")
    assert refusal.value.offered == candidates.method_names


def test_a_part_is_found_by_name() -> None:
    """Fields (custom_fields among them), filters and methods are found by name."""
    candidates = RESOURCES["candidates"]
    assert candidates.field("emails").kind == "list"
    assert candidates.field("custom_fields").kind == "json"
    assert candidates.filter("email").kind == "text"
    assert candidates.method("create").is_write
    assert RESOURCES["job_form_fields"].title == "JobFormField"
