"""Filters: each that is declared narrows truthfully, every other is refused before the provider is asked."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from operator import eq, ge, gt, le, lt
from typing import Any, TypeAlias

from polyhire.conformance.offered import offering, where
from polyhire.conformance.provider import Provider
from polyhire.model.resources import RESOURCES

COMPARES: Mapping[str | None, Callable[[str, str], bool]] = {"gt": gt, "gte": ge, "lt": lt, "lte": le, None: eq}
TRIED = 3

Fits: TypeAlias = Callable[[Mapping[str, Any]], bool]


@offering("list")
def test_a_filter_narrows_truthfully(seen: Provider, resource: str) -> None:
    """A filtered list is the full list without the records that don't fit, for every filter and operator."""
    everything = seen.seeds(resource)
    method = seen.capabilities[resource]["methods"]["list"]
    required = {name for alternatives in method["required"] for name in alternatives.split("|")}
    bare = seen.fact(resource, "list", "nothing_by") or ()  # nothing in the simulator has this
    for name, operators in method["filters"].items():
        if name in bare:
            others = seen.seeds(f"{name.removesuffix('_id')}s")[::8]
            assert not any(seen.all(resource, **{name: each["id"]}) for each in others)
            continue
        if not any(values_of(record, name) for record in everything):
            narrows_by_what_is_not_shown(seen, resource, name, operators)
            continue
        for query, fits in tried(everything, name, operators):
            found = seen.all(resource, complete="true", **query)
            assert all(fits(record) for record in found), query
            if name not in required:
                expected = {seen.key(resource, record) for record in everything if fits(record)}
                assert {seen.key(resource, record) for record in found} == expected, query


@where("applications", "list", filtered_by="status")
def test_rejected_applications_are_rejected(seen: Provider) -> None:
    """`status=rejected` finds exactly the applications that say when they were rejected."""
    everything = seen.seeds("applications")
    found = seen.all("applications", fields="id", status="rejected")
    assert {record["id"] for record in found} == {record["id"] for record in everything if record["rejected_at"]}
    hired, active = (seen.all("applications", fields="id", status=word) for word in ("hired", "active"))
    assert hired and active and len(found) + len(hired) + len(active) <= len(everything)


@offering("list")
def test_an_undeclared_filter_is_refused(seen: Provider, resource: str) -> None:
    """A filter that the integration can't apply is refused, naming those it can, before the provider is asked."""
    declared = seen.capabilities[resource]["methods"]["list"]["filters"]
    seen.forget()
    for filter_ in RESOURCES[resource].filters:
        if filter_.name in declared:
            continue
        name = f"{filter_.name}[gte]" if filter_.operators else filter_.name
        query: dict[str, Any] = {name: "2026-01-31"}
        reply = seen.ask("GET", f"/unified/ats/{resource}", **query)
        assert (reply.status, reply.json["code"]) == (400, "unsupported_filter")
        assert all(f"{supported}" in reply.json["message"] for supported in declared)
        assert reply.json["details"]["failures"][0]["path"].startswith(f"query.{filter_.name}")
    assert seen.journal() == []


@offering("list")
def test_a_missing_required_filter_is_named(seen: Provider, resource: str) -> None:
    """A list that needs a filter says so before the provider is asked."""
    required = seen.capabilities[resource]["methods"]["list"]["required"]
    seen.forget()
    reply = seen.ask("GET", f"/unified/ats/{resource}")
    if not required:
        assert reply.status == 200
        return
    assert (reply.status, reply.json["code"]) == (400, "missing_required_query_parameters")
    assert all(name in reply.json["message"] for name in required[0].split("|"))
    assert reply.json["error_insight"]["missing_required_query_parameters"]
    assert seen.journal() == []


def tried(everything: list[dict[str, Any]], name: str, operators: list[str]) -> Iterator[tuple[dict[str, str], Fits]]:
    """A few queries with a filter, and whether a record fits each."""
    values = sorted({value for record in everything for value in values_of(record, name)})
    for value in values[1 :: max(1, len(values) // TRIED)][:TRIED] or values:
        for operator in operators or (None,):
            query = {name if operator is None else f"{name}[{operator}]": value}
            yield query, partial(fits, name, COMPARES[operator], value)


def fits(name: str, compare: Callable[[str, str], bool], value: str, record: Mapping[str, Any]) -> bool:
    """Whether any of the record's values stands so to this one."""
    return any(compare(own, value) for own in values_of(record, name))


def narrows_by_what_is_not_shown(seen: Provider, resource: str, name: str, operators: list[str]) -> None:
    """Records don't show what this filter looks at: then it must tell apart what there is, and make nothing up."""
    everything = {record["id"] for record in seen.seeds(resource)}

    def found(filter_: str, value: str) -> set[str]:
        return {record["id"] for record in seen.all(resource, fields="id", **{filter_: value})}

    for operator in operators:
        past, future = found(f"{name}[{operator}]", "2001-01-01"), found(f"{name}[{operator}]", "2101-01-01")
        assert (past, future) == ((everything, set()) if operator.startswith("gt") else (set(), everything))
    if operators:
        return
    values = RESOURCES[resource].filter(name).values
    values = values or tuple(each["id"] for each in seen.seeds(f"{name.removesuffix('_id')}s")[::8])
    sets = [found(name, value) for value in values]
    assert len({frozenset(each) for each in sets}) > 1, f"{name} tells nothing apart"
    assert seen.capabilities[resource]["methods"]["list"]["required"] or all(each <= everything for each in sets)


def values_of(record: Mapping[str, Any], name: str) -> list[str]:
    """What a record has under the name of a filter: `job_id` is the id of its job, `tag` the names of its tags."""
    own = record.get(name)
    if isinstance(own, str):
        return [own]
    if name in ("email", "tag"):
        key = {"email": "email", "tag": "name"}[name]
        return [each[key] for each in record[f"{name}s"] if each[key]]
    noun = "current_stage" if name == "stage_id" else name.removesuffix("_id")
    found = record[f"{noun}s"] if f"{noun}s" in record else [record.get(noun)]
    return [each["id"] for each in found if each and each["id"]]
