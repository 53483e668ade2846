"""The JSON Schemas for editors."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from polyhire.manifest.document import read
from polyhire.manifest.schemas import as_text, schemas, write_schemas
from tests.manifest.conftest import ACME

COMMITTED = Path(__file__).parents[2] / "schema"


@pytest.mark.parametrize("name", sorted(schemas()))
def test_the_committed_schemas_are_fresh(name: str) -> None:
    """What stands in `schema/` is what the models make: `polyhire schema` writes it anew."""
    assert (COMMITTED / name).read_text(encoding="utf-8") == as_text(schemas()[name])


def test_schemas_are_written(tmp_path: Path) -> None:
    """Each into its file, in a folder that is made when it is not there."""
    written = write_schemas(tmp_path / "schema")
    assert sorted(file.name for file in written) == [
        "conformance.json",
        "endpoints.json",
        "integration.json",
        "resource.json",
    ]
    assert all(json.loads(file.read_text())["title"] for file in written)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("integration.json", "integration.yaml"),
        ("resource.json", "resources/candidates.yaml"),
        ("resource.json", "resources/jobs.yaml"),
        ("endpoints.json", "endpoints.yaml"),
    ],
)
def test_a_sound_file_fits_its_schema(name: str, file: str) -> None:
    """What loads without mistakes is not underlined in an editor."""
    Draft202012Validator.check_schema(schemas()[name])
    assert errors(name, read(ACME / file, file)[0].data) == []


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("integration.json", {"name": "Acme", "dcos": "x"}),
        ("integration.json", {**read(ACME / "integration.yaml", "x")[0].data, "check": {"reqest": "GET /"}}),
        ("integration.json", {**read(ACME / "integration.yaml", "x")[0].data, "check": "FETCH /"}),
        ("resource.json", {"list": {"request": "GET /", "querry": {}}}),
        ("resource.json", {"list": {"request": "people"}}),
        ("resource.json", {"lits": {"request": "GET /"}}),
        ("endpoints.json", {"people": {"list": {"request": 5}}}),
    ],
)
def test_a_broken_file_is_underlined(name: str, data: Any) -> None:
    """Unknown keys, malformed lines and wrong types do not fit."""
    assert errors(name, data)


def errors(name: str, data: Any) -> list[str]:
    return [error.message for error in Draft202012Validator(schemas()[name]).iter_errors(data)]
