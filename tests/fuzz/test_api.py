"""Every operation of our own OpenAPI document, called with what the document allows and with what it does not."""

from collections.abc import Iterator
from typing import Any, TypeAlias

import pytest
import requests
import schemathesis
from hypothesis import given
from hypothesis import strategies as some
from schemathesis import APIOperation, Case, GenerationMode, Response
from schemathesis.checks import CheckContext
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from polyhire.api.openapi import document, supports_of
from polyhire.conformance.servers import Servers
from tests.fuzz.answers import CATALOG
from tests.fuzz.profile import profile

AnyCase: TypeAlias = Case[Any]
SCHEMA = schemathesis.openapi.from_dict(document(supports_of(CATALOG)))
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)]
RESHAPING = {"response_format", "key_by", "fields", "exclude_fields"}
"""Parameters that make an answer another than its schema says, as their descriptions tell."""
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
every_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)


@pytest.fixture(scope="module")
def session(servers: Servers) -> Iterator[requests.Session]:
    """A connection to the API, with a good token and nothing of this machine's proxies."""
    with requests.Session() as opened:
        opened.trust_env = False
        opened.headers["Authorization"] = f"Bearer {servers.token}"
        yield opened


def excused_server_errors(_: CheckContext, response: Response, __: AnyCase) -> None:
    """A 5xx is the provider's, and says so."""
    if response.status_code >= 500:
        told = response.json()
        assert response.status_code in (502, 503, 504), told
        assert told["is_remote_error"], told


CHECKS = [
    excused_server_errors,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@every_operation
@given(data=some.data())
@profile(6, deep=200)
def test_it_answers_as_documented(
    operation: APIOperation[Any, Any, Any, Any], data: some.DataObject, servers: Servers, session: requests.Session
) -> None:
    """Whatever is sent, the status, the content type, the headers and the body are documented ones."""
    mode = data.draw(some.sampled_from(MODES))
    case = data.draw(operation.as_strategy(generation_mode=mode))
    if any(parameter.name == "integrated_account_id" for parameter in operation.query):
        slug = data.draw(some.sampled_from(servers.chosen.slugs))
        case.query = {**(case.query or {}), "integrated_account_id": servers.accounts(slug).own}
        if mode is GenerationMode.POSITIVE:
            offer_only(case, slug)
    response = case.call(base_url=servers.url, session=session)
    reshaped = response.status_code < 400 and RESHAPING & (case.query or {}).keys()
    case.validate_response(response, checks=CHECKS[:1] if reshaped else CHECKS)


def offer_only(case: AnyCase, slug: str) -> None:
    """Take out what the document says the integration has not, and cursors that it never gave."""
    raw = case.operation.definition.raw
    filters = {each["name"]: each["x-integrations"] for each in raw["parameters"] if "x-integrations" in each}
    made_up = {"next_cursor", "key_by", "fields", "exclude_fields"}
    case.query = {
        name: value
        for name, value in (case.query or {}).items()
        if name not in made_up and slug in filters.get(name, [slug])
    }
    if isinstance(case.body, dict):
        schema = raw.get("requestBody", {}).get("content", {}).get(case.media_type, {}).get("schema", {})
        written = {name: each.get("x-integrations", []) for name, each in schema.get("properties", {}).items()}
        case.body = {name: value for name, value in case.body.items() if slug in written.get(name, [slug])}
