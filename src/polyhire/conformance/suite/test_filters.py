"""Filters: each that is declared narrows truthfully, every other is refused before the provider is asked."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from operator import eq, ge, gt, le, lt
from typing import Any, TypeAlias

from polyhire.conformance.offered import offering, requiring, where
from polyhire.conformance.provider import Provider, Query, Record
from polyhire.model.resources import RESOURCES

COMPARES: Mapping[str | None, Callable[[str, str], bool]] = {"gt": gt, "gte": ge, "lt": lt, "lte": le, None: eq}
TRIED = 2
MANY = 60
"""Owners that are asked for until two of them have different records."""

EDGE = 8
"""A moment is compared near the end of what there is: an eighth of the records fits."""

Fits: TypeAlias = Callable[[Mapping[str, Any]], bool]


@offering("list")
def test_a_filter_narrows_truthfully(seen: Provider, resource: str) -> None:
    """A filtered list is the full list without the records that don't fit, for every filter and operator."""
    method = seen.capabilities[resource]["methods"]["list"]
    required = {name for group in method["required"] for name in group.split("|")}
    bare = seen.fact(resource, "list", "nothing_by") or ()  # nothing in the simulator has this
    for name, operators in method["filters"].items():
        if name in bare:
            assert not any(seen.all(resource, fields="id", **{name: value}) for value in seen.ids(name))
        elif name in required:
            narrows_to_its_own(seen, resource, name)
        elif any(values_of(record, name) for record in seen.seeds(resource)):
            for query in seen.queries(resource)[:1]:
                narrows_by_what_is_shown(seen, resource, name, operators, query)
        else:
            narrows_by_what_is_not_shown(seen, resource, name, operators)


def narrows_by_what_is_shown(seen: Provider, resource: str, name: str, operators: list[str], base: Query) -> None:
    """What a list finds by this filter is what of the list without it fits."""
    everything = seen.all(resource, complete="true", **base) if base else seen.seeds(resource)
    for query, fits in tried(everything, name, operators):
        found = seen.all(resource, exclude_fields="remote_data", complete="true", **base, **query)
        expected = {seen.key(resource, record) for record in everything if fits(record)}
        assert expected, f"nothing fits {query}"
        assert {seen.key(resource, record) for record in found} == expected, query


def narrows_to_its_own(seen: Provider, resource: str, name: str) -> None:
    """A list that is asked for by this filter alone holds what belongs to it, and is not the same for all."""
    shown = [value for record in seen.seeds(resource)[:MANY] for value in values_of(record, name)]
    different = set()
    for value in dict.fromkeys([*shown, *seen.ids(name, MANY)]):
        records = seen.all(resource, exclude_fields="remote_data", **{name: value})
        assert all(value in (values_of(record, name) or [value]) for record in records), (name, value)
        different.add(tuple(record["id"] for record in records))
        if len(different) > 1 and any(different):
            return
    raise AssertionError(f"{resource} by {name} are the same for all, or none")


def narrows_by_what_is_not_shown(seen: Provider, resource: str, name: str, operators: list[str]) -> None:
    """Records don't show what this filter looks at: then it must tell apart what there is, and make nothing up."""
    base = seen.queries(resource)[0]
    whole = seen.all(resource, fields="id", **base) if base else seen.seeds(resource)
    everything, nothing = frozenset(record["id"] for record in whole), frozenset[str]()

    def found(filter_: str, value: str) -> frozenset[str]:
        listed = frozenset(record["id"] for record in seen.all(resource, fields="id", **base, **{filter_: value}))
        assert listed <= everything, f"{filter_}={value} finds what the whole list has not"
        return listed

    for operator in operators:
        past, future = found(f"{name}[{operator}]", "2001-01-01"), found(f"{name}[{operator}]", "2101-01-01")
        assert (past, future) == ((everything, nothing) if operator.startswith("gt") else (nothing, everything))
    if operators:
        return
    values = RESOURCES[resource].filter(name).values or seen.ids(name)
    sets = set()
    for value in values:
        sets.add(found(name, value))
        if len(sets) > 1:
            return
    raise AssertionError(f"{name} tells nothing apart")


@where("applications", "list", filtered_by="status")
def test_rejected_applications_are_rejected(seen: Provider) -> None:
    """`status=rejected` finds the applications that say when they were rejected, `hired` and `active` find others."""
    everything = seen.seeds("applications")
    found, hired, active = (
        {record["id"] for record in seen.all("applications", fields="id", status=word)}
        for word in ("rejected", "hired", "active")
    )
    if "rejected_at" in seen.capabilities["applications"]["fields"]:
        assert found == {record["id"] for record in everything if record["rejected_at"]}
    assert hired and active and found
    assert not hired & active and not hired & found and not active & found


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


@requiring("list")
def test_a_missing_required_filter_is_named(seen: Provider, resource: str) -> None:
    """A list that needs a filter says so before the provider is asked."""
    required = seen.capabilities[resource]["methods"]["list"]["required"]
    seen.forget()
    reply = seen.ask("GET", f"/unified/ats/{resource}")
    assert (reply.status, reply.json["code"]) == (400, "missing_required_query_parameters")
    assert all(name in reply.json["message"] for name in required[0].split("|"))
    assert reply.json["error_insight"]["missing_required_query_parameters"]
    assert seen.journal() == []


def tried(everything: list[Record], name: str, operators: list[str]) -> Iterator[tuple[dict[str, str], Fits]]:
    """A few queries with a filter, and whether a record fits each: values that few records have."""
    count = Counter(value for record in everything for value in values_of(record, name))
    if not operators:
        rare = [value for value, _ in sorted(count.items(), key=lambda each: (each[1], each[0]))]
        for value in (rare[0], rare[len(rare) // 2])[: min(TRIED, len(rare))]:
            yield {name: value}, partial(fits, name, eq, value)
        return
    moments = sorted(count.elements())
    for operator in operators:
        edge = max(1, len(moments) // EDGE)
        value = moments[-1 - edge] if operator.startswith("gt") else moments[edge]
        if value in (moments[0], moments[-1]):  # all of one moment
            yield {f"{name}[{operator[:2]}e]": value}, partial(fits, name, COMPARES[f"{operator[:2]}e"], value)
        else:
            yield {f"{name}[{operator}]": value}, partial(fits, name, COMPARES[operator], value)


def fits(name: str, compare: Callable[[str, str], bool], value: str, record: Mapping[str, Any]) -> bool:
    """Whether any of the record's values stands so to this one."""
    return any(compare(own, value) for own in values_of(record, name))


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
