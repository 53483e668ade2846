"""Resources, their methods and lookups, as data."""

from typing import Any

import pytest
from pydantic import ValidationError

from polyhire.manifest.resource import Lookup, Method, Pagination, Request, Resource


def method(**parts: Any) -> Method:
    return Method.model_validate(parts)


def refused(kind: Any, **parts: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        kind.model_validate(parts)
    return str(caught.value.errors()[0]["msg"])


def test_a_method_is_a_request_or_steps() -> None:
    """One of the two, and with steps nothing of a request beside them."""
    step = {"request": "GET /a"}
    assert refused(Method) == "a method has either `request` or `steps`"
    assert refused(Method, request="GET /a", steps=[step]) == "a method has either `request` or `steps`"
    for part in (
        {"items": "body"},
        {"item": "body"},
        {"query": {"a": "b"}},
        {"headers": {"a": "b"}},
        {"json": {"a": 1}},
    ):
        assert refused(Method, steps=[step], **part) == "with `steps`, what belongs to a request stands in its step"
    assert "at most 3" in refused(Method, steps=[step] * 4)


def test_a_request_has_one_body() -> None:
    """And its kind is known; an empty one is a body too."""
    assert refused(Request, json={}, form={}) == "a request has one body: json, form, multipart or xml"
    for kind in ("json", "form", "multipart"):
        assert Request.model_validate({kind: {"a": "b"}}).body_kind == kind
    assert Request.model_validate({"xml": {"a": "b"}}).body_kind == "xml"
    assert Request.model_validate({"json": {}}).body_kind == "json"
    assert Request().body_kind is None


def test_asks_are_all_of_the_request_side() -> None:
    """The line, query, headers and body, and what decides on steps; nothing of the answer side."""
    found = method(
        steps=[
            {"request": "GET /{a}", "query": {"q": "b"}, "headers": {"h": "c"}, "when": "d", "each": "e", "items": "z"},
            {"request": "POST /", "json": {"x": ["f", 1]}},
            {"request": "POST /", "form": {"x": "g"}, "item": "z"},
        ]
    )
    assert [expression.source for expression in found.asks] == ["a", "b", "c", "d", "e", "f", "g"]
    assert len(found.sequence) == 3


def test_a_method_without_steps_is_one() -> None:
    """The engine sees steps everywhere."""
    (step,) = method(request="GET /a", items="body", json={"a": "b"}).sequence
    assert (step.request.text, step.items and step.items.source, step.body_kind, step.name) == (
        "/a",
        "body",
        "json",
        None,
    )


def test_filters_are_what_is_read_of_the_query() -> None:
    """Plain filters have no operators; the ones that are read with operators honour those."""
    found = method(
        request="GET /a/{query.job_id}",
        query={"e": "query.email", "s": "query.created_at.gte", "t": "query.created_at.lt", "u": "query.updated_at"},
        items="query.tag",
    )
    assert found.filters == {
        "job_id": None,
        "email": None,
        "created_at": frozenset({"gte", "lt"}),
        "updated_at": None,
    }
    whole = method(request="GET /a", query={"a": "query.created_at.gte", "b": "$keys(query.created_at)"})
    assert whole.filters == {"created_at": None}


def test_written_is_what_is_read_of_the_body() -> None:
    """With the keys inside; None when the whole body goes."""
    found = method(request="POST /", json={"a": "body.name", "b": "body.emails.email", "c": "body.emails.type"})
    assert found.written == {"name": True, "emails": {"email": True, "type": True}}
    assert method(request="POST /", json="body").written is None
    assert method(request="POST /", json="$").written is None
    assert method(request="POST /", json={"a": "1"}).written == {}
    assert method(request="POST /", json={"a": "body.tags", "b": "body.tags.name"}).written == {"tags": True}


def test_pagination_goes_on_one_way() -> None:
    """Either a token or an address."""
    assert refused(Pagination) == "pagination has either `next` or `next_url`"
    assert refused(Pagination, next="a", next_url="b") == "pagination has either `next` or `next_url`"
    assert method(request="GET /", pagination="none").pagination == "none"


def test_a_resource_offers_its_methods_by_their_names() -> None:
    """Names are those of the API, with hyphens."""
    get = {"request": "GET /{id}"}
    resource = Resource.model_validate(
        {"get": get, "move-stage": {"request": "POST /"}, "absent": {"list": "There is none"}}
    )
    assert list(resource.methods) == ["get", "move-stage"]
    assert resource.absent_reasons == {"list": "There is none"}
    assert Resource.model_validate({"absent": "Acme has none"}).absent_reasons == {}


def test_a_reason_is_a_sentence() -> None:
    """One word explains nothing."""
    assert refused(Resource, absent="no") == "the reason is a sentence, not 'no'"
    assert refused(Resource, absent={"tags": "none"}) == "the reason is a sentence, not 'none'"


def test_a_lookup_says_what_joins_it() -> None:
    """Without items, by and on it is no join; its name is one that an expression can say."""
    assert refused(Lookup, request="GET /", items="a", by="b") == "Field required"
    lookup = {"request": "GET /", "items": "a", "by": "b", "on": "c"}
    assert Resource.model_validate({"lookups": {"users_2": lookup}}).lookups["users_2"].by.source == "b"
    assert "should match" in refused(Resource, lookups={"Users-2": lookup})
    assert "at least 1" in refused(Lookup, **lookup, keep={"minutes": 5, "only": []})
